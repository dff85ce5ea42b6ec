/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Random sequences of checks under random policies, of asking for the rest, cancelling, losing the
 * connection and deleting here, against a model: unless a person deleted the complete copy for
 * good, each message is on the server or complete here; what could be read can be read until it is
 * deleted; nothing is here twice, and nothing comes back.
 *
 *   test-partial-model [FIRST COUNT]: the seeds to play, which is how a failure is repeated. */

#include "pb-error.h"
#include "pb-receiver.h"
#include "pb-sync-fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USUAL_SEEDS 150
#define COUNT 3
#define STEPS 6

/* A message as the model has it. */
typedef struct {
  GBytes *text;
  char uid[8];
  gint64 row; /* its row here, 0 for none */
  gboolean complete;
  gboolean deleted; /* here, for good, by a person */
  gboolean deleted_complete;
} Mail;

typedef enum {
  NOTHING,
  CLOSE,
  CUT,
  REFUSE,
  CANCEL,
  N_TROUBLES,
} Trouble;

typedef struct {
  guint seed;
  GRand *dice;
  PbSyncFixture *fixture; /* borrowed */
  PbDemoServer *server;
  PbAccount *account;
  PbOperation *operation; /* of the check under way */
  Mail mails[COUNT];
  Trouble trouble;
  guint after;   /* commands until it strikes */
  guint refused; /* what the last check listed as not coming */
} Game;

static guint first_seed = 1, n_seeds = USUAL_SEEDS;

static guint throw (Game * game, guint limit) {
  return (guint) g_rand_int_range (game->dice, 0, (gint32) limit);
}

/* ---- The server ---- */

static PbDemoVerdict
play (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  static const char half[] = "+OK\r\nSubject: message 0\r\n\r\nhalf a li";
  static const char no[] = "-ERR no\r\n";
  Game *game = data;
  Trouble trouble = game->trouble;

  if (trouble == NOTHING || game->after-- > 0)
    return PB_DEMO_ANSWER;
  game->trouble = NOTHING;
  switch (trouble) {
  case CLOSE:
    return PB_DEMO_CLOSE;
  case CUT:
    *reply = g_bytes_new_static (half, sizeof half - 1);
    return PB_DEMO_REPLY_AND_CLOSE;
  case REFUSE:
    *reply = g_bytes_new_static (no, sizeof no - 1);
    return g_str_has_prefix (command, "RETR") || g_str_has_prefix (command, "TOP") ||
               g_str_has_prefix (command, "DELE")
             ? PB_DEMO_REPLY
             : PB_DEMO_ANSWER;
  case CANCEL:
    pb_operation_cancel (game->operation);
    return PB_DEMO_ANSWER;
  case NOTHING:
  case N_TROUBLES:
  default:
    return PB_DEMO_ANSWER;
  }
}

static GBytes *
make_text (guint index) {
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "Subject: message %u\nFrom: a%u@example.org\n\n", index, index);
  for (guint line = 0; line < 4 + index * 60; line++)
    g_string_append_printf (text, "line %u of message %u, which goes on\n", line, index);
  gsize length = text->len;
  return g_bytes_new_take (g_string_free (g_steal_pointer (&text), FALSE), length);
}

/* ---- What is here ---- */

