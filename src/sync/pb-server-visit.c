/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A chain of calls, one after the other: password → lock → session → listing → names. */

#include "pb-server-visit.h"

#include "pb-account-policy.h"
#include "pb-account-session.h"
#include "pb-error.h"
#include "pb-naming.h"
#include "pb-patience.h"

struct _PbServerVisit {
  GObject parent_instance;

  PbAccount *account; /* a copy */
  PbSecrets *secrets;
  PbMailStore *store;
  PbServerNotes *notes;

  PbPop3Session *session;
  PbListing *listing;
  GArray *ledger;
  PbNaming *naming;
  PbFetchPlan *plan;
  PbRemoval *removal;
  gboolean locked;
  gboolean signed_in;
};

G_DEFINE_FINAL_TYPE (PbServerVisit, pb_server_visit, G_TYPE_OBJECT)

enum { LISTED, N_SIGNALS };
static guint signals[N_SIGNALS];

static gint64
now_seconds (void) {
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* ---- Opening ---- */

static gboolean
has_names (PbListing *listing) {
  for (guint i = 0; i < pb_listing_get_length (listing); i++) {
    PbListingEntry entry;
    pb_listing_get (listing, i, &entry);
    if (entry.uid_length == 0)
      return FALSE;
  }
  return TRUE;
}

/* A plan knows what the messages are called in the ledger; it is not carried out. */
static void
make_door (PbServerVisit *self) {
  static const PbFetchPolicy keep = { .on_server = PB_ON_SERVER_KEEP };

  self->plan = pb_fetch_plan_new (self->listing, self->ledger, &keep, now_seconds ());
  self->removal =
    pb_removal_new (self->session, self->store, pb_account_get_id (self->account), self->plan);
  pb_removal_trust_ledger (self->removal, self->ledger);
}

static void
named (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbServerVisit *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->ledger = pb_naming_run_finish (self->naming, result, &error);
  if (!self->ledger) {
    g_task_return_error (task, error);
    return;
  }
  pb_listing_unref (self->listing);
  self->listing = pb_listing_ref (pb_naming_get_listing (self->naming));
  make_door (self);
  g_task_return_boolean (task, TRUE);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbServerVisit *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->listing = pb_pop3_session_list_finish (self->session, result, &error);
  if (!self->listing) {
    g_task_return_error (task, error);
    return;
  }
  if (!has_names (self->listing))
    g_signal_emit (self, signals[LISTED], 0);
  gboolean may_top =
    now_seconds () >= pb_server_notes_get (self->notes, self->account, PB_NOTE_TOP_LIES);
  gboolean repeat = pb_server_notes_get (self->notes, self->account, PB_NOTE_IDS_REPEAT) > 0;
  self->naming = pb_naming_new (self->session, self->store, pb_account_get_id (self->account),
                                self->listing, may_top, repeat);
  pb_naming_run_async (self->naming, g_task_get_cancellable (task), named, g_object_ref (task));
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbServerVisit *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->signed_in = pb_pop3_session_open_finish (self->session, result, &error);
  pb_account_session_note (self->account, self->session, self->notes);
  pb_patience_note (self->notes, self->account, error, self->signed_in,
                    pb_pop3_session_get_facts (self->session)->login_delay, now_seconds ());
  if (!self->signed_in) {
    g_task_return_error (task, error);
    return;
  }
  pb_pop3_session_list_async (self->session, g_task_get_cancellable (task), listed,
                              g_object_ref (task));
}

static void
locked (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbServerVisit *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->locked = pb_mail_store_lock_account_finish (self->store, result, &error);
  if (!self->locked) {
    g_task_return_error (task, error);
    return;
  }
  pb_pop3_session_open_async (self->session, g_task_get_cancellable (task), opened,
                              g_object_ref (task));
}

/* @secret NULL: none is needed. */
static void
lock (GTask *task, PbSecret *secret) {
  static const PbDetour none = { 0 };
  PbServerVisit *self = g_task_get_source_object (task);

  self->session = pb_account_session_new_noted (self->account, secret, self->notes, &none);
  pb_mail_store_lock_account_async (self->store, pb_account_get_id (self->account),
                                    g_task_get_cancellable (task), locked, g_object_ref (task));
}

static void
secret_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (PbSecret) secret = pb_secrets_lookup_finish (PB_SECRETS (source), result, &error);

  if (secret)
    lock (task, secret);
  else
    g_task_return_error (task, error);
}

void
pb_server_visit_open_async (PbServerVisit *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_VISIT (self));
  g_return_if_fail (self->session == NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = pb_patience_ask (self->notes, self->account, TRUE, now_seconds ());

  g_task_set_source_tag (task, pb_server_visit_open_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!error)
    pb_account_validate (self->account, &error);
  if (error) {
    g_task_return_error (task, error);
    return;
  }
  if (pb_auth_needs_secret (pb_account_get_auth (self->account)))
    pb_secrets_lookup_async (self->secrets, self->account, cancellable, secret_found,
                             g_object_ref (task));
  else
    lock (task, NULL);
}

gboolean
pb_server_visit_open_finish (PbServerVisit *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Matching again ---- */

static void
matched (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbServerVisit *self = g_task_get_source_object (task);
  GError *error = NULL;
  GArray *ledger = pb_mail_store_match_listing_finish (self->store, result, &error);

  if (!ledger) {
    g_task_return_error (task, error);
    return;
  }
  g_array_unref (self->ledger);
  self->ledger = ledger;
  g_task_return_boolean (task, TRUE);
}

void
pb_server_visit_match_async (PbServerVisit *self,
                             GAsyncReadyCallback callback,
                             gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_VISIT (self));
  g_return_if_fail (self->ledger != NULL);

  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, pb_server_visit_match_async);
  pb_mail_store_match_listing_async (self->store, pb_account_get_id (self->account), self->listing,
                                     NULL, matched, task);
}

