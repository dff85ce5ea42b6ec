/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One pass of one account against a server that is well, and against one that misbehaves in
 * every way there is a name for: the right error, nothing lost, and the next pass has everything
 * exactly once. */

#include "pb-error.h"
#include "pb-receiver.h"
#include "pb-scripted-server.h"
#include "pb-sync-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define COUNT 3

typedef struct {
  PbAccount *account;
  PbOperation *operation;
  PbReceiver *receiver;
  GAsyncResult *done;
  PbFetchResult fetched;
  GError *error;
} Pass;

static void
pass_start (Pass *pass, PbSyncFixture *fixture, PbAccount *account) {
  pass->account = g_object_ref (account);
  pass->operation = pb_operation_new (pb_account_get_id (account));
  pass->receiver = pb_receiver_new (account, fixture->secrets, fixture->store, pass->operation);
  pb_receiver_run_async (pass->receiver, pb_test_done, &pass->done);
}

static void
pass_wait (Pass *pass) {
  g_autoptr (GAsyncResult) result = pb_test_wait (&pass->done);

  gboolean done = pb_receiver_run_finish (pass->receiver, result, &pass->fetched, &pass->error);
  g_assert_true (done == (pass->error == NULL));
  g_assert_cmpint (pb_operation_get_phase (pass->operation), ==, PB_PHASE_FINISHED);
}

static void
pass_clear (Pass *pass) {
  g_clear_object (&pass->receiver);
  g_clear_object (&pass->operation);
  g_clear_object (&pass->account);
  g_clear_error (&pass->error);
  *pass = (Pass){ 0 };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

static void
run (Pass *pass, PbSyncFixture *fixture, PbAccount *account) {
  pass_clear (pass);
  pass_start (pass, fixture, account);
  pass_wait (pass);
}

static void
assert_fetched (const Pass *pass, guint stored, guint duplicates, guint removed, guint on_server) {
  g_assert_no_error (pass->error);
  g_assert_cmpuint (pass->fetched.stored, ==, stored);
  g_assert_cmpuint (pass->fetched.duplicates, ==, duplicates);
  g_assert_cmpuint (pass->fetched.refused, ==, 0);
  g_assert_cmpuint (pass->fetched.removed, ==, removed);
  g_assert_cmpuint (pass->fetched.on_server, ==, on_server);
}

/* ---- A server that is well ---- */

static void
test_keep (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_TLS, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_TLS, "keep");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  assert_fetched (&pass, COUNT, 0, 0, COUNT);
  g_assert_cmpuint (pass.fetched.bytes, >, 0);
  g_assert_cmpuint (pb_operation_get_total (pass.operation), ==, COUNT);
  g_assert_cmpuint (pb_operation_get_done (pass.operation), ==, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_stored (fixture, "work", COUNT), ==, COUNT);

  run (&pass, fixture, account);
  assert_fetched (&pass, 0, 0, 0, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_commands (server, "RETR"), ==, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_commands (server, "DELE"), ==, 0);
  g_assert_cmpuint (pb_sync_fixture_count_commands (server, "QUIT"), ==, 2);
}

static void
test_delete (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_STARTTLS, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_STARTTLS, "delete");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  assert_fetched (&pass, COUNT, 0, COUNT, 0);
  g_assert_cmpuint (pb_demo_server_count (server), ==, 0);
  g_assert_cmpuint (pb_sync_fixture_count_stored (fixture, "work", COUNT), ==, COUNT);
  run (&pass, fixture, account);
  assert_fetched (&pass, 0, 0, 0, 0);
}

/* What came while the policy was to keep is removed after it changed, without being retrieved
 * again. */
static void
test_keep_then_delete (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "delete-after=1");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  assert_fetched (&pass, COUNT, 0, 0, COUNT);
  pb_account_set_on_server_text (account, "delete");
  run (&pass, fixture, account);
  assert_fetched (&pass, 0, 0, COUNT, 0);
  g_assert_cmpuint (pb_demo_server_count (server), ==, 0);
  g_assert_cmpuint (pb_sync_fixture_count_commands (server, "RETR"), ==, COUNT);
}

static void
test_empty_mailbox (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, 0);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "delete");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  assert_fetched (&pass, 0, 0, 0, 0);
}

