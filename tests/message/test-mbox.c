/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* mbox files of all flavours, and what only looks like one. */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pb-error.h"
#include "pb-mbox-line.h"
#include "pb-mbox-reader.h"
#include "pb-mbox-writer.h"

#define F "From a@example.org Mon Jan  6 10:00:00 2020\n"
#define G "From b@example.org Tue Jan  7 10:00:00 2020\n"
#define T1 G_GINT64_CONSTANT (1578304800)

static int
make_file (const char *data, gsize length) {
  int fd = memfd_create ("mbox", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, data, length), ==, (gssize) length);
  return fd;
}

static GBytes *
read_message (PbMboxReader *reader) {
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  const guint8 *data;
  gsize length;

  do {
    g_assert_true (pb_mbox_reader_read (reader, &data, &length, &error));
    g_byte_array_append (all, data, (guint) length);
  } while (length > 0);
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

/* Messages and their marks as "message{marks}…". */
static char *
read_all (const char *text, gsize length, PbMboxFlavour flavour) {
  g_autoptr (PbMboxReader) reader = pb_mbox_reader_new (make_file (text, length), flavour);
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);

  while (pb_mbox_reader_next (reader, &error)) {
    g_autoptr (GBytes) message = read_message (reader);
    const PbMailMarks *marks = pb_mbox_reader_get_marks (reader);
    g_string_append_len (out, g_bytes_get_data (message, NULL),
                         (gssize) g_bytes_get_size (message));
    g_string_append_printf (out, "{%s", marks->letters);
    for (guint i = 0; marks->tags && i < marks->tags->len; i++)
      g_string_append_printf (out, ",%s", (char *) marks->tags->pdata[i]);
    g_string_append (out, marks->deleted ? "!}" : "}");
  }
  if (error)
    g_string_append (out, "error");
  else
    g_assert_cmpuint (pb_mbox_reader_get_position (reader), ==, length);
  return g_string_free (out, FALSE);
}

