/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store does to disk and databases, as plain blocking calls. Everything but pb_engine_new
 * () is called in the store thread. The contract of each operation is in pb-mail-store.h. */

#pragma once

#include "pb-mail-store.h"
#include "pb-notice.h"
#include "pb-search.h"

G_BEGIN_DECLS

typedef struct _PbEngine PbEngine;

/* A job. When it fails it has left no transaction open. */
typedef gboolean (*PbEngineFunc) (PbEngine *self, gpointer state, GError **error);

/* Takes @notice. Touches nothing yet. */
PbEngine *pb_engine_new (const char *data_dir, PbNotice *notice) G_GNUC_WARN_UNUSED_RESULT;
void pb_engine_free (PbEngine *self);

/* A PbEngineFunc, the only one that may be performed before it succeeded. */
gboolean pb_engine_open (PbEngine *self, gpointer unused, GError **error);
gboolean pb_engine_close (PbEngine *self, GError **error);

/* Runs @func; mends a database that was found damaged, then runs it again when @repeatable; tells
 * the main context what changed. */
gboolean pb_engine_perform (PbEngine *self,
                            PbEngineFunc func,
                            gpointer state,
                            gboolean repeatable,
                            GError **error);

/* From now on, what other programs do in the folders is noticed when it happens. @worker runs this
 * engine. */
struct _PbWorker;
void pb_engine_watch (PbEngine *self, struct _PbWorker *worker);

/* One slice of what can wait. FALSE when nothing is left. */
gboolean pb_engine_do_upkeep (PbEngine *self);

/* One slice of taking the words of messages. FALSE when nothing is left, or only what has to wait;
 * *@more: there are messages whose words can be taken at once. */
gboolean pb_engine_index_text (PbEngine *self, gboolean *more);

/* TRUE while a delivery is open. */
gboolean pb_engine_is_receiving (PbEngine *self);

/* ---- Accounts ---- */

gboolean pb_engine_add_account (PbEngine *self, const char *account_id, GError **error);
gboolean pb_engine_remove_account (PbEngine *self,
                                   const char *account_id,
                                   gboolean delete_mail,
                                   GError **error);
gboolean pb_engine_lock_account (PbEngine *self, const char *account_id, GError **error);
void pb_engine_unlock_account (PbEngine *self, const char *account_id);

/* ---- Receiving ---- */

/* GArray of PbLedgerRow. *@missing: as in pb_mail_store_match_listing_get_missing (). */
GArray *pb_engine_match_listing (PbEngine *self,
                                 const char *account_id,
                                 PbListing *listing,
                                 guint *missing,
                                 GError **error);
GArray *pb_engine_adopt (PbEngine *self,
                         const char *account_id,
                         GPtrArray *identities,
                         GPtrArray *fingerprints,
                         GError **error);
gboolean pb_engine_note_refused (PbEngine *self,
                                 const char *account_id,
                                 GBytes *identity,
                                 const char *reason,
                                 gint64 next_try,
                                 GError **error);
gboolean pb_engine_note_removed (PbEngine *self,
                                 const char *account_id,
                                 GPtrArray *identities,
                                 GError **error);

/* How many were new to the ledger; -1 on errors. */
int pb_engine_note_seen_elsewhere (PbEngine *self,
                                   const char *account_id,
                                   GPtrArray *identities,
                                   GError **error);

gboolean pb_engine_want_rest (PbEngine *self, const gint64 *ids, guint count, GError **error);

/* ---- Reading ---- */

GArray *pb_engine_query (PbEngine *self, const PbQuery *query, GError **error);
GPtrArray *pb_engine_load_rows (PbEngine *self, const gint64 *ids, guint count, GError **error);
GBytes *pb_engine_load_message (PbEngine *self, gint64 id, char **path, GError **error);

/* @query: the parsed text of @search. *@missing: messages whose words are not in the index yet. */
GArray *pb_engine_search (PbEngine *self,
                          const PbSearch *search,
                          PbSearchQuery *query,
                          guint *missing,
                          GCancellable *cancellable,
                          GError **error);
GPtrArray *pb_engine_load_snippets (PbEngine *self,
                                    PbSearchQuery *query,
                                    const gint64 *ids,
                                    guint count,
                                    GCancellable *cancellable,
                                    GError **error);

/* ---- Changing ---- */

gboolean pb_engine_set_flags (PbEngine *self,
                              const gint64 *ids,
                              guint count,
                              PbFlags add,
                              PbFlags remove,
                              GError **error);
gboolean
pb_engine_move (PbEngine *self, const gint64 *ids, guint count, gint64 folder_id, GError **error);
gboolean pb_engine_delete (PbEngine *self, const gint64 *ids, guint count, GError **error);

G_END_DECLS
