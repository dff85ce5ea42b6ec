/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages that an import wrote into the tmp of one folder become mail of it, in the commit order
 * of ARCHITECTURE.md. Store thread only. */

#pragma once

#include "pb-engine-private.h"
#include "pb-mail-marks.h"

G_BEGIN_DECLS

typedef struct {
  char *temporary; /* its name in tmp */
  guint8 content[PB_CONTENT_SIZE];
  GBytes *fingerprint;
  guint64 size;
  gint64 received;
  PbMailMarks marks;
  PbSummary *summary;
  /* Set by the commit: */
  PbDigest digest;
  char *base;
  char *letters;
  char *name;
  gboolean renamed;
} PbImported;

void pb_imported_free (PbImported *imported);

typedef struct {
  const char *account_id;
  const char *folder;  /* name as of PbFolder */
  char *path;          /* of its Maildir, set by pb_import_batch_open () */
  gint64 folder_id;    /* likewise */
  GPtrArray *messages; /* of PbImported; their files are durable. Those that are here go */
  GHashTable *present; /* PbDigest of what is in the account's Maildirs; NULL until it is needed */
  guint duplicates;    /* the result */
} PbImportBatch;

/* Makes the folder where there is none. A PbEngineFunc. */
gboolean pb_import_batch_open (PbEngine *engine, gpointer batch, GError **error);

/* A PbEngineFunc. FALSE: nothing is left of the messages. */
gboolean pb_import_batch_commit (PbEngine *engine, gpointer batch, GError **error);

G_END_DECLS
