/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* SQL over the remarks of the ledger. */

#include "pb-ledger-remarks.h"

#include <string.h>

#include "pb-ledger-private.h"

static void
remark_free (gpointer data) {
  PbLedgerRemark *remark = data;

  g_free (remark->reason);
  g_free (remark);
}

static void
add_remark (GHashTable *remarks, sqlite3_stmt *statement) {
  const char *reason = (const char *) sqlite3_column_text (statement, 2);

  if (sqlite3_column_bytes (statement, 0) != PB_DIGEST_SIZE)
    return;
  PbLedgerRemark *remark = g_new0 (PbLedgerRemark, 1);
  memcpy (remark->digest.bytes, sqlite3_column_blob (statement, 0), PB_DIGEST_SIZE);
  remark->wanted = sqlite3_column_int (statement, 1) != 0;
  remark->reason = g_strdup (reason);
  g_hash_table_replace (remarks, &remark->digest, remark);
}

GHashTable *
pb_ledger_load_remarks (PbLedger *self, gint64 account, GError **error) {
  g_autoptr (GHashTable) remarks =
    g_hash_table_new_full (pb_digest_hash, pb_digest_equal, NULL, remark_free);
  PbDatabase *db = pb_ledger_get_database (self);
  sqlite3_stmt *statement =
    pb_database_prepare (db,
                         "SELECT digest, wanted, reason FROM entry"
                         "  WHERE account = ? AND (wanted != 0 OR reason IS NOT NULL)",
                         error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, account);
  while (row) {
    if (!pb_database_step (db, statement, &row, error))
      return NULL;
    if (row)
      add_remark (remarks, statement);
  }
  return g_steal_pointer (&remarks);
}

static gboolean
run_remark (PbDatabase *db,
            const char *sql,
            gint64 account,
            const PbDigest *digest,
            GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (db, sql, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_blob (statement, 2, digest->bytes, PB_DIGEST_SIZE, SQLITE_STATIC);
  return pb_database_run (db, statement, error);
}

gboolean
pb_ledger_note_wanted (PbLedger *self, gint64 account, const PbDigest *digest, GError **error) {
#define WANTED " SET wanted = 1, next_try = 0 WHERE account = ?1 AND "
  PbDatabase *db = pb_ledger_get_database (self);

  return run_remark (db, "UPDATE entry" WANTED "digest = ?2", account, digest, error) &&
         run_remark (db, "UPDATE entry INDEXED BY entry_copy" WANTED "copy = ?2", account, digest,
                     error);
#undef WANTED
}

/* @change for an entry and all that have the same file as it; each is found by an index. */
#define RUN_ON_ALL_NAMES(change, more)                                                             \
  (run_remark (db, "UPDATE entry SET " change " WHERE account = ?1 AND digest = ?2" more, account, \
               digest, error) &&                                                                   \
   run_remark (db,                                                                                 \
               "UPDATE entry SET " change " WHERE account = ?1 AND digest ="                       \
               "  (SELECT copy FROM entry WHERE account = ?1 AND digest = ?2)" more,               \
               account, digest, error) &&                                                          \
   run_remark (                                                                                    \
     db,                                                                                           \
     "UPDATE entry INDEXED BY entry_copy SET " change " WHERE account = ?1 AND copy ="             \
     "  coalesce ((SELECT copy FROM entry WHERE account = ?1 AND digest = ?2), ?2)" more,          \
     account, digest, error))

gboolean
pb_ledger_set_keep (PbLedger *self,
                    gint64 account,
                    const PbDigest *digest,
                    gboolean keep,
                    GError **error) {
  PbDatabase *db = pb_ledger_get_database (self);

  return keep ? RUN_ON_ALL_NAMES ("keep = 1", "") : RUN_ON_ALL_NAMES ("keep = 0", "");
}

gboolean
pb_ledger_forget_deleted (PbLedger *self, gint64 account, const PbDigest *digest, GError **error) {
  PbDatabase *db = pb_ledger_get_database (self);

  G_STATIC_ASSERT (PB_LEDGER_DELETED_HERE == 4);
  return RUN_ON_ALL_NAMES ("state = 0, stored = 0, content = NULL", " AND state = 4");
}

gboolean
pb_ledger_note_elsewhere (PbLedger *self,
                          gint64 account,
                          const PbDigest *digest,
                          GBytes *identity,
                          gint64 now,
                          gboolean *added,
                          GError **error) {
  PbDatabase *db = pb_ledger_get_database (self);
  PbLedgerEntry entry;
  gboolean found;

  *added = FALSE;
  if (!pb_ledger_find (self, account, digest, &entry, &found, error))
    return FALSE;
  if (found)
    return TRUE;
  sqlite3_stmt *statement = pb_database_prepare (
    db, "INSERT INTO entry (account, digest, state, first_seen, uidl) VALUES (?, ?, ?, ?, ?)",
    error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, account);
  sqlite3_bind_blob (statement, 2, digest->bytes, PB_DIGEST_SIZE, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, PB_LEDGER_ELSEWHERE);
  sqlite3_bind_int64 (statement, 4, now);
  pb_ledger_bind_identity (statement, 5, identity);
  *added = TRUE;
  return pb_database_run (db, statement, error);
}
