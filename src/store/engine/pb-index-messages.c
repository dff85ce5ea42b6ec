/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The messages of the index: adding, moving, removing, lists and rows. */

#include "pb-index-private.h"

#include "pb-row.h"

#define SUMMARY_COLUMNS                                                                \
  "subject, from_name, from_address, recipients, preview, message_id, parents, date, " \
  "has_attachment"

static void
bind_text (sqlite3_stmt *statement, int place, const char *text) {
  sqlite3_bind_text (statement, place, text, -1, SQLITE_STATIC);
}

/* From @place on, in the order of SUMMARY_COLUMNS. */
static void
bind_summary (sqlite3_stmt *statement, int place, const PbSummary *summary) {
  bind_text (statement, place++, summary->subject);
  bind_text (statement, place++, summary->from_name);
  bind_text (statement, place++, summary->from_address);
  bind_text (statement, place++, summary->to);
  bind_text (statement, place++, summary->preview);
  bind_text (statement, place++, summary->message_id);
  bind_text (statement, place++, summary->references);
  if (summary->date != G_MININT64)
    sqlite3_bind_int64 (statement, place, summary->date);
  sqlite3_bind_int (statement, place + 1, summary->has_attachment);
}

static PbSummary *
read_summary (sqlite3_stmt *statement, int column) {
  PbSummary values = { 0 };

  values.subject = pb_index_column_text (statement, column++);
  values.from_name = pb_index_column_text (statement, column++);
  values.from_address = pb_index_column_text (statement, column++);
  values.to = pb_index_column_text (statement, column++);
  values.preview = pb_index_column_text (statement, column++);
  values.message_id = pb_index_column_text (statement, column++);
  values.references = pb_index_column_text (statement, column++);
  gboolean dated = sqlite3_column_type (statement, column) == SQLITE_INTEGER;
  values.date = dated ? sqlite3_column_int64 (statement, column) : G_MININT64;
  values.has_attachment = sqlite3_column_int (statement, column + 1) != 0;
  return pb_summary_new (&values);
}

gboolean
pb_index_add_message (PbIndex *self,
                      const PbMessageRow *row,
                      const char *base,
                      const char *letters,
                      gint64 *id,
                      GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db,
    "INSERT INTO message (folder, received, flags, size, base, letters, " SUMMARY_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (folder, base) DO NOTHING RETURNING id",
    error);
  gboolean found;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, row->folder_id);
  sqlite3_bind_int64 (statement, 2, row->received);
  sqlite3_bind_int (statement, 3, row->flags);
  sqlite3_bind_int64 (statement, 4, (gint64) row->size);
  bind_text (statement, 5, base);
  bind_text (statement, 6, letters);
  bind_summary (statement, 7, row->summary);
  if (!pb_database_step (self->db, statement, &found, error))
    return FALSE;
  *id = found ? sqlite3_column_int64 (statement, 0) : 0;
  if (found)
    pb_index_count (self, row->folder_id, row->flags, 1);
  return !found || pb_database_run (self->db, statement, error);
}

gboolean
pb_index_move_message (PbIndex *self,
                       const PbIndexFile *file,
                       gint64 folder,
                       const char *letters,
                       PbFlags flags,
                       GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db, "UPDATE OR IGNORE message SET folder = ?2, letters = ?3, flags = ?4 WHERE id = ?1",
    error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, file->id);
  sqlite3_bind_int64 (statement, 2, folder);
  bind_text (statement, 3, letters);
  sqlite3_bind_int (statement, 4, flags);
  if (!pb_database_run (self->db, statement, error))
    return FALSE;
  /* Nothing changes where that name is taken there: then looking through the folders sets it
   * right. */
  if (pb_database_get_changes (self->db) > 0) {
    pb_index_count (self, file->folder, file->flags, -1);
    pb_index_count (self, folder, flags, 1);
  }
  return TRUE;
}

gboolean
pb_index_remove_message (PbIndex *self, const PbIndexFile *file, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "DELETE FROM message WHERE id = ?", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, file->id);
  if (!pb_database_run (self->db, statement, error))
    return FALSE;
  if (pb_database_get_changes (self->db) > 0)
    pb_index_count (self, file->folder, file->flags, -1);
  return TRUE;
}

gboolean
pb_index_complete_message (PbIndex *self,
                           const PbIndexFile *file,
                           const PbMessageRow *row,
                           const char *base,
                           const char *letters,
                           GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db,
    "UPDATE message SET (folder, flags, size, base, letters, " SUMMARY_COLUMNS
    ") = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) WHERE id = ?1",
    error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, file->id);
  sqlite3_bind_int64 (statement, 2, row->folder_id);
  sqlite3_bind_int (statement, 3, row->flags);
  sqlite3_bind_int64 (statement, 4, (gint64) row->size);
  bind_text (statement, 5, base);
  bind_text (statement, 6, letters);
  bind_summary (statement, 7, row->summary);
  pb_index_count (self, file->folder, file->flags, -1);
  pb_index_count (self, row->folder_id, row->flags, 1);
  return pb_database_run (self->db, statement, error);
}

