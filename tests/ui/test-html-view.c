/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The walls around the web view, one by one: documents come here that were not cleaned, as if the
 * first wall had fallen, and nothing may leave the machine, run, or navigate. */

#include <gtk/gtk.h>
#include <string.h>

#include "pb-document.h"
#include "pb-locked-web.h"
#include "pb-test.h"

typedef struct {
  char *dir;
  GtkWidget *window;
  PbLockedWeb *web;
  GSocketService *server;
  guint16 port;
  guint connections;
  guint loaded;
  char *clicked;
} Fixture;

static gboolean
incoming_cb (GSocketService *server,
             GSocketConnection *connection,
             GObject *source,
             Fixture *fixture) {
  fixture->connections++;
  return TRUE;
}

static void
loaded_cb (Fixture *fixture) {
  fixture->loaded++;
}

static void
clicked_cb (Fixture *fixture, const char *uri) {
  g_free (fixture->clicked);
  fixture->clicked = g_strdup (uri);
}

static void
set_up (Fixture *fixture, gconstpointer unused) {
  fixture->dir = pb_test_make_dir ();
  fixture->server = g_socket_service_new ();
  fixture->port =
    g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (fixture->server), NULL, NULL);
  g_assert_cmpuint (fixture->port, !=, 0);
  g_signal_connect (fixture->server, "incoming", G_CALLBACK (incoming_cb), fixture);

  fixture->web = PB_LOCKED_WEB (pb_locked_web_new (fixture->dir));
  g_signal_connect_swapped (fixture->web, "loaded", G_CALLBACK (loaded_cb), fixture);
  g_signal_connect_swapped (fixture->web, "link-clicked", G_CALLBACK (clicked_cb), fixture);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 600, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->web));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer unused) {
  GtkWidget *web = GTK_WIDGET (fixture->web);

  g_object_add_weak_pointer (G_OBJECT (web), (gpointer *) &web);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  pb_test_pass_time (50);
  g_assert_null (web);
  g_socket_service_stop (fixture->server);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->server));
  g_object_unref (fixture->server);
  g_free (fixture->clicked);
  pb_test_remove_dir (fixture->dir);
}

static gboolean
is_loaded (gpointer data) {
  return ((Fixture *) data)->loaded > 0;
}

static void
show (Fixture *fixture, const char *html, PbMessage *message) {
  fixture->loaded = 0;
  pb_locked_web_show (fixture->web, html, message);
  pb_test_until (is_loaded, fixture);
}

static gboolean
ask (Fixture *fixture, const char *script) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_locked_web_ask_async (fixture->web, script, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gboolean answer = pb_locked_web_ask_finish (fixture->web, result, &error);
  g_assert_no_error (error);
  return answer;
}

static void
test_shows (Fixture *fixture, gconstpointer unused) {
  show (fixture, "<!DOCTYPE html><p id=x>Good <b>morning</b></p>", NULL);
  g_assert_true (ask (fixture, "document.getElementById ('x').textContent === 'Good morning'"));
  g_assert_false (ask (fixture, "document.body.textContent.includes ('evening')"));

  show (fixture, "<!DOCTYPE html><p id=x>Good evening</p>", NULL);
  g_assert_true (ask (fixture, "document.body.textContent.includes ('evening')"));
}

