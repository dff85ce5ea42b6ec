/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers that call messages by no name, by bad names, or by new ones: nothing twice, nothing lost,
 * and no message retrieved again that is here. */

#include "pb-fingerprint.h"
#include "pb-receiver.h"
#include "pb-scripted-server.h"
#include "pb-sync-fixture.h"

#include <string.h>

typedef struct {
  PbSyncFixture *fixture;
  PbServerNotes *notes;
  PbDemoServer *server;
  PbAccount *account;
  PbFetchResult fetched;
} Scene;

static Scene *
scene_new (const char *on_server) {
  Scene *self = g_new0 (Scene, 1);

  self->fixture = pb_sync_fixture_new ();
  self->notes = pb_server_notes_new (NULL);
  self->server = pb_sync_fixture_start_server (self->fixture, PB_DEMO_PLAIN, 0);
  self->account =
    pb_sync_fixture_make_account (self->fixture, "work", self->server, PB_DEMO_PLAIN, on_server);
  g_object_set (self->account, "timeout", 10, NULL);
  return self;
}

static void
scene_free (Scene *self) {
  g_object_unref (self->account);
  g_object_unref (self->server);
  g_object_unref (self->notes);
  pb_sync_fixture_free (self->fixture);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scene, scene_free)

static void
check (Scene *self) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");
  g_autoptr (PbReceiver) receiver =
    pb_receiver_new (self->account, self->fixture->secrets, self->fixture->store, operation);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_receiver_set_notes (receiver, self->notes);
  pb_receiver_run_async (receiver, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_receiver_run_finish (receiver, result, &self->fetched, &error);
  g_assert_no_error (error);
}

static guint
commands (Scene *self, const char *name) {
  return pb_sync_fixture_count_commands (self->server, name);
}

static guint
count_here (Scene *self) {
  PbFolder *inbox = pb_mail_store_find_folder (self->fixture->store, "work", PB_FOLDER_INBOX);

  return inbox ? pb_folder_get_total (inbox) : 0;
}

static GBytes *
make_message (guint index) {
  char *text = g_strdup_printf ("Received: by mx.example.org id %u\n"
                                "Message-ID: <%u@example.org>\n"
                                "Subject: message %u\n"
                                "\n"
                                "body %u\n",
                                index, index, index, index);

  return g_bytes_new_take (text, strlen (text));
}

static void
add (Scene *self, guint index, const char *uid) {
  g_autoptr (GBytes) message = make_message (index);

  pb_demo_server_add_message (self->server, message, uid);
}

/* ---- Bad names ---- */

typedef enum {
  NO_UIDL,
  BLANK,
  DUPLICATE,
  LONG,
  SPACES,
  EIGHT_BIT,
  DOUBLE_BLANK,
} Naming;

/* What lies on the server in one session. */
typedef struct {
  Naming naming;
  gboolean no_top;
  GArray *indexes; /* of guint: the messages, in their order */
} Mailbox;

static void
append_uid (GString *text, Naming naming, guint index) {
  g_autofree char *fill = g_strnfill (190, 'x');

  switch (naming) {
  case DUPLICATE:
    g_string_append_printf (text, " uid-%u", index / 3);
    break;
  case LONG:
    g_string_append_printf (text, " %s%010u", fill, index);
    break;
  case SPACES:
    g_string_append_printf (text, " uid %u of many", index);
    break;
  case EIGHT_BIT:
    g_string_append_printf (text, " \xff\xfe%u\x80", index);
    break;
  case DOUBLE_BLANK:
    g_string_append_printf (text, "  uid-%u", index);
    break;
  case BLANK:
    g_string_append (text, index % 2 ? " " : "");
    break;
  case NO_UIDL:
  default:
    g_assert_not_reached ();
  }
}

