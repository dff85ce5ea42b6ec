/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The folders of the index and its transactions. Messages are in pb-index-messages.c. */

#include "pb-index-private.h"

#include "pb-folder-name.h"
#include "pb-schema.h"
#include "pb-threads.h"

typedef struct {
  int total;
  int unread;
} Delta;

static gboolean
start_ids (PbIndex *self, gint64 number, GError **error) {
  sqlite3_stmt *statement;

  if (pb_database_get_number (self->db,
                              "SELECT count(*) FROM sqlite_sequence WHERE name = 'message'", 0) > 0)
    return TRUE;
  statement = pb_database_prepare (
    self->db, "INSERT INTO sqlite_sequence (name, seq) VALUES ('message', ?)", error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number << 32);
  return pb_database_run (self->db, statement, error);
}

PbIndex *
pb_index_open (const char *path,
               gboolean check,
               gint64 number,
               PbDatabaseState *state,
               GError **error) {
  PbDatabase *db = pb_database_open (path, FALSE, pb_schema_index, check, state, error);

  if (!db)
    return NULL;
  PbIndex *self = g_new0 (PbIndex, 1);
  self->db = db;
  self->deltas = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  if (!start_ids (self, number, error)) {
    if (state && pb_index_is_damaged (self))
      *state = PB_DATABASE_DAMAGED;
    pb_index_close (self);
    return NULL;
  }
  return self;
}

void
pb_index_close (PbIndex *self) {
  if (!self)
    return;
  pb_threads_free (self->threads);
  pb_database_close (self->db);
  g_hash_table_unref (self->deltas);
  g_free (self);
}

gboolean
pb_index_is_damaged (PbIndex *self) {
  return pb_database_is_damaged (self->db);
}

/* SQLite counts only what others wrote. */
gint64
pb_index_get_version (PbIndex *self) {
  return pb_database_get_number (self->db, "PRAGMA data_version", 0) + (self->commits << 32);
}

gboolean
pb_index_begin (PbIndex *self, GError **error) {
  g_assert (g_hash_table_size (self->deltas) == 0);
  return pb_database_begin (self->db, error);
}

void
pb_index_count (PbIndex *self, gint64 folder, PbFlags flags, int sign) {
  Delta *delta = g_hash_table_lookup (self->deltas, &folder);

  if (!delta) {
    delta = g_new0 (Delta, 1);
    g_hash_table_insert (self->deltas, g_memdup2 (&folder, sizeof folder), delta);
  }
  delta->total += sign;
  if (!(flags & PB_FLAG_READ))
    delta->unread += sign;
}

