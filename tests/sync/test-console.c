/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server console against a real server on a real connection: what is sent, what is not, what is
 * asked, and what is gone at the end. */

#include <string.h>

#include "pb-console-line.h"
#include "pb-error.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#define COUNT 4

typedef struct {
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbAccountList *accounts;
  PbSyncService *service;
  PbAccount *account;
  PbConsole *console;
  GString *events; /* one line for each: "kind command|text" */
  guint lines;
  guint64 folded;
  guint questions;
  PbConsoleCopy copy;
  PbConsoleRefusal refusal;
  guint64 gone;
  gboolean closed;
  int error; /* of CLOSED, -1 for none */
} Scene;

static const char *const kinds[] = {
  [PB_CONSOLE_OPENED] = "opened",
  [PB_CONSOLE_COMMAND] = "command",
  [PB_CONSOLE_STATUS] = "status",
  [PB_CONSOLE_LINE] = "line",
  [PB_CONSOLE_FOLDED] = "folded",
  [PB_CONSOLE_NOT_SENT] = "not-sent",
  [PB_CONSOLE_ASK_DELETE] = "ask-delete",
  [PB_CONSOLE_ASK_QUIT] = "ask-quit",
  [PB_CONSOLE_CANCELLED] = "cancelled",
  [PB_CONSOLE_TAKEN_BACK] = "taken-back",
  [PB_CONSOLE_IDLE] = "idle",
  [PB_CONSOLE_CLOSED] = "closed",
};

static void
event_cb (PbConsole *console, const PbConsoleEvent *event, gpointer data) {
  Scene *scene = data;

  g_assert_true (!scene->closed || event->kind == PB_CONSOLE_NOT_SENT);
  g_string_append_printf (scene->events, "%s %s|%s\n", kinds[event->kind],
                          event->command ? event->command : "", event->text ? event->text : "");
  scene->lines += event->kind == PB_CONSOLE_LINE;
  scene->folded += event->kind == PB_CONSOLE_FOLDED ? event->count : 0;
  scene->questions += event->kind == PB_CONSOLE_ASK_DELETE || event->kind == PB_CONSOLE_ASK_QUIT;
  if (event->kind == PB_CONSOLE_ASK_DELETE)
    scene->copy = event->copy;
  if (event->kind == PB_CONSOLE_NOT_SENT)
    scene->refusal = event->refusal;
  if (event->kind == PB_CONSOLE_CLOSED) {
    scene->closed = TRUE;
    scene->gone = event->count;
    scene->error = event->error ? event->error->code : -1;
  }
}

static gboolean
is_quiet (gpointer data) {
  PbConsoleState state = pb_console_get_state (((Scene *) data)->console);

  return state == PB_CONSOLE_STATE_READY || state == PB_CONSOLE_STATE_ASKING ||
         state == PB_CONSOLE_STATE_CLOSED;
}

static gboolean
is_closed (gpointer data) {
  return ((Scene *) data)->closed;
}

static void
open_console (Scene *scene, guint idle_limit) {
  g_clear_object (&scene->console);
  scene->closed = FALSE;
  scene->console = pb_sync_service_open_console (scene->service, scene->account);
  if (idle_limit)
    pb_console_set_idle_limit (scene->console, idle_limit);
  g_signal_connect (scene->console, "event", G_CALLBACK (event_cb), scene);
  pb_test_until (is_quiet, scene);
}

static Scene *
scene_new (guint idle_limit) {
  Scene *scene = g_new0 (Scene, 1);
  g_autoptr (GError) error = NULL;

  scene->fixture = pb_sync_fixture_new ();
  scene->server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_TLS, COUNT);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->server, PB_DEMO_TLS, "keep");
  GAsyncResult *done = NULL;
  pb_mail_store_add_account_async (scene->fixture->store, "work", NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_mail_store_add_account_finish (scene->fixture->store, result, &error));
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  g_assert_true (pb_account_list_add (scene->accounts, scene->account, &error));
  scene->service =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  scene->events = g_string_new (NULL);
  open_console (scene, idle_limit);
  return scene;
}

static void
scene_free (Scene *scene) {
  GAsyncResult *done = NULL;

  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_stop_finish (scene->service, result, NULL));
  g_clear_object (&result);
  g_assert_true (scene->closed);
  g_assert_null (strstr (scene->events->str, PB_FIXTURE_PASSWORD));
  g_assert_finalize_object (scene->console);
  g_assert_finalize_object (scene->service);
  g_object_unref (scene->accounts);
  g_object_unref (scene->account);
  pb_demo_server_stop (scene->server);
  g_object_unref (scene->server);
  pb_sync_fixture_free (scene->fixture);
  g_string_free (scene->events, TRUE);
  g_free (scene);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static void
