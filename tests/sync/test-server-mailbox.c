/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server mailbox against a real server on a real connection, which also misbehaves: what is
 * listed, what comes, what goes, and what never goes. */

#include "pb-server-mailbox.h"

#include <string.h>

#include "pb-error.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#define COUNT 8

typedef struct {
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbAccountList *accounts;
  PbSyncService *service;
  PbAccount *account;
  PbServerMailbox *mailbox; /* the service's */
  guint visits;             /* that ended */
  guint deleted;
  int error; /* of the last visit, -1 for none */
} Scene;

static void
left_cb (PbServerMailbox *mailbox, guint deleted, const GError *error, gpointer data) {
  Scene *scene = data;

  scene->visits++;
  scene->deleted += deleted;
  scene->error = error ? error->code : -1;
}

static Scene *
scene_new (guint count, const char *on_server) {
  Scene *scene = g_new0 (Scene, 1);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  scene->fixture = pb_sync_fixture_new ();
  scene->server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_TLS, count);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->server, PB_DEMO_TLS, on_server);
  /* Nothing here waits for silence, and a loaded machine is slow. */
  g_object_set (scene->account, "timeout", 20, NULL);
  pb_mail_store_add_account_async (scene->fixture->store, "work", NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_mail_store_add_account_finish (scene->fixture->store, result, &error));
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  g_assert_true (pb_account_list_add (scene->accounts, scene->account, &error));
  scene->service =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  scene->mailbox = pb_sync_service_get_server_mailbox (scene->service, scene->account);
  g_signal_connect (scene->mailbox, "left", G_CALLBACK (left_cb), scene);
  return scene;
}

static void
scene_free (Scene *scene) {
  GAsyncResult *done = NULL;

  g_signal_handlers_disconnect_by_data (scene->mailbox, scene);
  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_stop_finish (scene->service, result, NULL));
  g_clear_object (&result);
  pb_test_pass_time (1);
  g_assert_finalize_object (scene->service);
  g_object_unref (scene->accounts);
  g_object_unref (scene->account);
  pb_demo_server_stop (scene->server);
  g_object_unref (scene->server);
  pb_sync_fixture_free (scene->fixture);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

/* ---- What a person does, as blocking calls ---- */

