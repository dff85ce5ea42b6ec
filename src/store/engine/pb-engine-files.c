/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What operations on message files share: an open folder, and finding a file that another program
 * renamed. */

#include "pb-engine-private.h"

#include <errno.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"

GArray *
pb_engine_collect_present (PbEngine *self, const char *account_id, GError **error) {
  g_autoptr (GArray) digests = g_array_new (FALSE, FALSE, sizeof (PbDigest));
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, account_id);

  for (guint i = 0; i < folders->len; i++) {
    g_autofree char *path = pb_engine_path_of (self, folders->pdata[i]);
    if (pb_maildir_exists (path) && !pb_maildir_collect_digests (path, digests, error))
      return NULL;
  }
  g_array_sort (digests, pb_digest_compare);
  return g_steal_pointer (&digests);
}

PbOpenFolder *
pb_engine_open_folder (PbEngine *self, gint64 id, GError **error) {
  PbIndexFolder *folder = pb_engine_find_folder (self, id, error);

  if (!folder)
    return NULL;
  g_autofree char *path = pb_engine_path_of (self, folder);
  g_autofree char *cur = g_build_filename (path, "cur", NULL);
  int cur_fd = pb_disk_open_dir (cur, error);
  if (cur_fd < 0)
    return NULL;
  PbOpenFolder *open = g_new0 (PbOpenFolder, 1);
  open->folder = folder;
  open->path = g_steal_pointer (&path);
  open->cur_fd = cur_fd;
  open->known = pb_engine_touch_begin (self, folder);
  pb_maildir_keywords_read (open->path, open->keywords);
  open->partial = pb_maildir_keywords_find (open->keywords, PB_KEYWORD_PARTIAL);
  return open;
}

void
pb_engine_close_folder (PbEngine *self, PbOpenFolder *open) {
  pb_engine_touch_end (self, open->folder, open->known);
  close (open->cur_fd);
  pb_maildir_keywords_clear (open->keywords);
  g_free (open->path);
  g_free (open);
}

char *
pb_engine_find_again (PbOpenFolder *open, PbIndexFile *file) {
  char *name = pb_maildir_find (open->path, file->base);

  if (!name)
    return NULL;
  g_autofree char *cut = g_strdup (name);
  g_free (file->letters);
  file->letters = g_strdup (pb_maildir_name_split (cut));
  return name;
}

gboolean
pb_engine_check_code (int code, const char *what, const char *path, GError **error) {
  if (code == 0 || code == ENOENT || code == EEXIST)
    return TRUE;
  pb_disk_set_error (error, code, what, path);
  return FALSE;
}
