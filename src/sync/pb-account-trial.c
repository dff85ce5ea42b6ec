/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Three calls of a session in a row. */

#include "pb-account-trial.h"

#include "pb-account-session.h"

typedef struct {
  PbPop3Session *session;
  guint messages;
  guint64 octets;
} Trial;

static void
trial_free (gpointer data) {
  Trial *trial = data;

  pb_pop3_session_close (trial->session);
  g_object_unref (trial->session);
  g_free (trial);
}

/* The answer is known by now; a server that does not say goodbye changes nothing in it. */
static void
quitted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;

  pb_pop3_session_quit_finish (PB_POP3_SESSION (source), result, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
counted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Trial *trial = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pb_pop3_session_stat_finish (trial->session, result, &trial->messages, &trial->octets,
                                    &error))
    g_task_return_error (task, error);
  else
    pb_pop3_session_quit_async (trial->session, g_task_get_cancellable (task), quitted,
                                g_object_ref (task));
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
  g_return_if_fail (secret != NULL);

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
