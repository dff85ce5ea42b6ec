/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* SQL over heads. */

#include "pb-index-heads.h"

#include <string.h>

#include "pb-index-private.h"
#include "pb-maildir-name.h"

static PbSummary *
read_head (sqlite3_stmt *statement) {
  const PbSummary values = {
    .subject = pb_index_column_text (statement, 1),
    .from_name = pb_index_column_text (statement, 2),
    .from_address = pb_index_column_text (statement, 3),
    .date = sqlite3_column_type (statement, 4) == SQLITE_NULL ? G_MININT64
                                                              : sqlite3_column_int64 (statement, 4),
  };
  return pb_summary_new (&values);
}

/* The first column is the digest itself, or the name of a file that has it. */
static gboolean
read_digest (sqlite3_stmt *statement, PbDigest *digest) {
  if (sqlite3_column_type (statement, 0) == SQLITE_TEXT)
    return pb_maildir_name_get_digest (pb_index_column_text (statement, 0), digest);
  if (sqlite3_column_bytes (statement, 0) != PB_DIGEST_SIZE)
    return FALSE;
  memcpy (digest->bytes, sqlite3_column_blob (statement, 0), PB_DIGEST_SIZE);
  return TRUE;
}

static gboolean
walk (PbIndex *self,
      const char *sql,
      const char *account,
      PbIndexHeadFunc func,
      gpointer user_data,
      GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (self->db, sql, error);
  gboolean row = TRUE;

  if (!statement)
    return FALSE;
  sqlite3_bind_text (statement, 1, account, -1, SQLITE_STATIC);
  while (row) {
    PbDigest digest;
    if (!pb_database_step (self->db, statement, &row, error))
      return FALSE;
    if (!row || !read_digest (statement, &digest))
      continue;
    g_autoptr (PbSummary) head = read_head (statement);
    func (&digest, head, user_data);
  }
  return TRUE;
}

gboolean
pb_index_foreach_head (PbIndex *self,
                       const char *account,
                       PbIndexHeadFunc func,
                       gpointer user_data,
                       GError **error) {
  return walk (self,
               "SELECT digest, subject, from_name, from_address, date FROM head"
               "  WHERE account = ?",
               account, func, user_data, error) &&
         walk (self,
               "SELECT base, subject, from_name, from_address, date FROM message"
               "  WHERE folder IN (SELECT id FROM folder WHERE account = ?)",
               account, func, user_data, error);
}

gboolean
pb_index_keep_head (PbIndex *self,
                    const char *account,
                    const PbDigest *digest,
                    const PbSummary *head,
                    GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db,
                         "INSERT OR REPLACE INTO head"
                         "  (account, digest, subject, from_name, from_address, date)"
                         "  VALUES (?, ?, ?, ?, ?, ?)",
                         error);

  if (!statement)
    return FALSE;
  sqlite3_bind_text (statement, 1, account, -1, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 2, digest->bytes, PB_DIGEST_SIZE, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, head->subject, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, head->from_name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, head->from_address, -1, SQLITE_STATIC);
  if (head->date != G_MININT64)
    sqlite3_bind_int64 (statement, 6, head->date);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_index_trim_heads (PbIndex *self, guint limit, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db,
                         "DELETE FROM head WHERE rowid <= (SELECT rowid FROM head"
                         "  ORDER BY rowid DESC LIMIT 1 OFFSET ?)",
                         error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, limit);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_index_forget_heads (PbIndex *self, const char *account, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "DELETE FROM head WHERE account = ?", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_text (statement, 1, account, -1, SQLITE_STATIC);
  return pb_database_run (self->db, statement, error);
}
