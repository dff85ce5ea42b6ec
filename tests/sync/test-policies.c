/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each policy from the settings of an account to what is here and what is left on a server
 * afterwards, and one message of many that a server cannot deliver. */

#include "pb-error.h"
#include "pb-receiver.h"
#include "pb-sync-fixture.h"

#include <sqlite3.h>
#include <string.h>

#define COUNT 3

typedef struct {
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbAccount *account;
  GPtrArray *refused; /* of the last check */
  char *transcript;
  PbFetchResult fetched;
} Scene;

static GBytes *
make_message (guint index, gsize size) {
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text,
                   "From: sender%u@example.org\nSubject: message %u\n"
                   "Date: Fri, 01 Jan %u 12:00:00 +0000\n\n",
                   index, index, index % 2 ? 1999 : 2099);
  for (guint line = 0; text->len < size; line++)
    g_string_append_printf (text, "line %u of message %u\n", line, index);
  gsize length = text->len;
  return g_bytes_new_take (g_string_free (g_steal_pointer (&text), FALSE), length);
}

static void
put (Scene *scene, guint index, gsize size) {
  g_autoptr (GBytes) message = make_message (index, size);
  g_autofree char *uid = g_strdup_printf ("uid-%u", index);

  pb_demo_server_add_message (scene->server, message, uid);
}

static Scene *
scene_new (guint count, const char *on_server) {
  Scene *scene = g_new0 (Scene, 1);

  scene->fixture = pb_sync_fixture_new ();
  scene->server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 0);
  for (guint i = 0; i < count; i++)
    put (scene, i, 300);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->server, PB_DEMO_PLAIN, on_server);
  return scene;
}

