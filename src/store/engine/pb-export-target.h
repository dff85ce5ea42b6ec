/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Files that an export makes, readable by nobody else, and none of them in place of one that is
 * there. For the export's own thread. */

#pragma once

#include "pb-mail-marks.h"
#include "pb-mail-transfer.h"

G_BEGIN_DECLS

typedef struct _PbExportTarget PbExportTarget;

/* Makes the folder, or begins the one mbox file ("….mbox", under another name until it is whole).
 * PB_ERROR_INVALID where @path is there and is not an empty folder. */
PbExportTarget *pb_export_target_new (const char *path,
                                      PbMailFormat format,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An mbox that was not finished goes. */
void pb_export_target_free (PbExportTarget *self);

/* What follows is of this folder, whose Maildir is at @maildir. */
gboolean pb_export_target_begin_folder (PbExportTarget *self,
                                        const char *account_id,
                                        const char *name,
                                        const char *maildir,
                                        GError **error);

/* @file: its name in the Maildir. @marks: the same, read. */
gboolean pb_export_target_add (PbExportTarget *self,
                               const PbMessageRow *row,
                               const char *file,
                               const PbMailMarks *marks,
                               GBytes *message,
                               GError **error);

/* After each folder. */
gboolean pb_export_target_end_folder (PbExportTarget *self, GError **error);

/* Makes everything durable. */
gboolean pb_export_target_finish (PbExportTarget *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbExportTarget, pb_export_target_free)

G_END_DECLS
