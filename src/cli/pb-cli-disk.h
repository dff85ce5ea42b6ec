/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* New files and folders that a command makes for a person, readable by nobody else. Blocking.
 * Errors are PB_ERROR_STORAGE…. */

#pragma once

#include <gio/gio.h>
#include <stdio.h>

G_BEGIN_DECLS

/* For a failed call on @path, by errno. Returns FALSE. */
gboolean pb_cli_disk_error (GError **error, const char *path);

gboolean pb_cli_make_dirs (const char *path, GError **error);

/* TRUE when @path does not exist or is an empty folder. */
gboolean pb_cli_is_free (const char *path);

/* A file that did not exist before. */
FILE *pb_cli_create (const char *path, GError **error);

/* Flushes and closes @file (also on failure); with @durable its content is on the disk
 * afterwards. */
gboolean pb_cli_close (FILE *file, gboolean durable, const char *path, GError **error);

/* Writes a whole new file; not durable until pb_cli_sync (). */
gboolean pb_cli_write_file (const char *path, GBytes *bytes, GError **error);

/* Makes @from durable under the name @to. */
gboolean pb_cli_rename (const char *from, const char *to, GError **error);

/* Waits until everything on the file system of @path is on the disk. */
gboolean pb_cli_sync (const char *path, GError **error);

G_END_DECLS