static const struct {
  const char *what;
  PbMboxFlavour flavour;
  const char *file;
  const char *expected;
} files[] = {
  { "empty", PB_MBOX_AUTO, "", "" },
  { "no mbox", PB_MBOX_AUTO, "Subject: a\n\nb\n", "error" },
  { "one", PB_MBOX_AUTO, F "A: 1\n\nb\n\n", "A: 1\n\nb\n{}" },
  { "two", PB_MBOX_AUTO, F "A: 1\n\nb\n\n" G "A: 2\n\nc\n\n", "A: 1\n\nb\n{}A: 2\n\nc\n{}" },
  { "no blank line", PB_MBOX_AUTO, F "A: 1\n\nb\n" G "A: 2\n\nc", "A: 1\n\nb\n{}A: 2\n\nc{}" },
  { "blank lines", PB_MBOX_AUTO, "\n\n" F "A: 1\n\n\n\n\n" G "A: 2\n\n", "A: 1\n\n\n\n{}A: 2\n{}" },
  { "rd", PB_MBOX_RD, F "A: 1\n\n>From x\n>>From y\n>>>From\n\n",
    "A: 1\n\nFrom x\n>From y\n>>>From\n{}" },
  { "auto is rd", PB_MBOX_AUTO, F "A: 1\n\n>>From y\n\n", "A: 1\n\n>From y\n{}" },
  { "o", PB_MBOX_O, F "A: 1\n\n>From x\n>>From y\n\n", "A: 1\n\nFrom x\n>>From y\n{}" },
  { "cl", PB_MBOX_CL, F "Content-Length: 12\n\n>From x\nend\n\n" G "A: 2\n\n",
    "Content-Length: 12\n\nFrom x\nend\n{}A: 2\n{}" },
  { "cl2", PB_MBOX_CL2, F "Content-Length: 55\n\n" F "b: c\n>From\n\n" G "A: 2\n\n",
    "Content-Length: 55\n\n" F "b: c\n>From\n{}A: 2\n{}" },
  { "cl2 found", PB_MBOX_AUTO, F "Content-Length: 56\n\n" F "b: >From \n>\n\n" G "A: 2\n\n",
    "Content-Length: 56\n\n" F "b: >From \n>\n{}A: 2\n{}" },
  { "cl found", PB_MBOX_AUTO, F "Content-Length: 8\n\n>From x\n\n" G "A: 2\n\n",
    "Content-Length: 8\n\nFrom x\n{}A: 2\n{}" },
  { "wrong length", PB_MBOX_AUTO, F "Content-Length: 3\n\nabcdefgh\n\n" G "A: 2\n\n",
    "Content-Length: 3\n\nabcdefgh\n{}A: 2\n{}" },
  { "negative length", PB_MBOX_CL2, F "Content-Length: -3\n\nabc\n\n",
    "Content-Length: -3\n\nabc\n{}" },
  { "huge length", PB_MBOX_CL2, F "Content-Length: 99999999999999999999\n\nabc\n\n",
    "Content-Length: 99999999999999999999\n\nabc\n{}" },
  { "text with From", PB_MBOX_AUTO, F "A: 1\n\n\nFrom here on: all\nFrom Monday 10:00\nx\n\n",
    "A: 1\n\n\nFrom here on: all\nFrom Monday 10:00\nx\n{}" },
  { "a date in the text", PB_MBOX_AUTO, F "A: 1\n\n\n" G "and no field\n\n",
    "A: 1\n\n\n" G "and no field\n{}" },
  { "crlf", PB_MBOX_AUTO,
    "From a@x Mon Jan  6 10:00:00 2020\r\nA: 1\r\n\r\n>From x\r\na\rb\r\n\r\nFrom b@x Mon Jan  6 "
    "10:00:00 2020\r\nA: 2\r\n\r\n",
    "A: 1\n\nFrom x\na\rb\n{}A: 2\n{}" },
  { "cr in lf", PB_MBOX_AUTO, F "A: 1\n\na\r\n\n", "A: 1\n\na\r\n{}" },
  { "zones", PB_MBOX_AUTO,
    "From - Mon Jan  6 10:00:00 2020\nA: 1\n\n\nFrom x@y Mon Jan  6 10:00:00 +0100 2020\nA: "
    "2\n\n",
    "A: 1\n\n{}A: 2\n{}" },
  { "bare address", PB_MBOX_AUTO, "From nobody\nA: 1\n\n\nFrom x@example.org\nA: 2\n\n",
    "A: 1\n\n{}A: 2\n{}" },
  { "status", PB_MBOX_AUTO, F "A: 1\nStatus: RO\nX-Status: AF\nX-Keywords: one, two\n\nb\n\n",
    "A: 1\nStatus: RO\nX-Status: AF\nX-Keywords: one, two\n\nb\n{SRF,one,two}" },
  { "thunderbird", PB_MBOX_AUTO,
    "From - Mon Jan  6 10:00:00 2020\nX-Account-Key: account1\nX-UIDL: 7\nX-Mozilla-Status: "
    "1007\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: $label1                \nA: 1\nX-UIDL: "
    "mine\n\nb\n\n",
    "A: 1\nX-UIDL: mine\n\nb\n{SRFP,$label1}" },
  { "expunged", PB_MBOX_AUTO, F "X-Mozilla-Status: 0009\nA: 1\n\n", "A: 1\n{S!}" },
  { "marks of ours", PB_MBOX_AUTO,
    "From a@x Mon Jan  6 10:00:00 2020 postbag:SF,a%20b,$x\nX-Mozilla-Status: 0001\nStatus: "
    "O\n\nb\n\nFrom a@x Mon Jan  6 10:00:00 2020 postbag:\ntext\n\n",
    "X-Mozilla-Status: 0001\nStatus: O\n\nb\n{SF,$x}text\n{}" },
  { "no message", PB_MBOX_AUTO, "From ", "{}" },
};

static void
test_cases (void) {
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *all = read_all (files[i].file, strlen (files[i].file), files[i].flavour);
    g_test_message ("%s", files[i].what);
    g_assert_cmpstr (all, ==, files[i].expected);
  }
}

