/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the messages behind an item of the list that stands for a conversation, and what
 * they come to together. */

#pragma once

#include "pb-mail-store.h"
#include "pb-message-item.h"

G_BEGIN_DECLS

/* Reads the rows of the conversation of @item, which has one, of the newest 200 messages; they are
 * set where it is still the same conversation then. */
void pb_conversation_rows_load (PbMailStore *store, PbMessageItem *item, GCancellable *cancellable);

/* The same for those of @items (id → PbMessageItem) that have one of the messages @changed (GArray
 * of gint64). */
void pb_conversation_rows_refresh (PbMailStore *store,
                                   GHashTable *items,
                                   GArray *changed,
                                   GCancellable *cancellable);

typedef struct {
  guint count; /* messages; 1 without a conversation */
  gboolean unread;
  gboolean starred;
  gboolean attachment;
  gboolean partial;
  gboolean answered; /* the leading one */
  char *people;      /* who wrote, oldest first, without isolates; owned */
} PbConversationSummary;

/* What a row of the list says of @item, the row of which was read. */
void pb_conversation_summary_init (PbConversationSummary *self, PbMessageItem *item);

/* The same of one message alone. */
void pb_conversation_summary_init_row (PbConversationSummary *self, const PbMessageRow *row);
void pb_conversation_summary_clear (PbConversationSummary *self);

/* TRUE when one of the messages that @item, which may be NULL, stands for has @flag. */
gboolean pb_conversation_rows_have (PbMessageItem *item, PbFlags flag);

/* The id of the message to read first: the oldest that is unread, else the leading one. */
gint64 pb_conversation_rows_pick (PbMessageItem *item);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PbConversationSummary, pb_conversation_summary_clear)

G_END_DECLS