gboolean
pb_server_visit_match_finish (PbServerVisit *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Leaving ---- */

static void
free_mailbox (PbServerVisit *self) {
  if (self->session)
    pb_pop3_session_close (self->session);
  if (self->locked)
    pb_mail_store_unlock_account (self->store, pb_account_get_id (self->account));
  self->locked = FALSE;
}

static void
quitted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbServerVisit *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  guint removed;
  gboolean confirmed = pb_removal_quit_finish (self->removal, result, &removed, &error);

  free_mailbox (self);
  if (!confirmed && pb_removal_has_marks (self->removal)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  GArray *gone = g_array_new (FALSE, FALSE, sizeof (guint));
  const GArray *marked = pb_removal_get_marked (self->removal);
  if (confirmed)
    g_array_append_vals (gone, marked->data, marked->len);
  g_task_return_pointer (task, gone, (GDestroyNotify) g_array_unref);
}

static void
quitted_early (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbServerVisit *self = g_task_get_source_object (task);

  /* Nothing was asked for: it does not matter whether the server says goodbye. */
  pb_pop3_session_quit_finish (self->session, result, NULL);
  free_mailbox (self);
  g_task_return_pointer (task, g_array_new (FALSE, FALSE, sizeof (guint)),
                         (GDestroyNotify) g_array_unref);
}

void
pb_server_visit_leave_async (PbServerVisit *self,
                             GAsyncReadyCallback callback,
                             gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_VISIT (self));

  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, pb_server_visit_leave_async);
  if (self->removal)
    pb_removal_quit_async (self->removal, NULL, quitted, g_object_ref (task));
  else if (self->signed_in)
    pb_pop3_session_quit_async (self->session, NULL, quitted_early, g_object_ref (task));
  else {
    free_mailbox (self);
    g_task_return_pointer (task, g_array_new (FALSE, FALSE, sizeof (guint)),
                           (GDestroyNotify) g_array_unref);
  }
}

gboolean
pb_server_visit_leave_finish (PbServerVisit *self,
                              GAsyncResult *result,
                              GArray **gone,
                              GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *gone = g_task_propagate_pointer (G_TASK (result), error);
  return *gone != NULL;
}

/* ---- Object ---- */

static void
pb_server_visit_dispose (GObject *object) {
  free_mailbox (PB_SERVER_VISIT (object));
  G_OBJECT_CLASS (pb_server_visit_parent_class)->dispose (object);
}

static void
pb_server_visit_finalize (GObject *object) {
  PbServerVisit *self = PB_SERVER_VISIT (object);

  g_clear_object (&self->removal);
  g_clear_object (&self->naming);
  g_clear_object (&self->session);
  g_clear_pointer (&self->plan, pb_fetch_plan_unref);
  g_clear_pointer (&self->listing, pb_listing_unref);
  g_clear_pointer (&self->ledger, g_array_unref);
  g_clear_object (&self->account);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  g_clear_object (&self->notes);
  G_OBJECT_CLASS (pb_server_visit_parent_class)->finalize (object);
}

static void
pb_server_visit_class_init (PbServerVisitClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_server_visit_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_server_visit_finalize;
  signals[LISTED] = g_signal_new ("listed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
pb_server_visit_init (PbServerVisit *self) {}

PbServerVisit *
pb_server_visit_new (PbAccount *account,
                     PbSecrets *secrets,
                     PbMailStore *store,
                     PbServerNotes *notes) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (PB_IS_SECRETS (secrets), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (PB_IS_SERVER_NOTES (notes), NULL);

  PbServerVisit *self = g_object_new (PB_TYPE_SERVER_VISIT, NULL);
  self->account = pb_account_copy (account);
  self->secrets = g_object_ref (secrets);
  self->store = g_object_ref (store);
  self->notes = g_object_ref (notes);
  return self;
}

PbPop3Session *
pb_server_visit_get_session (PbServerVisit *self) {
  g_return_val_if_fail (PB_IS_SERVER_VISIT (self), NULL);

  return self->session;
}

PbListing *
pb_server_visit_get_listing (PbServerVisit *self) {
  g_return_val_if_fail (PB_IS_SERVER_VISIT (self), NULL);

  return self->listing;
}

const GArray *
pb_server_visit_get_ledger (PbServerVisit *self) {
  g_return_val_if_fail (PB_IS_SERVER_VISIT (self), NULL);

  return self->ledger;
}

PbRemoval *
pb_server_visit_get_removal (PbServerVisit *self) {
  g_return_val_if_fail (PB_IS_SERVER_VISIT (self), NULL);

  return self->removal;
}

gboolean
pb_server_visit_may_top (PbServerVisit *self) {
  g_return_val_if_fail (PB_IS_SERVER_VISIT (self), FALSE);

  return !pb_account_policy (self->account, self->session).no_top &&
         now_seconds () >= pb_server_notes_get (self->notes, self->account, PB_NOTE_TOP_LIES) &&
         !pb_naming_distrusts_top (self->naming);
}

char *
pb_server_visit_dup_transcript (PbServerVisit *self) {
  g_return_val_if_fail (PB_IS_SERVER_VISIT (self), NULL);

  return self->session ? pb_transcript_to_text (pb_pop3_session_get_transcript (self->session))
                       : NULL;
}
