/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message of many that a server cannot deliver, in every way a server can fail at it: the
 * others come in the same check, it is listed with its reason, and is not asked for again on the
 * same day. */

#include "pb-error.h"
#include "pb-receiver.h"
#include "pb-sync-fixture.h"

#include <sqlite3.h>
#include <string.h>

#define COUNT 40
#define POISON 17
#define ENDLESS_BYTES (34 * 1024 * 1024)

typedef struct {
  const char *name;
  PbDemoVerdict verdict;
  const char *reply;
  gboolean endless; /* what follows the reply */
  gboolean heals;   /* it happens only once */
  guint sessions;   /* that the check takes */
} Way;

static const Way ways[] = {
  { "refused", PB_DEMO_REPLY, "-ERR cannot open message\r\n", FALSE, FALSE, 1 },
  { "nothing in it", PB_DEMO_REPLY, "+OK\r\n.\r\n", FALSE, FALSE, 1 },
  { "an empty line", PB_DEMO_REPLY, "\r\n", FALSE, FALSE, 2 },
  { "garbage", PB_DEMO_REPLY, "Subject: no status\r\n\r\nhello\r\n.\r\n", FALSE, FALSE, 2 },
  { "closed", PB_DEMO_CLOSE, NULL, FALSE, FALSE, 2 },
  { "closed in the middle", PB_DEMO_REPLY_AND_CLOSE, "+OK\r\nSubject: x\r\n\r\nhalf a li", FALSE,
    FALSE, 2 },
  { "silence", PB_DEMO_SILENT, NULL, FALSE, FALSE, 2 },
  { "silence in the middle", PB_DEMO_REPLY_AND_SILENT, "+OK\r\nSubject: x\r\n\r\nhalf a li", FALSE,
    FALSE, 2 },
  { "without end", PB_DEMO_REPLY_AND_SILENT, "+OK\r\nSubject: x\r\n\r\n", TRUE, FALSE, 2 },
  { "closed for once", PB_DEMO_CLOSE, NULL, FALSE, TRUE, 2 },
};

typedef struct {
  const Way *way;
  gboolean without_ids;
  guint asked;
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbAccount *account;
  PbFetchResult fetched;
  GPtrArray *refused;
} Game;

static GBytes *
make_reply (const Way *way) {
  GByteArray *bytes = g_byte_array_new ();

  if (way->reply)
    g_byte_array_append (bytes, (const guint8 *) way->reply, (guint) strlen (way->reply));
  while (way->endless && bytes->len < ENDLESS_BYTES)
    g_byte_array_append (bytes, (const guint8 *) "and on and on and on\r\n", 22);
  return g_byte_array_free_to_bytes (bytes);
}

static PbDemoVerdict
poison (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  Game *game = data;

  if (game->without_ids && g_str_has_prefix (command, "UIDL")) {
    *reply = g_bytes_new_static ("-ERR what?\r\n", 12);
    return PB_DEMO_REPLY;
  }
  if (strcmp (command, "RETR " G_STRINGIFY (POISON)) != 0)
    return PB_DEMO_ANSWER;
  if (game->asked++ > 0 && game->way->heals)
    return PB_DEMO_ANSWER;
  *reply = make_reply (game->way);
  return game->way->verdict;
}

static Game *
game_new (const Way *way, const char *on_server, gboolean without_ids) {
  Game *game = g_new0 (Game, 1);

  game->way = way;
  game->without_ids = without_ids;
  game->fixture = pb_sync_fixture_new ();
  game->server = pb_sync_fixture_start_server (game->fixture, PB_DEMO_PLAIN, COUNT);
  game->account =
    pb_sync_fixture_make_account (game->fixture, "work", game->server, PB_DEMO_PLAIN, on_server);
  pb_demo_server_set_hook (game->server, poison, game);
  return game;
}

static void
game_free (Game *game) {
  g_clear_pointer (&game->refused, g_ptr_array_unref);
  g_object_unref (game->account);
  g_object_unref (game->server);
  pb_sync_fixture_free (game->fixture);
  g_free (game);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Game, game_free)

static gboolean
check (Game *game, GError **error) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");
  g_autoptr (PbReceiver) receiver =
    pb_receiver_new (game->account, game->fixture->secrets, game->fixture->store, operation);
  GAsyncResult *done = NULL;

  pb_receiver_run_async (receiver, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gboolean ok = pb_receiver_run_finish (receiver, result, &game->fetched, error);
  g_clear_pointer (&game->refused, g_ptr_array_unref);
  if (pb_receiver_get_refused (receiver))
    game->refused = g_ptr_array_ref (pb_receiver_get_refused (receiver));
  return ok;
}

static void
check_well (Game *game) {
  g_autoptr (GError) error = NULL;

  check (game, &error);
  g_assert_no_error (error);
}

static guint
sessions (Game *game) {
  return pb_sync_fixture_count_commands (game->server, "USER");
}

