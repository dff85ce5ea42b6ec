/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The call of the store that imports: a thread that holds the account's lock, walks over the
 * source, and at any end makes durable what is complete. */

#include <stdlib.h>
#include <string.h>

#include "pb-error.h"
#include "pb-import-source.h"
#include "pb-mail-store-private.h"
#include "pb-mail-transfer.h"
#include "pb-transfer-report.h"
#include "pb-worker-call.h"

typedef struct {
  PbWorker *worker;
  PbTransferReport *report;
  char *path;
  char *account_id;
  char *folder;
  PbImportOptions options; /* strings above */
  PbTransferProgress progress;
} Import;

static void
import_free (gpointer data) {
  Import *self = data;

  pb_worker_unref (self->worker);
  pb_transfer_report_stop (self->report);
  pb_transfer_report_unref (self->report);
  g_free (self->path);
  g_free (self->account_id);
  g_free (self->folder);
  g_free (self);
}

static gboolean
is_below (const char *path, const char *above) {
  gsize length = strlen (above);

  return strncmp (path, above, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* In the store thread. Nothing is imported into itself. */
static gboolean
lock_account (PbEngine *engine, gpointer data, GError **error) {
  Import *self = data;
  g_autofree char *own = pb_engine_folder_path (engine, self->account_id, "");
  g_autofree char *real = realpath (own, NULL);
  g_autofree char *source = realpath (self->path, NULL);

  if (real && source && (is_below (source, real) || is_below (real, source))) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "%s is where the account is", self->path);
    return FALSE;
  }
  return pb_engine_lock_account (engine, self->account_id, error);
}

static gboolean
unlock_account (PbEngine *engine, gpointer data, GError **error) {
  pb_engine_unlock_account (engine, ((Import *) data)->account_id);
  return TRUE;
}

static void
report (const PbTransferProgress *progress, gpointer data) {
  pb_transfer_report_tell (((Import *) data)->report, progress);
}

static gboolean
import (Import *self, GCancellable *cancellable, GError **error) {
  g_autoptr (PbImportWriter) writer = pb_import_writer_new (self->worker, self->account_id);
  PbImportSource source = {
    .writer = writer,
    .format = self->options.format,
    .account_id = self->account_id,
    .folder = self->folder,
    .read = self->options.read,
    .cancellable = cancellable,
    .report = report,
    .report_data = self,
  };
  g_autoptr (GError) failure = NULL;

  gboolean ok = pb_import_source_walk (&source, self->path, &failure);
  pb_import_writer_discard (writer);
  /* What came is kept, whatever ended it. */
  ok = pb_import_writer_commit (writer, ok ? &failure : NULL) && ok;
  self->progress = source.progress;
  self->progress.messages = pb_import_writer_get_stored (writer);
  self->progress.duplicates = pb_import_writer_get_duplicates (writer);
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return ok;
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Import *self = data;
  GError *error = NULL;

  if (!pb_worker_call (self->worker, lock_account, self, &error)) {
    g_task_return_error (task, error);
    return;
  }
  gboolean ok = import (self, cancellable, &error);
  pb_worker_call (self->worker, unlock_account, self, NULL);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
pb_mail_store_import_async (PbMailStore *self,
                            const PbImportOptions *options,
                            PbTransferFunc func,
                            gpointer func_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (options != NULL && options->path != NULL && options->account_id != NULL);
  g_return_if_fail (options->folder != NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Import *import = g_new0 (Import, 1);
  import->worker = pb_worker_ref (pb_mail_store_get_worker (self));
  import->report = pb_transfer_report_new (func, func_data);
  import->path = g_strdup (options->path);
  import->account_id = g_strdup (options->account_id);
  import->folder = g_strdup (options->folder);
  import->options = *options;
  g_task_set_source_tag (task, pb_mail_store_import_async);
  g_task_set_task_data (task, import, import_free);
  pb_transfer_run (g_steal_pointer (&task), run);
}

gboolean
pb_mail_store_import_finish (PbMailStore *self,
                             GAsyncResult *result,
                             PbTransferProgress *progress,
                             GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_mail_store_import_async), FALSE);

  Import *import = g_task_get_task_data (G_TASK (result));
  pb_transfer_report_stop (import->report);
  if (progress)
    *progress = import->progress;
  return g_task_propagate_boolean (G_TASK (result), error);
}
