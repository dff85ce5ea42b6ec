/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The dot decoder: what it makes of every kind of line, and that the way in which the bytes
 * arrive makes no difference. */

#include <string.h>

#include "pb-dot-codec.h"

typedef struct {
  PbDotDecoder decoder;
  GByteArray *held; /* fed and not yet consumed */
  GByteArray *out;
  gsize consumed;
  gboolean done;
} Run;

static void
run_init (Run *run, gboolean bare_lf) {
  memset (run, 0, sizeof *run);
  pb_dot_decoder_init (&run->decoder, bare_lf);
  run->held = g_byte_array_new ();
  run->out = g_byte_array_new ();
}

static void
run_clear (Run *run) {
  g_byte_array_unref (run->held);
  g_byte_array_unref (run->out);
}

static void
run_feed (Run *run, const guint8 *bytes, gsize length) {
  gsize consumed, produced;

  if (run->done)
    return;
  g_byte_array_append (run->held, bytes, (guint) length);
  run->done =
    pb_dot_decoder_run (&run->decoder, run->held->data, run->held->len, &consumed, &produced);
  g_assert_cmpuint (produced, <=, consumed);
  g_assert_cmpuint (consumed, <=, run->held->len);
  if (!run->done)
    g_assert_cmpuint (run->held->len - consumed, <=, 2);
  g_byte_array_append (run->out, run->held->data, (guint) produced);
  if (consumed > 0)
    g_byte_array_remove_range (run->held, 0, (guint) consumed);
  run->consumed += consumed;
}

typedef struct {
  const char *name;
  gboolean bare_lf;
  const char *in;
  gsize in_length; /* 0: as long as the string */
  const char *out;
  gsize out_length;
  gssize consumed; /* -1: the end is not reached */
} Case;

static const Case cases[] = {
  { "empty body", FALSE, ".\r\n", 0, "", 0, 3 },
  { "one line", FALSE, "a\r\n.\r\n", 0, "a\n", 0, 6 },
  { "empty line", FALSE, "\r\n.\r\n", 0, "\n", 0, 5 },
  { "what follows is not touched", FALSE, "a\r\n.\r\n+OK\r\n", 0, "a\n", 0, 6 },
  { "stuffed dot", FALSE, "..\r\n.\r\n", 0, ".\n", 0, 7 },
  { "stuffed dots", FALSE, "...a\r\n..\r\n.\r\n", 0, "..a\n.\n", 0, 13 },
  { "dot that was not stuffed", FALSE, ".a\r\n.\r\n", 0, "a\n", 0, 7 },
  { "dot within", FALSE, "a.\r\nb.c\r\n.\r\n", 0, "a.\nb.c\n", 0, 12 },
  { "bare CR stays", FALSE, "a\rb\r\n\r\r\n.\r\n", 0, "a\rb\n\r\n", 0, 11 },
  { "bare LF stays and starts no line", FALSE, "a\n.\nb\n..c\r\n.\r\n", 0, "a\n.\nb\n..c\n", 0,
    14 },
  { "LF first", FALSE, "\n\r\n.\r\n", 0, "\n\n", 0, 6 },
  { "dot and bare LF is no end", FALSE, ".\na\r\n.\r\n", 0, "\na\n", 0, 8 },
  { "dot and bare CR is no end", FALSE, ".\ra\r\n.\r\n", 0, "\ra\n", 0, 8 },
  { "dot CR CR LF is no end", FALSE, ".\r\r\n.\r\n", 0, "\r\n", 0, 7 },
  { "NUL and 8-bit stay", FALSE, "\0\xff\r\n\0.\r\n.\r\n", 11, "\0\xff\n\0.\n", 6, 11 },
  { "no end", FALSE, "a\r\nb", 0, "a\nb", 0, -1 },
  { "CR at the end waits", FALSE, "a\r", 0, "a", 0, -1 },
  { "dot at the end waits", FALSE, "a\r\n.", 0, "a\n", 0, -1 },
  { "dot CR at the end waits", FALSE, "a\r\n.\r", 0, "a\n", 0, -1 },
  { "nothing", FALSE, "", 0, "", 0, -1 },
  { "LF server", TRUE, "a\n\n..b\n.\n", 0, "a\n\n.b\n", 0, 9 },
  { "LF server, empty body", TRUE, ".\n", 0, "", 0, 2 },
  { "LF server, CRLF body", TRUE, "a\r\n..\r\n.\r\n", 0, "a\n.\n", 0, 10 },
};

static void
check_outcome (const Case *c, const Run *run) {
  gsize length = c->out_length ? c->out_length : strlen (c->out);

  g_assert_cmpmem (run->out->data, run->out->len, c->out, length);
  g_assert_cmpint (run->done, ==, c->consumed >= 0);
  if (c->consumed >= 0)
    g_assert_cmpuint (run->consumed, ==, c->consumed);
}

