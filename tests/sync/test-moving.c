/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts that move: to another server, from another program, out of use. Nothing that is here or
 * was fetched elsewhere is retrieved again, and nothing is deleted for it. */

#include <string.h>

#include "pb-error.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#define COUNT 40

typedef struct {
  PbSyncFixture *fixture;
  PbAccountList *accounts;
  PbDemoServer *server;
  PbAccount *account;
  PbSyncService *service;
  PbFetchResult fetched;
} Scene;

static void
add (PbDemoServer *server, guint index, const char *prefix) {
  g_autofree char *uid = g_strdup_printf ("%s-%u", prefix, index);
  char *text = g_strdup_printf ("Received: by mx.example.org id %u\nMessage-ID: <%u@example.org>\n"
                                "Subject: message %u\n\nbody %u\n",
                                index, index, index, index);
  g_autoptr (GBytes) message = g_bytes_new_take (text, strlen (text));

  pb_demo_server_add_message (server, message, uid);
}

static PbDemoServer *
start_server (Scene *scene, const char *prefix, guint count) {
  PbDemoServer *server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 0);

  for (guint i = 0; i < count; i++)
    add (server, i, prefix);
  return server;
}

static void
add_to_store (Scene *scene) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_add_account_async (scene->fixture->store, "work", NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_add_account_finish (scene->fixture->store, result, &error);
  g_assert_no_error (error);
}

static Scene *
scene_new (const char *on_server) {
  Scene *scene = g_new0 (Scene, 1);
  g_autoptr (GError) error = NULL;

  scene->fixture = pb_sync_fixture_new ();
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  scene->server = start_server (scene, "old", COUNT);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->server, PB_DEMO_PLAIN, on_server);
  g_object_set (scene->account, "timeout", 10, NULL);
  pb_account_list_add (scene->accounts, scene->account, &error);
  g_assert_no_error (error);
  scene->service =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  return scene;
}

static void
stop (Scene *scene) {
  GAsyncResult *done = NULL;

  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_sync_service_stop_finish (scene->service, result, NULL);
}

static void
scene_free (Scene *scene) {
  stop (scene);
  g_object_unref (scene->service);
  g_object_unref (scene->account);
  g_object_unref (scene->accounts);
  g_object_unref (scene->server);
  pb_sync_fixture_free (scene->fixture);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static gboolean
check (Scene *scene, GError **error) {
  GAsyncResult *done = NULL;

  pb_sync_service_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_sync_service_check_finish (scene->service, result, &scene->fetched, error);
}

static void
check_well (Scene *scene) {
  g_autoptr (GError) error = NULL;

  check (scene, &error);
  g_assert_no_error (error);
}

static guint
count_here (Scene *scene) {
  PbFolder *inbox = pb_mail_store_find_folder (scene->fixture->store, "work", PB_FOLDER_INBOX);

  return inbox ? pb_folder_get_total (inbox) : 0;
}

/* The mailbox was copied to another provider, which calls the messages by names of its own; some
 * mail came there meanwhile. */
static void
test_other_server (void) {
  g_autoptr (Scene) scene = scene_new ("keep");
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);

  check_well (scene);
  g_assert_cmpuint (count_here (scene), ==, COUNT);
  g_autoptr (PbDemoServer) other = start_server (scene, "new", COUNT + 2);
  const PbEndpoint *before = pb_account_get_endpoint (scene->account);
  g_autoptr (PbEndpoint) after =
    pb_endpoint_new (before->host, pb_demo_server_get_port (other), before->security);
  g_object_set (scene->account, "endpoint", after, NULL);
  pb_secrets_remember (scene->fixture->secrets, scene->account, secret);
  for (guint round = 0; round < 2; round++) {
    check_well (scene);
    g_assert_cmpuint (pb_sync_fixture_count_commands (other, "RETR"), ==, 2);
    g_assert_cmpuint (count_here (scene), ==, COUNT + 2);
    g_assert_cmpuint (scene->fetched.duplicates, ==, 0);
  }
  g_assert_cmpuint (pb_sync_fixture_count_commands (other, "DELE"), ==, 0);
}

