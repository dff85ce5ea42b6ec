/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is text, what is HTML and what an attachment, in messages of many shapes. */

#include <string.h>

#include "pb-error.h"
#include "pb-message.h"
#include "pb-test.h"

static PbMessage *
parse (const char *data) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, strlen (data));
  g_autoptr (GError) error = NULL;
  PbMessage *message = pb_message_new (bytes, &error);

  g_assert_no_error (error);
  return message;
}

/* "text|html|name:type:size[:inline],…", "-" for what is not there. */
static char *
describe (PbMessage *message) {
  GPtrArray *attachments = pb_message_get_attachments (message);
  const char *text = pb_message_get_text (message), *html = pb_message_get_html (message);
  GString *out = g_string_new (NULL);

  g_assert_cmpint (pb_message_has_html (message), ==, html != NULL);
  g_string_append_printf (out, "%s|%s|", text ? text : "-", html ? html : "-");
  for (guint i = 0; i < attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (attachments, i);
    g_autoptr (GBytes) content = pb_attachment_dup_bytes (attachment);

    g_assert_cmpuint (g_bytes_get_size (content), ==, pb_attachment_get_size (attachment));
    g_string_append_printf (
      out, "%s%s:%s:%u%s", i > 0 ? "," : "", pb_attachment_get_name (attachment),
      pb_attachment_get_content_type (attachment), (guint) pb_attachment_get_size (attachment),
      pb_attachment_is_inline (attachment) ? ":inline" : "");
  }
  return g_string_free (out, FALSE);
}

#define MIXED "Content-Type: multipart/mixed; boundary=x\n\n"
#define ALTERNATIVE "Content-Type: multipart/alternative; boundary=x\n\n"
#define RELATED "Content-Type: multipart/related; boundary=x\n\n"
#define HTML "Content-Type: text/html\n\n"
#define PNG "Content-Type: image/png\nContent-Transfer-Encoding: base64\n"
#define PDF "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n"

