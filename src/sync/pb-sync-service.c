/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which checks run, which wait, and who waits for them. What a check does is the receiver's
 * business. */

#include "pb-sync-service-private.h"

#include "pb-account-policy.h"
#include "pb-cancel-watch.h"
#include "pb-error.h"
#include "pb-patience.h"
#include "pb-receiver.h"
#include "pb-server-mailboxes.h"
#include "pb-side-sessions.h"

#define MAX_RUNNING 4

struct _PbSyncService {
  GObject parent_instance;

  PbAccountList *accounts;
  PbSecrets *secrets;
  PbMailStore *store;

  PbServerNotes *notes;
  gboolean metered;
  gboolean loading; /* the notes: nothing begins before they are there */

  GListStore *operations;
  GPtrArray *checks;   /* of Check, owned, in the order in which they were asked for */
  GHashTable *errors;  /* account id to GError, both owned */
  GHashTable *refused; /* account id to GPtrArray of PbRefusedMessage, both owned */
  GPtrArray *stops;    /* of GTask: who waits for the end of everything */
  PbSideSessions *side;

  PbTranscriptFunc transcript_func;
  gpointer transcript_data;
};

G_DEFINE_FINAL_TYPE (PbSyncService, pb_sync_service, G_TYPE_OBJECT)

