/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What hides in messages, from the parts to the page: files in text, envelopes, messages in
 * messages, reports, invitations, pictures by place, links that lie. */

#include <glib/gstdio.h>
#include <string.h>

#include "pb-document.h"
#include "pb-link-check.h"
#include "pb-test.h"
#include "pb-tnef.h"
#include "pb-tracker.h"

static PbMessage *
parse (const char *source) {
  g_autoptr (GBytes) bytes = g_bytes_new (source, strlen (source));
  g_autoptr (GError) error = NULL;
  PbMessage *message = pb_message_new (bytes, &error);

  g_assert_no_error (error);
  return message;
}

static PbAttachment *
nth (PbMessage *message, guint index) {
  return g_ptr_array_index (pb_message_get_attachments (message), index);
}

static char *
dup_page (PbMessage *message) {
  const PbDocumentOptions options = { 0 };
  g_autoptr (PbDocument) document = pb_document_new (message, &options);

  return g_strdup (document->html);
}

static void
assert_page (const char *source, const char *const *wanted) {
  g_autoptr (PbMessage) message = parse (source);
  g_autofree char *page = dup_page (message);

  for (guint i = 0; wanted[i]; i++) {
    if (!strstr (page, wanted[i]))
      g_test_message ("%s", page);
    g_assert_nonnull (strstr (page, wanted[i]));
  }
}

#define UU "begin 644 caf\351.txt\n#86)C\n`\nend\n"

static void
test_uuencode (void) {
  g_autoptr (PbMessage) message =
    parse ("Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\nBefore\n" UU "After\n" UU);
  g_assert_cmpstr (pb_message_get_text (message), ==, "Before\nAfter\n");
  g_assert_cmpuint (pb_message_get_attachments (message)->len, ==, 2);
  g_assert_cmpstr (pb_attachment_get_name (nth (message, 0)), ==, "café.txt");
  g_assert_cmpstr (pb_attachment_get_content_type (nth (message, 0)), ==, "text/plain");
  g_assert_cmpuint (pb_attachment_get_size (nth (message, 0)), ==, 3);
  g_autoptr (GBytes) bytes = pb_attachment_dup_bytes (nth (message, 1));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "abc", 3);

  static const char *const prose[] = {
    "begin 644 a\nend\n",           "begin 644 a\nwhat is this? no data\nend\n",
    "begin 644 a\n#86)C\n`\n",      "begin now\n#86)C\nend\n",
    "We begin 644 a\n#86)C\nend\n", "begin 999 a\n#86)C\nend\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (prose); i++) {
    g_autofree char *source = g_strconcat ("Subject: x\n\n", prose[i], NULL);
    g_autoptr (PbMessage) plain = parse (source);
    g_assert_cmpstr (pb_message_get_text (plain), ==, prose[i]);
    g_assert_cmpuint (pb_message_get_attachments (plain)->len, ==, 0);
  }
}

static void
test_nested (void) {
  static const char source[] =
    "Subject: out\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nSee below\n--x\n"
    "Content-Type: message/rfc822\n\nSubject: <within>\nFrom: Li Na <li@example.org>\n"
    "Content-Type: multipart/related; boundary=y\n\n--y\nContent-Type: text/html\n\n"
    "<b>deep</b><img src=\"cid:dot\">\n--y\nContent-Type: image/png\nContent-ID: "
    "<dot>\n\nx\n--y--\n"
    "--x--\n";
  g_autoptr (PbMessage) message = parse (source);
  g_autofree char *page = dup_page (message);

  g_assert_cmpstr (pb_message_get_text (message), ==, "See below");
  g_assert_cmpuint (pb_message_get_attachments (message)->len, ==, 1);
  g_assert_nonnull (strstr (page, "&lt;within&gt;"));
  g_assert_nonnull (strstr (page, "<b>deep</b>"));
  g_assert_nonnull (strstr (page, "cid:postbag-part-0/dot"));
  g_assert_nonnull (pb_message_find_inline (message, "postbag-part-0/dot"));
  g_assert_null (pb_message_find_inline (message, "postbag-part-1/dot"));
  g_assert_null (pb_message_find_inline (message, "postbag-part-0/other"));
  g_assert_null (pb_message_find_inline (message, "postbag-part-0/postbag-part-0/dot"));
}

