/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A forest in which each conversation that was merged points to a lower one. */

#include "pb-thread-sets.h"

typedef struct {
  gint64 from;
  gint64 into;
} Merge;

struct _PbThreadSets {
  PbDatabase *db;
  GHashTable *merges; /* from → Merge */
  gint64 version;     /* of the file when they were read; -1 for never */
};

PbThreadSets *
pb_thread_sets_new (PbDatabase *db) {
  PbThreadSets *self = g_new0 (PbThreadSets, 1);

  self->db = db;
  self->merges = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->version = -1;
  return self;
}

void
pb_thread_sets_free (PbThreadSets *self) {
  g_hash_table_unref (self->merges);
  g_free (self);
}

void
pb_thread_sets_forget (PbThreadSets *self) {
  self->version = -1;
}

static void
put (PbThreadSets *self, gint64 from, gint64 into) {
  Merge *merge = g_new (Merge, 1);

  *merge = (Merge){ from, into };
  g_hash_table_replace (self->merges, &merge->from, merge);
}

gboolean
pb_thread_sets_refresh (PbThreadSets *self, GError **error) {
  gint64 version = pb_database_get_number (self->db, "PRAGMA data_version", -1);
  gboolean row = TRUE;

  if (self->version >= 0 && version == self->version)
    return TRUE;
  sqlite3_stmt *statement =
    pb_database_prepare (self->db, "SELECT conversation, target FROM conversation_merge", error);
  if (!statement)
    return FALSE;
  self->version = -1;
  g_hash_table_remove_all (self->merges);
  while (row) {
    if (!pb_database_step (self->db, statement, &row, error))
      return FALSE;
    /* Always downwards, whatever a damaged file says: so there are no circles. */
    if (row && sqlite3_column_int64 (statement, 1) < sqlite3_column_int64 (statement, 0))
      put (self, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1));
  }
  self->version = version;
  return TRUE;
}

gint64
pb_thread_sets_find (PbThreadSets *self, gint64 conversation) {
  gint64 name = conversation;
  Merge *merge;

  while ((merge = g_hash_table_lookup (self->merges, &name)))
    name = merge->into;
  /* So that the way is short the next time. */
  while (conversation != name) {
    merge = g_hash_table_lookup (self->merges, &conversation);
    conversation = merge->into;
    merge->into = name;
  }
  return name;
}

gint64
pb_thread_sets_join (PbThreadSets *self, gint64 a, gint64 b, GError **error) {
  gint64 one = pb_thread_sets_find (self, a), other = pb_thread_sets_find (self, b);
  gint64 low = MIN (one, other), high = MAX (one, other);

  if (low == high)
    return low;
  sqlite3_stmt *statement = pb_database_prepare (
    self->db, "INSERT OR REPLACE INTO conversation_merge (conversation, target) VALUES (?, ?)",
    error);
  if (!statement)
    return 0;
  sqlite3_bind_int64 (statement, 1, high);
  sqlite3_bind_int64 (statement, 2, low);
  if (!pb_database_run (self->db, statement, error))
    return 0;
  put (self, high, low);
  return low;
}

GArray *
pb_thread_sets_list (PbThreadSets *self, gint64 name) {
  GArray *members = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;

  g_array_append_val (members, name);
  g_hash_table_iter_init (&iter, self->merges);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    gint64 member = *(gint64 *) key;
    if (pb_thread_sets_find (self, member) == name)
      g_array_append_val (members, member);
  }
  return members;
}