/* A listing that is empty for once changes nothing. */
static void
test_empty_for_once (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "keep");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  pb_demo_server_clear (server);
  run (&pass, fixture, account);
  assert_fetched (&pass, 0, 0, 0, 0);
  for (guint i = 0; i < COUNT; i++) {
    g_autoptr (GBytes) message = pb_sync_fixture_message (i);
    pb_demo_server_add_message (server, message, NULL);
  }
  run (&pass, fixture, account);
  g_assert_no_error (pass.error);
  g_assert_cmpuint (pass.fetched.stored, ==, 0);
  g_assert_cmpuint (pb_sync_fixture_count_stored (fixture, "work", COUNT), ==, COUNT);
}

static PbDemoVerdict
refuse_uidl (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  if (!g_str_has_prefix (command, "UIDL"))
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new_static ("-ERR not now\r\n", 14);
  return PB_DEMO_REPLY;
}

/* Without ids everything has to come again, but its content is known. */
static void
test_no_ids_for_once (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "keep");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  assert_fetched (&pass, COUNT, 0, 0, COUNT);
  pb_demo_server_set_hook (server, refuse_uidl, NULL);
  run (&pass, fixture, account);
  assert_fetched (&pass, 0, COUNT, 0, COUNT);
  pb_fault_clear (server);
  run (&pass, fixture, account);
  assert_fetched (&pass, 0, 0, 0, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_stored (fixture, "work", COUNT), ==, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_commands (server, "RETR"), ==, 2 * COUNT);
}

/* ---- Before it begins ---- */

static void
test_no_secret (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) known =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "keep");
  g_autoptr (PbAccount) account = pb_account_new ("other");
  g_auto (Pass) pass = { 0 };

  pb_account_assign (account, known);
  run (&pass, fixture, account);
  g_assert_error (pass.error, PB_ERROR, PB_ERROR_NO_SECRET);
  g_assert_null (*pb_demo_server_get_log (server));
}

static void
test_unusable_account (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbAccount) account = pb_account_new ("work");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  g_assert_error (pass.error, PB_ERROR, PB_ERROR_INVALID);
}

static void
test_locked (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "keep");
  g_autoptr (PbMailStore) other = pb_mail_store_new (fixture->dir);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  g_assert_no_error (pass.error);
  pb_mail_store_open_async (other, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) opened = pb_test_wait (&done);
  pb_mail_store_open_finish (other, opened, &error);
  g_assert_no_error (error);
  pb_mail_store_lock_account_async (other, "work", NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) locked = pb_test_wait (&done);
  pb_mail_store_lock_account_finish (other, locked, &error);
  g_assert_no_error (error);

  guint before = pb_sync_fixture_count_commands (server, "USER");
  run (&pass, fixture, account);
  g_assert_error (pass.error, PB_ERROR, PB_ERROR_LOCKED);
  g_assert_cmpuint (pb_sync_fixture_count_commands (server, "USER"), ==, before);
  /* Unlocking has no completion of its own; closing waits for it. */
  pb_mail_store_unlock_account (other, "work");
  pb_mail_store_close_async (other, pb_test_done, &done);
  g_autoptr (GAsyncResult) closed = pb_test_wait (&done);
  g_assert_true (pb_mail_store_close_finish (other, closed, &error));
  run (&pass, fixture, account);
  g_assert_no_error (pass.error);
}

/* ---- A server that misbehaves ---- */

typedef struct {
  const PbFault *fault;
  PbOnServer policy;
  PbDemoServer *server;
  Pass pass;
} Trouble;

static PbDemoSecurity
security_for (const PbFault *fault) {
  return fault->needs_starttls ? PB_DEMO_STARTTLS : PB_DEMO_PLAIN;
}

static void
trouble_start (Trouble *trouble, PbSyncFixture *fixture, guint index) {
  PbDemoSecurity security = security_for (trouble->fault);
  g_autofree char *id = g_strdup_printf ("fault-%u", index);

  trouble->server = pb_sync_fixture_start_server (fixture, security, COUNT);
  pb_fault_apply (trouble->fault, trouble->server);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, id, trouble->server, security,
                                  trouble->policy == PB_ON_SERVER_DELETE ? "delete" : "keep");
  pass_start (&trouble->pass, fixture, account);
}

/* Whatever happens at one message, again and again, the others come. */
static gboolean
is_about_one_message (const PbFault *fault) {
  return strcmp (fault->command, "RETR 2") == 0;
}

