/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Copying of ledger rows between files. A damaged file may hold nonsense: a row is believed only
 * where its parts agree with each other, because one that says "deleted here" keeps a message from
 * being fetched. */

#include "pb-ledger-backup.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pb-disk.h"
#include "pb-fingerprint.h"
#include "pb-ledger-private.h"

#define COLUMNS                                                                           \
  "account, digest, state, first_seen, stored, next_try, absent, uidl, content, reason, " \
  "fingerprint, copy, gone, wanted"

#define A_DAY (24 * 60 * 60)

enum {
  DIGEST = 1,
  STATE,
  STORED = 4,
  UIDL = 7,
  CONTENT,
  PRINT = 10,
  COPY,
  N_COLUMNS = 14,
};

/* ---- There ---- */

static gboolean
write_backup (PbLedger *self, const char *path, GError **error) {
  char *attach = sqlite3_mprintf ("ATTACH %Q AS backup", path);
  gboolean ok = pb_database_exec (self->db, attach, error);

  sqlite3_free (attach);
  if (!ok)
    return FALSE;
  ok = pb_database_exec (self->db,
                         "PRAGMA backup.journal_mode = MEMORY;"
                         "PRAGMA backup.synchronous = OFF;"
                         "BEGIN;"
                         "CREATE TABLE backup.account AS SELECT id, name FROM account ORDER BY id;"
                         "CREATE TABLE backup.entry AS SELECT " COLUMNS " FROM entry"
                         "  WHERE state IN (3, 4, 5) OR copy IS NOT NULL OR wanted;"
                         "COMMIT",
                         error);
  if (!ok)
    pb_database_exec (self->db, "ROLLBACK", NULL);
  return pb_database_exec (self->db, "DETACH backup", ok ? error : NULL) && ok;
}

gboolean
pb_ledger_back_up (PbLedger *self, const char *path, GError **error) {
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *name = g_strconcat (path, ".new", NULL);
  g_autofree char *base = g_path_get_basename (name);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_unlink (name);
  int dir_fd = pb_disk_open_dir (dir, error);
  if (dir_fd < 0)
    return FALSE;
  g_ptr_array_add (names, base);
  gboolean ok = pb_disk_make_file (name, error) && write_backup (self, name, error) &&
                pb_disk_sync_files (dir_fd, names, dir, error);
  if (ok && g_rename (name, path) != 0) {
    pb_disk_set_error (error, errno, "rename", name);
    ok = FALSE;
  }
  ok = ok && pb_disk_sync_dir (dir_fd, dir, error);
  g_close (dir_fd, NULL);
  if (!ok)
    g_unlink (name);
  else
    self->backed_up = pb_database_count_changes (self->db);
  return ok;
}

gboolean
pb_ledger_needs_backup (PbLedger *self) {
  return pb_database_count_changes (self->db) != self->backed_up;
}

/* ---- And back ---- */

static gboolean
has_size (sqlite3_stmt *row, int column, int size) {
  return sqlite3_column_type (row, column) == SQLITE_NULL ||
         (sqlite3_column_type (row, column) == SQLITE_BLOB &&
          sqlite3_column_bytes (row, column) == size);
}

static gboolean
fits_identity (sqlite3_stmt *row, const char *account_id) {
  PbDigest digest;

  if (sqlite3_column_bytes (row, DIGEST) != PB_DIGEST_SIZE)
    return FALSE;
  if (sqlite3_column_type (row, UIDL) == SQLITE_NULL)
    return TRUE;
  pb_digest_set (&digest, account_id, sqlite3_column_blob (row, UIDL),
                 (gsize) sqlite3_column_bytes (row, UIDL));
  return memcmp (digest.bytes, sqlite3_column_blob (row, DIGEST), PB_DIGEST_SIZE) == 0;
}

