/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A block with a start and an end. What is left over when space is asked for is short (less than
 * a line), so moving it to the front costs nothing. */

#include "pb-input-buffer.h"

#include <string.h>

struct _PbInputBuffer {
  gsize capacity;
  gsize start;
  gsize end;
  gsize searched; /* from start: no LF in these bytes */
  guint8 data[];
};

PbInputBuffer *
pb_input_buffer_new (gsize capacity) {
  g_return_val_if_fail (capacity > 0, NULL);

  PbInputBuffer *self = g_malloc (sizeof (PbInputBuffer) + capacity);
  memset (self, 0, sizeof (PbInputBuffer));
  self->capacity = capacity;
  return self;
}

void
pb_input_buffer_free (PbInputBuffer *self) {
  g_free (self);
}

guint8 *
pb_input_buffer_get_space (PbInputBuffer *self, gsize *size) {
  if (self->start > 0) {
    memmove (self->data, self->data + self->start, self->end - self->start);
    self->end -= self->start;
    self->start = 0;
  }
  *size = self->capacity - self->end;
  return self->data + self->end;
}

void
pb_input_buffer_add (PbInputBuffer *self, gsize length) {
  g_return_if_fail (length <= self->capacity - self->end);

  self->end += length;
}

guint8 *
pb_input_buffer_peek (PbInputBuffer *self, gsize *length) {
  *length = self->end - self->start;
  return self->data + self->start;
}

void
pb_input_buffer_drop (PbInputBuffer *self, gsize length) {
  g_return_if_fail (length <= self->end - self->start);

  self->start += length;
  self->searched = 0;
}

PbLineEnd
pb_input_buffer_take_line (PbInputBuffer *self, gsize limit, guint8 **line, gsize *length) {
  guint8 *start = self->data + self->start;
  gsize held = self->end - self->start;
  const guint8 *lf = memchr (start + self->searched, '\n', held - self->searched);

  self->searched = held;
  if (!lf)
    return held > limit + 1 ? PB_LINE_TOO_LONG : PB_LINE_NONE;

  gsize size = (gsize) (lf - start);
  gboolean crlf = size > 0 && lf[-1] == '\r';
  *line = start;
  *length = crlf ? size - 1 : size;
  pb_input_buffer_drop (self, size + 1);
  if (*length > limit)
    return PB_LINE_TOO_LONG;
  return crlf ? PB_LINE_CRLF : PB_LINE_BARE_LF;
}
