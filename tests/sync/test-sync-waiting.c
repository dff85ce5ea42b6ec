/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Checks that must not begin: after a mailbox in use, during a pause between log-ins, while another
 * password is waited for; and what of it survives a restart. */

#include "pb-error.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#include <string.h>

typedef struct {
  PbSyncFixture *fixture;
  PbAccountList *accounts;
  PbSyncService *service;
  PbDemoServer *server;
  PbAccount *account;
  guint questions; /* "needs-password-changed" */
} Scene;

static void
count_cb (PbSyncService *service, PbAccount *account, Scene *scene) {
  scene->questions++;
}

static void
start_service (Scene *scene) {
  g_autoptr (PbServerNotes) notes = pb_server_notes_new (scene->fixture->dir);

  scene->service =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  g_signal_connect (scene->service, "needs-password-changed", G_CALLBACK (count_cb), scene);
  pb_sync_service_set_notes (scene->service, notes);
}

static void
stop_service (Scene *scene) {
  GAsyncResult *done = NULL;

  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_stop_finish (scene->service, result, NULL));
  g_clear_object (&result);
  g_assert_finalize_object (scene->service);
}

static void
set_up (Scene *scene, gconstpointer unused) {
  scene->fixture = pb_sync_fixture_new ();
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  scene->server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 1);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->server, PB_DEMO_PLAIN, "keep");
  start_service (scene);
}

static void
tear_down (Scene *scene, gconstpointer unused) {
  stop_service (scene);
  g_object_unref (scene->account);
  g_object_unref (scene->server);
  g_object_unref (scene->accounts);
  pb_sync_fixture_free (scene->fixture);
}

/* One check; its error, or NULL. */
static GError *
check (Scene *scene, gboolean forced) {
  GAsyncResult *done = NULL;
  GError *error = NULL;

  if (forced)
    pb_sync_service_force_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  else
    pb_sync_service_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_sync_service_check_finish (scene->service, result, NULL, &error);
  return error;
}

static guint
sign_ins (Scene *scene) {
  return pb_sync_fixture_count_commands (scene->server, "PASS");
}

static PbDemoVerdict
answer_pass (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  if (!g_str_has_prefix (command, "PASS"))
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new (data, strlen (data));
  return PB_DEMO_REPLY;
}

static void
test_in_use (Scene *scene, gconstpointer reply) {
  pb_demo_server_set_hook (scene->server, answer_pass, (gpointer) reply);
  g_autoptr (GError) first = check (scene, FALSE);
  g_assert_error (first, PB_ERROR, PB_ERROR_BUSY);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) second = check (scene, FALSE);
    g_assert_error (second, PB_ERROR, PB_ERROR_BUSY);
    g_assert_cmpuint (pb_error_get_retry_after (second), >=, 50);
    g_assert_cmpuint (pb_error_get_retry_after (second), <=, 60);
    g_assert_cmpuint (sign_ins (scene), ==, 1);
    stop_service (scene);
    start_service (scene);
  }
  g_assert_false (pb_sync_service_needs_password (scene->service, scene->account));
  pb_demo_server_set_hook (scene->server, NULL, NULL);
  g_assert_no_error (check (scene, TRUE));
  g_assert_no_error (check (scene, FALSE));
  g_assert_cmpuint (sign_ins (scene), ==, 3);
  g_assert_cmpuint (scene->questions, ==, 0);
}

static void
test_login_delay (Scene *scene, gconstpointer unused) {
  static const char *const capabilities[] = { "TOP", "UIDL", "USER", "LOGIN-DELAY 120", NULL };

  pb_demo_server_set_capabilities (scene->server, capabilities);
  g_assert_no_error (check (scene, FALSE));
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = check (scene, i > 0);
    g_assert_error (error, PB_ERROR, PB_ERROR_BUSY);
    g_assert_cmpstr (pb_error_get_response_code (error), ==, "LOGIN-DELAY");
    g_assert_cmpuint (pb_error_get_retry_after (error), >=, 110);
    /* Nothing went wrong there. */
    g_assert_null (pb_sync_service_get_error (scene->service, scene->account));
    stop_service (scene);
    start_service (scene);
  }
  g_assert_cmpuint (sign_ins (scene), ==, 1);
}

static void
test_question (Scene *scene, gconstpointer unused) {
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);

  pb_demo_server_set_hook (scene->server, answer_pass, (gpointer) "-ERR [AUTH] no\r\n");
  g_autoptr (GError) first = check (scene, FALSE);
  g_assert_error (first, PB_ERROR, PB_ERROR_SIGN_IN);
  pb_demo_server_set_hook (scene->server, NULL, NULL);
  stop_service (scene);
  start_service (scene);
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GError) error = check (scene, i % 2);
    g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  }
  g_assert_true (pb_sync_service_needs_password (scene->service, scene->account));
  g_assert_cmpuint (sign_ins (scene), ==, 1);
  g_assert_cmpuint (scene->questions, ==, 1);
  pb_secrets_remember (scene->fixture->secrets, scene->account, secret);
  g_assert_false (pb_sync_service_needs_password (scene->service, scene->account));
  g_assert_cmpuint (scene->questions, ==, 2);
  g_assert_no_error (check (scene, FALSE));
}

/* Once is not enough where the server does not say that it is the password. */
static void
test_plain_refusal (Scene *scene, gconstpointer unused) {
  pb_demo_server_set_hook (scene->server, answer_pass, (gpointer) "-ERR no\r\n");
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = check (scene, FALSE);
    g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
    g_assert_false (pb_sync_service_needs_password (scene->service, scene->account));
  }
  g_assert_cmpuint (sign_ins (scene), ==, 2);
  g_assert_cmpuint (scene->questions, ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add (path, Scene, data, set_up, func, tear_down)
  ADD ("/sync-waiting/in-use", "-ERR [IN-USE] locked\r\n", test_in_use);
  ADD ("/sync-waiting/in-use-in-words", "-ERR maildrop already locked\r\n", test_in_use);
  ADD ("/sync-waiting/trouble", "-ERR [SYS/TEMP] no\r\n", test_in_use);
  ADD ("/sync-waiting/login-delay", NULL, test_login_delay);
  ADD ("/sync-waiting/question", NULL, test_question);
  ADD ("/sync-waiting/plain-refusal", NULL, test_plain_refusal);
  return g_test_run ();
}
