/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The state machine of one pass. Callbacks record what happened and call advance (), which alone
 * changes the state. What to retrieve and remove is decided in pb-fetch-plan, whether a removal
 * is allowed in pb-removal. */

#include "pb-receiver.h"

#include "pb-account-session.h"
#include "pb-error.h"
#include "pb-fetch-plan.h"
#include "pb-pop3-session.h"
#include "pb-removal.h"

#define REFUSED_RETRY_SECONDS (24 * 60 * 60)
/* How long a cancelled pass waits for the answer to QUIT. */
#define QUIT_GRACE_MS 200

typedef enum {
  STATE_IDLE,
  STATE_PREPARE,  /* the account's folders exist */
  STATE_SECRET,   /* the password is known */
  STATE_LOCK,     /* no other process works on it */
  STATE_OPEN,     /* connected and signed in */
  STATE_LIST,     /* known what lies there */
  STATE_MATCH,    /* known what of it is here; the plan is made */
  STATE_RETRIEVE, /* messages come, batches are committed, DELEs follow */
  STATE_COMMIT,   /* the last batch becomes durable */
  STATE_QUIT,     /* remaining removals, QUIT */
  STATE_DONE,
} State;

static const char *const state_names[] = {
  [STATE_IDLE] = "idle",   [STATE_PREPARE] = "prepare",   [STATE_SECRET] = "secret",
  [STATE_LOCK] = "lock",   [STATE_OPEN] = "open",         [STATE_LIST] = "list",
  [STATE_MATCH] = "match", [STATE_RETRIEVE] = "retrieve", [STATE_COMMIT] = "commit",
  [STATE_QUIT] = "quit",   [STATE_DONE] = "done",
};

struct _PbReceiver {
  GObject parent_instance;

  PbAccount *account;
  PbSecrets *secrets;
  PbMailStore *store;
  PbOperation *operation;
  GTask *task;

  State state;
  gboolean locked;
  gboolean session_usable; /* QUIT may be tried */
  GError *error;           /* the first failure */
  PbFetchResult result;

  PbSecret *secret;
  PbPop3Session *session;
  PbListing *listing;
  PbFetchPlan *plan;
  PbRemoval *removal;
  PbDelivery *delivery;
  guint open_number; /* the message that is being written; 0 for none */

  GCancellable *quit_cancellable;
  GSource *cancel_watch;
  guint grace;
};

G_DEFINE_FINAL_TYPE (PbReceiver, pb_receiver, G_TYPE_OBJECT)

static void advance (PbReceiver *self);

static GCancellable *
cancellable_of (PbReceiver *self) {
  return pb_operation_get_cancellable (self->operation);
}

static gint64
now_seconds (void) {
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
fail (PbReceiver *self, GError *error) {
  if (!self->error)
    self->error = error;
  else
    g_error_free (error);
}

/* After a refusal the session goes on; after a cancelled call it may, and trying QUIT does no
 * harm. */
static void
fail_session (PbReceiver *self, GError *error) {
  if (!g_error_matches (error, PB_ERROR, PB_ERROR_REFUSED) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->session_usable = FALSE;
  fail (self, error);
}

/* Without QUIT the server forgets every deletion mark. */
static void
fail_storage (PbReceiver *self, GError *error) {
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    self->session_usable = FALSE;
    pb_pop3_session_close (self->session);
  }
  fail (self, error);
}

/* ---- Before the first message ---- */

static void
prepared (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  if (!pb_mail_store_add_account_finish (self->store, result, &error))
    fail (self, error);
  advance (self);
}

static void
secret_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  self->secret = pb_secrets_lookup_finish (self->secrets, result, &error);
  if (!self->secret)
    fail (self, error);
  advance (self);
}

static void
locked (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  self->locked = pb_mail_store_lock_account_finish (self->store, result, &error);
  if (!self->locked)
    fail (self, error);
  advance (self);
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  self->session_usable = pb_pop3_session_open_finish (self->session, result, &error);
  if (error)
    fail (self, error);
  advance (self);
}

