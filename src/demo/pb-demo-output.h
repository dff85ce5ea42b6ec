/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What waits to be sent to one client. Small pieces are gathered, large ones kept by reference. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GQueue chunks;    /* of GBytes, in order */
  GByteArray *tail; /* gathered behind the chunks */
  gsize offset;     /* of the first chunk, already sent */
  gsize length;     /* of all that waits */
} PbDemoOutput;

void pb_demo_output_init (PbDemoOutput *self);
void pb_demo_output_clear (PbDemoOutput *self);

void pb_demo_output_add (PbDemoOutput *self, const char *text);
void pb_demo_output_add_format (PbDemoOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void pb_demo_output_add_bytes (PbDemoOutput *self, GBytes *bytes);

/* The first run of bytes, NULL when nothing waits; the same one until pb_demo_output_sent (). */
const guint8 *pb_demo_output_peek (PbDemoOutput *self, gsize *length);
void pb_demo_output_sent (PbDemoOutput *self, gsize length);

G_END_DECLS
