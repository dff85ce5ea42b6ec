/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The file of words: opening, adding, what is missing. Searches are in pb-search-lookup.c. */

#include "pb-search-index-private.h"

#include <stdlib.h>

#include "pb-cjk-tokenizer.h"
#include "pb-error.h"
#include "pb-schema.h"

/* Bytes of words that are gathered before they are written, and pages that one step of joining
 * writes: what makes one slice of work long. */
#define GATHER_BYTES 4194304
#define MERGE_PAGES 200

#define GET_NUMBER "SELECT value FROM meta WHERE name = 'index_number'"

/* Messages that are gone but whose words are here: made anew beyond a share and a number. */
#define GONE_SHARE 5
#define GONE_NUMBER 1000

static gboolean
make_table (PbSearchIndex *self, GError **error) {
  static const char sql[] =
    "CREATE VIRTUAL TABLE text USING fts5 (sender, recipients, subject, body, attachments,"
    "  content='', tokenize='postbag');"
    "INSERT INTO text (text, rank) VALUES ('hashsize', " G_STRINGIFY (GATHER_BYTES) ");";

  if (pb_database_get_number (self->db, "SELECT 1 FROM sqlite_master WHERE name = 'text'", 0))
    return TRUE;
  if (!pb_database_begin (self->db, error))
    return FALSE;
  if (pb_database_exec (self->db, sql, error))
    return pb_database_commit (self->db, error);
  pb_database_rollback (self->db);
  return FALSE;
}

/* It is only read, but the log of its writer needs more than the right to read. */
static gboolean
attach (PbSearchIndex *self, const char *index_path, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (self->db, "ATTACH ? AS mail", error);
  g_autofree char *real = realpath (index_path, NULL);

  if (!statement)
    return FALSE;
  sqlite3_bind_text (statement, 1, real ? real : index_path, -1, SQLITE_STATIC);
  gboolean ok = pb_database_run (self->db, statement, error);
  sqlite3_clear_bindings (statement);
  return ok;
}

static gboolean
set_up (PbSearchIndex *self, const char *index_path, GError **error) {
  int code = pb_cjk_tokenizer_register (self->handle);

  if (code != SQLITE_OK)
    return pb_database_fail (self->db, code, error);
  if (!make_table (self, error) || !attach (self, index_path, error))
    return FALSE;
  /* From here on nobody waits for another process. */
  sqlite3_busy_timeout (self->handle, 0);
  return TRUE;
}

static gboolean
note_number (PbSearchIndex *self, gint64 number, GError **error) {
  sqlite3_stmt *statement;

  if (pb_database_get_number (self->db, GET_NUMBER, -1) == number)
    return TRUE;
  statement = pb_database_prepare (
    self->db,
    "INSERT INTO meta (name, value) VALUES ('index_number', ?), ('seen', 0), ('added', 0)", error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  return pb_database_run (self->db, statement, error);
}

/* Of another index, or too full of what is gone. Nothing is counted for this: it is quick. */
static gboolean
is_stale (PbSearchIndex *self, gint64 number, guint total) {
  gint64 own = pb_database_get_number (self->db, GET_NUMBER, -1);
  gint64 added =
    pb_database_get_number (self->db, "SELECT value FROM meta WHERE name = 'added'", 0);
  gint64 gone = added - total;

  return (own >= 0 && own != number) || (gone > GONE_NUMBER && gone > added / GONE_SHARE);
}

/* *@again: with a new file it may work. That is so for whatever is not the fault of the disk. */
static PbSearchIndex *
try_open (const char *path,
          const char *index_path,
          gint64 number,
          guint total,
          gboolean *again,
          GError **error) {
  g_autoptr (GError) failure = NULL;
  PbDatabase *db = pb_database_open (path, FALSE, pb_schema_search, FALSE, NULL, &failure);
  PbSearchIndex *self = NULL;

  if (db) {
    self = g_new0 (PbSearchIndex, 1);
    self->db = db;
    self->handle = pb_database_get_handle (db);
    if (set_up (self, index_path, &failure) && is_stale (self, number, total))
      g_set_error (&failure, PB_ERROR, PB_ERROR_STORAGE, "%s is out of date", path);
    if (!failure && note_number (self, number, &failure))
      return self;
  }
  pb_search_index_close (self);
  *again = g_error_matches (failure, PB_ERROR, PB_ERROR_STORAGE);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

PbSearchIndex *
pb_search_index_open (const char *path,
                      const char *index_path,
                      gint64 number,
                      guint total,
                      GError **error) {
  g_autoptr (GError) failure = NULL;
  gboolean again = FALSE;
  PbSearchIndex *self = try_open (path, index_path, number, total, &again, &failure);

  if (!self && again) {
    g_message ("%s; it is made anew", failure->message);
    g_clear_error (&failure);
    pb_database_remove_file (path, FALSE);
    self = try_open (path, index_path, number, total, &again, &failure);
  }
  if (!self)
    g_propagate_error (error, g_steal_pointer (&failure));
  return self;
}

void
pb_search_index_close (PbSearchIndex *self) {
  if (!self)
    return;
  pb_search_index_commit (self, 0, NULL);
  pb_database_close (self->db);
  g_free (self);
}

/* ---- What is missing ---- */

gint64
pb_search_index_get_seen (PbSearchIndex *self) {
  return pb_database_get_number (self->db, "SELECT value FROM meta WHERE name = 'seen'", 0);
}

static gboolean
collect (PbSearchIndex *self, sqlite3_stmt *statement, gint64 *last, GArray *ids, GError **error) {
  gboolean row = TRUE;

  while (row) {
    if (!pb_database_step (self->db, statement, &row, error))
      return FALSE;
    if (!row)
      break;
    gint64 id = sqlite3_column_int64 (statement, 0);
    *last = MAX (*last, id);
    g_array_append_val (ids, id);
  }
  return TRUE;
}

gboolean
pb_search_index_list_missing (PbSearchIndex *self, gint64 *last, GArray *ids, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db,
    "SELECT m.id FROM mail.message AS m LEFT JOIN text_docsize AS d ON d.id = m.id"
    "  WHERE m.id > ? AND d.id IS NULL ORDER BY m.shown, m.id",
    error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, *last);
  return collect (self, statement, last, ids, error);
}

gboolean
pb_search_index_list_completed (PbSearchIndex *self, GArray *ids, GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db,
                         "SELECT p.id FROM partial AS p JOIN mail.message AS m ON m.id = p.id"
                         "  WHERE NOT m.flags & 256",
                         error);
  gint64 last = 0;

  return statement && collect (self, statement, &last, ids, error);
}

