/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One source at a time is on its way; what comes meanwhile replaces what it will tell. */

#include "pb-transfer-report.h"

#define INTERVAL_MICROSECONDS (100 * 1000)

struct _PbTransferReport {
  gatomicrefcount refs;
  GMainContext *context;
  PbTransferFunc func; /* of the main context; NULL when stopped */
  gpointer func_data;
  GMutex mutex; /* protects what follows */
  PbTransferProgress progress;
  gboolean on_its_way;
  gint64 last;
};

PbTransferReport *
pb_transfer_report_new (PbTransferFunc func, gpointer func_data) {
  PbTransferReport *self = g_new0 (PbTransferReport, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->context = g_main_context_ref_thread_default ();
  self->func = func;
  self->func_data = func_data;
  return self;
}

PbTransferReport *
pb_transfer_report_ref (PbTransferReport *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_transfer_report_unref (PbTransferReport *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
pb_transfer_report_stop (PbTransferReport *self) {
  self->func = NULL;
}

static gboolean
tell_cb (gpointer data) {
  PbTransferReport *self = data;

  g_mutex_lock (&self->mutex);
  PbTransferProgress progress = self->progress;
  self->on_its_way = FALSE;
  g_mutex_unlock (&self->mutex);
  if (self->func)
    self->func (&progress, self->func_data);
  return G_SOURCE_REMOVE;
}

void
pb_transfer_report_tell (PbTransferReport *self, const PbTransferProgress *progress) {
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  gboolean due = !self->on_its_way && now - self->last >= INTERVAL_MICROSECONDS;
  self->progress = *progress;
  if (due) {
    self->last = now;
    self->on_its_way = TRUE;
  }
  g_mutex_unlock (&self->mutex);
  if (!due)
    return;
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_static_name (source, "postbag: progress of import or export");
  g_source_set_callback (source, tell_cb, pb_transfer_report_ref (self),
                         (GDestroyNotify) pb_transfer_report_unref);
  g_source_attach (source, self->context);
}

static void
thread_done (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
pb_transfer_run (GTask *task, GTaskThreadFunc func) {
  g_autoptr (GTask) inner = g_task_new (NULL, g_task_get_cancellable (task), thread_done, task);

  g_task_set_source_tag (inner, pb_transfer_run);
  g_task_set_task_data (inner, g_task_get_task_data (task), NULL);
  /* What was done is told even when it was cancelled. */
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (inner, func);
}
