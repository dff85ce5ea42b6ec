/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The store thread's end of a delivery: bytes become temporaries, temporaries become batches,
 * batches become mail. After the first failure everything that was not committed is removed and the
 * rest ignored. */

#pragma once

#include "pb-engine.h"

G_BEGIN_DECLS

typedef struct _PbDeliveryWriter PbDeliveryWriter;

/* Into the inbox of @account_id. The engine knows of it until it is abandoned. */
PbDeliveryWriter *pb_delivery_writer_new (PbEngine *engine,
                                          const char *account_id) G_GNUC_WARN_UNUSED_RESULT;

/* Removes what is not committed and lets go of the engine; then only pb_delivery_writer_free () may
 * follow. */
void pb_delivery_writer_abandon (PbDeliveryWriter *self);
void pb_delivery_writer_free (PbDeliveryWriter *self);

/* As in pb-delivery.h. */
void
pb_delivery_writer_begin (PbDeliveryWriter *self, guint number, GBytes *identity, gboolean partial);
void pb_delivery_writer_write (PbDeliveryWriter *self, const guint8 *data, gsize length);
void pb_delivery_writer_end (PbDeliveryWriter *self);
void pb_delivery_writer_discard (PbDeliveryWriter *self);

/* A batch that may be committed now, and one that must be: see pb-delivery.h. */
gboolean pb_delivery_writer_may_commit (PbDeliveryWriter *self);
gboolean pb_delivery_writer_must_commit (PbDeliveryWriter *self);

/* Nothing is done for a while: lets other jobs have the ledger. */
void pb_delivery_writer_rest (PbDeliveryWriter *self);

/* Makes what was ended durable. @numbers (GArray of guint) gets what is now, or was already;
 * *@duplicates grows by those that were already. */
void pb_delivery_writer_commit (PbDeliveryWriter *self, GArray *numbers, guint *duplicates);

/* The failure, NULL while all is well. */
const GError *pb_delivery_writer_get_error (PbDeliveryWriter *self);

G_END_DECLS