static guint
refused_by (const PbFault *fault) {
  return is_about_one_message (fault)                     ? 1
         : strcmp (fault->name, "refuse-every-RETR") == 0 ? COUNT
                                                          : 0;
}

static void
check_trouble (Trouble *trouble, PbSyncFixture *fixture) {
  const PbFault *fault = trouble->fault;
  Pass *pass = &trouble->pass;
  int expected =
    trouble->policy == PB_ON_SERVER_DELETE ? fault->expected_code_deleting : fault->expected_code;

  g_test_message ("%s, policy %d: %s", fault->name, (int) trouble->policy,
                  pass->error ? pass->error->message : "fine");
  if (expected < 0 || is_about_one_message (fault))
    g_assert_no_error (pass->error);
  else
    g_assert_error (pass->error, PB_ERROR, expected);
  g_assert_cmpuint (pass->fetched.refused, ==, refused_by (fault));
  /* On the server, or here, or both. */
  guint here = pb_sync_fixture_count_stored (fixture, pb_account_get_id (pass->account), COUNT);
  g_assert_cmpuint (here, ==, pass->fetched.stored);
  g_assert_cmpuint (here + pb_demo_server_count (trouble->server), >=, COUNT);
}

static void
check_recovery (Trouble *trouble, PbSyncFixture *fixture) {
  g_autoptr (PbAccount) account = g_object_ref (trouble->pass.account);
  guint refused = refused_by (trouble->fault);
  gboolean keeping = trouble->policy == PB_ON_SERVER_KEEP;
  guint copies;

  pb_fault_clear (trouble->server);
  run (&trouble->pass, fixture, account);
  g_assert_no_error (trouble->pass.error);
  guint here =
    pb_sync_fixture_count_different (fixture, pb_account_get_id (account), COUNT, &copies);
  g_assert_cmpuint (here, ==, COUNT - refused);
  g_assert_cmpuint (copies, ==, here);
  g_assert_cmpuint (pb_demo_server_count (trouble->server), ==, keeping ? COUNT : refused);
}

/* All at the same time, because those that fall silent cost a second each. */
static void
test_faults (gconstpointer data) {
  PbOnServer policy = (PbOnServer) GPOINTER_TO_INT (data);
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  guint count;
  const PbFault *faults = pb_faults (&count);
  g_autofree Trouble *troubles = g_new0 (Trouble, count);

  for (guint i = 0; i < count; i++) {
    troubles[i].fault = &faults[i];
    troubles[i].policy = policy;
    trouble_start (&troubles[i], fixture, i);
  }
  for (guint i = 0; i < count; i++)
    pass_wait (&troubles[i].pass);
  for (guint i = 0; i < count; i++) {
    check_trouble (&troubles[i], fixture);
    check_recovery (&troubles[i], fixture);
    pass_clear (&troubles[i].pass);
    g_object_unref (troubles[i].server);
  }
}

/* ---- Stopping ---- */

static PbDemoVerdict
stall_at_second (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  return g_str_has_prefix (command, data) ? PB_DEMO_SILENT : PB_DEMO_ANSWER;
}

static gboolean
has_one (gpointer data) {
  return pb_operation_get_done (data) >= 1;
}

static void
check_cancel (const char *stalled_command, gboolean (*when) (gpointer data)) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "delete");
  g_auto (Pass) pass = { 0 };

  g_object_set (account, "timeout", 60, NULL);
  pb_demo_server_set_hook (server, stall_at_second, (gpointer) stalled_command);
  pass_start (&pass, fixture, account);
  if (when)
    pb_test_until (when, pass.operation);
  else
    pb_test_pass_time (50);
  gint64 before = g_get_monotonic_time ();
  pb_operation_cancel (pass.operation);
  pass_wait (&pass);
  g_assert_cmpint ((g_get_monotonic_time () - before) / 1000, <, 2000);
  g_assert_error (pass.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (pb_sync_fixture_count_stored (fixture, "work", COUNT), ==, pass.fetched.stored);
  if (when)
    g_assert_cmpuint (pass.fetched.stored, >=, 1);

  pb_fault_clear (server);
  run (&pass, fixture, account);
  g_assert_no_error (pass.error);
  g_assert_cmpuint (pb_sync_fixture_count_stored (fixture, "work", COUNT), ==, COUNT);
  g_assert_cmpuint (pb_demo_server_count (server), ==, 0);
}

