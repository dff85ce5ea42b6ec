/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Some checks in a row against a server that does what the dice say, cancelled when they say so,
 * on a disk that fails when they say so; then one against a server that is well. Whatever
 * happened: no message was ever without a copy on the server or a complete one here, none was
 * marked for deletion without the latter, and in the end everything is here exactly once.
 *
 *   test-random-faults [FIRST COUNT]: the seeds to play, which is how a failure is repeated. */

#include "pb-error.h"
#include "pb-receiver.h"
#include "pb-sync-fixture.h"
#include "random-mailbox.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USUAL_SEEDS 150
#define AT_ONCE 75
#define MAILS_MAX 31
#define TROUBLES_MAX 3

typedef enum {
  CLOSE,
  SILENCE,
  REFUSE,
  GARBAGE,
  CUT,           /* half a message, then the end */
  CUT_AND_WAIT,  /* half a message, then silence */
  EMPTY_LISTING, /* for this session */
  HALF_LISTING,  /* for this session: every other message */
  OTHER_IDS,     /* for this session: all new ones */
  NO_IDS,        /* for this session */
  ODD_SIZES,     /* for this session */
  FORGET,        /* at QUIT: no deletion is carried out, and no answer comes */
  LOSE_FAREWELL, /* at QUIT: every deletion is carried out, but no answer comes */
  BREAK_DISK,    /* the Maildir cannot be written to until the check is over */
  N_TROUBLES,
} Trouble;

typedef struct {
  Trouble trouble;
  guint after; /* how many commands that it could strike are spared */
  gboolean struck;
} Strike;

typedef struct {
  guint32 seed;
  PbSyncFixture *fixture; /* borrowed */
  PbAccount *account;
  RandomMailbox mailbox;
  Strike strikes[TROUBLES_MAX];
  guint n_strikes;
  guint checks_left;
  gboolean disk_broken;
  PbOperation *operation;
  PbReceiver *receiver;
  guint cancel;
  gboolean over;
} Game;

static guint first_seed = 1;
static guint n_seeds = USUAL_SEEDS;

/* ---- The disk ---- */

static void
set_disk_broken (Game *game, gboolean broken) {
  g_autofree char *tmp = g_build_filename (game->mailbox.maildir, "tmp", NULL);
  g_autofree char *away = g_build_filename (game->mailbox.maildir, "tmp-away", NULL);

  if (game->disk_broken == broken)
    return;
  game->disk_broken = broken;
  if (broken) {
    g_assert_cmpint (g_rename (tmp, away), ==, 0);
    g_assert_true (g_file_set_contents (tmp, "in the way", -1, NULL));
  } else {
    g_assert_cmpint (g_unlink (tmp), ==, 0);
    g_assert_cmpint (g_rename (away, tmp), ==, 0);
  }
}

/* ---- The server ---- */

static gboolean
is_command (const char *line, const char *name) {
  gsize length = strlen (name);

  return strncmp (line, name, length) == 0 && (line[length] == '\0' || line[length] == ' ');
}

static gboolean
can_strike (Trouble trouble, const char *line) {
  switch (trouble) {
  case CUT:
  case CUT_AND_WAIT:
    return is_command (line, "RETR");
  case EMPTY_LISTING:
  case HALF_LISTING:
    return is_command (line, "UIDL") || is_command (line, "LIST");
  case OTHER_IDS:
  case NO_IDS:
    return is_command (line, "UIDL");
  case ODD_SIZES:
    return is_command (line, "LIST");
  case FORGET:
  case LOSE_FAREWELL:
    return is_command (line, "QUIT");
  case REFUSE:
    return *line != '\0';
  case BREAK_DISK:
    return is_command (line, "RETR") || is_command (line, "UIDL");
  default:
    return TRUE;
  }
}

static gboolean
lasts (Trouble trouble) {
  return trouble >= EMPTY_LISTING && trouble <= ODD_SIZES;
}

static PbDemoVerdict
answer_with (GBytes **reply, GString *text, PbDemoVerdict verdict) {
  *reply = g_string_free_to_bytes (text);
  return verdict;
}

static PbDemoVerdict
list_oddly (Game *game, Trouble trouble, const char *line, GBytes **reply) {
  GString *text = g_string_new ("+OK\r\n");
  gboolean ids = is_command (line, "UIDL");

  for (guint number = 1; trouble != EMPTY_LISTING && number <= game->mailbox.session->len;
       number++) {
    const RandomMail *mail = random_mailbox_get (&game->mailbox, number);
    if (trouble == HALF_LISTING && number % 2)
      continue;
    if (!ids)
      g_string_append_printf (text, "%u %d\r\n", number, trouble == ODD_SIZES ? -7 : 100);
    else if (trouble == NO_IDS)
      g_string_append_printf (text, "%u\r\n", number);
    else
      g_string_append_printf (text, "%u %s%s\r\n", number, trouble == OTHER_IDS ? "other-" : "",
                              mail->uid);
  }
  g_string_append (text, ".\r\n");
  return answer_with (reply, text, PB_DEMO_REPLY);
}

