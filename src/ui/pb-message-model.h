/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The messages of one place as a GListModel of PbMessageItem that follows the store. It holds
 * eight bytes per message; objects and rows exist for what is looked at (and a few pages around
 * it), so that 100,000 messages open as fast as a hundred. Main context; never waits. */

#pragma once

#include "pb-message-item.h"
#include "pb-place.h"
#include "pb-search.h"

G_BEGIN_DECLS

#define PB_TYPE_MESSAGE_MODEL (pb_message_model_get_type ())
G_DECLARE_FINAL_TYPE (PbMessageModel, pb_message_model, PB, MESSAGE_MODEL, GObject)

/* Property "loading" (boolean): the ids of a place that was just set are on their way.
 * Signal "updated": all "items-changed" of one change of the store were told. */
PbMessageModel *pb_message_model_new (PbMailStore *store);

/* Borrowed. */
PbMailStore *pb_message_model_get_store (PbMessageModel *self);

/* What to list; NULL for nothing. The list is empty until the ids have come. */
void pb_message_model_set_place (PbMessageModel *self, PbPlace *place);
PbPlace *pb_message_model_get_place (PbMessageModel *self);

/* Lists only what @text finds there, or, with @everywhere, in all folders; NULL or "" for all there
 * is. What was listed stays until the answer has come. A new place ends a search. */
void pb_message_model_set_search (PbMessageModel *self, const char *text, gboolean everywhere);

/* Borrowed; NULL without a search. */
PbSearchQuery *pb_message_model_get_search (PbMessageModel *self);
gboolean pb_message_model_get_loading (PbMessageModel *self);

/* TRUE between the first "items-changed" and the "updated" of one change: what went may come again
 * elsewhere. */
gboolean pb_message_model_get_updating (PbMessageModel *self);

/* One item for each conversation, led by its first message in the order of the place; its items
 * have pb_message_item_get_conversation (). FALSE at first. Positions, below, are those of
 * conversations then. */
void pb_message_model_set_grouped (PbMessageModel *self, gboolean grouped);

/* All messages listed, each of a conversation counted. */
guint pb_message_model_get_n_messages (PbMessageModel *self);

/* Appends the ids of all messages at @position, which must be listed, to @ids (GArray of gint64).
 * Makes no item. */
void pb_message_model_append_ids (PbMessageModel *self, guint position, GArray *ids);

/* Where message @id stands, if only in a conversation; FALSE when it is not listed. */
gboolean pb_message_model_find (PbMessageModel *self, gint64 id, guint *position);

/* Where the next unread message after @position stands (GTK_INVALID_LIST_POSITION, which is
 * G_MAXUINT, begins at the top), going round once. -1 without an error when there is none. */
void pb_message_model_find_unread_async (PbMessageModel *self,
                                         guint position,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gssize
pb_message_model_find_unread_finish (PbMessageModel *self, GAsyncResult *result, GError **error);

G_END_DECLS