forget (Scene *scene) {
  g_string_truncate (scene->events, 0);
  scene->lines = 0;
  scene->folded = 0;
  scene->questions = 0;
}

static void
type (Scene *scene, const char *line) {
  forget (scene);
  pb_console_submit (scene->console, line);
  pb_test_until (is_quiet, scene);
}

static void
answer (Scene *scene, gboolean yes) {
  forget (scene);
  pb_console_answer (scene->console, yes);
  pb_test_until (is_quiet, scene);
}

static void
assert_says (Scene *scene, const char *what) {
  if (!strstr (scene->events->str, what))
    g_error ("“%s” is not in:\n%s", what, scene->events->str);
}

static void
test_commands (void) {
  static const struct {
    const char *typed;
    const char *says;
    guint lines;
  } cases[] = {
    { "stat", "command STAT|STAT\nstatus STAT|+OK 4 ", 0 },
    { " LIST", "line LIST|4 ", COUNT },
    { "list 2", "command LIST|LIST 2\nstatus LIST|+OK 2 ", 0 },
    { "Uidl", "status UIDL|+OK", COUNT },
    { "UIDL\t1", "status UIDL|+OK 1 ", 0 },
    { "TOP 1 0", "line TOP|Subject: message 0", 3 },
    { "TOP  1   1", "line TOP|body of message 0", 4 },
    { "RETR 2", "line RETR|..two dots", 6 },
    { "NOOP", "status NOOP|+OK", 0 },
    { "RSET", "status RSET|+OK", 0 },
    { "CAPA", "line CAPA|PIPELINING", 5 },
    { "RETR 99", "status RETR|-ERR", 0 },
    { "LANG de", "status LANG|-ERR", 0 },
  };
  g_autoptr (Scene) scene = scene_new (0);

  assert_says (scene, "opened |127.0.0.1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    type (scene, cases[i].typed);
    assert_says (scene, cases[i].says);
    if (cases[i].lines != scene->lines)
      g_error ("%s: %u lines:\n%s", cases[i].typed, scene->lines, scene->events->str);
    g_assert_cmpint (pb_console_get_state (scene->console), ==, PB_CONSOLE_STATE_READY);
  }
  type (scene, "quit");
  assert_says (scene, "closed |");
  g_assert_cmpint (scene->error, ==, -1);
  g_assert_cmpuint (scene->gone, ==, 0);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
}