static PbIndexFile *
read_file (sqlite3_stmt *statement) {
  PbIndexFile *file = g_new0 (PbIndexFile, 1);

  file->id = sqlite3_column_int64 (statement, 0);
  file->folder = sqlite3_column_int64 (statement, 1);
  file->flags = (PbFlags) sqlite3_column_int (statement, 2);
  file->base = g_strdup (pb_index_column_text (statement, 3));
  file->letters = g_strdup (pb_index_column_text (statement, 4));
  return file;
}

void
pb_index_file_free (PbIndexFile *file) {
  g_free (file->base);
  g_free (file->letters);
  g_free (file);
}

PbIndexFile *
pb_index_find_file (PbIndex *self, gint64 id, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db, "SELECT id, folder, flags, base, letters FROM message WHERE id = ?", error);
  gboolean row;

  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  if (!pb_database_step (self->db, statement, &row, error) || !row)
    return NULL;
  PbIndexFile *file = read_file (statement);
  sqlite3_reset (statement);
  return file;
}

GPtrArray *
pb_index_list_files (PbIndex *self, gint64 folder, gboolean partial_only, GError **error) {
  g_autoptr (GPtrArray) files =
    g_ptr_array_new_with_free_func ((GDestroyNotify) pb_index_file_free);
  sqlite3_stmt *statement =
    partial_only
      ? pb_database_prepare (self->db,
                             "SELECT id, folder, flags, base, letters FROM message"
                             "  WHERE folder = ? AND flags & 256",
                             error)
      : pb_database_prepare (
          self->db, "SELECT id, folder, flags, base, letters FROM message WHERE folder = ?", error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, folder);
  while (row) {
    if (!pb_database_step (self->db, statement, &row, error))
      return NULL;
    if (row)
      g_ptr_array_add (files, read_file (statement));
  }
  return g_steal_pointer (&files);
}

/* One folder is read straight from message_order; several are put in order by SQLite. */
static const char *
query_sql (const PbQuery *query) {
#define SELECTION(folders, direction)                                                         \
  "SELECT id FROM message WHERE " folders " AND flags & ?2 = ?2 AND flags & ?3 = 0 ORDER BY " \
  "shown " direction ", id " direction
#define ONE "folder = ?1"
#define ROLE "folder IN (SELECT id FROM folder WHERE role = ?1)"
#define ANY "folder IN (SELECT id FROM folder WHERE role <> ?1 AND role NOT IN (4, 5))"
  G_STATIC_ASSERT (PB_FOLDER_JUNK == 4 && PB_FOLDER_TRASH == 5);
  gboolean newest = query->order == PB_ORDER_NEWEST_FIRST;

  if (query->folder_id > 0)
    return newest ? SELECTION (ONE, "DESC") : SELECTION (ONE, "ASC");
  if (query->role == PB_FOLDER_ANY)
    return newest ? SELECTION (ANY, "DESC") : SELECTION (ANY, "ASC");
  return newest ? SELECTION (ROLE, "DESC") : SELECTION (ROLE, "ASC");
}

GArray *
pb_index_query (PbIndex *self, const PbQuery *query, GError **error) {
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = pb_database_prepare (self->db, query_sql (query), error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, query->folder_id > 0 ? query->folder_id : (gint64) query->role);
  sqlite3_bind_int (statement, 2, query->with);
  sqlite3_bind_int (statement, 3, query->without);
  while (row) {
    if (!pb_database_step (self->db, statement, &row, error))
      return NULL;
    if (row) {
      gint64 id = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, id);
    }
  }
  return g_steal_pointer (&ids);
}

PbMessageRow *
pb_index_load_row (PbIndex *self, gint64 id, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db,
                         "SELECT m.folder, m.received, m.flags, m.size, f.account, " SUMMARY_COLUMNS
                         " FROM message AS m JOIN folder AS f ON f.id = m.folder WHERE m.id = ?",
                         error);
  gboolean found;

  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  if (!pb_database_step (self->db, statement, &found, error) || !found)
    return NULL;
  g_autoptr (PbSummary) summary = read_summary (statement, 5);
  PbMessageRow values = {
    .id = id,
    .folder_id = sqlite3_column_int64 (statement, 0),
    .received = sqlite3_column_int64 (statement, 1),
    .flags = (PbFlags) sqlite3_column_int (statement, 2),
    .size = (guint64) sqlite3_column_int64 (statement, 3),
    .account_id = g_intern_string (pb_index_column_text (statement, 4)),
    .summary = summary,
  };
  sqlite3_reset (statement);
  return pb_message_row_new (&values);
}
