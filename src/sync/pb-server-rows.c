/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list store, and two ways into it. */

#include "pb-server-rows.h"

struct _PbServerRows {
  GListStore *store;
  GHashTable *by_identity; /* GBytes → PbServerRow; both are the store's */
  GHashTable *by_number;   /* number → PbServerRow */
};

PbServerRows *
pb_server_rows_new (void) {
  PbServerRows *self = g_new0 (PbServerRows, 1);

  self->store = g_list_store_new (PB_TYPE_SERVER_ROW);
  self->by_identity = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  self->by_number = g_hash_table_new (NULL, NULL);
  return self;
}

void
pb_server_rows_free (PbServerRows *self) {
  if (!self)
    return;
  g_hash_table_unref (self->by_identity);
  g_hash_table_unref (self->by_number);
  g_object_unref (self->store);
  g_free (self);
}

GListModel *
pb_server_rows_get_model (PbServerRows *self) {
  return G_LIST_MODEL (self->store);
}

/* Puts @rows into the place of what the store has, and tells only of the stretch that differs. */
static void
replace (PbServerRows *self, GPtrArray *rows) {
  GListModel *model = G_LIST_MODEL (self->store);
  guint before = g_list_model_get_n_items (model), start = 0, end = 0;
  g_autoptr (GPtrArray) old = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < before; i++)
    g_ptr_array_add (old, g_list_model_get_item (model, i));
  while (start < MIN (before, rows->len) && old->pdata[start] == rows->pdata[start])
    start++;
  while (end < MIN (before, rows->len) - start &&
         old->pdata[before - 1 - end] == rows->pdata[rows->len - 1 - end])
    end++;
  if (start + end < MAX (before, rows->len))
    g_list_store_splice (self->store, start, before - start - end, rows->pdata + start,
                         rows->len - start - end);
}

static PbServerRow *
take_entry (PbServerRows *self, const PbListingEntry *entry, GHashTable *listed, GPtrArray *fresh) {
  g_autoptr (GBytes) identity =
    entry->uid_length > 0 ? g_bytes_new (entry->uid, entry->uid_length) : NULL;
  PbServerRow *row = identity ? g_hash_table_lookup (self->by_identity, identity) : NULL;

  if (row && !g_hash_table_contains (listed, row))
    return row;
  row = _pb_server_row_new (row ? NULL : identity);
  g_ptr_array_add (fresh, row);
  if (pb_server_row_get_identity (row))
    g_hash_table_insert (self->by_identity, pb_server_row_get_identity (row), row);
  return row;
}

static void
keep_old (PbServerRows *self, GHashTable *listed, GPtrArray *rows) {
  GListModel *model = G_LIST_MODEL (self->store);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (model, i);
    if (!pb_server_row_get_identity (row))
      continue;
    if (!g_hash_table_contains (listed, row))
      _pb_server_row_set_gone (row);
    g_ptr_array_add (rows, g_steal_pointer (&row));
  }
}

void
pb_server_rows_take_listing (PbServerRows *self, PbListing *listing, const GArray *ledger) {
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) listed = g_hash_table_new (NULL, NULL);

  g_hash_table_remove_all (self->by_number);
  for (guint i = pb_listing_get_length (listing); i > 0; i--) {
    PbListingEntry entry;
    pb_listing_get (listing, i - 1, &entry);
    PbServerRow *row = take_entry (self, &entry, listed, rows);
    const PbLedgerRow *known = ledger ? &g_array_index (ledger, PbLedgerRow, i - 1) : NULL;
    g_hash_table_add (listed, row);
    g_hash_table_insert (self->by_number, GUINT_TO_POINTER (entry.number), row);
    _pb_server_row_set_listed (row, entry.number, entry.has_size ? entry.size : 0, known, now);
  }
  keep_old (self, listed, rows);
  replace (self, rows);
}

void
pb_server_rows_take_ledger (PbServerRows *self, const GArray *ledger) {
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < ledger->len; i++) {
    const PbLedgerRow *known = &g_array_index (ledger, PbLedgerRow, i);
    PbServerRow *row = pb_server_rows_find (self, known->number);
    if (row)
      _pb_server_row_set_listed (row, known->number, pb_server_row_get_size (row), known, now);
  }
}

PbServerRow *
pb_server_rows_find (PbServerRows *self, guint number) {
  return g_hash_table_lookup (self->by_number, GUINT_TO_POINTER (number));
}

void
pb_server_rows_remove (PbServerRows *self, const GArray *numbers) {
  GListModel *model = G_LIST_MODEL (self->store);
  g_autoptr (GHashTable) removed = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < numbers->len; i++) {
    gpointer number = GUINT_TO_POINTER (g_array_index (numbers, guint, i));
    PbServerRow *row = g_hash_table_lookup (self->by_number, number);
    if (!row)
      continue;
    g_hash_table_add (removed, row);
    g_hash_table_remove (self->by_number, number);
    if (pb_server_row_get_identity (row))
      g_hash_table_remove (self->by_identity, pb_server_row_get_identity (row));
  }
  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (model, i);
    if (!g_hash_table_contains (removed, row))
      g_ptr_array_add (rows, g_steal_pointer (&row));
  }
  replace (self, rows);
}
