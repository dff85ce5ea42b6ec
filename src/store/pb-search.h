/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Search in a PbMailStore. The text of messages goes into its index in the background, the newest
 * first, whenever the store has nothing else to do: right after opening or a delivery some may be
 * missing, which PbMailStore:search-missing tells (uint, notifies). Of a message the first 8 MiB
 * are read, and 1 MiB of its text. Errors as in pb-mail-store.h.
 *
 * On disk: search.sqlite beside index.sqlite, a cache like that; it may be deleted. */

#pragma once

#include "pb-mail-store.h"
#include "pb-search-query.h"

G_BEGIN_DECLS

typedef enum {
  PB_SEARCH_NEWEST_FIRST,
  PB_SEARCH_BEST_FIRST, /* the newer of equals first; beyond 20,000 found, newest first */
} PbSearchOrder;

typedef struct {
  const char *text;  /* as typed, untrusted; see pb-search-query.h */
  gint64 folder_id;  /* only there; 0 for all of @role */
  PbFolderRole role; /* PB_FOLDER_ANY: everything but trash and junk, unless "in:" says more */
  PbSearchOrder order;
  guint limit; /* at most so many, the first ones; 0 for all */
} PbSearch;

/* Finishes with a GArray of gint64 ids in order. Cancelling stops it wherever it is, at once: for
 * results while typing, cancel the last search and start the next. *@missing (may be NULL): how
 * many messages have no text in the index yet; these are found only by what else the query asks
 * for. */
void pb_mail_store_search_async (PbMailStore *self,
                                 const PbSearch *search,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GArray *pb_mail_store_search_finish (PbMailStore *self,
                                     GAsyncResult *result,
                                     guint *missing,
                                     GError **error);

/* How many messages have no text in the index yet, as far as the main context was told. */
guint pb_mail_store_get_search_missing (PbMailStore *self);

/* Completes when every message that is here now has its text in the index. Cancelling ends the
 * waiting. */
void pb_mail_store_index_text_async (PbMailStore *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean pb_mail_store_index_text_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* For up to 100 rows that are shown: a piece of each body with what @text looks for, of at most 200
 * characters. Reads their files. GPtrArray of char *, in the order of @ids, NULL where the body
 * does not have it (then the preview of the row serves). */
void pb_mail_store_load_snippets_async (PbMailStore *self,
                                        const char *text,
                                        const gint64 *ids,
                                        guint count,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GPtrArray *
pb_mail_store_load_snippets_finish (PbMailStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
