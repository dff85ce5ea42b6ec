/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The sync service, where a person wants the rest of messages of which the head is here: a wish in
 * the ledger, then a check. */

#include "pb-sync-service-private.h"

typedef struct {
  PbAccount *account;
  gboolean joined; /* a check that may have looked at the ledger before the wish was in it */
  PbFetchResult fetched;
} Rest;

static void
rest_free (gpointer data) {
  Rest *rest = data;

  g_object_unref (rest->account);
  g_free (rest);
}

static void
rest_checked (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbSyncService *self = PB_SYNC_SERVICE (source);
  Rest *rest = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  pb_sync_service_check_finish (self, result, &rest->fetched, &error);
  if (rest->joined && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    rest->joined = FALSE;
    pb_sync_service_force_check_async (self, rest->account, g_task_get_cancellable (task),
                                       rest_checked, g_object_ref (task));
  } else if (error)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
rest_wanted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbSyncService *self = g_task_get_source_object (task);
  Rest *rest = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pb_mail_store_want_rest_finish (_pb_sync_service_get_store (self), result, &error)) {
    g_task_return_error (task, error);
    return;
  }
  rest->joined = _pb_sync_service_is_running (self, rest->account);
  pb_sync_service_force_check_async (self, rest->account, g_task_get_cancellable (task),
                                     rest_checked, g_object_ref (task));
}

void
pb_sync_service_fetch_rest_async (PbSyncService *self,
                                  PbAccount *account,
                                  const gint64 *ids,
                                  guint count,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Rest *rest = g_new0 (Rest, 1);
  rest->account = g_object_ref (account);
  g_task_set_source_tag (task, pb_sync_service_fetch_rest_async);
  g_task_set_task_data (task, rest, rest_free);
  g_task_set_check_cancellable (task, FALSE);
  pb_mail_store_want_rest_async (_pb_sync_service_get_store (self), ids, count, cancellable,
                                 rest_wanted, task);
}

gboolean
pb_sync_service_fetch_rest_finish (PbSyncService *self,
                                   GAsyncResult *result,
                                   PbFetchResult *fetched,
                                   GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (fetched)
    *fetched = ((Rest *) g_task_get_task_data (G_TASK (result)))->fetched;
  return g_task_propagate_boolean (G_TASK (result), error);
}
