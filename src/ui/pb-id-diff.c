/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Common ends are passed over first: nearly every change is a few ids at the top or one in the
 * middle. What is left is walked once, with a table of the ids of each side. */

#include "pb-id-diff.h"

#define MOST_RUNS 256

typedef struct {
  guint position; /* in the old list */
  guint removed;
  guint source; /* in the new list */
  guint added;
} Run;

static gint64
id_at (GArray *ids, guint position) {
  return g_array_index (ids, gint64, position);
}

static GHashTable *
table_of (GArray *ids, guint start, guint end) {
  GHashTable *table = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = start; i < end; i++)
    g_hash_table_add (table, &g_array_index (ids, gint64, i));
  return table;
}

/* The runs between the common ends; NULL when order changed or there are too many of them. */
static GArray *
find_runs (GArray *old, guint start, guint old_end, GArray *new, guint new_end) {
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_autoptr (GHashTable) before = table_of (old, start, old_end);
  g_autoptr (GHashTable) after = table_of (new, start, new_end);
  guint i = start, j = start;

  while (i < old_end || j < new_end) {
    Run run = { i, 0, j, 0 };
    guint looked_at = i + j;
    while (i < old_end && !g_hash_table_contains (after, &g_array_index (old, gint64, i)))
      i++;
    while (j < new_end && !g_hash_table_contains (before, &g_array_index (new, gint64, j)))
      j++;
    run.removed = i - run.position;
    run.added = j - run.source;
    if (run.removed || run.added)
      g_array_append_val (runs, run);
    if (runs->len > MOST_RUNS)
      return NULL;
    while (i < old_end && j < new_end && id_at (old, i) == id_at (new, j))
      i++, j++;
    /* Both next ids are in both lists, but in another order. */
    if (i + j == looked_at)
      return NULL;
  }
  return g_steal_pointer (&runs);
}

void
pb_id_diff (GArray *old, GArray *new, PbIdSplice splice, gpointer data) {
  guint start = 0, end = 0, shorter = MIN (old->len, new->len);

  while (start < shorter && id_at (old, start) == id_at (new, start))
    start++;
  while (end < shorter - start &&
         id_at (old, old->len - 1 - end) == id_at (new, new->len - 1 - end))
    end++;
  guint old_end = old->len - end, new_end = new->len - end;
  if (start == old_end && start == new_end)
    return;

  g_autoptr (GArray) runs = NULL;
  if (start < old_end && start < new_end)
    runs = find_runs (old, start, old_end, new, new_end);
  if (!runs) {
    const gint64 *added = start < new_end ? &g_array_index (new, gint64, start) : NULL;
    splice (start, old_end - start, added, new_end - start, data);
    return;
  }
  for (guint i = runs->len; i > 0; i--) {
    const Run *run = &g_array_index (runs, Run, i - 1);
    const gint64 *added = run->added ? &g_array_index (new, gint64, run->source) : NULL;
    splice (run->position, run->removed, added, run->added, data);
  }
}