static gboolean
try_open (Scene *scene, GError **error) {
  GAsyncResult *done = NULL;

  pb_server_mailbox_open_async (scene->mailbox, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_server_mailbox_open_finish (scene->mailbox, result, error);
}

static void
open_mailbox (Scene *scene) {
  g_autoptr (GError) error = NULL;

  try_open (scene, &error);
  g_assert_no_error (error);
}

static gboolean
try_apply (Scene *scene, PbServerResult *applied, GError **error) {
  GAsyncResult *done = NULL;

  pb_server_mailbox_apply_async (scene->mailbox, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_server_mailbox_apply_finish (scene->mailbox, result, applied, error);
}

static PbServerResult
apply (Scene *scene) {
  PbServerResult applied;
  g_autoptr (GError) error = NULL;

  try_apply (scene, &applied, &error);
  g_assert_no_error (error);
  return applied;
}

static gboolean
try_leave (Scene *scene, guint *deleted, GError **error) {
  GAsyncResult *done = NULL;

  pb_server_mailbox_leave_async (scene->mailbox, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_server_mailbox_leave_finish (scene->mailbox, result, deleted, error);
}

static guint
leave (Scene *scene) {
  guint deleted;
  g_autoptr (GError) error = NULL;

  try_leave (scene, &deleted, &error);
  g_assert_no_error (error);
  return deleted;
}

static gboolean
undo (Scene *scene, GError **error) {
  GAsyncResult *done = NULL;

  pb_server_mailbox_undo_async (scene->mailbox, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_server_mailbox_undo_finish (scene->mailbox, result, error);
}

static PbFetchResult
check (Scene *scene) {
  PbFetchResult fetched;
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_sync_service_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_sync_service_check_finish (scene->service, result, &fetched, &error);
  g_assert_no_error (error);
  return fetched;
}

static PbServerRow *
row_of (Scene *scene, guint number) {
  PbServerRow *row = pb_server_mailbox_find (scene->mailbox, number);

  g_assert_nonnull (row);
  return row;
}

static void
mark (Scene *scene, guint first, guint last, PbServerMark how) {
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  for (guint i = first; i <= last; i++)
    g_ptr_array_add (rows, row_of (scene, i));
  pb_server_mailbox_mark (scene->mailbox, rows, how);
}

static void
keep (Scene *scene, guint number, gboolean on) {
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  g_ptr_array_add (rows, row_of (scene, number));
  g_assert_cmpuint (pb_server_mailbox_set_keep (scene->mailbox, rows, on), ==, 1);
}

static guint
count_rows (Scene *scene) {
  return g_list_model_get_n_items (pb_server_mailbox_get_rows (scene->mailbox));
}

static guint
count_state (Scene *scene, PbServerState state) {
  GListModel *rows = pb_server_mailbox_get_rows (scene->mailbox);
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (rows, i);
    count += pb_server_row_get_state (row) == state;
  }
  return count;
}

static gboolean
has_all_heads (gpointer data) {
  GListModel *rows = pb_server_mailbox_get_rows (((Scene *) data)->mailbox);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (rows, i);
    if (!pb_server_row_get_head (row) && !pb_server_row_is_headless (row))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_closed (gpointer data) {
  return pb_server_mailbox_get_state (((Scene *) data)->mailbox) == PB_SERVER_SESSION_CLOSED;
}

static guint
stored (Scene *scene) {
  return pb_sync_fixture_count_stored (scene->fixture, "work", 100);
}

/* ---- Looking ---- */

static void
test_list (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  g_assert_cmpuint (count_rows (scene), ==, COUNT);
  g_assert_cmpuint (count_state (scene, PB_SERVER_NOT_HERE), ==, COUNT);
  g_autoptr (PbServerRow) first =
    g_list_model_get_item (pb_server_mailbox_get_rows (scene->mailbox), 0);
  g_assert_cmpuint (pb_server_row_get_number (first), ==, COUNT);
  g_assert_cmpuint (pb_server_row_get_size (first), >, 50);
  g_assert_null (pb_server_row_get_head (first));
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "TOP"), ==, 0);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "RETR"), ==, 0);

  g_assert_cmpuint (leave (scene), ==, 0);
  g_assert_cmpuint (count_rows (scene), ==, COUNT);
  g_assert_cmpuint (check (scene).stored, ==, COUNT);
  open_mailbox (scene);
  g_assert_cmpuint (count_state (scene, PB_SERVER_HERE), ==, COUNT);
  g_assert_cmpstr (pb_server_row_get_head (row_of (scene, 1))->subject, ==, "message 0");
  g_assert_cmpuint (
    g_list_model_get_n_items (pb_sync_service_get_transcripts (scene->service, scene->account)), ==,
    2);
}

static void
test_heads (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  pb_server_mailbox_want_head (scene->mailbox, row_of (scene, 2));
  while (!pb_server_row_get_head (row_of (scene, 2)))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "TOP"), ==, 1);
  g_assert_cmpstr (pb_server_row_get_head (row_of (scene, 2))->subject, ==, "message 1");
  g_assert_cmpstr (pb_server_row_get_head (row_of (scene, 2))->from_address, ==,
                   "sender1@example.org");

  pb_server_mailbox_set_all_heads (scene->mailbox, TRUE);
  pb_test_until (has_all_heads, scene);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "TOP"), ==, COUNT);
  g_assert_true (pb_server_mailbox_may_top (scene->mailbox));

  /* Another visit, by another program. */
  leave (scene);
  g_autoptr (PbSyncService) other =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  PbServerMailbox *mailbox = pb_sync_service_get_server_mailbox (other, scene->account);
  GAsyncResult *done = NULL;
  pb_server_mailbox_open_async (mailbox, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_server_mailbox_open_finish (mailbox, result, NULL));
  g_assert_cmpstr (pb_server_row_get_head (pb_server_mailbox_find (mailbox, 7))->subject, ==,
                   "message 6");
  pb_server_mailbox_leave_async (mailbox, pb_test_done, &done);
  g_autoptr (GAsyncResult) end = pb_test_wait (&done);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "TOP"), ==, COUNT);
}

