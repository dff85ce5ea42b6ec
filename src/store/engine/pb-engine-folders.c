/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The folders as the engine holds them in memory, beside the disk and beside what other processes
 * do. */

#include "pb-engine-private.h"

#include "pb-error.h"
#include "pb-maildir.h"
#include "pb-watch.h"

char *
pb_engine_folder_path (PbEngine *self, const char *account_id, const char *dir) {
  return g_build_filename (self->mail_dir, account_id, *dir ? dir : NULL, NULL);
}

char *
pb_engine_path_of (PbEngine *self, const PbIndexFolder *folder) {
  return pb_engine_folder_path (self, folder->account, folder->dir);
}

PbIndexFolder *
pb_engine_find_folder (PbEngine *self, gint64 id, GError **error) {
  PbIndexFolder *folder = g_hash_table_lookup (self->folders, &id);

  if (!folder)
    g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no folder %" G_GINT64_FORMAT, id);
  return folder;
}

static int
compare_folders (gconstpointer a, gconstpointer b) {
  const PbIndexFolder *one = *(PbIndexFolder *const *) a;
  const PbIndexFolder *other = *(PbIndexFolder *const *) b;
  int order = g_strcmp0 (one->account, other->account);

  return order ? order : g_strcmp0 (one->dir, other->dir);
}

GPtrArray *
pb_engine_list_folders (PbEngine *self, const char *account_id) {
  GPtrArray *folders = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->folders);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (!account_id || g_str_equal (((PbIndexFolder *) value)->account, account_id))
      g_ptr_array_add (folders, value);
  }
  g_ptr_array_sort (folders, compare_folders);
  return folders;
}

PbIndexFolder *
pb_engine_find_inbox (PbEngine *self, const char *account_id, GError **error) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, account_id);

  for (guint i = 0; i < folders->len; i++) {
    PbIndexFolder *folder = folders->pdata[i];
    if (*folder->dir == '\0')
      return folder;
  }
  g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no account “%s”", account_id);
  return NULL;
}

static void
tell (PbEngine *self, const PbIndexFolder *folder, gboolean gone, gboolean changed) {
  PbFolderNews *news = g_new0 (PbFolderNews, 1);
  guint place = 0;

  while (place < self->accounts->len && self->accounts->pdata[place] != folder->account)
    place++;
  news->id = folder->id;
  news->account = folder->account;
  news->account_place = place;
  news->name = g_strdup (folder->name);
  news->role = folder->role;
  news->total = folder->total;
  news->unread = folder->unread;
  news->gone = gone;
  news->changed = changed;
  pb_notice_post_folder (self->notice, news);
}

/* Takes @path. */
static void
add_place (GPtrArray *places, gint64 id, const char *account, char *path) {
  PbWatchPlace *place = g_new0 (PbWatchPlace, 1);

  place->id = id;
  place->account = g_strdup (account);
  place->path = path;
  g_ptr_array_add (places, place);
}

static void
tell_watch (PbEngine *self) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);
  GPtrArray *places = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_watch_place_free);

  for (guint i = 0; i < folders->len; i++) {
    const PbIndexFolder *folder = folders->pdata[i];
    add_place (places, folder->id, folder->account, pb_engine_path_of (self, folder));
    if (*folder->dir == '\0')
      add_place (places, 0, folder->account, pb_engine_path_of (self, folder));
  }
  pb_watch_set_places (self->watch, places);
}

void
pb_engine_watch (PbEngine *self, PbWorker *worker) {
  if (self->watch)
    return;
  self->watch = pb_watch_new (worker);
  tell_watch (self);
}

/* Replaces what is known of the folders by @now (GPtrArray of PbIndexFolder, emptied). */
static void
take_folders (PbEngine *self, GPtrArray *now) {
  gboolean others = FALSE;
  g_autoptr (GHashTable) before = g_steal_pointer (&self->folders);
  GHashTableIter iter;
  gpointer value;

  self->folders = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                         (GDestroyNotify) pb_index_folder_free);
  while (now->len > 0) {
    PbIndexFolder *folder = g_ptr_array_steal_index_fast (now, now->len - 1);
    const PbIndexFolder *old = g_hash_table_lookup (before, &folder->id);
    g_hash_table_insert (self->folders, &folder->id, folder);
    others |= !old;
    if (old)
      folder->stamp = old->stamp;
    if (!old || old->generation != folder->generation)
      tell (self, folder, FALSE, old != NULL);
  }
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const PbIndexFolder *old = value;
    if (g_hash_table_contains (self->folders, &old->id))
      continue;
    tell (self, old, TRUE, FALSE);
    others = TRUE;
  }
  if (others && self->watch)
    tell_watch (self);
}

gboolean
pb_engine_refresh (PbEngine *self, gboolean always, GError **error) {
  gint64 version = pb_index_get_version (self->index);

  if (!always && version == self->index_version)
    return TRUE;
  g_autoptr (GPtrArray) folders = pb_index_load_folders (self->index, error);
  if (!folders)
    return FALSE;
  self->index_version = version;
  take_folders (self, folders);
  return TRUE;
}

gboolean
pb_engine_touch_begin (PbEngine *self, const PbIndexFolder *folder) {
  g_autofree char *path = pb_engine_path_of (self, folder);

  return folder->stamp != 0 && folder->stamp == pb_maildir_stamp (path, NULL);
}

void
pb_engine_touch_end (PbEngine *self, PbIndexFolder *folder, gboolean known) {
  g_autofree char *path = pb_engine_path_of (self, folder);

  folder->stamp = known ? pb_maildir_stamp (path, NULL) : 0;
}

static gboolean
contains_dir (GPtrArray *dirs, const char *dir) {
  for (guint i = 0; i < dirs->len; i++) {
    if (g_str_equal (dirs->pdata[i], dir))
      return TRUE;
  }
  return FALSE;
}

gboolean
pb_engine_sync_folders (PbEngine *self, const char *account_id, GError **error) {
  g_autofree char *path = pb_engine_folder_path (self, account_id, "");
  g_autoptr (GPtrArray) dirs = pb_maildir_list_folders (path);
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, account_id);
  gboolean ok = pb_index_begin (self->index, error);

  if (!ok)
    return FALSE;
  for (guint i = 0; i < dirs->len && ok; i++)
    ok = pb_index_add_folder (self->index, 0, account_id, dirs->pdata[i], error);
  for (guint i = 0; i < folders->len && ok; i++) {
    const PbIndexFolder *folder = folders->pdata[i];
    if (!contains_dir (dirs, folder->dir))
      ok = pb_index_remove_folder (self->index, folder->id, error);
  }
  if (!ok) {
    pb_index_rollback (self->index);
    return FALSE;
  }
  return pb_index_commit (self->index, error) && pb_engine_refresh (self, TRUE, error);
}
