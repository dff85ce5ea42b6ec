/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One walk over the rows, two tables. */

#include "config.h"

#include "pb-server-sums.h"

#include "pb-server-text.h"

static void
sum_free (gpointer data) {
  PbServerSum *sum = data;

  g_free (sum->key);
  g_free (sum->label);
  g_free (sum);
}

/* Takes @key and @label. */
static void
add_to (GHashTable *table, char *key, char *label, guint64 bytes) {
  PbServerSum *sum = g_hash_table_lookup (table, key);

  if (!sum) {
    sum = g_new0 (PbServerSum, 1);
    sum->key = g_strdup (key);
    sum->label = g_strdup (label);
    g_hash_table_insert (table, sum->key, sum);
  }
  sum->count++;
  sum->bytes += bytes;
  g_free (key);
  g_free (label);
}

static int
compare_sums (gconstpointer a, gconstpointer b) {
  const PbServerSum *left = *(PbServerSum *const *) a, *right = *(PbServerSum *const *) b;

  return (left->bytes < right->bytes) - (left->bytes > right->bytes);
}

static GPtrArray *
list_sums (GHashTable *table) {
  GPtrArray *sums = g_ptr_array_new_with_free_func (sum_free);
  GHashTableIter iter;
  gpointer sum;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &sum)) {
    g_hash_table_iter_steal (&iter);
    g_ptr_array_add (sums, sum);
  }
  g_ptr_array_sort (sums, compare_sums);
  return sums;
}

char *
pb_server_sums_year (PbServerRow *row) {
  gint64 time = pb_server_text_time (row);
  g_autoptr (GDateTime) date = time ? g_date_time_new_from_unix_local (time) : NULL;

  return date ? g_strdup_printf ("%d", g_date_time_get_year (date)) : g_strdup ("");
}

PbServerSums *
pb_server_sums_new (GListModel *rows) {
  PbServerSums *self = g_new0 (PbServerSums, 1);
  g_autoptr (GHashTable) senders = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) years = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (rows, i);
    guint64 bytes = pb_server_row_get_size (row);

    self->states[pb_server_row_get_state (row)]++;
    if (pb_server_row_get_state (row) == PB_SERVER_GONE)
      continue;
    self->count++;
    self->bytes += bytes;
    if (!pb_server_row_get_head (row))
      continue;
    self->heads++;
    add_to (senders, pb_server_text_sender_key (row), pb_server_text_sender (row), bytes);
    add_to (years, pb_server_sums_year (row), pb_server_sums_year (row), bytes);
  }
  self->senders = list_sums (senders);
  self->years = list_sums (years);
  return self;
}

void
pb_server_sums_free (PbServerSums *self) {
  g_ptr_array_unref (self->senders);
  g_ptr_array_unref (self->years);
  g_free (self);
}
