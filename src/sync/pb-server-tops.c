/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Collects what comes; messages end in the order in which they were asked for. */

#include "pb-server-tops.h"

typedef struct {
  GByteArray *coming;
  GPtrArray *tops; /* of GBytes or NULL */
} Tops;

static void
bytes_free (gpointer bytes) {
  g_clear_pointer ((GBytes **) &bytes, g_bytes_unref);
}

static void
tops_free (gpointer data) {
  Tops *tops = data;

  g_byte_array_unref (tops->coming);
  g_clear_pointer (&tops->tops, g_ptr_array_unref);
  g_free (tops);
}

static void
data_arrived (guint number, const guint8 *data, gsize length, gpointer user_data) {
  Tops *tops = g_task_get_task_data (user_data);

  g_byte_array_append (tops->coming, data,
                       (guint) MIN (length, PB_TOPS_MAX_BYTES - tops->coming->len));
}

static void
message_ended (guint number, const GError *refused, gpointer user_data) {
  Tops *tops = g_task_get_task_data (user_data);

  g_ptr_array_add (tops->tops,
                   refused ? NULL : g_bytes_new (tops->coming->data, tops->coming->len));
  g_byte_array_set_size (tops->coming, 0);
}

static void
retrieved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Tops *tops = g_task_get_task_data (task);
  GError *error = NULL;

  if (pb_pop3_session_retrieve_finish (PB_POP3_SESSION (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&tops->tops), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
pb_server_tops_async (PbPop3Session *session,
                      const guint *numbers,
                      guint count,
                      int lines,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data) {
  static const PbPop3Sink sink = { .data = data_arrived, .end = message_ended };

  g_return_if_fail (PB_IS_POP3_SESSION (session));
  g_return_if_fail (numbers != NULL && count > 0 && lines >= 0);

  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Tops *tops = g_new (Tops, 1);
  *tops = (Tops){ g_byte_array_new (), g_ptr_array_new_with_free_func (bytes_free) };
  g_task_set_source_tag (task, pb_server_tops_async);
  g_task_set_task_data (task, tops, tops_free);
  g_task_set_check_cancellable (task, FALSE);
  pb_pop3_session_retrieve_async (session, numbers, NULL, count, lines, &sink, task, cancellable,
                                  retrieved, task);
}

GPtrArray *
pb_server_tops_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
