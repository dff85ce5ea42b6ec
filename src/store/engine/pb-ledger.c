/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* SQL over the ledger. What follows from an entry is decided elsewhere. */

#include "pb-ledger-private.h"

#include <string.h>

#include "pb-error.h"
#include "pb-schema.h"

#define MAX_REASON_BYTES 500

PbLedger *
pb_ledger_open (const char *path, gboolean check, PbDatabaseState *state, GError **error) {
  PbDatabase *db = pb_database_open (path, TRUE, pb_schema_ledger, check, state, error);

  if (!db)
    return NULL;
  PbLedger *self = g_new0 (PbLedger, 1);
  self->db = db;
  return self;
}

void
pb_ledger_close (PbLedger *self) {
  if (!self)
    return;
  pb_database_close (self->db);
  g_free (self);
}

gboolean
pb_ledger_is_damaged (PbLedger *self) {
  return pb_database_is_damaged (self->db);
}

PbDatabase *
pb_ledger_get_database (PbLedger *self) {
  return self->db;
}

gboolean
pb_ledger_begin (PbLedger *self, GError **error) {
  return pb_database_begin (self->db, error);
}

gboolean
pb_ledger_begin_reading (PbLedger *self, GError **error) {
  return pb_database_begin_reading (self->db, error);
}

gboolean
pb_ledger_commit (PbLedger *self, GError **error) {
  return pb_database_commit (self->db, error);
}

void
pb_ledger_rollback (PbLedger *self) {
  pb_database_rollback (self->db);
}

gint64
pb_ledger_get_index_number (PbLedger *self) {
  return pb_database_get_number (self->db, "SELECT value FROM meta WHERE name = 'index_number'",
                                 -1);
}

gboolean
pb_ledger_set_index_number (PbLedger *self, gint64 number, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db, "INSERT OR REPLACE INTO meta (name, value) VALUES ('index_number', ?)", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  return pb_database_run (self->db, statement, error);
}

GPtrArray *
pb_ledger_load_accounts (PbLedger *self, GError **error) {
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "SELECT name FROM account ORDER BY id", error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  while (row) {
    if (!pb_database_step (self->db, statement, &row, error))
      return NULL;
    const char *name = row ? (const char *) sqlite3_column_text (statement, 0) : NULL;
    if (name)
      g_ptr_array_add (names, (gpointer) g_intern_string (name));
  }
  return g_steal_pointer (&names);
}

