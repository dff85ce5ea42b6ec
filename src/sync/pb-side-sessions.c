/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who tries or types holds the service; the lists only know of it. */

#include "pb-side-sessions.h"

#include "pb-account-trial.h"

struct _PbSideSessions {
  PbSyncService *service; /* borrowed */
  PbSecrets *secrets;
  PbMailStore *store;
  void (*settled) (PbSyncService *service);

  GPtrArray *trials;   /* of GCancellable, one for each trial under way */
  GPtrArray *consoles; /* of OpenConsole */
  PbServerMailboxes *mailboxes;
  PbTranscriptLog *log;
};

static void
log_settled_cb (PbSyncService *service) {
  _pb_sync_service_get_side_sessions (service)->settled (service);
}

PbSideSessions *
pb_side_sessions_new (PbSyncService *service,
                      PbSecrets *secrets,
                      PbMailStore *store,
                      void (*settled) (PbSyncService *service)) {
  PbSideSessions *self = g_new0 (PbSideSessions, 1);

  self->service = service;
  self->secrets = g_object_ref (secrets);
  self->store = g_object_ref (store);
  self->settled = settled;
  self->trials = g_ptr_array_new_with_free_func (g_object_unref);
  self->consoles = g_ptr_array_new ();
  self->mailboxes = pb_server_mailboxes_new (service, secrets, store);
  self->log = pb_transcript_log_new ();
  g_signal_connect_object (self->log, "settled", G_CALLBACK (log_settled_cb), service,
                           G_CONNECT_SWAPPED);
  return self;
}

void
pb_side_sessions_free (PbSideSessions *self) {
  if (!self)
    return;
  g_ptr_array_unref (self->trials);
  g_ptr_array_unref (self->consoles);
  pb_server_mailboxes_free (self->mailboxes);
  g_object_unref (self->log);
  g_object_unref (self->secrets);
  g_object_unref (self->store);
  g_free (self);
}

gboolean
pb_side_sessions_is_idle (PbSideSessions *self) {
  return self->trials->len == 0 && self->consoles->len == 0 &&
         pb_server_mailboxes_is_idle (self->mailboxes) && !pb_transcript_log_is_busy (self->log);
}

PbServerMailboxes *
pb_side_sessions_get_mailboxes (PbSideSessions *self) {
  return self->mailboxes;
}

/* ---- Trying an account ---- */

typedef struct {
  GCancellable *cancellable; /* ours: cancelled by the caller's and by stop () */
  gulong chained;
  guint messages;
  guint64 octets;
  PbTrialFacts *facts; /* NULL until it went well */
} Trial;

static void
trial_free (gpointer data) {
  Trial *trial = data;

  g_object_unref (trial->cancellable);
  pb_trial_facts_free (trial->facts);
  g_free (trial);
}

static void
cancel_trial (GCancellable *cancellable, gpointer data) {
  g_cancellable_cancel (data);
}

static void
tried (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbSyncService *service = g_task_get_source_object (task);
  PbSideSessions *self = _pb_sync_service_get_side_sessions (service);
  Trial *trial = g_task_get_task_data (task);
  GError *error = NULL;

  g_cancellable_disconnect (g_task_get_cancellable (task), trial->chained);
  if (pb_account_trial_finish (result, &trial->messages, &trial->octets, &error)) {
    trial->facts = pb_trial_facts_copy (pb_account_trial_get_facts (result));
    g_task_return_boolean (task, TRUE);
  } else
    g_task_return_error (task, error);
  g_ptr_array_remove (self->trials, trial->cancellable);
  self->settled (service);
}

void
pb_sync_service_try_async (PbSyncService *service,
                           PbAccount *account,
                           PbSecret *secret,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (service));
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (secret || !pb_auth_needs_secret (pb_account_get_auth (account)));

  PbSideSessions *self = _pb_sync_service_get_side_sessions (service);
  g_autoptr (GTask) task = g_task_new (service, cancellable, callback, user_data);
  Trial *trial = g_new0 (Trial, 1);
  trial->cancellable = g_cancellable_new ();
  if (cancellable)
    trial->chained =
      g_cancellable_connect (cancellable, G_CALLBACK (cancel_trial), trial->cancellable, NULL);
  g_task_set_source_tag (task, pb_sync_service_try_async);
  g_task_set_task_data (task, trial, trial_free);
  g_ptr_array_add (self->trials, g_object_ref (trial->cancellable));
  pb_account_trial_async (account, secret, trial->cancellable, tried, g_object_ref (task));
}

