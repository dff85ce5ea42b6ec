/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fuzz target: a body decoded in pieces must be the same as decoded at once, and neither may
 * leave its bounds. The first byte of the input chooses line ends and the size of the pieces. */

#include <string.h>

#include "pb-dot-codec.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

typedef struct {
  GByteArray *out;
  gsize consumed;
  gboolean done;
} Outcome;

static Outcome
decode (const guint8 *data, gsize size, gboolean bare_lf, gsize piece) {
  Outcome outcome = { .out = g_byte_array_new () };
  g_autoptr (GByteArray) held = g_byte_array_new ();
  PbDotDecoder decoder;

  pb_dot_decoder_init (&decoder, bare_lf);
  for (gsize at = 0; at < size && !outcome.done; at += piece) {
    gsize consumed, produced;
    g_byte_array_append (held, data + at, (guint) MIN (piece, size - at));
    /* In a block of its own size, so that a sanitizer sees a byte too many. */
    g_autofree guint8 *block = g_memdup2 (held->data, held->len);
    outcome.done = pb_dot_decoder_run (&decoder, block, held->len, &consumed, &produced);
    g_assert (produced <= consumed && consumed <= held->len);
    g_assert (outcome.done || held->len - consumed <= 2);
    g_byte_array_append (outcome.out, block, (guint) produced);
    if (consumed > 0)
      g_byte_array_remove_range (held, 0, (guint) consumed);
    outcome.consumed += consumed;
  }
  return outcome;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  if (size < 2)
    return 0;
  gboolean bare_lf = data[0] & 1;
  gsize piece = 1 + (data[0] >> 1);
  Outcome whole = decode (data + 1, size - 1, bare_lf, size);
  Outcome pieces = decode (data + 1, size - 1, bare_lf, piece);

  g_assert (whole.done == pieces.done && whole.consumed == pieces.consumed);
  g_assert (whole.out->len == pieces.out->len);
  g_assert (whole.out->len == 0 || memcmp (whole.out->data, pieces.out->data, whole.out->len) == 0);
  g_byte_array_unref (whole.out);
  g_byte_array_unref (pieces.out);
  return 0;
}
