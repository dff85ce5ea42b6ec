/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a pass leaves out after a session was lost, and what it remembers of that; a limit that
 * passes; and how a cancelled pass takes its leave. */

#include "pb-error.h"
#include "pb-receiver.h"
#include "pb-server-notes.h"
#include "pb-sync-fixture.h"

#include <string.h>

#define COUNT 12

typedef struct {
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbAccount *account;
  PbServerNotes *notes;
  PbOperation *operation; /* of the check under way */
  PbFetchResult fetched;
  GPtrArray *refused;
  const char *fault;  /* the command at which the server misbehaves */
  gboolean in_one_go; /* the command before was read in the same turn */
  guint idle;
} Scene;

static Scene *
scene_new (const char *on_server) {
  Scene *scene = g_new0 (Scene, 1);

  scene->fixture = pb_sync_fixture_new ();
  scene->server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, COUNT);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->server, PB_DEMO_PLAIN, on_server);
  scene->notes = pb_server_notes_new (NULL);
  return scene;
}

static void
scene_free (Scene *scene) {
  g_clear_handle_id (&scene->idle, g_source_remove);
  g_clear_pointer (&scene->refused, g_ptr_array_unref);
  g_object_unref (scene->notes);
  g_object_unref (scene->account);
  g_object_unref (scene->server);
  pb_sync_fixture_free (scene->fixture);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static gboolean
check (Scene *scene, GError **error) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");
  g_autoptr (PbReceiver) receiver =
    pb_receiver_new (scene->account, scene->fixture->secrets, scene->fixture->store, operation);
  GAsyncResult *done = NULL;

  scene->operation = operation;
  pb_receiver_set_notes (receiver, scene->notes);
  pb_receiver_run_async (receiver, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gboolean ok = pb_receiver_run_finish (receiver, result, &scene->fetched, error);
  g_clear_pointer (&scene->refused, g_ptr_array_unref);
  if (pb_receiver_get_refused (receiver))
    scene->refused = g_ptr_array_ref (pb_receiver_get_refused (receiver));
  return ok;
}

static void
check_well (Scene *scene) {
  g_autoptr (GError) error = NULL;

  check (scene, &error);
  g_assert_no_error (error);
}

static guint
commands (Scene *scene, const char *name) {
  return pb_sync_fixture_count_commands (scene->server, name);
}

static gint64
note (Scene *scene, PbNote name) {
  gint64 until = pb_server_notes_get (scene->notes, scene->account, name);

  return until > 0 ? until - g_get_real_time () / G_USEC_PER_SEC : 0;
}

static void
assert_all_here_once (Scene *scene) {
  pb_demo_server_set_hook (scene->server, NULL, NULL);
  check_well (scene);
  g_assert_cmpuint (pb_sync_fixture_count_stored (scene->fixture, "work", COUNT), ==, COUNT);
}

/* ---- Pipelining ---- */

static gboolean
turn_is_over (gpointer data) {
  Scene *scene = data;

  scene->in_one_go = FALSE;
  scene->idle = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
came_behind (Scene *scene) {
  gboolean behind = scene->in_one_go;

  scene->in_one_go = TRUE;
  if (!scene->idle)
    scene->idle = g_idle_add_full (G_PRIORITY_HIGH, turn_is_over, scene, NULL);
  return behind;
}

/* Throws away what it did not ask for yet, as servers do that empty their buffer before a reply. */
static PbDemoVerdict
swallow (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  return came_behind (data) ? PB_DEMO_SILENT : PB_DEMO_ANSWER;
}

static PbDemoVerdict
hang_up (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  return came_behind (data) ? PB_DEMO_CLOSE : PB_DEMO_ANSWER;
}

/* Answers two things at once, and then is one reply behind. */
static PbDemoVerdict
lose_place (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  if (!came_behind (data) || !g_str_has_prefix (command, "RETR"))
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new_static ("what?\r\n", 7);
  return PB_DEMO_REPLY;
}

static void
check_lock_step (PbDemoHook hook) {
  g_autoptr (Scene) scene = scene_new ("keep");

  pb_demo_server_set_hook (scene->server, hook, scene);
  check_well (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, COUNT);
  g_assert_cmpuint (scene->fetched.refused, ==, 0);
  g_assert_cmpuint (commands (scene, "USER"), ==, 2);
  g_assert_cmpint (note (scene, PB_NOTE_NO_PIPELINING), >, 24 * 60 * 60);
  g_assert_cmpint (note (scene, PB_NOTE_NO_UIDL), ==, 0);
  check_well (scene);
  g_assert_cmpuint (commands (scene, "USER"), ==, 3);
  assert_all_here_once (scene);
}

static void
test_lock_step (void) {
  check_lock_step (swallow);
  check_lock_step (hang_up);
  check_lock_step (lose_place);
}

/* ---- Other commands ---- */

static PbDemoVerdict
close_at (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  Scene *scene = data;

  return g_str_has_prefix (command, scene->fault) ? PB_DEMO_CLOSE : PB_DEMO_ANSWER;
}

static void
test_no_uidl (void) {
  g_autoptr (Scene) scene = scene_new ("keep");

  scene->fault = "UIDL";
  pb_demo_server_set_hook (scene->server, close_at, scene);
  check_well (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, COUNT);
  g_assert_cmpuint (commands (scene, "USER"), ==, 3);
  g_assert_cmpint (note (scene, PB_NOTE_NO_UIDL), >, 0);
  g_assert_cmpint (note (scene, PB_NOTE_NO_PIPELINING), ==, 0);
  check_well (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, 0);
  g_assert_cmpuint (commands (scene, "USER"), ==, 4);
  assert_all_here_once (scene);
}

static void
test_no_capa (void) {
  g_autoptr (Scene) scene = scene_new ("delete");

  scene->fault = "CAPA";
  pb_demo_server_set_hook (scene->server, close_at, scene);
  check_well (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, COUNT);
  g_assert_cmpint (note (scene, PB_NOTE_NO_CAPA), >, 24 * 60 * 60);
  guint asked = commands (scene, "CAPA");
  assert_all_here_once (scene);
  g_assert_cmpuint (commands (scene, "CAPA"), ==, asked);
}

/* What is the network's doing is not held against the server: it did not let us in either. */
static void
test_nothing_learnt (void) {
  g_autoptr (Scene) scene = scene_new ("keep");
  g_autoptr (GError) error = NULL;

  scene->fault = "";
  pb_demo_server_set_hook (scene->server, close_at, scene);
  g_assert_false (check (scene, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  for (int name = 0; name < PB_NOTE_NAMES; name++)
    g_assert_cmpint (note (scene, (PbNote) name), ==, 0);
  assert_all_here_once (scene);
}

/* ---- A limit ---- */

static PbDemoVerdict
limit (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  if (strcmp (command, "RETR 2") != 0)
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new_static ("-ERR Download exceed\r\n", 22);
  return PB_DEMO_REPLY;
}

static void
test_limit (void) {
  g_autoptr (Scene) scene = scene_new ("keep");
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  pb_demo_server_set_hook (scene->server, limit, NULL);
  check_well (scene);
  g_assert_cmpuint (scene->fetched.refused, ==, 1);
  g_assert_cmpuint (scene->refused->len, ==, 1);
  const PbRefusedMessage *message = g_ptr_array_index (scene->refused, 0);
  g_assert_cmpint (message->next_try, >=, now + 14 * 60);
  g_assert_cmpint (message->next_try, <=, now + 16 * 60);
}

/* ---- Leave ---- */

static PbDemoVerdict
cancel_at_second (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  Scene *scene = data;

  if (strcmp (command, scene->fault) == 0)
    pb_operation_cancel (scene->operation);
  return PB_DEMO_ANSWER;
}

static gboolean
has_quit (gpointer data) {
  return commands (data, "QUIT") > 0;
}

static void
test_quit_after_cancel (void) {
  static const char *const moments[] = { "LIST", "UIDL", "RETR 1", "RETR 2", "RETR 12" };

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++) {
    g_autoptr (Scene) scene = scene_new ("delete");
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", moments[i]);
    scene->fault = moments[i];
    pb_demo_server_set_hook (scene->server, cancel_at_second, scene);
    check (scene, &error);
    if (error)
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    else
      g_assert_cmpstr (moments[i], ==, "RETR 12");
    pb_test_until (has_quit, scene);
    assert_all_here_once (scene);
    g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 0);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detour/lock-step", test_lock_step);
  g_test_add_func ("/detour/no-uidl", test_no_uidl);
  g_test_add_func ("/detour/no-capa", test_no_capa);
  g_test_add_func ("/detour/nothing-learnt", test_nothing_learnt);
  g_test_add_func ("/detour/limit", test_limit);
  g_test_add_func ("/detour/quit-after-cancel", test_quit_after_cancel);
  return g_test_run ();
}