static void
test_preview (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  open_mailbox (scene);
  pb_server_mailbox_preview_async (scene->mailbox, row_of (scene, 3), 1, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GBytes) bytes = pb_server_mailbox_preview_finish (scene->mailbox, result, &error);
  g_assert_no_error (error);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (text, ==,
                   "From: sender2@example.org\nSubject: message 2\n\nbody of message 2\n");
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "RETR"), ==, 0);
}

/* ---- Doing ---- */

static void
test_fetch (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  mark (scene, 2, 4, PB_SERVER_MARK_FETCH);
  PbServerResult applied = apply (scene);
  g_assert_cmpuint (applied.fetched.stored, ==, 3);
  g_assert_cmpuint (applied.marked, ==, 0);
  g_assert_cmpuint (stored (scene), ==, 3);
  g_assert_cmpuint (count_state (scene, PB_SERVER_HERE), ==, 3);
  g_assert_cmpint (pb_server_row_get_mark (row_of (scene, 2)), ==, PB_SERVER_MARK_NONE);

  /* Once more, and by a check: nothing is here twice. */
  mark (scene, 1, 4, PB_SERVER_MARK_FETCH);
  g_assert_cmpuint (apply (scene).fetched.stored, ==, 1);
  g_assert_cmpuint (check (scene).stored, ==, COUNT - 4);
  g_assert_cmpuint (stored (scene), ==, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "RETR"), ==, COUNT);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
}

static void
test_delete (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  mark (scene, 1, 1, PB_SERVER_MARK_FETCH);
  apply (scene);
  mark (scene, 1, 3, PB_SERVER_MARK_DELETE);
  g_assert_cmpuint (count_state (scene, PB_SERVER_WAITING), ==, 3);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "DELE"), ==, 0);
  g_autoptr (PbServerSummary) summary = pb_server_mailbox_summarise (scene->mailbox);
  g_assert_cmpuint (summary->remove, ==, 3);
  g_assert_cmpuint (summary->fetch, ==, 0);
  g_assert_cmpuint (summary->remove_bytes, ==, pb_server_row_get_size (row_of (scene, 1)) * 3);
  g_assert_cmpuint (summary->without_copy->len, ==, 2);

  PbServerResult applied = apply (scene);
  g_assert_cmpuint (applied.marked, ==, 3);
  g_assert_cmpuint (applied.refused, ==, 0);
  g_assert_cmpuint (pb_server_mailbox_get_undoable (scene->mailbox), ==, 3);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
  g_assert_cmpuint (leave (scene), ==, 3);
  g_assert_cmpuint (scene->deleted, ==, 3);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 3);
  g_assert_cmpuint (count_rows (scene), ==, COUNT - 3);
  g_assert_cmpuint (count_state (scene, PB_SERVER_GONE), ==, 0);
  g_assert_cmpuint (stored (scene), ==, 1);
}

static void
test_undo (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GError) error = NULL;

  open_mailbox (scene);
  mark (scene, 1, 5, PB_SERVER_MARK_DELETE);
  g_assert_cmpuint (apply (scene).marked, ==, 5);
  g_assert_true (undo (scene, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_state (scene, PB_SERVER_NOT_HERE), ==, COUNT);
  g_assert_cmpuint (pb_server_mailbox_get_undoable (scene->mailbox), ==, 0);
  /* What was wished before is not wished any more. */
  mark (scene, 6, 6, PB_SERVER_MARK_DELETE);
  g_assert_cmpuint (apply (scene).marked, ==, 1);
  g_assert_cmpuint (leave (scene), ==, 1);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 1);
  g_assert_false (undo (scene, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
}

/* Without anybody doing anything more, deletions become true. */
static void
test_undo_window (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  pb_server_mailbox_set_limits (scene->mailbox, 10000, 50);
  open_mailbox (scene);
  mark (scene, 1, 2, PB_SERVER_MARK_DELETE);
  apply (scene);
  pb_test_until (is_closed, scene);
  g_assert_cmpuint (scene->deleted, ==, 2);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 2);
}