static void
test_times (void) {
  static const struct {
    const char *line;
    gint64 time;
  } cases[] = {
    { F, T1 },
    { "From a Mon Jan 6 10:00 2020\n", T1 },
    { "From a Mon, 6 Jan 2020 11:00:00 +0100\n", T1 },
    { "From a@b Mon Jan  6 10:00:00 UTC 2020", T1 },
    { "From a Mon Foo  6 10:00:00 2020\n", G_MININT64 },
    { "From a Mon Jan 36 10:00:00 2020\n", G_MININT64 },
    { "From a Mon Jan  6 99:00:00 2020\n", G_MININT64 },
    { "From ", G_MININT64 },
    { "", G_MININT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (pb_mbox_line_get_time (cases[i].line, strlen (cases[i].line)), ==,
                     cases[i].time);
}

/* What is written comes back, byte for byte, with its marks. */
static void
test_round_trip (void) {
  static const char *const messages[] = {
    "",
    "\n",
    "\n\n\n",
    "text\n",
    "From x\n",
    F,
    F G,
    ">From \n>>From\n",
    "A: 1\n\nb\n",
    "A: 1\n\nb\n\n\n",
    "A: 1\nContent-Length: 1\n\nbody\n",
    "\r\n",
    "A: 1\r\n\r\nb\r\n",
    "X-Mozilla-Status: 0009\n\nb\n",
  };
  g_autofree char *text = NULL;
  size_t length;
  FILE *file = open_memstream (&text, &length);
  g_auto (PbMailMarks) marks = { "SR" };
  g_autoptr (GError) error = NULL;

  pb_mail_marks_add_tags (&marks, "$label1 büro");
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    g_autoptr (GBytes) message = g_bytes_new_static (messages[i], strlen (messages[i]));
    pb_mbox_append (file, i % 2 ? "two words" : "a@example.org", T1, &marks, message);
  }
  g_assert_cmpint (fclose (file), ==, 0);
  g_autoptr (PbMboxReader) reader = pb_mbox_reader_new (make_file (text, length), PB_MBOX_AUTO);
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    g_assert_true (pb_mbox_reader_next (reader, &error));
    g_assert_cmpint (pb_mbox_reader_get_time (reader), ==, T1);
    g_assert_cmpstr (pb_mbox_reader_get_marks (reader)->letters, ==, "SR");
    g_assert_cmpuint (pb_mbox_reader_get_marks (reader)->tags->len, ==, 2);
    g_autoptr (GBytes) message = read_message (reader);
    g_assert_cmpmem (g_bytes_get_data (message, NULL), g_bytes_get_size (message), messages[i],
                     strlen (messages[i]));
  }
  g_assert_false (pb_mbox_reader_next (reader, &error));
  g_assert_no_error (error);
}

/* Lines longer than what is held in memory, and line ends at its edges. */
static void
test_long_lines (void) {
  for (guint shift = 0; shift < 6; shift++) {
    g_autoptr (GString) file = g_string_new ("From a@x Mon Jan  6 10:00:00 2020\r\nA: 1\r\n\r\n");
    gsize head = file->len;
    for (guint i = 0; i < 700000 + shift; i++)
      g_string_append_c (file, 'x');
    for (guint i = 0; i < 100000; i++)
      g_string_append (file, "\r\n");
    g_string_append (file, "end\r\n\r\n");
    g_autofree char *all = read_all (file->str, file->len, PB_MBOX_AUTO);
    g_assert_cmpuint (strlen (all), ==, 6 + 700000 + shift + 100000 + 4 + 2);
    g_assert_cmpuint (head, ==, 43);
    g_assert_true (g_str_has_suffix (all, "\n\nend\n{}"));
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mbox/cases", test_cases);
  g_test_add_func ("/mbox/times", test_times);
  g_test_add_func ("/mbox/round-trip", test_round_trip);
  g_test_add_func ("/mbox/long-lines", test_long_lines);
  return g_test_run ();
}