/* What was stored has a time and a content; what was not has no time. */
static gboolean
makes_sense (sqlite3_stmt *row, const char *account_id) {
  int state = sqlite3_column_int (row, STATE);
  gint64 when = sqlite3_column_int64 (row, STORED);
  gboolean stored = when > 0 && when < g_get_real_time () / G_USEC_PER_SEC + A_DAY;
  gboolean content = sqlite3_column_type (row, CONTENT) != SQLITE_NULL;

  if (!fits_identity (row, account_id) || !has_size (row, CONTENT, PB_CONTENT_SIZE) ||
      !has_size (row, COPY, PB_DIGEST_SIZE) ||
      (!has_size (row, PRINT, PB_FINGERPRINT_SIZE) && !has_size (row, PRINT, 0)))
    return FALSE;
  switch (state) {
  case PB_LEDGER_UNKNOWN:
  case PB_LEDGER_REFUSED:
  case PB_LEDGER_ELSEWHERE:
    return !stored && !content;
  case PB_LEDGER_STORED:
    return stored;
  case PB_LEDGER_PARTIAL:
    return !stored;
  case PB_LEDGER_DELETED_HERE:
    return stored || content;
  default:
    return FALSE;
  }
}

static gboolean
take_row (PbLedger *self, gint64 account, sqlite3_stmt *row, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db,
    "INSERT OR IGNORE INTO entry (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, account);
  for (int i = DIGEST; i < N_COLUMNS; i++)
    sqlite3_bind_value (statement, i + 1, sqlite3_column_value (row, i));
  /* The file tells better. */
  if (sqlite3_column_int (row, STATE) != PB_LEDGER_DELETED_HERE) {
    sqlite3_bind_null (statement, CONTENT + 1);
    sqlite3_bind_null (statement, PRINT + 1);
  }
  return pb_database_run (self->db, statement, error);
}

/* Up to where the file is damaged, from one end. */
static gboolean
take_rows (PbLedger *self,
           sqlite3 *other,
           const char *sql,
           gint64 there,
           const char *account_id,
           GError **error) {
  gint64 account = pb_ledger_find_account (self, account_id, error);
  sqlite3_stmt *row = NULL;
  gboolean ok = account > 0;

  if (!ok || sqlite3_prepare_v2 (other, sql, -1, &row, NULL) != SQLITE_OK)
    return ok;
  sqlite3_bind_int64 (row, 1, there);
  while (ok && sqlite3_step (row) == SQLITE_ROW) {
    if (makes_sense (row, account_id))
      ok = take_row (self, account, row, error);
  }
  sqlite3_finalize (row);
  return ok;
}

static gboolean
take_account (PbLedger *self, sqlite3 *other, gint64 there, const char *id, GError **error) {
  gsize length = strlen (id);

  if (length == 0 || length > 64 || strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
    return TRUE;
  return pb_ledger_add_account (self, id, error) &&
         take_rows (self, other, "SELECT " COLUMNS " FROM entry WHERE account = ? ORDER BY digest",
                    there, id, error) &&
         take_rows (self, other,
                    "SELECT " COLUMNS " FROM entry WHERE account = ? ORDER BY digest DESC", there,
                    id, error);
}

static gboolean
take_all (PbLedger *self, sqlite3 *other, GError **error) {
  sqlite3_stmt *row = NULL;
  gboolean ok = pb_ledger_begin (self, error);

  if (!ok)
    return FALSE;
  if (sqlite3_prepare_v2 (other, "SELECT id, name FROM account ORDER BY id", -1, &row, NULL) ==
      SQLITE_OK) {
    while (ok && sqlite3_step (row) == SQLITE_ROW) {
      const char *id = (const char *) sqlite3_column_text (row, 1);
      ok = !id || take_account (self, other, sqlite3_column_int64 (row, 0), id, error);
    }
  }
  sqlite3_finalize (row);
  if (ok)
    return pb_ledger_commit (self, error);
  pb_ledger_rollback (self);
  return FALSE;
}

gboolean
pb_ledger_take_over (PbLedger *self, const char *path, GError **error) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  g_autofree char *real = realpath (path, NULL);
  sqlite3 *other = NULL;

  if (!real)
    return TRUE;
  gboolean ok =
    sqlite3_open_v2 (real, &other, flags, NULL) != SQLITE_OK || take_all (self, other, error);
  sqlite3_close (other);
  return ok;
}
