/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which checks run and wait, who is told, and how everything stops. */

#include "pb-error.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#include <string.h>

#define COUNT 3
#define ACCOUNTS 6

typedef struct {
  PbSyncFixture *fixture;
  PbAccountList *accounts;
  PbDemoServer *servers[ACCOUNTS];
  PbSyncService *service;
  guint finished;
  guint failed;
} Scene;

static PbDemoVerdict
stall (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  return g_str_has_prefix (command, "UIDL") ? PB_DEMO_SILENT : PB_DEMO_ANSWER;
}

static void
finished_cb (PbSyncService *service,
             PbAccount *account,
             PbFetchResult *result,
             GError *error,
             gpointer data) {
  Scene *scene = data;

  g_assert_true (PB_IS_ACCOUNT (account));
  g_assert_nonnull (result);
  scene->finished++;
  scene->failed += error != NULL;
}

static Scene *
scene_new (void) {
  Scene *scene = g_new0 (Scene, 1);
  g_autoptr (GError) error = NULL;

  scene->fixture = pb_sync_fixture_new ();
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  for (guint i = 0; i < ACCOUNTS; i++) {
    g_autofree char *id = g_strdup_printf ("a%u", i);

    scene->servers[i] = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, COUNT);
    g_autoptr (PbAccount) account =
      pb_sync_fixture_make_account (scene->fixture, id, scene->servers[i], PB_DEMO_PLAIN, "keep");
    g_object_set (account, "timeout", 60, NULL);
    pb_account_list_add (scene->accounts, account, &error);
    g_assert_no_error (error);
  }
  scene->service =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  g_signal_connect (scene->service, "finished", G_CALLBACK (finished_cb), scene);
  return scene;
}

static void
scene_free (Scene *scene) {
  g_assert_finalize_object (scene->service);
  for (guint i = 0; i < ACCOUNTS; i++)
    g_object_unref (scene->servers[i]);
  g_object_unref (scene->accounts);
  pb_sync_fixture_free (scene->fixture);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static PbAccount *
account_at (Scene *scene, guint index) {
  g_autofree char *id = g_strdup_printf ("a%u", index);

  return pb_account_list_find (scene->accounts, id);
}

static void
stall_all (Scene *scene) {
  for (guint i = 0; i < ACCOUNTS; i++)
    pb_demo_server_set_hook (scene->servers[i], stall, NULL);
}

static guint
count_phase (Scene *scene, PbPhase phase) {
  GListModel *operations = pb_sync_service_get_operations (scene->service);
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++) {
    g_autoptr (PbOperation) operation = g_list_model_get_item (operations, i);
    count += pb_operation_get_phase (operation) == phase;
  }
  return count;
}

static gboolean
is_busy (Scene *scene) {
  gboolean busy;

  g_object_get (scene->service, "busy", &busy, NULL);
  return busy;
}

static gboolean
is_idle (gpointer data) {
  return !is_busy (data);
}

static gboolean
four_are_listing (gpointer data) {
  return count_phase (data, PB_PHASE_LISTING) == 4;
}

static void
stop (Scene *scene) {
  GAsyncResult *done = NULL;

  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_stop_finish (scene->service, result, NULL));
  g_assert_false (is_busy (scene));
}

static void
test_check_all (void) {
  g_autoptr (Scene) scene = scene_new ();

  g_object_set (account_at (scene, 5), "enabled", FALSE, NULL);
  pb_sync_service_check_all (scene->service);
  g_assert_true (is_busy (scene));
  g_assert_cmpuint (g_list_model_get_n_items (pb_sync_service_get_operations (scene->service)), ==,
                    5);
  pb_test_until (is_idle, scene);
  g_assert_cmpuint (scene->finished, ==, 5);
  g_assert_cmpuint (scene->failed, ==, 0);
  for (guint i = 0; i < ACCOUNTS; i++) {
    g_autofree char *id = g_strdup_printf ("a%u", i);
    g_assert_cmpuint (pb_sync_fixture_count_stored (scene->fixture, id, COUNT), ==,
                      i < 5 ? COUNT : 0);
  }
}

