/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Above the message: one line for each message of its conversation, the one that is shown marked;
 * another is a click or an arrow key away. Not there where a message stands alone. Decides which
 * message of a conversation is shown. */

#pragma once

#include <gtk/gtk.h>

#include "pb-mail-store.h"
#include "pb-message-item.h"

G_BEGIN_DECLS

#define PB_TYPE_CONVERSATION_STRIP (pb_conversation_strip_get_type ())
G_DECLARE_FINAL_TYPE (PbConversationStrip, pb_conversation_strip, PB, CONVERSATION_STRIP, GtkWidget)

/* Signal "chosen" (PbMessageItem or NULL): this message is to be shown. */

/* Once, before an item is set. */
void pb_conversation_strip_set_store (PbConversationStrip *self, PbMailStore *store);

/* What is selected in the list, NULL for nothing. @grouped: it stands for its conversation, of
 * which the first unread message is chosen, else the newest; another item of the conversation that
 * is here leaves what was chosen. Without, the item itself is. */
void
pb_conversation_strip_set_item (PbConversationStrip *self, PbMessageItem *item, gboolean grouped);

/* Chooses the next unread message of the conversation; FALSE when there is none. */
gboolean pb_conversation_strip_next_unread (PbConversationStrip *self);

G_END_DECLS