static void
check_case (gconstpointer data) {
  const Case *c = data;
  gsize length = c->in_length ? c->in_length : strlen (c->in);
  const guint8 *in = (const guint8 *) c->in;

  for (gsize first = 0; first <= length; first++) {
    for (gsize second = first; second <= length; second++) {
      Run run;
      run_init (&run, c->bare_lf);
      run_feed (&run, in, first);
      run_feed (&run, in + first, second - first);
      run_feed (&run, in + second, length - second);
      check_outcome (c, &run);
      run_clear (&run);
    }
  }

  Run run;
  run_init (&run, c->bare_lf);
  for (gsize i = 0; i < length; i++)
    run_feed (&run, in + i, 1);
  check_outcome (c, &run);
  run_clear (&run);
}

/* A server's side: @content ends in LF or is empty. */
static GByteArray *
encode (const GByteArray *content) {
  GByteArray *out = g_byte_array_new ();
  gboolean at_line_start = TRUE;

  for (guint i = 0; i < content->len; i++) {
    guint8 c = content->data[i];
    if (at_line_start && c == '.')
      g_byte_array_append (out, (const guint8 *) ".", 1);
    if (c == '\n')
      g_byte_array_append (out, (const guint8 *) "\r", 1);
    g_byte_array_append (out, &c, 1);
    at_line_start = c == '\n';
  }
  g_byte_array_append (out, (const guint8 *) ".\r\n", 3);
  return out;
}

static GByteArray *
random_content (guint length) {
  static const guint8 letters[] = { '.', '.', '\r', '\n', 'a', 0, 0xff };
  GByteArray *content = g_byte_array_new ();

  for (guint i = 0; i < length; i++)
    g_byte_array_append (content, &letters[g_test_rand_int_range (0, G_N_ELEMENTS (letters))], 1);
  if (length > 0)
    g_byte_array_append (content, (const guint8 *) "\n", 1);
  return content;
}

static void
check_round_trip (const GByteArray *content, const GByteArray *wire, guint split) {
  Run run;

  run_init (&run, FALSE);
  run_feed (&run, wire->data, split);
  run_feed (&run, wire->data + split, wire->len - split);
  g_assert_true (run.done);
  g_assert_cmpuint (run.consumed, ==, wire->len);
  g_assert_cmpmem (run.out->data, run.out->len, content->data, content->len);
  run_clear (&run);
}

static void
test_round_trip (void) {
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (GByteArray) content = random_content ((guint) g_test_rand_int_range (0, 40));
    g_autoptr (GByteArray) wire = encode (content);
    for (guint split = 0; split <= wire->len; split++)
      check_round_trip (content, wire, split);
  }
}

static void
test_round_trip_chunks (void) {
  for (guint i = 0; i < 50; i++) {
    g_autoptr (GByteArray) content = random_content ((guint) g_test_rand_int_range (1000, 20000));
    g_autoptr (GByteArray) wire = encode (content);
    Run run;
    run_init (&run, FALSE);
    for (guint at = 0; at < wire->len;) {
      guint size = (guint) g_test_rand_int_range (1, 300);
      size = MIN (size, wire->len - at);
      run_feed (&run, wire->data + at, size);
      at += size;
    }
    g_assert_true (run.done);
    g_assert_cmpmem (run.out->data, run.out->len, content->data, content->len);
    run_clear (&run);
  }
}

/* Prints how fast it is; only with -m perf. */
static void
test_speed (void) {
  enum { SIZE = 16 * 1024, ROUNDS = 20000 };
  g_autofree guint8 *line = g_malloc (SIZE);
  g_autofree guint8 *buffer = g_malloc (SIZE);
  PbDotDecoder decoder;
  gsize consumed, produced;

  for (guint i = 0; i < SIZE; i++)
    line[i] = i % 78 == 76 ? '\r' : i % 78 == 77 ? '\n' : 'a';
  pb_dot_decoder_init (&decoder, FALSE);
  g_test_timer_start ();
  for (guint i = 0; i < ROUNDS; i++) {
    memcpy (buffer, line, SIZE);
    g_assert_false (pb_dot_decoder_run (&decoder, buffer, SIZE, &consumed, &produced));
  }
  double seconds = g_test_timer_elapsed ();
  g_test_maximized_result (SIZE * (double) ROUNDS / seconds / 1e6, "%.0f MB/s",
                           SIZE * (double) ROUNDS / seconds / 1e6);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/protocol/dot-codec/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], check_case);
  }
  g_test_add_func ("/protocol/dot-codec/round-trip", test_round_trip);
  g_test_add_func ("/protocol/dot-codec/round-trip-chunks", test_round_trip_chunks);
  if (g_test_perf ())
    g_test_add_func ("/protocol/dot-codec/speed", test_speed);
  return g_test_run ();
}
