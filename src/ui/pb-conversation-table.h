/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which messages of a list stand behind which row: a compact copy of PbConversations that is asked
 * by id, so that it answers while the rows of a list move. Eight bytes a message and four a
 * conversation; a message that is alone costs nothing. Immutable. */

#pragma once

#include "pb-conversations.h"

G_BEGIN_DECLS

typedef struct _PbConversationTable PbConversationTable;

PbConversationTable *pb_conversation_table_new (PbConversations *conversations);
void pb_conversation_table_free (PbConversationTable *self);

/* The ids (GArray of gint64) of the leading messages, in the order of the list. */
GArray *pb_conversation_list_leads (PbConversations *conversations);

/* In what follows NULL is a table in which everything is alone. */

/* The messages of the conversation that @lead leads, @lead first; borrowed. NULL where it is alone
 * or leads none. */
const gint64 *pb_conversation_table_lookup (PbConversationTable *self, gint64 lead, guint *count);

/* The message that leads the conversation of @message; @message itself when it is alone. */
gint64 pb_conversation_table_find_lead (PbConversationTable *self, gint64 message);

/* All messages, those alone included; not of NULL. */
guint pb_conversation_table_get_n_messages (PbConversationTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbConversationTable, pb_conversation_table_free)

G_END_DECLS
