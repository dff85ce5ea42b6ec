/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names are times in UTC, so that their order is that of the sessions. */

#include "pb-transcript-files.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "pb-error.h"
#include "pb-transcript-entry.h"

#define TEXT_MAX (1024 * 1024)
#define SUFFIX ".txt"
#define FACTS_FORMAT "# session of %" G_GINT64_FORMAT " us, %" G_GINT64_FORMAT " us long: %s\n"
#define FACTS_MAX 160

static char *
make_path (const char *dir, gint64 started) {
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (started / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format (utc, "%Y%m%dT%H%M%S");

  return g_strdup_printf ("%s/%s.%06dZ" SUFFIX, dir, time, (int) (started % G_USEC_PER_SEC));
}

static int
compare_names (gconstpointer a, gconstpointer b) {
  return -strcmp (*(char *const *) a, *(char *const *) b);
}

/* Newest first. */
static GPtrArray *
list_names (const char *dir) {
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
prune (const char *dir) {
  g_autoptr (GPtrArray) names = list_names (dir);

  for (guint i = PB_TRANSCRIPTS_KEPT; i < names->len; i++) {
    g_autofree char *path = g_build_filename (dir, names->pdata[i], NULL);
    g_unlink (path);
  }
}

gboolean
pb_transcript_files_write (const char *dir,
                           gint64 started,
                           gint64 duration,
                           int outcome,
                           const char *text,
                           GError **error) {
  g_autofree char *path = make_path (dir, started);
  g_autofree char *content = g_strdup_printf (FACTS_FORMAT "%s", started, duration,
                                              pb_transcript_entry_outcome_to_name (outcome), text);

  if (g_mkdir_with_parents (dir, 0700) != 0) {
    g_set_error (error, PB_ERROR, PB_ERROR_STORAGE, "%s cannot be made", dir);
    return FALSE;
  }
  if (!g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;
  prune (dir);
  return TRUE;
}

/* Up to @size - 1 bytes, NUL-terminated; NULL when the file cannot be read. */
static char *
read_some (const char *path, gsize size) {
  FILE *file = fopen (path, "re");

  if (!file)
    return NULL;
  char *buffer = g_malloc (size);
  gsize length = fread (buffer, 1, size - 1, file);
  buffer[length] = '\0';
  fclose (file);
  return buffer;
}

static PbTranscriptEntry *
read_facts (const char *path) {
  g_autofree char *head = read_some (path, FACTS_MAX);
  gint64 started, duration;
  char name[32];
  int outcome;

  if (!head ||
      sscanf (head, "# session of %" G_GINT64_FORMAT " us, %" G_GINT64_FORMAT " us long: %31[a-z-]",
              &started, &duration, name) != 3 ||
      !pb_transcript_entry_outcome_from_name (name, &outcome))
    return NULL;
  return pb_transcript_entry_new (started, duration, outcome, NULL, path);
}

GPtrArray *
pb_transcript_files_list (const char *dir) {
  g_autoptr (GPtrArray) names = list_names (dir);
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < names->len && entries->len < PB_TRANSCRIPTS_KEPT; i++) {
    g_autofree char *path = g_build_filename (dir, names->pdata[i], NULL);
    PbTranscriptEntry *entry = read_facts (path);
    if (entry)
      g_ptr_array_add (entries, entry);
  }
  return entries;
}

char *
pb_transcript_files_read (const char *path, GError **error) {
  g_autofree char *content = read_some (path, TEXT_MAX);

  if (!content) {
    g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "%s cannot be read", path);
    return NULL;
  }
  const char *text = g_str_has_prefix (content, "# session of ") ? strchr (content, '\n') : NULL;
  return g_utf8_make_valid (text ? text + 1 : content, -1);
}
