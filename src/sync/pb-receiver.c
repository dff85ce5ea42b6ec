/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The state machine of one pass. Callbacks record what happened and call advance (), which alone
 * changes the state. What to retrieve and remove is decided in pb-fetch-plan, whether a removal
 * is allowed in pb-removal. */

#include "pb-receiver.h"

#include "pb-account-policy.h"
#include "pb-account-session.h"
#include "pb-detour.h"
#include "pb-error.h"
#include "pb-fetch-plan.h"
#include "pb-grace.h"
#include "pb-naming.h"
#include "pb-patience.h"
#include "pb-pop3-session.h"
#include "pb-removal.h"
#include "pb-retrieval.h"

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
  STATE_RETRIEVE, /* messages come and become durable, DELEs follow */
  STATE_QUIT,     /* remaining removals, QUIT */
  STATE_DONE,
} State;

static const char *const state_names[] = {
  [STATE_IDLE] = "idle",   [STATE_PREPARE] = "prepare",   [STATE_SECRET] = "secret",
  [STATE_LOCK] = "lock",   [STATE_OPEN] = "open",         [STATE_LIST] = "list",
  [STATE_MATCH] = "match", [STATE_RETRIEVE] = "retrieve", [STATE_QUIT] = "quit",
  [STATE_DONE] = "done",
};

struct _PbReceiver {
  GObject parent_instance;

  PbAccount *account;
  PbSecrets *secrets;
  PbMailStore *store;
  PbOperation *operation;
  PbServerNotes *notes;
  GTask *task;

  State state;
  gboolean locked;
  gboolean signed_in;      /* the server let us in, in the first session */
  gboolean session_usable; /* QUIT may be tried */
  GError *error;           /* the first failure */
  PbFetchResult result;

  PbSecret *secret;
  PbPop3Session *session;
  PbListing *listing;
  PbNaming *naming;
  PbFetchPlan *plan;
  PbRemoval *removal;
  PbRetrieval *retrieval;
  GPtrArray *refused; /* of PbRefusedMessage: what stays on the server because it does not come */

  gboolean reconnecting; /* the next state is OPEN, with a new session */
  PbDetour detour;
  gboolean lost; /* among messages, once */
  GError *loss;  /* why the last session ended, when another one was begun */
  guint suspect; /* the message at which it ended */
  char *earlier; /* its transcript */

  PbGrace *grace; /* of QUIT */
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

/* Where the second session does not come about, what ended the first is what there is to tell: a
 * server may well refuse a log-in so soon. */
static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  self->session_usable = pb_pop3_session_open_finish (self->session, result, &error);
  self->signed_in |= self->session_usable;
  if (error && self->loss && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_error_free (error);
    error = g_error_copy (self->loss);
  }
  if (error)
    fail (self, error);
  advance (self);
}

static void
start_open (PbReceiver *self) {
  self->session =
    pb_account_session_new_noted (self->account, self->secret, self->notes, &self->detour);
  pb_pop3_session_open_async (self->session, cancellable_of (self), opened, g_object_ref (self));
}

/* Takes @error, and connects again where there is a chance to do without what ended the session. */
static void
lose_session (PbReceiver *self, GError *error, gboolean at_top) {
  if (g_cancellable_is_cancelled (cancellable_of (self)) ||
      !pb_detour_find (&self->detour, self->session, error, at_top)) {
    fail_session (self, error);
    return;
  }
  g_clear_error (&self->loss);
  self->loss = error;
  self->session_usable = FALSE;
  self->reconnecting = TRUE;
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;

  self->listing = pb_pop3_session_list_finish (self->session, result, &error);
  if (self->listing)
    self->result.on_server = pb_listing_get_length (self->listing);
  else
    lose_session (self, error, FALSE);
  advance (self);
}

static void
make_plan (PbReceiver *self, const GArray *rows) {
  PbFetchPolicy policy = pb_account_policy (self->account, self->session);

  policy.suspect = self->suspect;
  self->plan = pb_fetch_plan_new (self->listing, rows, &policy, now_seconds ());
  self->removal =
    pb_removal_new (self->session, self->store, pb_account_get_id (self->account), self->plan);
  pb_removal_trust_ledger (self->removal, rows);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  self->refused = pb_fetch_plan_list_refused (self->plan, rows);
  self->result.skipped = self->plan->counts[PB_VERDICT_TOO_LARGE];
  pb_operation_set_total (self->operation,
                          pb_operation_get_done (self->operation) + self->plan->retrieve->len,
                          pb_operation_get_bytes_done (self->operation) + self->plan->bytes);
}