/* Messages in messages without end: some are shown, none too many. */
static void
test_nested_deep (void) {
  g_autoptr (GString) source = g_string_new (NULL);

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (source, "Subject: level-%u.\nContent-Type: message/rfc822\n\n", i);
  g_autoptr (PbMessage) message = parse (source->str);
  g_autofree char *page = dup_page (message);
  g_assert_nonnull (strstr (page, "level-3."));
  g_assert_null (strstr (page, "level-4."));
}

static void
test_report (void) {
  static const char *const wanted[] = { "Could not be delivered",
                                        "nobody@example.org",
                                        "There is no such mailbox",
                                        "550 no &lt;b&gt; here",
                                        "mx.example.net",
                                        "Sorry",
                                        NULL };

  assert_page (
    "Subject: x\nContent-Type: multipart/report; boundary=x; report-type=delivery-status\n\n"
    "--x\n\nSorry\n--x\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; nobody@example.org\n"
    "Action: failed\nStatus: 5.1.1 (bad)\nDiagnostic-Code: smtp; 550 no <b> here\n\n"
    "--x\nContent-Type: text/rfc822-headers\n\nSubject: y\n--x--\n",
    wanted);
  static const char *const receipt[] = { "Was shown to its recipient", "ann@example.org", NULL };
  assert_page ("Subject: x\nContent-Type: message/disposition-notification\n\n"
               "Final-Recipient: rfc822;ann@example.org\n"
               "Disposition: manual-action/MDN-sent-manually; displayed\n",
               receipt);
}

#define EVENT                                                                                   \
  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Tea & " \
  "talk\r\nLOCATION:Room 5\r\nDTSTART;TZID=Asia/Shanghai:20240105T100000\r\n"                   \
  "DTEND;TZID=Asia/Shanghai:20240105T113000\r\nORGANIZER;CN=Li Na:mailto:li@example.org\r\n"    \
  "ATTENDEE:mailto:a@example.org\r\nATTENDEE:mailto:b@example.org\r\nRRULE:FREQ=WEEKLY\r\n"     \
  "END:VEVENT\r\nEND:VCALENDAR\r\n"

static void
test_calendar (void) {
  static const char *const wanted[] = { "Invitation",
                                        "Tea &amp; talk",
                                        "Room 5",
                                        "5 January 2024, 02:00 – 03:30",
                                        "Li Na &lt;li@example.org",
                                        "2 people are invited",
                                        "weekly",
                                        NULL };

  assert_page ("Subject: x\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\nCome\n--x\n"
               "Content-Type: text/calendar; method=REQUEST\n\n" EVENT "--x--\n",
               wanted);
  static const char *const broken[] = {
    "",
    "BEGIN:VCALENDAR",
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:99999999T999999\nEND:VEVENT",
    "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT",
    "\001\377\n:::;;;",
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=No/Such:20240105T100000\nRRULE:FREQ=NEVER\n"
    "END:VEVENT\nEND:VCALENDAR",
  };
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *source =
      g_strconcat ("Subject: x\nContent-Type: text/calendar\n\n", broken[i], NULL);
    g_autoptr (PbMessage) message = parse (source);
    g_autofree char *page = dup_page (message);
    g_assert_nonnull (strstr (page, "</html>"));
  }
}

static void
add_attribute (GString *out, guint8 level, guint32 id, const char *data, gsize length) {
  const guint32 head[] = { GUINT32_TO_LE (id), GUINT32_TO_LE ((guint32) length) };

  g_string_append_c (out, (char) level);
  g_string_append_len (out, (const char *) head, sizeof head);
  g_string_append_len (out, data, (gssize) length);
  g_string_append_len (out, "\0\0", 2);
}

static GString *
make_tnef (void) {
  static const char properties[] = "\001\0\0\0\036\0\007\067\001\0\0\0\010\0\0\0plan.txt";
  GString *out = g_string_new_len ("\170\237\076\042\001\0", 6);

  add_attribute (out, 1, 0x0002800c, "Hello from within", 18);
  add_attribute (out, 2, 0x00069002, "", 0);
  add_attribute (out, 2, 0x00018010, "PLAN~1.TXT", 11);
  add_attribute (out, 2, 0x0006800f, "the plan", 8);
  add_attribute (out, 2, 0x00069005, properties, sizeof properties - 1);
  return out;
}

