/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One SQLite file, opened the way Postbag wants it: write-ahead log, patience with a second
 * process, statements kept prepared, errors of PB_ERROR. To be used by one thread. */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _PbDatabase PbDatabase;

typedef enum {
  PB_DATABASE_FINE,    /* or not to be opened for a reason that may pass */
  PB_DATABASE_DAMAGED, /* only a new file can mend it */
  PB_DATABASE_NEWER,   /* made by a newer version */
} PbDatabaseState;

/* @durable: a commit is on the disk when it returns. @steps: the SQL of each version, the first one
 * for an empty file; NULL at the end. A file made by a newer version is refused with
 * PB_ERROR_STORAGE, and *@state tells so. @check: look through the whole file first. @state, unless
 * NULL, says why opening failed. */
PbDatabase *pb_database_open (const char *path,
                              gboolean durable,
                              const char *const *steps,
                              gboolean check,
                              PbDatabaseState *state,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pb_database_close (PbDatabase *self);

/* Deletes the file with its log; or keeps both beside as "<name>.damaged…". */
void pb_database_remove_file (const char *path, gboolean keep);

/* TRUE since the moment in which SQLite found the file damaged. */
gboolean pb_database_is_damaged (PbDatabase *self);

/* From now on it counts as damaged. */
void pb_database_condemn (PbDatabase *self);

gboolean pb_database_exec (PbDatabase *self, const char *sql, GError **error);

gboolean pb_database_begin (PbDatabase *self, GError **error);
gboolean pb_database_begin_reading (PbDatabase *self, GError **error);
gboolean pb_database_commit (PbDatabase *self, GError **error);
void pb_database_rollback (PbDatabase *self);

/* A statement that is ready to be bound; it belongs to the database, and must not be asked for
 * again before it is reset. @sql must be a literal: its address is the key. */
sqlite3_stmt *pb_database_prepare (PbDatabase *self, const char *sql, GError **error);

/* TRUE with *@row for a row; FALSE in *@row at the end, when the statement has been reset. FALSE on
 * error, reset too. */
gboolean
pb_database_step (PbDatabase *self, sqlite3_stmt *statement, gboolean *row, GError **error);

/* Steps a statement that gives no rows to its end. */
gboolean pb_database_run (PbDatabase *self, sqlite3_stmt *statement, GError **error);

/* The first column of the first row of @sql, @fallback where there is none. */
gint64 pb_database_get_number (PbDatabase *self, const char *sql, gint64 fallback);

/* For what has no place here; belongs to the database. */
sqlite3 *pb_database_get_handle (PbDatabase *self);

/* Turns a result of a statement that was stepped directly into @error; always FALSE. */
gboolean pb_database_fail (PbDatabase *self, int result, GError **error);

/* Rows that the last statement changed. */
int pb_database_get_changes (PbDatabase *self);

/* Rows that all statements changed since it was opened. */
int pb_database_count_changes (PbDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbDatabase, pb_database_close)

G_END_DECLS
