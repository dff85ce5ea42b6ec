/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each call: is it ours, shall it fail, do it, write it down. */

/* The plain names of the calls, not others that stand behind them. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#define _LARGEFILE64_SOURCE

/* Libraries have to find them. */
#pragma GCC visibility push(default)

#include "pb-false-disk.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static GRecMutex mutex;
static char *folder;
static GPtrArray *events;
static GHashTable *numbers; /* inode → number of the file */
static guint last_number;
static int failing = -1;
static char *failing_part;
static guint failing_first;
static int failing_code;
static gint64 room = -1;
static guint failures;

#define REAL(name) ((__typeof__ (&name)) real (#name))

static gpointer
real (const char *name) {
  gpointer function = dlsym (RTLD_NEXT, name);

  g_assert (function);
  return function;
}

static void
event_free (gpointer data) {
  PbDiskEvent *event = data;

  g_clear_pointer (&event->bytes, g_bytes_unref);
  g_free (event->path);
  g_free (event->to);
  g_free (event);
}

void
pb_false_disk_watch (const char *dir) {
  g_rec_mutex_lock (&mutex);
  g_assert (!folder);
  folder = realpath (dir, NULL);
  events = g_ptr_array_new_with_free_func (event_free);
  numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  last_number = 0;
  g_rec_mutex_unlock (&mutex);
}

GPtrArray *
pb_false_disk_stop (void) {
  g_rec_mutex_lock (&mutex);
  g_clear_pointer (&folder, free);
  g_clear_pointer (&failing_part, g_free);
  g_clear_pointer (&numbers, g_hash_table_unref);
  failing = -1;
  room = -1;
  g_rec_mutex_unlock (&mutex);
  return g_steal_pointer (&events);
}

void
pb_false_disk_fail (int call, const char *part, guint first, int code) {
  g_rec_mutex_lock (&mutex);
  failing = call;
  g_free (failing_part);
  failing_part = g_strdup (part);
  failing_first = first;
  failing_code = code;
  failures = 0;
  g_rec_mutex_unlock (&mutex);
}

void
pb_false_disk_set_room (gint64 bytes) {
  g_rec_mutex_lock (&mutex);
  room = bytes;
  failures = 0;
  g_rec_mutex_unlock (&mutex);
}

guint
pb_false_disk_count_failures (void) {
  return failures;
}

/* ---- Which file ---- */

/* The path below the folder; NULL for what is elsewhere. */
static char *
below (const char *path) {
  gsize length = folder ? strlen (folder) : 0;

  if (length == 0 || !g_str_has_prefix (path, folder) ||
      (path[length] != '/' && path[length] != '\0'))
    return NULL;
  return g_strdup (path + length + (path[length] == '/'));
}

static char *
path_of_fd (int fd) {
  char link[64], path[4096];

  if (!folder)
    return NULL;
  g_snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  gssize length = readlink (link, path, sizeof path - 1);
  if (length < 0)
    return NULL;
  path[length] = '\0';
  return below (path);
}

static char *
path_at (int dir_fd, const char *name) {
  if (!folder)
    return NULL;
  if (name[0] == '/')
    return below (name);
  if (dir_fd == AT_FDCWD)
    return NULL;
  g_autofree char *dir = path_of_fd (dir_fd);
  return dir ? g_build_filename (dir, name, NULL) : NULL;
}

static guint
find_number (const struct stat *info) {
  gint64 inode = (gint64) info->st_ino;

  return GPOINTER_TO_UINT (g_hash_table_lookup (numbers, &inode));
}

static guint
number_of (int fd, gboolean created) {
  struct stat info;

  if (fstat (fd, &info) != 0)
    return 0;
  gint64 inode = (gint64) info.st_ino;
  if (created)
    g_hash_table_insert (numbers, g_memdup2 (&inode, sizeof inode),
                         GUINT_TO_POINTER (++last_number));
  return find_number (&info);
}