static void
test_cancel (void) {
  check_cancel ("USER", NULL);
  check_cancel ("UIDL", NULL);
  check_cancel ("RETR 2", has_one);
  check_cancel ("DELE", has_one);
  check_cancel ("QUIT", has_one);
}

static void
test_cancelled_before (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "keep");
  g_auto (Pass) pass = { 0 };

  pass_start (&pass, fixture, account);
  pb_operation_cancel (pass.operation);
  pass_wait (&pass);
  g_assert_error (pass.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- The disk ---- */

/* One byte more than may be in a file, which is like a full disk. */
static void
test_disk_full (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "delete");
  g_autofree char *text = g_strnfill (8 * 1024 * 1024, 'x');
  g_autoptr (GBytes) large = g_bytes_new (text, strlen (text));
  struct rlimit before, small;
  g_auto (Pass) pass = { 0 };

  pb_demo_server_add_message (server, large, NULL);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  small = before;
  small.rlim_cur = 4 * 1024 * 1024;
  setrlimit (RLIMIT_FSIZE, &small);
  run (&pass, fixture, account);
  setrlimit (RLIMIT_FSIZE, &before);

  g_assert_nonnull (pass.error);
  g_assert_true (pass.error->domain == PB_ERROR);
  g_assert_true (pass.error->code == PB_ERROR_STORAGE || pass.error->code == PB_ERROR_STORAGE_FULL);
  g_assert_cmpuint (pass.fetched.removed, ==, 0);
  g_assert_cmpuint (pb_demo_server_count (server), ==, COUNT + 1);

  run (&pass, fixture, account);
  g_assert_no_error (pass.error);
  g_assert_cmpuint (pb_demo_server_count (server), ==, 0);
}

/* ---- What is told ---- */

static void
test_transcript (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "keep");
  g_auto (Pass) pass = { 0 };

  run (&pass, fixture, account);
  g_autofree char *text = pb_receiver_dup_transcript (pass.receiver);
  g_assert_nonnull (strstr (text, "USER"));
  g_assert_nonnull (strstr (text, "PASS"));
  g_assert_null (strstr (text, PB_FIXTURE_PASSWORD));
}

/* Many messages and more bytes than may wait for the disk: the session pauses and goes on. */
static void
test_backpressure (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, 0);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "delete");
  g_auto (Pass) pass = { 0 };

  for (guint i = 0; i < 10; i++) {
    g_autofree char *text = g_strnfill (8 * 1024 * 1024, (char) ('a' + i));
    g_autofree char *message = g_strdup_printf ("Subject: large\n\n%s\n", text);
    g_autoptr (GBytes) bytes = g_bytes_new (message, strlen (message));
    pb_demo_server_add_message (server, bytes, NULL);
  }
  run (&pass, fixture, account);
  assert_fetched (&pass, 10, 0, 10, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receiver/keep", test_keep);
  g_test_add_func ("/receiver/delete", test_delete);
  g_test_add_func ("/receiver/keep-then-delete", test_keep_then_delete);
  g_test_add_func ("/receiver/empty-mailbox", test_empty_mailbox);
  g_test_add_func ("/receiver/empty-for-once", test_empty_for_once);
  g_test_add_func ("/receiver/no-ids-for-once", test_no_ids_for_once);
  g_test_add_func ("/receiver/no-secret", test_no_secret);
  g_test_add_func ("/receiver/unusable-account", test_unusable_account);
  g_test_add_func ("/receiver/locked", test_locked);
  g_test_add_data_func ("/receiver/faults/keep", GINT_TO_POINTER (PB_ON_SERVER_KEEP), test_faults);
  g_test_add_data_func ("/receiver/faults/delete", GINT_TO_POINTER (PB_ON_SERVER_DELETE),
                        test_faults);
  g_test_add_func ("/receiver/cancel", test_cancel);
  g_test_add_func ("/receiver/cancelled-before", test_cancelled_before);
  g_test_add_func ("/receiver/disk-full", test_disk_full);
  g_test_add_func ("/receiver/transcript", test_transcript);
  g_test_add_func ("/receiver/backpressure", test_backpressure);
  return g_test_run ();
}
