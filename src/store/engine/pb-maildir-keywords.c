/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The file "dovecot-keywords" of a Maildir: lines of a number and a word; number 0 is the letter
 * 'a' in file names. Untrusted, small, rewritten as a whole through a temporary. */

#include "pb-maildir.h"

#include <string.h>
#include <sys/stat.h>

#include "pb-disk.h"
#include "pb-error.h"

#define FILE_NAME "dovecot-keywords"
#define MAX_BYTES (64 * 1024)

static void
read_line (const char *line, PbMaildirKeywords keywords) {
  char *word;
  guint64 number = g_ascii_strtoull (line, &word, 10);

  if (word == line || *word != ' ' || number >= PB_MAILDIR_N_KEYWORDS || word[1] == '\0')
    return;
  g_free (keywords[number]);
  keywords[number] = g_strdup (word + 1);
}

void
pb_maildir_keywords_read (const char *path, PbMaildirKeywords keywords) {
  g_autofree char *file = g_build_filename (path, FILE_NAME, NULL);
  g_autofree char *text = NULL;
  struct stat info;

  memset (keywords, 0, sizeof (PbMaildirKeywords));
  if (stat (file, &info) != 0 || info.st_size > MAX_BYTES ||
      !g_file_get_contents (file, &text, NULL, NULL))
    return;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    read_line (lines[i], keywords);
}

void
pb_maildir_keywords_clear (PbMaildirKeywords keywords) {
  for (guint i = 0; i < PB_MAILDIR_N_KEYWORDS; i++)
    g_clear_pointer (&keywords[i], g_free);
}

char
pb_maildir_keywords_find (PbMaildirKeywords keywords, const char *word) {
  for (guint i = 0; i < PB_MAILDIR_N_KEYWORDS; i++) {
    if (g_strcmp0 (keywords[i], word) == 0)
      return (char) ('a' + i);
  }
  return '\0';
}

static gboolean
write_keywords (const char *path, PbMaildirKeywords keywords, GError **error) {
  g_autofree char *file = g_build_filename (path, FILE_NAME, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) failure = NULL;

  for (guint i = 0; i < PB_MAILDIR_N_KEYWORDS; i++) {
    if (keywords[i])
      g_string_append_printf (text, "%u %s\n", i, keywords[i]);
  }
  if (g_file_set_contents_full (file, text->str, (gssize) text->len,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &failure))
    return TRUE;
  int code = g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? PB_ERROR_STORAGE_FULL
             : g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
                 g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_ROFS)
               ? PB_ERROR_STORAGE_READ_ONLY
               : PB_ERROR_STORAGE;
  g_set_error_literal (error, PB_ERROR, code, failure->message);
  return FALSE;
}

char
pb_maildir_keyword_ensure (const char *path, const char *word, GError **error) {
  PbMaildirKeywords keywords;

  pb_maildir_keywords_read (path, keywords);
  char letter = pb_maildir_keywords_find (keywords, word);
  for (guint i = 0; i < PB_MAILDIR_N_KEYWORDS && !letter; i++) {
    if (keywords[i])
      continue;
    keywords[i] = g_strdup (word);
    if (write_keywords (path, keywords, error))
      letter = (char) ('a' + i);
    else
      break;
  }
  if (!letter && error && !*error)
    g_set_error (error, PB_ERROR, PB_ERROR_STORAGE, "%s: all keyword letters are taken", path);
  pb_maildir_keywords_clear (keywords);
  return letter;
}
