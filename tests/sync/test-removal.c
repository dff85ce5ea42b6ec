/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The door to DELE: what it lets through, and when a removal counts. */

#include "pb-error.h"
#include "pb-removal.h"
#include "pb-sync-fixture.h"

#include <string.h>

#define COUNT 5

/* A session that is signed in and has listed; rows as if nothing were known. */
typedef struct {
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbPop3Session *session;
  PbFetchPlan *plan;
  GArray *rows;
  PbRemoval *removal;
} Door;

static void
door_open_session (Door *door) {
  g_autoptr (PbEndpoint) endpoint =
    pb_endpoint_new ("127.0.0.1", pb_demo_server_get_port (door->server), PB_SECURITY_NONE);
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);
  const PbPop3SessionConfig config = { .endpoint = endpoint,
                                       .user = "reader",
                                       .secret = secret,
                                       .allow_clear_secret = TRUE,
                                       .connect_timeout = 1,
                                       .reply_timeout = 1 };
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  door->session = pb_pop3_session_new (&config);
  pb_pop3_session_open_async (door->session, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_pop3_session_open_finish (door->session, result, &error);
  g_assert_no_error (error);
}

static Door *
door_new (void) {
  Door *door = g_new0 (Door, 1);
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_DELETE };
  g_autoptr (PbListing) listing = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  door->fixture = pb_sync_fixture_new ();
  door->server = pb_sync_fixture_start_server (door->fixture, PB_DEMO_PLAIN, COUNT);
  door_open_session (door);
  pb_pop3_session_list_async (door->session, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  listing = pb_pop3_session_list_finish (door->session, result, &error);
  g_assert_no_error (error);
  door->rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
  for (guint number = 1; number <= COUNT; number++) {
    PbLedgerRow row = { .number = number, .state = PB_LEDGER_UNKNOWN };
    g_array_append_val (door->rows, row);
  }
  door->plan = pb_fetch_plan_new (listing, door->rows, &policy, 0);
  door->removal = pb_removal_new (door->session, door->fixture->store, "work", door->plan);
  return door;
}

static void
door_free (Door *door) {
  g_assert_finalize_object (door->removal);
  g_clear_object (&door->session);
  g_clear_object (&door->server);
  g_array_unref (door->rows);
  pb_fetch_plan_unref (door->plan);
  pb_sync_fixture_free (door->fixture);
  g_free (door);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Door, door_free)

static guint
ask (Door *door, guint number) {
  return pb_removal_request (door->removal, &number, 1);
}