static PbDemoVerdict
misname (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  const Mailbox *mailbox = data;

  if (mailbox->no_top && g_str_has_prefix (command, "TOP"))
    *reply = g_bytes_new_static ("-ERR what?\r\n", 12);
  else if (!g_str_equal (command, "UIDL"))
    return PB_DEMO_ANSWER;
  else if (mailbox->naming == NO_UIDL)
    *reply = g_bytes_new_static ("-ERR what?\r\n", 12);
  else {
    GString *text = g_string_new ("+OK\r\n");
    for (guint i = 0; i < mailbox->indexes->len; i++) {
      g_string_append_printf (text, "%u", i + 1);
      append_uid (text, mailbox->naming, g_array_index (mailbox->indexes, guint, i));
      g_string_append (text, "\r\n");
    }
    g_string_append (text, ".\r\n");
    *reply = g_string_free_to_bytes (text);
  }
  return PB_DEMO_REPLY;
}

static void
fill_server (Scene *scene, const Mailbox *mailbox) {
  pb_demo_server_clear (scene->server);
  for (guint i = 0; i < mailbox->indexes->len; i++)
    add (scene, g_array_index (mailbox->indexes, guint, i), NULL);
}

/* Arrivals and deletions between sessions: everything that was there in one is here once. */
static void
run_sessions (Naming naming, gboolean no_top, const char *on_server) {
  g_autoptr (Scene) scene = scene_new (on_server);
  gboolean keeps = !g_str_equal (on_server, "delete");
  Mailbox mailbox = { naming, no_top, g_array_new (FALSE, FALSE, sizeof (guint)) };
  guint arrived = 0;

  pb_demo_server_set_hook (scene->server, misname, &mailbox);
  for (guint session = 0; session < 20; session++) {
    while (mailbox.indexes->len > 0 && g_test_rand_int_range (0, 3) == 0)
      g_array_remove_index (mailbox.indexes,
                            (guint) g_test_rand_int_range (0, (gint32) mailbox.indexes->len));
    /* What ids are worth must show before the first one is met alone. */
    int arrivals = session == 0 ? 3 : g_test_rand_int_range (0, 5);
    for (int i = arrivals; i > 0; i--, arrived++)
      g_array_append_val (mailbox.indexes, arrived);
    fill_server (scene, &mailbox);
    guint before = count_here (scene);
    check (scene);
    g_assert_cmpuint (count_here (scene), ==, arrived);
    g_assert_cmpuint (scene->fetched.stored, ==, arrived - before);
    g_assert_cmpuint (pb_demo_server_count (scene->server), ==, keeps ? mailbox.indexes->len : 0);
    if (!keeps)
      g_array_set_size (mailbox.indexes, 0);
  }
  /* One retrieval for each, where there is any way to know it. */
  if (!no_top)
    g_assert_cmpuint (commands (scene, "RETR"), ==, arrived);
  g_array_unref (mailbox.indexes);
}

static void
test_sessions (gconstpointer naming) {
  run_sessions (GPOINTER_TO_INT (naming), FALSE, "keep");
  run_sessions (GPOINTER_TO_INT (naming), FALSE, "delete-after=3");
  run_sessions (GPOINTER_TO_INT (naming), FALSE, "delete");
  run_sessions (GPOINTER_TO_INT (naming), TRUE, "keep");
  run_sessions (GPOINTER_TO_INT (naming), TRUE, "delete");
}

/* A server that gives bad names once, then good ones, then none. */
static void
test_changing (void) {
  static const Naming order[] = { NO_UIDL, SPACES, BLANK, EIGHT_BIT, NO_UIDL, LONG, DUPLICATE };
  g_autoptr (Scene) scene = scene_new ("keep");
  Mailbox mailbox = { NO_UIDL, FALSE, g_array_new (FALSE, FALSE, sizeof (guint)) };

  pb_demo_server_set_hook (scene->server, misname, &mailbox);
  for (guint i = 0; i < 5; i++)
    g_array_append_val (mailbox.indexes, i);
  fill_server (scene, &mailbox);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (order); i++) {
    mailbox.naming = order[i % G_N_ELEMENTS (order)];
    check (scene);
    g_assert_cmpuint (scene->fetched.stored, ==, i == 0 ? 5 : 0);
    g_assert_cmpuint (count_here (scene), ==, 5);
  }
  g_array_unref (mailbox.indexes);
}

