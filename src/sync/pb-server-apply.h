/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Carries out the marks of a mailbox within one session: what is to be fetched comes as in every
 * check (and is never shown twice), then DELE is asked for what is to go. Deletions are true only
 * when the visit has been left well. Main context. */

#pragma once

#include "pb-operation.h"
#include "pb-server-result.h"
#include "pb-server-row-private.h"
#include "pb-server-visit.h"

G_BEGIN_DECLS

/* @rows: GPtrArray of PbServerRow with marks, which is kept; the visit is open, and nothing else
 * happens in it. A row whose mark is only to delete goes, copy or not: it is for the caller to have
 * asked the person. One that is to be fetched and deleted goes only once a copy is durable here.
 * Afterwards the visit's ledger is up to date. @operation is told the progress, and stops it when
 * it is cancelled; then nothing is deleted. Errors: those of session and store; the visit is to be
 * left then. */
void pb_server_apply_async (PbServerVisit *visit,
                            PbMailStore *store,
                            const char *account_id,
                            GPtrArray *rows,
                            PbOperation *operation,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* @applied is filled in also when it fails: what came is kept. */
gboolean pb_server_apply_finish (GAsyncResult *result, PbServerResult *applied, GError **error);

G_END_DECLS
