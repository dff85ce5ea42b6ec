/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches: first which messages have the words, then which of these are wanted and in which order.
 * Few are looked up one by one; many are met while all rows pass by. */

#include <stdlib.h>

#include "pb-error.h"
#include "pb-search-index-private.h"
#include "pb-search-sql.h"

/* SQLite asks after so many of its instructions whether to go on. */
#define INSTRUCTIONS 1000
/* Weighing more than this takes longer than anybody waits. */
#define WEIGH_LIMIT 20000
/* One row that is looked up costs as much as this many that pass by. */
#define LOOKUP_COST 6

typedef struct {
  gint64 id;
  gint64 shown;
  double rank; /* the lower the better */
} Found;

typedef struct {
  PbSearchIndex *index;
  const PbSearchSql *sql;
  GArray *matches; /* of Found, in the order of ids; NULL where the texts do not narrow it */
  GArray *found;   /* of Found */
} Lookup;

static int
stop_if_cancelled (gpointer cancellable) {
  return g_cancellable_is_cancelled (cancellable);
}

static gboolean
fail (Lookup *self, int code, GError **error) {
  if (code == SQLITE_INTERRUPT)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the search was cancelled");
  else
    pb_database_fail (self->index->db, code, error);
  return FALSE;
}

static sqlite3_stmt *
prepare (Lookup *self, const char *sql, int first, GError **error) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->index->handle, sql, -1, &statement, NULL);

  if (code != SQLITE_OK) {
    fail (self, code, error);
    return NULL;
  }
  for (guint i = 0; i < self->sql->arguments->len; i++)
    sqlite3_bind_text (statement, first + (int) i, self->sql->arguments->pdata[i], -1,
                       SQLITE_STATIC);
  return statement;
}

/* ---- Which have the words ---- */

static gboolean
match (Lookup *self, gboolean weigh, GError **error) {
  /* Sender, recipients, subject, body, attachments. */
  const char *sql =
    weigh ? "SELECT rowid, bm25 (text, 4.0, 2.0, 6.0, 1.0, 3.0) FROM text WHERE text MATCH ?"
          : "SELECT rowid, 0 FROM text WHERE text MATCH ?";
  sqlite3_stmt *statement = pb_database_prepare (self->index->db, sql, error);
  int code;

  if (!statement)
    return FALSE;
  g_array_set_size (self->matches, 0);
  sqlite3_bind_text (statement, 1, self->sql->match, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
    Found found = { sqlite3_column_int64 (statement, 0), 0, sqlite3_column_double (statement, 1) };
    g_array_append_val (self->matches, found);
  }
  if (code != SQLITE_DONE)
    fail (self, code, error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE;
}

/* ---- Which are wanted ---- */

static gboolean
look_up_each (Lookup *self, GError **error) {
  g_autofree char *sql = g_strdup_printf (
    "SELECT m.shown FROM mail.message AS m WHERE m.id = ?1 AND (%s)", self->sql->where);
  sqlite3_stmt *statement = prepare (self, sql, 2, error);
  int code = SQLITE_DONE;

  if (!statement)
    return FALSE;
  for (guint i = 0; i < self->matches->len; i++) {
    Found found = g_array_index (self->matches, Found, i);
    sqlite3_bind_int64 (statement, 1, found.id);
    code = sqlite3_step (statement);
    if (code == SQLITE_ROW) {
      found.shown = sqlite3_column_int64 (statement, 0);
      g_array_append_val (self->found, found);
    } else if (code != SQLITE_DONE) {
      break;
    }
    sqlite3_reset (statement);
  }
  gboolean ok = code == SQLITE_ROW || code == SQLITE_DONE || fail (self, code, error);
  sqlite3_finalize (statement);
  return ok;
}

static int
compare_ids (gconstpointer a, gconstpointer b) {
  const Found *one = a, *other = b;

  return (one->id > other->id) - (one->id < other->id);
}

static gboolean
walk_all (Lookup *self, GError **error) {
  g_autofree char *sql =
    g_strdup_printf ("SELECT m.id, m.shown FROM mail.message AS m WHERE %s", self->sql->where);
  sqlite3_stmt *statement = prepare (self, sql, 1, error);
  int code;

  if (!statement)
    return FALSE;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
    Found found = { .id = sqlite3_column_int64 (statement, 0) };
    if (self->matches) {
      const Found *known =
        bsearch (&found, self->matches->data, self->matches->len, sizeof found, compare_ids);
      if (!known)
        continue;
      found.rank = known->rank;
    }
    found.shown = sqlite3_column_int64 (statement, 1);
    g_array_append_val (self->found, found);
  }
  gboolean ok = code == SQLITE_DONE || fail (self, code, error);
  sqlite3_finalize (statement);
  return ok;
}

/* ---- In which order ---- */

static int
compare_newest (gconstpointer a, gconstpointer b) {
  const Found *one = a, *other = b;

  if (one->shown != other->shown)
    return one->shown > other->shown ? -1 : 1;
  return (one->id < other->id) - (one->id > other->id);
}

static int
compare_best (gconstpointer a, gconstpointer b) {
  const Found *one = a, *other = b;

  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;
  return compare_newest (a, b);
}

static GArray *
dup_ids (GArray *found, guint limit) {
  guint count = limit > 0 ? MIN (limit, found->len) : found->len;
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), count);

  for (guint i = 0; i < count; i++)
    g_array_append_val (ids, g_array_index (found, Found, i).id);
  return ids;
}

static gboolean
run (Lookup *self, const PbSearch *search, guint total, GError **error) {
  gboolean best = search->order == PB_SEARCH_BEST_FIRST && self->sql->match;

  if (self->matches && !match (self, FALSE, error))
    return FALSE;
  if (self->matches && self->matches->len == 0)
    return TRUE;
  best = best && self->matches->len <= WEIGH_LIMIT;
  if (best && !match (self, TRUE, error))
    return FALSE;
  gboolean few = self->matches && self->matches->len < total / LOOKUP_COST;
  if (!(few ? look_up_each (self, error) : walk_all (self, error)))
    return FALSE;
  g_array_sort (self->found, best ? compare_best : compare_newest);
  return TRUE;
}

GArray *
pb_search_index_search (PbSearchIndex *self,
                        PbSearchQuery *query,
                        const PbSearch *search,
                        GPtrArray *folders,
                        guint total,
                        GCancellable *cancellable,
                        GError **error) {
  g_autoptr (PbSearchSql) sql = pb_search_sql_new (query, search, folders);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (Found));

  if (!sql)
    return g_array_new (FALSE, FALSE, sizeof (gint64));
  Lookup lookup = { self, sql, sql->match ? matches : NULL, found };
  sqlite3_progress_handler (self->handle, INSTRUCTIONS, stop_if_cancelled, cancellable);
  gboolean ok = run (&lookup, search, total, error);
  sqlite3_progress_handler (self->handle, 0, NULL, NULL);
  return ok ? dup_ids (found, search->limit) : NULL;
}