static GArray *
query_all (Game *game) {
  PbFolder *folder = pb_mail_store_find_folder (game->fixture->store,
                                                pb_account_get_id (game->account), PB_FOLDER_INBOX);
  const PbQuery query = { .folder_id = folder ? pb_folder_get_id (folder) : 0 };
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  if (!folder)
    return g_array_new (FALSE, FALSE, sizeof (gint64));
  pb_mail_store_query_async (game->fixture->store, &query, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *ids = pb_mail_store_query_finish (game->fixture->store, result, &error);
  g_assert_no_error (error);
  return ids;
}

static GPtrArray *
load_rows (Game *game, const GArray *ids) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_rows_async (game->fixture->store, (const gint64 *) ids->data, ids->len, NULL,
                                 pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GPtrArray *rows = pb_mail_store_load_rows_finish (game->fixture->store, result, &error);
  g_assert_no_error (error);
  return rows;
}

static GBytes *
load (Game *game, gint64 id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_message_async (game->fixture->store, id, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GBytes *text = pb_mail_store_load_message_finish (game->fixture->store, result, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static Mail *
find_mail (Game *game, const PbMessageRow *row) {
  for (guint i = 0; i < COUNT; i++) {
    g_autofree char *subject = g_strdup_printf ("message %u", i);
    if (g_strcmp0 (row->summary->subject, subject) == 0)
      return &game->mails[i];
  }
  g_error ("seed %u: “%s” is nobody's message", game->seed, row->summary->subject);
}

static void
look (Game *game) {
  gint64 before[COUNT];
  g_autoptr (GArray) ids = query_all (game);
  g_autoptr (GPtrArray) rows = load_rows (game, ids);

  for (guint i = 0; i < COUNT; i++) {
    before[i] = game->mails[i].row;
    game->mails[i].row = 0;
  }
  for (guint i = 0; i < rows->len; i++) {
    const PbMessageRow *row = rows->pdata[i];
    Mail *mail = find_mail (game, row);
    g_autoptr (GBytes) text = load (game, row->id);
    gboolean partial = (row->flags & PB_FLAG_PARTIAL) != 0;

    if (mail->row || mail->deleted)
      g_error ("seed %u: %s is here twice, or again", game->seed, mail->uid);
    if (!partial && !g_bytes_equal (text, mail->text))
      g_error ("seed %u: %s is not as it was sent", game->seed, mail->uid);
    if (partial && mail->complete)
      g_error ("seed %u: %s was complete", game->seed, mail->uid);
    mail->row = row->id;
    mail->complete = !partial;
  }
  for (guint i = 0; i < COUNT; i++) {
    const Mail *mail = &game->mails[i];
    if (before[i] && before[i] != mail->row && !mail->deleted)
      g_error ("seed %u: %s could be read before", game->seed, mail->uid);
    if (!mail->deleted_complete && !(mail->row && mail->complete) &&
        !pb_demo_server_has_message (game->server, mail->uid))
      g_error ("seed %u: %s is lost", game->seed, mail->uid);
  }
}

/* ---- What is done ---- */

static void
choose_policy (Game *game) {
  static const char *const policies[] = { "keep", "delete", "delete-after=1" };

  pb_account_set_on_server_text (game->account, policies[throw (game, G_N_ELEMENTS (policies))]);
  g_object_set (game->account, "headers-only", throw (game, 3) == 0, "max-size",
                (guint64) (throw (game, 2) ? 1000 : 0), "delete-with-local", throw (game, 2) == 0,
                "keep-messages", (guint64) throw (game, 3), "keep-bytes",
                (guint64) (throw (game, 4) ? 0 : 3000), NULL);
}

static void
check (Game *game, GError **error) {
  GAsyncResult *done = NULL;
  PbFetchResult fetched;

  game->operation = pb_operation_new (pb_account_get_id (game->account));
  g_autoptr (PbReceiver) receiver =
    pb_receiver_new (game->account, game->fixture->secrets, game->fixture->store, game->operation);
  pb_receiver_run_async (receiver, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_receiver_run_finish (receiver, result, &fetched, error);
  GPtrArray *refused = pb_receiver_get_refused (receiver);
  game->refused = refused ? refused->len : 0;
  g_clear_object (&game->operation);
}

static void
check_with_trouble (Game *game) {
  g_autoptr (GError) error = NULL;

  choose_policy (game);
  game->trouble = (Trouble) throw (game, N_TROUBLES);
  game->after = throw (game, 16);
  check (game, &error);
  game->trouble = NOTHING;
}

static void
ask_for_rest (Game *game) {
  const gint64 ids[] = { game->mails[throw (game, COUNT)].row, game->mails[0].row };
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_want_rest_async (game->fixture->store, ids, G_N_ELEMENTS (ids), NULL, pb_test_done,
                                 &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_want_rest_finish (game->fixture->store, result, &error);
  g_assert_no_error (error);
}

static void
delete_one (Game *game) {
  Mail *mail = &game->mails[throw (game, COUNT)];
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  if (!mail->row)
    return;
  pb_mail_store_delete_async (game->fixture->store, &mail->row, 1, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_delete_finish (game->fixture->store, result, &error);
  g_assert_no_error (error);
  mail->deleted = TRUE;
  mail->deleted_complete = mail->complete;
}

static void
step (Game *game) {
  switch (throw (game, 8)) {
  case 0:
    delete_one (game);
    break;
  case 1:
  case 2:
    ask_for_rest (game);
    break;
  default:
    check_with_trouble (game);
  }
}

/* With a server that is well and no limits, everything comes that was not refused today. */
static void
finish (Game *game) {
  g_autoptr (GError) error = NULL;

  pb_account_set_on_server_text (game->account, "keep");
  g_object_set (game->account, "headers-only", FALSE, "max-size", (guint64) 0, "keep-messages",
                (guint64) 0, "keep-bytes", (guint64) 0, NULL);
  for (guint i = 0; i < COUNT; i++)
    ask_for_rest (game);
  check (game, &error);
  g_assert_no_error (error);
  look (game);
  guint missing = 0;
  for (guint i = 0; i < COUNT; i++)
    missing += !game->mails[i].deleted && !(game->mails[i].row && game->mails[i].complete);
  g_assert_cmpuint (missing, ==, game->refused);
}

static void
play_one (guint seed, PbSyncFixture *fixture) {
  g_autofree char *id = g_strdup_printf ("seed-%u", seed);
  Game game = { .seed = seed, .fixture = fixture, .dice = g_rand_new_with_seed (seed) };

  game.server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, 0);
  game.account = pb_sync_fixture_make_account (fixture, id, game.server, PB_DEMO_PLAIN, "keep");
  for (guint i = 0; i < COUNT; i++) {
    game.mails[i].text = make_text (i);
    g_snprintf (game.mails[i].uid, sizeof game.mails[i].uid, "uid-%u", i);
    pb_demo_server_add_message (game.server, game.mails[i].text, game.mails[i].uid);
  }
  pb_demo_server_set_hook (game.server, play, &game);
  for (guint i = 0; i < STEPS; i++) {
    step (&game);
    look (&game);
  }
  finish (&game);
  pb_demo_server_set_hook (game.server, NULL, NULL);
  for (guint i = 0; i < COUNT; i++)
    g_bytes_unref (game.mails[i].text);
  g_rand_free (game.dice);
  g_object_unref (game.account);
  g_object_unref (game.server);
}

static void
test_sequences (void) {
  for (guint done = 0; done < n_seeds; done += 50) {
    g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();

    for (guint i = done; i < MIN (done + 50, n_seeds); i++)
      play_one (first_seed + i, fixture);
  }
}

int
main (int argc, char *argv[]) {
  /* In memory where there is such a place: not the disk is tested. */
  if (access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
  g_test_init (&argc, &argv, NULL);
  /* The handler of GTest repeats every debug message. */
  g_log_set_default_handler (g_log_default_handler, NULL);
  if (argc == 3) {
    first_seed = (guint) strtoul (argv[1], NULL, 10);
    n_seeds = (guint) strtoul (argv[2], NULL, 10);
  }
  g_test_add_func ("/partial-model/sequences", test_sequences);
  return g_test_run ();
}
