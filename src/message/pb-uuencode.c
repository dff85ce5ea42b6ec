/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Only finds; decoding is pb-transfer's. Strict: prose that happens to have a line "begin 5 days
 * ago" stays prose. */

#include "pb-uuencode.h"

#include <string.h>

static void
clear_file (gpointer data) {
  g_free (((PbUuencodedFile *) data)->name);
}

static const char *
next_line (const char *line, const char *end) {
  const char *newline = memchr (line, '\n', (gsize) (end - line));

  return newline ? newline + 1 : end;
}

/* Without the line end. */
static gsize
line_length (const char *line, const char *next) {
  while (next > line && (next[-1] == '\n' || next[-1] == '\r'))
    next--;
  return (gsize) (next - line);
}

/* "begin 644 name" */
static char *
read_begin (const char *line, gsize length) {
  gsize digits = 0;

  if (length < 11 || memcmp (line, "begin ", 6) != 0)
    return NULL;
  while (digits < 4 && line[6 + digits] >= '0' && line[6 + digits] <= '7')
    digits++;
  if (digits < 3 || length < 6 + digits + 2 || line[6 + digits] != ' ')
    return NULL;
  return g_strndup (line + 6 + digits + 1, length - 6 - digits - 1);
}

/* A count of octets and about as many characters as it says; mailers cut blanks at the end. */
static gboolean
is_data (const char *line, gsize length) {
  gsize octets = length > 0 ? (gsize) ((line[0] - ' ') & 63) : 0;
  gsize wanted = (octets + 2) / 3 * 4;

  if (length == 0 || octets > 45 || length > 1 + wanted + 2)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (line[i] < ' ' || line[i] > '`')
      return FALSE;
  }
  return TRUE;
}

/* Behind the "end" line; NULL where it is no file after all. */
static const char *
find_end (const char *p, const char *end) {
  guint lines = 0;

  while (p < end) {
    const char *next = next_line (p, end);
    gsize length = line_length (p, next);

    if (length == 3 && memcmp (p, "end", 3) == 0)
      return lines > 0 ? next : NULL;
    if (length > 0 && !is_data (p, length))
      return NULL;
    lines += length > 0;
    p = next;
  }
  return NULL;
}

GArray *
pb_uuencode_find (const char *text, gsize length) {
  const char *end = text + length;
  GArray *files = NULL;

  for (const char *p = text; p < end;) {
    const char *next = next_line (p, end);
    char *name = read_begin (p, line_length (p, next));
    const char *behind = name ? find_end (next, end) : NULL;

    if (!behind) {
      g_free (name);
      p = memmem (p, (gsize) (end - p), "\nbegin ", 7);
      p = p ? p + 1 : end;
      continue;
    }
    if (!files) {
      files = g_array_new (FALSE, FALSE, sizeof (PbUuencodedFile));
      g_array_set_clear_func (files, clear_file);
    }
    PbUuencodedFile file = { (gsize) (p - text), (gsize) (behind - text), name };
    g_array_append_val (files, file);
    if (files->len == PB_UUENCODE_FILES_LIMIT)
      break;
    p = behind;
  }
  return files;
}
