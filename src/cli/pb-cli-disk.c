/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain system calls, with their errors turned into ours. */

#include "config.h"

#include "pb-cli-disk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "pb-error.h"

gboolean
pb_cli_disk_error (GError **error, const char *path) {
  int code = errno;
  PbError kind = PB_ERROR_STORAGE;

  if (code == ENOSPC || code == EDQUOT)
    kind = PB_ERROR_STORAGE_FULL;
  else if (code == EACCES || code == EPERM || code == EROFS)
    kind = PB_ERROR_STORAGE_READ_ONLY;
  g_set_error (error, PB_ERROR, kind, "%s: %s", path, g_strerror (code));
  return FALSE;
}

gboolean
pb_cli_make_dirs (const char *path, GError **error) {
  return g_mkdir_with_parents (path, 0700) == 0 || pb_cli_disk_error (error, path);
}

gboolean
pb_cli_is_free (const char *path) {
  g_autoptr (GDir) dir = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  dir = g_dir_open (path, 0, NULL);
  return dir && !g_dir_read_name (dir);
}

FILE *
pb_cli_create (const char *path, GError **error) {
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0) {
    pb_cli_disk_error (error, path);
    return NULL;
  }
  return fdopen (fd, "wb");
}

gboolean
pb_cli_close (FILE *file, gboolean durable, const char *path, GError **error) {
  gboolean written =
    fflush (file) == 0 && !ferror (file) && (!durable || fsync (fileno (file)) == 0);

  if (!written)
    pb_cli_disk_error (error, path);
  if (fclose (file) == 0 || !written)
    return written;
  return pb_cli_disk_error (error, path);
}

gboolean
pb_cli_write_file (const char *path, GBytes *bytes, GError **error) {
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  FILE *file = pb_cli_create (path, error);

  if (!file)
    return FALSE;
  fwrite (data, 1, length, file);
  return pb_cli_close (file, FALSE, path, error);
}

gboolean
pb_cli_sync (const char *path, GError **error) {
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    return pb_cli_disk_error (error, path);
  gboolean done = syncfs (fd) == 0 || pb_cli_disk_error (error, path);
  close (fd);
  return done;
}

gboolean
pb_cli_rename (const char *from, const char *to, GError **error) {
  g_autofree char *parent = g_path_get_dirname (to);
  int fd;

  if (g_rename (from, to) != 0 || (fd = g_open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)) < 0)
    return pb_cli_disk_error (error, to);
  gboolean done = fsync (fd) == 0 || pb_cli_disk_error (error, parent);
  close (fd);
  return done;
}