static void
start_open (PbReceiver *self) {
  self->session = pb_account_session_new (self->account, self->secret);
  g_clear_pointer (&self->secret, pb_secret_unref);
  pb_pop3_session_open_async (self->session, cancellable_of (self), opened, g_object_ref (self));
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  self->listing = pb_pop3_session_list_finish (self->session, result, &error);
  if (self->listing)
    self->result.on_server = pb_listing_get_length (self->listing);
  else
    fail_session (self, error);
  advance (self);
}

static void
make_plan (PbReceiver *self, const GArray *rows) {
  const PbFetchPolicy policy = {
    .on_server = pb_account_get_on_server (self->account),
    .delete_after_days = pb_account_get_delete_after_days (self->account),
  };

  self->plan = pb_fetch_plan_new (self->listing, rows, &policy, now_seconds ());
  self->removal =
    pb_removal_new (self->session, self->store, pb_account_get_id (self->account), self->plan);
  pb_removal_trust_ledger (self->removal, rows);
  pb_operation_set_total (self->operation, self->plan->retrieve->len, self->plan->bytes);
}

static void
matched (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;
  g_autoptr (GArray) rows = pb_mail_store_match_listing_finish (self->store, result, &error);

  if (rows)
    make_plan (self, rows);
  else
    fail_storage (self, error);
  advance (self);
}

/* ---- Messages ---- */

static void
committed_cb (PbReceiver *self, GArray *numbers, guint duplicates, PbDelivery *delivery) {
  duplicates = MIN (duplicates, numbers->len);
  self->result.stored += numbers->len - duplicates;
  self->result.duplicates += duplicates;
  if (pb_account_get_on_server (self->account) == PB_ON_SERVER_DELETE && self->session_usable)
    pb_removal_request (self->removal, (const guint *) numbers->data, numbers->len);
}

static void
room_cb (PbReceiver *self, PbDelivery *delivery) {
  pb_pop3_session_set_paused (self->session, FALSE);
}

static void
failed_cb (PbReceiver *self, const GError *error, PbDelivery *delivery) {
  fail_storage (self, g_error_copy (error));
}

static void
begin (PbReceiver *self, guint number) {
  g_autoptr (GBytes) identity = pb_fetch_plan_dup_identity (self->plan, number);

  self->open_number = number;
  pb_delivery_begin (self->delivery, number, identity, FALSE);
}

static void
data_arrived (guint number, const guint8 *data, gsize length, gpointer user_data) {
  PbReceiver *self = user_data;

  if (self->open_number != number)
    begin (self, number);
  pb_delivery_write (self->delivery, data, length);
  self->result.bytes += length;
  pb_operation_advance (self->operation, 0, length);
  if (pb_delivery_is_full (self->delivery))
    pb_pop3_session_set_paused (self->session, TRUE);
}

static void
message_refused (PbReceiver *self, guint number, const GError *refused) {
  g_autoptr (GBytes) identity = pb_fetch_plan_dup_identity (self->plan, number);
  const char *reason = pb_error_get_server_text (refused);

  self->result.refused++;
  if (self->open_number == number)
    pb_delivery_discard (self->delivery);
  /* One without an identity cannot be remembered; it is asked for again at every check. */
  if (identity)
    pb_mail_store_note_refused (self->store, pb_account_get_id (self->account), identity,
                                reason ? reason : refused->message,
                                now_seconds () + REFUSED_RETRY_SECONDS);
}

static void
message_ended (guint number, const GError *refused, gpointer user_data) {
  PbReceiver *self = user_data;

  if (refused)
    message_refused (self, number, refused);
  else {
    if (self->open_number != number)
      begin (self, number);
    pb_delivery_end (self->delivery);
  }
  self->open_number = 0;
  pb_operation_advance (self->operation, 1, 0);
}

static void
retrieved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  if (!pb_pop3_session_retrieve_finish (self->session, result, &error))
    fail_session (self, error);
  if (self->open_number)
    pb_delivery_discard (self->delivery);
  self->open_number = 0;
  advance (self);
}