static void
scene_free (Scene *scene) {
  g_clear_pointer (&scene->refused, g_ptr_array_unref);
  g_object_unref (scene->account);
  g_object_unref (scene->server);
  pb_sync_fixture_free (scene->fixture);
  g_free (scene->transcript);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static gboolean
try_check (Scene *scene, GError **error) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");
  g_autoptr (PbReceiver) receiver =
    pb_receiver_new (scene->account, scene->fixture->secrets, scene->fixture->store, operation);
  GAsyncResult *done = NULL;

  pb_receiver_run_async (receiver, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gboolean ok = pb_receiver_run_finish (receiver, result, &scene->fetched, error);
  g_clear_pointer (&scene->refused, g_ptr_array_unref);
  if (pb_receiver_get_refused (receiver))
    scene->refused = g_ptr_array_ref (pb_receiver_get_refused (receiver));
  g_free (scene->transcript);
  scene->transcript = pb_receiver_dup_transcript (receiver);
  return ok;
}

static void
check (Scene *scene) {
  g_autoptr (GError) error = NULL;

  try_check (scene, &error);
  g_assert_no_error (error);
}

static guint
said (Scene *scene, const char *command) {
  return pb_sync_fixture_count_commands (scene->server, command);
}

static GArray *
query (Scene *scene, PbFolderRole role) {
  PbFolder *folder = pb_mail_store_find_folder (scene->fixture->store, "work", role);
  const PbQuery what = { .folder_id = pb_folder_get_id (folder), .order = PB_ORDER_OLDEST_FIRST };
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_query_async (scene->fixture->store, &what, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *ids = pb_mail_store_query_finish (scene->fixture->store, result, &error);
  g_assert_no_error (error);
  return ids;
}

static PbMessageRow *
load_row (Scene *scene, gint64 id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_rows_async (scene->fixture->store, &id, 1, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GPtrArray) rows =
    pb_mail_store_load_rows_finish (scene->fixture->store, result, &error);
  g_assert_no_error (error);
  return pb_message_row_ref (g_ptr_array_index (rows, 0));
}

static gboolean
is_partial (Scene *scene, gint64 id) {
  g_autoptr (PbMessageRow) row = load_row (scene, id);

  return (row->flags & PB_FLAG_PARTIAL) != 0;
}

static GBytes *
load (Scene *scene, gint64 id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_message_async (scene->fixture->store, id, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GBytes *message = pb_mail_store_load_message_finish (scene->fixture->store, result, NULL, &error);
  g_assert_no_error (error);
  return message;
}

static guint
count_inbox (Scene *scene) {
  g_autoptr (GArray) ids = query (scene, PB_FOLDER_INBOX);

  return ids->len;
}

static void
want (Scene *scene, const gint64 *ids, guint count) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_want_rest_async (scene->fixture->store, ids, count, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_want_rest_finish (scene->fixture->store, result, &error);
  g_assert_no_error (error);
}

static void
delete_here (Scene *scene, gint64 id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_delete_async (scene->fixture->store, &id, 1, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_delete_finish (scene->fixture->store, result, &error);
  g_assert_no_error (error);
}

static void
move_to_trash (Scene *scene, gint64 id) {
  PbFolder *trash = pb_mail_store_find_folder (scene->fixture->store, "work", PB_FOLDER_TRASH);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_move_async (scene->fixture->store, &id, 1, pb_folder_get_id (trash), NULL,
                            pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_move_finish (scene->fixture->store, result, &error);
  g_assert_no_error (error);
}

static void
star (Scene *scene, gint64 id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_set_flags_async (scene->fixture->store, &id, 1, PB_FLAG_STARRED, 0, NULL,
                                 pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_set_flags_finish (scene->fixture->store, result, &error);
  g_assert_no_error (error);
}

/* What the ledger remembers, seen and changed as nobody else may. */
static void
change_ledger (Scene *scene, const char *sql) {
  g_autofree char *path = g_build_filename (scene->fixture->dir, "ledger.sqlite", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* ---- Heads ---- */

static void
test_headers_only (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "delete");

  g_object_set (scene->account, "headers-only", TRUE, NULL);
  check (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, COUNT);
  g_assert_cmpuint (said (scene, "TOP"), ==, COUNT);
  g_assert_cmpuint (said (scene, "RETR"), ==, 0);
  g_assert_cmpuint (said (scene, "DELE"), ==, 0);
  check (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, 0);
  g_assert_cmpuint (said (scene, "TOP"), ==, COUNT);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);

  /* The whole of one takes the place of its head: the same row, with its star. */
  g_autoptr (GArray) ids = query (scene, PB_FOLDER_INBOX);
  g_assert_cmpuint (ids->len, ==, COUNT);
  gint64 id = g_array_index (ids, gint64, 1);
  g_assert_true (is_partial (scene, id));
  star (scene, id);
  want (scene, &id, 1);
  check (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, 0);
  g_assert_cmpuint (scene->fetched.completed, ==, 1);
  g_assert_cmpuint (scene->fetched.removed, ==, 1);
  g_assert_cmpuint (said (scene, "RETR"), ==, 1);
  g_assert_cmpuint (count_inbox (scene), ==, COUNT);
  g_autoptr (PbMessageRow) row = load_row (scene, id);
  g_assert_cmpint (row->flags, ==, PB_FLAG_STARRED);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 1);

  /* Whole messages from the next check on. */
  g_object_set (scene->account, "headers-only", FALSE, NULL);
  check (scene);
  g_assert_cmpuint (scene->fetched.completed, ==, COUNT - 1);
  g_assert_cmpuint (count_inbox (scene), ==, COUNT);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 0);
}

static void
test_max_size (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GBytes) whole = make_message (7, 60000);

  put (scene, 7, 60000);
  g_object_set (scene->account, "max-size", (guint64) 20000, NULL);
  check (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, COUNT + 1);
  g_assert_cmpuint (said (scene, "TOP 4 20"), ==, 1);
  g_assert_cmpuint (said (scene, "RETR"), ==, COUNT);
  g_assert_cmpuint (scene->fetched.bytes, <, 20000);
  check (scene);
  g_assert_cmpuint (said (scene, "TOP"), ==, 1);

  g_autoptr (GArray) ids = query (scene, PB_FOLDER_INBOX);
  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index (ids, gint64, i);
    g_autoptr (GBytes) before = load (scene, id);
    if (!is_partial (scene, id))
      continue;
    g_assert_cmpuint (g_bytes_get_size (before), <, 2000);
    want (scene, &id, 1);
    check (scene);
    g_autoptr (GBytes) after = load (scene, id);
    g_assert_true (g_bytes_equal (after, whole));
    return;
  }
  g_assert_not_reached ();
}

/* The wish is older than the connection: it is remembered, and the head is readable meanwhile. */
static PbDemoVerdict
close_at (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  return g_str_has_prefix (command, data) ? PB_DEMO_CLOSE : PB_DEMO_ANSWER;
}

static void
test_rest_is_remembered (void) {
  g_autoptr (Scene) scene = scene_new (1, "delete");
  g_autoptr (GError) error = NULL;

  g_object_set (scene->account, "headers-only", TRUE, NULL);
  check (scene);
  g_autoptr (GArray) ids = query (scene, PB_FOLDER_INBOX);
  gint64 id = g_array_index (ids, gint64, 0);
  want (scene, &id, 1);
  pb_demo_server_set_hook (scene->server, close_at, (gpointer) "PASS");
  g_assert_false (try_check (scene, &error));
  g_assert_true (is_partial (scene, id));
  g_autoptr (GBytes) head = load (scene, id);
  g_assert_cmpuint (g_bytes_get_size (head), >, 0);
  pb_demo_server_set_hook (scene->server, NULL, NULL);
  check (scene);
  g_assert_cmpuint (scene->fetched.completed, ==, 1);
  g_assert_false (is_partial (scene, id));
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 0);
}

static PbDemoVerdict
refuse_top (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  if (!g_str_has_prefix (command, "TOP"))
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new_static ("-ERR what?\r\n", 12);
  return PB_DEMO_REPLY;
}

static void
check_without_top (gboolean says_so) {
  static const char *const names[] = { "UIDL", "USER", "PIPELINING", NULL };
  g_autoptr (Scene) scene = scene_new (COUNT, "delete");

  put (scene, 7, 60000);
  g_object_set (scene->account, "headers-only", TRUE, NULL);
  pb_demo_server_set_capabilities (scene->server, says_so ? names : NULL);
  pb_demo_server_set_hook (scene->server, refuse_top, NULL);
  check (scene);
  if (says_so)
    g_assert_cmpuint (said (scene, "TOP"), ==, 0);
  g_assert_cmpuint (scene->fetched.stored, ==, COUNT);
  g_assert_cmpuint (scene->fetched.skipped, ==, 1);
  g_assert_cmpuint (scene->fetched.refused, ==, 0);
  g_assert_cmpuint (scene->refused->len, ==, 1);
  const PbRefusedMessage *message = g_ptr_array_index (scene->refused, 0);
  g_assert_cmpuint (message->number, ==, 4);
  g_assert_cmpuint (message->size, >, 60000);
  g_assert_null (message->reason);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 1);
  check (scene);
  g_assert_cmpuint (scene->fetched.skipped, ==, 1);
}

