/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing mboxrd. */

#include "config.h"

#include "pb-cli-mbox.h"

#include <string.h>
#include <time.h>

/* The line is read by programs, so it is the same in every language. */
static void
write_from_line (FILE *file, const char *sender, gint64 received) {
  time_t when = (time_t) received;
  struct tm parts = { .tm_mday = 1 };
  char date[64];
  gboolean usable = *sender && g_str_is_ascii (sender) && !strpbrk (sender, " \t\r\n");

  if (!gmtime_r (&when, &parts) || !asctime_r (&parts, date))
    g_strlcpy (date, "Thu Jan  1 00:00:00 1970\n", sizeof date);
  fprintf (file, "From %s %s", usable ? sender : "MAILER-DAEMON", date);
}

static gboolean
needs_quote (const char *line, gsize length) {
  while (length > 0 && *line == '>') {
    line++;
    length--;
  }
  return length >= 5 && memcmp (line, "From ", 5) == 0;
}

void
pb_cli_mbox_append (FILE *file, const char *sender, gint64 received, GBytes *message) {
  gsize left;
  const char *line = g_bytes_get_data (message, &left);
  gboolean ended = TRUE;

  write_from_line (file, sender, received);
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