/* ---- Equal headers ---- */

/* The same header twice: content decides, now and later. */
static void
test_equal_headers (void) {
  static const char *const texts[] = { "Message-ID: <a>\n\none\n", "Message-ID: <a>\n\ntwo\n" };
  g_autoptr (Scene) scene = scene_new ("keep");
  Mailbox mailbox = { NO_UIDL, FALSE, NULL };

  pb_demo_server_set_hook (scene->server, misname, &mailbox);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) message = g_bytes_new_static (texts[i], strlen (texts[i]));
    pb_demo_server_add_message (scene->server, message, NULL);
  }
  check (scene);
  g_assert_cmpuint (count_here (scene), ==, 2);
  check (scene);
  g_assert_cmpuint (count_here (scene), ==, 2);
  g_assert_cmpuint (scene->fetched.duplicates, ==, 2);
}

/* Without a date or an id a header says nothing: the next one may have the same. */
static void
test_bare_headers (void) {
  g_autoptr (Scene) scene = scene_new ("keep");
  Mailbox mailbox = { NO_UIDL, FALSE, NULL };

  pb_demo_server_set_hook (scene->server, misname, &mailbox);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *text = g_strdup_printf ("Subject: report\n\nday %u\n", i);
    g_autoptr (GBytes) message = g_bytes_new (text, strlen (text));
    pb_demo_server_clear (scene->server);
    pb_demo_server_add_message (scene->server, message, NULL);
    check (scene);
    g_assert_cmpuint (count_here (scene), ==, i + 1);
  }
}

/* ---- TOP that lies ---- */

static PbDemoVerdict
lie (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  g_autofree char *text = NULL;

  if (g_str_equal (command, "UIDL"))
    text = g_strdup ("-ERR what?\r\n");
  else if (g_str_has_prefix (command, "TOP"))
    text = g_strdup_printf ("+OK\r\nDate: today\r\nX-Seen: %s\r\n\r\n.\r\n", command);
  else
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new (text, strlen (text));
  return PB_DEMO_REPLY;
}

static void
test_lies (void) {
  g_autoptr (Scene) scene = scene_new ("keep");

  pb_demo_server_set_hook (scene->server, lie, NULL);
  for (guint i = 0; i < 3; i++)
    add (scene, i, NULL);
  check (scene);
  g_assert_cmpuint (count_here (scene), ==, 3);
  g_assert_cmpint (pb_server_notes_get (scene->notes, scene->account, PB_NOTE_TOP_LIES), >, 0);
  guint tops = commands (scene, "TOP");
  /* Others in their places, of which TOP says the same. */
  pb_demo_server_clear (scene->server);
  for (guint i = 3; i < 6; i++)
    add (scene, i, NULL);
  check (scene);
  g_assert_cmpuint (commands (scene, "TOP"), ==, tops);
  g_assert_cmpuint (count_here (scene), ==, 6);
  /* Even if it were believed again. */
  pb_server_notes_set (scene->notes, scene->account, PB_NOTE_TOP_LIES, 0);
  pb_demo_server_clear (scene->server);
  for (guint i = 6; i < 9; i++)
    add (scene, i, NULL);
  check (scene);
  g_assert_cmpuint (count_here (scene), ==, 9);
  g_assert_cmpint (pb_server_notes_get (scene->notes, scene->account, PB_NOTE_NAMES), >, 0);
}

/* ---- New names ---- */

static void
renumber (Scene *scene, guint first, guint count, const char *prefix) {
  pb_demo_server_clear (scene->server);
  for (guint i = first; i < first + count; i++) {
    g_autofree char *uid = g_strdup_printf ("%s-%u", prefix, i);
    add (scene, i, uid);
  }
}

