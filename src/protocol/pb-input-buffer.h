/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The bytes that came and are not yet understood: one block of fixed size into which the stream
 * reads and in which the protocol works. It never grows. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PbInputBuffer PbInputBuffer;

PbInputBuffer *pb_input_buffer_new (gsize capacity);
void pb_input_buffer_free (PbInputBuffer *self);

/* Where the next bytes may be written, and how many; *@size is 0 only when the buffer is full.
 * Moves what is held, so that pointers into the buffer become invalid. */
guint8 *pb_input_buffer_get_space (PbInputBuffer *self, gsize *size);

/* @length bytes were written there. */
void pb_input_buffer_add (PbInputBuffer *self, gsize length);

/* What is held, from the oldest byte. */
guint8 *pb_input_buffer_peek (PbInputBuffer *self, gsize *length);

/* Drops the oldest @length bytes. Moves nothing. */
void pb_input_buffer_drop (PbInputBuffer *self, gsize length);

typedef enum {
  PB_LINE_NONE, /* not there yet */
  PB_LINE_CRLF,
  PB_LINE_BARE_LF,
  PB_LINE_TOO_LONG, /* no end within the limit */
} PbLineEnd;

/* Takes the oldest line without its end; it stays valid until the next get_space (). @limit
 * counts without the end. */
PbLineEnd
pb_input_buffer_take_line (PbInputBuffer *self, gsize limit, guint8 **line, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbInputBuffer, pb_input_buffer_free)

G_END_DECLS
