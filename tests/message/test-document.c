/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The page as a whole: what is chosen, and the walls around it. */

#include <string.h>

#include "pb-document.h"
#include "pb-test.h"

#define ALTERNATIVE                                                                            \
  "Content-Type: multipart/alternative; boundary=x\n\n--x\n\nplain words\n--x\nContent-Type: " \
  "text/html\n\n"                                                                              \
  "<style>p{color:red}</style><p>rich words<img src=http://example.org/x.png>\n--x--"
#define RELATED "Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n"
#define PICTURE "\n--x\nContent-Type: image/png\nContent-ID: <p@x>\n\nP\n--x--"

static PbDocument *
compose (const char *data, PbDocumentOptions options) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, strlen (data));
  g_autoptr (PbMessage) message = pb_message_new (bytes, NULL);

  g_assert_nonnull (message);
  return pb_document_new (message, &options);
}

static void
assert_shows (const char *data,
              PbDocumentOptions options,
              const char *there,
              const char *not_there) {
  g_autoptr (PbDocument) document = compose (data, options);
  const char *body = strstr (document->html, "<body>");

  g_assert_true (g_utf8_validate (document->html, -1, NULL));
  g_assert_nonnull (body);
  g_assert_nonnull (strstr (body, there));
  if (not_there)
    g_assert_null (strstr (body, not_there));
}

static void
test_choice (void) {
  PbDocumentOptions rich = { FALSE, FALSE }, plain = { TRUE, FALSE };

  assert_shows (ALTERNATIVE, rich, "rich words", "plain words");
  assert_shows (ALTERNATIVE, plain, "plain words", "rich words");
  assert_shows ("Content-Type: text/html\n\n<p>only rich", plain, "only rich", NULL);
  assert_shows ("Subject: x\n\nonly plain", rich, "only plain", NULL);
  assert_shows ("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: "
                "text/html\n\n<p>a1\n--x\n\nb2\n--x--",
                rich, "b2", NULL);
  assert_shows ("Content-Type: text/plain; format=flowed\n\na \nb\n", rich, ">a b<", NULL);
  assert_shows ("Content-Type: text/plain; format=flowed; delsp=yes\n\na \nb\n", rich, ">ab<",
                NULL);
}

static void
test_walls (void) {
  PbDocumentOptions options = { FALSE, FALSE };
  g_autoptr (PbDocument) document = compose (ALTERNATIVE, options);

  g_assert_true (g_str_has_prefix (document->html, "<!DOCTYPE html>"));
  g_assert_nonnull (strstr (document->html, "http-equiv=\"Content-Security-Policy\""));
  g_assert_nonnull (strstr (document->html, "default-src 'none'"));
  g_assert_nonnull (strstr (document->html, "name=\"referrer\" content=\"no-referrer\""));
  g_assert_nonnull (strstr (document->html, ".pb-message p{color:red;}"));
  g_assert_null (strstr (document->html, "http://"));
  g_assert_cmpuint (document->remote_images, ==, 1);
}

static void
test_style_cannot_end (void) {
  PbDocumentOptions options = { FALSE, FALSE };
  g_autoptr (PbDocument) document = compose (
    "Content-Type: text/html\n\n<style>p{font-family:'</style><script>evil'}</style>", options);

  g_assert_null (strstr (document->html, "<script"));
  g_assert_null (strstr (document->html, "evil'"));
}

static void
test_dark (void) {
  PbDocumentOptions dark = { FALSE, TRUE }, light = { FALSE, FALSE };
  g_autoptr (PbDocument) first = compose ("Subject: x\n\na", dark);
  g_autoptr (PbDocument) second = compose ("Subject: x\n\na", light);

  g_assert_nonnull (strstr (first->html, "<html class=\"pb-dark\">"));
  g_assert_nonnull (strstr (second->html, "<html>"));
  assert_shows ("Content-Type: text/html\n\n<p style='color:black'>x", dark, "pb-turned",
                "pb-paper");
  dark.original_colors = TRUE;
  assert_shows ("Content-Type: text/html\n\n<p style='color:black'>x", dark, "pb-paper",
                "pb-turned");
  assert_shows ("Content-Type: text/html\n\n<p>x", dark, "<p>x", "pb-paper");
  assert_shows ("Content-Type: text/html\n\n<p style='color:black'>x", light, "color:black",
                "pb-paper");
}

static void
test_empty (void) {
  PbDocumentOptions options = { FALSE, FALSE };

  assert_shows ("Subject: x\n\n", options, "This message is empty.", NULL);
  assert_shows ("Subject: x\n\n \n\n", options, "This message is empty.", NULL);
  assert_shows ("Content-Type: text/html\n\n<p> </p>", options, "This message is empty.", NULL);
  assert_shows ("Content-Type: application/pdf\n\nx", options, "only attachments", NULL);
  assert_shows ("Content-Type: text/html\n\n<img src=cid:x>", options, "cid:x", "pb-empty");
}

static void
test_pictures (void) {
  PbDocumentOptions options = { FALSE, FALSE }, plain = { TRUE, FALSE };

  assert_shows (RELATED "<img src=cid:p@x>" PICTURE, options, "src=\"cid:p@x\"", "pb-picture");
  assert_shows (RELATED "<img src=cid:p%40x>" PICTURE, options, "src=\"cid:p%40x\"", "pb-picture");
  assert_shows (RELATED "<p>x" PICTURE, options, "<p class=\"pb-picture\"><img src=\"cid:p@x\"",
                NULL);
  assert_shows ("Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\nContent-Type: "
                "image/png; name=\"<p>.png\"\n"
                "Content-Disposition: inline\n\nP\n--x--",
                plain, "<img src=\"cid:postbag-part-0\" alt=\"_p_.png\">", NULL);
  assert_shows (
    "Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\nContent-Type: image/svg+xml\n"
    "Content-Disposition: inline\n\nP\n--x--",
    plain, "a", "<img");
}

static void
test_load (void) {
  g_autoptr (GBytes) bytes = g_bytes_new_static ("Subject: x\n\nwords", 17);
  g_autoptr (PbMessage) message = pb_message_new (bytes, NULL);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  PbDocumentOptions options = { FALSE, FALSE };
  GAsyncResult *done = NULL;

  pb_document_load_async (message, &options, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) first = pb_test_wait (&done);
  g_autoptr (PbDocument) document = pb_document_load_finish (first, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (document->html, "words"));

  g_cancellable_cancel (cancelled);
  pb_document_load_async (message, &options, cancelled, pb_test_done, &done);
  g_autoptr (GAsyncResult) second = pb_test_wait (&done);
  g_assert_null (pb_document_load_finish (second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/choice", test_choice);
  g_test_add_func ("/document/walls", test_walls);
  g_test_add_func ("/document/style-cannot-end", test_style_cannot_end);
  g_test_add_func ("/document/dark", test_dark);
  g_test_add_func ("/document/empty", test_empty);
  g_test_add_func ("/document/pictures", test_pictures);
  g_test_add_func ("/document/load", test_load);
  return g_test_run ();
}