static PbDemoVerdict
cut_message (Game *game, guint number, GBytes **reply, PbDemoVerdict verdict) {
  const RandomMail *mail = random_mailbox_get (&game->mailbox, number);
  GString *text = g_string_new ("+OK\r\n");

  if (mail) {
    gsize length;
    const char *bytes = g_bytes_get_data (mail->text, &length);
    /* Without dots, so that it does not look like an end. */
    guint end = random_mailbox_throw (&game->mailbox, (guint) length);
    for (guint i = 0; i < end; i++) {
      if (bytes[i] == '\n')
        g_string_append_c (text, '\r');
      g_string_append_c (text, bytes[i] == '.' ? ',' : bytes[i]);
    }
  }
  return answer_with (reply, text, verdict);
}

static PbDemoVerdict
strike (Game *game, Trouble trouble, const char *line, GBytes **reply) {
  guint number = (guint) strtoul (line + strcspn (line, " "), NULL, 10);

  switch (trouble) {
  case SILENCE:
    return PB_DEMO_SILENT;
  case REFUSE:
    return answer_with (reply, g_string_new ("-ERR not now\r\n"), PB_DEMO_REPLY);
  case GARBAGE:
    return answer_with (reply, g_string_new ("what was that?\r\n"), PB_DEMO_REPLY_AND_SILENT);
  case CUT:
    return cut_message (game, number, reply, PB_DEMO_REPLY_AND_CLOSE);
  case CUT_AND_WAIT:
    return cut_message (game, number, reply, PB_DEMO_REPLY_AND_SILENT);
  case EMPTY_LISTING:
  case HALF_LISTING:
  case OTHER_IDS:
  case NO_IDS:
  case ODD_SIZES:
    return list_oddly (game, trouble, line, reply);
  case LOSE_FAREWELL:
    random_mailbox_update (&game->mailbox);
    return PB_DEMO_CLOSE;
  case BREAK_DISK:
    set_disk_broken (game, TRUE);
    return PB_DEMO_ANSWER;
  case CLOSE:
  case FORGET:
  case N_TROUBLES:
    break;
  }
  return PB_DEMO_CLOSE;
}

static void
note_deletion (Game *game, const char *line) {
  guint number = (guint) strtoul (line + strlen ("DELE"), NULL, 10);
  RandomMail *mail = random_mailbox_get (&game->mailbox, number);

  if (!mail || !random_mailbox_is_durable (&game->mailbox, mail))
    g_error ("seed %u: DELE %u without a complete copy here", game->seed, number);
  mail->marked = TRUE;
}

static PbDemoVerdict
play (PbDemoServer *server, const char *line, GBytes **reply, gpointer data) {
  Game *game = data;

  if (*line == '\0')
    random_mailbox_greet (&game->mailbox);
  else if (is_command (line, "DELE"))
    note_deletion (game, line);
  for (guint i = 0; i < game->n_strikes; i++) {
    Strike *next = &game->strikes[i];
    if (next->struck && !lasts (next->trouble))
      continue;
    if (!can_strike (next->trouble, line))
      continue;
    if (next->after > 0 && !next->struck) {
      next->after--;
      continue;
    }
    next->struck = TRUE;
    return strike (game, next->trouble, line, reply);
  }
  return PB_DEMO_ANSWER;
}

static void
throw_strikes (Game *game) {
  game->n_strikes = random_mailbox_throw (&game->mailbox, TROUBLES_MAX + 1);
  for (guint i = 0; i < game->n_strikes; i++) {
    Strike *next = &game->strikes[i];
    *next = (Strike){ .trouble = (Trouble) random_mailbox_throw (&game->mailbox, N_TROUBLES) };
    if (next->trouble <= GARBAGE)
      next->after = random_mailbox_throw (&game->mailbox, 60);
    else if (next->trouble <= CUT_AND_WAIT || next->trouble == BREAK_DISK)
      next->after = random_mailbox_throw (&game->mailbox, MAILS_MAX);
  }
}

/* ---- Checks ---- */

static void next_check (Game *game);

static gboolean
cancel_cb (gpointer data) {
  Game *game = data;

  game->cancel = 0;
  pb_operation_cancel (game->operation);
  return G_SOURCE_REMOVE;
}

