/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A task and what it needs. */

#include "pb-server-job.h"

static void
job_free (gpointer data) {
  PbServerJob *self = data;

  g_clear_object (&self->row);
  g_free (self);
}

PbServerJob *
pb_server_job_new (PbServerJobKind kind,
                   gpointer source,
                   gpointer tag,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data) {
  PbServerJob *self = g_new0 (PbServerJob, 1);

  self->kind = kind;
  self->task = g_task_new (source, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tag);
  g_task_set_task_data (self->task, self, job_free);
  /* What was done is told, also when it was cancelled in the same moment. */
  g_task_set_check_cancellable (self->task, FALSE);
  return self;
}

PbServerJob *
pb_server_job_of (GAsyncResult *result) {
  return g_task_get_task_data (G_TASK (result));
}

void
pb_server_job_end (PbServerJob *self, GBytes *value, GError *error) {
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (error)
    g_task_return_error (task, error);
  else if (value)
    g_task_return_pointer (task, value, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_boolean (task, TRUE);
}
