/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Marks and tags of messages, read from what mail programs write into their files. */

#include "pb-mail-marks.h"

#include <string.h>

#define LETTERS "DFPRS"
#define WORD_START "postbag:"

void
pb_mail_marks_clear (PbMailMarks *self) {
  g_clear_pointer (&self->tags, g_ptr_array_unref);
  memset (self, 0, sizeof *self);
}

gboolean
pb_mail_marks_has (const PbMailMarks *self, char letter) {
  return strchr (self->letters, letter) != NULL;
}

void
pb_mail_marks_add_letter (PbMailMarks *self, char letter) {
  gsize length = strlen (self->letters);

  if (letter && strchr (LETTERS, letter) && !pb_mail_marks_has (self, letter))
    self->letters[length] = letter;
}

static void
add_tag (PbMailMarks *self, const char *tag) {
  gsize length = strlen (tag);

  if (!self->tags)
    self->tags = g_ptr_array_new_with_free_func (g_free);
  if (length == 0 || length > PB_MAIL_MARKS_TAG_BYTES || strpbrk (tag, " \t\r\n") ||
      !g_utf8_validate (tag, -1, NULL) || self->tags->len >= PB_MAIL_MARKS_MAX_TAGS ||
      g_ptr_array_find_with_equal_func (self->tags, tag, g_str_equal, NULL))
    return;
  g_ptr_array_add (self->tags, g_strdup (tag));
}

void
pb_mail_marks_add_tags (PbMailMarks *self, const char *text) {
  g_auto (GStrv) words = g_strsplit_set (text, " \t,\r\n", 1000);

  for (guint i = 0; words[i]; i++)
    add_tag (self, words[i]);
}

static void
add_status (PbMailMarks *self, const char *value, const char *from, const char *to) {
  for (; *value; value++) {
    const char *at = strchr (from, *value);
    if (at)
      pb_mail_marks_add_letter (self, to[at - from]);
  }
}

static void
add_mozilla_status (PbMailMarks *self, const char *value) {
  guint64 bits = g_ascii_strtoull (value, NULL, 16);

  add_status (self,
              (char[]){ bits & 1 ? 'S' : ' ', bits & 2 ? 'R' : ' ', bits & 4 ? 'F' : ' ',
                        bits & 0x1000 ? 'P' : ' ', '\0' },
              LETTERS, LETTERS);
  self->deleted = self->deleted || (bits & 8);
}

void
pb_mail_marks_read_field (PbMailMarks *self, const char *name, const char *value) {
  if (g_ascii_strcasecmp (name, "Status") == 0)
    add_status (self, value, "R", "S");
  else if (g_ascii_strcasecmp (name, "X-Status") == 0)
    add_status (self, value, "AFTR", "RFDS");
  else if (g_ascii_strcasecmp (name, "X-Mozilla-Status") == 0)
    add_mozilla_status (self, value);
  else if (g_ascii_strcasecmp (name, "X-Keywords") == 0 ||
           g_ascii_strcasecmp (name, "X-Mozilla-Keys") == 0)
    pb_mail_marks_add_tags (self, value);
}

char *
pb_mail_marks_to_word (const PbMailMarks *self) {
  g_autoptr (GString) word = g_string_new (WORD_START);

  g_string_append (word, self->letters);
  for (guint i = 0; self->tags && i < self->tags->len; i++) {
    g_autofree char *tag = g_uri_escape_string (self->tags->pdata[i], NULL, FALSE);
    g_string_append_printf (word, ",%s", tag);
  }
  return g_string_free (g_steal_pointer (&word), FALSE);
}

gboolean
pb_mail_marks_read_word (PbMailMarks *self, const char *word) {
  if (!g_str_has_prefix (word, WORD_START))
    return FALSE;
  g_auto (GStrv) parts = g_strsplit (word + strlen (WORD_START), ",", 1000);
  for (const char *letter = parts[0] ? parts[0] : ""; *letter; letter++)
    pb_mail_marks_add_letter (self, *letter);
  for (guint i = 1; parts[0] && parts[i]; i++) {
    g_autofree char *tag = g_uri_unescape_string (parts[i], NULL);
    if (tag)
      add_tag (self, tag);
  }
  return TRUE;
}