static gboolean
run_with_name (PbLedger *self, const char *sql, const char *name, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (self->db, sql, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_add_account (PbLedger *self, const char *account_id, GError **error) {
  return run_with_name (self, "INSERT OR IGNORE INTO account (name) VALUES (?)", account_id, error);
}

gboolean
pb_ledger_remove_account (PbLedger *self, const char *account_id, GError **error) {
  return run_with_name (self,
                        "DELETE FROM entry WHERE account = (SELECT id FROM account WHERE name = ?)",
                        account_id, error) &&
         run_with_name (self, "DELETE FROM account WHERE name = ?", account_id, error);
}

gint64
pb_ledger_find_account (PbLedger *self, const char *account_id, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "SELECT id FROM account WHERE name = ?", error);
  gboolean row;

  if (!statement)
    return 0;
  sqlite3_bind_text (statement, 1, account_id, -1, SQLITE_STATIC);
  if (!pb_database_step (self->db, statement, &row, error))
    return 0;
  if (!row) {
    g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no account “%s”", account_id);
    return 0;
  }
  gint64 id = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return id;
}

gboolean
pb_ledger_read_entry (sqlite3_stmt *statement, PbLedgerEntry *entry) {
  int state = sqlite3_column_int (statement, 1);

  if (sqlite3_column_bytes (statement, 0) != PB_DIGEST_SIZE || state < 0 ||
      state > PB_LEDGER_ELSEWHERE)
    return FALSE;
  memcpy (entry->digest.bytes, sqlite3_column_blob (statement, 0), PB_DIGEST_SIZE);
  entry->state = (PbLedgerState) state;
  entry->has_uidl = sqlite3_column_int (statement, 2) != 0;
  entry->first_seen = sqlite3_column_int64 (statement, 3);
  entry->stored = sqlite3_column_int64 (statement, 4);
  entry->next_try = sqlite3_column_int64 (statement, 5);
  entry->absent = sqlite3_column_int64 (statement, 6);
  entry->gone = sqlite3_column_int (statement, 7) != 0;
  entry->copy = entry->digest;
  if (sqlite3_column_bytes (statement, 8) == PB_DIGEST_SIZE)
    memcpy (entry->copy.bytes, sqlite3_column_blob (statement, 8), PB_DIGEST_SIZE);
  entry->keep = sqlite3_column_int (statement, 9) != 0;
  return TRUE;
}

sqlite3_stmt *
pb_ledger_prepare (PbLedger *self,
                   const char *sql,
                   gint64 account,
                   const PbDigest *digest,
                   GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (self->db, sql, error);

  if (statement) {
    sqlite3_bind_int64 (statement, 1, account);
    if (digest)
      sqlite3_bind_blob (statement, 2, digest->bytes, PB_DIGEST_SIZE, SQLITE_STATIC);
  }
  return statement;
}

gboolean
pb_ledger_find (PbLedger *self,
                gint64 account,
                const PbDigest *digest,
                PbLedgerEntry *entry,
                gboolean *found,
                GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self, "SELECT " PB_LEDGER_COLUMNS " FROM entry WHERE account = ? AND digest = ?", account,
    digest, error);

  if (!statement || !pb_database_step (self->db, statement, found, error))
    return FALSE;
  if (*found)
    *found = pb_ledger_read_entry (statement, entry);
  sqlite3_reset (statement);
  return TRUE;
}

GArray *
pb_ledger_load (PbLedger *self, gint64 account, GError **error) {
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (PbLedgerEntry));
  sqlite3_stmt *statement = pb_ledger_prepare (
    self, "SELECT " PB_LEDGER_COLUMNS " FROM entry WHERE account = ? ORDER BY digest", account,
    NULL, error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  while (row) {
    PbLedgerEntry entry;
    if (!pb_database_step (self->db, statement, &row, error))
      return NULL;
    if (row && pb_ledger_read_entry (statement, &entry))
      g_array_append_val (entries, entry);
  }
  return g_steal_pointer (&entries);
}

void
pb_ledger_bind_identity (sqlite3_stmt *statement, int place, GBytes *identity) {
  gsize length;
  const guint8 *data = identity ? g_bytes_get_data (identity, &length) : NULL;

  if (identity)
    sqlite3_bind_blob64 (statement, place, data ? data : (const guint8 *) "", length,
                         SQLITE_STATIC);
}