static void
test_tnef (void) {
  g_autoptr (GString) tnef = make_tnef ();
  g_autofree char *coded = g_base64_encode ((const guchar *) tnef->str, tnef->len);
  g_autofree char *source =
    g_strconcat ("Subject: x\nContent-Type: application/ms-tnef; name=winmail.dat\n"
                 "Content-Transfer-Encoding: base64\n\n",
                 coded, NULL);
  g_autoptr (PbMessage) message = parse (source);

  g_assert_cmpstr (pb_message_get_text (message), ==, "Hello from within");
  g_assert_cmpuint (pb_message_get_attachments (message)->len, ==, 2);
  g_assert_true (pb_attachment_is_opened (nth (message, 0)));
  g_assert_cmpstr (pb_attachment_get_name (nth (message, 1)), ==, "plan.txt");
  g_autoptr (GBytes) bytes = pb_attachment_dup_bytes (nth (message, 1));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "the plan", 8);

  /* Cut anywhere, and any byte turned: nothing but less. */
  for (gsize length = 0; length <= tnef->len; length++) {
    g_autofree guint8 *copy = g_memdup2 (tnef->str, length);
    g_autoptr (PbTnef) cut = pb_tnef_parse (copy, length);
    if (cut && length < tnef->len)
      g_assert_cmpuint (cut->files->len, <=, 1);
  }
  for (gsize i = 0; i < tnef->len * 4; i++) {
    g_autofree guint8 *copy = g_memdup2 (tnef->str, tnef->len);
    copy[i % tnef->len] = (guint8) (0xff >> (i / tnef->len * 2));
    g_autoptr (PbTnef) turned = pb_tnef_parse (copy, tnef->len);
    for (guint k = 0; turned && k < turned->files->len; k++) {
      const PbTnefFile *file = turned->files->pdata[k];
      g_assert_cmpuint (file->start + file->length, <=, tnef->len);
    }
  }
}

static void
test_locations (void) {
  static const char *const wanted[] = { "src=\"cid:postbag-part-0\"", "src=\"cid:two\"", NULL };

  assert_page (
    "Subject: x\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    "Content-Type: text/html\nContent-Location: http://www.example.org/page/\n\n"
    "<img src=\"a.png\"><img src=\"http://www.example.org/b.png\">\n"
    "--x\nContent-Type: image/png\nContent-Location: http://www.example.org/page/a.png\n\nx\n"
    "--x\nContent-Type: image/png\nContent-ID: <two>\n"
    "Content-Location: http://www.example.org/b.png\n\nx\n--x--\n",
    wanted);
}

