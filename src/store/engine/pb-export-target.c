/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One file per message, mboxrd files, or a Maildir++ with the names that the store has. */

#include "pb-export-target.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-error.h"
#include "pb-folder-name.h"
#include "pb-maildir.h"
#include "pb-mbox-writer.h"
#include "pb-transfer-name.h"

struct _PbExportTarget {
  char *path;
  PbMailFormat format;
  gboolean single;
  char *place;   /* of the folder: a directory, or an mbox */
  char *maildir; /* of the folder in the store */
  FILE *mbox;
  char *part; /* its name until it is whole */
};

static gboolean
is_free (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  struct stat info;

  return lstat (path, &info) != 0 || (dir && !g_dir_read_name (dir));
}

static gboolean
fail (GError **error, const char *what, const char *path) {
  pb_disk_set_error (error, errno, what, path);
  return FALSE;
}

/* As pb_disk_make_dir (), which syncs each one; here all is synced at the end. */
static gboolean
make_dirs (const char *path, GError **error) {
  return g_mkdir_with_parents (path, 0700) == 0 || fail (error, "make folder", path);
}

static int
create (const char *path, GError **error) {
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    fail (error, "make", path);
  return fd;
}

/* ---- mbox ---- */

static gboolean
open_mbox (PbExportTarget *self, const char *path, GError **error) {
  g_free (self->part);
  self->part = g_strconcat (path, ".part", NULL);
  int fd = create (self->part, error);
  if (fd < 0) {
    g_clear_pointer (&self->part, g_free);
    return FALSE;
  }
  self->mbox = fdopen (fd, "w");
  g_assert (self->mbox);
  return TRUE;
}

/* A file under its name is a whole one. */
static gboolean
close_mbox (PbExportTarget *self, const char *path, GError **error) {
  FILE *file = g_steal_pointer (&self->mbox);
  gboolean ok = !ferror (file) && fflush (file) == 0 && fsync (fileno (file)) == 0;
  int code = errno;

  if (fclose (file) != 0 && ok) {
    ok = FALSE;
    code = errno;
  }
  if (ok)
    code = pb_disk_rename (AT_FDCWD, self->part, AT_FDCWD, path);
  if (ok && code == 0) {
    g_clear_pointer (&self->part, g_free);
    return TRUE;
  }
  pb_disk_set_error (error, code, "write", path);
  return FALSE;
}

/* ---- The whole ---- */

PbExportTarget *
pb_export_target_new (const char *path, PbMailFormat format, GError **error) {
  g_autoptr (PbExportTarget) self = g_new0 (PbExportTarget, 1);
  struct stat info;

  self->path = g_strdup (path);
  self->format = format;
  self->single = format == PB_FORMAT_MBOX && g_str_has_suffix (path, ".mbox");
  if (!is_free (path) || (self->single && lstat (path, &info) == 0)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "%s is there already", path);
    return NULL;
  }
  gboolean ok = self->single ? open_mbox (self, path, error) : make_dirs (path, error);
  return ok ? g_steal_pointer (&self) : NULL;
}

void
pb_export_target_free (PbExportTarget *self) {
  if (!self)
    return;
  if (self->mbox)
    fclose (self->mbox);
  if (self->part)
    unlink (self->part);
  g_free (self->part);
  g_free (self->path);
  g_free (self->place);
  g_free (self->maildir);
  g_free (self);
}

gboolean
pb_export_target_finish (PbExportTarget *self, GError **error) {
  if (self->single)
    return close_mbox (self, self->path, error);
  int fd = pb_disk_open_dir (self->path, error);
  if (fd < 0)
    return FALSE;
  gboolean ok = syncfs (fd) == 0 || fail (error, "sync", self->path);
  close (fd);
  return ok;
}

/* ---- Folders ---- */

static gboolean
begin_maildir (PbExportTarget *self, const char *root, const char *name, GError **error) {
  static const char *const parts[] = { "cur", "new", "tmp" };
  g_autofree char *dir = pb_folder_name_to_dir (name);

  /* Maildir++: the inbox is the folder itself. */
  self->place = g_build_filename (root, *dir ? dir : NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *part = g_build_filename (self->place, parts[i], NULL);
    if (!make_dirs (part, error))
      return FALSE;
  }
  g_autofree char *marker = g_build_filename (self->place, "maildirfolder", NULL);
  return !*dir || pb_disk_make_file (marker, error);
}