/* Everything that is known to make a browser open a connection. */
static const char *const ways_out[] = {
  "<img src='%s/a.png'>",
  "<img srcset='%s/a.png 1x, %s/b.png 2x'>",
  "<picture><source srcset='%s/a.webp'><img src='%s/a.png'></picture>",
  "<img loading=eager decoding=sync src='%s/a.png' width=1 height=1>",
  "<img lowsrc='%s/a.png' dynsrc='%s/a.avi' longdesc='%s/d'>",
  "<image src='%s/a.png'>",
  "<link rel=stylesheet href='%s/a.css'>",
  "<link rel=preload as=image href='%s/a.png'>",
  "<link rel=modulepreload href='%s/a.js'>",
  "<link rel=prefetch href='%s/a'>",
  "<link rel=prerender href='%s/a'>",
  "<link rel=preconnect href='%s'>",
  "<link rel=dns-prefetch href='%s'>",
  "<link rel=icon href='%s/favicon.ico'>",
  "<link rel=manifest href='%s/m.json'>",
  "<link rel=apple-touch-icon href='%s/t.png'>",
  "<style>@import url('%s/a.css'); body { background: url('%s/bg.png'); }</style><p>x",
  "<style>@import '%s/a.css' screen;</style><p>x",
  "<style>@font-face { font-family: f; src: url('%s/f.woff'); } p { font-family: f; }</style><p>x",
  "<style>p::before { content: url('%s/c.png'); }</style><p>x",
  "<style>li { list-style-image: url('%s/l.png'); }</style><ul><li>x</ul>",
  "<style>p { cursor: url('%s/c.cur'), auto; border-image: url('%s/b.png') 9; }</style><p>x",
  "<style>p { background: image-set('%s/1.png' 1x, url('%s/2.png') 2x); }</style><p>x",
  "<style>p { mask: url('%s/m.svg#m'); filter: url('%s/f.svg#f'); }</style><p>x",
  "<style>p { b\\61 ckground: u\\72l(%s/e.png); }</style><p>x",
  "<style>p { --x: url('%s/v.png'); background: var(--x); }</style><p>x",
  "<p style='background-image: url(%s/bg.png)'>x",
  "<p style='background: url(//127.0.0.1/bg.png), url(\"%s/bg2.png\")'>x",
  "<p style='shape-outside: url(%s/s.png); float: left'>x",
  "<body background='%s/bg.png'>x",
  "<table background='%s/t.png'><tr><td background='%s/td.png'>x</table>",
  "<iframe src='%s/frame'></iframe>",
  "<iframe srcdoc=\"<img src='%s/in.png'>\"></iframe>",
  "<frameset><frame src='%s/f'></frameset>",
  "<object data='%s/object'></object>",
  "<object classid='%s/c' codebase='%s/'><param name=movie value='%s/p.swf'></object>",
  "<embed src='%s/embed'>",
  "<applet code=x archive='%s/a.jar'></applet>",
  "<video src='%s/v.mp4' poster='%s/p.png' autoplay></video>",
  "<video autoplay><source src='%s/v.webm'><track default src='%s/t.vtt'></video>",
  "<audio src='%s/a.ogg' autoplay></audio>",
  "<svg><image href='%s/i.png' width=9 height=9></image><use href='%s/u.svg#x'></use></svg>",
  "<svg><style>@import '%s/s.css';</style><feImage xlink:href='%s/fe.png'/></svg>",
  "<math><mglyph src='%s/g.png'></mglyph></math>",
  "<input type=image src='%s/i.png'>",
  "<script src='%s/s.js'></script>",
  "<script>fetch ('%s/fetch'); new Image ().src = '%s/js.png';</script>",
  "<meta http-equiv=refresh content='0; url=%s/refresh'>",
  "<meta http-equiv=Link content='<%s/h.css>; rel=stylesheet'>",
  "<base href='%s/'><img src='relative.png'>",
  "<img src=x onerror=\"new Image ().src = '%s/onerror.png'\">",
  "<form id=f action='%s/form'></form><script>f.submit ()</script>",
  "<a href='%s/' ping='%s/ping' autofocus tabindex=1>x</a>",
  "<img src='cid:../%s/x'><img src='cid:%s/x'>",
  "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"><image "
  "href=\"%s/d.png\"/></svg>'>",
  "<iframe src='data:text/html,<img src=%s/d.png>'></iframe>",
  "<template><img src='%s/t.png'></template><noscript><img src='%s/n.png'></noscript>",
  "<portal src='%s/p'></portal><details open ontoggle=\"fetch "
  "('%s/t')\"><summary>x</summary></details>",
};

static char *
fill_in (Fixture *fixture, const char *way) {
  g_autofree char *base = g_strdup_printf ("http://127.0.0.1:%u", fixture->port);
  GString *html = g_string_new (way);

  g_string_replace (html, "%s", base, 0);
  return g_string_free (html, FALSE);
}

