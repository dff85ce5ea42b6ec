/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Summaries, their previews, and how long they take. */

#include <string.h>

#include "pb-preview.h"
#include "pb-summary.h"

static PbSummary *
summarise (const char *data) {
  return pb_summary_new_from_data ((const guint8 *) data, strlen (data));
}

static void
test_fields (void) {
  g_autoptr (PbSummary) summary = summarise (
    "From x\nFrom: =?utf-8?B?5p2O5aic?= <li@example.org>\nTo: Ann <ann@example.org>, "
    "bob@example.org\n"
    "Cc: Carl <carl@example.org>\nSubject: Quarterly\n figures\nDate: Mon, 1 Jan 2024 10:00:00 "
    "+0000\n"
    "Message-ID: <2@example.org>\nReferences: <0@example.org>\nIn-Reply-To: <1@example.org>\n\n"
    "Here is the\nsheet you   asked for.\n");

  g_assert_cmpstr (summary->subject, ==, "Quarterly figures");
  g_assert_cmpstr (summary->from_name, ==, "李娜");
  g_assert_cmpstr (summary->from_address, ==, "li@example.org");
  g_assert_cmpstr (summary->to, ==,
                   "Ann <ann@example.org>, bob@example.org, Carl <carl@example.org>");
  g_assert_cmpstr (summary->preview, ==, "Here is the sheet you asked for.");
  g_assert_cmpstr (summary->message_id, ==, "2@example.org");
  g_assert_cmpstr (summary->references, ==, "0@example.org 1@example.org");
  g_assert_cmpint (summary->date, ==, 1704103200);
  g_assert_false (summary->has_attachment);
}

static void
test_nothing (void) {
  static const char *const inputs[] = { "", "\n", "rubbish", "\377\376\375", ":", "From \n" };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++) {
    g_autoptr (PbSummary) summary = summarise (inputs[i]);
    g_assert_cmpstr (summary->subject, ==, "");
    g_assert_cmpstr (summary->from_name, ==, "");
    g_assert_cmpstr (summary->from_address, ==, "");
    g_assert_cmpstr (summary->message_id, ==, "");
    g_assert_cmpint (summary->date, ==, G_MININT64);
    g_assert_true (g_utf8_validate (summary->preview, -1, NULL));
  }
  g_autoptr (PbSummary) none = pb_summary_new_from_data (NULL, 0);
  g_assert_cmpstr (none->preview, ==, "");
}

static void
test_copy (void) {
  PbSummary values = { .subject = "s", .date = 5, .has_attachment = TRUE };
  g_autoptr (PbSummary) copy = pb_summary_new (&values);
  g_autoptr (PbSummary) same = pb_summary_ref (copy);

  g_assert_true (same == copy);
  g_assert_cmpstr (copy->subject, ==, "s");
  g_assert_cmpstr (copy->references, ==, "");
  g_assert_cmpint (copy->date, ==, 5);
  g_assert_true (copy->has_attachment);
}