static void
judge (Game *game, gboolean last, const PbFetchResult *fetched, const GError *error) {
  random_mailbox_assert_nothing_lost (&game->mailbox);
  if (!last)
    return;
  if (error)
    g_error ("seed %u: a server that is well: %s", game->seed, error->message);
  random_mailbox_assert_exactly_once (&game->mailbox);
  if (pb_account_get_on_server (game->account) == PB_ON_SERVER_DELETE)
    g_assert_cmpuint (pb_demo_server_count (game->mailbox.server), ==, fetched->on_server);
  else
    g_assert_cmpuint (pb_demo_server_count (game->mailbox.server), ==, game->mailbox.mails->len);
}

/* One that the server refused, or at which the connection was lost twice: asked for tomorrow. */
static void
note_refused (Game *game) {
  GPtrArray *refused = pb_receiver_get_refused (game->receiver);

  for (guint i = 0; refused && i < refused->len; i++) {
    const PbRefusedMessage *message = refused->pdata[i];
    RandomMail *mail = random_mailbox_get (&game->mailbox, message->number);
    g_assert_nonnull (mail);
    if (!mail->refused && game->n_strikes == 0)
      g_error ("seed %u: %s was given up without a reason", game->seed, mail->uid);
    mail->refused = TRUE;
  }
}

static void
checked (GObject *source, GAsyncResult *result, gpointer data) {
  Game *game = data;
  PbFetchResult fetched;
  g_autoptr (GError) error = NULL;

  pb_receiver_run_finish (game->receiver, result, &fetched, &error);
  g_clear_handle_id (&game->cancel, g_source_remove);
  note_refused (game);
  g_clear_object (&game->receiver);
  g_clear_object (&game->operation);
  set_disk_broken (game, FALSE);
  judge (game, game->checks_left == 0, &fetched, error);
  if (game->checks_left == 0)
    game->over = TRUE;
  else
    next_check (game);
}

static void
next_check (Game *game) {
  gboolean last = --game->checks_left == 0;

  game->n_strikes = 0;
  if (last)
    g_object_set (game->account, "timeout", 60, NULL);
  else
    throw_strikes (game);
  random_mailbox_grow (&game->mailbox, random_mailbox_throw (&game->mailbox, 3));
  game->operation = pb_operation_new (pb_account_get_id (game->account));
  game->receiver =
    pb_receiver_new (game->account, game->fixture->secrets, game->fixture->store, game->operation);
  pb_receiver_run_async (game->receiver, checked, game);
  if (!last && random_mailbox_throw (&game->mailbox, 4) == 0)
    game->cancel = g_timeout_add (random_mailbox_throw (&game->mailbox, 60), cancel_cb, game);
}

static void
game_start (Game *game, guint32 seed, PbSyncFixture *fixture) {
  static const char *const policies[] = { "keep", "delete", "delete", "delete-after=1" };
  g_autofree char *id = g_strdup_printf ("seed-%u", seed);
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, 0);

  game->seed = seed;
  game->fixture = fixture;
  random_mailbox_init (&game->mailbox, seed, server,
                       g_build_filename (fixture->dir, "mail", id, NULL));
  game->account = pb_sync_fixture_make_account (
    fixture, id, server, PB_DEMO_PLAIN,
    policies[random_mailbox_throw (&game->mailbox, G_N_ELEMENTS (policies))]);
  random_mailbox_grow (&game->mailbox, random_mailbox_throw (&game->mailbox, MAILS_MAX));
  pb_demo_server_set_hook (server, play, game);
  game->checks_left = 2 + random_mailbox_throw (&game->mailbox, 4);
  next_check (game);
}

static void
game_clear (Game *game) {
  pb_demo_server_set_hook (game->mailbox.server, NULL, NULL);
  random_mailbox_clear (&game->mailbox);
  g_object_unref (game->account);
}

static void
play_together (guint first, guint count) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autofree Game *games = g_new0 (Game, count);

  for (guint i = 0; i < count; i++)
    game_start (&games[i], first + i, fixture);
  for (guint i = 0; i < count; i++) {
    while (!games[i].over)
      g_main_context_iteration (NULL, TRUE);
    game_clear (&games[i]);
  }
}

/* Together, because silence costs a second each time. */
static void
test_random_faults (void) {
  for (guint done = 0; done < n_seeds; done += AT_ONCE)
    play_together (first_seed + done, MIN (AT_ONCE, n_seeds - done));
}

int
main (int argc, char *argv[]) {
  /* In memory where there is such a place: the order of writing is tested, not the disk. */
  if (access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
  g_test_init (&argc, &argv, NULL);
  /* The handler of GTest repeats every debug message, and there are a hundred thousand. */
  g_log_set_default_handler (g_log_default_handler, NULL);
  if (argc == 3) {
    first_seed = (guint) strtoul (argv[1], NULL, 10);
    n_seeds = (guint) strtoul (argv[2], NULL, 10);
  }
  g_test_add_func ("/random-faults", test_random_faults);
  return g_test_run ();
}
