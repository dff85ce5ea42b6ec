/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Jobs and the few threads that take them. */

#include "pb-summary-job.h"

#define MAX_THREADS 3
#define MAX_WAITING_BYTES (8 * 1024 * 1024)

struct _PbSummaryJob {
  gatomicrefcount refs; /* its owner's and the queue's */
  int taken;            /* atomic: whoever sets it makes the summary */
  guint8 *head;
  gsize length;
  PbSummary *summary; /* protected by the mutex until it is there */
};

static GMutex mutex;
static GCond made;
static gsize waiting_bytes; /* protected by the mutex */

static gboolean
take (PbSummaryJob *self) {
  return g_atomic_int_compare_and_exchange (&self->taken, FALSE, TRUE);
}

static void
unref (PbSummaryJob *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->summary, pb_summary_unref);
  g_free (self->head);
  g_free (self);
}

static void
make (PbSummaryJob *self) {
  PbSummary *summary = pb_summary_new_from_data (self->head, self->length);

  g_mutex_lock (&mutex);
  self->summary = summary;
  g_cond_broadcast (&made);
  g_mutex_unlock (&mutex);
}

static void
work (gpointer job, gpointer unused) {
  PbSummaryJob *self = job;

  if (take (self))
    make (self);
  g_mutex_lock (&mutex);
  waiting_bytes -= self->length;
  g_mutex_unlock (&mutex);
  unref (self);
}

static GThreadPool *
get_pool (void) {
  static gsize pool;

  if (g_once_init_enter (&pool)) {
    int threads = CLAMP ((int) g_get_num_processors () - 1, 1, MAX_THREADS);
    g_once_init_leave (&pool, (gsize) g_thread_pool_new (work, NULL, threads, FALSE, NULL));
  }
  return (GThreadPool *) pool;
}

static gboolean
has_room (gsize length) {
  g_mutex_lock (&mutex);
  gboolean room = waiting_bytes + length <= MAX_WAITING_BYTES;
  if (room)
    waiting_bytes += length;
  g_mutex_unlock (&mutex);
  return room;
}

PbSummaryJob *
pb_summary_job_new (const guint8 *head, gsize length) {
  PbSummaryJob *self = g_new0 (PbSummaryJob, 1);

  g_atomic_ref_count_init (&self->refs);
  if (!has_room (length)) {
    self->taken = TRUE;
    self->summary = pb_summary_new_from_data (head, length);
    return self;
  }
  self->head = g_memdup2 (head, length);
  self->length = length;
  g_atomic_ref_count_inc (&self->refs);
  /* It fails only where no thread can be made: then the queue keeps it for the owner. */
  g_thread_pool_push (get_pool (), self, NULL);
  return self;
}

PbSummary *
pb_summary_job_finish (PbSummaryJob *self) {
  if (take (self))
    make (self);
  g_mutex_lock (&mutex);
  while (!self->summary)
    g_cond_wait (&made, &mutex);
  PbSummary *summary = g_steal_pointer (&self->summary);
  g_mutex_unlock (&mutex);
  unref (self);
  return summary;
}

void
pb_summary_job_discard (PbSummaryJob *self) {
  take (self);
  unref (self);
}