static void
matched (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  GError *error = NULL;
  g_autoptr (GArray) rows = pb_naming_run_finish (self->naming, result, &error);

  if (rows) {
    pb_listing_unref (self->listing);
    self->listing = pb_listing_ref (pb_naming_get_listing (self->naming));
    make_plan (self, rows);
  } else
    lose_session (self, error, pb_naming_distrusts_top (self->naming));
  advance (self);
}

static void
start_match (PbReceiver *self) {
  gboolean may_top =
    !self->detour.no_top &&
    now_seconds () >= pb_server_notes_get (self->notes, self->account, PB_NOTE_TOP_LIES);
  gboolean repeat = pb_server_notes_get (self->notes, self->account, PB_NOTE_IDS_REPEAT) > 0;

  g_clear_object (&self->naming);
  self->naming = pb_naming_new (self->session, self->store, pb_account_get_id (self->account),
                                self->listing, may_top, repeat);
  pb_naming_run_async (self->naming, cancellable_of (self), matched, g_object_ref (self));
}

/* ---- Messages ---- */

static void
forget_session (PbReceiver *self) {
  g_autofree char *text = pb_receiver_dup_transcript (self);

  pb_pop3_session_close (self->session);
  g_free (self->earlier);
  self->earlier = g_steal_pointer (&text);
  g_clear_object (&self->session);
  g_clear_object (&self->removal);
  g_clear_object (&self->retrieval);
  g_clear_pointer (&self->listing, pb_listing_unref);
  g_clear_pointer (&self->plan, pb_fetch_plan_unref);
}

/* The first time may be the network: the message is asked for again, as the last one, in a second
 * session or, when there can be none, at the next check. A message at which the session was lost
 * twice in a row is one that the server cannot deliver. */
static void
take_loss (PbReceiver *self, guint number, GError *error) {
  gboolean again = pb_fetch_plan_has_failed (self->plan, number);

  self->session_usable = FALSE;
  pb_retrieval_note_loss (self->retrieval, again);
  if (again && pb_retrieval_get_left (self->retrieval) == 0) {
    self->detour.lock_step = FALSE;
    g_error_free (error);
    return;
  }
  self->suspect = number;
  self->reconnecting = !self->lost && !g_cancellable_is_cancelled (cancellable_of (self));
  self->lost = TRUE;
  if (!self->reconnecting) {
    self->detour.lock_step = FALSE;
    fail (self, error);
    return;
  }
  pb_detour_slow_down (&self->detour, self->session, error);
  g_clear_error (&self->loss);
  self->loss = error;
}

static void
take_refused (PbReceiver *self) {
  GPtrArray *refused = pb_retrieval_get_refused (self->retrieval);

  while (refused->len > 0)
    g_ptr_array_add (self->refused, g_ptr_array_steal_index (refused, 0));
}

static void
retrieved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbReceiver) self = data;
  guint lost_at = pb_retrieval_get_lost_at (self->retrieval);
  GError *error = NULL;

  pb_retrieval_run_finish (self->retrieval, result, &error);
  if (error && lost_at)
    take_loss (self, lost_at, error);
  else if (error)
    fail_session (self, error);
  pb_retrieval_take_result (self->retrieval, &self->result);
  take_refused (self);
  advance (self);
}

static void
start_retrieve (PbReceiver *self) {
  self->retrieval = pb_retrieval_new (
    self->session, self->store, pb_account_get_id (self->account), self->plan, self->removal,
    pb_account_get_on_server (self->account) == PB_ON_SERVER_DELETE, self->operation);
  pb_retrieval_set_naming (self->retrieval, self->naming);
  pb_retrieval_run_async (self->retrieval, cancellable_of (self), retrieved, g_object_ref (self));
}

