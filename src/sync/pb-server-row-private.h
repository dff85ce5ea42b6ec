/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What only the mailbox may change of a row. Each change is told by the row. */

#pragma once

#include "pb-mail-store.h"
#include "pb-server-row.h"

G_BEGIN_DECLS

/* @identity may be NULL; kept by reference. */
PbServerRow *_pb_server_row_new (GBytes *identity) G_GNUC_WARN_UNUSED_RESULT;

/* As listed now; @ledger NULL where it was not asked yet. @now: seconds since 1970. */
void _pb_server_row_set_listed (PbServerRow *self,
                                guint number,
                                guint64 size,
                                const PbLedgerRow *ledger,
                                gint64 now);

/* It is not listed any more; marks go with it. */
void _pb_server_row_set_gone (PbServerRow *self);
void _pb_server_row_set_mark (PbServerRow *self, PbServerMark mark);
void _pb_server_row_set_sent (PbServerRow *self, gboolean sent);
void _pb_server_row_set_keep (PbServerRow *self, gboolean keep);

/* NULL: the server refused. */
void _pb_server_row_set_head (PbServerRow *self, PbSummary *head);

G_END_DECLS
