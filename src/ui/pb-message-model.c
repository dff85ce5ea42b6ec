/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Ids in one array; items in a table that does not keep them alive; rows in a table of a few
 * pages. When the store changes, the ids are asked for again and the difference is told in runs,
 * so that selection and scroll position stay where they are. Comparing two id lists is done in
 * pb-id-diff.c. */

#include "pb-message-model.h"

#include "pb-conversation-rows.h"
#include "pb-conversation-table.h"
#include "pb-id-diff.h"

#define PAGE 500
#define PAGES_KEPT 12
#define LOOK_AHEAD 120

struct _PbMessageModel {
  GObject parent;

  PbMailStore *store;
  PbPlace *place;
  GArray *ids;                /* of gint64, in order */
  PbConversationTable *table; /* of a grouped list, else NULL */
  GHashTable *items;          /* id → PbMessageItem, not owned; the key lives in the item */
  GHashTable *rows;           /* id → PbMessageRow; the key lives in the row */
  GHashTable *requested;      /* ids (owned) whose rows are on their way */
  GQueue pages; /* of GArray of gint64, oldest first: what was read together is dropped together */
  GCancellable *query; /* the query under way, NULL without */
  GCancellable *reads; /* all row reads */
  gboolean query_again;
  char *search_text; /* as typed; NULL without a search */
  PbSearchQuery *search;
  gboolean everywhere;
  gboolean is_other; /* what comes next is another list, not a change of this one */
  gboolean loading;
  gboolean grouped;
  gboolean updating;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PbMessageModel,
                               pb_message_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum { PROP_LOADING = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { UPDATED, N_SIGNALS };
static guint signals[N_SIGNALS];

static gint64
id_at (PbMessageModel *self, guint position) {
  return g_array_index (self->ids, gint64, position);
}

static void
set_loading (PbMessageModel *self, gboolean loading) {
  if (self->loading == loading)
    return;
  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* ---- Rows ---- */

typedef struct {
  PbMessageModel *model;
  GArray *ids;
} RowsRead;

static void
rows_read_free (RowsRead *read) {
  g_object_unref (read->model);
  g_clear_pointer (&read->ids, g_array_unref);
  g_free (read);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RowsRead, rows_read_free)

static void
drop_oldest_page (PbMessageModel *self) {
  g_autoptr (GArray) page = g_queue_pop_head (&self->pages);

  for (guint i = 0; i < page->len; i++)
    g_hash_table_remove (self->rows, &g_array_index (page, gint64, i));
}

static void
take_row (PbMessageModel *self, PbMessageRow *row) {
  PbMessageItem *item = g_hash_table_lookup (self->items, &row->id);

  g_hash_table_replace (self->rows, &row->id, pb_message_row_ref (row));
  if (item)
    pb_message_item_set_row (item, row);
}

static void
rows_loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (RowsRead) read = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
    pb_mail_store_load_rows_finish (PB_MAIL_STORE (source), result, &error);
  PbMessageModel *self = read->model;

  /* Rows are good for every place, so that only the end of the model cancels a read. After any
   * other failure rows stay blank and are asked for again when next looked at. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  for (guint i = 0; i < read->ids->len; i++)
    g_hash_table_remove (self->requested, &g_array_index (read->ids, gint64, i));
  if (!rows)
    return;
  g_queue_push_tail (&self->pages, g_steal_pointer (&read->ids));
  if (g_queue_get_length (&self->pages) > PAGES_KEPT)
    drop_oldest_page (self);
  for (guint i = 0; i < rows->len; i++) {
    if (rows->pdata[i])
      take_row (self, rows->pdata[i]);
  }
}

/* Takes @ids, at most PAGE of them. */
static void
load_rows (PbMessageModel *self, GArray *ids) {
  RowsRead *read = g_new0 (RowsRead, 1);

  for (guint i = 0; i < ids->len; i++) {
    gint64 *id = g_memdup2 (&g_array_index (ids, gint64, i), sizeof (gint64));
    g_hash_table_add (self->requested, id);
  }
  read->model = g_object_ref (self);
  read->ids = ids;
  pb_mail_store_load_rows_async (self->store, (const gint64 *) (gpointer) ids->data, ids->len,
                                 self->reads, rows_loaded, read);
}

/* Reads the page around @position unless its row is here or on its way. */
static void
ensure_row (PbMessageModel *self, guint position) {
  gint64 wanted = id_at (self, position);

  if (g_hash_table_contains (self->rows, &wanted) ||
      g_hash_table_contains (self->requested, &wanted))
    return;
  g_autoptr (GArray) ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), PAGE);
  guint start = position - position % PAGE;
  for (guint i = start; i < MIN (start + PAGE, self->ids->len); i++) {
    gint64 id = id_at (self, i);
    if (!g_hash_table_contains (self->rows, &id) && !g_hash_table_contains (self->requested, &id))
      g_array_append_val (ids, id);
  }
  load_rows (self, g_steal_pointer (&ids));
}

/* ---- Items ---- */

static void
item_gone (gpointer data, GObject *where_the_object_was) {
  PbMessageModel *self = data;
  PbMessageItem *item = (PbMessageItem *) where_the_object_was;

  g_hash_table_remove (self->items, pb_message_item_peek_id (item));
}

static void
update_conversation (PbMessageModel *self, PbMessageItem *item) {
  guint count = 0;
  const gint64 *ids =
    pb_conversation_table_lookup (self->table, pb_message_item_get_id (item), &count);

  if (pb_message_item_set_conversation (item, ids, count) && ids)
    pb_conversation_rows_load (self->store, item, self->reads);
}

static PbMessageItem *
make_item (PbMessageModel *self, guint position) {
  gint64 id = id_at (self, position);
  PbMessageItem *item = pb_message_item_new (id);
  PbMessageRow *row = g_hash_table_lookup (self->rows, &id);

  g_hash_table_insert (self->items, (gpointer) pb_message_item_peek_id (item), item);
  g_object_weak_ref (G_OBJECT (item), item_gone, self);
  if (row)
    pb_message_item_set_row (item, row);
  update_conversation (self, item);
  ensure_row (self, position);
  if (position >= LOOK_AHEAD)
    ensure_row (self, position - LOOK_AHEAD);
  if (position + LOOK_AHEAD < self->ids->len)
    ensure_row (self, position + LOOK_AHEAD);
  return item;
}

static void
forget_items (PbMessageModel *self) {
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    g_object_weak_unref (item, item_gone, self);
  g_hash_table_remove_all (self->items);
}

static void
forget_rows (PbMessageModel *self) {
  g_hash_table_remove_all (self->rows);
  g_hash_table_remove_all (self->requested);
  g_queue_clear_full (&self->pages, (GDestroyNotify) g_array_unref);
}

/* ---- Following the store ---- */

static void
splice (guint position, guint removed, const gint64 *added, guint n_added, gpointer data) {
  PbMessageModel *self = data;

  if (removed)
    g_array_remove_range (self->ids, position, removed);
  if (n_added)
    g_array_insert_vals (self->ids, position, added, n_added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, n_added);
}

static void start_query (PbMessageModel *self);

/* Rows of another list are bound anew, so that they mark what was searched for now. */
static void
take_ids (PbMessageModel *self, GArray *ids, PbConversationTable *table) {
  GHashTableIter iter;
  gpointer item;

  self->updating = TRUE;
  g_clear_pointer (&self->table, pb_conversation_table_free);
  self->table = table;
  if (self->is_other)
    splice (0, self->ids->len, (const gint64 *) (gpointer) ids->data, ids->len, self);
  else
    pb_id_diff (self->ids, ids, splice, self);
  self->is_other = FALSE;
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    update_conversation (self, item);
}

/* Takes all over; @table only where there are ids of conversations. */
static void
finish_query (PbMessageModel *self, GArray *found, PbConversationTable *table, GError *failure) {
  g_autoptr (GArray) ids = found;
  g_autoptr (GError) error = failure;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->query);
  if (ids)
    take_ids (self, ids, table);
  self->updating = FALSE;
  set_loading (self, FALSE);
  if (self->query_again)
    start_query (self);
  g_signal_emit (self, signals[UPDATED], 0);
}