static void
test_previews (void) {
  static const char *const cases[][2] = {
    { "Hello\n\n  world\t!\n", "Hello world !" },
    { "", "" },
    { "> quoted\nanswer\n", "answer" },
    { "On Monday Ann wrote:\n> quoted\n\nMy answer\n", "My answer" },
    { "On Monday,\nAnn Lee <ann@example.org> wrote:\n> quoted\nMy answer\n", "My answer" },
    { "Am Montag schrieb Ann:\n\n> zitiert\n\nAntwort", "Antwort" },
    { "李娜写道：\n> 引用\n回答", "回答" },
    { "The list:\nfirst\nsecond", "The list: first second" },
    { "> only\n> quotes\n", "only quotes" },
    { "On Monday Ann wrote:\n> only quotes\n", "On Monday Ann wrote: only quotes" },
    { "Text\n-- \nSignature", "Text" },
    { "-- \nSignature", "-- Signature" },
    { "Answer\n-----Original Message-----\nFrom: x", "Answer" },
    { "a\342\200\213\342\200\214b\302\255c\342\200\256d", "abcd" },
    { "a\302\205b\342\200\250c", "a b c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *preview = pb_preview_from_text (cases[i][0]);
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpstr (preview, ==, cases[i][1]);
  }
}

static void
test_bodies (void) {
  static const char *const cases[][2] = {
    { "Content-Type: text/html\n\n<style>p{}</style><p>Hello <b>there</b><p>you",
      "Hello there you" },
    { "Content-Type: multipart/alternative; boundary=x\n\n--x\n\nplain\n--x\nContent-Type: "
      "text/html\n\nrich",
      "plain" },
    { "Content-Type: multipart/alternative; boundary=x\n\n--x\n\n \n--x\nContent-Type: "
      "text/html\n\nrich",
      "rich" },
    { "Content-Type: text/html\n\n<p>Yes<div>On Monday Ann wrote:<blockquote>No</blockquote></div>",
      "Yes" },
    { "Content-Type: application/pdf\n\nx", "" },
    { "Content-Transfer-Encoding: base64\n\nSGVsbG8=\n", "Hello" },
    { "Content-Type: text/plain; charset=gb2312\n\n\304\343\272\303", "你好" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbSummary) summary = summarise (cases[i][0]);
    g_assert_cmpstr (summary->preview, ==, cases[i][1]);
  }
}

static void
test_has_attachment (void) {
  static const struct {
    const char *part;
    gboolean expected;
  } cases[] = {
    { "Content-Type: application/pdf\n", TRUE },
    { "Content-Disposition: attachment\n", TRUE },
    { "Content-Type: message/rfc822\n", TRUE },
    { "Content-Type: text/plain\n", FALSE },
    { "Content-Type: image/png\n", TRUE },
    { "Content-Type: image/png\nContent-Disposition: inline\n", FALSE },
    { "Content-Type: image/png\nContent-ID: <x>\n", FALSE },
    { "Content-Type: image/png\nContent-ID: <x>\nContent-Disposition: attachment\n", TRUE },
    { "Content-Type: application/pgp-signature\nContent-Disposition: attachment\n", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *data = g_strdup_printf (
      "Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\n%s\nb\n--x--", cases[i].part);
    g_autoptr (PbSummary) summary = summarise (data);
    g_test_message ("%s", cases[i].part);
    g_assert_cmpint (summary->has_attachment, ==, cases[i].expected);
  }
}

static void
test_bounds (void) {
  g_autoptr (GString) data = g_string_new ("To: ");

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (data, "\303\274 <%u@example.org>, ", i);
  g_string_append (data, "\nSubject: ");
  for (guint i = 0; i < 20000; i++)
    g_string_append (data, "\303\274");
  g_string_append (data, "\n\n");
  for (guint i = 0; i < 20000; i++)
    g_string_append (data, "\303\274 ");
  g_autoptr (PbSummary) summary = summarise (data->str);
  g_assert_cmpuint (strlen (summary->to), <=, 1000);
  g_assert_cmpuint (strlen (summary->to), >, 900);
  g_assert_true (g_utf8_validate (summary->to, -1, NULL));
  g_assert_true (g_utf8_validate (summary->subject, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (summary->preview, -1), <=, 200);
  g_assert_cmpint (g_utf8_strlen (summary->preview, -1), >=, 199);
}

/* Any beginning of a message will do. */
static void
test_beginnings (void) {
  static const char data[] =
    "From: =?utf-8?Q?=C3=BC?= <a@example.org>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    "Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: "
    "quoted-printable\n\n<p>=C4=E3=BA=C3</p>\n"
    "--x\nContent-Type: text/plain\n\n\304\343\272\303\n--x--\n";

  for (gsize length = 0; length < sizeof data; length++) {
    g_autofree guint8 *exact = g_memdup2 (data, length);
    g_autoptr (PbSummary) summary = pb_summary_new_from_data (exact, length);
    g_assert_true (g_utf8_validate (summary->preview, -1, NULL));
    g_assert_true (g_utf8_validate (summary->from_name, -1, NULL));
  }
}

/* A budget with room for a slow or busy machine; the measured time is in the output. */
static void
test_speed (void) {
  g_autoptr (GString) data = g_string_new (
    "Received: from a.example.org by b.example.org; Mon, 1 Jan 2024 10:00:00 +0000\n"
    "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\nTo: a@example.org, \"B, C\" <b@example.org>\n"
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n"
    "Message-ID: <1@example.org>\nReferences: <0@example.org>\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n\n");
  const guint n = 2000;

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (data, "This is line %u of a small message.\n", i);
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++) {
    g_autoptr (PbSummary) summary = summarise (data->str);
    g_assert_cmpstr (summary->subject, ==, "Grüße");
  }
  double each = (double) (g_get_monotonic_time () - start) / n;
  g_test_minimized_result (each, "%.1f µs for a summary", each);
  g_assert_cmpfloat (each, <, 2000);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/summary/fields", test_fields);
  g_test_add_func ("/summary/nothing", test_nothing);
  g_test_add_func ("/summary/copy", test_copy);
  g_test_add_func ("/summary/previews", test_previews);
  g_test_add_func ("/summary/bodies", test_bodies);
  g_test_add_func ("/summary/has-attachment", test_has_attachment);
  g_test_add_func ("/summary/bounds", test_bounds);
  g_test_add_func ("/summary/beginnings", test_beginnings);
  g_test_add_func ("/summary/speed", test_speed);
  return g_test_run ();
}
