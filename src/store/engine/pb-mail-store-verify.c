/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The main context's side of a verification: one job after the other until there are no more. */

#include "pb-mail-store-verify.h"

#include "pb-mail-store-private.h"
#include "pb-verify.h"

typedef struct {
  PbVerify *verify;
  PbVerifyProgress progress;
  gpointer progress_data;
  gboolean more;
} Run;

static void next_step (GTask *task);

static void
run_free (gpointer data) {
  Run *run = data;

  pb_verify_free (run->verify);
  g_free (run);
}

static void
finding_free (gpointer data) {
  PbFinding *finding = data;

  g_free (finding->account);
  g_free (finding->path);
  g_free (finding);
}

void
pb_verify_report_free (PbVerifyReport *self) {
  g_ptr_array_set_free_func (self->findings, finding_free);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

static gboolean
step (PbEngine *engine, gpointer state, GError **error) {
  Run *run = g_task_get_task_data (state);

  return pb_verify_step (run->verify, engine, &run->more, error);
}

static void
stepped (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;
  guint done, total;

  if (!pb_mail_store_answer (PB_MAIL_STORE (source), result, next_step, &error)) {
    g_task_return_error (task, error);
    return;
  }
  pb_verify_get_progress (run->verify, &done, &total);
  if (run->progress)
    run->progress (done, total, run->progress_data);
  if (run->more)
    next_step (g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/* Takes @task. */
static void
next_step (GTask *task) {
  pb_mail_store_push (g_task_get_source_object (task), PB_LANE_MAIL, PB_WORK_READ, step, next_step,
                      g_object_ref (task), g_object_unref, g_task_get_cancellable (task), stepped,
                      task);
}

void
pb_mail_store_verify_async (PbMailStore *self,
                            gboolean repair,
                            PbVerifyProgress progress,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Run *run = g_new0 (Run, 1);
  run->verify = pb_verify_new (repair);
  run->progress = progress;
  run->progress_data = progress_data;
  g_task_set_source_tag (task, pb_mail_store_verify_async);
  g_task_set_task_data (task, run, run_free);
  next_step (task);
}

PbVerifyReport *
pb_mail_store_verify_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_verify_async, error))
    return NULL;
  Run *run = g_task_get_task_data (G_TASK (result));
  return pb_verify_steal_report (run->verify);
}