/* ---- The end ---- */

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

  self->grace = pb_grace_new (cancellable_of (self), QUIT_GRACE_MS);
  GCancellable *late = pb_grace_get_cancellable (self->grace);
  if (!self->removal) {
    pb_pop3_session_quit_async (self->session, late, quitted_early, g_object_ref (self));
    return;
  }
  if (!stopped) {
    pb_removal_request (self->removal, (const guint *) self->plan->remove->data,
                        self->plan->remove->len);
    pb_removal_request (self->removal, (const guint *) self->plan->remove_later->data,
                        self->plan->remove_later->len);
  }
  if (pb_removal_has_marks (self->removal))
    pb_operation_set_phase (self->operation, PB_PHASE_REMOVING);
  pb_removal_quit_async (self->removal, late, quitted, g_object_ref (self));
}

/* What is worth knowing the next time. */
static void
note_all (PbReceiver *self) {
  gint64 now = now_seconds ();

  if (!self->session)
    return;
  pb_account_session_note (self->account, self->session, self->notes);
  if (!self->error)
    pb_detour_note (&self->detour, self->notes, self->account, now);
  pb_patience_note (self->notes, self->account, self->error, self->signed_in,
                    pb_pop3_session_get_facts (self->session)->login_delay, now);
  if (self->naming)
    pb_naming_note (self->naming, self->notes, self->account, now);
}

static void
finish (PbReceiver *self) {
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_clear_pointer (&self->grace, pb_grace_free);
  note_all (self);
  if (self->session && !pb_pop3_session_is_leaving (self->session))
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
    return self->reconnecting ? STATE_OPEN : self->error ? or_quit : STATE_MATCH;
  case STATE_MATCH:
    if (self->reconnecting)
      return STATE_OPEN;
    return self->error || self->plan->retrieve->len == 0 ? or_quit : STATE_RETRIEVE;
  case STATE_RETRIEVE:
    return self->reconnecting ? STATE_OPEN : or_quit;
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
    if (!pb_auth_needs_secret (pb_account_get_auth (self->account))) {
      advance (self);
      break;
    }
    pb_secrets_lookup_async (self->secrets, self->account, cancellable_of (self), secret_found,
                             g_object_ref (self));
    break;
  case STATE_LOCK:
    pb_mail_store_lock_account_async (self->store, id, cancellable_of (self), locked,
                                      g_object_ref (self));
    break;
  case STATE_OPEN:
    if (self->reconnecting)
      forget_session (self);
    self->reconnecting = FALSE;
    pb_operation_set_phase (self->operation, PB_PHASE_CONNECTING);
    start_open (self);
    break;
  case STATE_LIST:
    pb_operation_set_phase (self->operation, PB_PHASE_LISTING);
    pb_pop3_session_list_async (self->session, cancellable_of (self), listed, g_object_ref (self));
    break;
  case STATE_MATCH:
    start_match (self);
    break;
  case STATE_RETRIEVE:
    pb_operation_set_phase (self->operation, PB_PHASE_RECEIVING);
    start_retrieve (self);
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
  g_clear_object (&self->retrieval);
  g_clear_object (&self->naming);
  g_clear_object (&self->notes);
  g_clear_pointer (&self->grace, pb_grace_free);
  g_clear_pointer (&self->secret, pb_secret_unref);
  g_clear_pointer (&self->listing, pb_listing_unref);
  g_clear_pointer (&self->plan, pb_fetch_plan_unref);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_clear_error (&self->loss);
  g_free (self->earlier);
  G_OBJECT_CLASS (pb_receiver_parent_class)->finalize (object);
}

static void
pb_receiver_class_init (PbReceiverClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_receiver_finalize;
}

static void
pb_receiver_init (PbReceiver *self) {}

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
  self->notes = pb_server_notes_new (NULL);
  return self;
}

void
pb_receiver_set_notes (PbReceiver *self, PbServerNotes *notes) {
  g_return_if_fail (PB_IS_RECEIVER (self));
  g_return_if_fail (PB_IS_SERVER_NOTES (notes));

  g_set_object (&self->notes, notes);
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

  const char *earlier = self->earlier ? self->earlier : "";
  if (!self->session)
    return g_strdup (earlier);
  g_autofree char *text = pb_transcript_to_text (pb_pop3_session_get_transcript (self->session));
  return g_strconcat (earlier, text, NULL);
}

GPtrArray *
pb_receiver_get_refused (PbReceiver *self) {
  g_return_val_if_fail (PB_IS_RECEIVER (self), NULL);

  return self->refused;
}