static void
test_fetch_and_delete (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  mark (scene, 3, 6, PB_SERVER_MARK_FETCH | PB_SERVER_MARK_DELETE);
  g_autoptr (PbServerSummary) summary = pb_server_mailbox_summarise (scene->mailbox);
  g_assert_cmpuint (summary->without_copy->len, ==, 0);
  PbServerResult applied = apply (scene);
  g_assert_cmpuint (applied.fetched.stored, ==, 4);
  g_assert_cmpuint (applied.marked, ==, 4);
  g_assert_cmpuint (leave (scene), ==, 4);
  g_assert_cmpuint (stored (scene), ==, 4);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 4);
}

/* What somebody marked to be kept stays, whatever the policy says, and until somebody says
 * otherwise. */
static void
test_keep (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "delete");

  open_mailbox (scene);
  keep (scene, 2, TRUE);
  keep (scene, 5, TRUE);
  g_assert_cmpuint (check (scene).removed, ==, COUNT - 2);
  g_assert_cmpuint (check (scene).removed, ==, 0);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 2);
  g_assert_cmpuint (stored (scene), ==, COUNT);

  open_mailbox (scene);
  g_assert_cmpuint (count_state (scene, PB_SERVER_GONE), ==, COUNT - 2);
  g_assert_true (pb_server_row_get_keep (row_of (scene, 1)));
  keep (scene, 1, FALSE);
  g_assert_cmpuint (check (scene).removed, ==, 1);
  open_mailbox (scene);
  mark (scene, 1, 1, PB_SERVER_MARK_DELETE);
  g_assert_false (pb_server_row_get_keep (row_of (scene, 1)));
  g_assert_cmpuint (apply (scene).marked, ==, 1);
  g_assert_cmpuint (leave (scene), ==, 1);
}

/* ---- Sharing ---- */

static void
test_check_while_open (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  mark (scene, 1, 1, PB_SERVER_MARK_DELETE);
  mark (scene, 2, 2, PB_SERVER_MARK_FETCH);
  g_assert_cmpuint (check (scene).stored, ==, COUNT);
  g_assert_cmpuint (scene->visits, ==, 1);
  /* It is taken again, as somebody was looking; marks are still there. */
  open_mailbox (scene);
  g_assert_cmpuint (count_state (scene, PB_SERVER_HERE), ==, COUNT - 1);
  g_assert_cmpint (pb_server_row_get_mark (row_of (scene, 1)), ==, PB_SERVER_MARK_DELETE);
  g_assert_cmpuint (apply (scene).marked, ==, 1);
  /* What was applied is true before the next check begins. */
  g_assert_cmpuint (check (scene).on_server, ==, COUNT - 1);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 1);
}

static void
test_open_while_checking (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  GAsyncResult *done = NULL;

  pb_sync_service_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  pb_server_mailbox_touch (scene->mailbox);
  g_assert_cmpint (pb_server_mailbox_get_state (scene->mailbox), ==, PB_SERVER_SESSION_WAITING);
  open_mailbox (scene);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_check_finish (scene->service, result, NULL, NULL));
  g_assert_cmpuint (count_state (scene, PB_SERVER_HERE), ==, COUNT);
}

static void
test_idle (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  pb_server_mailbox_set_limits (scene->mailbox, 60, 60);
  open_mailbox (scene);
  pb_test_until (is_closed, scene);
  g_assert_cmpint (scene->error, ==, -1);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "QUIT"), ==, 1);
  pb_server_mailbox_touch (scene->mailbox);
  g_assert_cmpint (pb_server_mailbox_get_state (scene->mailbox), ==, PB_SERVER_SESSION_CONNECTING);
}