static const struct {
  const char *what;
  const char *data;
  const char *expected;
} cases[] = {
  { "plain", "Subject: x\n\nHello\n", "Hello\n|-|" },
  { "plain, CRLF", "Subject: x\r\n\r\nHello\r\nyou\r\n", "Hello\nyou\n|-|" },
  { "no body", "Subject: x\n\n", "|-|" },
  { "header only", "Subject: x\n", "|-|" },
  { "html", HTML "<p>x", "-|<p>x|" },
  { "mbox line first", "From a@b Mon Jan 1\nSubject: x\n\nHello", "Hello|-|" },
  { "header out of order", "Content-Type: text/html\nMIME-Version: 1.0\nSubject: x\nFrom: a@b\n\nx",
    "-|x|" },
  { "quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\na=\nb=3D=20\n",
    "ab= \n|-|" },
  { "base64",
    "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\nw7wNCng=\n",
    "ü\nx|-|" },
  { "unknown encoding", "Content-Transfer-Encoding: x-none\n\na=3D\n", "a=3D\n|-|" },
  { "alternative", ALTERNATIVE "--x\n\na\n--x\n" HTML "<p>b\n--x--", "a|<p>b|" },
  { "alternative the other way round", ALTERNATIVE "--x\n" HTML "<p>b\n--x\n\na\n--x--",
    "a|<p>b|" },
  { "alternative of HTML alone", ALTERNATIVE "--x\n" HTML "<p>b\n--x--", "-|<p>b|" },
  { "alternative with a calendar",
    ALTERNATIVE "--x\n\na\n--x\nContent-Type: text/calendar\n\nBEGIN\n--x--",
    "a|-|:text/calendar:5" },
  { "two texts", MIXED "--x\n\na\n--x\n\nb\n--x--", "a\nb|-|" },
  { "two texts that end in line ends", MIXED "--x\n\na\n\n--x\n\nb\n\n--x--", "a\nb\n|-|" },
  { "text and HTML one after the other", MIXED "--x\n\na\n--x\n" HTML "<p>b\n--x--", "a|<p>b|" },
  { "HTML and a footer", MIXED "--x\n" HTML "<p>b\n--x\n\nfooter\n--x--", "footer|<p>b|" },
  { "attachment", MIXED "--x\n\na\n--x\n" PDF "Content-Disposition: attachment\n\nAAAA\n--x--",
    "a|-|a.pdf:application/pdf:3" },
  { "attachment without a disposition", MIXED "--x\n\na\n--x\n" PDF "\nAAAA\n--x--",
    "a|-|a.pdf:application/pdf:3" },
  { "attachment that is inline",
    MIXED "--x\n\na\n--x\n" PDF "Content-Disposition: inline\n\nAAAA\n--x--",
    "a|-|a.pdf:application/pdf:3" },
  { "attached text",
    MIXED "--x\n\na\n--x\nContent-Disposition: attachment; filename=b.txt\n\nbbb\n--x--",
    "a|-|b.txt:text/plain:3" },
  { "attached HTML",
    MIXED "--x\n\na\n--x\nContent-Type: text/html\nContent-Disposition: attachment\n\n<p>\n--x--",
    "a|-|:text/html:3" },
  { "text of another kind", MIXED "--x\n\na\n--x\nContent-Type: text/csv\n\n1,2\n--x--",
    "a|-|:text/csv:3" },
  { "picture in its place",
    MIXED "--x\n\na\n--x\n" PNG "Content-Disposition: inline; filename=p.png\n\nAAAA\n--x--",
    "a|-|p.png:image/png:3:inline" },
  { "picture", MIXED "--x\n\na\n--x\n" PNG "\nAAAA\n--x--", "a|-|:image/png:3" },
  { "picture named by the HTML",
    MIXED "--x\n" HTML "<img src=cid:p@x>\n--x\n" PNG "Content-ID: <p@x>\n\nAAAA\n--x--",
    "-|<img src=cid:p@x>|:image/png:3:inline" },
  { "attached picture",
    MIXED "--x\n\na\n--x\n" PNG "Content-Disposition: attachment; filename=p.png\n\nAAAA\n--x--",
    "a|-|p.png:image/png:3" },
  { "related", RELATED "--x\n" HTML "<img src=cid:p>\n--x\n" PNG "Content-ID: <p>\n\nAAAA\n--x--",
    "-|<img src=cid:p>|:image/png:3:inline" },
  { "related with a start",
    "Content-Type: multipart/related; boundary=x; start=\"<r>\"\n\n--x\n" PNG
    "Content-ID: <p>\n\nAAAA\n--x\nContent-ID: <r>\n" HTML "<p>b\n--x--",
    "-|<p>b|:image/png:3:inline" },
  { "related that begins with a picture", RELATED "--x\n" PNG "\nAAAA\n--x\n" HTML "<p>b\n--x--",
    "-|<p>b|:image/png:3:inline" },
  { "related of an alternative",
    RELATED "--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\na\n--y\n" HTML
            "<p>b\n--y--\n--x\n" PNG "\nAAAA\n--x--",
    "a|<p>b|:image/png:3:inline" },
  { "alternative of a related",
    ALTERNATIVE "--x\n\na\n--x\nContent-Type: multipart/related; boundary=y\n\n--y\n" HTML
                "<p>b\n--y\n" PNG "\nAAAA\n--y--\n--x--",
    "a|<p>b|:image/png:3:inline" },
  { "alternative whose HTML carries a file",
    ALTERNATIVE "--x\n\na\n--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n" HTML
                "<p>b\n--y\n" PDF "\nAAAA\n--y\n" HTML "<p>c\n--y--\n--x--",
    "a|<p>b\n<p>c|a.pdf:application/pdf:3" },
  { "attached message",
    MIXED "--x\n\na\n--x\nContent-Type: message/rfc822\n\nSubject: y\n\nb\n--x--",
    "a|-|:message/rfc822:13" },
  { "attached message with parts of its own",
    MIXED "--x\n\na\n--x\nContent-Type: message/rfc822; name=m.eml\n\nContent-Type: "
          "multipart/mixed; boundary=y\n\n"
          "--y\n" PDF "\nAAAA\n--y--\n--x--",
    "a|-|m.eml:message/rfc822:134" },
  { "message that is only a message", "Content-Type: message/rfc822\n\nSubject: y\n\nb\n",
    "-|-|:message/rfc822:14" },
  { "digest",
    "Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: y\n\nb\n--x\n\nSubject: "
    "z\n--x--",
    "-|-|:message/rfc822:13,:message/rfc822:10" },
  { "signed",
    "Content-Type: multipart/signed; boundary=x\n\n--x\n\na\n--x\nContent-Type: "
    "application/pgp-signature\n\nS\n--x--",
    "a|-|" },
  { "signed, S/MIME",
    "Content-Type: multipart/signed; boundary=x\n\n--x\n\na\n--x\nContent-Type: "
    "application/x-pkcs7-signature\n\nS\n--x--",
    "a|-|" },
  { "signature that says it is an attachment",
    "Content-Type: multipart/signed; boundary=x\n\n--x\n\na\n--x\nContent-Type: "
    "application/pgp-signature\n"
    "Content-Disposition: attachment; filename=s.asc\n\nS\n--x--",
    "a|-|s.asc:application/pgp-signature:1" },
  { "report",
    "Content-Type: multipart/report; boundary=x\n\n--x\n\na\n--x\nContent-Type: "
    "message/delivery-status\n\nS: y\n--x\n"
    "Content-Type: text/rfc822-headers\n\nSubject: z\n--x--",
    "a|-|:message/delivery-status:4,:text/rfc822-headers:10" },
  { "encrypted",
    "Content-Type: multipart/encrypted; boundary=x\n\n--x\nContent-Type: "
    "application/pgp-encrypted\n\nVersion: 1\n--x\n"
    "Content-Type: application/octet-stream\n\nXXXX\n--x--",
    "-|-|:application/pgp-encrypted:10,:application/octet-stream:4" },
  { "a file as the whole", PDF "\nAAAA\n", "-|-|a.pdf:application/pdf:3" },
  { "missing end", MIXED "--x\n\na\n--x\n" PDF "\nAAAA\n", "a|-|a.pdf:application/pdf:3" },
  { "boundary never comes", MIXED "Hello\n", "Hello\n|-|" },
  { "container that says it is an attachment",
    MIXED "--x\n\na\n--x\nContent-Type: multipart/mixed; boundary=y\nContent-Disposition: "
          "attachment\n\n--y\n\nb\n--y--\n--x--",
    "a\nb|-|" },
  { "empty base64", MIXED "--x\n\na\n--x\n" PDF "\n--x--", "a|-|a.pdf:application/pdf:0" },
  { "uuencoded",
    MIXED "--x\n\na\n--x\nContent-Type: application/x\nContent-Transfer-Encoding: x-uuencode\n\n"
          "begin 644 f\n#86)C\n`\nend\n--x--",
    "a|-|:application/x:3" },
};

