/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Progress of one job. The worker may call advance () for every chunk from the network; what is
 * told to the watchers is thinned out here. */

#include "pb-operation.h"

#define NOTIFY_INTERVAL_MS 100
#define SPEED_SAMPLES 16
#define SPEED_SAMPLE_INTERVAL_US (G_USEC_PER_SEC / 4)

typedef struct {
  gint64 time;
  guint64 bytes;
} Sample;

struct _PbOperation {
  GObject parent_instance;

  char *account_id;
  GCancellable *cancellable;
  PbPhase phase;
  guint done;
  guint total;
  guint64 bytes_done;
  guint64 bytes_total;

  /* A ring of the last four seconds; the oldest is at @next once it is full. */
  Sample samples[SPEED_SAMPLES];
  guint n_samples;
  guint next;

  gint64 notified;
  guint pending;
};

G_DEFINE_FINAL_TYPE (PbOperation, pb_operation, G_TYPE_OBJECT)

enum {
  PROP_ACCOUNT_ID = 1,
  PROP_PHASE,
  PROP_DONE,
  PROP_TOTAL,
  PROP_BYTES_DONE,
  PROP_BYTES_TOTAL,
  PROP_SPEED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
notify_now (PbOperation *self) {
  g_clear_handle_id (&self->pending, g_source_remove);
  self->notified = g_get_monotonic_time ();
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_DONE; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), props[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
notify_cb (gpointer data) {
  PbOperation *self = data;

  self->pending = 0;
  notify_now (self);
  return G_SOURCE_REMOVE;
}

static void
notify_soon (PbOperation *self) {
  gint64 passed = (g_get_monotonic_time () - self->notified) / 1000;

  if (self->pending)
    return;
  if (passed >= NOTIFY_INTERVAL_MS)
    notify_now (self);
  else
    self->pending = g_timeout_add ((guint) (NOTIFY_INTERVAL_MS - passed), notify_cb, self);
}

static const Sample *
newest_sample (PbOperation *self) {
  return &self->samples[(self->next + SPEED_SAMPLES - 1) % SPEED_SAMPLES];
}

static const Sample *
oldest_sample (PbOperation *self) {
  return &self->samples[self->n_samples < SPEED_SAMPLES ? 0 : self->next];
}

static void
take_sample (PbOperation *self) {
  gint64 now = g_get_monotonic_time ();

  if (self->n_samples > 0 && now - newest_sample (self)->time < SPEED_SAMPLE_INTERVAL_US)
    return;
  self->samples[self->next] = (Sample){ .time = now, .bytes = self->bytes_done };
  self->next = (self->next + 1) % SPEED_SAMPLES;
  self->n_samples = MIN (self->n_samples + 1, SPEED_SAMPLES);
}

static void
pb_operation_dispose (GObject *object) {
  PbOperation *self = PB_OPERATION (object);

  g_clear_handle_id (&self->pending, g_source_remove);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (pb_operation_parent_class)->dispose (object);
}

static void
pb_operation_finalize (GObject *object) {
  PbOperation *self = PB_OPERATION (object);

  g_free (self->account_id);
  G_OBJECT_CLASS (pb_operation_parent_class)->finalize (object);
}

static void
pb_operation_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbOperation *self = PB_OPERATION (object);

  switch (id) {
  case PROP_ACCOUNT_ID:
    g_value_set_string (value, self->account_id);
    break;
  case PROP_PHASE:
    g_value_set_int (value, (int) self->phase);
    break;
  case PROP_DONE:
    g_value_set_uint (value, self->done);
    break;
  case PROP_TOTAL:
    g_value_set_uint (value, self->total);
    break;
  case PROP_BYTES_DONE:
    g_value_set_uint64 (value, self->bytes_done);
    break;
  case PROP_BYTES_TOTAL:
    g_value_set_uint64 (value, self->bytes_total);
    break;
  case PROP_SPEED:
    g_value_set_double (value, pb_operation_get_speed (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_operation_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  PbOperation *self = PB_OPERATION (object);

  switch (id) {
  case PROP_ACCOUNT_ID:
    self->account_id = g_value_dup_string (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_operation_class_init (PbOperationClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = pb_operation_dispose;
  object_class->finalize = pb_operation_finalize;
  object_class->get_property = pb_operation_get_property;
  object_class->set_property = pb_operation_set_property;

  props[PROP_ACCOUNT_ID] = g_param_spec_string ("account-id", NULL, NULL, NULL, construct);
  props[PROP_PHASE] = g_param_spec_int ("phase", NULL, NULL, PB_PHASE_WAITING, PB_PHASE_FINISHED,
                                        PB_PHASE_WAITING, read);
  props[PROP_DONE] = g_param_spec_uint ("done", NULL, NULL, 0, G_MAXUINT, 0, read);
  props[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, read);
  props[PROP_BYTES_DONE] = g_param_spec_uint64 ("bytes-done", NULL, NULL, 0, G_MAXUINT64, 0, read);
  props[PROP_BYTES_TOTAL] =
    g_param_spec_uint64 ("bytes-total", NULL, NULL, 0, G_MAXUINT64, 0, read);
  props[PROP_SPEED] = g_param_spec_double ("speed", NULL, NULL, 0, G_MAXDOUBLE, 0, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pb_operation_init (PbOperation *self) {
  self->cancellable = g_cancellable_new ();
}

PbOperation *
pb_operation_new (const char *account_id) {
  g_return_val_if_fail (account_id != NULL, NULL);

  return g_object_new (PB_TYPE_OPERATION, "account-id", account_id, NULL);
}

const char *
pb_operation_get_account_id (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), NULL);

  return self->account_id;
}

PbPhase
pb_operation_get_phase (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), PB_PHASE_FINISHED);

  return self->phase;
}

guint
pb_operation_get_done (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), 0);

  return self->done;
}

guint
pb_operation_get_total (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), 0);

  return self->total;
}

guint64
pb_operation_get_bytes_done (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), 0);

  return self->bytes_done;
}

guint64
pb_operation_get_bytes_total (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), 0);

  return self->bytes_total;
}

double
pb_operation_get_speed (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), 0);

  if (self->n_samples == 0 || self->phase == PB_PHASE_FINISHED)
    return 0;
  const Sample *since = oldest_sample (self);
  gint64 passed = g_get_monotonic_time () - since->time;
  return passed > 0 ? (double) (self->bytes_done - since->bytes) * G_USEC_PER_SEC / (double) passed
                    : 0;
}

void
pb_operation_cancel (PbOperation *self) {
  g_return_if_fail (PB_IS_OPERATION (self));

  g_cancellable_cancel (self->cancellable);
}

GCancellable *
pb_operation_get_cancellable (PbOperation *self) {
  g_return_val_if_fail (PB_IS_OPERATION (self), NULL);

  return self->cancellable;
}

void
pb_operation_set_phase (PbOperation *self, PbPhase phase) {
  g_return_if_fail (PB_IS_OPERATION (self));

  if (self->phase == phase)
    return;
  self->phase = phase;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PHASE]);
  /* Whoever looks at the phase finds the numbers that belong to it. */
  notify_now (self);
}

void
pb_operation_set_total (PbOperation *self, guint messages, guint64 bytes) {
  g_return_if_fail (PB_IS_OPERATION (self));

  self->total = messages;
  self->bytes_total = bytes;
  take_sample (self);
  notify_soon (self);
}

void
pb_operation_advance (PbOperation *self, guint messages, guint64 bytes) {
  g_return_if_fail (PB_IS_OPERATION (self));

  self->done += messages;
  self->bytes_done += bytes;
  take_sample (self);
  notify_soon (self);
}