static void
test_no_network (Fixture *fixture, gconstpointer unused) {
  for (guint i = 0; i < G_N_ELEMENTS (ways_out); i++) {
    g_autofree char *markup = fill_in (fixture, ways_out[i]);
    g_autofree char *html = g_strconcat ("<!DOCTYPE html>", markup, NULL);

    g_test_message ("%s", html);
    show (fixture, html, NULL);
    pb_test_pass_time (60);
    g_assert_cmpuint (fixture->connections, ==, 0);
    g_assert_true (ask (fixture, "location.href === 'about:blank'"));
  }
}

/* The same as mail: cleaned, and shown by both kinds of walls together. */
static PbMessage *
make_letter (Fixture *fixture, guint number) {
  const guint count = G_N_ELEMENTS (ways_out);
  g_autofree char *first = fill_in (fixture, ways_out[number % count]);
  g_autofree char *second = fill_in (fixture, ways_out[(number * 7 + 3) % count]);
  g_autofree char *source =
    g_strdup_printf ("Subject: %u\nFrom: a@example.org\nContent-Type: text/html\n\n"
                     "<html><head>%s</head><body><p id=n>letter %u</p>%s%s</body></html>",
                     number, number % 3 ? "" : first, number, first, second);
  g_autoptr (GBytes) bytes = g_bytes_new (source, strlen (source));

  return pb_message_new (bytes, NULL);
}

static void
test_many_letters (Fixture *fixture, gconstpointer unused) {
  const guint letters = g_test_slow () ? 500 : 120;

  for (guint i = 0; i < letters; i++) {
    const PbDocumentOptions options = { .dark = i % 2 };
    g_autoptr (PbMessage) message = make_letter (fixture, i);
    g_autoptr (PbDocument) document = pb_document_new (message, &options);

    show (fixture, document->html, message);
    g_assert_cmpuint (fixture->connections, ==, 0);
  }
  pb_test_pass_time (500);
  g_assert_cmpuint (fixture->connections, ==, 0);
  g_test_message ("%u letters, %u connections", letters, fixture->connections);
}

/* The listener is not deaf: without this the test above could not fail. */
static void
test_listener_hears (Fixture *fixture, gconstpointer unused) {
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", fixture->port, NULL, &error);

  g_assert_no_error (error);
  pb_test_pass_time (50);
  g_assert_cmpuint (fixture->connections, ==, 1);
}

static void
test_no_script (Fixture *fixture, gconstpointer unused) {
  show (fixture,
        "<!DOCTYPE html><title>quiet</title><p id=x>as it was</p>"
        "<script>document.getElementById ('x').textContent = 'changed'</script>"
        "<img src='data:image/png;base64,x' onerror=\"document.getElementById ('x').textContent = "
        "'changed'\">",
        NULL);
  pb_test_pass_time (100);
  g_assert_true (ask (fixture, "document.getElementById ('x').textContent === 'as it was'"));
}

static gboolean
was_clicked (gpointer data) {
  return ((Fixture *) data)->clicked != NULL;
}

static void
test_links_go_out (Fixture *fixture, gconstpointer unused) {
  show (fixture, "<!DOCTYPE html><a id=x href='https://www.example.org/page'>there</a>", NULL);
  ask (fixture, "(document.getElementById ('x').click (), true)");
  pb_test_until (was_clicked, fixture);
  g_assert_cmpstr (fixture->clicked, ==, "https://www.example.org/page");
  g_assert_true (ask (fixture, "location.href === 'about:blank'"));

  /* A jump inside of the document is nobody else's business. */
  g_clear_pointer (&fixture->clicked, g_free);
  show (
    fixture,
    "<!DOCTYPE html><a id=x href='#end'>down</a><p style='height: 5000px'></p><p id=end>end</p>",
    NULL);
  ask (fixture, "(document.getElementById ('x').click (), true)");
  pb_test_pass_time (100);
  g_assert_null (fixture->clicked);
  g_assert_true (ask (fixture, "document.scrollingElement.scrollTop > 1000"));
}