static gboolean
quit (Door *door, guint *removed, GError **error) {
  GAsyncResult *done = NULL;

  pb_removal_quit_async (door->removal, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_removal_quit_finish (door->removal, result, removed, error);
}

static void
know (Door *door, guint number, PbLedgerState state, gboolean durable) {
  PbLedgerRow *row = &g_array_index (door->rows, PbLedgerRow, number - 1);

  row->state = state;
  row->durable = durable;
  row->stored = state == PB_LEDGER_STORED || state == PB_LEDGER_DELETED_HERE;
}

static void
test_nothing_known_nothing_removed (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (GError) error = NULL;
  guint removed = 77;

  pb_removal_trust_ledger (door->removal, door->rows);
  for (guint number = 0; number <= COUNT + 1; number++)
    g_assert_cmpuint (ask (door, number), ==, 0);
  g_assert_false (pb_removal_has_marks (door->removal));
  g_assert_true (quit (door, &removed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (removed, ==, 0);
  g_assert_cmpuint (pb_sync_fixture_count_commands (door->server, "DELE"), ==, 0);
  g_assert_cmpuint (pb_demo_server_count (door->server), ==, COUNT);
}

/* Of what was deleted without ever having been complete here, there is no copy. */
static void
test_deleted_head (void) {
  g_autoptr (Door) door = door_new ();

  know (door, 1, PB_LEDGER_DELETED_HERE, FALSE);
  g_array_index (door->rows, PbLedgerRow, 0).stored = 0;
  pb_removal_trust_ledger (door->removal, door->rows);
  g_assert_cmpuint (ask (door, 1), ==, 0);
}

/* Nor is a head that is committed a copy. */
static void
test_committed_head (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (PbDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  guint removed = 0;

  pb_mail_store_add_account_async (door->fixture->store, "work", NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) added = pb_test_wait (&done);
  g_assert_true (pb_mail_store_add_account_finish (door->fixture->store, added, &error));
  delivery = pb_mail_store_deliver (door->fixture->store, "work");
  pb_removal_trust_delivery (door->removal, delivery);
  for (guint number = 1; number <= 2; number++) {
    g_autoptr (GBytes) identity = pb_fetch_plan_dup_identity (door->plan, number);
    pb_delivery_begin (delivery, number, identity, number == 1);
    pb_delivery_write (delivery, (const guint8 *) "Subject: x\n\n", 12);
    pb_delivery_end (delivery);
  }
  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) finished = pb_test_wait (&done);
  g_assert_true (pb_delivery_finish_finish (delivery, finished, &error));
  g_assert_cmpuint (ask (door, 1), ==, 0);
  g_assert_cmpuint (ask (door, 2), ==, 1);
  g_assert_true (quit (door, &removed, &error));
  g_assert_cmpuint (removed, ==, 1);
}

static void
test_ledger (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (GError) error = NULL;
  guint removed = 0;

  know (door, 1, PB_LEDGER_STORED, TRUE);
  know (door, 2, PB_LEDGER_STORED, FALSE);
  know (door, 3, PB_LEDGER_PARTIAL, FALSE);
  know (door, 4, PB_LEDGER_REFUSED, FALSE);
  know (door, 5, PB_LEDGER_DELETED_HERE, FALSE);
  pb_removal_trust_ledger (door->removal, door->rows);
  const guint everything[] = { 1, 2, 3, 4, 5, 1 };
  g_assert_cmpuint (pb_removal_request (door->removal, everything, G_N_ELEMENTS (everything)), ==,
                    2);
  g_assert_cmpuint (ask (door, 1), ==, 0);
  g_assert_true (pb_removal_has_marks (door->removal));
  g_assert_true (quit (door, &removed, &error));
  g_assert_cmpuint (removed, ==, 2);
  g_assert_cmpuint (pb_sync_fixture_count_commands (door->server, "DELE 1"), ==, 1);
  g_assert_cmpuint (pb_sync_fixture_count_commands (door->server, "DELE 5"), ==, 1);
  g_assert_cmpuint (pb_sync_fixture_count_commands (door->server, "DELE"), ==, 2);
  g_assert_cmpuint (pb_demo_server_count (door->server), ==, 3);
}

/* Rows of a listing in which the ids say nothing prove nothing. */
static void
test_ambiguous_ids (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (PbRemoval) removal = NULL;
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_DELETE };

  for (guint number = 1; number <= COUNT; number++) {
    pb_listing_set_uid (listing, number, (const guint8 *) "same", 4);
    know (door, number, PB_LEDGER_STORED, TRUE);
  }
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, door->rows, &policy, 0);
  removal = pb_removal_new (door->session, door->fixture->store, "work", plan);
  pb_removal_trust_ledger (removal, door->rows);
  const guint number = 1;
  g_assert_cmpuint (pb_removal_request (removal, &number, 1), ==, 0);
}

static PbDelivery *
deliver (Door *door) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  if (!pb_mail_store_find_folder (door->fixture->store, "work", PB_FOLDER_INBOX)) {
    pb_mail_store_add_account_async (door->fixture->store, "work", NULL, pb_test_done, &done);
    g_autoptr (GAsyncResult) result = pb_test_wait (&done);
    pb_mail_store_add_account_finish (door->fixture->store, result, &error);
    g_assert_no_error (error);
  }
  return pb_mail_store_deliver (door->fixture->store, "work");
}

