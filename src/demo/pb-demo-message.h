/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message of the demo server, ready to be sent: line ends CRLF, dots stuffed, complete last
 * line. An immutable value, shared by reference in the one thread of the server. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint refs;
  GBytes *wire; /* without the dot that ends it */
  char *uid;
  gsize size; /* octets as LIST counts them: CRLF, without stuffing */
} PbDemoMessage;

/* @bytes is kept by reference where nothing in it has to be changed. */
PbDemoMessage *pb_demo_message_new (GBytes *bytes, const char *uid);
PbDemoMessage *pb_demo_message_ref (PbDemoMessage *self);
void pb_demo_message_unref (PbDemoMessage *self);

/* The head, the empty line and the first @lines lines of the body, as a part of the wire form. */
GBytes *pb_demo_message_get_top (PbDemoMessage *self, guint64 lines);

G_END_DECLS