static void
start_retrieve (PbReceiver *self) {
  static const PbPop3Sink sink = { .data = data_arrived, .end = message_ended };
  GArray *numbers = self->plan->retrieve;

  self->delivery = pb_mail_store_deliver (self->store, pb_account_get_id (self->account));
  pb_removal_trust_delivery (self->removal, self->delivery);
  g_signal_connect_object (self->delivery, "committed", G_CALLBACK (committed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->delivery, "room", G_CALLBACK (room_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->delivery, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  pb_pop3_session_retrieve_async (
    self->session, (const guint *) numbers->data, (const guint64 *) self->plan->sizes->data,
    numbers->len, -1, &sink, self, cancellable_of (self), retrieved, g_object_ref (self));
}

static void
delivered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  if (!pb_delivery_finish_finish (self->delivery, result, &error))
    fail_storage (self, error);
  advance (self);
}

/* ---- The end ---- */

static gboolean
grace_over (gpointer data) {
  PbReceiver *self = data;

  self->grace = 0;
  g_cancellable_cancel (self->quit_cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_while_quitting (GCancellable *cancellable, gpointer data) {
  PbReceiver *self = data;

  self->grace = g_timeout_add (QUIT_GRACE_MS, grace_over, self);
  return G_SOURCE_REMOVE;
}

static void
watch_cancel (PbReceiver *self) {
  self->cancel_watch = g_cancellable_source_new (cancellable_of (self));
  g_source_set_callback (self->cancel_watch, G_SOURCE_FUNC (cancelled_while_quitting), self, NULL);
  g_source_attach (self->cancel_watch, g_main_context_get_thread_default ());
}

static void
unwatch_cancel (PbReceiver *self) {
  if (self->cancel_watch)
    g_source_destroy (self->cancel_watch);
  g_clear_pointer (&self->cancel_watch, g_source_unref);
  g_clear_handle_id (&self->grace, g_source_remove);
}

static void
quitted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  g_autoptr (GError) error = NULL;

  if (pb_removal_quit_finish (self->removal, result, &self->result.removed, &error))
    self->result.on_server -= MIN (self->result.removed, self->result.on_server);
  else if (pb_removal_has_marks (self->removal))
    fail (self, g_steal_pointer (&error));
  /* Otherwise nothing depended on it: everything that was to come is here. */
  advance (self);
}

static void
quitted_early (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;

  pb_pop3_session_quit_finish (self->session, result, NULL);
  advance (self);
}

static void
start_quit (PbReceiver *self) {
  gboolean stopped = g_cancellable_is_cancelled (cancellable_of (self));

  watch_cancel (self);
  if (!self->removal) {
    pb_pop3_session_quit_async (self->session, self->quit_cancellable, quitted_early,
                                g_object_ref (self));
    return;
  }
  if (!stopped)
    pb_removal_request (self->removal, (const guint *) self->plan->remove->data,
                        self->plan->remove->len);
  if (pb_removal_has_marks (self->removal))
    pb_operation_set_phase (self->operation, PB_PHASE_REMOVING);
  pb_removal_quit_async (self->removal, self->quit_cancellable, quitted, g_object_ref (self));
}

static void
finish (PbReceiver *self) {
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  unwatch_cancel (self);
  if (self->session)
    pb_pop3_session_close (self->session);
  if (self->locked)
    pb_mail_store_unlock_account (self->store, pb_account_get_id (self->account));
  pb_operation_set_phase (self->operation, PB_PHASE_FINISHED);
  if (self->error)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* ---- The machine ---- */

static State
state_after (PbReceiver *self) {
  State or_quit = self->session_usable ? STATE_QUIT : STATE_DONE;

  switch (self->state) {
  case STATE_IDLE:
    return self->error ? STATE_DONE : STATE_PREPARE;
  case STATE_PREPARE:
    return self->error ? STATE_DONE : STATE_SECRET;
  case STATE_SECRET:
    return self->error ? STATE_DONE : STATE_LOCK;
  case STATE_LOCK:
    return self->error ? STATE_DONE : STATE_OPEN;
  case STATE_OPEN:
    return self->error ? STATE_DONE : STATE_LIST;
  case STATE_LIST:
    return self->error ? or_quit : STATE_MATCH;
  case STATE_MATCH:
    return self->error || self->plan->retrieve->len == 0 ? or_quit : STATE_RETRIEVE;
  case STATE_RETRIEVE:
    return STATE_COMMIT;
  case STATE_COMMIT:
    return or_quit;
  case STATE_QUIT:
  case STATE_DONE:
  default:
    return STATE_DONE;
  }
}

static void
advance (PbReceiver *self) {
  const char *id = pb_account_get_id (self->account);

  self->state = state_after (self);
  g_debug ("%s: %s", id, state_names[self->state]);
  switch (self->state) {
  case STATE_PREPARE:
    pb_operation_set_phase (self->operation, PB_PHASE_CONNECTING);
    pb_mail_store_add_account_async (self->store, id, cancellable_of (self), prepared,
                                     g_object_ref (self));
    break;
  case STATE_SECRET:
    pb_secrets_lookup_async (self->secrets, self->account, cancellable_of (self), secret_found,
                             g_object_ref (self));
    break;
  case STATE_LOCK:
    pb_mail_store_lock_account_async (self->store, id, cancellable_of (self), locked,
                                      g_object_ref (self));
    break;
  case STATE_OPEN:
    start_open (self);
    break;
  case STATE_LIST:
    pb_operation_set_phase (self->operation, PB_PHASE_LISTING);
    pb_pop3_session_list_async (self->session, cancellable_of (self), listed, g_object_ref (self));
    break;
  case STATE_MATCH:
    pb_mail_store_match_listing_async (self->store, id, self->listing, cancellable_of (self),
                                       matched, g_object_ref (self));
    break;
  case STATE_RETRIEVE:
    pb_operation_set_phase (self->operation, PB_PHASE_RECEIVING);
    start_retrieve (self);
    break;
  case STATE_COMMIT:
    pb_delivery_finish_async (self->delivery, delivered, g_object_ref (self));
    break;
  case STATE_QUIT:
    start_quit (self);
    break;
  case STATE_DONE:
    finish (self);
    break;
  case STATE_IDLE:
  default:
    g_assert_not_reached ();
  }
}

static void
pb_receiver_finalize (GObject *object) {
  PbReceiver *self = PB_RECEIVER (object);

  g_clear_object (&self->account);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  g_clear_object (&self->operation);
  g_clear_object (&self->session);
  g_clear_object (&self->removal);
  g_clear_object (&self->delivery);
  g_clear_object (&self->quit_cancellable);
  g_clear_pointer (&self->secret, pb_secret_unref);
  g_clear_pointer (&self->listing, pb_listing_unref);
  g_clear_pointer (&self->plan, pb_fetch_plan_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (pb_receiver_parent_class)->finalize (object);
}

static void
pb_receiver_class_init (PbReceiverClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_receiver_finalize;
}

static void
pb_receiver_init (PbReceiver *self) {
  self->quit_cancellable = g_cancellable_new ();
}

PbReceiver *
pb_receiver_new (PbAccount *account,
                 PbSecrets *secrets,
                 PbMailStore *store,
                 PbOperation *operation) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (PB_IS_SECRETS (secrets), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (PB_IS_OPERATION (operation), NULL);

  PbReceiver *self = g_object_new (PB_TYPE_RECEIVER, NULL);
  /* A copy: what is changed in a window meanwhile holds for the next pass. */
  self->account = pb_account_copy (account);
  self->secrets = g_object_ref (secrets);
  self->store = g_object_ref (store);
  self->operation = g_object_ref (operation);
  return self;
}

void
pb_receiver_run_async (PbReceiver *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_RECEIVER (self));
  g_return_if_fail (self->state == STATE_IDLE);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, pb_receiver_run_async);
  pb_account_validate (self->account, &self->error);
  advance (self);
}

gboolean
pb_receiver_run_finish (PbReceiver *self,
                        GAsyncResult *result,
                        PbFetchResult *fetched,
                        GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *fetched = self->result;
  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
pb_receiver_dup_transcript (PbReceiver *self) {
  g_return_val_if_fail (PB_IS_RECEIVER (self), NULL);

  if (!self->session)
    return g_strdup ("");
  return pb_transcript_to_text (pb_pop3_session_get_transcript (self->session));
}
