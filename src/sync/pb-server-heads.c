/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Walks the list from its top; what somebody looks at goes before. */

#include "pb-server-heads.h"

#include "pb-server-store.h"

#define FLIGHT 200
/* A server without TOP is not to be asked for each. */
#define TRIALS 3

struct _PbServerHeads {
  PbMailStore *store;
  char *account_id;
  PbServerRows *rows;
  GObject *owner; /* borrowed */
  void (*changed) (gpointer owner);
  GQueue wanted; /* of PbServerRow, owned; the last one wanted first */
  guint next;    /* where in the list to go on */
  gboolean may_top;
  gboolean top_works; /* it answered once */
};

PbServerHeads *
pb_server_heads_new (PbMailStore *store,
                     const char *account_id,
                     PbServerRows *rows,
                     gpointer owner,
                     void (*changed) (gpointer owner)) {
  PbServerHeads *self = g_new0 (PbServerHeads, 1);

  self->store = g_object_ref (store);
  self->account_id = g_strdup (account_id);
  self->rows = rows;
  self->owner = owner;
  self->changed = changed;
  self->may_top = TRUE;
  return self;
}

void
pb_server_heads_free (PbServerHeads *self) {
  if (!self)
    return;
  g_queue_clear_full (&self->wanted, g_object_unref);
  g_object_unref (self->store);
  g_free (self->account_id);
  g_free (self);
}

void
pb_server_heads_begin (PbServerHeads *self, gboolean may_top) {
  self->next = 0;
  self->may_top = may_top;
  self->top_works = FALSE;
}

gboolean
pb_server_heads_may_top (PbServerHeads *self) {
  return self->may_top;
}

static gboolean
lacks_head (PbServerRow *row) {
  return pb_server_row_get_number (row) > 0 && !pb_server_row_get_head (row) &&
         !pb_server_row_is_headless (row) && !pb_server_row_is_sent (row);
}

gboolean
pb_server_heads_want (PbServerHeads *self, PbServerRow *row) {
  if (!lacks_head (row))
    return FALSE;
  g_queue_push_head (&self->wanted, g_object_ref (row));
  if (self->wanted.length > FLIGHT)
    g_object_unref (g_queue_pop_tail (&self->wanted));
  return TRUE;
}

static void
add_number (GArray *numbers, GHashTable *taken, PbServerRow *row) {
  guint number = pb_server_row_get_number (row);

  if (lacks_head (row) && g_hash_table_add (taken, GUINT_TO_POINTER (number)))
    g_array_append_val (numbers, number);
}

GArray *
pb_server_heads_next (PbServerHeads *self, gboolean all) {
  GListModel *model = pb_server_rows_get_model (self->rows);
  guint most = self->top_works ? FLIGHT : TRIALS, count = g_list_model_get_n_items (model);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);

  if (!self->may_top)
    return NULL;
  while (self->wanted.length > 0 && numbers->len < most) {
    g_autoptr (PbServerRow) row = g_queue_pop_head (&self->wanted);
    add_number (numbers, taken, row);
  }
  for (; all && self->next < count && numbers->len < most; self->next++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (model, self->next);
    add_number (numbers, taken, row);
  }
  return numbers->len > 0 ? g_steal_pointer (&numbers) : NULL;
}

void
pb_server_heads_take_known (PbServerHeads *self, PbListing *listing, GPtrArray *heads) {
  for (guint i = 0; i < heads->len; i++) {
    PbListingEntry entry;
    pb_listing_get (listing, i, &entry);
    PbServerRow *row = pb_server_rows_find (self->rows, entry.number);
    if (heads->pdata[i] && row && !pb_server_row_get_head (row))
      _pb_server_row_set_head (row, heads->pdata[i]);
  }
}

/* ---- Parsing ---- */

typedef struct {
  PbMailStore *store;
  char *account_id;
  GPtrArray *rows;
  GPtrArray *tops;
  GPtrArray *heads;
  void (*changed) (gpointer owner);
} Parsing;

static void
parsing_free (gpointer data) {
  Parsing *parsing = data;

  g_object_unref (parsing->store);
  g_free (parsing->account_id);
  g_ptr_array_unref (parsing->rows);
  g_ptr_array_unref (parsing->tops);
  g_ptr_array_unref (parsing->heads);
  g_free (parsing);
}

static void
head_free (gpointer head) {
  g_clear_pointer ((PbSummary **) &head, pb_summary_unref);
}

static void
parse_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Parsing *parsing = data;

  for (guint i = 0; i < parsing->tops->len; i++) {
    GBytes *top = parsing->tops->pdata[i];
    gsize length;
    const guint8 *bytes = top ? g_bytes_get_data (top, &length) : NULL;
    g_ptr_array_add (parsing->heads, bytes ? pb_summary_new_from_data (bytes, length) : NULL);
  }
  g_task_return_boolean (task, TRUE);
}

static void
parsed (GObject *source, GAsyncResult *result, gpointer data) {
  Parsing *parsing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) heads = g_ptr_array_new_with_free_func (head_free);

  for (guint i = 0; i < parsing->heads->len; i++) {
    PbServerRow *row = parsing->rows->pdata[i];
    PbSummary *head = parsing->heads->pdata[i];
    _pb_server_row_set_head (row, head);
    if (!head || !pb_server_row_get_identity (row))
      continue;
    g_ptr_array_add (identities, g_bytes_ref (pb_server_row_get_identity (row)));
    g_ptr_array_add (heads, pb_summary_ref (head));
  }
  if (heads->len > 0)
    pb_mail_store_keep_heads (parsing->store, parsing->account_id, identities, heads);
  parsing->changed (source);
}

static void
judge_top (PbServerHeads *self, GPtrArray *tops) {
  for (guint i = 0; i < tops->len; i++)
    self->top_works |= tops->pdata[i] != NULL;
  self->may_top = self->top_works;
}

void
pb_server_heads_take (PbServerHeads *self, const GArray *numbers, GPtrArray *tops) {
  g_autoptr (GTask) task = g_task_new (self->owner, NULL, parsed, NULL);
  Parsing *parsing = g_new0 (Parsing, 1);

  parsing->store = g_object_ref (self->store);
  parsing->account_id = g_strdup (self->account_id);
  parsing->rows = g_ptr_array_new_with_free_func (g_object_unref);
  parsing->tops = g_ptr_array_ref (tops);
  parsing->changed = self->changed;
  parsing->heads = g_ptr_array_new_with_free_func (head_free);
  judge_top (self, tops);
  for (guint i = 0; i < tops->len; i++)
    g_ptr_array_add (parsing->rows, g_object_ref (pb_server_rows_find (
                                      self->rows, g_array_index (numbers, guint, i))));
  g_task_set_source_tag (task, pb_server_heads_take);
  g_task_set_task_data (task, parsing, parsing_free);
  if (self->may_top)
    g_task_run_in_thread (task, parse_in_thread);
}