static void
query_done (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMessageModel) self = data;
  GError *error = NULL;
  GArray *ids = pb_mail_store_query_finish (PB_MAIL_STORE (source), result, &error);

  finish_query (self, ids, NULL, error);
}

static void
conversations_done (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMessageModel) self = data;
  GError *error = NULL;
  g_autoptr (PbConversations) found =
    pb_mail_store_query_conversations_finish (PB_MAIL_STORE (source), result, &error);

  finish_query (self, found ? pb_conversation_list_leads (found) : NULL,
                found ? pb_conversation_table_new (found) : NULL, error);
}

static void
search_done (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMessageModel) self = data;
  GError *error = NULL;
  GArray *ids = pb_mail_store_search_finish (PB_MAIL_STORE (source), result, NULL, &error);

  finish_query (self, ids, NULL, error);
}

static void
start_query (PbMessageModel *self) {
  g_assert (!self->query);

  self->query_again = FALSE;
  self->query = g_cancellable_new ();
  if (self->search)
    pb_place_search_async (self->place, self->store, self->search_text, self->everywhere,
                           self->query, search_done, g_object_ref (self));
  else if (self->grouped)
    pb_mail_store_query_conversations_async (self->store, pb_place_get_query (self->place),
                                             self->query, conversations_done, g_object_ref (self));
  else
    pb_mail_store_query_async (self->store, pb_place_get_query (self->place), self->query,
                               query_done, g_object_ref (self));
}

