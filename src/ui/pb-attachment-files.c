/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocking work in threads. Files are made exclusively, so that no name that was free a moment
 * ago is overwritten. */

#include "pb-attachment-files.h"

#include <glib/gstdio.h>
#include <string.h>

#define OPENED "opened"
#define MOST_TRIES 1000

/* "sheet (2).ods" for the second try of "sheet.ods". */
static char *
numbered_name (const char *name, guint number) {
  const char *dot = strrchr (name, '.');
  int stem = dot && dot != name ? (int) (dot - name) : (int) strlen (name);

  if (number < 2)
    return g_strdup (name);
  return g_strdup_printf ("%.*s (%u)%s", stem, name, number, name + stem);
}

static GFileOutputStream *
create_free (GFile *folder,
             const char *name,
             GFile **file,
             GCancellable *cancellable,
             GError **error) {
  for (guint number = 1; number <= MOST_TRIES; number++) {
    g_autoptr (GError) problem = NULL;
    g_autofree char *candidate = numbered_name (name, number);
    g_autoptr (GFile) child = g_file_get_child (folder, candidate);
    GFileOutputStream *stream = g_file_create (child, G_FILE_CREATE_PRIVATE, cancellable, &problem);

    if (stream) {
      *file = g_steal_pointer (&child);
      return stream;
    }
    if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_EXISTS) || number == MOST_TRIES) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  }
  return NULL;
}

/* The new file, or NULL and nothing left of it. */
static GFile *
write_new (PbAttachment *attachment, GFile *folder, GCancellable *cancellable, GError **error) {
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFileOutputStream) stream =
    create_free (folder, pb_attachment_get_safe_name (attachment), &file, cancellable, error);

  if (!stream)
    return NULL;
  if (pb_attachment_write (attachment, G_OUTPUT_STREAM (stream), cancellable, error) &&
      g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error))
    return g_steal_pointer (&file);
  g_file_delete (file, NULL, NULL);
  return NULL;
}

/* ---- All ---- */

typedef struct {
  GPtrArray *attachments;
  GFile *folder;
} SaveAll;

static void
save_all_free (SaveAll *save) {
  g_ptr_array_unref (save->attachments);
  g_object_unref (save->folder);
  g_free (save);
}

static void
save_all_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  SaveAll *save = data;

  for (guint i = 0; i < save->attachments->len; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GFile) file =
      write_new (save->attachments->pdata[i], save->folder, cancellable, &error);
    if (!file) {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  }
  g_task_return_int (task, save->attachments->len);
}

void
pb_attachment_files_save_all_async (GPtrArray *attachments,
                                    GFile *folder,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  SaveAll *save = g_new0 (SaveAll, 1);

  save->attachments = g_ptr_array_ref (attachments);
  save->folder = g_object_ref (folder);
  g_task_set_source_tag (task, pb_attachment_files_save_all_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_all_free);
  g_task_run_in_thread (task, save_all_in_thread);
}

gssize
pb_attachment_files_save_all_finish (GAsyncResult *result, GError **error) {
  return g_task_propagate_int (G_TASK (result), error);
}

/* ---- One, to be opened ---- */

typedef struct {
  PbAttachment *attachment;
  char *parent;
} Prepare;

static void
prepare_free (Prepare *prepare) {
  g_object_unref (prepare->attachment);
  g_free (prepare->parent);
  g_free (prepare);
}

static void
prepare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Prepare *prepare = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (prepare->parent, "XXXXXX", NULL);

  if (g_mkdir_with_parents (prepare->parent, 0700) != 0 || !g_mkdtemp (path)) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "no folder at %s",
                             prepare->parent);
    return;
  }
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (GFile) file = write_new (prepare->attachment, folder, cancellable, &error);
  if (!file) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_chmod (g_file_peek_path (file), 0400);
  g_task_return_pointer (task, g_steal_pointer (&file), g_object_unref);
}

void
pb_attachment_files_prepare_async (PbAttachment *attachment,
                                   const char *cache_dir,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Prepare *prepare = g_new0 (Prepare, 1);

  prepare->attachment = g_object_ref (attachment);
  prepare->parent = g_build_filename (cache_dir ? cache_dir : g_get_tmp_dir (), OPENED, NULL);
  g_task_set_source_tag (task, pb_attachment_files_prepare_async);
  g_task_set_task_data (task, prepare, (GDestroyNotify) prepare_free);
  g_task_run_in_thread (task, prepare_in_thread);
}

GFile *
pb_attachment_files_prepare_finish (GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
remove_children (GFile *folder, guint depth) {
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
    G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *child;

  while (children && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && info) {
    if (depth > 0 && g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
      remove_children (child, depth - 1);
    g_file_delete (child, NULL, NULL);
  }
}

void
pb_attachment_files_forget (const char *cache_dir) {
  g_autofree char *path = g_build_filename (cache_dir, OPENED, NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);

  remove_children (folder, 1);
}
