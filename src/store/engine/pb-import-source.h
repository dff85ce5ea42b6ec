/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail in files and folders of other programs, walked over in order of names and handed to a
 * PbImportWriter. Nothing of it is changed; symbolic links below the path are not followed. For the
 * import's own thread. */

#pragma once

#include "pb-import-writer.h"
#include "pb-mail-transfer.h"

G_BEGIN_DECLS

typedef struct {
  PbImportWriter *writer;
  PbMailFormat format;
  const char *account_id;
  const char *folder; /* where what is at the path itself goes */
  gboolean read;
  GCancellable *cancellable;
  void (*report) (const PbTransferProgress *progress, gpointer data); /* after every message */
  gpointer report_data;
  PbTransferProgress progress;
  guint64 seen; /* messages that were found */
} PbImportSource;

/* Walks over @path. What was ended but is not committed at the end, good or bad, is the caller's to
 * commit. */
gboolean pb_import_source_walk (PbImportSource *self, const char *path, GError **error);

G_END_DECLS