/* A message anywhere can make one conversation of two here. */
static void
store_changed_cb (PbMessageModel *self, gint64 folder_id) {
  gboolean anywhere = self->search ? self->everywhere : self->grouped;

  if (!self->place || (!anywhere && !pb_place_holds_folder (self->place, folder_id)))
    return;
  if (self->query)
    self->query_again = TRUE;
  else
    start_query (self);
}

/* Flags changed. What is looked at is read again; what is only kept is dropped. */
static void
rows_changed_cb (PbMessageModel *self, GArray *changed) {
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < changed->len; i++) {
    gint64 id = g_array_index (changed, gint64, i);
    if (g_hash_table_contains (self->items, &id))
      g_array_append_val (ids, id);
    else
      g_hash_table_remove (self->rows, &id);
    if (ids->len == PAGE) {
      load_rows (self, g_steal_pointer (&ids));
      ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    }
  }
  if (ids->len)
    load_rows (self, g_steal_pointer (&ids));
  if (self->table)
    pb_conversation_rows_refresh (self->store, self->items, changed, self->reads);
}

/* ---- GListModel ---- */

static GType
get_item_type (GListModel *model) {
  return PB_TYPE_MESSAGE_ITEM;
}

static guint
get_n_items (GListModel *model) {
  return PB_MESSAGE_MODEL (model)->ids->len;
}

static gpointer
get_item (GListModel *model, guint position) {
  PbMessageModel *self = PB_MESSAGE_MODEL (model);

  if (position >= self->ids->len)
    return NULL;
  PbMessageItem *item =
    g_hash_table_lookup (self->items, &g_array_index (self->ids, gint64, position));
  if (!item)
    return make_item (self, position);
  if (!pb_message_item_get_row (item))
    ensure_row (self, position);
  return g_object_ref (item);
}

