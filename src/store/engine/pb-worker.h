/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The store thread: runs jobs on the engine, one at a time. Two lanes, each strictly in order: what
 * a person waits for (lists, messages, flags, moving, deleting, adding an account) goes before
 * receiving and upkeep. So a read always sees the changes that were asked for before it, and never
 * waits for a delivery. */

#pragma once

#include "pb-engine.h"

G_BEGIN_DECLS

typedef struct _PbWorker PbWorker;

typedef enum {
  PB_LANE_PERSON,
  PB_LANE_MAIL,
  PB_N_LANES,
} PbLane;

typedef enum {
  PB_WORK_WRITE = 0,
  PB_WORK_READ = 1 << 0,       /* is skipped when its cancellable is cancelled before it begins */
  PB_WORK_REPEATABLE = 1 << 1, /* is run again when a database was found damaged and made anew */
} PbWorkFlags;

/* Takes @engine. */
PbWorker *pb_worker_new (PbEngine *engine) G_GNUC_WARN_UNUSED_RESULT;
PbWorker *pb_worker_ref (PbWorker *self);
void pb_worker_unref (PbWorker *self);

/* Runs @func on the task's data, then returns TRUE or the error through @task (taken), in its
 * context. After pb_worker_stop () the task fails with PB_ERROR_STORAGE. */
void
pb_worker_push (PbWorker *self, PbLane lane, PbWorkFlags flags, PbEngineFunc func, GTask *task);

/* The same without an answer; @state (taken) is always freed, in the store thread. FALSE after
 * pb_worker_stop (). */
gboolean pb_worker_push_quiet (PbWorker *self,
                               PbLane lane,
                               PbEngineFunc func,
                               gpointer state,
                               GDestroyNotify free_state);

/* No more jobs: those that wait are run, the engine is closed and freed, and @task (taken, may be
 * NULL) gets the result. Without a task it waits for all that. A second call does nothing but the
 * waiting. */
void pb_worker_stop (PbWorker *self, GTask *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbWorker, pb_worker_unref)

G_END_DECLS
