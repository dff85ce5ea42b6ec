/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The call of the store that exports: a thread that asks the store's for pages of messages, mapped
 * from their files, and writes them. */

#include <string.h>

#include "pb-engine-private.h"
#include "pb-error.h"
#include "pb-export-target.h"
#include "pb-mail-store-private.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"
#include "pb-transfer-report.h"
#include "pb-worker-call.h"

#define PAGE 100

typedef struct {
  PbWorker *worker;
  PbTransferReport *report;
  char *path;
  PbMailFormat format;
  GArray *folders; /* of gint64 */
  PbTransferProgress progress;
} Export;

static void
export_free (gpointer data) {
  Export *self = data;

  pb_worker_unref (self->worker);
  pb_transfer_report_stop (self->report);
  pb_transfer_report_unref (self->report);
  g_free (self->path);
  g_array_unref (self->folders);
  g_free (self);
}

/* A message and what its file was called when it was mapped. */
typedef struct {
  PbMessageRow *row;
  GBytes *bytes;
  char *file;
  PbMailMarks marks;
} Item;

static void
item_clear (gpointer data) {
  Item *item = data;

  pb_message_row_unref (item->row);
  g_bytes_unref (item->bytes);
  g_free (item->file);
  pb_mail_marks_clear (&item->marks);
}

typedef struct {
  gint64 id;
  const char *account; /* interned */
  char *name;
  char *maildir;
  GArray *ids;
  guint next;
  GArray *items; /* of Item: the page */
} Folder;

static void
folder_clear (Folder *self) {
  g_free (self->name);
  g_free (self->maildir);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->items, g_array_unref);
}

/* ---- In the store thread ---- */

static gboolean
open_folder (PbEngine *engine, gpointer data, GError **error) {
  Folder *self = data;
  PbQuery query = { .folder_id = self->id, .order = PB_ORDER_OLDEST_FIRST };
  const PbIndexFolder *folder = pb_engine_find_folder (engine, self->id, error);

  if (!folder)
    return FALSE;
  self->account = folder->account;
  self->name = g_strdup (folder->name);
  self->maildir = pb_engine_path_of (engine, folder);
  self->ids = pb_engine_query (engine, &query, error);
  return self->ids != NULL;
}

static void
read_marks (Item *item, PbMaildirKeywords keywords) {
  g_autofree char *base = g_strdup (item->file);

  for (const char *p = pb_maildir_name_split (base); *p; p++) {
    pb_mail_marks_add_letter (&item->marks, *p);
    if (*p >= 'a' && *p <= 'z' && keywords[*p - 'a'])
      pb_mail_marks_add_tags (&item->marks, keywords[*p - 'a']);
  }
}

/* What is gone meanwhile is passed over. */
static gboolean
load_item (PbEngine *engine,
           Folder *self,
           PbMessageRow *row,
           PbMaildirKeywords keywords,
           GError **error) {
  g_autoptr (GError) failure = NULL;
  g_autofree char *path = NULL;
  GBytes *bytes = pb_engine_load_message (engine, row->id, &path, &failure);

  if (!bytes && g_error_matches (failure, PB_ERROR, PB_ERROR_NOT_FOUND))
    return TRUE;
  if (!bytes) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  Item item = { pb_message_row_ref (row), bytes, g_path_get_basename (path), { "" } };
  read_marks (&item, keywords);
  g_array_append_val (self->items, item);
  return TRUE;
}

static gboolean
load_page (PbEngine *engine, gpointer data, GError **error) {
  Folder *self = data;
  guint count = MIN (PAGE, self->ids->len - self->next);
  g_autoptr (GPtrArray) rows =
    pb_engine_load_rows (engine, &g_array_index (self->ids, gint64, self->next), count, error);
  PbMaildirKeywords keywords;
  gboolean ok = TRUE;

  if (!rows)
    return FALSE;
  pb_maildir_keywords_read (self->maildir, keywords);
  for (guint i = 0; i < rows->len && ok; i++) {
    if (rows->pdata[i])
      ok = load_item (engine, self, rows->pdata[i], keywords, error);
  }
  pb_maildir_keywords_clear (keywords);
  self->next += count;
  return ok;
}

