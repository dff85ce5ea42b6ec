/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening, versions, transactions and errors of an SQLite file. What is in it is not known here. */

#include "pb-database.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "pb-disk.h"
#include "pb-error.h"

#define BUSY_MILLISECONDS 10000

struct _PbDatabase {
  sqlite3 *handle;
  char *path;
  GHashTable *statements; /* literal → sqlite3_stmt */
  gboolean in_transaction;
  gboolean damaged;
  gboolean newer;
};

/* SQLite forgets the errno of a write to its log unless one asks the log itself. */
static int
system_error (sqlite3 *handle) {
  int code = sqlite3_system_errno (handle);
  sqlite3_file *log = NULL;

  if (code == 0 &&
      sqlite3_file_control (handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
      log && log->pMethods)
    log->pMethods->xFileControl (log, SQLITE_FCNTL_LAST_ERRNO, &code);
  if (code == 0)
    sqlite3_file_control (handle, "main", SQLITE_FCNTL_LAST_ERRNO, &code);
  return code;
}

static int
error_code (sqlite3 *handle, int result) {
  switch (result & 0xff) {
  case SQLITE_FULL:
    return PB_ERROR_STORAGE_FULL;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return PB_ERROR_STORAGE_READ_ONLY;
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
    return pb_disk_error_code (system_error (handle));
  default:
    return PB_ERROR_STORAGE;
  }
}

gboolean
pb_database_fail (PbDatabase *self, int result, GError **error) {
  if ((result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB ||
      result == SQLITE_IOERR_SHORT_READ)
    self->damaged = TRUE;
  g_set_error (error, PB_ERROR, error_code (self->handle, result), "%s: %s (%d)", self->path,
               sqlite3_errmsg (self->handle), sqlite3_extended_errcode (self->handle));
  return FALSE;
}

gboolean
pb_database_exec (PbDatabase *self, const char *sql, GError **error) {
  int result = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  return result == SQLITE_OK || pb_database_fail (self, result, error);
}

gboolean
pb_database_begin (PbDatabase *self, GError **error) {
  g_assert (!self->in_transaction);
  self->in_transaction = pb_database_exec (self, "BEGIN IMMEDIATE", error);
  return self->in_transaction;
}

gboolean
pb_database_begin_reading (PbDatabase *self, GError **error) {
  g_assert (!self->in_transaction);
  self->in_transaction = pb_database_exec (self, "BEGIN", error);
  return self->in_transaction;
}

void
pb_database_rollback (PbDatabase *self) {
  if (!self->in_transaction)
    return;
  self->in_transaction = FALSE;
  /* Some errors have rolled back already. */
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

gboolean
pb_database_commit (PbDatabase *self, GError **error) {
  g_assert (self->in_transaction);
  if (!pb_database_exec (self, "COMMIT", error)) {
    pb_database_rollback (self);
    return FALSE;
  }
  self->in_transaction = FALSE;
  return TRUE;
}

sqlite3_stmt *
pb_database_prepare (PbDatabase *self, const char *sql, GError **error) {
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement) {
    sqlite3_clear_bindings (statement);
    return statement;
  }
  int result =
    sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (result != SQLITE_OK) {
    pb_database_fail (self, result, error);
    return NULL;
  }
  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

gboolean
pb_database_step (PbDatabase *self, sqlite3_stmt *statement, gboolean *row, GError **error) {
  int result = sqlite3_step (statement);

  *row = result == SQLITE_ROW;
  if (*row)
    return TRUE;
  if (result != SQLITE_DONE)
    pb_database_fail (self, result, error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE;
}

gboolean
pb_database_run (PbDatabase *self, sqlite3_stmt *statement, GError **error) {
  gboolean row = TRUE;

  while (row) {
    if (!pb_database_step (self, statement, &row, error))
      return FALSE;
  }
  return TRUE;
}

gint64
pb_database_get_number (PbDatabase *self, const char *sql, gint64 fallback) {
  sqlite3_stmt *statement = pb_database_prepare (self, sql, NULL);
  gboolean row = FALSE;

  if (!statement || !pb_database_step (self, statement, &row, NULL) || !row)
    return fallback;
  gint64 number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return number;
}

int
pb_database_get_changes (PbDatabase *self) {
  return sqlite3_changes (self->handle);
}

int
pb_database_count_changes (PbDatabase *self) {
  return sqlite3_total_changes (self->handle);
}

sqlite3 *
pb_database_get_handle (PbDatabase *self) {
  return self->handle;
}

gboolean
pb_database_is_damaged (PbDatabase *self) {
  return self->damaged;
}

void
pb_database_condemn (PbDatabase *self) {
  self->damaged = TRUE;
}

static gboolean
check_file (PbDatabase *self, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (self, "PRAGMA quick_check(1)", error);
  gboolean row, ok = FALSE;

  if (!statement || !pb_database_step (self, statement, &row, error))
    return FALSE;
  if (row)
    ok = g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
  sqlite3_reset (statement);
  return ok || pb_database_fail (self, SQLITE_CORRUPT, error);
}

/* Each step brings the file one version further, in one transaction with the number of the
 * version. */
static gboolean
migrate (PbDatabase *self, const char *const *steps, GError **error) {
  gint64 version = pb_database_get_number (self, "PRAGMA user_version", -1);
  guint wanted = g_strv_length ((char **) steps);

  if (version < 0 || version > (gint64) wanted) {
    self->newer = TRUE;
    g_set_error (error, PB_ERROR, PB_ERROR_STORAGE, "%s: version %d, but only up to %u is known",
                 self->path, (int) version, wanted);
    return FALSE;
  }
  for (guint next = (guint) version; next < wanted; next++) {
    g_autofree char *stamp = g_strdup_printf ("PRAGMA user_version = %u", next + 1);
    if (!pb_database_begin (self, error))
      return FALSE;
    /* A second process may have done it while this one waited. */
    if (pb_database_get_number (self, "PRAGMA user_version", 0) > (gint64) next) {
      pb_database_rollback (self);
      continue;
    }
    if (!pb_database_exec (self, steps[next], error) || !pb_database_exec (self, stamp, error)) {
      pb_database_rollback (self);
      return FALSE;
    }
    if (!pb_database_commit (self, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
set_up (PbDatabase *self, gboolean durable, GError **error) {
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, BUSY_MILLISECONDS);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* No memory map: a file that is cut short while it is open has to be an error, not a signal. */
  return pb_database_exec (self,
                           "PRAGMA journal_mode = WAL;"
                           "PRAGMA temp_store = MEMORY;"
                           "PRAGMA cache_size = -8192;"
                           "PRAGMA wal_autocheckpoint = 4000;"
                           "PRAGMA journal_size_limit = 33554432;"
                           "PRAGMA cell_size_check = ON;",
                           error) &&
         pb_database_exec (
           self, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error);
}

static void
free_statement (gpointer statement) {
  sqlite3_finalize (statement);
}

PbDatabase *
pb_database_open (const char *path,
                  gboolean durable,
                  const char *const *steps,
                  gboolean check,
                  PbDatabaseState *state,
                  GError **error) {
  g_autoptr (PbDatabase) self = g_new0 (PbDatabase, 1);
  int flags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, free_statement);
  if (!pb_disk_make_file (path, error))
    return NULL;
  g_autofree char *real = realpath (path, NULL);
  int result = sqlite3_open_v2 (real ? real : path, &self->handle, flags, NULL);
  if (result != SQLITE_OK)
    pb_database_fail (self, result, error);
  if (result != SQLITE_OK || !set_up (self, durable, error) ||
      (check && !check_file (self, error)) || !migrate (self, steps, error)) {
    if (state)
      *state = self->newer     ? PB_DATABASE_NEWER
               : self->damaged ? PB_DATABASE_DAMAGED
                               : PB_DATABASE_FINE;
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
pb_database_close (PbDatabase *self) {
  if (!self)
    return;
  g_hash_table_unref (self->statements);
  sqlite3_close (self->handle);
  g_free (self->path);
  g_free (self);
}

void
pb_database_remove_file (const char *path, gboolean keep) {
  static const char *const ends[] = { "-shm", "-wal", "" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *from = g_strconcat (path, ends[i], NULL);
    g_autofree char *kept = g_strconcat (path, ".damaged", ends[i], NULL);
    g_unlink (kept);
    if (!keep || g_rename (from, kept) != 0)
      g_unlink (from);
  }
}
