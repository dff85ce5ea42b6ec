/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The queue behind pb-demo-output.h. */

#include "pb-demo-output.h"

#include <string.h>

/* From here on copying costs more than a write of its own. */
#define LARGE_BYTES (16 * 1024)

void
pb_demo_output_init (PbDemoOutput *self) {
  g_queue_init (&self->chunks);
  self->tail = g_byte_array_new ();
  self->offset = 0;
  self->length = 0;
}

void
pb_demo_output_clear (PbDemoOutput *self) {
  g_queue_clear_full (&self->chunks, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&self->tail, g_byte_array_unref);
}

static void
add_data (PbDemoOutput *self, gconstpointer data, gsize length) {
  g_byte_array_append (self->tail, data, (guint) length);
  self->length += length;
}

static void
close_tail (PbDemoOutput *self) {
  if (self->tail->len == 0)
    return;
  g_queue_push_tail (&self->chunks, g_byte_array_free_to_bytes (self->tail));
  self->tail = g_byte_array_new ();
}

void
pb_demo_output_add (PbDemoOutput *self, const char *text) {
  add_data (self, text, strlen (text));
}

void
pb_demo_output_add_format (PbDemoOutput *self, const char *format, ...) {
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  pb_demo_output_add (self, text);
}

void
pb_demo_output_add_bytes (PbDemoOutput *self, GBytes *bytes) {
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  if (length < LARGE_BYTES) {
    if (length > 0)
      add_data (self, data, length);
    return;
  }
  close_tail (self);
  g_queue_push_tail (&self->chunks, g_bytes_ref (bytes));
  self->length += length;
}

const guint8 *
pb_demo_output_peek (PbDemoOutput *self, gsize *length) {
  if (g_queue_is_empty (&self->chunks))
    close_tail (self);
  GBytes *first = g_queue_peek_head (&self->chunks);
  if (!first)
    return NULL;
  const guint8 *data = g_bytes_get_data (first, length);
  *length -= self->offset;
  return data + self->offset;
}

void
pb_demo_output_sent (PbDemoOutput *self, gsize length) {
  GBytes *first = g_queue_peek_head (&self->chunks);

  self->offset += length;
  self->length -= length;
  if (self->offset < g_bytes_get_size (first))
    return;
  g_bytes_unref (g_queue_pop_head (&self->chunks));
  self->offset = 0;
}
