/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The public face: what is asked for is noted, and the work decides when it is done. */

#include "pb-server-mailbox-private.h"

G_DEFINE_FINAL_TYPE (PbServerMailbox, pb_server_mailbox, G_TYPE_OBJECT)

enum { PROP_STATE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { LEFT, MARKS_CHANGED, ROWS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- For the service ---- */

gboolean
_pb_server_mailbox_has_session (PbServerMailbox *self) {
  return self->visit != NULL;
}

gboolean
_pb_server_mailbox_yield (PbServerMailbox *self) {
  if (!self->visit)
    return FALSE;
  if (!self->yielding) {
    self->yielding = TRUE;
    _pb_server_mailbox_advance (self);
  }
  return self->visit != NULL;
}

void
_pb_server_mailbox_check_ended (PbServerMailbox *self) {
  gint64 unused = (g_get_monotonic_time () - self->last_use) / 1000;

  if (self->state != PB_SERVER_SESSION_WAITING)
    return;
  _pb_server_mailbox_set_state (self, PB_SERVER_SESSION_CLOSED);
  if (_pb_server_mailbox_wants_session (self) || unused < self->idle_limit)
    _pb_server_mailbox_open (self);
  else
    _pb_server_mailbox_advance (self);
}

void
_pb_server_mailbox_stop (PbServerMailbox *self) {
  self->stopped = TRUE;
  if (self->operation)
    pb_operation_cancel (self->operation);
  else if (self->busy && self->cancellable && pb_server_mailbox_get_undoable (self) == 0)
    g_cancellable_cancel (self->cancellable);
  if (self->state == PB_SERVER_SESSION_WAITING)
    _pb_server_mailbox_set_state (self, PB_SERVER_SESSION_CLOSED);
  _pb_server_mailbox_advance (self);
}

char *
_pb_server_mailbox_dup_transcript (PbServerMailbox *self) {
  return self->visit ? pb_server_visit_dup_transcript (self->visit) : NULL;
}

gint64
_pb_server_mailbox_get_started (PbServerMailbox *self) {
  return self->started;
}

/* ---- Object ---- */

static void
pb_server_mailbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_STATE:
    g_value_set_int (value, (int) PB_SERVER_MAILBOX (object)->state);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_server_mailbox_finalize (GObject *object) {
  PbServerMailbox *self = PB_SERVER_MAILBOX (object);

  g_clear_handle_id (&self->idle_timer, g_source_remove);
  g_clear_handle_id (&self->undo_timer, g_source_remove);
  g_clear_object (&self->visit);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->heads, pb_server_heads_free);
  g_clear_pointer (&self->rows, pb_server_rows_free);
  g_clear_error (&self->error);
  g_clear_object (&self->account);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  g_clear_object (&self->notes);
  G_OBJECT_CLASS (pb_server_mailbox_parent_class)->finalize (object);
}

static void
pb_server_mailbox_class_init (PbServerMailboxClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pb_server_mailbox_get_property;
  object_class->finalize = pb_server_mailbox_finalize;
  props[PROP_STATE] = g_param_spec_int (
    "state", NULL, NULL, PB_SERVER_SESSION_CLOSED, PB_SERVER_SESSION_LEAVING,
    PB_SERVER_SESSION_CLOSED, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[LEFT] = g_signal_new ("left", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_ERROR);
  signals[MARKS_CHANGED] = g_signal_new ("marks-changed", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ROWS_CHANGED] = g_signal_new ("rows-changed", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pb_server_mailbox_init (PbServerMailbox *self) {
  self->rows = pb_server_rows_new ();
  self->idle_limit = PB_SERVER_IDLE_SECONDS * 1000;
  self->undo_limit = PB_SERVER_UNDO_SECONDS * 1000;
}

static void
rows_changed (gpointer self) {
  g_signal_emit (self, signals[ROWS_CHANGED], 0);
}

PbServerMailbox *
_pb_server_mailbox_new (PbSyncService *service,
                        PbAccount *account,
                        PbSecrets *secrets,
                        PbMailStore *store,
                        PbServerNotes *notes) {
  PbServerMailbox *self = g_object_new (PB_TYPE_SERVER_MAILBOX, NULL);

  self->service = service;
  self->account = g_object_ref (account);
  self->secrets = g_object_ref (secrets);
  self->store = g_object_ref (store);
  self->notes = g_object_ref (notes);
  self->heads =
    pb_server_heads_new (store, pb_account_get_id (account), self->rows, self, rows_changed);
  return self;
}

void
_pb_server_mailbox_state_changed (PbServerMailbox *self) {
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
_pb_server_mailbox_marks_changed (PbServerMailbox *self) {
  g_signal_emit (self, signals[MARKS_CHANGED], 0);
}

void
_pb_server_mailbox_emit_left (PbServerMailbox *self, guint deleted, const GError *error) {
  g_signal_emit (self, signals[LEFT], 0, deleted, error);
}

/* ---- Public ---- */

PbAccount *
pb_server_mailbox_get_account (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), NULL);

  return self->account;
}

GListModel *
pb_server_mailbox_get_rows (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), NULL);

  return pb_server_rows_get_model (self->rows);
}

PbServerRow *
pb_server_mailbox_find (PbServerMailbox *self, guint number) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), NULL);

  return pb_server_rows_find (self->rows, number);
}