static void
test_without_top (void) {
  check_without_top (TRUE);
  check_without_top (FALSE);
}

/* ---- What stays on the server ---- */

static void
test_delete_with_local (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  g_object_set (scene->account, "delete-with-local", TRUE, NULL);
  check (scene);
  g_autoptr (GArray) ids = query (scene, PB_FOLDER_INBOX);
  move_to_trash (scene, g_array_index (ids, gint64, 0));
  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, 0);
  delete_here (scene, g_array_index (ids, gint64, 0));

  /* The server forgets it: no confirmation, no copy, another try. */
  pb_demo_server_set_hook (scene->server, close_at, (gpointer) "QUIT");
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (try_check (scene, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
    g_assert_cmpuint (scene->fetched.removed, ==, 0);
    g_assert_cmpuint (count_inbox (scene), ==, COUNT - 1);
    g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
  }
  pb_demo_server_set_hook (scene->server, NULL, NULL);
  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, 1);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 1);
  g_assert_cmpuint (said (scene, "RETR"), ==, COUNT);
  for (guint i = 0; i < 5; i++)
    check (scene);
  g_assert_cmpuint (count_inbox (scene), ==, COUNT - 1);
  g_assert_cmpuint (said (scene, "RETR"), ==, COUNT);
}

/* A head that was deleted does not come again, and its message stays where it is. */
static void
test_deleted_head (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "delete");

  g_object_set (scene->account, "headers-only", TRUE, "delete-with-local", TRUE, NULL);
  check (scene);
  g_autoptr (GArray) ids = query (scene, PB_FOLDER_INBOX);
  delete_here (scene, g_array_index (ids, gint64, 0));
  check (scene);
  g_assert_cmpuint (count_inbox (scene), ==, COUNT - 1);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
}

