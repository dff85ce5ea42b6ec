/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What people ask a server mailbox for becomes jobs in a queue; advance () alone decides what the
 * session does next: jobs first, then whoever else wants the mailbox, then heads. */

#include "pb-server-mailbox-private.h"

#include "pb-error.h"
#include "pb-server-store.h"
#include "pb-server-tops.h"
#include "pb-sync-service-private.h"

void
_pb_server_mailbox_set_state (PbServerMailbox *self, PbServerSessionState state) {
  if (self->state == state)
    return;
  self->state = state;
  _pb_server_mailbox_state_changed (self);
}

/* ---- Jobs ---- */

static void
end_present_job (PbServerMailbox *self, GBytes *value, GError *error) {
  self->busy = FALSE;
  pb_server_job_end (g_steal_pointer (&self->job), value, error);
}

static void
fail_jobs (PbServerMailbox *self, const GError *error) {
  PbServerJob *job;

  while ((job = g_queue_pop_head (&self->jobs)))
    pb_server_job_end (job, NULL, g_error_copy (error));
}

/* ---- Rows ---- */

static void
foreach_row (PbServerMailbox *self,
             void (*func) (PbServerMailbox *self, PbServerRow *row, gpointer data),
             gpointer data) {
  GListModel *model = pb_server_rows_get_model (self->rows);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (model, i);
    func (self, row, data);
  }
}

static void
forget_sent (PbServerMailbox *self, PbServerRow *row, gpointer unmark) {
  if (!pb_server_row_is_sent (row))
    return;
  _pb_server_row_set_sent (row, FALSE);
  if (unmark)
    _pb_server_row_set_mark (row, PB_SERVER_MARK_NONE);
}

static void
collect_marked (PbServerMailbox *self, PbServerRow *row, gpointer rows) {
  if (pb_server_row_get_mark (row) && !pb_server_row_is_sent (row))
    g_ptr_array_add (rows, g_object_ref (row));
}

/* ---- Leaving ---- */

static void
finish_leaving (PbServerMailbox *self, guint deleted, GError *error) {
  gboolean again = self->yielding && !self->stopped;
  g_autoptr (PbSyncService) service = g_steal_pointer (&self->held);

  self->busy = FALSE;
  self->leaving = FALSE;
  self->yielding = FALSE;
  foreach_row (self, forget_sent, NULL);
  if (!self->error && error)
    self->error = g_error_copy (error);
  _pb_server_mailbox_set_state (self, again ? PB_SERVER_SESSION_WAITING : PB_SERVER_SESSION_CLOSED);
  _pb_server_mailbox_emit_left (self, deleted, self->error);
  g_clear_object (&self->visit);
  g_clear_object (&self->cancellable);
  if (self->job) {
    self->job->deleted = deleted;
    end_present_job (self, NULL, error ? g_error_copy (error) : NULL);
  }
  if (self->error)
    fail_jobs (self, self->error);
  _pb_server_mailbox_marks_changed (self);
  _pb_sync_service_mailbox_left (service);
  _pb_server_mailbox_advance (self);
}

static void
left (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerMailbox) self = data;
  g_autoptr (GArray) gone = NULL;
  g_autoptr (GError) error = NULL;

  if (pb_server_visit_leave_finish (self->visit, result, &gone, &error))
    pb_server_rows_remove (self->rows, gone);
  finish_leaving (self, gone ? gone->len : 0, error);
}

static void
leave (PbServerMailbox *self) {
  self->busy = TRUE;
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  g_clear_handle_id (&self->undo_timer, g_source_remove);
  _pb_server_mailbox_set_state (self, PB_SERVER_SESSION_LEAVING);
  pb_server_visit_leave_async (self->visit, left, g_object_ref (self));
}

/* Takes @error. A refusal concerns one message, anything else the session. */
static void
take_failure (PbServerMailbox *self, GError *error) {
  if (g_error_matches (error, PB_ERROR, PB_ERROR_REFUSED)) {
    g_error_free (error);
    return;
  }
  g_clear_error (&self->error);
  self->error = error;
  self->leaving = TRUE;
}

