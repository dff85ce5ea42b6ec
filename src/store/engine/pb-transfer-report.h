/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How far an import or export is, told by its thread to the main context, not too often. */

#pragma once

#include "pb-mail-transfer.h"

G_BEGIN_DECLS

typedef struct _PbTransferReport PbTransferReport;

/* For the thread-default main context of the caller. @func may be NULL. */
PbTransferReport *pb_transfer_report_new (PbTransferFunc func,
                                          gpointer func_data) G_GNUC_WARN_UNUSED_RESULT;
PbTransferReport *pb_transfer_report_ref (PbTransferReport *self);
void pb_transfer_report_unref (PbTransferReport *self);

/* Main context: @func is not called again. */
void pb_transfer_report_stop (PbTransferReport *self);

/* Any thread. */
void pb_transfer_report_tell (PbTransferReport *self, const PbTransferProgress *progress);

/* Runs @func on the data of @task in a thread that holds neither @task nor its source object (the
 * last reference of the store must not go there), and gives the answer to @task (taken). */
void pb_transfer_run (GTask *task, GTaskThreadFunc func);

G_END_DECLS
