/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message in the list, as an object that rows can watch. It exists only while somebody looks
 * at it; what it shows comes a moment later. */

#pragma once

#include "pb-message-row.h"

G_BEGIN_DECLS

#define PB_TYPE_MESSAGE_ITEM (pb_message_item_get_type ())
G_DECLARE_FINAL_TYPE (PbMessageItem, pb_message_item, PB, MESSAGE_ITEM, GObject)

/* Property "row" (PbMessageRow, NULL until it was read): notifies each time it is read again. */
PbMessageItem *pb_message_item_new (gint64 id);

gint64 pb_message_item_get_id (PbMessageItem *self);
const gint64 *pb_message_item_peek_id (PbMessageItem *self);

/* Borrowed; NULL until it was read. */
PbMessageRow *pb_message_item_get_row (PbMessageItem *self);
void pb_message_item_set_row (PbMessageItem *self, PbMessageRow *row);

/* TRUE when the row was read and has @flag. */
gboolean pb_message_item_has_flag (PbMessageItem *self, PbFlags flag);

G_END_DECLS
