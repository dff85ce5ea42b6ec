/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GMime's decoders, fed slice by slice. */

#include "pb-transfer.h"

#include <string.h>

#include "pb-gmime.h"

#define SLICE 32768

static const GMimeContentEncoding encodings[] = {
  [PB_ENCODING_NONE] = GMIME_CONTENT_ENCODING_BINARY,
  [PB_ENCODING_BASE64] = GMIME_CONTENT_ENCODING_BASE64,
  [PB_ENCODING_QUOTED_PRINTABLE] = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
  [PB_ENCODING_UUENCODE] = GMIME_CONTENT_ENCODING_UUENCODE,
};

/* Uuencoded data starts behind its "begin" line. */
static gsize
skip_begin_line (const char *bytes, gsize length) {
  const char *begin =
    length >= 6 && memcmp (bytes, "begin ", 6) == 0 ? bytes : memmem (bytes, length, "\nbegin ", 7);
  const char *newline =
    begin ? memchr (begin + 1, '\n', length - (gsize) (begin + 1 - bytes)) : NULL;

  return newline ? (gsize) (newline + 1 - bytes) : 0;
}

gboolean
pb_transfer_decode (PbEncoding encoding,
                    const char *bytes,
                    gsize length,
                    PbTransferSink sink,
                    gpointer sink_data,
                    GCancellable *cancellable,
                    GError **error) {
  GMimeEncoding state;

  g_mime_encoding_init_decode (&state, encodings[encoding]);
  gsize position = 0;
  if (encoding == PB_ENCODING_UUENCODE) {
    position = skip_begin_line (bytes, length);
    state.state |= GMIME_UUDECODE_STATE_BEGIN;
  }
  g_autofree char *buffer = g_malloc (g_mime_encoding_outlen (&state, SLICE));

  while (position < length) {
    gsize slice = MIN (length - position, SLICE);
    const char *from = bytes + position;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    gsize size =
      encoding == PB_ENCODING_NONE ? slice : g_mime_encoding_step (&state, from, slice, buffer);
    const char *out = encoding == PB_ENCODING_NONE ? from : buffer;
    position += slice;
    if (position >= length && encoding != PB_ENCODING_NONE)
      size += g_mime_encoding_flush (&state, "", 0, buffer + size);
    if (size > 0 && !sink ((const guint8 *) out, size, sink_data, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  GString *out;
  gsize limit;
  gboolean cut;
} Collector;

/* Ends the decoding without an error when enough is there. */
static gboolean
collect (const guint8 *bytes, gsize length, gpointer data, GError **error) {
  Collector *self = data;
  gsize room = self->limit - self->out->len;

  self->cut = length > room;
  g_string_append_len (self->out, (const char *) bytes, (gssize) MIN (length, room));
  return !self->cut;
}

GString *
pb_transfer_decode_all (PbEncoding encoding,
                        const char *bytes,
                        gsize length,
                        gsize limit,
                        gboolean *cut) {
  Collector self = { .out = g_string_sized_new (MIN (length, limit) + 1), .limit = limit };

  pb_transfer_decode (encoding, bytes, length, collect, &self, NULL, NULL);
  if (cut)
    *cut = self.cut;
  return self.out;
}

static gboolean
count (const guint8 *bytes, gsize length, gpointer data, GError **error) {
  *(guint64 *) data += length;
  return TRUE;
}

/* Whole groups of base64 and nothing else need not be decoded to be counted, which is what a reader
 * would wait for with a large attachment. FALSE for what is not as it should be. */
static gboolean
count_tidy_base64 (const char *bytes, gsize length, guint64 *total) {
  static const guint8 letters[256] = {
    ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1, ['0' ... '9'] = 1, ['+'] = 1,
    ['/'] = 1,         ['\n'] = 2,        ['\r'] = 2,
  };
  guint64 count = 0;
  gsize i = 0, padding = 0;

  for (; i < length && letters[(guchar) bytes[i]]; i++)
    count += letters[(guchar) bytes[i]] & 1;
  for (; i < length && (bytes[i] == '=' || letters[(guchar) bytes[i]] == 2); i++)
    padding += bytes[i] == '=';
  *total = count / 4 * 3 + (count % 4 ? count % 4 - 1 : 0);
  return i == length && padding <= 2 && (count + padding) % 4 == 0 && count % 4 != 1;
}

guint64
pb_transfer_count (PbEncoding encoding, const char *bytes, gsize length) {
  guint64 total = 0;

  if (encoding == PB_ENCODING_NONE)
    return length;
  if (encoding == PB_ENCODING_BASE64 && count_tidy_base64 (bytes, length, &total))
    return total;
  total = 0;
  pb_transfer_decode (encoding, bytes, length, count, &total, NULL, NULL);
  return total;
}
