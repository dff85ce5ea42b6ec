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

/* The messages of the conversation for which this one stands in the list, this one first (newest
 * first where the list is); borrowed. NULL, and @count is left alone, where it stands for
 * itself. */
const gint64 *pb_message_item_get_conversation (PbMessageItem *self, guint *count);

/* Copies @ids; NULL for none. TRUE when it was another one. */
gboolean pb_message_item_set_conversation (PbMessageItem *self, const gint64 *ids, guint count);

/* The rows of its messages (PbMessageRow or NULL, in their order, perhaps not of all); NULL until
 * they were read, and without a conversation. Setting notifies "row". */
GPtrArray *pb_message_item_get_rows (PbMessageItem *self);
void pb_message_item_set_rows (PbMessageItem *self, GPtrArray *rows);

/* TRUE when the row was read and has @flag. */
gboolean pb_message_item_has_flag (PbMessageItem *self, PbFlags flag);

G_END_DECLS
