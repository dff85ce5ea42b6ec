/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks and reports of a delivery. What a batch is decides the writer. */

#include "pb-delivery-channel.h"

#include <string.h>

#include "pb-delivery-writer.h"
#include "pb-error.h"

#define MAX_STEPS 4096
#define MAX_SPARE 8

typedef enum {
  STEP_BEGIN,
  STEP_WRITE,
  STEP_END,
  STEP_DISCARD,
} StepKind;

typedef struct {
  StepKind kind;
  guint number;     /* BEGIN */
  gboolean partial; /* BEGIN */
  GBytes *identity; /* BEGIN */
  gsize length;     /* WRITE: that many bytes of the block */
} Step;

typedef struct {
  PbDeliveryChannel *channel;
  guint8 *data; /* PB_BLOCK_BYTES */
  gsize used;
  gsize cost; /* what it counts in "queued" */
  GArray *steps;
  gboolean commit;
  gboolean finish;
  gboolean abandon;
  gboolean taken; /* by the writer */
} Block;

struct _PbDeliveryChannel {
  gatomicrefcount refs;
  PbWorker *worker;
  GMainContext *context;
  char *account_id;
  PbDeliveryFunc func; /* main context only */
  gpointer data;
  Block *block; /* main context only: the one that is being filled; NULL between blocks */
  gboolean finished;
  PbDeliveryWriter *writer; /* store thread only */
  gboolean is_reported;     /* store thread only: the failure was told */
  GMutex mutex;             /* protects what follows */
  gsize queued;
  PbDeliveryReport report;
  gboolean scheduled;
  GPtrArray *spare; /* memory of blocks that were taken, for new ones */
};

static PbDeliveryChannel *
channel_ref (PbDeliveryChannel *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
channel_unref (PbDeliveryChannel *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->writer, pb_delivery_writer_free);
  g_main_context_unref (self->context);
  pb_worker_unref (self->worker);
  g_array_unref (self->report.numbers);
  g_clear_error (&self->report.error);
  g_ptr_array_unref (self->spare);
  g_mutex_clear (&self->mutex);
  g_free (self->account_id);
  g_free (self);
}

static void
step_clear (gpointer step) {
  g_clear_pointer (&((Step *) step)->identity, g_bytes_unref);
}