static void
test_renumbered (void) {
  const guint count = g_test_slow () ? 5000 : 1000;
  g_autoptr (Scene) scene = scene_new ("keep");

  renumber (scene, 0, count, "old");
  check (scene);
  g_assert_cmpuint (count_here (scene), ==, count);
  guint retrieved = commands (scene, "RETR");
  for (guint round = 0; round < 2; round++) {
    g_autofree char *prefix = g_strdup_printf ("new-%u", round);
    renumber (scene, 0, count, prefix);
    gint64 start = g_get_monotonic_time ();
    check (scene);
    g_test_message ("%u renumbered: %.3f s", count,
                    (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
    g_assert_cmpuint (scene->fetched.stored, ==, 0);
    g_assert_cmpuint (scene->fetched.duplicates, ==, 0);
    g_assert_cmpuint (commands (scene, "RETR"), ==, retrieved);
    g_assert_cmpuint (count_here (scene), ==, count);
    guint tops = commands (scene, "TOP");
    check (scene);
    g_assert_cmpuint (commands (scene, "TOP"), ==, tops);
    g_assert_cmpuint (commands (scene, "RETR"), ==, retrieved);
  }
  /* Adopted names are as good as the first: they may be removed without being retrieved. */
  pb_account_set_on_server_text (scene->account, "delete");
  check (scene);
  g_assert_cmpuint (scene->fetched.removed, ==, count);
  g_assert_cmpuint (commands (scene, "RETR"), ==, retrieved);
}

/* New mail among the renumbered is still new mail. */
static void
test_renumbered_with_arrivals (void) {
  g_autoptr (Scene) scene = scene_new ("keep");

  renumber (scene, 0, 50, "old");
  check (scene);
  renumber (scene, 10, 60, "new");
  check (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, 20);
  g_assert_cmpuint (scene->fetched.duplicates, ==, 0);
  g_assert_cmpuint (commands (scene, "RETR"), ==, 70);
  g_assert_cmpuint (count_here (scene), ==, 70);
}

/* What is new does not cost a TOP each. */
static void
test_arrivals (void) {
  g_autoptr (Scene) scene = scene_new ("delete");

  for (guint round = 0; round < 3; round++) {
    renumber (scene, round * 40, 40, "x");
    check (scene);
    g_assert_cmpuint (scene->fetched.stored, ==, 40);
    g_assert_cmpuint (scene->fetched.removed, ==, 40);
  }
  g_assert_cmpuint (commands (scene, "TOP"), ==, 0);
}

/* Few, or without TOP: the content tells. */
static void
test_renumbered_few (void) {
  g_autoptr (Scene) scene = scene_new ("keep");

  renumber (scene, 0, 5, "old");
  check (scene);
  renumber (scene, 0, 5, "new");
  check (scene);
  g_assert_cmpuint (scene->fetched.stored, ==, 0);
  g_assert_cmpuint (scene->fetched.duplicates, ==, 5);
  check (scene);
  g_assert_cmpuint (scene->fetched.duplicates, ==, 0);
  g_assert_cmpuint (commands (scene, "RETR"), ==, 10);
  g_assert_cmpuint (count_here (scene), ==, 5);
}

int
main (int argc, char *argv[]) {
  static const struct {
    const char *path;
    Naming naming;
  } namings[] = {
    { "/naming/none", NO_UIDL },
    { "/naming/blank", BLANK },
    { "/naming/duplicate", DUPLICATE },
    { "/naming/long", LONG },
    { "/naming/spaces", SPACES },
    { "/naming/eight-bit", EIGHT_BIT },
    { "/naming/double-blank", DOUBLE_BLANK },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (namings); i++)
    g_test_add_data_func (namings[i].path, GINT_TO_POINTER (namings[i].naming), test_sessions);
  g_test_add_func ("/naming/changing", test_changing);
  g_test_add_func ("/naming/equal-headers", test_equal_headers);
  g_test_add_func ("/naming/bare-headers", test_bare_headers);
  g_test_add_func ("/naming/lies", test_lies);
  g_test_add_func ("/naming/renumbered", test_renumbered);
  g_test_add_func ("/naming/renumbered-with-arrivals", test_renumbered_with_arrivals);
  g_test_add_func ("/naming/renumbered-few", test_renumbered_few);
  g_test_add_func ("/naming/arrivals", test_arrivals);
  return g_test_run ();
}
