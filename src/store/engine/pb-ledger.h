/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* ledger.sqlite: the accounts, and what each server is known to have. State, not a cache; a commit
 * is durable when it returns. Store thread only. */

#pragma once

#include "pb-database.h"
#include "pb-digest.h"
#include "pb-mail-store.h"

G_BEGIN_DECLS

typedef struct _PbLedger PbLedger;

typedef struct {
  PbDigest digest;
  PbLedgerState state;
  gboolean has_uidl;
  gint64 first_seen;
  gint64 stored;
  gint64 next_try;
  gint64 absent;
  gboolean gone; /* the server confirmed that it removed it */
  PbDigest copy; /* in the name of its file: its own, unless it is a further name of a message */
  gboolean keep; /* it stays on the server */
} PbLedgerEntry;

PbLedger *pb_ledger_open (const char *path, gboolean check, PbDatabaseState *state, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void pb_ledger_close (PbLedger *self);
gboolean pb_ledger_is_damaged (PbLedger *self);

/* For the other files that hold SQL over the ledger. */
PbDatabase *pb_ledger_get_database (PbLedger *self);

gboolean pb_ledger_begin (PbLedger *self, GError **error);
/* Ends with pb_ledger_rollback (). */
gboolean pb_ledger_begin_reading (PbLedger *self, GError **error);
gboolean pb_ledger_commit (PbLedger *self, GError **error);
void pb_ledger_rollback (PbLedger *self);

/* Counts the index files that were made; see pb_index_open (). */
gint64 pb_ledger_get_index_number (PbLedger *self);
gboolean pb_ledger_set_index_number (PbLedger *self, gint64 number, GError **error);

/* ---- Accounts ---- */

/* Interned names (GPtrArray of const char *), in the order in which they were added. */
GPtrArray *pb_ledger_load_accounts (PbLedger *self, GError **error);
gboolean pb_ledger_add_account (PbLedger *self, const char *account_id, GError **error);

/* With its entries. */
gboolean pb_ledger_remove_account (PbLedger *self, const char *account_id, GError **error);

/* The number that stands for @account_id below; 0 and PB_ERROR_NOT_FOUND when there is no such
 * account. */
gint64 pb_ledger_find_account (PbLedger *self, const char *account_id, GError **error);

/* ---- Entries ---- */

/* *@found tells whether @entry was filled. */
gboolean pb_ledger_find (PbLedger *self,
                         gint64 account,
                         const PbDigest *digest,
                         PbLedgerEntry *entry,
                         gboolean *found,
                         GError **error);

/* GArray of PbLedgerEntry, in the order of the digests. */
GArray *pb_ledger_load (PbLedger *self, gint64 account, GError **error);

/* The complete messages of this content (PB_CONTENT_SIZE bytes) that are here or were deleted here
 * for good: GArray of PbLedgerEntry. */
GArray *
pb_ledger_load_content (PbLedger *self, gint64 account, const guint8 *content, GError **error);

/* The content digest of an entry, PB_CONTENT_SIZE bytes; *@found tells whether it is known. */
gboolean pb_ledger_get_content (PbLedger *self,
                                gint64 account,
                                const PbDigest *digest,
                                guint8 *content,
                                gboolean *found,
                                GError **error);

/* A message is durable here since @now. @identity may be NULL. @state: PB_LEDGER_STORED or
 * _PARTIAL. @fingerprint: empty where it tells nothing. */
gboolean pb_ledger_note_stored (PbLedger *self,
                                gint64 account,
                                const PbDigest *digest,
                                PbLedgerState state,
                                GBytes *identity,
                                const guint8 *content,
                                GBytes *fingerprint,
                                gint64 now,
                                GError **error);

/* A file with this digest is here, stored at @time as its name says. Known entries keep what is
 * better known. */
gboolean pb_ledger_note_found (PbLedger *self,
                               gint64 account,
                               const PbDigest *digest,
                               PbLedgerState state,
                               gint64 time,
                               GError **error);

/* The server listed it at @now. */
gboolean pb_ledger_note_listed (PbLedger *self,
                                gint64 account,
                                const PbDigest *digest,
                                const guint8 *uidl,
                                gsize length,
                                gint64 now,
                                GError **error);

/* The server calls the message in the entry @of by this name too. */
gboolean pb_ledger_note_copy (PbLedger *self,
                              gint64 account,
                              const PbDigest *digest,
                              GBytes *identity,
                              const PbDigest *of,
                              gint64 now,
                              GError **error);

/* Since @absent the server does not list it; @digest NULL: nothing of what it listed before. */
gboolean pb_ledger_note_absent (PbLedger *self,
                                gint64 account,
                                const PbDigest *digest,
                                gint64 absent,
                                GError **error);

/* The server confirmed at @now that it removed it. */
gboolean pb_ledger_note_gone (PbLedger *self,
                              gint64 account,
                              const PbDigest *digest,
                              gint64 now,
                              GError **error);

/* Under all its names; @digest is that in the name of the file. */
gboolean
pb_ledger_note_deleted (PbLedger *self, gint64 account, const PbDigest *digest, GError **error);

gboolean pb_ledger_note_refused (PbLedger *self,
                                 gint64 account,
                                 const PbDigest *digest,
                                 GBytes *identity,
                                 const char *reason,
                                 gint64 next_try,
                                 gint64 now,
                                 GError **error);

/* ---- Fingerprints ---- */

/* For every entry that is here in full, or was deleted here for good, and whose fingerprint tells
 * something. */
typedef void (*PbLedgerPrintFunc) (GBytes *fingerprint,
                                   const PbLedgerEntry *entry,
                                   gpointer user_data);
gboolean pb_ledger_foreach_fingerprint (PbLedger *self,
                                        gint64 account,
                                        PbLedgerPrintFunc func,
                                        gpointer user_data,
                                        GError **error);

/* Digests (GHashTable, a set of PbDigest) of what has a file here but no fingerprint or no content
 * digest yet. */
GHashTable *pb_ledger_load_blank (PbLedger *self, gint64 account, GError **error);

/* Only where there is none yet. @content: PB_CONTENT_SIZE bytes. */
gboolean pb_ledger_fill_blank (PbLedger *self,
                               gint64 account,
                               const PbDigest *digest,
                               GBytes *fingerprint,
                               const guint8 *content,
                               GError **error);

gboolean pb_ledger_forget (PbLedger *self, gint64 account, const PbDigest *digest, GError **error);

G_END_DECLS