static void
list_model_init (GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- Object ---- */

static void
pb_message_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbMessageModel *self = PB_MESSAGE_MODEL (object);

  switch (id) {
  case PROP_LOADING:
    g_value_set_boolean (value, self->loading);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
stop_query (PbMessageModel *self) {
  if (self->query)
    g_cancellable_cancel (self->query);
  g_clear_object (&self->query);
  self->query_again = FALSE;
}

static void
forget_search (PbMessageModel *self) {
  g_clear_pointer (&self->search_text, g_free);
  g_clear_pointer (&self->search, pb_search_query_unref);
}

static void
pb_message_model_dispose (GObject *object) {
  PbMessageModel *self = PB_MESSAGE_MODEL (object);

  stop_query (self);
  g_cancellable_cancel (self->reads);
  forget_items (self);
  forget_rows (self);
  g_clear_object (&self->place);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (pb_message_model_parent_class)->dispose (object);
}

static void
pb_message_model_finalize (GObject *object) {
  PbMessageModel *self = PB_MESSAGE_MODEL (object);

  forget_search (self);
  g_object_unref (self->reads);
  g_array_unref (self->ids);
  g_clear_pointer (&self->table, pb_conversation_table_free);
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->requested);
  G_OBJECT_CLASS (pb_message_model_parent_class)->finalize (object);
}

static void
pb_message_model_class_init (PbMessageModelClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pb_message_model_get_property;
  object_class->dispose = pb_message_model_dispose;
  object_class->finalize = pb_message_model_finalize;
  properties[PROP_LOADING] =
    g_param_spec_boolean ("loading", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[UPDATED] = g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
pb_message_model_init (PbMessageModel *self) {
  self->reads = g_cancellable_new ();
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->items = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                      (GDestroyNotify) pb_message_row_unref);
  self->requested = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_queue_init (&self->pages);
}

PbMessageModel *
pb_message_model_new (PbMailStore *store) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);

  PbMessageModel *self = g_object_new (PB_TYPE_MESSAGE_MODEL, NULL);

  self->store = g_object_ref (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "rows-changed", G_CALLBACK (rows_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/* The list is empty until it comes anew. */
static void
begin_anew (PbMessageModel *self) {
  guint gone = self->ids->len;

  stop_query (self);
  g_array_set_size (self->ids, 0);
  g_clear_pointer (&self->table, pb_conversation_table_free);
  set_loading (self, self->place != NULL);
  if (gone)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, gone, 0);
  if (self->place)
    start_query (self);
}

void
pb_message_model_set_place (PbMessageModel *self, PbPlace *place) {
  g_return_if_fail (PB_IS_MESSAGE_MODEL (self));
  g_return_if_fail (place == NULL || PB_IS_PLACE (place));

  if (!g_set_object (&self->place, place))
    return;
  forget_search (self);
  self->is_other = FALSE;
  self->updating = FALSE;
  begin_anew (self);
}

void
pb_message_model_set_grouped (PbMessageModel *self, gboolean grouped) {
  g_return_if_fail (PB_IS_MESSAGE_MODEL (self));

  if (self->grouped == grouped)
    return;
  self->grouped = grouped;
  self->updating = self->place != NULL;
  begin_anew (self);
}

gboolean
pb_message_model_get_updating (PbMessageModel *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_MODEL (self), FALSE);
  return self->updating;
}

guint
pb_message_model_get_n_messages (PbMessageModel *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_MODEL (self), 0);
  return self->table ? pb_conversation_table_get_n_messages (self->table) : self->ids->len;
}

void
pb_message_model_append_ids (PbMessageModel *self, guint position, GArray *ids) {
  g_return_if_fail (PB_IS_MESSAGE_MODEL (self));
  g_return_if_fail (position < self->ids->len && ids != NULL);

  gint64 id = id_at (self, position);
  guint count = 1;
  const gint64 *all = pb_conversation_table_lookup (self->table, id, &count);

  g_array_append_vals (ids, all ? all : &id, all ? count : 1);
}

void
pb_message_model_set_search (PbMessageModel *self, const char *text, gboolean everywhere) {
  g_return_if_fail (PB_IS_MESSAGE_MODEL (self));

  const char *wanted = text && *text ? text : NULL;

  if (g_strcmp0 (wanted, self->search_text) == 0 && (!wanted || everywhere == self->everywhere))
    return;
  stop_query (self);
  forget_search (self);
  self->search_text = g_strdup (wanted);
  self->search = wanted ? pb_search_query_new (wanted, g_get_real_time () / G_USEC_PER_SEC) : NULL;
  self->everywhere = everywhere;
  self->is_other = TRUE;
  set_loading (self, self->place != NULL);
  if (self->place)
    start_query (self);
}

PbMailStore *
pb_message_model_get_store (PbMessageModel *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_MODEL (self), NULL);
  return self->store;
}

PbSearchQuery *
pb_message_model_get_search (PbMessageModel *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_MODEL (self), NULL);
  return self->search;
}

PbPlace *
pb_message_model_get_place (PbMessageModel *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_MODEL (self), NULL);
  return self->place;
}

gboolean
pb_message_model_get_loading (PbMessageModel *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_MODEL (self), FALSE);
  return self->loading;
}

gboolean
pb_message_model_find (PbMessageModel *self, gint64 id, guint *position) {
  g_return_val_if_fail (PB_IS_MESSAGE_MODEL (self), FALSE);
  g_return_val_if_fail (position != NULL, FALSE);

  gint64 lead = pb_conversation_table_find_lead (self->table, id);

  for (guint i = 0; i < self->ids->len; i++) {
    if (id_at (self, i) == lead) {
      *position = i;
      return TRUE;
    }
  }
  return FALSE;
}
