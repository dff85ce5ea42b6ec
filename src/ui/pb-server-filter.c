/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A filter by state and words; and rules that select. */

#include "config.h"

#include "pb-server-filter.h"

#include "pb-server-sums.h"
#include "pb-server-text.h"

#define SECONDS_PER_DAY (24 * 60 * 60)

struct _PbServerFilter {
  GtkFilter parent;

  PbServerState state;
  GStrv words; /* case-folded */
};

G_DEFINE_FINAL_TYPE (PbServerFilter, pb_server_filter, GTK_TYPE_FILTER)

static gboolean
has_words (PbServerFilter *self, PbServerRow *row) {
  const PbSummary *head = pb_server_row_get_head (row);

  if (!self->words || !self->words[0])
    return TRUE;
  if (!head)
    return FALSE;
  g_autofree char *all = g_strjoin (" ", head->from_name, head->from_address, head->subject, NULL);
  g_autofree char *text = g_utf8_casefold (all, -1);
  for (guint i = 0; self->words[i]; i++) {
    if (!strstr (text, self->words[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
pb_server_filter_match (GtkFilter *filter, gpointer item) {
  PbServerFilter *self = PB_SERVER_FILTER (filter);

  return (self->state == PB_N_SERVER_STATES || pb_server_row_get_state (item) == self->state) &&
         has_words (self, item);
}

static void
pb_server_filter_finalize (GObject *object) {
  g_strfreev (PB_SERVER_FILTER (object)->words);
  G_OBJECT_CLASS (pb_server_filter_parent_class)->finalize (object);
}

static void
pb_server_filter_class_init (PbServerFilterClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_server_filter_finalize;
  GTK_FILTER_CLASS (klass)->match = pb_server_filter_match;
}

static void
pb_server_filter_init (PbServerFilter *self) {
  self->state = PB_N_SERVER_STATES;
}

PbServerFilter *
pb_server_filter_new (void) {
  return g_object_new (PB_TYPE_SERVER_FILTER, NULL);
}

void
pb_server_filter_set_state (PbServerFilter *self, PbServerState state) {
  g_return_if_fail (PB_IS_SERVER_FILTER (self));

  if (self->state == state)
    return;
  self->state = state;
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

void
pb_server_filter_set_words (PbServerFilter *self, const char *words) {
  g_return_if_fail (PB_IS_SERVER_FILTER (self));

  g_autofree char *folded = g_utf8_casefold (words ? words : "", -1);
  g_strfreev (self->words);
  self->words = g_strsplit_set (g_strstrip (folded), " \t", -1);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

/* ---- Choosing ---- */

GPtrArray *
pb_server_filter_dup_selected (GtkSelectionModel *selection) {
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (selection);
  GtkBitsetIter iter;
  guint position;

  if (!gtk_bitset_iter_init_first (&iter, chosen, &position))
    return rows;
  do
    g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (selection), position));
  while (gtk_bitset_iter_next (&iter, &position));
  return rows;
}

static GHashTable *
collect_senders (GtkSelectionModel *selection, const char *key) {
  GHashTable *senders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) rows = pb_server_filter_dup_selected (selection);

  if (key)
    g_hash_table_add (senders, g_strdup (key));
  for (guint i = 0; !key && i < rows->len; i++)
    g_hash_table_add (senders, pb_server_text_sender_key (rows->pdata[i]));
  g_hash_table_remove (senders, "");
  return senders;
}

static gboolean
is_chosen (PbServerRow *row, PbServerChoice choice, gint64 number, GHashTable *keys) {
  gint64 time = pb_server_text_time (row);
  g_autofree char *key = NULL;

  if (pb_server_row_get_state (row) == PB_SERVER_GONE)
    return FALSE;
  switch (choice) {
  case PB_SERVER_CHOOSE_HERE:
    return pb_server_row_get_here (row) == PB_SERVER_HERE;
  case PB_SERVER_CHOOSE_LARGER:
    return pb_server_row_get_size (row) > (guint64) number;
  case PB_SERVER_CHOOSE_OLDER:
    return time && g_get_real_time () / G_USEC_PER_SEC - time > number * SECONDS_PER_DAY;
  case PB_SERVER_CHOOSE_YEAR:
    key = pb_server_sums_year (row);
    return g_hash_table_contains (keys, key);
  case PB_SERVER_CHOOSE_SENDERS:
  default:
    key = pb_server_text_sender_key (row);
    return g_hash_table_contains (keys, key);
  }
}

guint
pb_server_filter_choose (GtkSelectionModel *selection,
                         PbServerChoice choice,
                         gint64 number,
                         const char *key) {
  g_return_val_if_fail (GTK_IS_SELECTION_MODEL (selection), 0);

  g_autoptr (GHashTable) keys = collect_senders (selection, key);
  g_autoptr (GtkBitset) chosen = gtk_bitset_new_empty ();
  guint count = g_list_model_get_n_items (G_LIST_MODEL (selection));
  for (guint i = 0; i < count; i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (G_LIST_MODEL (selection), i);
    if (is_chosen (row, choice, number, keys))
      gtk_bitset_add (chosen, i);
  }
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (0, count);
  gtk_selection_model_set_selection (selection, chosen, all);
  return (guint) gtk_bitset_get_size (chosen);
}
