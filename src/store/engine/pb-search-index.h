/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* search.sqlite: the words of messages, under the ids that index.sqlite gave them, and searches
 * over both files. A cache: whatever is wrong with it, it is deleted and made anew. It holds no
 * text, only words and where they stand. What is deleted from the index is not found any more; its
 * words go when a file is made anew, which happens when there are many of them. Store thread
 * only. */

#pragma once

#include "pb-index.h"
#include "pb-search-text.h"
#include "pb-search.h"

G_BEGIN_DECLS

typedef struct _PbSearchIndex PbSearchIndex;

/* @index_path: of index.sqlite, which is only read; @number: which one it is (pb_index_open ());
 * @total: how many messages are in it. A file that belongs to another one, is damaged or too full
 * of what is gone is made anew. */
PbSearchIndex *pb_search_index_open (const char *path,
                                     const char *index_path,
                                     gint64 number,
                                     guint total,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Commits first. */
void pb_search_index_close (PbSearchIndex *self);

/* Up to this id nothing is missing. */
gint64 pb_search_index_get_seen (PbSearchIndex *self);

/* Messages above *@last whose words are not here, the newest last: adds them to @ids (gint64) and
 * moves *@last to the highest of them. */
gboolean
pb_search_index_list_missing (PbSearchIndex *self, gint64 *last, GArray *ids, GError **error);

/* Messages of which only the head is in the index and that have become complete. */
gboolean pb_search_index_list_completed (PbSearchIndex *self, GArray *ids, GError **error);

/* Opens the transaction that pb_search_index_commit () closes; what index.sqlite holds is not to be
 * asked for in between. FALSE also while another process adds. */
gboolean pb_search_index_begin (PbSearchIndex *self, GError **error);

/* @seen: up to this id nothing is missing now; 0 where that is not known. */
gboolean pb_search_index_commit (PbSearchIndex *self, gint64 seen, GError **error);

/* Best in the order of ids. @text: NULL for a message that cannot be read. */
gboolean pb_search_index_add (PbSearchIndex *self,
                              gint64 id,
                              gboolean partial,
                              const PbSearchText *text,
                              GError **error);

/* One step of joining what was added bit by bit. FALSE when there is nothing left to join, or on
 * an error. */
gboolean pb_search_index_merge (PbSearchIndex *self);

/* @folders: GPtrArray of PbIndexFolder, all there are; @total: messages in them. */
GArray *pb_search_index_search (PbSearchIndex *self,
                                PbSearchQuery *query,
                                const PbSearch *search,
                                GPtrArray *folders,
                                guint total,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