gboolean
pb_ledger_note_stored (PbLedger *self,
                       gint64 account,
                       const PbDigest *digest,
                       PbLedgerState state,
                       GBytes *identity,
                       const guint8 *content,
                       GBytes *fingerprint,
                       gint64 now,
                       GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self,
    "INSERT INTO entry (account, digest, state, first_seen, stored, uidl, content,"
    "  fingerprint) VALUES (?1, ?2, ?3, ?4, iif (?3 = 1, ?4, 0), ?5, ?6, ?7)"
    "  ON CONFLICT (account, digest) DO UPDATE SET state = excluded.state, stored = "
    "excluded.stored,"
    "  uidl = coalesce (excluded.uidl, uidl), content = excluded.content,"
    "  fingerprint = excluded.fingerprint, copy = NULL, gone = 0, next_try = 0, "
    "reason = NULL",
    account, digest, error);

  G_STATIC_ASSERT (PB_LEDGER_STORED == 1);
  if (!statement)
    return FALSE;
  sqlite3_bind_int (statement, 3, state);
  sqlite3_bind_int64 (statement, 4, now);
  pb_ledger_bind_identity (statement, 5, identity);
  sqlite3_bind_blob (statement, 6, content, PB_CONTENT_SIZE, SQLITE_STATIC);
  pb_ledger_bind_identity (statement, 7, fingerprint);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_note_found (PbLedger *self,
                      gint64 account,
                      const PbDigest *digest,
                      PbLedgerState state,
                      gint64 time,
                      GError **error) {
  sqlite3_stmt *statement =
    pb_ledger_prepare (self,
                       "INSERT INTO entry (account, digest, state, first_seen, stored)"
                       "  VALUES (?1, ?2, ?3, ?4, iif (?3 = 1, ?4, 0))"
                       "  ON CONFLICT (account, digest) DO UPDATE SET state = excluded.state,"
                       "  stored = iif (stored > 0, stored, excluded.stored) WHERE state != 1",
                       account, digest, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int (statement, 3, state);
  sqlite3_bind_int64 (statement, 4, time);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_note_listed (PbLedger *self,
                       gint64 account,
                       const PbDigest *digest,
                       const guint8 *uidl,
                       gsize length,
                       gint64 now,
                       GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self,
    "INSERT INTO entry (account, digest, state, first_seen, uidl) VALUES (?1, ?2, 0, ?3, ?4)"
    "  ON CONFLICT (account, digest) DO UPDATE SET absent = 0, gone = 0,"
    "  uidl = excluded.uidl",
    account, digest, error);

  G_STATIC_ASSERT (PB_LEDGER_UNKNOWN == 0);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 3, now);
  sqlite3_bind_blob64 (statement, 4, uidl, length, SQLITE_STATIC);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_note_absent (PbLedger *self,
                       gint64 account,
                       const PbDigest *digest,
                       gint64 absent,
                       GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self,
    digest ? "UPDATE entry SET absent = ?3 WHERE account = ?1 AND digest = ?2 AND absent = 0"
           : "UPDATE entry SET absent = ?3 WHERE account = ?1 AND absent = 0",
    account, digest, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 3, absent);
  return pb_database_run (self->db, statement, error);
}

static gboolean
run_deleted (PbLedger *self,
             const char *sql,
             gint64 account,
             const PbDigest *digest,
             GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (self, sql, account, digest, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int (statement, 3, PB_LEDGER_DELETED_HERE);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_note_deleted (PbLedger *self, gint64 account, const PbDigest *digest, GError **error) {
  return run_deleted (self, "UPDATE entry SET state = ?3 WHERE account = ?1 AND digest = ?2",
                      account, digest, error) &&
         run_deleted (self,
                      "UPDATE entry INDEXED BY entry_copy SET state = ?3"
                      "  WHERE account = ?1 AND copy = ?2",
                      account, digest, error);
}

gboolean
pb_ledger_note_refused (PbLedger *self,
                        gint64 account,
                        const PbDigest *digest,
                        GBytes *identity,
                        const char *reason,
                        gint64 next_try,
                        gint64 now,
                        GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self,
    "INSERT INTO entry (account, digest, state, first_seen, uidl, next_try, reason)"
    "  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (account, digest) DO UPDATE SET"
    "  state = iif (state = 0, excluded.state, state), next_try = excluded.next_try,"
    "  reason = excluded.reason",
    account, digest, error);

  if (!statement)
    return FALSE;
  g_autofree char *valid = g_utf8_make_valid (reason ? reason : "", -1);
  g_autofree char *cut =
    g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), MAX_REASON_BYTES / 4));
  sqlite3_bind_int (statement, 3, PB_LEDGER_REFUSED);
  sqlite3_bind_int64 (statement, 4, now);
  pb_ledger_bind_identity (statement, 5, identity);
  sqlite3_bind_int64 (statement, 6, next_try);
  sqlite3_bind_text (statement, 7, cut, -1, SQLITE_STATIC);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_forget (PbLedger *self, gint64 account, const PbDigest *digest, GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self, "DELETE FROM entry WHERE account = ? AND digest = ?", account, digest, error);

  return statement && pb_database_run (self->db, statement, error);
}
