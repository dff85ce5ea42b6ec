/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The disk of a test program: its system calls on files below one folder, also those of SQLite and
 * GLib, can be made to fail and are written down, to be played again by pb-power-cut.h. It stands
 * in front of the C library because the names of the calls are defined in the program itself; what
 * is written through a memory map (SQLite's "-shm", which holds nothing durable) is not seen. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PB_DISK_CREATE,
  PB_DISK_WRITE,
  PB_DISK_TRUNCATE,
  PB_DISK_SYNC,
  PB_DISK_SYNC_ALL,
  PB_DISK_SYNC_FOLDER,
  PB_DISK_RENAME,
  PB_DISK_UNLINK,
  PB_DISK_MAKE_FOLDER,
  PB_DISK_MARK,
  PB_DISK_READ, /* is never written down */
} PbDiskCall;

/* Something that was done. */
typedef struct {
  PbDiskCall call;
  guint file;    /* number of the file: one for each that was ever made; of RENAME too */
  guint64 at;    /* WRITE, TRUNCATE: where; MARK: the number */
  GBytes *bytes; /* WRITE */
  char *path;    /* below the folder */
  char *to;      /* RENAME */
} PbDiskEvent;

/* From now on, calls on files below @dir, which is empty. */
void pb_false_disk_watch (const char *dir);

/* And now no more; nothing fails any more. What was done: GPtrArray of PbDiskEvent, to be
 * unref'd. */
GPtrArray *pb_false_disk_stop (void) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a MARK. */
void pb_false_disk_mark (guint64 number);

/* The calls of kind @call on paths that hold @part (NULL for all) fail with @code, from the
 * @first one (0: at once) on; -1 for no kind. Opening files counts as CREATE. */
void pb_false_disk_fail (int call, const char *part, guint first, int code);

/* So many bytes may still be written before a write fails with ENOSPC; -1 for any number. */
void pb_false_disk_set_room (gint64 bytes);

/* How often a call was made to fail since the last pb_false_disk_fail () or _set_room (). */
guint pb_false_disk_count_failures (void);

G_END_DECLS
