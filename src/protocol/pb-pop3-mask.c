/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* In base64 a text looks in one of three ways, by where in a group of three bytes it begins; the
 * digits at its ends, which it shares with its neighbours, are left out. */

#include "pb-pop3-mask.h"

#include <string.h>

/* Fewer digits are found by chance. */
#define DIGITS_MIN 4

static gboolean
contains (const PbPop3Span *line, const char *text, gsize length) {
  return length > 0 && line->length >= length && memmem (line->data, line->length, text, length);
}

/* As base64 when @shift other bytes stand before it in its group. */
static gboolean
contains_encoded (const PbPop3Span *line, const char *secret, gsize length, gsize shift) {
  static const gsize shared[] = { 0, 2, 3 }; /* digits at the front */
  gsize whole = (shift + length) * 8 / 6;    /* digits without those shared at the end */
  char *padded = g_malloc0 (shift + length + 1);

  memcpy (padded + shift, secret, length);
  char *encoded = g_base64_encode ((const guchar *) padded, shift + length);
  gboolean found = whole >= shared[shift] + DIGITS_MIN &&
                   contains (line, encoded + shared[shift], whole - shared[shift]);
  explicit_bzero (padded, shift + length);
  g_free (padded);
  pb_secret_wipe (encoded);
  g_free (encoded);
  return found;
}

gboolean
pb_pop3_mask_is_needed (const PbSecret *secret, const PbPop3Span *line) {
  const char *text = secret ? pb_secret_peek (secret) : "";
  gsize length = strlen (text);

  if (length == 0 || line->length == 0)
    return FALSE;
  for (gsize shift = 0; shift < 3; shift++) {
    if (contains_encoded (line, text, length, shift))
      return TRUE;
  }
  return contains (line, text, length);
}