/* ---- In the thread of the export ---- */

static gboolean
write_page (Export *self,
            PbExportTarget *target,
            Folder *folder,
            GCancellable *cancellable,
            GError **error) {
  for (guint i = 0; i < folder->items->len; i++) {
    const Item *item = &g_array_index (folder->items, Item, i);
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !pb_export_target_add (target, item->row, item->file, &item->marks, item->bytes, error))
      return FALSE;
    self->progress.messages++;
    self->progress.bytes += g_bytes_get_size (item->bytes);
    pb_transfer_report_tell (self->report, &self->progress);
  }
  g_array_set_size (folder->items, 0);
  return TRUE;
}

static gboolean
write_folder (Export *self,
              PbExportTarget *target,
              Folder *folder,
              GCancellable *cancellable,
              GError **error) {
  folder->items = g_array_new (FALSE, FALSE, sizeof (Item));
  g_array_set_clear_func (folder->items, item_clear);
  if (!pb_worker_call (self->worker, open_folder, folder, error) ||
      !pb_export_target_begin_folder (target, folder->account, folder->name, folder->maildir,
                                      error))
    return FALSE;
  while (folder->next < folder->ids->len) {
    if (!pb_worker_call (self->worker, load_page, folder, error) ||
        !write_page (self, target, folder, cancellable, error))
      return FALSE;
  }
  return pb_export_target_end_folder (target, error);
}

static gboolean
measure (PbEngine *engine, gpointer data, GError **error) {
  Export *self = data;

  for (guint i = 0; i < self->folders->len; i++) {
    gint64 size =
      pb_index_measure_folder (engine->index, g_array_index (self->folders, gint64, i), error);
    if (size < 0)
      return FALSE;
    self->progress.total_bytes += (guint64) size;
  }
  return TRUE;
}

static gboolean export(Export *self, GCancellable *cancellable, GError **error) {
  g_autoptr (PbExportTarget) target = pb_export_target_new (self->path, self->format, error);
  gboolean ok = target && pb_worker_call (self->worker, measure, self, error);

  for (guint i = 0; i < self->folders->len && ok; i++) {
    Folder folder = { .id = g_array_index (self->folders, gint64, i) };
    ok = write_folder (self, target, &folder, cancellable, error);
    folder_clear (&folder);
  }
  return ok && pb_export_target_finish (target, error);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;

  if (export(data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
pb_mail_store_export_async (PbMailStore *self,
                            const PbExportOptions *options,
                            PbTransferFunc func,
                            gpointer func_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (options != NULL && options->path != NULL);
  g_return_if_fail (options->format == PB_FORMAT_EML || options->format == PB_FORMAT_MBOX ||
                    options->format == PB_FORMAT_MAILDIR);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);
  export->worker = pb_worker_ref (pb_mail_store_get_worker (self));
  export->report = pb_transfer_report_new (func, func_data);
  export->path = g_strdup (options->path);
  export->format = options->format;
  export->folders = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (export->folders, options->folder_ids, options->n_folders);
  g_task_set_source_tag (task, pb_mail_store_export_async);
  g_task_set_task_data (task, export, export_free);
  pb_transfer_run (g_steal_pointer (&task), run);
}

gboolean
pb_mail_store_export_finish (PbMailStore *self,
                             GAsyncResult *result,
                             PbTransferProgress *progress,
                             GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_mail_store_export_async), FALSE);

  Export *export = g_task_get_task_data (G_TASK (result));
  pb_transfer_report_stop (export->report);
  if (progress)
    *progress = export->progress;
  return g_task_propagate_boolean (G_TASK (result), error);
}
