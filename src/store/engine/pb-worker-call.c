/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Waiting for the store thread. */

#include "pb-worker-call.h"

#include "pb-error.h"

typedef struct {
  PbEngineFunc func;
  gpointer state;
  gboolean ok;
  GError *error;
  GMutex mutex;
  GCond cond;
  gboolean done;
} Call;

static gboolean
run (PbEngine *engine, gpointer data, GError **error) {
  Call *call = data;

  call->ok = call->func (engine, call->state, &call->error);
  if (!call->ok && call->error)
    g_propagate_error (error, g_error_copy (call->error));
  return call->ok;
}

/* The job was let go, whether it ran or not. */
static void
finish (gpointer data) {
  Call *call = data;

  g_mutex_lock (&call->mutex);
  call->done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->mutex);
}

gboolean
pb_worker_call (PbWorker *worker, PbEngineFunc func, gpointer state, GError **error) {
  Call call = { .func = func, .state = state };

  g_mutex_init (&call.mutex);
  g_cond_init (&call.cond);
  pb_worker_push_quiet (worker, PB_LANE_MAIL, run, &call, finish);
  g_mutex_lock (&call.mutex);
  while (!call.done)
    g_cond_wait (&call.cond, &call.mutex);
  g_mutex_unlock (&call.mutex);
  g_mutex_clear (&call.mutex);
  g_cond_clear (&call.cond);
  if (call.error)
    g_propagate_error (error, call.error);
  else if (!call.ok)
    g_set_error (error, PB_ERROR, PB_ERROR_STORAGE, "the store is closed");
  return call.ok;
}