static gboolean
write_counters (PbIndex *self, GError **error) {
  GHashTableIter iter;
  gpointer folder, value;

  g_hash_table_iter_init (&iter, self->deltas);
  while (g_hash_table_iter_next (&iter, &folder, &value)) {
    const Delta *delta = value;
    sqlite3_stmt *statement = pb_database_prepare (
      self->db,
      "UPDATE folder SET total = max (0, total + ?2), unread = max (0, unread + ?3),"
      "  generation = generation + 1 WHERE id = ?1",
      error);
    if (!statement)
      return FALSE;
    sqlite3_bind_int64 (statement, 1, *(gint64 *) folder);
    sqlite3_bind_int (statement, 2, delta->total);
    sqlite3_bind_int (statement, 3, delta->unread);
    if (!pb_database_run (self->db, statement, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_index_commit (PbIndex *self, GError **error) {
  gboolean ok = write_counters (self, error);

  g_hash_table_remove_all (self->deltas);
  self->commits++;
  if (ok)
    return pb_database_commit (self->db, error);
  pb_database_rollback (self->db);
  return FALSE;
}

void
pb_index_rollback (PbIndex *self) {
  g_hash_table_remove_all (self->deltas);
  pb_database_rollback (self->db);
}

static PbIndexFolder *
read_folder (sqlite3_stmt *statement) {
  PbIndexFolder *folder = g_new0 (PbIndexFolder, 1);

  folder->id = sqlite3_column_int64 (statement, 0);
  folder->account = g_intern_string (pb_index_column_text (statement, 1));
  folder->dir = g_strdup (pb_index_column_text (statement, 2));
  folder->name = g_utf8_make_valid (pb_index_column_text (statement, 3), -1);
  folder->role = (PbFolderRole) CLAMP (sqlite3_column_int (statement, 4), 0, PB_FOLDER_ORDINARY);
  folder->total = (guint) MAX (0, sqlite3_column_int (statement, 5));
  folder->unread = (guint) MAX (0, sqlite3_column_int (statement, 6));
  folder->generation = sqlite3_column_int64 (statement, 7);
  folder->stamp = sqlite3_column_int64 (statement, 8);
  return folder;
}

GPtrArray *
pb_index_load_folders (PbIndex *self, GError **error) {
  g_autoptr (GPtrArray) folders =
    g_ptr_array_new_with_free_func ((GDestroyNotify) pb_index_folder_free);
  sqlite3_stmt *statement = pb_database_prepare (
    self->db, "SELECT id, account, dir, name, role, total, unread, generation, stamp FROM folder",
    error);
  gboolean row = statement != NULL;

  if (!statement)
    return NULL;
  while (row) {
    if (!pb_database_step (self->db, statement, &row, error))
      return NULL;
    if (row)
      g_ptr_array_add (folders, read_folder (statement));
  }
  return g_steal_pointer (&folders);
}

void
pb_index_folder_free (PbIndexFolder *folder) {
  g_free (folder->dir);
  g_free (folder->name);
  g_free (folder);
}

gboolean
pb_index_add_folder (PbIndex *self,
                     gint64 id,
                     const char *account,
                     const char *dir,
                     GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db, "INSERT OR IGNORE INTO folder (account, dir, name, role, id) VALUES (?, ?, ?, ?, ?)",
    error);

  if (!statement)
    return FALSE;
  g_autofree char *name = pb_folder_name_from_dir (dir);
  sqlite3_bind_text (statement, 1, account, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 2, dir, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 3, name, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int (statement, 4, pb_folder_name_get_role (name));
  if (id > 0)
    sqlite3_bind_int64 (statement, 5, id);
  return pb_database_run (self->db, statement, error);
}

static gboolean
run_with_folder (PbIndex *self, const char *sql, gint64 folder, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (self->db, sql, error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, folder);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_index_remove_folder (PbIndex *self, gint64 id, GError **error) {
  return run_with_folder (self, "DELETE FROM message WHERE folder = ?", id, error) &&
         run_with_folder (self, "DELETE FROM folder WHERE id = ?", id, error);
}

gint64
pb_index_measure_folder (PbIndex *self, gint64 id, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "SELECT sum (size) FROM message WHERE folder = ?", error);
  gboolean row;

  if (!statement)
    return -1;
  sqlite3_bind_int64 (statement, 1, id);
  if (!pb_database_step (self->db, statement, &row, error))
    return -1;
  gint64 size = row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return size;
}

gboolean
pb_index_count_again (PbIndex *self, gint64 id, GError **error) {
  if (!pb_index_begin (self, error))
    return FALSE;
  if (run_with_folder (self,
                       "UPDATE folder SET generation = generation + 1,"
                       "  total = (SELECT count(*) FROM message WHERE folder = ?1),"
                       "  unread = (SELECT count(*) FROM message WHERE folder = ?1"
                       "            AND flags & 1 = 0) WHERE id = ?1",
                       id, error))
    return pb_index_commit (self, error);
  pb_index_rollback (self);
  return FALSE;
}

PbDatabase *
pb_index_get_database (PbIndex *self) {
  return self->db;
}

gboolean
pb_index_set_stamp (PbIndex *self, gint64 id, gint64 stamp, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "UPDATE folder SET stamp = ?2 WHERE id = ?1", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_int64 (statement, 2, stamp);
  return pb_database_run (self->db, statement, error);
}