enum { PROP_BUSY = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { FINISHED, NEEDS_PASSWORD_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* One check, waiting (no receiver yet) or running. It keeps the service alive: sessions are not
 * left alone. */
typedef struct {
  PbSyncService *service;
  PbAccount *account;
  PbOperation *operation;
  PbReceiver *receiver;
  GSource *cancel_watch; /* only while waiting */
  GPtrArray *waiters;    /* of Waiter, owned */
  gboolean unattended;   /* asked for by check_all (): goes on when nobody waits */
  gboolean forced;       /* a person wants it now */
  GError *refusal;       /* it must not begin yet, and will be told so */
  GSource *refusing;
  gint64 started; /* µs since 1970 */
} Check;

typedef struct {
  Check *check;
  GTask *task;
  GSource *cancel_watch;
} Waiter;

static void start_next (PbSyncService *self);

static void
waiter_free (gpointer data) {
  Waiter *waiter = data;

  pb_cancel_watch_clear (&waiter->cancel_watch);
  g_object_unref (waiter->task);
  g_free (waiter);
}

static void
check_free (gpointer data) {
  Check *check = data;

  pb_cancel_watch_clear (&check->cancel_watch);
  pb_cancel_watch_clear (&check->refusing);
  g_clear_error (&check->refusal);
  g_ptr_array_unref (check->waiters);
  g_clear_object (&check->receiver);
  g_object_unref (check->operation);
  g_object_unref (check->account);
  g_object_unref (check->service);
  g_free (check);
}

static Check *
find_check (PbSyncService *self, PbAccount *account) {
  for (guint i = 0; i < self->checks->len; i++) {
    Check *check = g_ptr_array_index (self->checks, i);
    if (g_strcmp0 (pb_account_get_id (check->account), pb_account_get_id (account)) == 0)
      return check;
  }
  return NULL;
}

static gboolean
is_busy (PbSyncService *self) {
  return self->checks->len > 0;
}

static void
complete_stops (PbSyncService *self) {
  g_autoptr (GPtrArray) stops = NULL;

  if (is_busy (self) || self->loading || !pb_side_sessions_is_idle (self->side))
    return;
  stops = g_steal_pointer (&self->stops);
  self->stops = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < stops->len; i++)
    g_task_return_boolean (g_ptr_array_index (stops, i), TRUE);
}

static void
forget_operation (PbSyncService *self, PbOperation *operation) {
  guint position;

  if (g_list_store_find (self->operations, operation, &position))
    g_list_store_remove (self->operations, position);
}

static void
return_to_waiter (Waiter *waiter, const PbFetchResult *result, const GError *error) {
  g_task_set_task_data (waiter->task, g_memdup2 (result, sizeof *result), g_free);
  if (error)
    g_task_return_error (waiter->task, g_error_copy (error));
  else
    g_task_return_boolean (waiter->task, TRUE);
}

/* Takes @check out first, so that whoever is told may ask for the next one. */
static void
end_check (Check *check, PbFetchResult *result, const GError *error) {
  g_autoptr (PbSyncService) self = g_object_ref (check->service);
  char *id = g_strdup (pb_account_get_id (check->account));
  guint position;

  if (g_ptr_array_find (self->checks, check, &position))
    g_ptr_array_steal_index (self->checks, position);
  forget_operation (self, check->operation);
  if (check->refusal)
    g_free (id); /* the last session tells more than that there was none */
  else if (error)
    g_hash_table_replace (self->errors, id, g_error_copy (error));
  else {
    g_hash_table_remove (self->errors, id);
    g_free (id);
  }
  pb_server_mailboxes_check_ended (pb_side_sessions_get_mailboxes (self->side), check->account);
  start_next (self);
  if (!is_busy (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  g_signal_emit (self, signals[FINISHED], 0, check->account, result, error);
  for (guint i = 0; i < check->waiters->len; i++)
    return_to_waiter (g_ptr_array_index (check->waiters, i), result, error);
  check_free (check);
  complete_stops (self);
}

static void
receiver_done (GObject *source, GAsyncResult *result, gpointer data) {
  Check *check = data;
  PbSyncService *self = check->service;
  PbFetchResult fetched;
  g_autoptr (GError) error = NULL;

  pb_receiver_run_finish (check->receiver, result, &fetched, &error);
  /* Nothing was begun while it was needed. */
  if (pb_patience_needs_password (self->notes, check->account))
    g_signal_emit (self, signals[NEEDS_PASSWORD_CHANGED], 0, check->account);
  g_autofree char *text = pb_receiver_dup_transcript (check->receiver);
  if (self->transcript_func)
    self->transcript_func (check->account, text, self->transcript_data);
  pb_side_sessions_log (self->side, check->account, check->started, error, text);
  GPtrArray *refused = pb_receiver_get_refused (check->receiver);
  if (refused)
    g_hash_table_replace (self->refused, g_strdup (pb_account_get_id (check->account)),
                          g_ptr_array_ref (refused));
  end_check (check, &fetched, error);
}

static gboolean
refuse_check (gpointer data) {
  Check *check = data;
  PbFetchResult nothing = { 0 };
  g_autoptr (GError) error = g_error_copy (check->refusal);

  pb_operation_set_phase (check->operation, PB_PHASE_FINISHED);
  end_check (check, &nothing, error);
  return G_SOURCE_REMOVE;
}

/* TRUE where it must not begin; that is told in the next turn. */
static gboolean
must_wait (PbSyncService *self, Check *check) {
  check->refusal = pb_patience_ask (self->notes, check->account, check->forced,
                                    g_get_real_time () / G_USEC_PER_SEC);
  if (!check->refusal)
    return FALSE;
  check->refusing = g_idle_source_new ();
  g_source_set_callback (check->refusing, refuse_check, check, NULL);
  g_source_attach (check->refusing, g_main_context_get_thread_default ());
  return TRUE;
}

static void
start_check (PbSyncService *self, Check *check) {
  pb_cancel_watch_clear (&check->cancel_watch);
  if (must_wait (self, check))
    return;
  check->started = g_get_real_time ();
  g_autoptr (PbAccount) account = pb_account_policy_apply (check->account, self->metered);
  check->receiver = pb_receiver_new (account, self->secrets, self->store, check->operation);
  pb_receiver_set_notes (check->receiver, self->notes);
  pb_receiver_run_async (check->receiver, receiver_done, check);
}

static void
start_next (PbSyncService *self) {
  guint running = 0;

  if (self->loading)
    return;
  for (guint i = 0; i < self->checks->len; i++) {
    Check *check = g_ptr_array_index (self->checks, i);
    running += check->receiver != NULL;
  }
  for (guint i = 0; i < self->checks->len && running < MAX_RUNNING; i++) {
    Check *check = g_ptr_array_index (self->checks, i);
    if (check->receiver || check->refusal ||
        pb_server_mailboxes_yield (pb_side_sessions_get_mailboxes (self->side), check->account))
      continue;
    start_check (self, check);
    running += check->receiver != NULL;
  }
}

static gboolean
cancelled_while_waiting (GCancellable *cancellable, gpointer data) {
  Check *check = data;
  PbFetchResult nothing = { 0 };
  g_autoptr (GError) error =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped before it began");

  pb_operation_set_phase (check->operation, PB_PHASE_FINISHED);
  end_check (check, &nothing, error);
  return G_SOURCE_REMOVE;
}

/* Joins the check of @account, or makes one; it is not started here. */
static Check *
ensure_check (PbSyncService *self, PbAccount *account) {
  Check *check = find_check (self, account);

  if (check)
    return check;
  check = g_new0 (Check, 1);
  check->service = g_object_ref (self);
  check->account = g_object_ref (account);
  check->operation = pb_operation_new (pb_account_get_id (account));
  check->waiters = g_ptr_array_new_with_free_func (waiter_free);
  check->cancel_watch = pb_cancel_watch_new (pb_operation_get_cancellable (check->operation),
                                             cancelled_while_waiting, check);
  g_ptr_array_add (self->checks, check);
  g_list_store_append (self->operations, check->operation);
  if (self->checks->len == 1)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  return check;
}

/* The last one who waits takes the check with him; others only stop waiting. */
static gboolean
waiter_cancelled (GCancellable *cancellable, gpointer data) {
  Waiter *waiter = data;
  Check *check = waiter->check;
  PbFetchResult nothing = { 0 };

  if (check->waiters->len == 1 && !check->unattended)
    pb_operation_cancel (check->operation);
  else {
    g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no longer waited for");
    return_to_waiter (waiter, &nothing, error);
    g_ptr_array_remove (check->waiters, waiter);
  }
  return G_SOURCE_REMOVE;
}

static void
pb_sync_service_finalize (GObject *object) {
  PbSyncService *self = PB_SYNC_SERVICE (object);

  g_clear_object (&self->accounts);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  g_clear_object (&self->notes);
  g_clear_object (&self->operations);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->side, pb_side_sessions_free);
  g_clear_pointer (&self->stops, g_ptr_array_unref);
  g_clear_pointer (&self->errors, g_hash_table_unref);
  g_clear_pointer (&self->refused, g_hash_table_unref);
  G_OBJECT_CLASS (pb_sync_service_parent_class)->finalize (object);
}

static void
pb_sync_service_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbSyncService *self = PB_SYNC_SERVICE (object);

  switch (id) {
  case PROP_BUSY:
    g_value_set_boolean (value, is_busy (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_sync_service_class_init (PbSyncServiceClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pb_sync_service_finalize;
  object_class->get_property = pb_sync_service_get_property;

  props[PROP_BUSY] = g_param_spec_boolean (
    "busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[FINISHED] =
    g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, PB_TYPE_ACCOUNT, G_TYPE_POINTER, G_TYPE_ERROR);
  signals[NEEDS_PASSWORD_CHANGED] =
    g_signal_new ("needs-password-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 1, PB_TYPE_ACCOUNT);
}

static void
pb_sync_service_init (PbSyncService *self) {
  self->notes = pb_server_notes_new (NULL);
  self->operations = g_list_store_new (PB_TYPE_OPERATION);
  self->checks = g_ptr_array_new ();
  self->stops = g_ptr_array_new_with_free_func (g_object_unref);
  self->errors =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_error_free);
  self->refused =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

static void
secret_given_cb (PbSyncService *self, PbAccount *account, PbSecrets *secrets) {
  gboolean needed = pb_patience_needs_password (self->notes, account);

  pb_patience_renew (self->notes, account);
  if (needed)
    g_signal_emit (self, signals[NEEDS_PASSWORD_CHANGED], 0, account);
}

PbSyncService *
pb_sync_service_new (PbAccountList *accounts, PbSecrets *secrets, PbMailStore *store) {
  g_return_val_if_fail (PB_IS_ACCOUNT_LIST (accounts), NULL);
  g_return_val_if_fail (PB_IS_SECRETS (secrets), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);

  PbSyncService *self = g_object_new (PB_TYPE_SYNC_SERVICE, NULL);
  self->accounts = g_object_ref (accounts);
  self->secrets = g_object_ref (secrets);
  g_signal_connect_object (secrets, "given", G_CALLBACK (secret_given_cb), self, G_CONNECT_SWAPPED);
  self->store = g_object_ref (store);
  self->side = pb_side_sessions_new (self, secrets, store, complete_stops);
  return self;
}

gboolean
_pb_sync_service_has_check (PbSyncService *self, PbAccount *account) {
  return self->loading || find_check (self, account);
}

void
_pb_sync_service_mailbox_left (PbSyncService *self) {
  start_next (self);
  complete_stops (self);
}

PbSideSessions *
_pb_sync_service_get_side_sessions (PbSyncService *self) {
  return self->side;
}

static void
notes_loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbSyncService) self = data;

  pb_server_notes_load_finish (self->notes, result);
  self->loading = FALSE;
  pb_server_mailboxes_check_ended (pb_side_sessions_get_mailboxes (self->side), NULL);
  _pb_sync_service_mailbox_left (self);
}

void
pb_sync_service_set_notes (PbSyncService *self, PbServerNotes *notes) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));
  g_return_if_fail (PB_IS_SERVER_NOTES (notes));
  g_return_if_fail (!self->loading && !is_busy (self));

  g_set_object (&self->notes, notes);
  self->loading = TRUE;
  pb_server_notes_load_async (notes, notes_loaded, g_object_ref (self));
}

PbServerNotes *
pb_sync_service_get_notes (PbSyncService *self) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (self), NULL);

  return self->notes;
}