static void
test_gone_elsewhere (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  mark (scene, 1, 2, PB_SERVER_MARK_DELETE);
  leave (scene);
  pb_demo_server_clear (scene->server);
  for (guint i = 1; i < 4; i++) {
    g_autoptr (GBytes) message = pb_sync_fixture_message (i);
    pb_demo_server_add_message (scene->server, message, NULL);
  }
  open_mailbox (scene);
  g_assert_cmpuint (count_rows (scene), ==, COUNT);
  g_assert_cmpuint (count_state (scene, PB_SERVER_GONE), ==, COUNT - 3);
  /* Numbers changed; the mark went with its message. */
  g_assert_cmpint (pb_server_row_get_mark (row_of (scene, 1)), ==, PB_SERVER_MARK_DELETE);
  g_assert_cmpint (pb_server_row_get_mark (row_of (scene, 2)), ==, PB_SERVER_MARK_NONE);
  g_assert_cmpuint (apply (scene).marked, ==, 1);
  g_assert_cmpuint (leave (scene), ==, 1);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, 2);
}

/* ---- Servers that misbehave ---- */

typedef struct {
  const char *command; /* prefix of what is misplayed */
  PbDemoVerdict verdict;
  const char *reply;
} Quirk;

static PbDemoVerdict
quirk_hook (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  const Quirk *quirk = data;

  if (!g_str_has_prefix (command, quirk->command))
    return PB_DEMO_ANSWER;
  if (quirk->reply)
    *reply = g_bytes_new (quirk->reply, strlen (quirk->reply));
  return quirk->verdict;
}

static void
test_no_top (void) {
  static const Quirk quirk = { "TOP", PB_DEMO_REPLY, "-ERR what?\r\n" };
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_demo_server_set_hook (scene->server, quirk_hook, (gpointer) &quirk);
  pb_server_mailbox_set_all_heads (scene->mailbox, TRUE);
  open_mailbox (scene);
  while (pb_server_mailbox_may_top (scene->mailbox))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "TOP"), <=, 3);
  pb_server_mailbox_preview_async (scene->mailbox, row_of (scene, 3), 40, NULL, pb_test_done,
                                   &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_server_mailbox_preview_finish (scene->mailbox, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED);
  mark (scene, 1, 1, PB_SERVER_MARK_FETCH | PB_SERVER_MARK_DELETE);
  g_assert_cmpuint (apply (scene).marked, ==, 1);
  g_assert_cmpuint (leave (scene), ==, 1);
  g_assert_cmpuint (stored (scene), ==, 1);
}

static void
test_no_top_announced (void) {
  static const char *const capabilities[] = { "UIDL", "USER", "PIPELINING", NULL };
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  pb_demo_server_set_capabilities (scene->server, capabilities);
  pb_server_mailbox_set_all_heads (scene->mailbox, TRUE);
  open_mailbox (scene);
  g_assert_false (pb_server_mailbox_may_top (scene->mailbox));
  pb_test_pass_time (30);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "TOP"), ==, 0);
}

/* Sizes come before the names, which cost a TOP each here. */
static void
test_no_uidl (void) {
  static const Quirk quirk = { "UIDL", PB_DEMO_REPLY, "-ERR what?\r\n" };
  g_autoptr (Scene) scene = scene_new (0, "keep");

  for (guint i = 0; i < COUNT; i++) {
    g_autofree char *text = g_strdup_printf (
      "Message-ID: <%u@example.org>\nDate: Mon, 2 Mar 2026 10:00:0%u +0000\nSubject: %u\n\nx\n", i,
      i, i);
    g_autoptr (GBytes) message = g_bytes_new (text, strlen (text));
    pb_demo_server_add_message (scene->server, message, NULL);
  }
  pb_demo_server_set_hook (scene->server, quirk_hook, (gpointer) &quirk);
  open_mailbox (scene);
  g_assert_cmpuint (count_state (scene, PB_SERVER_NOT_HERE), ==, COUNT);
  mark (scene, 1, 2, PB_SERVER_MARK_DELETE);
  keep (scene, 4, TRUE);
  leave (scene);
  open_mailbox (scene);
  g_assert_cmpuint (count_state (scene, PB_SERVER_WAITING), ==, 2);
  g_assert_true (pb_server_row_get_keep (row_of (scene, 4)));
  g_assert_cmpuint (apply (scene).marked, ==, 2);
  g_assert_cmpuint (leave (scene), ==, 2);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 2);
}

