/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which heads are asked for next: those that somebody looks at, then the rest, newest first; and
 * what is made of them, in a worker thread. Main context. */

#pragma once

#include "pb-mail-store.h"
#include "pb-server-rows.h"

G_BEGIN_DECLS

typedef struct _PbServerHeads PbServerHeads;

/* @store keeps what comes for the next visit. @rows is borrowed, and so is @owner, a GObject, which
 * is told after rows have changed. */
PbServerHeads *pb_server_heads_new (PbMailStore *store,
                                    const char *account_id,
                                    PbServerRows *rows,
                                    gpointer owner,
                                    void (*changed) (gpointer owner));
void pb_server_heads_free (PbServerHeads *self);

/* A new visit. */
void pb_server_heads_begin (PbServerHeads *self, gboolean may_top);

/* FALSE where the server cannot send heads: it said so, or refused the first ones. */
gboolean pb_server_heads_may_top (PbServerHeads *self);

/* Somebody looks at @row: its head comes before others. FALSE where it is known already. */
gboolean pb_server_heads_want (PbServerHeads *self, PbServerRow *row);

/* The numbers of the next flight (GArray of guint), of @all or only of what is looked at; NULL when
 * nothing is left. */
GArray *pb_server_heads_next (PbServerHeads *self, gboolean all);

/* What came for them: GPtrArray of GBytes or NULL. The rows change when it has been parsed. */
void pb_server_heads_take (PbServerHeads *self, const GArray *numbers, GPtrArray *tops);

/* What the store knew of @listing: GPtrArray of PbSummary or NULL. */
void pb_server_heads_take_known (PbServerHeads *self, PbListing *listing, GPtrArray *heads);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbServerHeads, pb_server_heads_free)

G_END_DECLS
