/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Gathers the header block, then digests it field by field. No parser of messages: only names of
 * fields are looked at. */

#include "pb-fingerprint.h"

#include <string.h>

#define MAX_BYTES (256 * 1024)
#define PREFIX "\0fp"
#define PREFIX_SIZE (sizeof PREFIX - 1)

struct _PbFingerprint {
  GByteArray *block;
  gboolean complete;
};

static const char *const changing[] = { "status", "x-status", "x-uidl", "x-keywords", NULL };
static const char *const unique[] = { "message-id", "date", "received", NULL };

PbFingerprint *
pb_fingerprint_new (void) {
  PbFingerprint *self = g_new0 (PbFingerprint, 1);

  self->block = g_byte_array_sized_new (4096);
  return self;
}

void
pb_fingerprint_free (PbFingerprint *self) {
  g_byte_array_unref (self->block);
  g_free (self);
}

/* How much of the block, which grew at @from, belongs to the header; all of it when its end has not
 * come yet. */
static gsize
find_end (PbFingerprint *self, gsize from) {
  const guint8 *data = self->block->data;
  gsize length = self->block->len;

  for (gsize at = from; at < length; at++) {
    const guint8 *end = memchr (data + at, '\n', length - at);
    if (!end)
      return length;
    at = (gsize) (end - data);
    self->complete = at == 0 || data[at - 1] == '\n';
    if (self->complete)
      return at;
  }
  return length;
}

void
pb_fingerprint_feed (PbFingerprint *self, const guint8 *data, gsize length) {
  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || length == 0);

  if (self->complete || length == 0)
    return;
  guint before = self->block->len;
  g_byte_array_append (self->block, data, (guint) MIN (length, MAX_BYTES - before));
  g_byte_array_set_size (self->block, (guint) find_end (self, before));
  self->complete |= self->block->len == MAX_BYTES;
}

gboolean
pb_fingerprint_is_complete (const PbFingerprint *self) {
  g_return_val_if_fail (self != NULL, TRUE);

  return self->complete;
}

/* The line begins with one of @names and a colon. */
static gboolean
is_one_of (const guint8 *line, gsize length, const char *const *names) {
  for (; *names; names++) {
    gsize end = strlen (*names);
    if (length <= end || g_ascii_strncasecmp ((const char *) line, *names, end) != 0)
      continue;
    while (end < length && (line[end] == ' ' || line[end] == '\t'))
      end++;
    if (end < length && line[end] == ':')
      return TRUE;
  }
  return FALSE;
}

GBytes *
pb_fingerprint_finish (const PbFingerprint *self, gboolean *telling) {
  g_return_val_if_fail (self != NULL, NULL);

  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const guint8 *line = self->block->data;
  const guint8 *limit = line + self->block->len;
  gboolean skipped = FALSE, found = FALSE;
  guint8 digest[PB_FINGERPRINT_SIZE];
  gsize size = sizeof digest;

  while (line < limit) {
    const guint8 *end = memchr (line, '\n', (gsize) (limit - line));
    gsize length = (gsize) ((end ? end + 1 : limit) - line);
    if (*line != ' ' && *line != '\t') {
      skipped = is_one_of (line, length, changing);
      found |= is_one_of (line, length, unique);
    }
    if (!skipped)
      g_checksum_update (sum, line, (gssize) length);
    line += length;
  }
  g_checksum_get_digest (sum, digest, &size);
  if (telling)
    *telling = found;
  return g_bytes_new (digest, sizeof digest);
}

GBytes *
pb_fingerprint_to_identity (GBytes *fingerprint) {
  g_return_val_if_fail (fingerprint != NULL, NULL);

  guint8 identity[PREFIX_SIZE + PB_FINGERPRINT_SIZE];
  gsize size;
  const guint8 *data = g_bytes_get_data (fingerprint, &size);
  g_return_val_if_fail (size == PB_FINGERPRINT_SIZE, NULL);

  memcpy (identity, PREFIX, PREFIX_SIZE);
  memcpy (identity + PREFIX_SIZE, data, PB_FINGERPRINT_SIZE);
  return g_bytes_new (identity, sizeof identity);
}

GBytes *
pb_fingerprint_from_identity (GBytes *identity) {
  g_return_val_if_fail (identity != NULL, NULL);

  gsize size;
  const guint8 *data = g_bytes_get_data (identity, &size);
  if (size != PREFIX_SIZE + PB_FINGERPRINT_SIZE || memcmp (data, PREFIX, PREFIX_SIZE) != 0)
    return NULL;
  return g_bytes_new_from_bytes (identity, PREFIX_SIZE, PB_FINGERPRINT_SIZE);
}
