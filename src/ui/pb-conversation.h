/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* All messages of one conversation, oldest first, wherever in the account they are, as
 * PbMessageItem that follow the store. What lies in the trash or in junk is left out, but for what
 * the list shows. Main context; never waits. */

#pragma once

#include "pb-mail-store.h"
#include "pb-message-item.h"

G_BEGIN_DECLS

#define PB_TYPE_CONVERSATION (pb_conversation_get_type ())
G_DECLARE_FINAL_TYPE (PbConversation, pb_conversation, PB, CONVERSATION, GObject)

/* That of @lead, an item of a list, which is itself one of the messages. The messages that the
 * list knows are there at once where their rows are, the others a moment later. */
PbConversation *pb_conversation_new (PbMailStore *store, PbMessageItem *lead);

/* Another item of the list stands for the same conversation now. */
void pb_conversation_set_lead (PbConversation *self, PbMessageItem *lead);

/* Of PbMessageItem; owned by the conversation. */
GListModel *pb_conversation_get_messages (PbConversation *self);

/* Borrowed; NULL when it is none of the messages. */
PbMessageItem *pb_conversation_find (PbConversation *self, gint64 id);

/* TRUE when @lead or a message it stands for is here. */
gboolean pb_conversation_matches (PbConversation *self, PbMessageItem *lead);

/* The next unread message after message @id, going round once; borrowed, NULL for none. */
PbMessageItem *pb_conversation_next_unread (PbConversation *self, gint64 id);

G_END_DECLS