static gboolean
begin_mbox (PbExportTarget *self, const char *root, const char *name, GError **error) {
  g_autofree char *own = pb_transfer_name_to_path (name);
  g_autofree char *file = g_strconcat (own, ".mbox", NULL);

  self->place = g_build_filename (root, file, NULL);
  g_autofree char *dir = g_path_get_dirname (self->place);
  return make_dirs (dir, error) && open_mbox (self, self->place, error);
}

gboolean
pb_export_target_begin_folder (PbExportTarget *self,
                               const char *account_id,
                               const char *name,
                               const char *maildir,
                               GError **error) {
  g_autofree char *root = g_build_filename (self->path, account_id, NULL);

  g_clear_pointer (&self->place, g_free);
  g_free (self->maildir);
  self->maildir = g_strdup (maildir);
  if (self->single)
    return TRUE;
  if (self->format == PB_FORMAT_MAILDIR)
    return begin_maildir (self, root, name, error);
  if (self->format == PB_FORMAT_MBOX)
    return begin_mbox (self, root, name, error);
  g_autofree char *own = pb_transfer_name_to_path (name);
  self->place = g_build_filename (root, own, NULL);
  return make_dirs (self->place, error);
}

/* Which letter is which tag, as it is now: letters are never given a new meaning. */
static gboolean
copy_keywords (PbExportTarget *self, GError **error) {
  PbMaildirKeywords keywords;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = g_build_filename (self->place, "dovecot-keywords", NULL);

  pb_maildir_keywords_read (self->maildir, keywords);
  for (guint i = 0; i < PB_MAILDIR_N_KEYWORDS; i++) {
    if (keywords[i])
      g_string_append_printf (text, "%u %s\n", i, keywords[i]);
  }
  pb_maildir_keywords_clear (keywords);
  if (text->len == 0)
    return TRUE;
  int fd = create (path, error);
  if (fd < 0)
    return FALSE;
  gboolean ok = pb_disk_write (fd, (guint8 *) text->str, text->len, path, error);
  close (fd);
  return ok;
}

gboolean
pb_export_target_end_folder (PbExportTarget *self, GError **error) {
  if (self->format == PB_FORMAT_MAILDIR)
    return copy_keywords (self, error);
  return self->single || self->format != PB_FORMAT_MBOX || close_mbox (self, self->place, error);
}

/* ---- Messages ---- */

/* Files bear the time at which their message was received. */
static gboolean
write_file (const char *path, GBytes *message, gint64 received, GError **error) {
  struct timespec times[2] = { { .tv_sec = (time_t) received }, { .tv_sec = (time_t) received } };
  int fd = create (path, error);
  gsize length;
  const guint8 *data = g_bytes_get_data (message, &length);

  if (fd < 0)
    return FALSE;
  gboolean ok = pb_disk_write (fd, data, length, path, error);
  futimens (fd, times);
  if (close (fd) != 0 && ok)
    return fail (error, "write", path);
  return ok;
}

static char *
eml_name (const PbMessageRow *row) {
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (row->received);
  g_autofree char *date = time ? g_date_time_format (time, "%Y%m%d-%H%M%S") : g_strdup ("undated");

  return g_strdup_printf ("%s-%" G_GINT64_FORMAT ".eml", date, row->id);
}

gboolean
pb_export_target_add (PbExportTarget *self,
                      const PbMessageRow *row,
                      const char *file,
                      const PbMailMarks *marks,
                      GBytes *message,
                      GError **error) {
  if (self->format == PB_FORMAT_MBOX) {
    errno = EIO;
    pb_mbox_append (self->mbox, row->summary->from_address, row->received, marks, message);
    return !ferror (self->mbox) || fail (error, "write", self->part);
  }
  gboolean is_eml = self->format == PB_FORMAT_EML;
  g_autofree char *name = is_eml ? eml_name (row) : g_strdup (file);
  g_autofree char *path =
    g_build_filename (self->place, is_eml ? name : "cur", is_eml ? NULL : name, NULL);
  return write_file (path, message, row->received, error);
}
