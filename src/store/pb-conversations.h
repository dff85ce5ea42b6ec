/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages by conversation. Which belong together is told by Message-ID, References and In-Reply-To
 * within an account, over all its folders and in whatever order they came. A message that names no
 * other one, but whose subject says that it is a reply or was forwarded, joins those of the same
 * subject between the same two people within 14 days. Mail that comes can join conversations which
 * were two; nothing divides one, deleting included (until the index is made anew).
 *
 * The list of one folder shows a conversation where it has a message in it. Since a message in any
 * folder can join two conversations, ask again when any folder of the account is "changed".
 * All calls as in pb-mail-store.h. */

#pragma once

#include "pb-mail-store.h"

G_BEGIN_DECLS

/* An immutable list of conversations, each with the ids of its messages: 8 bytes a message and 12 a
 * conversation. Counted, safe in every thread. */
typedef struct _PbConversations PbConversations;

PbConversations *pb_conversations_ref (PbConversations *self);
void pb_conversations_unref (PbConversations *self);

guint pb_conversations_get_count (PbConversations *self);

/* All messages of all conversations. */
guint pb_conversations_get_n_messages (PbConversations *self);

/* The name of the conversation at @place, by which it is known in another list too; when two become
 * one, the lower name stays. */
gint64 pb_conversations_get_id (PbConversations *self, guint place);

/* The ids of its messages in the order of the query, *@count of them and never none. Borrowed. */
const gint64 *pb_conversations_get_messages (PbConversations *self, guint place, guint *count);

/* The messages of @query, grouped: a conversation stands where its first message stands in that
 * order, so the newest message leads with PB_ORDER_NEWEST_FIRST. After an index was made anew, what
 * has not been looked at yet stands alone, and "changed" follows when it has. */
void pb_mail_store_query_conversations_async (PbMailStore *self,
                                              const PbQuery *query,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
PbConversations *
pb_mail_store_query_conversations_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* The ids (GArray of gint64, oldest first) of all messages in the conversation of @message, in all
 * folders of its account, trash and junk included. PB_ERROR_NOT_FOUND when @message is gone. */
void pb_mail_store_list_conversation_async (PbMailStore *self,
                                            gint64 message,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
GArray *
pb_mail_store_list_conversation_finish (PbMailStore *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbConversations, pb_conversations_unref)

G_END_DECLS