static void
test_case (gconstpointer data) {
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (PbMessage) message = parse (cases[i].data);
  g_autofree char *found = describe (message);

  g_assert_cmpstr (found, ==, cases[i].expected);
  g_assert_null (pb_message_get_problems (message)[0]);
}

static void
test_charsets (void) {
  static const char *const texts[][3] = {
    { "utf-8", "\303\274", "ü" },
    { "UTF8", "\303\274", "ü" },
    { "\"utf-8\"", "\303\274", "ü" },
    { "iso-8859-1", "\374 \200", "ü €" },
    { "us-ascii", "Gr\374n", "Grün" },
    { "us-ascii", "\303\274", "ü" },
    { "gb2312", "\351\135", "閉" },
    { "gbk", "\304\343", "你" },
    { "gb18030", "\201\060\201\060", "\302\200" },
    { "big5", "\244\244\244\345", "中文" },
    { "shift_jis", "\223\372\226\173", "日本" },
    { "iso-2022-jp", "\033$BF|K\\\033(B", "日本" },
    { "euc-jp", "\306\374\313\334", "日本" },
    { "euc-kr", "\307\321\261\271", "한국" },
    { "koi8-r", "\360\322\311\327\305\324", "Привет" },
    { "windows-1251", "\317\360\350\342\345\362", "Привет" },
    { "windows-1250", "\350", "č" },
    { "iso-8859-2", "\350", "č" },
    { "iso-8859-9", "\375", "ı" },
    { "iso-8859-15", "\244", "€" },
    { "utf-7", "+APw-", "ü" },
    { "x-unknown", "\326\320\316\304\262\342\312\324", "中文测试" },
    { "no-such-thing", "\303\274", "ü" },
    { "utf-8", "\326\320\316\304\262\342\312\324", "中文测试" },
    { "utf-8", "caf\351 \303\274 \303\274 \303\274 \303\274 \303\274",
      "caf\357\277\275 ü ü ü ü ü" },
    { "utf-8", "\357\273\277x", "x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *data =
      g_strdup_printf ("Content-Type: text/plain; charset=%s\n\n%s", texts[i][0], texts[i][1]);
    g_autoptr (PbMessage) message = parse (data);

    g_test_message ("%s", texts[i][0]);
    g_assert_cmpstr (pb_message_get_text (message), ==, texts[i][2]);
  }
}

static void
test_undeclared (void) {
  g_autoptr (PbMessage) utf8 = parse ("Subject: x\n\n\303\274");
  g_autoptr (PbMessage) gbk = parse ("Subject: x\n\n\326\320\316\304\262\342\312\324");
  g_autoptr (PbMessage) latin = parse ("Subject: x\n\nGr\374\337e aus K\366ln");

  g_assert_cmpstr (pb_message_get_text (utf8), ==, "ü");
  g_assert_cmpstr (pb_message_get_text (gbk), ==, "中文测试");
  g_assert_cmpstr (pb_message_get_text (latin), ==, "Grüße aus Köln");
}

static void
test_nul (void) {
  static const char data[] = "Subject: a\0b\n\nx\0y";
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, sizeof data - 1);
  g_autoptr (PbMessage) message = pb_message_new (bytes, NULL);

  g_assert_cmpstr (pb_message_get_subject (message), ==, "a");
  g_assert_cmpstr (pb_message_get_text (message), ==, "xy");
}

