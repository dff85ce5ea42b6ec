/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Ids first, then the rows of all of them, then the items: so nothing appears that would go again.
 * The newest 500 messages are enough. */

#include "pb-conversation.h"

#include "pb-conversations.h"

#define MOST_MESSAGES 500

struct _PbConversation {
  GObject parent;

  PbMailStore *store;
  PbMessageItem *lead;
  GListStore *messages;
  GCancellable *listing; /* the look-up under way; anything older is dropped */
};

G_DEFINE_FINAL_TYPE (PbConversation, pb_conversation, G_TYPE_OBJECT)

static PbMessageItem *
item_for (PbConversation *self, PbMessageRow *row) {
  PbMessageItem *known = row->id == pb_message_item_get_id (self->lead)
                           ? self->lead
                           : pb_conversation_find (self, row->id);
  PbMessageItem *item = known ? g_object_ref (known) : pb_message_item_new (row->id);

  pb_message_item_set_row (item, row);
  return item;
}

/* @rows (some NULL) are the messages, oldest first. What is the same at the beginning stays. */
static void
take_rows (PbConversation *self, GPtrArray *rows) {
  GListModel *model = G_LIST_MODEL (self->messages);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint same = 0;

  for (guint i = 0; i < rows->len; i++) {
    if (rows->pdata[i])
      g_ptr_array_add (items, item_for (self, rows->pdata[i]));
  }
  while (same < items->len) {
    g_autoptr (GObject) old = g_list_model_get_item (model, same);
    if ((gpointer) old != items->pdata[same])
      break;
    same++;
  }
  guint old_length = g_list_model_get_n_items (model);
  if (same < old_length || same < items->len)
    g_list_store_splice (self->messages, same, old_length - same, items->pdata + same,
                         items->len - same);
}

static gboolean
is_put_away (PbConversation *self, const PbMessageRow *row) {
  static const PbFolderRole roles[] = { PB_FOLDER_TRASH, PB_FOLDER_JUNK };
  const PbMessageRow *lead = pb_message_item_get_row (self->lead);

  if (lead && lead->folder_id == row->folder_id)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++) {
    PbFolder *folder = pb_mail_store_find_folder (self->store, row->account_id, roles[i]);
    if (folder && pb_folder_get_id (folder) == row->folder_id)
      return TRUE;
  }
  return FALSE;
}

static void
rows_loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConversation) self = data;
  g_autoptr (GPtrArray) rows =
    pb_mail_store_load_rows_finish (PB_MAIL_STORE (source), result, NULL);

  if (!rows)
    return;
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    if (rows->pdata[i] && !is_put_away (self, rows->pdata[i]))
      g_ptr_array_add (shown, rows->pdata[i]);
  }
  take_rows (self, shown);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConversation) self = data;
  g_autoptr (GArray) ids =
    pb_mail_store_list_conversation_finish (PB_MAIL_STORE (source), result, NULL);

  /* When it is gone or cannot be read, another item is the lead in a moment, or none. */
  if (!ids)
    return;
  guint count = MIN (ids->len, MOST_MESSAGES);
  pb_mail_store_load_rows_async (self->store, &g_array_index (ids, gint64, ids->len - count), count,
                                 self->listing, rows_loaded, g_object_ref (self));
}

static void
look_up (PbConversation *self) {
  if (self->listing)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  self->listing = g_cancellable_new ();
  pb_mail_store_list_conversation_async (self->store, pb_message_item_get_id (self->lead),
                                         self->listing, listed, g_object_ref (self));
}

static void
rows_changed_cb (PbConversation *self, GArray *changed) {
  for (guint i = 0; i < changed->len; i++) {
    if (pb_conversation_find (self, g_array_index (changed, gint64, i))) {
      look_up (self);
      return;
    }
  }
}

static void
pb_conversation_dispose (GObject *object) {
  PbConversation *self = PB_CONVERSATION (object);

  if (self->listing)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  G_OBJECT_CLASS (pb_conversation_parent_class)->dispose (object);
}

static void
pb_conversation_finalize (GObject *object) {
  PbConversation *self = PB_CONVERSATION (object);

  g_object_unref (self->messages);
  g_clear_object (&self->lead);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (pb_conversation_parent_class)->finalize (object);
}

static void
pb_conversation_class_init (PbConversationClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_conversation_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_conversation_finalize;
}

static void
pb_conversation_init (PbConversation *self) {
  self->messages = g_list_store_new (PB_TYPE_MESSAGE_ITEM);
}

PbConversation *
pb_conversation_new (PbMailStore *store, PbMessageItem *lead) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (lead), NULL);

  PbConversation *self = g_object_new (PB_TYPE_CONVERSATION, NULL);

  self->store = g_object_ref (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (look_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "rows-changed", G_CALLBACK (rows_changed_cb), self,
                           G_CONNECT_SWAPPED);
  pb_conversation_set_lead (self, lead);
  GPtrArray *rows = pb_message_item_get_rows (lead);
  if (rows) {
    g_autoptr (GPtrArray) oldest_first = g_ptr_array_new ();
    for (guint i = rows->len; i > 0; i--)
      g_ptr_array_add (oldest_first, rows->pdata[i - 1]);
    take_rows (self, oldest_first);
  }
  return self;
}

void
pb_conversation_set_lead (PbConversation *self, PbMessageItem *lead) {
  g_return_if_fail (PB_IS_CONVERSATION (self));
  g_return_if_fail (PB_IS_MESSAGE_ITEM (lead));

  g_set_object (&self->lead, lead);
  look_up (self);
}

GListModel *
pb_conversation_get_messages (PbConversation *self) {
  g_return_val_if_fail (PB_IS_CONVERSATION (self), NULL);
  return G_LIST_MODEL (self->messages);
}

PbMessageItem *
pb_conversation_find (PbConversation *self, gint64 id) {
  g_return_val_if_fail (PB_IS_CONVERSATION (self), NULL);

  GListModel *model = G_LIST_MODEL (self->messages);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (PbMessageItem) item = g_list_model_get_item (model, i);
    if (pb_message_item_get_id (item) == id)
      return item;
  }
  return NULL;
}

gboolean
pb_conversation_matches (PbConversation *self, PbMessageItem *lead) {
  g_return_val_if_fail (PB_IS_CONVERSATION (self), FALSE);

  guint count = 0;
  const gint64 *ids = pb_message_item_get_conversation (lead, &count);

  for (guint i = 0; ids && i < count; i++) {
    if (pb_conversation_find (self, ids[i]))
      return TRUE;
  }
  return pb_conversation_find (self, pb_message_item_get_id (lead)) != NULL;
}

PbMessageItem *
pb_conversation_next_unread (PbConversation *self, gint64 id) {
  g_return_val_if_fail (PB_IS_CONVERSATION (self), NULL);

  GListModel *model = G_LIST_MODEL (self->messages);
  guint n = g_list_model_get_n_items (model), start = 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (PbMessageItem) item = g_list_model_get_item (model, i);
    if (pb_message_item_get_id (item) == id)
      start = i + 1;
  }
  for (guint i = 0; i < n; i++) {
    g_autoptr (PbMessageItem) item = g_list_model_get_item (model, (start + i) % n);
    if (pb_message_item_get_id (item) != id && !pb_message_item_has_flag (item, PB_FLAG_READ))
      return item;
  }
  return NULL;
}