/* Neither names nor heads: a mark does not outlive the session, for nothing tells what it was
 * on. */
static void
test_nameless (void) {
  static const char *const capabilities[] = { "USER", "PIPELINING", NULL };
  static const Quirk quirk = { "UIDL", PB_DEMO_REPLY, "-ERR what?\r\n" };
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  pb_demo_server_set_capabilities (scene->server, capabilities);
  pb_demo_server_set_hook (scene->server, quirk_hook, (gpointer) &quirk);
  open_mailbox (scene);
  g_assert_cmpuint (count_rows (scene), ==, COUNT);
  mark (scene, 1, 3, PB_SERVER_MARK_DELETE);
  leave (scene);
  open_mailbox (scene);
  g_assert_cmpuint (count_state (scene, PB_SERVER_WAITING), ==, 0);
  g_assert_cmpuint (apply (scene).marked, ==, 0);
  g_ptr_array_add (rows, row_of (scene, 1));
  g_assert_cmpuint (pb_server_mailbox_set_keep (scene->mailbox, rows, TRUE), ==, 0);
  mark (scene, 1, 1, PB_SERVER_MARK_DELETE);
  g_assert_cmpuint (apply (scene).marked, ==, 1);
  g_assert_cmpuint (leave (scene), ==, 1);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 1);
}

/* Nobody knows whether the server took it: the next look tells. */
static void
test_lost_at_quit (void) {
  static const Quirk quirk = { "QUIT", PB_DEMO_CLOSE, NULL };
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GError) error = NULL;
  guint deleted;

  open_mailbox (scene);
  mark (scene, 1, 2, PB_SERVER_MARK_DELETE);
  pb_demo_server_set_hook (scene->server, quirk_hook, (gpointer) &quirk);
  g_assert_cmpuint (apply (scene).marked, ==, 2);
  g_assert_false (try_leave (scene, &deleted, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  g_assert_cmpuint (scene->deleted, ==, 0);
  g_assert_cmpuint (count_state (scene, PB_SERVER_WAITING), ==, 2);
  g_assert_false (pb_server_row_is_sent (row_of (scene, 1)));
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
  pb_demo_server_set_hook (scene->server, NULL, NULL);
  g_assert_cmpuint (apply (scene).marked, ==, 2);
  g_assert_cmpuint (leave (scene), ==, 2);
}

static void
test_refused (void) {
  static const Quirk dele = { "DELE 2", PB_DEMO_REPLY, "-ERR no\r\n" };
  static const Quirk retr = { "RETR 3", PB_DEMO_REPLY, "-ERR no\r\n" };
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  pb_demo_server_set_hook (scene->server, quirk_hook, (gpointer) &dele);
  mark (scene, 1, 2, PB_SERVER_MARK_DELETE);
  PbServerResult applied = apply (scene);
  g_assert_cmpuint (applied.marked, ==, 1);
  g_assert_cmpuint (applied.refused, ==, 1);
  g_assert_cmpint (pb_server_row_get_mark (row_of (scene, 2)), ==, PB_SERVER_MARK_NONE);

  /* What does not come is not deleted. */
  pb_demo_server_set_hook (scene->server, quirk_hook, (gpointer) &retr);
  mark (scene, 3, 4, PB_SERVER_MARK_FETCH | PB_SERVER_MARK_DELETE);
  applied = apply (scene);
  g_assert_cmpuint (applied.fetched.stored, ==, 1);
  g_assert_cmpuint (applied.fetched.refused, ==, 1);
  g_assert_cmpuint (applied.marked, ==, 1);
  g_assert_cmpuint (applied.refused, ==, 1);
  g_assert_cmpint (pb_server_row_get_state (row_of (scene, 3)), ==, PB_SERVER_REFUSED);
  g_assert_cmpstr (pb_server_row_get_reason (row_of (scene, 3)), ==, "no");
  g_assert_cmpuint (leave (scene), ==, 2);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 2);
}