static const char with_picture[] =
  "From: li.na@example.org\nSubject: x\nMIME-Version: 1.0\n"
  "Content-Type: multipart/related; boundary=cut\n\n"
  "--cut\nContent-Type: text/html\n\n<img id=x src='cid:dot@example.org'>\n"
  "--cut\nContent-Type: image/gif\nContent-ID: <dot@example.org>\nContent-Transfer-Encoding: "
  "base64\n\n"
  "R0lGODdhAQABAIAAAP8AAP///ywAAAAAAQABAAACAkQBADs=\n"
  "--cut\nContent-Type: text/plain\nContent-ID: <text@example.org>\n\nnot a picture\n--cut--\n";

static void
test_inline_pictures (Fixture *fixture, gconstpointer unused) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (with_picture, sizeof with_picture - 1);
  g_autoptr (PbMessage) message = pb_message_new (bytes, NULL);

  g_assert_nonnull (message);
  show (fixture,
        "<!DOCTYPE html><img id=there src='cid:dot@example.org'><img id=missing "
        "src='cid:other@example.org'>"
        "<img id=text src='cid:text@example.org'>",
        message);
  g_assert_true (ask (fixture, "document.getElementById ('there').naturalWidth === 1"));
  g_assert_true (ask (fixture, "document.getElementById ('missing').naturalWidth === 0"));
  g_assert_true (ask (fixture, "document.getElementById ('text').naturalWidth === 0"));

  /* Another message does not see the pictures of the last one. */
  show (fixture, "<!DOCTYPE html><p>next</p><img id=there src='cid:dot@example.org'>", NULL);
  g_assert_true (ask (fixture, "document.getElementById ('there').naturalWidth === 0"));
}

static void
test_kept_pictures (Fixture *fixture, gconstpointer unused) {
  static const char gif[] =
    "GIF87a\1\0\1\0\200\0\0\377\0\0\377\377\377,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
  const char *address = "https://pictures.example.org/dot.gif";
  g_autofree char *path = pb_document_picture_path (fixture->dir, address);
  g_autofree char *id = g_path_get_basename (path);
  g_autofree char *html =
    g_strdup_printf ("<!DOCTYPE html><img id=there src='cid:%s'><img id=text src='cid:%.*s0'>", id,
                     (int) strlen (id) - 1, id);

  g_assert_true (g_file_set_contents (path, gif, sizeof gif - 1, NULL));
  pb_locked_web_set_pictures_dir (fixture->web, fixture->dir);
  show (fixture, html, NULL);
  g_assert_true (ask (fixture, "document.getElementById ('there').naturalWidth === 1"));
  g_assert_true (ask (fixture, "document.getElementById ('text').naturalWidth === 0"));

  /* What is no picture is not answered, whatever it is called. */
  g_assert_true (g_file_set_contents (path, "<svg/>", 6, NULL));
  show (fixture, html, NULL);
  g_assert_true (ask (fixture, "document.getElementById ('there').naturalWidth === 0"));
}

/* Many documents in a row: "loaded" is about the last one. */
static void
test_last_one_wins (Fixture *fixture, gconstpointer unused) {
  for (guint i = 0; i < 20; i++) {
    g_autofree char *html = g_strdup_printf ("<!DOCTYPE html><p id=x>number %u</p>", i);
    fixture->loaded = 0;
    pb_locked_web_show (fixture->web, html, NULL);
  }
  pb_test_until (is_loaded, fixture);
  g_assert_true (ask (fixture, "document.getElementById ('x').textContent === 'number 19'"));
}

#define ADD(name, function) \
  g_test_add ("/html-view/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  ADD ("shows", test_shows);
  ADD ("no-network", test_no_network);
  ADD ("many-letters", test_many_letters);
  ADD ("listener-hears", test_listener_hears);
  ADD ("no-script", test_no_script);
  ADD ("links-go-out", test_links_go_out);
  ADD ("inline-pictures", test_inline_pictures);
  ADD ("kept-pictures", test_kept_pictures);
  ADD ("last-one-wins", test_last_one_wins);
  return g_test_run ();
}