static void
commit (PbDelivery *delivery, guint number) {
  g_autoptr (GBytes) message = pb_sync_fixture_message (number - 1);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_delivery_begin (delivery, number, NULL, FALSE);
  pb_delivery_write (delivery, g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  pb_delivery_end (delivery);
  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_delivery_finish_finish (delivery, result, &error);
  g_assert_no_error (error);
}

static void
test_committed (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (GError) error = NULL;
  guint removed = 0;
  {
    g_autoptr (PbDelivery) ours = deliver (door);

    pb_removal_trust_delivery (door->removal, ours);
    g_assert_cmpuint (ask (door, 2), ==, 0);
    commit (ours, 2);
  }
  {
    g_autoptr (PbDelivery) other = deliver (door);

    commit (other, 3);
  }
  g_assert_cmpuint (ask (door, 3), ==, 0);
  g_assert_cmpuint (ask (door, 1), ==, 0);
  g_assert_cmpuint (ask (door, 2), ==, 1);
  g_assert_true (quit (door, &removed, &error));
  g_assert_cmpuint (removed, ==, 1);
  g_assert_cmpuint (pb_sync_fixture_count_commands (door->server, "DELE 2"), ==, 1);
  g_assert_cmpuint (pb_demo_server_count (door->server), ==, COUNT - 1);
  /* The door is shut now. */
  g_assert_cmpuint (ask (door, 2), ==, 0);
}

/* ---- When the server does not play along ---- */

typedef struct {
  const char *command;
  PbDemoVerdict verdict;
  const char *reply;
} Script;

static PbDemoVerdict
play (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  const Script *script = data;

  if (!g_str_has_prefix (command, script->command))
    return PB_DEMO_ANSWER;
  if (script->reply)
    *reply = g_bytes_new (script->reply, strlen (script->reply));
  return script->verdict;
}

static void
remove_all (Door *door, const Script *script, guint *removed, GError **error) {
  const guint everything[] = { 1, 2, 3, 4, 5 };

  pb_demo_server_set_hook (door->server, play, (gpointer) script);
  for (guint number = 1; number <= COUNT; number++)
    know (door, number, PB_LEDGER_STORED, TRUE);
  pb_removal_trust_ledger (door->removal, door->rows);
  g_assert_cmpuint (pb_removal_request (door->removal, everything, COUNT), ==, COUNT);
  quit (door, removed, error);
}

static void
test_one_refused (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (GError) error = NULL;
  const Script script = { "DELE 3", PB_DEMO_REPLY, "-ERR not that one\r\n" };
  guint removed = 0;

  remove_all (door, &script, &removed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (removed, ==, COUNT - 1);
  g_assert_cmpuint (pb_demo_server_count (door->server), ==, 1);
}

static void
test_closed_at_dele (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (GError) error = NULL;
  const Script script = { "DELE 3", PB_DEMO_CLOSE, NULL };
  guint removed = 77;

  remove_all (door, &script, &removed, &error);
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  g_assert_cmpuint (removed, ==, 0);
  g_assert_cmpuint (pb_demo_server_count (door->server), ==, COUNT);
}

static void
test_quit_not_confirmed (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (GError) error = NULL;
  const Script script = { "QUIT", PB_DEMO_CLOSE, NULL };
  guint removed = 77;

  remove_all (door, &script, &removed, &error);
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  g_assert_cmpuint (removed, ==, 0);
}

static void
test_cancel_quit (void) {
  g_autoptr (Door) door = door_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const Script script = { "QUIT", PB_DEMO_SILENT, NULL };
  GAsyncResult *done = NULL;
  guint removed = 77;

  pb_demo_server_set_hook (door->server, play, (gpointer) &script);
  pb_removal_quit_async (door->removal, cancellable, pb_test_done, &done);
  pb_test_pass_time (50);
  g_cancellable_cancel (cancellable);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_removal_quit_finish (door->removal, result, &removed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (removed, ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/removal/nothing-known", test_nothing_known_nothing_removed);
  g_test_add_func ("/removal/ledger", test_ledger);
  g_test_add_func ("/removal/deleted-head", test_deleted_head);
  g_test_add_func ("/removal/committed-head", test_committed_head);
  g_test_add_func ("/removal/ambiguous-ids", test_ambiguous_ids);
  g_test_add_func ("/removal/committed", test_committed);
  g_test_add_func ("/removal/one-refused", test_one_refused);
  g_test_add_func ("/removal/closed-at-dele", test_closed_at_dele);
  g_test_add_func ("/removal/quit-not-confirmed", test_quit_not_confirmed);
  g_test_add_func ("/removal/cancel-quit", test_cancel_quit);
  return g_test_run ();
}
