/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever a server leaves unsaid, a check ends: by its deadline, or soon after it is cancelled;
 * and nobody else waits for it. Through the public face of receiving. */

#include "pb-error.h"
#include "pb-scripted-server.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#include <string.h>

#define COUNT 3
/* What cancelling may take: 200 ms and the time of a loaded machine. */
#define CANCEL_MS 1000

typedef struct {
  const char *name;
  PbDemoSecurity security;
  const char *command; /* where the server falls silent; "" before the greeting */
  const char *before;  /* what it says of the answer before that */
  gboolean passes;     /* it can do without */
} Silence;

static const Silence silences[] = {
  { "connect", PB_DEMO_PLAIN, NULL, NULL },
  { "greeting", PB_DEMO_PLAIN, "", NULL },
  { "half-a-greeting", PB_DEMO_PLAIN, "", "+OK he" },
  { "stls", PB_DEMO_STARTTLS, "STLS", NULL },
  { "handshake", PB_DEMO_STARTTLS, "STLS", "+OK go on\r\n" },
  { "user", PB_DEMO_PLAIN, "USER", NULL },
  { "pass", PB_DEMO_TLS, "PASS", NULL },
  { "list", PB_DEMO_PLAIN, "LIST", NULL },
  { "half-a-list", PB_DEMO_PLAIN, "LIST", "+OK\r\n1 10" },
  { "uidl", PB_DEMO_TLS, "UIDL", NULL, TRUE },
  { "half-a-uidl", PB_DEMO_PLAIN, "UIDL", "+OK\r\n1 a\r\n2 b\r\n" },
  { "every-retr", PB_DEMO_PLAIN, "RETR", NULL },
  { "in-every-body", PB_DEMO_TLS, "RETR", "+OK\r\nSubject: half\r\n\r\nof i" },
  { "dele", PB_DEMO_PLAIN, "DELE", NULL },
  { "quit", PB_DEMO_TLS, "QUIT", NULL },
};

typedef struct {
  PbSyncFixture *fixture;
  PbAccountList *accounts;
  PbSyncService *service;
} Scene;

/* One account on a server of its own. */
typedef struct {
  Scene *scene;
  const Silence *silence;
  PbDemoServer *server;
  GSocket *deaf; /* listens, but its queue is full */
  GPtrArray *queued;
  PbAccount *account;
  GAsyncResult *done;
  gboolean reached; /* the silence */
} Post;

static Scene *
scene_new (void) {
  Scene *scene = g_new0 (Scene, 1);

  scene->fixture = pb_sync_fixture_new ();
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  scene->service =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  return scene;
}

static void
scene_free (Scene *scene) {
  g_assert_finalize_object (scene->service);
  g_object_unref (scene->accounts);
  pb_sync_fixture_free (scene->fixture);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static PbDemoVerdict
fall_silent (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  Post *post = data;
  const Silence *silence = post->silence;
  gsize length = strlen (silence->command);

  if (length == 0 ? *command != '\0' : strncmp (command, silence->command, length) != 0)
    return PB_DEMO_ANSWER;
  post->reached = TRUE;
  if (!silence->before)
    return PB_DEMO_SILENT;
  *reply = g_bytes_new_static (silence->before, strlen (silence->before));
  return PB_DEMO_REPLY_AND_SILENT;
}

/* The password belongs to the server that it was given for. */
static void
post_move (Post *post, guint16 port) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("127.0.0.1", port, PB_SECURITY_NONE);
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);

  g_object_set (post->account, "endpoint", endpoint, NULL);
  pb_secrets_remember (post->scene->fixture->secrets, post->account, secret);
}

