/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of one mailbox, kept from session to session: what a listing has is recognised by its
 * identity, whatever its number is now. Main context. */

#pragma once

#include <gio/gio.h>

#include "pb-listing.h"
#include "pb-server-row-private.h"

G_BEGIN_DECLS

typedef struct _PbServerRows PbServerRows;

PbServerRows *pb_server_rows_new (void);
void pb_server_rows_free (PbServerRows *self);

/* A live list of PbServerRow, as a rule newest first. Owned by the rows. */
GListModel *pb_server_rows_get_model (PbServerRows *self);

/* What the server has now. @ledger: GArray of PbLedgerRow in the order of @listing, or NULL while
 * it was not asked. Rows with an identity that are not listed any more stay, as gone; those without
 * one are made anew. */
void pb_server_rows_take_listing (PbServerRows *self, PbListing *listing, const GArray *ledger);

/* The same listing, after the ledger changed. */
void pb_server_rows_take_ledger (PbServerRows *self, const GArray *ledger);

/* By its number in the last listing; NULL when there is none. Borrowed. */
PbServerRow *pb_server_rows_find (PbServerRows *self, guint number);

/* The server confirmed that it deleted them. */
void pb_server_rows_remove (PbServerRows *self, const GArray *numbers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbServerRows, pb_server_rows_free)

G_END_DECLS