/* ---- Opening ---- */

static void
heads_known (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerMailbox) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) heads =
    pb_mail_store_load_heads_finish (PB_MAIL_STORE (source), result, &error);
  PbListing *listing = pb_server_visit_get_listing (self->visit);

  pb_server_heads_begin (self->heads, pb_server_visit_may_top (self->visit));
  pb_server_rows_take_listing (self->rows, listing, pb_server_visit_get_ledger (self->visit));
  /* A cache that cannot be read only means asking the server. */
  if (heads)
    pb_server_heads_take_known (self->heads, listing, heads);
  self->busy = FALSE;
  _pb_server_mailbox_set_state (self, PB_SERVER_SESSION_OPEN);
  _pb_server_mailbox_advance (self);
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerMailbox) self = data;
  GError *error = NULL;

  if (!pb_server_visit_open_finish (self->visit, result, &error)) {
    self->error = error;
    leave (self);
    return;
  }
  pb_mail_store_load_heads_async (self->store, pb_account_get_id (self->account),
                                  pb_server_visit_get_listing (self->visit), self->cancellable,
                                  heads_known, g_object_ref (self));
}

static void
listed_cb (PbServerMailbox *self, PbServerVisit *visit) {
  /* Rows of an earlier visit wait for their names, so that their marks stay with them. */
  if (g_list_model_get_n_items (pb_server_rows_get_model (self->rows)) > 0)
    return;
  pb_server_rows_take_listing (self->rows, pb_server_visit_get_listing (visit), NULL);
}

void
_pb_server_mailbox_open (PbServerMailbox *self) {
  if (_pb_sync_service_has_check (self->service, self->account)) {
    _pb_server_mailbox_set_state (self, PB_SERVER_SESSION_WAITING);
    return;
  }
  g_clear_error (&self->error);
  self->busy = TRUE;
  self->started = g_get_real_time ();
  self->held = g_object_ref (self->service);
  self->cancellable = g_cancellable_new ();
  self->visit = pb_server_visit_new (self->account, self->secrets, self->store, self->notes);
  g_signal_connect_object (self->visit, "listed", G_CALLBACK (listed_cb), self, G_CONNECT_SWAPPED);
  _pb_server_mailbox_set_state (self, PB_SERVER_SESSION_CONNECTING);
  pb_server_visit_open_async (self->visit, self->cancellable, opened, g_object_ref (self));
}

/* ---- Heads ---- */

typedef struct {
  PbServerMailbox *mailbox;
  GArray *numbers;
} Flight;

static void
tops_came (GObject *source, GAsyncResult *result, gpointer data) {
  g_autofree Flight *flight = data;
  g_autoptr (PbServerMailbox) self = flight->mailbox;
  g_autoptr (GArray) numbers = flight->numbers;
  GError *error = NULL;
  g_autoptr (GPtrArray) tops = pb_server_tops_finish (result, &error);

  self->busy = FALSE;
  if (tops)
    pb_server_heads_take (self->heads, numbers, tops);
  else
    take_failure (self, error);
  if (!pb_server_heads_may_top (self->heads))
    _pb_server_mailbox_state_changed (self);
  _pb_server_mailbox_advance (self);
}

/* FALSE when there is nothing to ask for. */
static gboolean
ask_heads (PbServerMailbox *self) {
  GArray *numbers = pb_server_heads_next (self->heads, self->all_heads);

  if (!numbers)
    return FALSE;
  Flight *flight = g_new (Flight, 1);
  *flight = (Flight){ g_object_ref (self), numbers };
  self->busy = TRUE;
  self->last_use = g_get_monotonic_time ();
  pb_server_tops_async (pb_server_visit_get_session (self->visit), (const guint *) numbers->data,
                        numbers->len, 0, self->cancellable, tops_came, flight);
  return TRUE;
}

