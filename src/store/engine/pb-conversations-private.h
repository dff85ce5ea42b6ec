/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making of PbConversations. */

#pragma once

#include "pb-conversations.h"

G_BEGIN_DECLS

/* @ids (GArray of gint64) in order; @names has the conversation of each. */
PbConversations *pb_conversations_new (GArray *ids, const gint64 *names) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
