/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The input buffer: lines, limits, and that it never grows. */

#include <string.h>

#include "pb-input-buffer.h"

static void
put (PbInputBuffer *buffer, const char *text) {
  gsize size;
  guint8 *space = pb_input_buffer_get_space (buffer, &size);

  g_assert_cmpuint (strlen (text), <=, size);
  memcpy (space, text, strlen (text));
  pb_input_buffer_add (buffer, strlen (text));
}

static void
check_line (PbInputBuffer *buffer, PbLineEnd expected, const char *text) {
  guint8 *line = NULL;
  gsize length = 0;

  g_assert_cmpint (pb_input_buffer_take_line (buffer, 10, &line, &length), ==, expected);
  if (text)
    g_assert_cmpmem (line, length, text, strlen (text));
}

static void
test_lines (void) {
  g_autoptr (PbInputBuffer) buffer = pb_input_buffer_new (64);

  check_line (buffer, PB_LINE_NONE, NULL);
  put (buffer, "one\r\ntwo\n\r\n\nthr");
  check_line (buffer, PB_LINE_CRLF, "one");
  check_line (buffer, PB_LINE_BARE_LF, "two");
  check_line (buffer, PB_LINE_CRLF, "");
  check_line (buffer, PB_LINE_BARE_LF, "");
  check_line (buffer, PB_LINE_NONE, NULL);
  put (buffer, "ee\r");
  check_line (buffer, PB_LINE_NONE, NULL);
  put (buffer, "\n");
  check_line (buffer, PB_LINE_CRLF, "three");
}

static void
test_limit (void) {
  static const struct {
    const char *text;
    PbLineEnd end;
  } cases[] = {
    { "0123456789\r\n", PB_LINE_CRLF },    { "0123456789\n", PB_LINE_BARE_LF },
    { "0123456789\r", PB_LINE_NONE },      { "01234567890\r\n", PB_LINE_TOO_LONG },
    { "01234567890\n", PB_LINE_TOO_LONG }, { "012345678901", PB_LINE_TOO_LONG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbInputBuffer) buffer = pb_input_buffer_new (64);
    put (buffer, cases[i].text);
    check_line (buffer, cases[i].end, NULL);
  }
}

static void
test_space (void) {
  g_autoptr (PbInputBuffer) buffer = pb_input_buffer_new (8);
  gsize size;

  put (buffer, "abcdefgh");
  pb_input_buffer_get_space (buffer, &size);
  g_assert_cmpuint (size, ==, 0);
  pb_input_buffer_drop (buffer, 5);
  put (buffer, "ijk");
  g_assert_cmpmem (pb_input_buffer_peek (buffer, &size), 6, "fghijk", 6);
  g_assert_cmpuint (size, ==, 6);
  pb_input_buffer_drop (buffer, 6);
  pb_input_buffer_get_space (buffer, &size);
  g_assert_cmpuint (size, ==, 8);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/input-buffer/lines", test_lines);
  g_test_add_func ("/protocol/input-buffer/limit", test_limit);
  g_test_add_func ("/protocol/input-buffer/space", test_space);
  return g_test_run ();
}