/* ---- Preview ---- */

static void
preview_came (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerMailbox) self = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) tops = pb_server_tops_finish (result, &error);
  GBytes *top = tops ? tops->pdata[0] : NULL;

  if (!tops)
    take_failure (self, g_error_copy (error));
  else if (!top)
    error = g_error_new_literal (PB_ERROR, PB_ERROR_REFUSED, "the server refused TOP");
  end_present_job (self, top ? g_bytes_ref (top) : NULL, error);
  _pb_server_mailbox_advance (self);
}

/* NULL where it can be asked for. */
static GError *
why_no_preview (PbServerMailbox *self) {
  PbServerRow *row = self->job->row;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (self->job->task)))
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "not wanted any more");
  if (pb_server_row_get_number (row) == 0 || pb_server_row_is_sent (row))
    return g_error_new_literal (PB_ERROR, PB_ERROR_NOT_FOUND, "no longer on the server");
  if (!pb_server_heads_may_top (self->heads))
    return g_error_new_literal (PB_ERROR, PB_ERROR_UNSUPPORTED, "the server has no TOP");
  return NULL;
}

static void
start_preview (PbServerMailbox *self) {
  guint number = pb_server_row_get_number (self->job->row);
  GError *why_not = why_no_preview (self);

  if (why_not)
    end_present_job (self, NULL, why_not);
  else
    pb_server_tops_async (pb_server_visit_get_session (self->visit), &number, 1,
                          (int) self->job->lines, self->cancellable, preview_came,
                          g_object_ref (self));
}

/* ---- Applying ---- */

static gboolean
undo_over (gpointer data) {
  PbServerMailbox *self = data;

  self->undo_timer = 0;
  self->leaving = TRUE;
  _pb_server_mailbox_advance (self);
  return G_SOURCE_REMOVE;
}

/* What was done loses its mark; what the server will delete keeps it until then. */
static void
take_applied (PbServerMailbox *self) {
  const GArray *marked = pb_removal_get_marked (pb_server_visit_get_removal (self->visit));
  g_autoptr (GHashTable) going = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < marked->len; i++)
    g_hash_table_add (going, GUINT_TO_POINTER (g_array_index (marked, guint, i)));
  pb_server_rows_take_ledger (self->rows, pb_server_visit_get_ledger (self->visit));
  for (guint i = 0; i < self->applying->len; i++) {
    PbServerRow *row = self->applying->pdata[i];
    gboolean sent =
      g_hash_table_contains (going, GUINT_TO_POINTER (pb_server_row_get_number (row)));
    _pb_server_row_set_mark (row, sent ? pb_server_row_get_mark (row) : PB_SERVER_MARK_NONE);
    _pb_server_row_set_sent (row, sent);
  }
  g_clear_handle_id (&self->undo_timer, g_source_remove);
  if (pb_server_mailbox_get_undoable (self) > 0)
    self->undo_timer = g_timeout_add (self->undo_limit, undo_over, self);
}

static void
applied (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerMailbox) self = data;
  GError *error = NULL;

  if (pb_server_apply_finish (result, &self->job->result, &error))
    take_applied (self);
  else {
    g_clear_error (&self->error);
    self->error = g_error_copy (error);
    self->leaving = TRUE;
  }
  pb_operation_set_phase (self->operation, PB_PHASE_FINISHED);
  g_clear_object (&self->operation);
  g_clear_pointer (&self->applying, g_ptr_array_unref);
  end_present_job (self, NULL, error);
  _pb_server_mailbox_marks_changed (self);
  _pb_server_mailbox_state_changed (self);
  _pb_server_mailbox_advance (self);
}

static void
start_apply (PbServerMailbox *self) {
  self->applying = g_ptr_array_new_with_free_func (g_object_unref);
  foreach_row (self, collect_marked, self->applying);
  self->operation = pb_operation_new (pb_account_get_id (self->account));
  _pb_server_mailbox_state_changed (self);
  pb_server_apply_async (self->visit, self->store, pb_account_get_id (self->account),
                         self->applying, self->operation, applied, g_object_ref (self));
}

