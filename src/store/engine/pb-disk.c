/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Files and directories by system calls. Knows nothing of mail. */

#include "pb-disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pb-error.h"

/* Up to this many files are synced one by one. See pb_disk_sync_files (). */
#define FEW_FILES 3

int
pb_disk_error_code (int code) {
  switch (code) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return PB_ERROR_STORAGE_FULL;
  case EACCES:
  case EPERM:
  case EROFS:
    return PB_ERROR_STORAGE_READ_ONLY;
  default:
    return PB_ERROR_STORAGE;
  }
}

void
pb_disk_set_error (GError **error, int code, const char *what, const char *path) {
  g_set_error (error, PB_ERROR, pb_disk_error_code (code), "%s %s: %s", what, path,
               g_strerror (code));
}

static gboolean
sync_path (const char *path, GError **error) {
  int fd = pb_disk_open_dir (path, error);

  if (fd < 0)
    return FALSE;
  gboolean ok = pb_disk_sync_dir (fd, path, error);
  close (fd);
  return ok;
}

gboolean
pb_disk_make_dir (const char *path, GError **error) {
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_autofree char *parent = g_path_get_dirname (path);
  if (g_str_equal (parent, path) || !pb_disk_make_dir (parent, error))
    return FALSE;
  if (mkdir (path, 0700) != 0 && (errno != EEXIST || !g_file_test (path, G_FILE_TEST_IS_DIR))) {
    pb_disk_set_error (error, errno, "make folder", path);
    return FALSE;
  }
  return sync_path (parent, error);
}

gboolean
pb_disk_make_file (const char *path, GError **error) {
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0) {
    pb_disk_set_error (error, errno, "make file", path);
    return FALSE;
  }
  close (fd);
  return TRUE;
}

int
pb_disk_open_dir (const char *path, GError **error) {
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    pb_disk_set_error (error, errno, "open folder", path);
  return fd;
}

gboolean
pb_disk_write (int fd, const guint8 *data, gsize length, const char *path, GError **error) {
  while (length > 0) {
    gssize written = write (fd, data, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) {
      pb_disk_set_error (error, written < 0 ? errno : ENOSPC, "write", path);
      return FALSE;
    }
    data += written;
    length -= (gsize) written;
  }
  return TRUE;
}

gboolean
pb_disk_sync_dir (int dir_fd, const char *path, GError **error) {
  /* Some file systems cannot sync a directory and say EINVAL; there is nothing better to do on
   * them. */
  if (fsync (dir_fd) == 0 || errno == EINVAL)
    return TRUE;
  pb_disk_set_error (error, errno, "sync folder", path);
  return FALSE;
}

static gboolean
sync_one (int dir_fd, const char *name, const char *path, GError **error) {
  int fd = openat (dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (!ok)
    pb_disk_set_error (error, errno, "sync", path);
  if (fd >= 0)
    close (fd);
  return ok;
}

/* One call for the whole file system is as dear as one or two fsync (), and 256 of these cost a
 * journal commit and a cache flush each. It also writes what other programs left unwritten, so a
 * few files are synced by name, which costs nobody else anything. */
gboolean
pb_disk_sync_files (int dir_fd, GPtrArray *names, const char *path, GError **error) {
  if (names->len > FEW_FILES) {
    if (syncfs (dir_fd) == 0)
      return TRUE;
    pb_disk_set_error (error, errno, "sync", path);
    return FALSE;
  }
  for (guint i = 0; i < names->len; i++) {
    if (!sync_one (dir_fd, names->pdata[i], path, error))
      return FALSE;
  }
  return TRUE;
}

int
pb_disk_rename (int from_fd, const char *from, int to_fd, const char *to) {
  if (renameat2 (from_fd, from, to_fd, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;
  /* A file system without that flag: a hard link never replaces either. */
  if (linkat (from_fd, from, to_fd, to, 0) != 0)
    return errno;
  return unlinkat (from_fd, from, 0) == 0 ? 0 : errno;
}

gboolean
pb_disk_read_head (int dir_fd,
                   const char *name,
                   gsize limit,
                   GByteArray *buffer,
                   guint64 *size,
                   gint64 *time) {
  struct stat info;
  int fd = openat (dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  g_byte_array_set_size (buffer, 0);
  if (fd < 0)
    return FALSE;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    close (fd);
    errno = EINVAL;
    return FALSE;
  }
  *size = (guint64) info.st_size;
  *time = info.st_mtim.tv_sec;
  g_byte_array_set_size (buffer, (guint) MIN (*size, limit));
  gsize got = 0;
  while (got < buffer->len) {
    gssize more = read (fd, buffer->data + got, buffer->len - got);
    if (more < 0 && errno == EINTR)
      continue;
    if (more <= 0)
      break;
    got += (gsize) more;
  }
  g_byte_array_set_size (buffer, (guint) got);
  close (fd);
  return TRUE;
}

void
pb_disk_remove_tree (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    struct stat info;
    if (lstat (child, &info) == 0 && S_ISDIR (info.st_mode))
      pb_disk_remove_tree (child);
    else
      unlink (child);
  }
  rmdir (path);
}