/* ---- Adding ---- */

/* BEGIN IMMEDIATE would lock the attached file too; so a first write takes only our own. */
gboolean
pb_search_index_begin (PbSearchIndex *self, GError **error) {
  if (self->is_adding)
    return TRUE;
  if (!pb_database_begin_reading (self->db, error))
    return FALSE;
  self->is_adding = pb_database_exec (self->db, "UPDATE meta SET value = value", error);
  if (!self->is_adding)
    pb_database_rollback (self->db);
  return self->is_adding;
}

static gboolean
note_progress (PbSearchIndex *self, gint64 seen, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    self->db,
    "UPDATE meta SET value = CASE name WHEN 'seen' THEN max (value, ?1) ELSE value + ?2 END"
    "  WHERE name IN ('seen', 'added')",
    error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, seen);
  sqlite3_bind_int64 (statement, 2, self->added);
  return pb_database_run (self->db, statement, error);
}

gboolean
pb_search_index_commit (PbSearchIndex *self, gint64 seen, GError **error) {
  if (!self->is_adding)
    return TRUE;
  gboolean ok = note_progress (self, seen, error);
  self->is_adding = FALSE;
  self->added = 0;
  if (ok)
    return pb_database_commit (self->db, error);
  pb_database_rollback (self->db);
  return FALSE;
}

static gboolean
note_partial (PbSearchIndex *self, gint64 id, gboolean partial, GError **error) {
  sqlite3_stmt *statement =
    partial ? pb_database_prepare (self->db, "INSERT OR IGNORE INTO partial (id) VALUES (?)", error)
            : pb_database_prepare (self->db, "DELETE FROM partial WHERE id = ?", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  return pb_database_run (self->db, statement, error);
}

/* The same id again only adds: the words of a head are in the whole, too. */
gboolean
pb_search_index_add (PbSearchIndex *self,
                     gint64 id,
                     gboolean partial,
                     const PbSearchText *text,
                     GError **error) {
  sqlite3_stmt *statement =
    pb_database_prepare (self->db,
                         "INSERT INTO text (rowid, sender, recipients, subject, body, attachments)"
                         "  VALUES (?, ?, ?, ?, ?, ?)",
                         error);

  g_assert (self->is_adding);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  if (text) {
    sqlite3_bind_text (statement, 2, text->from, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 3, text->to, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 4, text->subject, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 5, text->body, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 6, text->attachments, -1, SQLITE_STATIC);
  }
  gboolean ok = pb_database_run (self->db, statement, error);
  sqlite3_clear_bindings (statement);
  self->added++;
  return ok && note_partial (self, id, partial, error);
}

gboolean
pb_search_index_merge (PbSearchIndex *self) {
  gint64 before = sqlite3_total_changes64 (self->handle);
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "INSERT INTO text (text, rank) VALUES ('merge', ?)", NULL);

  if (!statement)
    return FALSE;
  sqlite3_bind_int (statement, 1, MERGE_PAGES);
  /* FTS5 tells by the number of changes whether it did anything. */
  return pb_database_run (self->db, statement, NULL) &&
         sqlite3_total_changes64 (self->handle) - before >= 2;
}
