/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the next unread message of a list is: the store says which are unread, the list where they
 * stand. */

#include "pb-message-model.h"

typedef struct {
  PbPlace *place;
  gint64 after; /* id, 0 for the top: positions may have moved when the answer comes */
} FindUnread;

static void
find_unread_free (FindUnread *find) {
  g_object_unref (find->place);
  g_free (find);
}

static gint64
first_id (PbMessageModel *self, guint position) {
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  pb_message_model_append_ids (self, position, ids);
  return g_array_index (ids, gint64, 0);
}

static gssize
first_of (PbMessageModel *self, GArray *unread, gint64 after) {
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) here = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self));
  guint start = 0;

  for (guint i = 0; i < unread->len; i++)
    g_hash_table_add (wanted, &g_array_index (unread, gint64, i));
  if (pb_message_model_find (self, after, &start))
    start++;
  for (guint i = 0; i < count; i++) {
    guint position = (start + i) % count;
    g_array_set_size (here, 0);
    pb_message_model_append_ids (self, position, here);
    for (guint j = 0; j < here->len; j++) {
      if (g_hash_table_contains (wanted, &g_array_index (here, gint64, j)))
        return (gssize) position;
    }
  }
  return -1;
}

static void
unread_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbMessageModel *self = g_task_get_source_object (task);
  FindUnread *find = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) unread = pb_mail_store_query_finish (PB_MAIL_STORE (source), result, &error);

  if (!unread)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, find->place == pb_message_model_get_place (self)
                               ? first_of (self, unread, find->after)
                               : -1);
}

void
pb_message_model_find_unread_async (PbMessageModel *self,
                                    guint position,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data) {
  g_return_if_fail (PB_IS_MESSAGE_MODEL (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PbPlace *place = pb_message_model_get_place (self);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self));

  g_task_set_source_tag (task, pb_message_model_find_unread_async);
  if (!place) {
    g_task_return_int (task, -1);
    return;
  }
  FindUnread *find = g_new0 (FindUnread, 1);
  PbQuery query = *pb_place_get_query (place);
  query.without |= PB_FLAG_READ;
  find->place = g_object_ref (place);
  find->after = position < count ? first_id (self, position) : 0;
  g_task_set_task_data (task, find, (GDestroyNotify) find_unread_free);
  pb_mail_store_query_async (pb_message_model_get_store (self), &query, cancellable, unread_found,
                             g_steal_pointer (&task));
}

gssize
pb_message_model_find_unread_finish (PbMessageModel *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  return g_task_propagate_int (G_TASK (result), error);
}
