/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One line for each file: size, time and number of the file, and its name. */

#include "pb-marker.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _PbMarker {
  char **lines; /* NULL without a note */
};

PbMarker *
pb_marker_take (const char *path) {
  PbMarker *self = g_new0 (PbMarker, 1);
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL)) {
    self->lines = g_strsplit (text, "\n", -1);
    unlink (path);
  }
  return self;
}

void
pb_marker_free (PbMarker *self) {
  g_strfreev (self->lines);
  g_free (self);
}

static char *
describe (const char *file) {
  g_autofree char *name = g_path_get_basename (file);
  struct stat info;

  if (stat (file, &info) != 0)
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %" G_GUINT64_FORMAT
                          " %s",
                          (gint64) info.st_size, (gint64) info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
                          (guint64) info.st_ino, name);
}

PbMarkerState
pb_marker_compare (const PbMarker *self, const char *file) {
  g_autofree char *line = describe (file);
  g_autofree char *log = g_strconcat (file, "-wal", NULL);

  if (!self->lines || !line || access (log, F_OK) == 0)
    return PB_MARKER_MISSING;
  return g_strv_contains ((const char *const *) self->lines, line) ? PB_MARKER_SAME
                                                                   : PB_MARKER_DIFFERS;
}

void
pb_marker_leave (const char *path, const char *const *files) {
  g_autoptr (GString) text = g_string_new (NULL);

  for (; *files; files++) {
    g_autofree char *log = g_strconcat (*files, "-wal", NULL);
    g_autofree char *line = describe (*files);
    if (!line || access (log, F_OK) == 0)
      return;
    g_string_append_printf (text, "%s\n", line);
  }
  g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT,
                            0600, NULL);
}