static void
test_four_at_once (void) {
  g_autoptr (Scene) scene = scene_new ();

  stall_all (scene);
  pb_sync_service_check_all (scene->service);
  pb_test_until (four_are_listing, scene);
  pb_test_pass_time (100);
  g_assert_cmpuint (count_phase (scene, PB_PHASE_LISTING), ==, 4);
  g_assert_cmpuint (count_phase (scene, PB_PHASE_WAITING), ==, 2);
  stop (scene);
  g_assert_cmpuint (scene->finished, ==, ACCOUNTS);
  g_assert_cmpuint (scene->failed, ==, ACCOUNTS);
}

static void
test_waiting_is_cancelled (void) {
  g_autoptr (Scene) scene = scene_new ();
  GAsyncResult *done = NULL;
  g_autoptr (GError) error = NULL;

  stall_all (scene);
  pb_sync_service_check_all (scene->service);
  pb_test_until (four_are_listing, scene);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  pb_sync_service_check_async (scene->service, account_at (scene, 5), cancellable, pb_test_done,
                               &done);
  g_autoptr (PbOperation) operation =
    g_list_model_get_item (pb_sync_service_get_operations (scene->service), 5);
  g_assert_cmpstr (pb_operation_get_account_id (operation), ==, "a5");
  pb_operation_cancel (operation);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_sync_service_check_finish (scene->service, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (pb_operation_get_phase (operation), ==, PB_PHASE_FINISHED);
  g_assert_null (*pb_demo_server_get_log (scene->servers[5]));
  stop (scene);
}

static void
test_join (void) {
  g_autoptr (Scene) scene = scene_new ();
  GAsyncResult *first = NULL, *second = NULL;
  PbFetchResult fetched = { 0 };

  pb_sync_service_check_async (scene->service, account_at (scene, 0), NULL, pb_test_done, &first);
  pb_sync_service_check_async (scene->service, account_at (scene, 0), NULL, pb_test_done, &second);
  g_assert_cmpuint (g_list_model_get_n_items (pb_sync_service_get_operations (scene->service)), ==,
                    1);
  g_autoptr (GAsyncResult) result = pb_test_wait (&first);
  g_assert_true (pb_sync_service_check_finish (scene->service, result, &fetched, NULL));
  g_assert_cmpuint (fetched.stored, ==, COUNT);
  g_autoptr (GAsyncResult) same = pb_test_wait (&second);
  g_assert_true (pb_sync_service_check_finish (scene->service, same, &fetched, NULL));
  g_assert_cmpuint (fetched.stored, ==, COUNT);
  g_assert_cmpuint (scene->finished, ==, 1);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->servers[0], "USER"), ==, 1);
}

