/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What lies between a PbDelivery and the writer in the store thread: blocks of mail in one
 * direction, reports in the other. Blocks carry many small messages or a part of a large one, so
 * that a queue entry and a wake-up are paid once for many messages. */

#pragma once

#include "pb-worker.h"

G_BEGIN_DECLS

#define PB_BLOCK_BYTES (256 * 1024)

typedef struct _PbDeliveryChannel PbDeliveryChannel;

/* What happened since the last report. */
typedef struct {
  GArray *numbers; /* of guint: committed */
  guint duplicates;
  GError *error;
  gboolean finished;
} PbDeliveryReport;

/* Called in the main context that made the channel. @report belongs to the channel. */
typedef void (*PbDeliveryFunc) (const PbDeliveryReport *report, gpointer data);

PbDeliveryChannel *pb_delivery_channel_new (PbWorker *worker,
                                            const char *account_id,
                                            PbDeliveryFunc func,
                                            gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/* The function is not called any more; what was not committed is removed, unless
 * pb_delivery_channel_finish () was called. The reference goes. */
void pb_delivery_channel_close (PbDeliveryChannel *self);

/* These go into the current block, which is sent when it is full. */
void pb_delivery_channel_begin (PbDeliveryChannel *self,
                                guint number,
                                GBytes *identity,
                                gboolean partial);
void pb_delivery_channel_write (PbDeliveryChannel *self, const guint8 *data, gsize length);
void pb_delivery_channel_end (PbDeliveryChannel *self);
void pb_delivery_channel_discard (PbDeliveryChannel *self);

/* Sends the current block. What is in it is committed when it makes a batch. */
void pb_delivery_channel_send (PbDeliveryChannel *self);

/* Sends the current block, and has everything that was ended committed. */
void pb_delivery_channel_flush (PbDeliveryChannel *self);

/* The same for the last time; the last report is "finished". */
void pb_delivery_channel_finish (PbDeliveryChannel *self);

/* Bytes that wait for the store thread, with what it costs to keep them. */
gsize pb_delivery_channel_get_queued (PbDeliveryChannel *self);

G_END_DECLS