static void
test_lost_while_fetching (void) {
  static const Quirk quirk = { "RETR 3", PB_DEMO_CLOSE, NULL };
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GError) error = NULL;
  PbServerResult applied;

  open_mailbox (scene);
  pb_demo_server_set_hook (scene->server, quirk_hook, (gpointer) &quirk);
  mark (scene, 1, 5, PB_SERVER_MARK_FETCH | PB_SERVER_MARK_DELETE);
  g_assert_false (try_apply (scene, &applied, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  pb_test_until (is_closed, scene);
  g_assert_cmpint (scene->error, ==, PB_ERROR_CONNECT);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "DELE"), ==, 0);
  pb_demo_server_set_hook (scene->server, NULL, NULL);
  g_assert_cmpuint (apply (scene).marked, ==, 5);
  g_assert_cmpuint (leave (scene), ==, 5);
  g_assert_cmpuint (stored (scene), ==, 5);
}

static void
test_wrong_password (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");
  g_autoptr (GError) error = NULL;

  pb_demo_server_set_account (scene->server, "reader", "another");
  g_assert_false (try_open (scene, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_error (pb_server_mailbox_get_error (scene->mailbox), PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_cmpint (pb_server_mailbox_get_state (scene->mailbox), ==, PB_SERVER_SESSION_CLOSED);
}

static void
test_stop (void) {
  g_autoptr (Scene) scene = scene_new (COUNT, "keep");

  open_mailbox (scene);
  mark (scene, 1, 2, PB_SERVER_MARK_DELETE);
  g_assert_cmpuint (apply (scene).marked, ==, 2);
  GAsyncResult *done = NULL;
  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_stop_finish (scene->service, result, NULL));
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 2);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-mailbox/list", test_list);
  g_test_add_func ("/server-mailbox/heads", test_heads);
  g_test_add_func ("/server-mailbox/preview", test_preview);
  g_test_add_func ("/server-mailbox/fetch", test_fetch);
  g_test_add_func ("/server-mailbox/delete", test_delete);
  g_test_add_func ("/server-mailbox/undo", test_undo);
  g_test_add_func ("/server-mailbox/undo-window", test_undo_window);
  g_test_add_func ("/server-mailbox/fetch-and-delete", test_fetch_and_delete);
  g_test_add_func ("/server-mailbox/keep", test_keep);
  g_test_add_func ("/server-mailbox/check-while-open", test_check_while_open);
  g_test_add_func ("/server-mailbox/open-while-checking", test_open_while_checking);
  g_test_add_func ("/server-mailbox/idle", test_idle);
  g_test_add_func ("/server-mailbox/gone-elsewhere", test_gone_elsewhere);
  g_test_add_func ("/server-mailbox/no-top", test_no_top);
  g_test_add_func ("/server-mailbox/no-top-announced", test_no_top_announced);
  g_test_add_func ("/server-mailbox/no-uidl", test_no_uidl);
  g_test_add_func ("/server-mailbox/nameless", test_nameless);
  g_test_add_func ("/server-mailbox/lost-at-quit", test_lost_at_quit);
  g_test_add_func ("/server-mailbox/refused", test_refused);
  g_test_add_func ("/server-mailbox/lost-while-fetching", test_lost_while_fetching);
  g_test_add_func ("/server-mailbox/wrong-password", test_wrong_password);
  g_test_add_func ("/server-mailbox/stop", test_stop);
  return g_test_run ();
}