/* A server whose queue of connections is full answers no SYN. */
static void
post_deafen (Post *post) {
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  post->deaf =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (post->deaf, any, FALSE, NULL));
  g_socket_set_listen_backlog (post->deaf, 0);
  g_assert_true (g_socket_listen (post->deaf, NULL));
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (post->deaf, &error);
  g_assert_no_error (error);
  post->queued = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < 3; i++) {
    GSocket *socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
    g_socket_set_blocking (socket, FALSE);
    g_socket_connect (socket, address, NULL, NULL);
    g_ptr_array_add (post->queued, socket);
  }
  post_move (post, g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

/* From now on the server is well. */
static void
post_heal (Post *post) {
  if (post->deaf)
    post_move (post, pb_demo_server_get_port (post->server));
  pb_demo_server_set_hook (post->server, NULL, NULL);
}

static void
post_init (Post *post, Scene *scene, const char *id, const Silence *silence, guint timeout) {
  PbDemoSecurity security = silence ? silence->security : PB_DEMO_PLAIN;
  g_autoptr (GError) error = NULL;

  post->scene = scene;
  post->silence = silence;
  post->server = pb_sync_fixture_start_server (scene->fixture, security, COUNT);
  post->account =
    pb_sync_fixture_make_account (scene->fixture, id, post->server, security, "delete");
  g_object_set (post->account, "timeout", timeout, NULL);
  if (silence && silence->command)
    pb_demo_server_set_hook (post->server, fall_silent, post);
  else if (silence)
    post_deafen (post);
  pb_account_list_add (scene->accounts, post->account, &error);
  g_assert_no_error (error);
}

static void
post_clear (Post *post) {
  g_clear_pointer (&post->queued, g_ptr_array_unref);
  g_clear_object (&post->deaf);
  g_object_unref (post->account);
  g_object_unref (post->server);
}

static void
post_check (Post *post) {
  pb_sync_service_check_async (post->scene->service, post->account, NULL, pb_test_done,
                               &post->done);
}

static gboolean
post_wait (Post *post, PbFetchResult *fetched, GError **error) {
  g_autoptr (GAsyncResult) result = pb_test_wait (&post->done);

  return pb_sync_service_check_finish (post->scene->service, result, fetched, error);
}

static void
assert_recovers (Post *post) {
  const char *id = pb_account_get_id (post->account);
  g_autoptr (GError) error = NULL;

  post_heal (post);
  g_object_set (post->account, "timeout", 60, NULL);
  post_check (post);
  post_wait (post, NULL, &error);
  g_assert_no_error (error);
  guint here = pb_sync_fixture_count_stored (post->scene->fixture, id, COUNT);
  /* What the server did not deliver twice is asked for tomorrow. */
  g_assert_cmpuint (here + pb_demo_server_count (post->server), ==, COUNT);
}

static PbOperation *
find_operation (Post *post) {
  GListModel *operations = pb_sync_service_get_operations (post->scene->service);

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++) {
    g_autoptr (PbOperation) operation = g_list_model_get_item (operations, i);
    if (strcmp (pb_operation_get_account_id (operation), pb_account_get_id (post->account)) == 0)
      return g_steal_pointer (&operation);
  }
  return NULL;
}

/* ---- Deadlines ---- */