static void
taken_back (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerMailbox) self = data;
  GError *error = NULL;

  if (pb_removal_reset_finish (PB_REMOVAL (source), result, &error))
    foreach_row (self, forget_sent, self);
  else
    take_failure (self, g_error_copy (error));
  end_present_job (self, NULL, error);
  _pb_server_mailbox_marks_changed (self);
  _pb_server_mailbox_advance (self);
}

static void
start_undo (PbServerMailbox *self) {
  g_clear_handle_id (&self->undo_timer, g_source_remove);
  pb_removal_reset_async (pb_server_visit_get_removal (self->visit), taken_back,
                          g_object_ref (self));
}

/* ---- What comes next ---- */

static void
start_job (PbServerMailbox *self) {
  self->job = g_queue_pop_head (&self->jobs);
  self->busy = TRUE;
  switch (self->job->kind) {
  case PB_SERVER_JOB_PREVIEW:
    start_preview (self);
    break;
  case PB_SERVER_JOB_APPLY:
    start_apply (self);
    break;
  case PB_SERVER_JOB_UNDO:
    start_undo (self);
    break;
  case PB_SERVER_JOB_LEAVE:
    leave (self);
    break;
  case PB_SERVER_JOB_OPEN:
  default:
    end_present_job (self, NULL, NULL);
  }
}

static gboolean
idle_cb (gpointer data) {
  PbServerMailbox *self = data;
  gint64 unused = (g_get_monotonic_time () - self->last_use) / 1000;

  self->idle_timer = 0;
  self->leaving = unused >= self->idle_limit;
  _pb_server_mailbox_advance (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for_use (PbServerMailbox *self) {
  gint64 unused = (g_get_monotonic_time () - self->last_use) / 1000;

  if (!self->idle_timer)
    self->idle_timer =
      g_timeout_add ((guint) MAX (1, (gint64) self->idle_limit - unused), idle_cb, self);
}

gboolean
_pb_server_mailbox_wants_session (PbServerMailbox *self) {
  PbServerJob *next = g_queue_peek_head (&self->jobs);

  return next && next->kind != PB_SERVER_JOB_LEAVE && next->kind != PB_SERVER_JOB_UNDO &&
         !self->stopped;
}

/* Without a session there is nothing to leave, and nothing that could be taken back. */
static GError *
why_no_session (PbServerMailbox *self, PbServerJob *job) {
  if (self->stopped)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  if (job->kind == PB_SERVER_JOB_UNDO)
    return g_error_new_literal (PB_ERROR, PB_ERROR_NOT_FOUND, "nothing can be taken back");
  return NULL;
}

static void
advance_closed (PbServerMailbox *self) {
  while (g_queue_get_length (&self->jobs) > 0 && !_pb_server_mailbox_wants_session (self)) {
    PbServerJob *job = g_queue_pop_head (&self->jobs);
    pb_server_job_end (job, NULL, why_no_session (self, job));
  }
  if (_pb_server_mailbox_wants_session (self))
    _pb_server_mailbox_open (self);
}

void
_pb_server_mailbox_advance (PbServerMailbox *self) {
  g_autoptr (PbServerMailbox) alive = g_object_ref (self);

  while (!self->busy && self->state == PB_SERVER_SESSION_OPEN && !self->leaving &&
         g_queue_get_length (&self->jobs) > 0)
    start_job (self);
  if (self->busy)
    return;
  if (self->state == PB_SERVER_SESSION_CLOSED)
    advance_closed (self);
  else if (self->state != PB_SERVER_SESSION_OPEN)
    return;
  else if (self->leaving || self->yielding || self->stopped)
    leave (self);
  else if (!ask_heads (self))
    wait_for_use (self);
}
