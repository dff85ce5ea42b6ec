/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which messages of the index belong together. Every message id that was ever named, and every
 * subject between two people, points to a conversation; conversations that turn out to be one are
 * merged into the one with the lowest name, which is the id of its first message. What belongs
 * together does not depend on the order of arrival: every rule is about two messages and holds in
 * both directions. Store thread only. */

#pragma once

#include "pb-index.h"

G_BEGIN_DECLS

typedef struct _PbThreads PbThreads;

void pb_threads_free (PbThreads *self);

/* Gives conversations to up to *@left messages that have none, which becomes less by as many. */
gboolean pb_threads_assign (PbIndex *index, guint *left, GError **error);

/* @incomplete: somebody was told of messages without a conversation. When the last one has its own,
 * the folders count as changed. */
void pb_threads_expect (PbIndex *index, gboolean incomplete);

/* The conversation of each of @ids (GArray of gint64); that of a message without one is itself. To
 * be freed with g_free (). */
gint64 *pb_threads_find_all (PbIndex *index, GArray *ids, GError **error);

/* As pb_mail_store_list_conversation_async (). */
GArray *pb_threads_list (PbIndex *index, gint64 message, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbThreads, pb_threads_free)

G_END_DECLS
