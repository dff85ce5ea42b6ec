/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Queue and thread. What a job does is not known here. */

#include "pb-worker.h"

#include "pb-error.h"

/* A delivery that gives nothing to do for so long has time for other work. */
#define PAUSE_MICROSECONDS (100 * 1000)

typedef struct {
  PbEngineFunc func;
  PbWorkFlags flags;
  GTask *task; /* NULL for a quiet job */
  gpointer state;
  GDestroyNotify free_state;
  gboolean ok;
  GError *error;
} Job;

struct _PbWorker {
  gatomicrefcount refs;
  GThread *thread;
  PbEngine *engine; /* of the thread */
  GMutex mutex;     /* protects what follows */
  GCond cond;
  GQueue lanes[PB_N_LANES];
  gboolean stopping;
  GTask *last_task;
};

static void
job_free (Job *job) {
  g_clear_object (&job->task);
  g_clear_error (&job->error);
  if (job->free_state)
    job->free_state (job->state);
  g_free (job);
}

/* Somebody wants something. With the mutex held. */
static gboolean
is_wanted (PbWorker *self) {
  return self->stopping || !g_queue_is_empty (&self->lanes[PB_LANE_PERSON]) ||
         !g_queue_is_empty (&self->lanes[PB_LANE_MAIL]);
}

/* One slice of what comes last of all; while mail is received only in its pauses. FALSE when
 * nothing is left. With the mutex held, which is let go meanwhile. */
static gboolean
use_leisure (PbWorker *self) {
  gint64 end = g_get_monotonic_time () + PAUSE_MICROSECONDS;
  gboolean more;

  while (pb_engine_is_receiving (self->engine) && !is_wanted (self)) {
    if (!g_cond_wait_until (&self->cond, &self->mutex, end))
      break;
  }
  if (is_wanted (self))
    return TRUE;
  g_mutex_unlock (&self->mutex);
  gboolean left = pb_engine_index_text (self->engine, &more);
  g_mutex_lock (&self->mutex);
  return left;
}

/* Upkeep comes between the lanes, in slices, and goes on while nobody wants anything; then the
 * words of messages are taken. NULL at the end. */
static Job *
next_job (PbWorker *self) {
  Job *job = NULL;
  gboolean upkeep = TRUE, leisure = TRUE;

  g_mutex_lock (&self->mutex);
  for (;;) {
    job = g_queue_pop_head (&self->lanes[PB_LANE_PERSON]);
    if (!job && upkeep && !self->stopping) {
      g_mutex_unlock (&self->mutex);
      upkeep = pb_engine_do_upkeep (self->engine);
      g_mutex_lock (&self->mutex);
      continue;
    }
    if (!job)
      job = g_queue_pop_head (&self->lanes[PB_LANE_MAIL]);
    if (job || self->stopping)
      break;
    if (leisure) {
      leisure = use_leisure (self);
      continue;
    }
    g_cond_wait (&self->cond, &self->mutex);
    upkeep = TRUE;
  }
  g_mutex_unlock (&self->mutex);
  return job;
}

static gboolean
answer (gpointer data) {
  Job *job = data;

  if (job->ok)
    g_task_return_boolean (job->task, TRUE);
  else
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  return G_SOURCE_REMOVE;
}

/* Task and source object are let go in their own thread too: the last reference of a store that
 * went here would have this thread wait for itself. */
static void
send_answer (Job *job) {
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "postbag: answer of the store");
  g_source_set_callback (source, answer, job, (GDestroyNotify) job_free);
  g_source_attach (source, g_task_get_context (job->task));
}

static void
run (PbWorker *self, Job *job) {
  GCancellable *cancellable = job->task ? g_task_get_cancellable (job->task) : NULL;
  gpointer state = job->task ? g_task_get_task_data (job->task) : job->state;

  if (!(job->flags & PB_WORK_READ) ||
      !g_cancellable_set_error_if_cancelled (cancellable, &job->error))
    job->ok = pb_engine_perform (self->engine, job->func, state,
                                 (job->flags & PB_WORK_REPEATABLE) != 0, &job->error);
  if (job->task)
    send_answer (job);
  else
    job_free (job);
}

static gpointer
work (gpointer data) {
  g_autoptr (PbWorker) self = data;
  Job *job;

  while ((job = next_job (self)))
    run (self, job);
  job = g_new0 (Job, 1);
  job->ok = pb_engine_close (self->engine, &job->error);
  job->task = g_steal_pointer (&self->last_task);
  g_clear_pointer (&self->engine, pb_engine_free);
  if (job->task)
    send_answer (job);
  else
    job_free (job);
  return NULL;
}

PbWorker *
pb_worker_new (PbEngine *engine) {
  PbWorker *self = g_new0 (PbWorker, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->engine = engine;
  self->thread = g_thread_new ("postbag-store", work, pb_worker_ref (self));
  return self;
}

PbWorker *
pb_worker_ref (PbWorker *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_worker_unref (PbWorker *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_assert (self->stopping);
  g_clear_pointer (&self->thread, g_thread_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

static gboolean
push (PbWorker *self, PbLane lane, Job *job) {
  g_mutex_lock (&self->mutex);
  gboolean taken = !self->stopping;
  if (taken) {
    g_queue_push_tail (&self->lanes[lane], job);
    g_cond_signal (&self->cond);
  }
  g_mutex_unlock (&self->mutex);
  return taken;
}

void
pb_worker_push (PbWorker *self, PbLane lane, PbWorkFlags flags, PbEngineFunc func, GTask *task) {
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->flags = flags;
  job->task = task;
  /* What was done is told even when it was cancelled meanwhile. */
  g_task_set_check_cancellable (task, (flags & PB_WORK_READ) != 0);
  if (push (self, lane, job))
    return;
  g_task_return_new_error (task, PB_ERROR, PB_ERROR_STORAGE, "the store is closed");
  job_free (job);
}

gboolean
pb_worker_push_quiet (PbWorker *self,
                      PbLane lane,
                      PbEngineFunc func,
                      gpointer state,
                      GDestroyNotify free_state) {
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->state = state;
  job->free_state = free_state;
  if (push (self, lane, job))
    return TRUE;
  job_free (job);
  return FALSE;
}

void
pb_worker_stop (PbWorker *self, GTask *task) {
  GThread *thread = NULL;

  g_mutex_lock (&self->mutex);
  gboolean first = !self->stopping;
  if (first)
    self->last_task = task;
  self->stopping = TRUE;
  if (!task)
    thread = g_steal_pointer (&self->thread);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (thread)
    g_thread_join (thread);
  if (task && !first) {
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
  }
}
