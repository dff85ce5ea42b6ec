/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A note, left when the databases are closed properly, of what their files looked like. Without it
 * the program was stopped, and they are checked before they are trusted; when it does not fit,
 * somebody else wrote into them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PbMarker PbMarker;

typedef enum {
  PB_MARKER_SAME,
  PB_MARKER_MISSING, /* no note, no such file, or it was not closed since */
  PB_MARKER_DIFFERS,
} PbMarkerState;

/* Reads the note and removes it. Never NULL. */
PbMarker *pb_marker_take (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void pb_marker_free (PbMarker *self);

PbMarkerState pb_marker_compare (const PbMarker *self, const char *file);

/* Nothing is noted when another process still has one of @files (NULL at the end) open. */
void pb_marker_leave (const char *path, const char *const *files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbMarker, pb_marker_free)

G_END_DECLS