static void
assert_listed (Game *game, guint number) {
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpuint (game->refused->len, ==, 1);
  const PbRefusedMessage *message = g_ptr_array_index (game->refused, 0);
  g_assert_cmpuint (message->number, ==, number);
  g_assert_cmpuint (message->size, >, 0);
  g_assert_cmpuint (strlen (message->reason), >, 0);
  g_assert_cmpint (message->next_try, >, now + 86400 - 60);
  g_assert_cmpint (message->next_try, <=, now + 86400);
}

/* A day goes by. What the last check had noted is in the ledger first. */
static void
make_due (Game *game) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  g_autofree char *path = g_build_filename (game->fixture->dir, "ledger.sqlite", NULL);
  sqlite3 *db = NULL;

  pb_mail_store_settle_async (game->fixture->store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_settle_finish (game->fixture->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  g_assert_cmpint (sqlite3_exec (db,
                                 "UPDATE entry SET next_try = next_try - 86400"
                                 "  WHERE next_try != 0",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  sqlite3_close (db);
}

static gboolean
costs_a_timeout (const Way *way) {
  return way->verdict == PB_DEMO_SILENT || way->verdict == PB_DEMO_REPLY_AND_SILENT;
}

static void
play (const Way *way, const char *on_server) {
  g_autoptr (Game) game = game_new (way, on_server, FALSE);
  gboolean keeping = strcmp (on_server, "keep") == 0;

  g_test_message ("%s, %s", way->name, on_server);
  check_well (game);
  g_assert_cmpuint (sessions (game), ==, way->sessions);
  g_assert_cmpuint (game->fetched.stored, ==, way->heals ? COUNT : COUNT - 1);
  g_assert_cmpuint (game->fetched.refused, ==, way->heals ? 0 : 1);
  if (way->heals) {
    g_assert_cmpuint (game->refused->len, ==, 0);
    return;
  }
  assert_listed (game, POISON);

  /* Not twice on a day, but always listed; and deletions that were lost with the connection are
   * made up for. */
  guint asked = game->asked;
  check_well (game);
  g_assert_cmpuint (game->asked, ==, asked);
  g_assert_cmpuint (game->fetched.stored + game->fetched.refused, ==, 0);
  assert_listed (game, keeping || way->sessions > 1 ? POISON : 1);
  g_assert_cmpuint (pb_demo_server_count (game->server), ==, keeping ? COUNT : 1);

  /* A day later, and still the same: it takes only one session. */
  if (keeping && !costs_a_timeout (way)) {
    make_due (game);
    guint before = sessions (game);
    check_well (game);
    g_assert_cmpuint (sessions (game), ==, before + 1);
    g_assert_cmpuint (game->asked, ==, asked + 1);
    g_assert_cmpuint (game->fetched.refused, ==, 1);
    assert_listed (game, POISON);
  }
  make_due (game);
  pb_demo_server_set_hook (game->server, NULL, NULL);
  check_well (game);
  g_assert_cmpuint (game->fetched.stored, ==, 1);
  g_assert_cmpuint (pb_sync_fixture_count_stored (game->fixture, "work", COUNT), ==, COUNT);
  g_assert_cmpuint (pb_demo_server_count (game->server), ==, keeping ? COUNT : 0);
}

static void
test_keeping (void) {
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    play (&ways[i], "keep");
}

static void
test_deleting (void) {
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    if (!costs_a_timeout (&ways[i]))
      play (&ways[i], "delete");
  }
}

/* Also where messages have no ids. */
static void
test_without_ids (void) {
  g_autoptr (Game) game = game_new (&ways[4], "keep", TRUE);

  check_well (game);
  g_assert_cmpuint (game->fetched.stored, ==, COUNT - 1);
  g_assert_cmpuint (game->fetched.refused, ==, 1);
  g_assert_cmpuint (pb_sync_fixture_count_stored (game->fixture, "work", COUNT), ==, COUNT - 1);
}

static PbDemoVerdict
sign_in_once (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  Game *game = data;

  if (g_str_has_prefix (command, "PASS") && game->asked > 0) {
    *reply = g_bytes_new_static ("-ERR [LOGIN-DELAY] wait\r\n", 25);
    return PB_DEMO_REPLY;
  }
  return poison (server, command, reply, data);
}

/* A server that does not let anybody in a second time so soon: what ended the first session is
 * told, and the next check asks for that message last. */
static void
test_no_second_session (void) {
  g_autoptr (Game) game = game_new (&ways[4], "keep", FALSE);
  g_autoptr (GError) error = NULL;

  pb_demo_server_set_hook (game->server, sign_in_once, game);
  g_assert_false (check (game, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  g_assert_cmpuint (game->fetched.stored, ==, COUNT - POISON);
  pb_demo_server_set_hook (game->server, poison, game);
  check_well (game);
  g_assert_cmpuint (sessions (game), ==, 3);
  g_assert_cmpuint (game->fetched.stored, ==, POISON - 1);
  assert_listed (game, POISON);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/poison/keeping", test_keeping);
  g_test_add_func ("/poison/deleting", test_deleting);
  g_test_add_func ("/poison/without-ids", test_without_ids);
  g_test_add_func ("/poison/no-second-session", test_no_second_session);
  return g_test_run ();
}