static void
test_header (void) {
  static const char data[] =
    "From: =?utf-8?Q?Ann?= <ann@example.org>\nTo: b@example.org\nTo: c@example.org\n"
    "Cc: Team: d@example.org;\nReply-To: e@example.org\nSubject: =?utf-8?Q?=C3=BC?=\n"
    "Date: Mon, 1 Jan 2024 10:00:00 +0000\nMessage-ID: <1@example.org>\nX-Raw: \303\274\n\nbody\n";
  g_autoptr (PbMessage) message = parse (data);
  g_autofree char *headers = pb_message_dup_headers (message);

  g_assert_cmpstr (pb_message_get_subject (message), ==, "ü");
  g_assert_cmpstr (pb_message_get_message_id (message), ==, "1@example.org");
  g_assert_cmpint (pb_message_get_date (message), ==, 1704103200);
  g_assert_cmpuint (pb_message_get_from (message)->len, ==, 1);
  g_assert_cmpstr (((PbAddress *) pb_message_get_from (message)->pdata[0])->name, ==, "Ann");
  g_assert_cmpuint (pb_message_get_to (message)->len, ==, 2);
  g_assert_cmpstr (((PbAddress *) pb_message_get_to (message)->pdata[1])->address, ==,
                   "c@example.org");
  g_assert_cmpuint (pb_message_get_cc (message)->len, ==, 1);
  g_assert_cmpuint (pb_message_get_reply_to (message)->len, ==, 1);
  g_assert_true (g_str_has_prefix (headers, "From: =?utf-8?Q?Ann?="));
  g_assert_true (g_str_has_suffix (headers, "X-Raw: ü\n"));

  g_autoptr (PbMessage) bare = parse ("X: y\n\n");
  g_assert_cmpstr (pb_message_get_subject (bare), ==, "");
  g_assert_null (pb_message_get_message_id (bare));
  g_assert_cmpint (pb_message_get_date (bare), ==, G_MININT64);
  g_assert_cmpuint (pb_message_get_from (bare)->len, ==, 0);
}