/* What another program has fetched is neither fetched nor, under whatever policy, deleted. */
static void
test_from_other_program (void) {
  g_autoptr (Scene) scene = scene_new ("delete");
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  for (guint i = 0; i < COUNT - 3; i++) {
    char *uid = g_strdup_printf ("old-%u", i);
    g_ptr_array_add (seen, g_bytes_new_take (uid, strlen (uid)));
  }
  add_to_store (scene);
  pb_mail_store_note_seen_elsewhere_async (scene->fixture->store, "work", seen, NULL, pb_test_done,
                                           &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_cmpint (pb_mail_store_note_seen_elsewhere_finish (scene->fixture->store, result, &error),
                   ==, COUNT - 3);
  g_object_set (scene->account, "delete-with-local", TRUE, "keep-messages", (guint64) 1, NULL);
  for (guint round = 0; round < 2; round++) {
    check_well (scene);
    g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "RETR"), ==, 3);
    g_assert_cmpuint (count_here (scene), ==, 3);
    g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 3);
    g_assert_true (pb_demo_server_has_message (scene->server, "old-0"));
  }
}

/* Switched off or detached: no connection, and the mail stays and can be listed. */
static void
test_out_of_use (void) {
  g_autoptr (Scene) scene = scene_new ("keep");

  check_well (scene);
  guint commands = g_strv_length ((GStrv) pb_demo_server_get_log (scene->server));
  for (guint round = 0; round < 2; round++) {
    g_autoptr (GError) error = NULL;
    if (round == 0)
      g_object_set (scene->account, "enabled", FALSE, NULL);
    else
      pb_account_detach (scene->account);
    g_assert_false (check (scene, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED);
    pb_sync_service_check_all (scene->service);
    pb_test_pass_time (100);
    g_assert_cmpuint (g_strv_length ((GStrv) pb_demo_server_get_log (scene->server)), ==, commands);
    g_assert_cmpuint (count_here (scene), ==, COUNT);
  }
}

/* What a trial says besides the count. */
static void
test_trial_facts (void) {
  static const char *const capabilities[] = { "TOP",       "UIDL",          "USER",
                                              "EXPIRE 30", "LOGIN-DELAY 5", "IMPLEMENTATION Test 1",
                                              NULL };
  g_autoptr (Scene) scene = scene_new ("keep");
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  guint messages;
  guint64 octets;

  pb_demo_server_set_capabilities (scene->server, capabilities);
  pb_sync_service_try_async (scene->service, scene->account, secret, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_try_finish (scene->service, result, &messages, &octets, &error));
  const PbTrialFacts *facts = pb_sync_service_try_get_facts (scene->service, result);
  g_assert_cmpuint (facts->messages, ==, COUNT);
  g_assert_cmpuint (facts->octets, ==, octets);
  g_assert_cmpint (facts->expire_days, ==, 30);
  g_assert_cmpuint (facts->login_delay, ==, 5);
  g_assert_cmpstr (facts->implementation, ==, "Test 1");
  g_assert_null (facts->tls);
  g_assert_true (g_strv_contains ((const char *const *) facts->capabilities, "EXPIRE 30"));
  g_assert_cmpuint (count_here (scene), ==, 0);
}

static void
test_trial_without_facts (void) {
  g_autoptr (Scene) scene = scene_new ("keep");
  g_autoptr (PbSecret) secret = pb_secret_new ("wrong");
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  guint messages;
  guint64 octets;

  pb_sync_service_try_async (scene->service, scene->account, secret, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_sync_service_try_finish (scene->service, result, &messages, &octets, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_null (pb_sync_service_try_get_facts (scene->service, result));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moving/other-server", test_other_server);
  g_test_add_func ("/moving/from-other-program", test_from_other_program);
  g_test_add_func ("/moving/out-of-use", test_out_of_use);
  g_test_add_func ("/moving/trial-facts", test_trial_facts);
  g_test_add_func ("/moving/trial-without-facts", test_trial_without_facts);
  return g_test_run ();
}
