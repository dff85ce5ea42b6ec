/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The few things that are done to files here, with errors that say what can be done next. Blocking:
 * for the store thread. Errors: PB_ERROR_STORAGE_FULL, _STORAGE_READ_ONLY, and PB_ERROR_STORAGE for
 * the rest. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @what was tried with @path ("write", …) and failed with @code of errno. */
void pb_disk_set_error (GError **error, int code, const char *what, const char *path);

/* The PB_ERROR code that stands for @code of errno. */
int pb_disk_error_code (int code);

/* Makes @path and what is missing above it, mode 0700; what was made is durable. */
gboolean pb_disk_make_dir (const char *path, GError **error);

/* Makes an empty file, mode 0600; fine when it is there. */
gboolean pb_disk_make_file (const char *path, GError **error);

/* Opens a directory to be used with the …at () calls; -1 on failure. */
int pb_disk_open_dir (const char *path, GError **error);

/* Everything or an error. @path is for the error only. */
gboolean pb_disk_write (int fd, const guint8 *data, gsize length, const char *path, GError **error);

/* The names in a directory become durable. */
gboolean pb_disk_sync_dir (int dir_fd, const char *path, GError **error);

/* The bytes of the files @names (GPtrArray of char *) in @dir_fd become durable. */
gboolean pb_disk_sync_files (int dir_fd, GPtrArray *names, const char *path, GError **error);

/* Renames, never over an existing file. Returns 0 or errno (EEXIST where @to is taken). */
int pb_disk_rename (int from_fd, const char *from, int to_fd, const char *to);

/* Reads up to @limit bytes of a regular file into @buffer (replacing what it holds). @size is set
 * to the size of the whole file, @time to when it was written, seconds since 1970. FALSE with errno
 * kept when it cannot be read. */
gboolean pb_disk_read_head (int dir_fd,
                            const char *name,
                            gsize limit,
                            GByteArray *buffer,
                            guint64 *size,
                            gint64 *time);

/* Deletes a folder with all in it; never follows a symbolic link. */
void pb_disk_remove_tree (const char *path);

G_END_DECLS
