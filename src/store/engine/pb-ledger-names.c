/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* SQL over what makes two names one message: content, fingerprint, copies. */

#include "pb-ledger-private.h"

#include <string.h>

#include "pb-fingerprint.h"

G_STATIC_ASSERT (PB_LEDGER_STORED == 1 && PB_LEDGER_PARTIAL == 2 && PB_LEDGER_DELETED_HERE == 4);

GArray *
pb_ledger_load_content (PbLedger *self, gint64 account, const guint8 *content, GError **error) {
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (PbLedgerEntry));
  sqlite3_stmt *statement =
    pb_ledger_prepare (self,
                       "SELECT " PB_LEDGER_COLUMNS " FROM entry INDEXED BY entry_content"
                       "  WHERE account = ? AND content = ? AND state IN (1, 4)",
                       account, NULL, error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  sqlite3_bind_blob (statement, 2, content, PB_CONTENT_SIZE, SQLITE_STATIC);
  while (row) {
    PbLedgerEntry entry;
    if (!pb_database_step (self->db, statement, &row, error))
      return NULL;
    if (row && pb_ledger_read_entry (statement, &entry))
      g_array_append_val (entries, entry);
  }
  return g_steal_pointer (&entries);
}

gboolean
pb_ledger_get_content (PbLedger *self,
                       gint64 account,
                       const PbDigest *digest,
                       guint8 *content,
                       gboolean *found,
                       GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self, "SELECT content FROM entry WHERE account = ? AND digest = ? AND length (content) = 32",
    account, digest, error);

  G_STATIC_ASSERT (PB_CONTENT_SIZE == 32);
  if (!statement || !pb_database_step (self->db, statement, found, error))
    return FALSE;
  if (*found)
    memcpy (content, sqlite3_column_blob (statement, 0), PB_CONTENT_SIZE);
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
pb_ledger_note_copy (PbLedger *self,
                     gint64 account,
                     const PbDigest *digest,
                     GBytes *identity,
                     const PbDigest *of,
                     gint64 now,
                     GError **error) {
  sqlite3_stmt *statement = pb_ledger_prepare (
    self,
    "INSERT INTO entry"
    "  (account, digest, state, first_seen, stored, uidl, copy, content, fingerprint, keep)"
    "  SELECT account, ?2, state, ?3, stored, ?4, coalesce (copy, digest), content, fingerprint,"
    "  keep"
    "  FROM entry WHERE account = ?1 AND digest = ?5"
    "  ON CONFLICT (account, digest) DO UPDATE SET state = excluded.state,"
    "  stored = excluded.stored, uidl = excluded.uidl, copy = excluded.copy,"
    "  content = excluded.content, fingerprint = excluded.fingerprint,"
    "  keep = max (keep, excluded.keep), absent = 0, gone = 0, next_try = 0, reason = NULL",
    account, digest, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 3, now);
  pb_ledger_bind_identity (statement, 4, identity);
  sqlite3_bind_blob (statement, 5, of->bytes, PB_DIGEST_SIZE, SQLITE_STATIC);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_note_gone (PbLedger *self,
                     gint64 account,
                     const PbDigest *digest,
                     gint64 now,
                     GError **error) {
  sqlite3_stmt *statement =
    pb_ledger_prepare (self,
                       "UPDATE entry SET gone = 1, absent = iif (absent > 0, absent, ?3)"
                       "  WHERE account = ?1 AND digest = ?2",
                       account, digest, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 3, now);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_ledger_foreach_fingerprint (PbLedger *self,
                               gint64 account,
                               PbLedgerPrintFunc func,
                               gpointer user_data,
                               GError **error) {
  sqlite3_stmt *statement =
    pb_ledger_prepare (self,
                       "SELECT " PB_LEDGER_COLUMNS ", fingerprint FROM entry"
                       "  WHERE account = ? AND state IN (1, 4) AND length (fingerprint) = 32",
                       account, NULL, error);
  gboolean row = TRUE;

  G_STATIC_ASSERT (PB_FINGERPRINT_SIZE == 32);
  if (!statement)
    return FALSE;
  while (row) {
    PbLedgerEntry entry;
    if (!pb_database_step (self->db, statement, &row, error))
      return FALSE;
    if (!row || !pb_ledger_read_entry (statement, &entry))
      continue;
    const void *blob = sqlite3_column_blob (statement, PB_LEDGER_N_COLUMNS);
    g_autoptr (GBytes) fingerprint = g_bytes_new_static (blob, PB_FINGERPRINT_SIZE);
    func (fingerprint, &entry, user_data);
  }
  return TRUE;
}

GHashTable *
pb_ledger_load_blank (PbLedger *self, gint64 account, GError **error) {
  g_autoptr (GHashTable) digests =
    g_hash_table_new_full (pb_digest_hash, pb_digest_equal, g_free, NULL);
  sqlite3_stmt *statement = pb_ledger_prepare (self,
                                               "SELECT " PB_LEDGER_COLUMNS " FROM entry"
                                               "  WHERE account = ? AND state IN (1, 2)"
                                               "  AND (fingerprint IS NULL OR content IS NULL)",
                                               account, NULL, error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  while (row) {
    PbLedgerEntry entry;
    if (!pb_database_step (self->db, statement, &row, error))
      return NULL;
    if (row && pb_ledger_read_entry (statement, &entry))
      g_hash_table_add (digests, g_memdup2 (&entry.digest, sizeof entry.digest));
  }
  return g_steal_pointer (&digests);
}

gboolean
pb_ledger_fill_blank (PbLedger *self,
                      gint64 account,
                      const PbDigest *digest,
                      GBytes *fingerprint,
                      const guint8 *content,
                      GError **error) {
  sqlite3_stmt *statement =
    pb_ledger_prepare (self,
                       "UPDATE entry SET fingerprint = coalesce (fingerprint, ?3),"
                       "  content = coalesce (content, ?4) WHERE account = ?1 AND digest = ?2",
                       account, digest, error);

  if (!statement)
    return FALSE;
  pb_ledger_bind_identity (statement, 3, fingerprint);
  sqlite3_bind_blob (statement, 4, content, PB_CONTENT_SIZE, SQLITE_STATIC);
  return pb_database_run (self->db, statement, error);
}
