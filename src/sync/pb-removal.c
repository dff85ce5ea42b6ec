/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The door to DELE. It keeps sets: what may be removed (evidence or a wish), what is to be kept,
 * what was asked for, and what the server marked. It decides nothing else; which messages a policy
 * wants gone is the plan's business. */

#include "pb-removal.h"

struct _PbRemoval {
  GObject parent_instance;

  PbPop3Session *session;
  PbMailStore *store;
  char *account_id;
  PbFetchPlan *plan;

  GHashTable *evidence; /* numbers of which a durable copy is known */
  GHashTable *wished;   /* numbers that a person wants gone, copy or not */
  GHashTable *kept;     /* numbers that somebody marked to stay */
  GHashTable *asked;    /* numbers let through so far */
  GArray *queue;        /* guint: let through, not sent yet */
  GArray *marked;       /* guint: the server said yes to DELE */
  gboolean busy;        /* a remove call runs */
  GError *error;        /* the first failure; after it nothing is sent */

  GCancellable *cancellable;
  gulong chained; /* from the cancellable of the quit to ours */
  GTask *quit;
  GTask *settling;
  gboolean closing; /* quit was asked for: the door is shut */
};

G_DEFINE_FINAL_TYPE (PbRemoval, pb_removal, G_TYPE_OBJECT)

static void advance (PbRemoval *self);

static void
note_removed (PbRemoval *self) {
  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < self->marked->len; i++) {
    GBytes *identity =
      pb_fetch_plan_dup_identity (self->plan, g_array_index (self->marked, guint, i));
    if (identity)
      g_ptr_array_add (identities, identity);
  }
  if (identities->len > 0)
    pb_mail_store_note_removed (self->store, self->account_id, identities);
}

static void
finish_quit (PbRemoval *self, GError *error) {
  g_autoptr (GTask) task = g_steal_pointer (&self->quit);

  g_cancellable_disconnect (g_task_get_cancellable (task), self->chained);
  self->chained = 0;
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, self->marked->len);
}

static void
quit_done (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbRemoval) self = data;
  GError *error = NULL;

  if (pb_pop3_session_quit_finish (self->session, result, &error))
    note_removed (self);
  finish_quit (self, error);
}

static void
remove_done (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbRemoval) self = data;
  g_autoptr (GArray) marked = pb_pop3_session_remove_finish (self->session, result, &self->error);

  self->busy = FALSE;
  if (marked)
    g_array_append_vals (self->marked, marked->data, marked->len);
  advance (self);
}

static void
finish_settling (PbRemoval *self) {
  g_autoptr (GTask) task = g_steal_pointer (&self->settling);

  if (self->error)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_int (task, self->marked->len);
}

static void
advance (PbRemoval *self) {
  if (self->busy)
    return;
  if (self->settling && (self->error || self->queue->len == 0))
    finish_settling (self);
  if (!self->error && self->queue->len > 0) {
    self->busy = TRUE;
    pb_pop3_session_remove_async (self->session, (const guint *) self->queue->data,
                                  self->queue->len, self->cancellable, remove_done,
                                  g_object_ref (self));
    g_array_set_size (self->queue, 0);
  } else if (self->quit && self->error)
    finish_quit (self, g_error_copy (self->error));
  else if (self->quit)
    pb_pop3_session_quit_async (self->session, self->cancellable, quit_done, g_object_ref (self));
}

static void
committed_cb (PbRemoval *self, GArray *numbers, guint duplicates, PbDelivery *delivery) {
  for (guint i = 0; i < numbers->len; i++) {
    guint number = g_array_index (numbers, guint, i);
    if (!pb_delivery_began_partial (delivery, number))
      g_hash_table_add (self->evidence, GUINT_TO_POINTER (number));
  }
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data) {
  g_cancellable_cancel (data);
}

static void
pb_removal_finalize (GObject *object) {
  PbRemoval *self = PB_REMOVAL (object);

  g_clear_object (&self->session);
  g_clear_object (&self->store);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->plan, pb_fetch_plan_unref);
  g_clear_pointer (&self->evidence, g_hash_table_unref);
  g_clear_pointer (&self->wished, g_hash_table_unref);
  g_clear_pointer (&self->kept, g_hash_table_unref);
  g_clear_pointer (&self->asked, g_hash_table_unref);
  g_clear_pointer (&self->queue, g_array_unref);
  g_clear_pointer (&self->marked, g_array_unref);
  g_free (self->account_id);
  G_OBJECT_CLASS (pb_removal_parent_class)->finalize (object);
}

static void
pb_removal_class_init (PbRemovalClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_removal_finalize;
}

static void
pb_removal_init (PbRemoval *self) {
  self->evidence = g_hash_table_new (NULL, NULL);
  self->wished = g_hash_table_new (NULL, NULL);
  self->kept = g_hash_table_new (NULL, NULL);
  self->asked = g_hash_table_new (NULL, NULL);
  self->queue = g_array_new (FALSE, FALSE, sizeof (guint));
  self->marked = g_array_new (FALSE, FALSE, sizeof (guint));
  self->cancellable = g_cancellable_new ();
}

