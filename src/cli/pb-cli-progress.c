/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One line that is written over. */

#include "config.h"

#include "pb-cli-progress.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "pb-format.h"

#define ERASE "\r\033[K"

void
pb_cli_progress_show (const PbTransferProgress *progress, gpointer unused) {
  guint64 done = progress->messages + progress->duplicates;

  if (!isatty (STDERR_FILENO))
    return;
  g_autofree char *count = pb_format_count (done);
  guint64 percent =
    progress->total_bytes > 0 ? MIN (100, progress->bytes * 100 / progress->total_bytes) : 0;
  fputs (ERASE, stderr);
  /* Translators: progress of an import or export. */
  fprintf (stderr, ngettext ("%s message, %d %%", "%s messages, %d %%", (gulong) done), count,
           (int) percent);
  fflush (stderr);
}

void
pb_cli_progress_end (void) {
  if (isatty (STDERR_FILENO))
    fputs (ERASE, stderr);
}
