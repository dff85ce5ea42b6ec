/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines such as "unseen: 1 4-9". */

#include "pb-mh-sequences.h"

#include <string.h>
#include <sys/stat.h>

#define MAX_BYTES (16 * 1024 * 1024)

typedef struct {
  char letter; /* what it stands for; 0 for a tag of its name */
  char *name;
  GArray *ranges; /* of two guint each: first and last */
} Sequence;

struct _PbMhSequences {
  gboolean found;
  GPtrArray *sequences; /* of Sequence */
};

static void
sequence_free (Sequence *self) {
  g_free (self->name);
  g_array_unref (self->ranges);
  g_free (self);
}

static char
letter_of (const char *name) {
  static const struct {
    const char *name;
    char letter;
  } known[] = { { "unseen", 'u' }, { "flagged", 'F' }, { "replied", 'R' }, { "forwarded", 'P' } };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (g_str_equal (name, known[i].name))
      return known[i].letter;
  }
  return '\0';
}

static void
read_line (PbMhSequences *self, char *line) {
  char *colon = strchr (line, ':');

  /* The one that is read just now is no mark. */
  if (!colon || g_str_has_prefix (line, "cur:"))
    return;
  *colon = '\0';
  Sequence *sequence = g_new0 (Sequence, 1);
  sequence->name = g_strdup (line);
  sequence->letter = letter_of (line);
  sequence->ranges = g_array_new (FALSE, FALSE, 2 * sizeof (guint));
  g_auto (GStrv) words = g_strsplit_set (colon + 1, " \t\r", -1);
  for (guint i = 0; words[i]; i++) {
    char *end;
    guint range[2] = { (guint) g_ascii_strtoull (words[i], &end, 10), 0 };
    range[1] = *end == '-' ? (guint) g_ascii_strtoull (end + 1, NULL, 10) : range[0];
    if (range[0] > 0)
      g_array_append_vals (sequence->ranges, range, 1);
  }
  g_ptr_array_add (self->sequences, sequence);
}

PbMhSequences *
pb_mh_sequences_read (const char *path) {
  PbMhSequences *self = g_new0 (PbMhSequences, 1);
  g_autofree char *file = g_build_filename (path, ".mh_sequences", NULL);
  g_autofree char *text = NULL;
  struct stat info;

  self->sequences = g_ptr_array_new_with_free_func ((GDestroyNotify) sequence_free);
  self->found = lstat (file, &info) == 0 && S_ISREG (info.st_mode) && info.st_size <= MAX_BYTES &&
                g_file_get_contents (file, &text, NULL, NULL);
  if (!self->found)
    return self;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    read_line (self, lines[i]);
  return self;
}

void
pb_mh_sequences_free (PbMhSequences *self) {
  if (!self)
    return;
  g_ptr_array_unref (self->sequences);
  g_free (self);
}

gboolean
pb_mh_sequences_is_number (const char *name) {
  gsize length = strlen (name);

  return length > 0 && length < 10 && *name != '0' && strspn (name, "0123456789") == length;
}

static gboolean
has (const Sequence *sequence, guint number) {
  for (guint i = 0; i < sequence->ranges->len; i++) {
    const guint *range = (const guint *) (gpointer) sequence->ranges->data + 2 * i;
    if (number >= range[0] && number <= range[1])
      return TRUE;
  }
  return FALSE;
}

/* What is not "unseen" was seen. */
gboolean
pb_mh_sequences_get_marks (PbMhSequences *self, const char *name, PbMailMarks *marks) {
  guint number = (guint) g_ascii_strtoull (name, NULL, 10);
  gboolean unseen = FALSE;

  if (!self->found)
    return FALSE;
  for (guint i = 0; i < self->sequences->len; i++) {
    const Sequence *sequence = self->sequences->pdata[i];
    if (!has (sequence, number))
      continue;
    if (sequence->letter == 'u')
      unseen = TRUE;
    else if (sequence->letter)
      pb_mail_marks_add_letter (marks, sequence->letter);
    else
      pb_mail_marks_add_tags (marks, sequence->name);
  }
  if (!unseen)
    pb_mail_marks_add_letter (marks, 'S');
  return TRUE;
}