void
pb_sync_service_set_metered (PbSyncService *self, gboolean metered) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));

  self->metered = metered;
}

gboolean
pb_sync_service_needs_password (PbSyncService *self, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (self), FALSE);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), FALSE);

  return pb_patience_needs_password (self->notes, account);
}

GListModel *
pb_sync_service_get_operations (PbSyncService *self) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (self), NULL);

  return G_LIST_MODEL (self->operations);
}

const GError *
pb_sync_service_get_error (PbSyncService *self, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (self), NULL);

  return g_hash_table_lookup (self->errors, pb_account_get_id (account));
}

GPtrArray *
pb_sync_service_get_refused (PbSyncService *self, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (self), NULL);

  return g_hash_table_lookup (self->refused, pb_account_get_id (account));
}

static void
refuse_switched_off (PbSyncService *self,
                     PbAccount *account,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pb_sync_service_check_async);
  g_task_set_task_data (task, g_new0 (PbFetchResult, 1), g_free);
  g_task_return_new_error (task, PB_ERROR, PB_ERROR_UNSUPPORTED, "account %s is switched off",
                           pb_account_get_id (account));
}

static void
check_account (PbSyncService *self,
               PbAccount *account,
               gboolean forced,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data) {
  if (!pb_account_get_enabled (account)) {
    refuse_switched_off (self, account, cancellable, callback, user_data);
    return;
  }
  Check *check = ensure_check (self, account);
  Waiter *waiter = g_new0 (Waiter, 1);
  check->forced |= forced;
  waiter->check = check;
  waiter->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (waiter->task, pb_sync_service_check_async);
  /* What came before a stop is told even so. */
  g_task_set_check_cancellable (waiter->task, FALSE);
  if (cancellable)
    waiter->cancel_watch = pb_cancel_watch_new (cancellable, waiter_cancelled, waiter);
  g_ptr_array_add (check->waiters, waiter);
  start_next (self);
}