static guint
number_at (int dir_fd, const char *name) {
  struct stat info;

  return fstatat (dir_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 ? find_number (&info) : 0;
}

/* Takes @path. */
static PbDiskEvent *
note (PbDiskCall call, guint file, char *path) {
  PbDiskEvent *event = g_new0 (PbDiskEvent, 1);

  event->call = call;
  event->file = file;
  event->path = path;
  g_ptr_array_add (events, event);
  return event;
}

void
pb_false_disk_mark (guint64 number) {
  g_rec_mutex_lock (&mutex);
  if (folder)
    note (PB_DISK_MARK, 0, NULL)->at = number;
  g_rec_mutex_unlock (&mutex);
}

/* TRUE with errno when this call is to fail. */
static gboolean
fails (PbDiskCall call, const char *path) {
  if ((int) call != failing || (failing_part && !strstr (path, failing_part)))
    return FALSE;
  if (failing_first > 0) {
    failing_first--;
    return FALSE;
  }
  failures++;
  errno = failing_code;
  return TRUE;
}

/* ---- The calls ---- */

static int
do_open (int dir_fd, const char *name, int flags, mode_t mode) {
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_at (dir_fd, name);
  struct stat info;
  gboolean fresh =
    path && (flags & O_CREAT) && fstatat (dir_fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0;
  int fd = -1;

  if (!path || !fails (PB_DISK_CREATE, path))
    fd = REAL (openat) (dir_fd, name, flags, mode);
  int code = errno;
  if (fd >= 0 && fresh)
    note (PB_DISK_CREATE, number_of (fd, TRUE), g_steal_pointer (&path));
  else if (fd >= 0 && path && (flags & O_TRUNC))
    note (PB_DISK_TRUNCATE, number_of (fd, FALSE), NULL);
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return fd;
}

/* The mode is only passed where a file may be made. */
static mode_t
read_mode (int flags, va_list rest) {
  return flags & (O_CREAT | __O_TMPFILE) ? va_arg (rest, mode_t) : 0;
}

#define OPEN(dir_fd)                     \
  va_list rest;                          \
  va_start (rest, flags);                \
  mode_t mode = read_mode (flags, rest); \
  va_end (rest);                         \
  return do_open (dir_fd, path, flags, mode)

int
open (const char *path, int flags, ...) {
  OPEN (AT_FDCWD);
}

int
open64 (const char *path, int flags, ...) {
  OPEN (AT_FDCWD);
}

int
openat (int dir_fd, const char *path, int flags, ...) {
  OPEN (dir_fd);
}

int
openat64 (int dir_fd, const char *path, int flags, ...) {
  OPEN (dir_fd);
}

static gssize
do_write (int fd, const void *data, gsize length, gint64 at) {
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_of_fd (fd);
  gssize written = -1;
  int code;

  if (path && at < 0)
    at = (fcntl (fd, F_GETFL) & O_APPEND) ? lseek (fd, 0, SEEK_END) : lseek (fd, 0, SEEK_CUR);
  if (path && room >= 0 && (gint64) length > room) {
    failures++;
    code = ENOSPC;
  } else if (path && fails (PB_DISK_WRITE, path)) {
    code = errno;
  } else {
    if (path && at >= 0)
      written = REAL (pwrite) (fd, data, length, at);
    code = errno;
    if (path && written > 0) {
      note (PB_DISK_WRITE, number_of (fd, FALSE), NULL)->at = (guint64) at;
      ((PbDiskEvent *) events->pdata[events->len - 1])->bytes = g_bytes_new (data, (gsize) written);
      room = room < 0 ? room : room - written;
    }
  }
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return path ? written : -2;
}

gssize
write (int fd, const void *data, gsize length) {
  gssize written = folder ? do_write (fd, data, length, -1) : -2;

  if (written == -2)
    return REAL (write) (fd, data, length);
  if (written > 0)
    lseek (fd, written, SEEK_CUR);
  return written;
}

gssize
pwrite (int fd, const void *data, gsize length, off_t at) {
  gssize written = folder ? do_write (fd, data, length, at) : -2;

  return written == -2 ? REAL (pwrite) (fd, data, length, at) : written;
}

gssize
pwrite64 (int fd, const void *data, gsize length, off64_t at) {
  return pwrite (fd, data, length, at);
}

static gboolean
reading_fails (int fd) {
  if (!folder || failing != PB_DISK_READ)
    return FALSE;
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_of_fd (fd);
  gboolean result = path && fails (PB_DISK_READ, path);
  int code = errno;
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return result;
}

gssize
read (int fd, void *data, gsize length) {
  return reading_fails (fd) ? -1 : REAL (read) (fd, data, length);
}

gssize
pread (int fd, void *data, gsize length, off_t at) {
  return reading_fails (fd) ? -1 : REAL (pread) (fd, data, length, at);
}

gssize
pread64 (int fd, void *data, gsize length, off64_t at) {
  return pread (fd, data, length, at);
}

int
ftruncate (int fd, off_t length) {
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_of_fd (fd);
  int result = path && fails (PB_DISK_TRUNCATE, path) ? -1 : REAL (ftruncate) (fd, length);
  int code = errno;

  if (path && result == 0)
    note (PB_DISK_TRUNCATE, number_of (fd, FALSE), NULL)->at = (guint64) length;
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return result;
}

int
ftruncate64 (int fd, off64_t length) {
  return ftruncate (fd, length);
}

/* What a file system that cannot do it says. */
int
fallocate (int fd, int mode, off_t at, off_t length) {
  errno = EOPNOTSUPP;
  return -1;
}

static int
do_sync (int fd, PbDiskCall call, int (*func) (int)) {
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_of_fd (fd);
  struct stat info;
  int result = path && fails (call, path) ? -1 : func (fd);
  int code = errno;

  if (path && result == 0 && fstat (fd, &info) == 0) {
    if (call == PB_DISK_SYNC && S_ISDIR (info.st_mode))
      note (PB_DISK_SYNC_FOLDER, 0, g_steal_pointer (&path));
    else
      note (call, number_of (fd, FALSE), NULL);
  }
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return result;
}

/* Nothing in a test has to survive a real power cut, and the false one does not need it. */
static int
not_really (int fd) {
  return 0;
}

int
fsync (int fd) {
  return do_sync (fd, PB_DISK_SYNC, not_really);
}

int
fdatasync (int fd) {
  return do_sync (fd, PB_DISK_SYNC, not_really);
}

int
syncfs (int fd) {
  return do_sync (fd, PB_DISK_SYNC_ALL, not_really);
}

int
renameat2 (int from_fd, const char *from, int to_fd, const char *to, unsigned int flags) {
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_at (from_fd, from);
  g_autofree char *target = path_at (to_fd, to);
  int result =
    path && fails (PB_DISK_RENAME, path) ? -1 : REAL (renameat2) (from_fd, from, to_fd, to, flags);
  int code = errno;

  if (path && target && result == 0)
    note (PB_DISK_RENAME, number_at (to_fd, to), g_steal_pointer (&path))->to =
      g_steal_pointer (&target);
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return result;
}

int
rename (const char *from, const char *to) {
  return renameat2 (AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
renameat (int from_fd, const char *from, int to_fd, const char *to) {
  return renameat2 (from_fd, from, to_fd, to, 0);
}

int
unlinkat (int dir_fd, const char *name, int flags) {
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_at (dir_fd, name);
  int result = path && fails (PB_DISK_UNLINK, path) ? -1 : REAL (unlinkat) (dir_fd, name, flags);
  int code = errno;

  if (path && result == 0)
    note (PB_DISK_UNLINK, 0, g_steal_pointer (&path));
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return result;
}

int
unlink (const char *name) {
  return unlinkat (AT_FDCWD, name, 0);
}

int
rmdir (const char *name) {
  return unlinkat (AT_FDCWD, name, AT_REMOVEDIR);
}

int
mkdir (const char *name, mode_t mode) {
  g_rec_mutex_lock (&mutex);
  g_autofree char *path = path_at (AT_FDCWD, name);
  int result = path && fails (PB_DISK_MAKE_FOLDER, path) ? -1 : REAL (mkdir) (name, mode);
  int code = errno;

  if (path && result == 0)
    note (PB_DISK_MAKE_FOLDER, 0, g_steal_pointer (&path));
  g_rec_mutex_unlock (&mutex);
  errno = code;
  return result;
}
