/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Maildir++ directories. Names are read with readdir () and taken as they are. */

#include "pb-maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-maildir-name.h"

#define CHUNK_BYTES (64 * 1024)

/* "cur", by which a Maildir is known, comes last. */
static const char *const parts[] = { "tmp", "new", "cur" };

gboolean
pb_maildir_make (const char *path, gboolean is_subfolder, GError **error) {
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *part = g_build_filename (path, parts[i], NULL);
    if (!pb_disk_make_dir (part, error))
      return FALSE;
  }
  g_autofree char *marker = g_build_filename (path, "maildirfolder", NULL);
  return !is_subfolder || pb_disk_make_file (marker, error);
}

gboolean
pb_maildir_exists (const char *path) {
  g_autofree char *cur = g_build_filename (path, "cur", NULL);

  return g_file_test (cur, G_FILE_TEST_IS_DIR);
}

static int
compare_names (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
pb_maildir_list_folders (const char *path) {
  GPtrArray *dirs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (pb_maildir_exists (path))
    g_ptr_array_add (dirs, g_strdup (""));
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    if (name[0] == '.' && name[1] != '.' && name[1] != '\0' && pb_maildir_exists (child))
      g_ptr_array_add (dirs, g_strdup (name));
  }
  g_ptr_array_sort (dirs, compare_names);
  return dirs;
}

static gint64
part_time (const char *path, const char *part) {
  g_autofree char *full = g_build_filename (path, part, NULL);
  struct stat info;

  if (stat (full, &info) != 0)
    return 0;
  return (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

gint64
pb_maildir_stamp (const char *path, gint64 *newest) {
  gint64 cur = part_time (path, "cur");
  gint64 new = part_time (path, "new");

  if (newest)
    *newest = MAX (cur, new);
  return cur == 0 ? 0 : (gint64) ((guint64) cur * 31 + (guint64) new);
}

static DIR *
open_part (const char *path, const char *part, GError **error) {
  g_autofree char *full = g_build_filename (path, part, NULL);
  DIR *dir = opendir (full);

  if (!dir)
    pb_disk_set_error (error, errno, "read folder", full);
  return dir;
}

/* Hidden files are no messages. */
static const char *
next_name (DIR *dir) {
  struct dirent *entry;

  while ((entry = readdir (dir))) {
    if (entry->d_name[0] != '.' && entry->d_type != DT_DIR)
      return entry->d_name;
  }
  return NULL;
}

gboolean
pb_maildir_adopt_new (const char *path, GError **error) {
  DIR *dir = open_part (path, "new", error);
  g_autofree char *cur = g_build_filename (path, "cur", NULL);
  int cur_fd = dir ? pb_disk_open_dir (cur, error) : -1;
  gboolean ok = cur_fd >= 0;
  const char *name;

  while (ok && (name = next_name (dir))) {
    g_autofree char *base = g_strdup (name);
    g_autofree char *letters = g_strdup (pb_maildir_name_split (base));
    g_autofree char *to = pb_maildir_name_join (base, letters);
    int code = pb_disk_rename (dirfd (dir), name, cur_fd, to);
    if (code != 0 && code != ENOENT && code != EEXIST) {
      pb_disk_set_error (error, code, "adopt", cur);
      ok = FALSE;
    }
  }
  if (cur_fd >= 0)
    close (cur_fd);
  if (dir)
    closedir (dir);
  return ok;
}

static guint
go_through_temporaries (const char *path, gboolean remove) {
  DIR *dir = open_part (path, "tmp", NULL);
  guint count = 0;
  const char *name;

  while (dir && (name = next_name (dir))) {
    if (!pb_maildir_name_is_temporary (name))
      continue;
    count++;
    if (remove)
      unlinkat (dirfd (dir), name, 0);
  }
  if (dir)
    closedir (dir);
  return count;
}

void
pb_maildir_remove_temporaries (const char *path) {
  go_through_temporaries (path, TRUE);
}

guint
pb_maildir_count_temporaries (const char *path) {
  return go_through_temporaries (path, FALSE);
}

PbMaildirNames *
pb_maildir_list (const char *path, GError **error) {
  DIR *dir = open_part (path, "cur", error);
  const char *name;

  if (!dir)
    return NULL;
  PbMaildirNames *self = g_new0 (PbMaildirNames, 1);
  self->names = g_array_new (FALSE, FALSE, sizeof (PbMaildirName));
  self->text = g_string_chunk_new (CHUNK_BYTES);
  while ((name = next_name (dir))) {
    char *base = g_string_chunk_insert (self->text, name);
    PbMaildirName cut = { base, pb_maildir_name_split (base) };
    g_array_append_val (self->names, cut);
  }
  closedir (dir);
  return self;
}

void
pb_maildir_names_free (PbMaildirNames *self) {
  if (!self)
    return;
  g_array_unref (self->names);
  g_string_chunk_free (self->text);
  g_free (self);
}

char *
pb_maildir_find (const char *path, const char *base) {
  DIR *dir = open_part (path, "cur", NULL);
  gsize length = strlen (base);
  char *found = NULL;
  const char *name;

  while (dir && !found && (name = next_name (dir))) {
    if (strncmp (name, base, length) == 0 &&
        (name[length] == '\0' || g_str_has_prefix (name + length, ":2,")))
      found = g_strdup (name);
  }
  if (dir)
    closedir (dir);
  return found;
}

gboolean
pb_maildir_collect_digests (const char *path, GArray *digests, GError **error) {
  PbMaildirKeywords keywords;
  DIR *dir = open_part (path, "cur", error);
  const char *name;

  if (!dir)
    return FALSE;
  pb_maildir_keywords_read (path, keywords);
  char partial = pb_maildir_keywords_find (keywords, PB_KEYWORD_PARTIAL);
  while ((name = next_name (dir))) {
    const char *info = strrchr (name, ':');
    PbDigest digest;
    if (pb_maildir_name_get_digest (name, &digest) && !(partial && info && strchr (info, partial)))
      g_array_append_val (digests, digest);
  }
  pb_maildir_keywords_clear (keywords);
  closedir (dir);
  return TRUE;
}