PbDeliveryChannel *
pb_delivery_channel_new (PbWorker *worker,
                         const char *account_id,
                         PbDeliveryFunc func,
                         gpointer data) {
  PbDeliveryChannel *self = g_new0 (PbDeliveryChannel, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->worker = pb_worker_ref (worker);
  self->context = g_main_context_ref_thread_default ();
  self->account_id = g_strdup (account_id);
  self->func = func;
  self->data = data;
  self->report.numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->spare = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* ---- Reports ---- */

static gboolean
deliver_report (gpointer data) {
  PbDeliveryChannel *self = data;
  PbDeliveryReport report;

  g_mutex_lock (&self->mutex);
  report = self->report;
  self->report = (PbDeliveryReport){ .numbers = g_array_new (FALSE, FALSE, sizeof (guint)) };
  self->scheduled = FALSE;
  g_mutex_unlock (&self->mutex);
  if (self->func)
    self->func (&report, self->data);
  g_array_unref (report.numbers);
  g_clear_error (&report.error);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. */
static void
schedule (PbDeliveryChannel *self) {
  if (self->scheduled)
    return;
  self->scheduled = TRUE;
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "postbag: report of a delivery");
  g_source_set_callback (source, deliver_report, channel_ref (self),
                         (GDestroyNotify) channel_unref);
  g_source_attach (source, self->context);
}

/* A block that nobody took is a failure: the store is closed or could not be opened. */
static void
block_free (Block *block) {
  PbDeliveryChannel *self = block->channel;

  if (!block->taken) {
    g_mutex_lock (&self->mutex);
    self->queued -= block->cost;
    if (!self->report.error)
      g_set_error (&self->report.error, PB_ERROR, PB_ERROR_STORAGE, "the store is not open");
    self->report.finished |= block->finish;
    schedule (self);
    g_mutex_unlock (&self->mutex);
  }
  channel_unref (self);
  g_array_unref (block->steps);
  g_free (block->data);
  g_free (block);
}

/* ---- Store thread ---- */

static void
commit (PbDeliveryChannel *self) {
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  guint duplicates = 0;

  pb_delivery_writer_commit (self->writer, numbers, &duplicates);
  if (numbers->len == 0)
    return;
  g_mutex_lock (&self->mutex);
  g_array_append_vals (self->report.numbers, numbers->data, numbers->len);
  self->report.duplicates += duplicates;
  schedule (self);
  g_mutex_unlock (&self->mutex);
}

static void
take_steps (PbDeliveryChannel *self, const Block *block) {
  const guint8 *data = block->data;

  for (guint i = 0; i < block->steps->len; i++) {
    const Step *step = &g_array_index (block->steps, Step, i);
    switch (step->kind) {
    case STEP_BEGIN:
      pb_delivery_writer_begin (self->writer, step->number, step->identity, step->partial);
      break;
    case STEP_WRITE:
      pb_delivery_writer_write (self->writer, data, step->length);
      data += step->length;
      break;
    case STEP_END:
      pb_delivery_writer_end (self->writer);
      if (pb_delivery_writer_must_commit (self->writer))
        commit (self);
      break;
    case STEP_DISCARD:
      pb_delivery_writer_discard (self->writer);
      break;
    }
  }
}

/* After every block: there is more room now, and perhaps something went wrong. */
static void
report_block (PbDeliveryChannel *self, Block *block) {
  const GError *error = pb_delivery_writer_get_error (self->writer);

  g_mutex_lock (&self->mutex);
  self->queued -= block->cost;
  if (error && !self->is_reported) {
    self->report.error = g_error_copy (error);
    self->is_reported = TRUE;
  }
  self->report.finished |= block->finish;
  schedule (self);
  g_mutex_unlock (&self->mutex);
}

/* Nothing is known to come after it. */
static gboolean
is_last (PbDeliveryChannel *self, const Block *block) {
  g_mutex_lock (&self->mutex);
  gboolean last = self->queued == block->cost;
  g_mutex_unlock (&self->mutex);
  return last;
}

static gboolean
take_block (PbEngine *engine, gpointer state, GError **error) {
  Block *block = state;
  PbDeliveryChannel *self = block->channel;

  block->taken = TRUE;
  if (!self->writer)
    self->writer = pb_delivery_writer_new (engine, self->account_id);
  take_steps (self, block);
  if (block->commit || (pb_delivery_writer_may_commit (self->writer) && is_last (self, block)))
    commit (self);
  pb_delivery_writer_rest (self->writer);
  if (block->abandon || block->finish)
    pb_delivery_writer_abandon (self->writer);
  report_block (self, block);
  return TRUE;
}

/* ---- Main context ---- */

gsize
pb_delivery_channel_get_queued (PbDeliveryChannel *self) {
  g_mutex_lock (&self->mutex);
  gsize queued = self->queued;
  g_mutex_unlock (&self->mutex);
  return queued + (self->block ? self->block->used : 0);
}

static Block *
get_block (PbDeliveryChannel *self) {
  if (self->block)
    return self->block;
  self->block = g_new0 (Block, 1);
  self->block->channel = channel_ref (self);
  g_mutex_lock (&self->mutex);
  if (self->spare->len > 0)
    self->block->data = g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1);
  g_mutex_unlock (&self->mutex);
  if (!self->block->data)
    self->block->data = g_malloc (PB_BLOCK_BYTES);
  self->block->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  g_array_set_clear_func (self->block->steps, step_clear);
  return self->block;
}

static void
send_block (PbDeliveryChannel *self) {
  Block *block = g_steal_pointer (&self->block);

  block->cost = PB_BLOCK_BYTES + block->steps->len * sizeof (Step);
  g_mutex_lock (&self->mutex);
  self->queued += block->cost;
  g_mutex_unlock (&self->mutex);
  pb_worker_push_quiet (self->worker, PB_LANE_MAIL, take_block, block, (GDestroyNotify) block_free);
}

static Step *
add_step (PbDeliveryChannel *self, StepKind kind) {
  Block *block = get_block (self);

  if (block->steps->len >= MAX_STEPS) {
    send_block (self);
    block = get_block (self);
  }
  g_array_set_size (block->steps, block->steps->len + 1);
  Step *step = &g_array_index (block->steps, Step, block->steps->len - 1);
  step->kind = kind;
  return step;
}

void
pb_delivery_channel_begin (PbDeliveryChannel *self,
                           guint number,
                           GBytes *identity,
                           gboolean partial) {
  Step *step = add_step (self, STEP_BEGIN);

  step->number = number;
  step->partial = partial;
  step->identity = identity ? g_bytes_ref (identity) : NULL;
}

/* What follows directly joins the last write, so that a small message is one write to its file. */
static void
append (PbDeliveryChannel *self, const guint8 *data, gsize length) {
  Block *block = get_block (self);
  Step *last =
    block->steps->len > 0 ? &g_array_index (block->steps, Step, block->steps->len - 1) : NULL;

  if (!last || last->kind != STEP_WRITE)
    last = add_step (self, STEP_WRITE);
  last->length += length;
  block = self->block;
  memcpy (block->data + block->used, data, length);
  block->used += length;
}

void
pb_delivery_channel_write (PbDeliveryChannel *self, const guint8 *data, gsize length) {
  while (length > 0) {
    gsize now = MIN (length, PB_BLOCK_BYTES - get_block (self)->used);
    append (self, data, now);
    data += now;
    length -= now;
    if (self->block->used == PB_BLOCK_BYTES)
      send_block (self);
  }
}

void
pb_delivery_channel_end (PbDeliveryChannel *self) {
  add_step (self, STEP_END);
}

void
pb_delivery_channel_discard (PbDeliveryChannel *self) {
  add_step (self, STEP_DISCARD);
}

void
pb_delivery_channel_send (PbDeliveryChannel *self) {
  if (self->block)
    send_block (self);
}

void
pb_delivery_channel_flush (PbDeliveryChannel *self) {
  get_block (self)->commit = TRUE;
  send_block (self);
}

void
pb_delivery_channel_finish (PbDeliveryChannel *self) {
  Block *block = get_block (self);

  block->commit = TRUE;
  block->finish = TRUE;
  self->finished = TRUE;
  send_block (self);
}

void
pb_delivery_channel_close (PbDeliveryChannel *self) {
  self->func = NULL;
  if (!self->finished) {
    get_block (self)->abandon = TRUE;
    send_block (self);
  }
  channel_unref (self);
}
