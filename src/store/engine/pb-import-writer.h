/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The import's end of the store: bytes become temporaries in the import's own thread, batches of
 * them become mail in the store thread. After an error nothing but freeing is left to do. */

#pragma once

#include "pb-import-batch.h"
#include "pb-worker.h"

G_BEGIN_DECLS

typedef struct _PbImportWriter PbImportWriter;

PbImportWriter *pb_import_writer_new (PbWorker *worker,
                                      const char *account_id) G_GNUC_WARN_UNUSED_RESULT;

/* What is not committed goes. */
void pb_import_writer_free (PbImportWriter *self);

/* Begins a message of @folder (name as of PbFolder) that was received at @received (seconds since
 * 1970; G_MININT64 for now). @marks is copied. */
gboolean pb_import_writer_begin (PbImportWriter *self,
                                 const char *folder,
                                 gint64 received,
                                 const PbMailMarks *marks,
                                 GError **error);
gboolean
pb_import_writer_write (PbImportWriter *self, const guint8 *data, gsize length, GError **error);

/* The message is complete; commits when a batch is. */
gboolean pb_import_writer_end (PbImportWriter *self, GError **error);

/* Forgets the message that was begun last; nothing when none is open. */
void pb_import_writer_discard (PbImportWriter *self);

/* Makes durable what was ended. */
gboolean pb_import_writer_commit (PbImportWriter *self, GError **error);

/* Of what is durable. */
guint64 pb_import_writer_get_stored (PbImportWriter *self);
guint64 pb_import_writer_get_duplicates (PbImportWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbImportWriter, pb_import_writer_free)

G_END_DECLS