static void
test_links (void) {
  static const struct {
    const char *target, *text, *odd; /* a word of the sentence; NULL for none */
  } links[] = {
    { "https://example.org/a", "here", NULL },
    { "https://example.org/a", "https://example.org/b", NULL },
    { "https://www.example.org/a", "example.org", NULL },
    { "https://click.example.org/a", "www.example.org", NULL },
    { "https://a.example.co.uk/", "b.example.co.uk", NULL },
    { "https://evil.co.uk/", "www.example.co.uk", "evil.co.uk" },
    { "https://evil.example/a", "https://example.org/", "evil.example" },
    { "https://evil.example/a", " www.example.org ", "evil.example" },
    { "https://example.org.evil.example/", "example.org", "evil.example" },
    { "https://evil.example/a", "plan.pdf", NULL },
    { "https://evil.example/a", "Read on. Now", NULL },
    { "https://www.example.org@evil.example/", "here", "evil.example" },
    { "https://xn--80ak6aa92e.com/", "here", "xn--80ak6aa92e.com" },
    { "https://xn--pypal-4ve.com/", "here", "xn--pypal-4ve.com" },
    { "https://xn--mnchen-3ya.example/", "here", NULL },
    { "https://xn--fiqs8s.example/", "here", NULL },
    { "https://xn--e1afmkfd.example/", "here", NULL },
    { "mailto:a@example.org", "a@example.org", NULL },
    { "mailto:evil@example.net", "a@example.org", "evil@example.net" },
    { "mailto:a@example.org", "write", NULL },
    { "tel:123", "456", NULL },
    { "https://", "example.org", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autofree char *odd = pb_link_check (links[i].target, links[i].text);
    g_test_message ("%s “%s”: %s", links[i].target, links[i].text, odd ? odd : "fine");
    g_assert_true ((odd != NULL) == (links[i].odd != NULL));
    g_assert_true (!odd || strstr (odd, links[i].odd));
  }
}

#define REMOTE "https://pictures.example.org/a.png"
#define PAGE                                                                                     \
  "Subject: x\nContent-Type: text/html\n\n<a href=\"https://evil.example/\">www.example.org</a>" \
  "<img src=\"" REMOTE "\"><img src=\"//pictures.example.org/b.png\"><img src=\"" REMOTE "\">"   \
  "<img width=1 height=1 src=\"https://count.example.org/x\">"                                   \
  "<img src=\"https://u1.ct.sendgrid.net/wf/open?upn=1\">"

static void
test_remote (void) {
  g_autofree char *dir = pb_test_make_dir ();
  g_autofree char *path = pb_document_picture_path (dir, REMOTE);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *again = pb_document_picture_path_of_id (dir, base);
  PbDocumentOptions options = { 0 };
  g_autoptr (PbMessage) message = parse (PAGE);
  g_autoptr (PbDocument) shut = pb_document_new (message, &options);

  g_assert_cmpstr (path, ==, again);
  g_assert_null (pb_document_picture_path_of_id (dir, "postbag-remote-../../x"));
  g_assert_cmpuint (shut->remote_images, ==, 5);
  g_assert_cmpuint (shut->remote->len, ==, 4);
  g_assert_cmpuint (shut->trackers, ==, 2);
  g_assert_null (strstr (shut->html, "pictures.example.org"));
  g_assert_nonnull (g_hash_table_lookup (shut->odd_links, "https://evil.example/"));

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  options.pictures_dir = dir;
  g_autoptr (PbDocument) open = pb_document_new (message, &options);
  g_assert_cmpuint (open->remote->len, ==, 3);
  g_assert_nonnull (strstr (open->html, base));
  g_assert_null (strstr (open->html, "pictures.example.org"));
  pb_test_remove_dir (dir);
  dir = NULL;
}

static void
test_quotes (void) {
  static const char *const wanted[] = {
    "Yes.<details class=\"pb-fold\"><summary>Quoted text</summary>"
    "<blockquote type=\"cite\">a<blockquote type=\"cite\">b"
    "</blockquote></blockquote></details>No.",
    NULL
  };

  assert_page ("Subject: x\nContent-Type: text/html\n\nYes.<blockquote type=cite>a<blockquote "
               "type=cite>b</blockquote></blockquote>No.",
               wanted);
  static const char *const open[] = { "<div class=\"pb-message\"><details class=\"pb-fold\">",
                                      "a</blockquote></details></div>", NULL };
  assert_page ("Subject: x\nContent-Type: text/html\n\n<blockquote type=cite>a", open);
}

static void
test_trackers (void) {
  g_assert_true (pb_tracker_is ("https://example.org/a.png", TRUE));
  g_assert_false (pb_tracker_is ("https://example.org/a.png", FALSE));
  g_assert_true (pb_tracker_is ("https://x.list-manage.com/track/open.php?u=1", FALSE));
  g_assert_false (pb_tracker_is ("https://x.list-manage.com/logo.png", FALSE));
  g_assert_true (pb_tracker_is ("http://pixel.example.org/a", FALSE));
  g_assert_true (pb_tracker_is ("https://mail.example.org/img/1x1.gif?id=7", FALSE));
  g_assert_false (pb_tracker_is ("not an address", FALSE));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/structure/uuencode", test_uuencode);
  g_test_add_func ("/structure/nested", test_nested);
  g_test_add_func ("/structure/nested-deep", test_nested_deep);
  g_test_add_func ("/structure/report", test_report);
  g_test_add_func ("/structure/calendar", test_calendar);
  g_test_add_func ("/structure/tnef", test_tnef);
  g_test_add_func ("/structure/locations", test_locations);
  g_test_add_func ("/structure/links", test_links);
  g_test_add_func ("/structure/remote", test_remote);
  g_test_add_func ("/structure/quotes", test_quotes);
  g_test_add_func ("/structure/trackers", test_trackers);
  return g_test_run ();
}