static void
test_deadlines (void) {
  g_autoptr (Scene) scene = scene_new ();
  Post posts[G_N_ELEMENTS (silences)] = { 0 };
  gint64 before = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (silences); i++) {
    g_autofree char *id = g_strdup_printf ("post-%u", i);
    post_init (&posts[i], scene, id, &silences[i], 1);
    post_check (&posts[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (silences); i++) {
    g_autoptr (GError) error = NULL;
    post_wait (&posts[i], NULL, &error);
    g_test_message ("%s: %s, %.1f s since the beginning", silences[i].name,
                    error ? error->message : "fine",
                    (double) (g_get_monotonic_time () - before) / G_USEC_PER_SEC);
    if (silences[i].passes)
      g_assert_no_error (error);
    else
      g_assert_error (error, PB_ERROR, PB_ERROR_TIMEOUT);
    assert_recovers (&posts[i]);
    post_clear (&posts[i]);
  }
}

/* ---- Cancelling ---- */

static gboolean
is_there (gpointer data) {
  return ((Post *) data)->reached;
}

static void
test_cancel (gconstpointer data) {
  g_autoptr (Scene) scene = scene_new ();
  g_autoptr (GError) error = NULL;
  Post post = { 0 };

  post_init (&post, scene, "post", data, 60);
  post_check (&post);
  if (post.silence->command)
    pb_test_until (is_there, &post);
  pb_test_pass_time (30);
  g_autoptr (PbOperation) operation = find_operation (&post);
  g_assert_nonnull (operation);
  gint64 before = g_get_monotonic_time ();
  pb_operation_cancel (operation);
  g_assert_false (post_wait (&post, NULL, &error));
  gint64 taken = (g_get_monotonic_time () - before) / 1000;
  g_test_message ("%d ms", (int) taken);
  g_assert_cmpint (taken, <, CANCEL_MS);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_recovers (&post);
  post_clear (&post);
}

/* ---- Others ---- */

/* Every fault in a row, with the same service, the same account and the same server. */
static void
test_after_many_faults (void) {
  g_autoptr (Scene) scene = scene_new ();
  Post post = { 0 };
  guint count, played = 0;
  const PbFault *faults = pb_faults (&count);

  post_init (&post, scene, "post", NULL, 60);
  for (guint i = 0; i < count; i++) {
    g_autoptr (GError) error = NULL;
    /* Those that cost time, or that have to be obeyed for a while, are played elsewhere. */
    if (faults[i].needs_starttls || faults[i].expected_code_deleting == PB_ERROR_TIMEOUT ||
        faults[i].expected_code == PB_ERROR_BUSY || faults[i].expected_code == PB_ERROR_SIGN_IN ||
        strstr (faults[i].name, "silent") || g_str_has_prefix (faults[i].command, "RETR"))
      continue;
    pb_fault_apply (&faults[i], post.server);
    post_check (&post);
    post_wait (&post, NULL, &error);
    played++;
  }
  g_test_message ("%u faults", played);
  g_assert_cmpuint (played, >=, 30);
  assert_recovers (&post);
  g_assert_cmpuint (pb_sync_fixture_count_stored (scene->fixture, "post", COUNT), ==, COUNT);
  post_clear (&post);
}

static void
test_one_is_dead (void) {
  static const Silence dead = { "dead", PB_DEMO_PLAIN, "USER", NULL };
  g_autoptr (Scene) scene = scene_new ();
  Post posts[4] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (posts); i++) {
    g_autofree char *id = g_strdup_printf ("post-%u", i);
    post_init (&posts[i], scene, id, i == 0 ? &dead : NULL, 60);
  }
  gint64 before = g_get_monotonic_time ();
  for (guint i = 0; i < G_N_ELEMENTS (posts); i++)
    post_check (&posts[i]);
  for (guint i = 1; i < G_N_ELEMENTS (posts); i++) {
    PbFetchResult fetched = { 0 };
    g_assert_true (post_wait (&posts[i], &fetched, NULL));
    g_assert_cmpuint (fetched.stored, ==, COUNT);
  }
  gint64 taken = (g_get_monotonic_time () - before) / 1000;
  g_test_message ("the others took %d ms", (int) taken);
  g_assert_cmpint (taken, <, 5000);
  g_assert_null (posts[0].done);
  g_autoptr (PbOperation) operation = find_operation (&posts[0]);
  pb_operation_cancel (operation);
  g_assert_false (post_wait (&posts[0], NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (posts); i++)
    post_clear (&posts[i]);
}

/* However often it is asked for. */
static void
test_one_session_per_mailbox (void) {
  static const Silence slow = { "slow", PB_DEMO_PLAIN, "UIDL", NULL };
  g_autoptr (Scene) scene = scene_new ();
  GAsyncResult *others[5] = { NULL };
  Post post = { 0 };

  post_init (&post, scene, "post", &slow, 60);
  post_check (&post);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    pb_sync_service_check_async (scene->service, post.account, NULL, pb_test_done, &others[i]);
  pb_test_until (is_there, &post);
  pb_sync_service_check_all (scene->service);
  pb_test_pass_time (50);
  g_assert_cmpuint (pb_sync_fixture_count_commands (post.server, "USER"), ==, 1);
  g_autoptr (PbOperation) operation = find_operation (&post);
  pb_operation_cancel (operation);
  g_assert_false (post_wait (&post, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GAsyncResult) result = pb_test_wait (&others[i]);
    g_assert_false (pb_sync_service_check_finish (scene->service, result, NULL, NULL));
  }
  post_clear (&post);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/never-stuck/deadlines", test_deadlines);
  for (guint i = 0; i < G_N_ELEMENTS (silences); i++) {
    g_autofree char *path = g_strdup_printf ("/never-stuck/cancel/%s", silences[i].name);
    g_test_add_data_func (path, &silences[i], test_cancel);
  }
  g_test_add_func ("/never-stuck/after-many-faults", test_after_many_faults);
  g_test_add_func ("/never-stuck/one-is-dead", test_one_is_dead);
  g_test_add_func ("/never-stuck/one-session-per-mailbox", test_one_session_per_mailbox);
  return g_test_run ();
}
