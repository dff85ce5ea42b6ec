/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing mboxrd. */

#include "pb-mbox-writer.h"

#include <string.h>

#include "pb-mbox-line.h"

static gboolean
needs_quote (const char *line, gsize length) {
  while (length > 0 && *line == '>') {
    line++;
    length--;
  }
  return length >= 5 && memcmp (line, "From ", 5) == 0;
}

void
pb_mbox_append (FILE *file,
                const char *sender,
                gint64 received,
                const PbMailMarks *marks,
                GBytes *message) {
  g_autofree char *from = pb_mbox_line_new (sender, received, marks);
  gsize left;
  const char *line = g_bytes_get_data (message, &left);
  gboolean ended = TRUE;

  fputs (from, file);
  while (left > 0) {
    const char *end = memchr (line, '\n', left);
    gsize length = end ? (gsize) (end - line) + 1 : left;

    if (needs_quote (line, length))
      fputc ('>', file);
    fwrite (line, 1, length, file);
    ended = end != NULL;
    line += length;
    left -= length;
  }
  fputs (ended ? "\n" : "\n\n", file);
}
