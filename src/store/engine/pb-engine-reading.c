/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What lists and readers ask for. */

#include "pb-engine-private.h"

#include <errno.h>

#include "pb-disk.h"
#include "pb-error.h"
#include "pb-maildir-name.h"
#include "pb-rescan.h"

/* First what other processes and programs did to the folders that are asked for. Returns how many
 * there are; *@last is one of them. */
static guint
look_around (PbEngine *self, const PbQuery *query, gint64 *last) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);
  guint count = 0;

  for (guint i = 0; i < folders->len; i++) {
    PbIndexFolder *folder = folders->pdata[i];
    if (query->folder_id > 0 ? folder->id != query->folder_id
                             : folder->role != query->role && query->role != PB_FOLDER_ANY)
      continue;
    *last = folder->id;
    pb_rescan_if_changed (self, folder);
    count++;
  }
  return count;
}

GArray *
pb_engine_query (PbEngine *self, const PbQuery *query, GError **error) {
  PbQuery only = *query;

  if (!pb_engine_refresh (self, FALSE, error))
    return NULL;
  /* A role that one folder has is that folder, which is in order already. */
  if (look_around (self, query, &only.folder_id) != 1 || query->role == PB_FOLDER_ANY)
    only.folder_id = query->folder_id;
  return pb_index_query (self->index, &only, error);
}

/* Rows that are gone are NULL. */
static void
free_row (gpointer row) {
  if (row)
    pb_message_row_unref (row);
}

GPtrArray *
pb_engine_load_rows (PbEngine *self, const gint64 *ids, guint count, GError **error) {
  g_autoptr (GPtrArray) rows = g_ptr_array_new_full (count, free_row);
  GError *failure = NULL;

  for (guint i = 0; i < count && !failure; i++) {
    PbMessageRow *row = pb_index_load_row (self->index, ids[i], &failure);
    g_ptr_array_add (rows, row);
  }
  if (!failure)
    return g_steal_pointer (&rows);
  g_propagate_error (error, failure);
  return NULL;
}

static GBytes *
map_file (const char *path, GError **error) {
  g_autoptr (GError) failure = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &failure);

  if (file)
    return g_mapped_file_get_bytes (file);
  int code = g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? PB_ERROR_NOT_FOUND
             : g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_ACCES)
               ? PB_ERROR_STORAGE_READ_ONLY
               : PB_ERROR_STORAGE;
  g_set_error_literal (error, PB_ERROR, code, failure->message);
  return NULL;
}

GBytes *
pb_engine_load_message (PbEngine *self, gint64 id, char **path, GError **error) {
  g_autoptr (GError) failure = NULL;
  g_autoptr (PbIndexFile) file = pb_index_find_file (self->index, id, &failure);

  if (!file) {
    if (failure)
      g_propagate_error (error, g_steal_pointer (&failure));
    else
      g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no message %" G_GINT64_FORMAT, id);
    return NULL;
  }
  PbOpenFolder *open = pb_engine_open_folder (self, file->folder, error);
  if (!open)
    return NULL;
  g_autofree char *name = pb_maildir_name_join (file->base, file->letters);
  g_autofree char *full = g_build_filename (open->path, "cur", name, NULL);
  g_autoptr (GBytes) bytes = map_file (full, &failure);
  g_autofree char *other = bytes ? NULL : pb_engine_find_again (open, file);
  if (other) {
    g_free (full);
    full = g_build_filename (open->path, "cur", other, NULL);
    g_clear_error (&failure);
    bytes = map_file (full, &failure);
  }
  pb_engine_close_folder (self, open);
  if (!bytes)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    *path = g_steal_pointer (&full);
  return g_steal_pointer (&bytes);
}