static void
test_no_message (void) {
  static const char *const nothing[] = { "",           "\n",      "\n\nfoo\n", "just some words\n",
                                         "\377\376\n", "From x\n" };

  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (nothing[i], strlen (nothing[i]));
    g_autoptr (GError) error = NULL;

    g_assert_null (pb_message_new (bytes, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  }
}

static void
test_find_inline (void) {
  g_autoptr (PbMessage) message =
    parse (RELATED "--x\n" HTML "x\n--x\n" PNG "Content-ID: <a%b@c>\n\nAAAA\n--x\n" PNG
                   "Content-ID: <d@e>\n\nAAAA\n--x--");
  GPtrArray *attachments = pb_message_get_attachments (message);

  g_assert_true (pb_message_find_inline (message, "d@e") == attachments->pdata[1]);
  g_assert_true (pb_message_find_inline (message, "d%40e") == attachments->pdata[1]);
  g_assert_true (pb_message_find_inline (message, "a%25b@c") == attachments->pdata[0]);
  g_assert_true (pb_message_find_inline (message, "a%b@c") == attachments->pdata[0]);
  g_assert_null (pb_message_find_inline (message, "nothing"));
  g_assert_null (pb_message_find_inline (message, "%00"));
  g_assert_null (pb_message_find_inline (message, ""));
}

static void
test_limits (void) {
  g_autoptr (GString) data = g_string_new (MIXED "--x\n\n");

  while (data->len < 6 * 1024 * 1024)
    g_string_append (data, "a line of a very long text\n");
  g_string_append (data, "--x\n\nsecond\n--x--");
  g_autoptr (PbMessage) message = parse (data->str);
  g_assert_cmpuint (strlen (pb_message_get_text (message)), <=, 4 * 1024 * 1024 + 1);
  g_assert_nonnull (pb_message_get_problems (message)[0]);
}

static gpointer
look (gpointer data) {
  for (guint i = 0; i < 200; i++) {
    g_autofree char *found = describe (data);
    g_assert_cmpstr (found, ==, "a|-|a.pdf:application/pdf:3");
  }
  return NULL;
}

static void
test_threads (void) {
  g_autoptr (PbMessage) message = parse (MIXED "--x\n\na\n--x\n" PDF "\nAAAA\n--x--");
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("look", look, message);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_load (void) {
  g_autoptr (GBytes) good = g_bytes_new_static ("Subject: x\n\n", 12);
  g_autoptr (GBytes) bad = g_bytes_new_static ("", 0);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_message_load_async (good, NULL, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) first = pb_test_wait (&done);
  PbMessage *message = pb_message_load_finish (first, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pb_message_get_subject (message), ==, "x");
  g_assert_finalize_object (message);

  pb_message_load_async (bad, NULL, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) second = pb_test_wait (&done);
  g_assert_null (pb_message_load_finish (second, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  g_clear_error (&error);

  g_cancellable_cancel (cancelled);
  pb_message_load_async (good, NULL, cancelled, pb_test_done, &done);
  g_autoptr (GAsyncResult) third = pb_test_wait (&done);
  g_assert_null (pb_message_load_finish (third, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *what = g_strdelimit (g_strdup (cases[i].what), "/", ' ');
    g_autofree char *path = g_strdup_printf ("/message/shape/%02u %s", i, what);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/message/charsets", test_charsets);
  g_test_add_func ("/message/undeclared", test_undeclared);
  g_test_add_func ("/message/nul", test_nul);
  g_test_add_func ("/message/header", test_header);
  g_test_add_func ("/message/no-message", test_no_message);
  g_test_add_func ("/message/find-inline", test_find_inline);
  g_test_add_func ("/message/limits", test_limits);
  g_test_add_func ("/message/threads", test_threads);
  g_test_add_func ("/message/load", test_load);
  return g_test_run ();
}