PbServerSessionState
pb_server_mailbox_get_state (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), PB_SERVER_SESSION_CLOSED);

  return self->state;
}

const GError *
pb_server_mailbox_get_error (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), NULL);

  return self->error;
}

gboolean
pb_server_mailbox_may_top (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), FALSE);

  return pb_server_heads_may_top (self->heads);
}

PbOperation *
pb_server_mailbox_get_operation (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), NULL);

  return self->operation;
}

guint
pb_server_mailbox_get_undoable (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), 0);

  PbRemoval *removal = self->visit ? pb_server_visit_get_removal (self->visit) : NULL;
  return removal ? pb_removal_get_marked (removal)->len : 0;
}

void
pb_server_mailbox_touch (PbServerMailbox *self) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));

  self->last_use = g_get_monotonic_time ();
  if (self->state == PB_SERVER_SESSION_CLOSED && !self->busy && !self->stopped)
    _pb_server_mailbox_open (self);
  else
    _pb_server_mailbox_advance (self);
}

void
pb_server_mailbox_set_all_heads (PbServerMailbox *self, gboolean all) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));

  self->all_heads = all;
  _pb_server_mailbox_advance (self);
}

void
pb_server_mailbox_want_head (PbServerMailbox *self, PbServerRow *row) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));
  g_return_if_fail (PB_IS_SERVER_ROW (row));

  if (pb_server_heads_want (self->heads, row))
    _pb_server_mailbox_advance (self);
}

static PbServerJob *
push_job (PbServerMailbox *self,
          PbServerJobKind kind,
          gpointer tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data) {
  PbServerJob *job = pb_server_job_new (kind, self, tag, cancellable, callback, user_data);

  self->last_use = g_get_monotonic_time ();
  g_queue_push_tail (&self->jobs, job);
  return job;
}

void
pb_server_mailbox_open_async (PbServerMailbox *self,
                              GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));

  push_job (self, PB_SERVER_JOB_OPEN, pb_server_mailbox_open_async, NULL, callback, user_data);
  _pb_server_mailbox_advance (self);
}

gboolean
pb_server_mailbox_open_finish (PbServerMailbox *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pb_server_mailbox_preview_async (PbServerMailbox *self,
                                 PbServerRow *row,
                                 guint lines,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));
  g_return_if_fail (PB_IS_SERVER_ROW (row));

  PbServerJob *job = push_job (self, PB_SERVER_JOB_PREVIEW, pb_server_mailbox_preview_async,
                               cancellable, callback, user_data);
  job->row = g_object_ref (row);
  job->lines = MIN (lines, 1000);
  _pb_server_mailbox_advance (self);
}

GBytes *
pb_server_mailbox_preview_finish (PbServerMailbox *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pb_server_mailbox_apply_async (PbServerMailbox *self,
                               GAsyncReadyCallback callback,
                               gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));

  push_job (self, PB_SERVER_JOB_APPLY, pb_server_mailbox_apply_async, NULL, callback, user_data);
  _pb_server_mailbox_advance (self);
}

gboolean
pb_server_mailbox_apply_finish (PbServerMailbox *self,
                                GAsyncResult *result,
                                PbServerResult *done,
                                GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *done = pb_server_job_of (result)->result;
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pb_server_mailbox_undo_async (PbServerMailbox *self,
                              GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));

  g_clear_handle_id (&self->undo_timer, g_source_remove);
  self->leaving = self->leaving && self->error != NULL;
  push_job (self, PB_SERVER_JOB_UNDO, pb_server_mailbox_undo_async, NULL, callback, user_data);
  _pb_server_mailbox_advance (self);
}

gboolean
pb_server_mailbox_undo_finish (PbServerMailbox *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pb_server_mailbox_leave_async (PbServerMailbox *self,
                               GAsyncReadyCallback callback,
                               gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));

  push_job (self, PB_SERVER_JOB_LEAVE, pb_server_mailbox_leave_async, NULL, callback, user_data);
  _pb_server_mailbox_advance (self);
}

gboolean
pb_server_mailbox_leave_finish (PbServerMailbox *self,
                                GAsyncResult *result,
                                guint *deleted,
                                GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *deleted = pb_server_job_of (result)->deleted;
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pb_server_mailbox_set_limits (PbServerMailbox *self, guint idle, guint undo) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));
  g_return_if_fail (idle > 0 && undo > 0);

  self->idle_limit = idle;
  self->undo_limit = undo;
}