PbRemoval *
pb_removal_new (PbPop3Session *session,
                PbMailStore *store,
                const char *account_id,
                PbFetchPlan *plan) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (session), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (account_id != NULL && plan != NULL, NULL);

  PbRemoval *self = g_object_new (PB_TYPE_REMOVAL, NULL);
  self->session = g_object_ref (session);
  self->store = g_object_ref (store);
  self->account_id = g_strdup (account_id);
  self->plan = pb_fetch_plan_ref (plan);
  return self;
}

void
pb_removal_trust_ledger (PbRemoval *self, const GArray *rows) {
  g_return_if_fail (PB_IS_REMOVAL (self));
  g_return_if_fail (rows != NULL);

  for (guint i = 0; i < rows->len; i++) {
    const PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    g_autoptr (GBytes) identity = NULL;

    if (row->keep)
      g_hash_table_add (self->kept, GUINT_TO_POINTER (row->number));
    /* Of what was deleted here without having been stored, only the head was ever here. */
    if (!row->durable && (row->state != PB_LEDGER_DELETED_HERE || row->stored <= 0))
      continue;
    identity = pb_fetch_plan_dup_identity (self->plan, row->number);
    if (identity)
      g_hash_table_add (self->evidence, GUINT_TO_POINTER (row->number));
  }
}

void
pb_removal_trust_delivery (PbRemoval *self, PbDelivery *delivery) {
  g_return_if_fail (PB_IS_REMOVAL (self));
  g_return_if_fail (PB_IS_DELIVERY (delivery));

  g_signal_connect_object (delivery, "committed", G_CALLBACK (committed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
pb_removal_wish (PbRemoval *self, const guint *numbers, guint count) {
  g_return_if_fail (PB_IS_REMOVAL (self));

  for (guint i = 0; i < count; i++)
    g_hash_table_add (self->wished, GUINT_TO_POINTER (numbers[i]));
}

static gboolean
is_allowed (PbRemoval *self, gpointer number) {
  return g_hash_table_contains (self->wished, number) ||
         (g_hash_table_contains (self->evidence, number) &&
          !g_hash_table_contains (self->kept, number));
}

guint
pb_removal_request (PbRemoval *self, const guint *numbers, guint count) {
  guint let_through = 0;

  g_return_val_if_fail (PB_IS_REMOVAL (self), 0);

  if (self->error || self->closing)
    return 0;
  for (guint i = 0; i < count; i++) {
    gpointer number = GUINT_TO_POINTER (numbers[i]);

    if (!is_allowed (self, number) || !g_hash_table_add (self->asked, number))
      continue;
    g_array_append_val (self->queue, numbers[i]);
    let_through++;
  }
  advance (self);
  return let_through;
}

gboolean
pb_removal_has_marks (PbRemoval *self) {
  g_return_val_if_fail (PB_IS_REMOVAL (self), FALSE);

  return g_hash_table_size (self->asked) > 0;
}

void
pb_removal_quit_async (PbRemoval *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data) {
  g_return_if_fail (PB_IS_REMOVAL (self));
  g_return_if_fail (!self->closing);

  self->closing = TRUE;
  self->quit = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->quit, pb_removal_quit_async);
  /* What the server confirmed is true even when cancelled in the same moment. */
  g_task_set_check_cancellable (self->quit, FALSE);
  if (cancellable)
    self->chained =
      g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self->cancellable, NULL);
  advance (self);
}

gboolean
pb_removal_quit_finish (PbRemoval *self, GAsyncResult *result, guint *removed, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  gssize count = g_task_propagate_int (G_TASK (result), error);
  *removed = count > 0 ? (guint) count : 0;
  return count >= 0;
}

/* ---- What a person may take back ---- */

void
pb_removal_settle_async (PbRemoval *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_REMOVAL (self));
  g_return_if_fail (!self->settling && !self->closing);

  self->settling = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->settling, pb_removal_settle_async);
  advance (self);
}

gboolean
pb_removal_settle_finish (PbRemoval *self, GAsyncResult *result, guint *marked, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  gssize count = g_task_propagate_int (G_TASK (result), error);
  *marked = count > 0 ? (guint) count : 0;
  return count >= 0;
}

const GArray *
pb_removal_get_marked (PbRemoval *self) {
  g_return_val_if_fail (PB_IS_REMOVAL (self), NULL);

  return self->marked;
}

static void
reset_done (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbRemoval *self = g_task_get_source_object (task);

  self->busy = FALSE;
  if (!pb_pop3_session_reset_finish (self->session, result, &self->error)) {
    g_task_return_error (task, g_error_copy (self->error));
    advance (self);
    return;
  }
  g_hash_table_remove_all (self->wished);
  g_hash_table_remove_all (self->asked);
  g_array_set_size (self->marked, 0);
  g_task_return_boolean (task, TRUE);
  advance (self);
}

void
pb_removal_reset_async (PbRemoval *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_REMOVAL (self));
  g_return_if_fail (!self->busy && !self->closing);

  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, pb_removal_reset_async);
  self->busy = TRUE;
  pb_pop3_session_reset_async (self->session, self->cancellable, reset_done, task);
}

gboolean
pb_removal_reset_finish (PbRemoval *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