static void
test_refusals (void) {
  static const struct {
    const char *typed;
    PbConsoleRefusal refusal;
    const char *shown;
  } cases[] = {
    { "PASS hunter2", PB_CONSOLE_REFUSED_SIGNED_IN, "not-sent PASS|PASS ****" },
    { "user li.na", PB_CONSOLE_REFUSED_SIGNED_IN, "not-sent USER|USER ****" },
    { "APOP li.na hunter2", PB_CONSOLE_REFUSED_SIGNED_IN, "not-sent APOP|APOP ****" },
    { "AUTH PLAIN aHVudGVyMg==", PB_CONSOLE_REFUSED_SIGNED_IN, "not-sent AUTH|AUTH ****" },
    { "pass hunter2\r\nDELE 1", PB_CONSOLE_REFUSED_SIGNED_IN, "not-sent PASS|PASS ****" },
    { "STLS", PB_CONSOLE_REFUSED_TLS, "not-sent STLS|STLS" },
    { "UTF8", PB_CONSOLE_REFUSED_UTF8, "not-sent UTF8|UTF8" },
    { "hunter2", PB_CONSOLE_REFUSED_UNKNOWN, "not-sent |****" },
    { "", PB_CONSOLE_REFUSED_UNKNOWN, "not-sent |****" },
    { "XTND hunter2", PB_CONSOLE_REFUSED_UNKNOWN, "not-sent |****" },
    { "RETR", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent RETR|RETR" },
    { "RETR 0", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent RETR|RETR ****" },
    { "RETR -1", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent RETR|" },
    { "RETR 99999999999999999999", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent RETR|" },
    { "RETR 1 2", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent RETR|" },
    { "TOP 1", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent TOP|" },
    { "STAT now", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent STAT|" },
    { "LANG de_DE", PB_CONSOLE_REFUSED_ARGUMENTS, "not-sent LANG|" },
    { "NOOP\r\nDELE 1", PB_CONSOLE_REFUSED_CONTROLS, "not-sent" },
    { "RETR 1\nDELE 1", PB_CONSOLE_REFUSED_CONTROLS, "not-sent RETR|RETR ****" },
    { "STAT\r", PB_CONSOLE_REFUSED_CONTROLS, "not-sent" },
    { "STAT \033[2J", PB_CONSOLE_REFUSED_CONTROLS, "not-sent STAT|" },
    { "STAT \xff", PB_CONSOLE_REFUSED_CONTROLS, "not-sent STAT|" },
  };
  g_autoptr (Scene) scene = scene_new (0);
  guint before = g_strv_length ((GStrv) pb_demo_server_get_log (scene->server));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    type (scene, cases[i].typed);
    assert_says (scene, cases[i].shown);
    if (scene->refusal != cases[i].refusal)
      g_error ("“%s”: refusal %d", cases[i].typed, scene->refusal);
    g_assert_null (strstr (scene->events->str, "hunter2"));
  }
  pb_test_pass_time (50);
  g_assert_cmpuint (g_strv_length ((GStrv) pb_demo_server_get_log (scene->server)), ==, before);
  g_autofree char *text = pb_console_dup_transcript (scene->console);
  g_assert_null (strstr (text, "hunter2"));
  g_assert_null (strstr (text, PB_FIXTURE_PASSWORD));
  g_assert_nonnull (strstr (text, "TLS 1."));
  g_assert_nonnull (strstr (text, "SHA-256 fingerprint "));
}

/* Nothing is lost without two times yes; RSET takes it back. */
static void
test_delete (void) {
  g_autoptr (Scene) scene = scene_new (0);

  type (scene, "DELE 1");
  assert_says (scene, "ask-delete DELE|DELE 1");
  g_assert_cmpint (scene->copy, ==, PB_CONSOLE_COPY_NONE);
  type (scene, "NOOP");
  g_assert_cmpint (scene->refusal, ==, PB_CONSOLE_REFUSED_BUSY);
  answer (scene, FALSE);
  assert_says (scene, "cancelled DELE|DELE 1");
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "DELE"), ==, 0);

  type (scene, "DELE 1");
  answer (scene, TRUE);
  assert_says (scene, "command DELE|DELE 1\nstatus DELE|+OK");
  g_assert_cmpuint (pb_console_get_marks (scene->console), ==, 1);
  type (scene, "RSET");
  g_assert_cmpuint (scene->questions, ==, 0);
  g_assert_cmpuint (pb_console_get_marks (scene->console), ==, 0);

  type (scene, "DELE 77");
  g_assert_cmpint (scene->copy, ==, PB_CONSOLE_COPY_UNKNOWN);
  answer (scene, TRUE);
  assert_says (scene, "status DELE|-ERR");
  g_assert_cmpuint (pb_console_get_marks (scene->console), ==, 0);

  type (scene, "DELE 2");
  answer (scene, TRUE);
  type (scene, "QUIT");
  assert_says (scene, "ask-quit QUIT|QUIT");
  answer (scene, FALSE);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
  type (scene, "QUIT");
  answer (scene, TRUE);
  assert_says (scene, "closed |");
  g_assert_cmpuint (scene->gone, ==, 1);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 1);
}

static gboolean
check (Scene *scene, GError **error) {
  GAsyncResult *done = NULL;

  pb_sync_service_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_sync_service_check_finish (scene->service, result, NULL, error);
}

/* What the question says of a copy is what the ledger knows. The mailbox is the console's alone. */
static void
test_copy_and_lock (void) {
  g_autoptr (Scene) scene = scene_new (0);
  g_autoptr (GError) error = NULL;

  g_assert_false (check (scene, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_LOCKED);
  g_clear_error (&error);
  pb_sync_service_check_all (scene->service);
  g_assert_cmpuint (g_list_model_get_n_items (pb_sync_service_get_operations (scene->service)), ==,
                    0);
  type (scene, "QUIT");
  g_assert_true (check (scene, &error));
  g_assert_no_error (error);

  open_console (scene, 0);
  type (scene, "DELE 3");
  g_assert_cmpint (scene->copy, ==, PB_CONSOLE_COPY_HERE);
  answer (scene, TRUE);
  type (scene, "QUIT");
  answer (scene, TRUE);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT - 1);
  g_assert_cmpuint (pb_sync_fixture_count_stored (scene->fixture, "work", COUNT), ==, COUNT);
}

/* Whoever goes away without QUIT deletes nothing. */
static void
test_close (void) {
  g_autoptr (Scene) scene = scene_new (0);

  type (scene, "DELE 1");
  answer (scene, TRUE);
  pb_console_close (scene->console);
  pb_console_close (scene->console);
  pb_test_until (is_closed, scene);
  assert_says (scene, "taken-back");
  g_assert_cmpint (scene->error, ==, -1);
  g_assert_cmpuint (scene->gone, ==, 0);
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "QUIT"), ==, 1);
}

static void
test_idle (void) {
  g_autoptr (Scene) scene = scene_new (150);

  type (scene, "DELE 1");
  answer (scene, TRUE);
  pb_test_until (is_closed, scene);
  assert_says (scene, "idle");
  assert_says (scene, "taken-back");
  g_assert_cmpuint (pb_demo_server_count (scene->server), ==, COUNT);
  g_assert_cmpuint (pb_sync_fixture_count_commands (scene->server, "NOOP"), ==, 0);
}

static GBytes *
make_long_message (void) {
  GString *text = g_string_new ("Subject: long\n\n");

  for (guint i = 0; i < 12000; i++)
    g_string_append_printf (text, "line %u\n", i);
  for (guint i = 0; i < 200000; i++)
    g_string_append (text, "no end ");
  return g_string_free_to_bytes (text);
}

static void
test_bounds (void) {
  g_autoptr (Scene) scene = scene_new (0);
  g_autoptr (GBytes) message = make_long_message ();

  type (scene, "QUIT");
  pb_demo_server_add_message (scene->server, message, NULL);
  open_console (scene, 0);
  type (scene, "RETR 5");
  g_assert_cmpuint (scene->lines, ==, 200);
  g_assert_cmpuint (scene->folded, ==, 2 + 12000 + 1 - 200);
  g_assert_cmpuint (scene->events->len, <, 20000);
  type (scene, "STAT");
  assert_says (scene, "status STAT|+OK 5 ");
}

static PbDemoVerdict
misbehave (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  const char *text = data;

  if (!g_str_has_prefix (command, "NOOP"))
    return PB_DEMO_ANSWER;
  if (!text)
    return PB_DEMO_CLOSE;
  *reply = g_bytes_new (text, strlen (text));
  return PB_DEMO_REPLY;
}

static void
test_trouble (void) {
  g_autoptr (Scene) scene = scene_new (0);

  pb_demo_server_set_hook (scene->server, misbehave, (char *) "-ERR [SYS/TEMP] a \033[31m b\r\n");
  type (scene, "NOOP");
  assert_says (scene, "status NOOP|-ERR [SYS/TEMP] a  [31m b");
  pb_demo_server_set_hook (scene->server, misbehave, NULL);
  type (scene, "NOOP");
  g_assert_true (scene->closed);
  g_assert_cmpint (scene->error, ==, PB_ERROR_CONNECT);
}

/* A command that is never answered does not hold the one who closes. */
static PbDemoVerdict
fall_silent (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  return g_str_has_prefix (command, "NOOP") ? PB_DEMO_SILENT : PB_DEMO_ANSWER;
}

static void
test_close_while_busy (void) {
  g_autoptr (Scene) scene = scene_new (0);

  pb_demo_server_set_hook (scene->server, fall_silent, NULL);
  pb_console_submit (scene->console, "NOOP");
  pb_test_pass_time (50);
  gint64 before = g_get_monotonic_time ();
  pb_console_close (scene->console);
  pb_test_until (is_closed, scene);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 500000);
  g_assert_cmpint (scene->error, ==, -1);
}

static void
test_refused_sign_in (void) {
  g_autoptr (Scene) scene = scene_new (0);

  type (scene, "QUIT");
  pb_demo_server_set_account (scene->server, "reader", "another");
  open_console (scene, 0);
  g_assert_true (scene->closed);
  g_assert_cmpint (scene->error, ==, PB_ERROR_SIGN_IN);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/commands", test_commands);
  g_test_add_func ("/console/refusals", test_refusals);
  g_test_add_func ("/console/delete", test_delete);
  g_test_add_func ("/console/copy-and-lock", test_copy_and_lock);
  g_test_add_func ("/console/close", test_close);
  g_test_add_func ("/console/idle", test_idle);
  g_test_add_func ("/console/bounds", test_bounds);
  g_test_add_func ("/console/trouble", test_trouble);
  g_test_add_func ("/console/close-while-busy", test_close_while_busy);
  g_test_add_func ("/console/refused-sign-in", test_refused_sign_in);
  return g_test_run ();
}
