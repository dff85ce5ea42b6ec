/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Three calls of a session in a row. */

#include "pb-account-trial.h"

#include "pb-account-session.h"

typedef struct {
  PbPop3Session *session;
  guint messages;
  guint64 octets;
  PbTrialFacts *facts; /* NULL until the mailbox was looked at */
} Trial;

PbTrialFacts *
pb_trial_facts_copy (const PbTrialFacts *self) {
  g_return_val_if_fail (self != NULL, NULL);

  PbTrialFacts *copy = g_memdup2 (self, sizeof *self);
  copy->tls = g_strdup (self->tls);
  copy->implementation = g_strdup (self->implementation);
  copy->capabilities = g_strdupv (self->capabilities);
  return copy;
}

void
pb_trial_facts_free (PbTrialFacts *self) {
  if (!self)
    return;
  g_free (self->tls);
  g_free (self->implementation);
  g_strfreev (self->capabilities);
  g_free (self);
}

static void
trial_free (gpointer data) {
  Trial *trial = data;

  if (!pb_pop3_session_is_leaving (trial->session))
    pb_pop3_session_close (trial->session);
  g_object_unref (trial->session);
  pb_trial_facts_free (trial->facts);
  g_free (trial);
}

/* The answer is known by now; a server that does not say goodbye changes nothing in it. */
static void
quitted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;

  pb_pop3_session_quit_finish (PB_POP3_SESSION (source), result, NULL);
  g_task_return_boolean (task, TRUE);
}

static PbTrialFacts *
collect_facts (const Trial *trial) {
  const PbPop3Facts *facts = pb_pop3_session_get_facts (trial->session);
  const PbTrialFacts ours = {
    .messages = trial->messages,
    .octets = trial->octets,
    .tls = (char *) facts->tls,
    .implementation = (char *) facts->implementation,
    .capabilities = (GStrv) pb_pop3_session_get_capabilities (trial->session),
    .mechanism = facts->mechanism,
    .expire_days = facts->expire_days,
    .login_delay = facts->login_delay,
  };

  return pb_trial_facts_copy (&ours);
}

static void
counted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Trial *trial = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pb_pop3_session_stat_finish (trial->session, result, &trial->messages, &trial->octets,
                                    &error))
    g_task_return_error (task, error);
  else {
    trial->facts = collect_facts (trial);
    pb_pop3_session_quit_async (trial->session, g_task_get_cancellable (task), quitted,
                                g_object_ref (task));
  }
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Trial *trial = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pb_pop3_session_open_finish (trial->session, result, &error))
    g_task_return_error (task, error);
  else
    pb_pop3_session_stat_async (trial->session, g_task_get_cancellable (task), counted,
                                g_object_ref (task));
}

void
pb_account_trial_async (PbAccount *account,
                        PbSecret *secret,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (secret || !pb_auth_needs_secret (pb_account_get_auth (account)));

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (PbPop3Session) session = pb_account_session_new (account, secret);
  Trial *trial = g_new0 (Trial, 1);

  trial->session = g_object_ref (session);
  g_task_set_source_tag (task, pb_account_trial_async);
  g_task_set_task_data (task, trial, trial_free);
  pb_pop3_session_open_async (session, cancellable, opened, g_object_ref (task));
}

gboolean
pb_account_trial_finish (GAsyncResult *result, guint *messages, guint64 *octets, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  const Trial *trial = g_task_get_task_data (G_TASK (result));
  *messages = trial->messages;
  *octets = trial->octets;
  return g_task_propagate_boolean (G_TASK (result), error);
}

const PbTrialFacts *
pb_account_trial_get_facts (GAsyncResult *result) {
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_account_trial_async), NULL);

  return ((const Trial *) g_task_get_task_data (G_TASK (result)))->facts;
}
