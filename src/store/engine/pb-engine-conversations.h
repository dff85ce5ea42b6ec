/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations as the engine answers for them; contracts in pb-conversations.h. */

#pragma once

#include "pb-conversations.h"
#include "pb-engine.h"

G_BEGIN_DECLS

PbConversations *
pb_engine_query_conversations (PbEngine *self, const PbQuery *query, GError **error);
GArray *pb_engine_list_conversation (PbEngine *self, gint64 message, GError **error);

/* One slice of finding the conversation of messages that have none yet. FALSE when nothing is
 * left. */
gboolean pb_engine_fill_conversations (PbEngine *self);

G_END_DECLS
