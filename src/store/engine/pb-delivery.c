/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The owner's end of a delivery: signals, the timer of a batch, and when to stop writing. */

#include "pb-delivery.h"

#include "pb-delivery-channel.h"
#include "pb-delivery-private.h"
#include "pb-error.h"

#define BATCH_MILLISECONDS 500
#define BATCH_MESSAGES 256
#define SEND_MILLISECONDS 20
#define FULL_BYTES (12 * 1024 * 1024)
#define ROOM_BYTES (8 * 1024 * 1024)

struct _PbDelivery {
  GObject parent_instance;
  PbDeliveryChannel *channel;
  gboolean is_open; /* a message is being written */
  gboolean is_full;
  gboolean is_over; /* finished or failed: nothing more is taken */
  guint waiting;    /* messages ended since a block was last sent for them */
  GSource *timer;
  GSource *sender;     /* messages that ended go to the store thread soon: there they outlive us */
  GHashTable *partial; /* numbers that were begun as incomplete; NULL for none */
  GError *error;
  GTask *finishing;
};

G_DEFINE_FINAL_TYPE (PbDelivery, pb_delivery, G_TYPE_OBJECT)

enum {
  COMMITTED,
  ROOM,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
clear_source (GSource **source) {
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_timer (PbDelivery *self) {
  clear_source (&self->timer);
  clear_source (&self->sender);
}

static gboolean
time_to_send (gpointer data) {
  PbDelivery *self = data;

  clear_source (&self->sender);
  pb_delivery_channel_send (self->channel);
  return G_SOURCE_REMOVE;
}

static gboolean
time_is_up (gpointer data) {
  PbDelivery *self = data;

  stop_timer (self);
  self->waiting = 0;
  pb_delivery_channel_flush (self->channel);
  return G_SOURCE_REMOVE;
}

static void
start_source (PbDelivery *self, GSource **source, guint milliseconds, GSourceFunc func) {
  if (*source)
    return;
  *source = g_timeout_source_new (milliseconds);
  g_source_set_static_name (*source, "postbag: batch of a delivery");
  g_source_set_callback (*source, func, self, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

static void
start_timer (PbDelivery *self) {
  start_source (self, &self->timer, BATCH_MILLISECONDS, time_is_up);
  start_source (self, &self->sender, SEND_MILLISECONDS, time_to_send);
}

static void
complete (PbDelivery *self) {
  g_autoptr (GTask) task = g_steal_pointer (&self->finishing);

  if (!task)
    return;
  if (self->error)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
reported (const PbDeliveryReport *report, gpointer data) {
  g_autoptr (PbDelivery) self = g_object_ref (data);

  if (report->numbers->len > 0)
    g_signal_emit (self, signals[COMMITTED], 0, report->numbers, report->duplicates);
  if (report->error && !self->error) {
    self->error = g_error_copy (report->error);
    self->is_over = TRUE;
    stop_timer (self);
    g_signal_emit (self, signals[FAILED], 0, self->error);
  }
  if (self->is_full && self->channel &&
      (self->error || pb_delivery_channel_get_queued (self->channel) < ROOM_BYTES)) {
    self->is_full = FALSE;
    g_signal_emit (self, signals[ROOM], 0);
  }
  if (report->finished)
    complete (self);
}

static void
pb_delivery_dispose (GObject *object) {
  PbDelivery *self = PB_DELIVERY (object);

  stop_timer (self);
  g_clear_pointer (&self->channel, pb_delivery_channel_close);
  G_OBJECT_CLASS (pb_delivery_parent_class)->dispose (object);
}

static void
pb_delivery_finalize (GObject *object) {
  PbDelivery *self = PB_DELIVERY (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->partial, g_hash_table_unref);
  G_OBJECT_CLASS (pb_delivery_parent_class)->finalize (object);
}

static void
pb_delivery_class_init (PbDeliveryClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pb_delivery_dispose;
  object_class->finalize = pb_delivery_finalize;
  signals[COMMITTED] = g_signal_new ("committed", PB_TYPE_DELIVERY, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 2, G_TYPE_ARRAY, G_TYPE_UINT);
  signals[ROOM] =
    g_signal_new ("room", PB_TYPE_DELIVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", PB_TYPE_DELIVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
pb_delivery_init (PbDelivery *self) {}

PbDelivery *
pb_delivery_new (PbWorker *worker, const char *account_id) {
  PbDelivery *self = g_object_new (PB_TYPE_DELIVERY, NULL);

  self->channel = pb_delivery_channel_new (worker, account_id, reported, self);
  return self;
}

void
pb_delivery_begin (PbDelivery *self, guint number, GBytes *identity, gboolean partial) {
  g_return_if_fail (PB_IS_DELIVERY (self));
  g_return_if_fail (!self->is_open || self->is_over);

  if (self->is_over)
    return;
  self->is_open = TRUE;
  if (partial && !self->partial)
    self->partial = g_hash_table_new (NULL, NULL);
  if (partial)
    g_hash_table_add (self->partial, GUINT_TO_POINTER (number));
  pb_delivery_channel_begin (self->channel, number, identity, partial);
}

gboolean
pb_delivery_began_partial (PbDelivery *self, guint number) {
  g_return_val_if_fail (PB_IS_DELIVERY (self), TRUE);

  return self->partial && g_hash_table_contains (self->partial, GUINT_TO_POINTER (number));
}

void
pb_delivery_write (PbDelivery *self, const guint8 *data, gsize length) {
  g_return_if_fail (PB_IS_DELIVERY (self));
  g_return_if_fail (self->is_open || self->is_over);

  if (self->is_over)
    return;
  pb_delivery_channel_write (self->channel, data, length);
  self->is_full |= pb_delivery_channel_get_queued (self->channel) > FULL_BYTES;
}

void
pb_delivery_end (PbDelivery *self) {
  g_return_if_fail (PB_IS_DELIVERY (self));
  g_return_if_fail (self->is_open || self->is_over);

  if (self->is_over)
    return;
  self->is_open = FALSE;
  pb_delivery_channel_end (self->channel);
  start_timer (self);
  if (++self->waiting < BATCH_MESSAGES)
    return;
  self->waiting = 0;
  pb_delivery_channel_send (self->channel);
}

void
pb_delivery_discard (PbDelivery *self) {
  g_return_if_fail (PB_IS_DELIVERY (self));

  if (self->is_over || !self->is_open)
    return;
  self->is_open = FALSE;
  pb_delivery_channel_discard (self->channel);
}

gboolean
pb_delivery_is_full (PbDelivery *self) {
  g_return_val_if_fail (PB_IS_DELIVERY (self), FALSE);

  return self->is_full;
}

void
pb_delivery_finish_async (PbDelivery *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_DELIVERY (self));
  g_return_if_fail (!self->finishing);

  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, pb_delivery_finish_async);
  if (self->is_over) {
    if (self->error)
      g_task_return_error (task, g_error_copy (self->error));
    else
      g_task_return_boolean (task, TRUE);
    return;
  }
  pb_delivery_discard (self);
  stop_timer (self);
  self->is_over = TRUE;
  self->finishing = g_steal_pointer (&task);
  pb_delivery_channel_finish (self->channel);
}

gboolean
pb_delivery_finish_finish (PbDelivery *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