static void
test_keep_limits (void) {
  g_autoptr (Scene) scene = scene_new (6, "keep");

  g_object_set (scene->account, "keep-messages", (guint64) 4, NULL);
  check (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, 6);
  g_assert_cmpuint (scene->fetched.removed, ==, 2);
  g_assert_false (pb_demo_server_has_message (scene->server, "uid-1"));
  g_assert_true (pb_demo_server_has_message (scene->server, "uid-2"));
  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, 0);
  put (scene, 6, 300);
  check (scene);
  g_assert_false (pb_demo_server_has_message (scene->server, "uid-2"));
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 4);

  g_object_set (scene->account, "keep-messages", (guint64) 0, "keep-bytes", (guint64) 800, NULL);
  check (scene);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 2);
  g_assert_true (pb_demo_server_has_message (scene->server, "uid-6"));
  g_assert_cmpuint (count_inbox (scene), ==, 7);
  g_assert_cmpuint (said (scene, "RETR"), ==, 7);
}

/* From when it was durable here; the Date headers say 1999 and 2099. */
static void
test_days (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "delete-after=7");

  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, 0);
  change_ledger (scene, "UPDATE entry SET stored = stored - 7 * 86400 + 60");
  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, 0);
  /* The clock is set back by a year, and then right again. */
  change_ledger (scene, "UPDATE entry SET stored = stored + 365 * 86400");
  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, 0);
  change_ledger (scene, "UPDATE entry SET stored = stored - 365 * 86400 - 120");
  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, COUNT);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 0);
  g_assert_cmpuint (count_inbox (scene), ==, COUNT);
}

/* ---- Listings that are not what they seem ---- */

static void
test_half_a_listing (void) {
  static const char *const policies[] = { "keep", "delete-after=1" };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++) {
    g_autoptr (Scene) scene = scene_new (6, policies[i]);

    check (scene);
    pb_demo_server_clear (scene->server);
    for (guint index = 0; index < 3; index++)
      put (scene, index, 300);
    check (scene);
    g_assert_cmpuint (scene->fetched.stored + scene->fetched.removed, ==, 0);
    pb_demo_server_clear (scene->server);
    check (scene);
    g_assert_cmpuint (scene->fetched.stored + scene->fetched.removed, ==, 0);
    for (guint index = 0; index < 6; index++)
      put (scene, index, 300);
    check (scene);
    g_assert_cmpuint (scene->fetched.stored + scene->fetched.removed, ==, 0);
    g_assert_cmpuint (said (scene, "RETR"), ==, 6);
    g_assert_cmpuint (count_inbox (scene), ==, 6);
  }
}

static PbDemoVerdict
lie_about_sizes (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  if (!g_str_has_prefix (command, "LIST"))
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new_static (data, strlen (data));
  return PB_DEMO_REPLY;
}

static void
test_wrong_sizes (void) {
  static const char *const lists[] = {
    "+OK\r\n1 0\r\n2 0\r\n3 0\r\n.\r\n",
    "+OK\r\n1 -300\r\n2 -1\r\n3 x\r\n.\r\n",
    "+OK\r\n1 99999999999999999\r\n2 18446744073709551615\r\n3 99999999999999999999\r\n.\r\n",
    "+OK\r\n1 1\r\n2 100\r\n3 12000\r\n.\r\n",
    "+OK\r\n.\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (Scene) scene = scene_new (COUNT, "delete");

    g_test_message ("list %u", i);
    g_object_set (scene->account, "max-size", (guint64) 20000, NULL);
    pb_demo_server_set_hook (scene->server, lie_about_sizes, (gpointer) lists[i]);
    check (scene);
    g_assert_cmpuint (scene->fetched.stored, ==, COUNT);
    g_assert_cmpuint (scene->fetched.removed, ==, COUNT);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policies/headers-only", test_headers_only);
  g_test_add_func ("/policies/max-size", test_max_size);
  g_test_add_func ("/policies/rest-is-remembered", test_rest_is_remembered);
  g_test_add_func ("/policies/without-top", test_without_top);
  g_test_add_func ("/policies/delete-with-local", test_delete_with_local);
  g_test_add_func ("/policies/deleted-head", test_deleted_head);
  g_test_add_func ("/policies/keep-limits", test_keep_limits);
  g_test_add_func ("/policies/days", test_days);
  g_test_add_func ("/policies/half-a-listing", test_half_a_listing);
  g_test_add_func ("/policies/wrong-sizes", test_wrong_sizes);
  return g_test_run ();
}