/* Who no longer waits takes nothing from the others; the last one takes the check with him. */
static void
test_waiters_cancel (void) {
  g_autoptr (Scene) scene = scene_new ();
  g_autoptr (GCancellable) one = g_cancellable_new ();
  g_autoptr (GCancellable) two = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *first = NULL, *second = NULL;

  stall_all (scene);
  pb_sync_service_check_async (scene->service, account_at (scene, 0), one, pb_test_done, &first);
  pb_sync_service_check_async (scene->service, account_at (scene, 0), two, pb_test_done, &second);
  pb_test_pass_time (50);
  g_cancellable_cancel (one);
  g_autoptr (GAsyncResult) result = pb_test_wait (&first);
  g_assert_false (pb_sync_service_check_finish (scene->service, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (is_busy (scene));
  g_assert_null (second);
  g_cancellable_cancel (two);
  g_autoptr (GAsyncResult) other = pb_test_wait (&second);
  g_assert_false (pb_sync_service_check_finish (scene->service, other, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (is_busy (scene));
}

static void
test_error_is_remembered (void) {
  g_autoptr (Scene) scene = scene_new ();
  PbAccount *account = account_at (scene, 0);
  GAsyncResult *done = NULL;

  pb_demo_server_set_account (scene->servers[0], "reader", "another");
  pb_sync_service_check_async (scene->service, account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_sync_service_check_finish (scene->service, result, NULL, NULL));
  g_assert_error (pb_sync_service_get_error (scene->service, account), PB_ERROR, PB_ERROR_SIGN_IN);

  pb_demo_server_set_account (scene->servers[0], "reader", PB_FIXTURE_PASSWORD);
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);
  pb_secrets_remember (scene->fixture->secrets, account, secret);
  pb_sync_service_check_async (scene->service, account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) again = pb_test_wait (&done);
  g_assert_true (pb_sync_service_check_finish (scene->service, again, NULL, NULL));
  g_assert_null (pb_sync_service_get_error (scene->service, account));
}

static void
transcript_cb (PbAccount *account, const char *text, gpointer data) {
  g_string_append_printf (data, "[%s]\n%s", pb_account_get_id (account), text);
}

static void
test_transcripts (void) {
  g_autoptr (Scene) scene = scene_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  pb_sync_service_set_transcript_func (scene->service, transcript_cb, text);
  pb_sync_service_check_all (scene->service);
  pb_test_until (is_idle, scene);
  for (guint i = 0; i < ACCOUNTS; i++) {
    g_autofree char *heading = g_strdup_printf ("[a%u]", i);
    g_assert_nonnull (strstr (text->str, heading));
  }
  g_assert_null (strstr (text->str, PB_FIXTURE_PASSWORD));
}

static gboolean
try_account (Scene *scene, const char *password, guint *messages, GError **error) {
  g_autoptr (PbSecret) secret = pb_secret_new (password);
  GAsyncResult *done = NULL;
  guint64 octets = 0;

  pb_sync_service_try_async (scene->service, account_at (scene, 0), secret, NULL, pb_test_done,
                             &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gboolean fine = pb_sync_service_try_finish (scene->service, result, messages, &octets, error);
  g_assert_true (fine == (octets > 0));
  return fine;
}

static void
test_try (void) {
  g_autoptr (Scene) scene = scene_new ();
  g_autoptr (GError) error = NULL;
  guint messages = 0;

  g_assert_true (try_account (scene, PB_FIXTURE_PASSWORD, &messages, &error));
  g_assert_cmpuint (messages, ==, COUNT);
  g_assert_false (try_account (scene, "wrong", &messages, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->servers[0], "RETR"), ==, 0);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->servers[0], "QUIT"), >=, 1);
}

static void
test_stop_a_trial (void) {
  g_autoptr (Scene) scene = scene_new ();
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  guint messages;
  guint64 octets;

  pb_demo_server_stop (scene->servers[0]);
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (silent, NULL, &error);
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("127.0.0.1", port, PB_SECURITY_NONE);
  g_object_set (account_at (scene, 0), "endpoint", endpoint, NULL);
  pb_sync_service_try_async (scene->service, account_at (scene, 0), secret, NULL, pb_test_done,
                             &done);
  pb_test_pass_time (50);
  stop (scene);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_sync_service_try_finish (scene->service, result, &messages, &octets, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync-service/check-all", test_check_all);
  g_test_add_func ("/sync-service/four-at-once", test_four_at_once);
  g_test_add_func ("/sync-service/waiting-is-cancelled", test_waiting_is_cancelled);
  g_test_add_func ("/sync-service/join", test_join);
  g_test_add_func ("/sync-service/waiters-cancel", test_waiters_cancel);
  g_test_add_func ("/sync-service/error-is-remembered", test_error_is_remembered);
  g_test_add_func ("/sync-service/transcripts", test_transcripts);
  g_test_add_func ("/sync-service/try", test_try);
  g_test_add_func ("/sync-service/stop-a-trial", test_stop_a_trial);
  return g_test_run ();
}