void
pb_sync_service_check_async (PbSyncService *self,
                             PbAccount *account,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  check_account (self, account, FALSE, cancellable, callback, user_data);
}

void
pb_sync_service_force_check_async (PbSyncService *self,
                                   PbAccount *account,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  check_account (self, account, TRUE, cancellable, callback, user_data);
}

gboolean
pb_sync_service_check_finish (PbSyncService *self,
                              GAsyncResult *result,
                              PbFetchResult *fetched,
                              GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (fetched)
    *fetched = *(PbFetchResult *) g_task_get_task_data (G_TASK (result));
  return g_task_propagate_boolean (G_TASK (result), error);
}

PbMailStore *
_pb_sync_service_get_store (PbSyncService *self) {
  return self->store;
}

gboolean
_pb_sync_service_is_running (PbSyncService *self, PbAccount *account) {
  Check *check = find_check (self, account);

  return check && check->receiver;
}

/* ---- All accounts ---- */

void
pb_sync_service_check_all (PbSyncService *self) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));

  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  for (guint i = 0; i < count; i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
    if (pb_account_get_enabled (account) && !pb_side_sessions_has_console (self->side, account))
      ensure_check (self, account)->unattended = TRUE;
  }
  start_next (self);
}

void
pb_sync_service_stop_async (PbSyncService *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));

  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, pb_sync_service_stop_async);
  g_ptr_array_add (self->stops, task);
  for (guint i = 0; i < self->checks->len; i++) {
    Check *check = g_ptr_array_index (self->checks, i);
    pb_operation_cancel (check->operation);
  }
  pb_side_sessions_stop (self->side);
  complete_stops (self);
}

gboolean
pb_sync_service_stop_finish (PbSyncService *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pb_sync_service_set_transcript_func (PbSyncService *self,
                                     PbTranscriptFunc func,
                                     gpointer user_data) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (self));

  self->transcript_func = func;
  self->transcript_data = user_data;
}