gboolean
pb_sync_service_try_finish (PbSyncService *service,
                            GAsyncResult *result,
                            guint *messages,
                            guint64 *octets,
                            GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, service), FALSE);

  const Trial *trial = g_task_get_task_data (G_TASK (result));
  if (messages)
    *messages = trial->messages;
  if (octets)
    *octets = trial->octets;
  return g_task_propagate_boolean (G_TASK (result), error);
}

const PbTrialFacts *
pb_sync_service_try_get_facts (PbSyncService *service, GAsyncResult *result) {
  g_return_val_if_fail (g_task_is_valid (result, service), NULL);

  return ((const Trial *) g_task_get_task_data (G_TASK (result)))->facts;
}

/* ---- Consoles ---- */

/* One console while it is open. */
typedef struct {
  PbSyncService *service; /* owned */
  PbConsole *console;     /* owned */
  gint64 started;         /* µs since 1970 */
} OpenConsole;

static void
console_event_cb (PbConsole *console, const PbConsoleEvent *event, gpointer data) {
  OpenConsole *open = data;

  if (event->kind != PB_CONSOLE_CLOSED)
    return;
  g_autoptr (PbSyncService) service = open->service;
  PbSideSessions *self = _pb_sync_service_get_side_sessions (service);
  g_autofree char *text = pb_console_dup_transcript (console);
  if (text)
    pb_side_sessions_log (self, pb_console_get_account (console), open->started, event->error,
                          text);
  g_ptr_array_remove (self->consoles, open);
  g_signal_handlers_disconnect_by_data (console, open);
  g_object_unref (open->console);
  g_free (open);
  self->settled (service);
}

PbConsole *
pb_sync_service_open_console (PbSyncService *service, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (service), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  PbSideSessions *self = _pb_sync_service_get_side_sessions (service);
  PbConsole *console = pb_console_new (account, self->secrets, self->store);
  OpenConsole *open = g_new (OpenConsole, 1);
  *open = (OpenConsole){ g_object_ref (service), g_object_ref (console), g_get_real_time () };
  g_ptr_array_add (self->consoles, open);
  g_signal_connect (console, "event", G_CALLBACK (console_event_cb), open);
  pb_console_open (console);
  return console;
}

gboolean
pb_side_sessions_has_console (PbSideSessions *self, PbAccount *account) {
  for (guint i = 0; i < self->consoles->len; i++) {
    OpenConsole *open = g_ptr_array_index (self->consoles, i);
    if (pb_console_get_account (open->console) == account)
      return TRUE;
  }
  return FALSE;
}

void
pb_side_sessions_stop (PbSideSessions *self) {
  for (guint i = 0; i < self->trials->len; i++)
    g_cancellable_cancel (g_ptr_array_index (self->trials, i));
  for (guint i = self->consoles->len; i > 0; i--) {
    OpenConsole *open = g_ptr_array_index (self->consoles, i - 1);
    pb_console_close (open->console);
  }
  pb_server_mailboxes_stop (self->mailboxes);
}

/* ---- The log ---- */

void
pb_side_sessions_log (PbSideSessions *self,
                      PbAccount *account,
                      gint64 started,
                      const GError *error,
                      const char *text) {
  pb_transcript_log_add (self->log, pb_account_get_id (account), started, error, text);
}

GListModel *
pb_sync_service_get_transcripts (PbSyncService *service, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (service), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  return pb_transcript_log_get_entries (_pb_sync_service_get_side_sessions (service)->log,
                                        pb_account_get_id (account));
}

void
pb_sync_service_set_transcript_folder (PbSyncService *service, const char *cache_dir) {
  g_return_if_fail (PB_IS_SYNC_SERVICE (service));

  pb_transcript_log_set_folder (_pb_sync_service_get_side_sessions (service)->log, cache_dir);
}
