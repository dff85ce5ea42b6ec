/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Digests by Nettle, which uses the processor's instructions for SHA-256 where it has them. */

#include "pb-digest.h"

#include <nettle/sha2.h>
#include <string.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

void
pb_digest_set (PbDigest *self, const char *account_id, const guint8 *identity, gsize length) {
  struct sha256_ctx context;

  sha256_init (&context);
  sha256_update (&context, strlen (account_id) + 1, (const guint8 *) account_id);
  sha256_update (&context, length, identity);
  sha256_digest (&context, PB_DIGEST_SIZE, self->bytes);
}

void
pb_digest_to_text (const PbDigest *self, char *text) {
  guint bits = 0, held = 0;

  for (guint i = 0; i < PB_DIGEST_SIZE; i++) {
    held = (held << 8) | self->bytes[i];
    for (bits += 8; bits >= 5; bits -= 5)
      *text++ = letters[(held >> (bits - 5)) & 31];
    held &= (1u << bits) - 1;
  }
  *text++ = letters[(held << (5 - bits)) & 31];
  *text = '\0';
}

gboolean
pb_digest_from_text (PbDigest *self, const char *text) {
  guint bits = 0, held = 0, used = 0;

  for (guint i = 0; i < PB_DIGEST_TEXT_LENGTH; i++) {
    const char *letter = text[i] ? strchr (letters, text[i]) : NULL;
    if (!letter)
      return FALSE;
    held = (held << 5) | (guint) (letter - letters);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      self->bytes[used++] = (guint8) (held >> bits);
      held &= (1u << bits) - 1;
    }
  }
  return used == PB_DIGEST_SIZE && held == 0;
}

int
pb_digest_compare (gconstpointer a, gconstpointer b) {
  return memcmp (a, b, PB_DIGEST_SIZE);
}

guint
pb_digest_hash (gconstpointer digest) {
  guint hash;

  memcpy (&hash, digest, sizeof hash);
  return hash;
}

gboolean
pb_digest_equal (gconstpointer a, gconstpointer b) {
  return memcmp (a, b, PB_DIGEST_SIZE) == 0;
}
