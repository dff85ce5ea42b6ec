/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The transcript: its lines, and that it stays small. */

#include <string.h>

#include "pb-transcript.h"

static void
test_lines (void) {
  g_autoptr (PbTranscript) transcript = pb_transcript_new ();
  g_autofree char *empty = pb_transcript_to_text (transcript);

  g_assert_cmpstr (empty, ==, "");
  pb_transcript_add_note (transcript, "connecting");
  pb_transcript_add_received (transcript, "+OK ready");
  pb_transcript_add_sent (transcript, "CAPA");
  g_autofree char *text = pb_transcript_to_text (transcript);
  g_assert_true (g_regex_match_simple ("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  --  connecting\n"
                                       "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  <-  \\+OK ready\n"
                                       "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  ->  CAPA\n$",
                                       text, 0, 0));
}

static void
test_bounded (void) {
  g_autoptr (PbTranscript) transcript = pb_transcript_new ();

  for (guint i = 0; i < 10000; i++) {
    g_autofree char *line = g_strdup_printf ("RETR %u", i);
    pb_transcript_add_sent (transcript, line);
  }
  g_autofree char *text = pb_transcript_to_text (transcript);
  g_assert_cmpuint (strlen (text), <=, 64 * 1024);
  g_assert_nonnull (strstr (text, "RETR 0\n"));
  g_assert_nonnull (strstr (text, "RETR 9999\n"));
  g_assert_nonnull (strstr (text, "left out"));
  g_assert_null (strstr (text, "RETR 5000\n"));
}

static void
test_long_line (void) {
  g_autoptr (PbTranscript) transcript = pb_transcript_new ();
  g_autofree char *line = g_strnfill (1024 * 1024, 'a');

  for (guint i = 0; i < 20; i++)
    pb_transcript_add_received (transcript, line);
  g_autofree char *text = pb_transcript_to_text (transcript);
  g_assert_cmpuint (strlen (text), <=, 66 * 1024);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/transcript/lines", test_lines);
  g_test_add_func ("/net/transcript/bounded", test_bounded);
  g_test_add_func ("/net/transcript/long-line", test_long_line);
  return g_test_run ();
}
