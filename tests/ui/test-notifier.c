/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which checks lead to a notification, what it says, when it goes; and how its messages are found
 * again. Mail comes from real servers; notifications end here. */

#include "pb-notifier.h"

#include "pb-sync-fixture.h"

#include <string.h>

typedef struct {
  PbSyncFixture *fixture;
  PbAccountList *accounts;
  PbSyncService *sync;
  PbDemoServer *server;
  PbAccount *account;
  PbNotifier *notifier;
  guint shown, withdrawn;
  char *title, *body;
  GVariant *target;
  gboolean silent;
  gint64 known_since;
} Scene;

static void
forget (Scene *scene) {
  g_clear_pointer (&scene->title, g_free);
  g_clear_pointer (&scene->body, g_free);
  g_clear_pointer (&scene->target, g_variant_unref);
  scene->shown = scene->withdrawn = 0;
}

static void
show (const char *id, const PbMailNotice *notice, gpointer data) {
  Scene *scene = data;

  g_assert_cmpstr (id, ==, "new-mail-work");
  if (!notice) {
    scene->withdrawn++;
    return;
  }
  guint shown = scene->shown + 1;
  forget (scene);
  scene->shown = shown;
  scene->title = g_strdup (notice->title);
  scene->body = g_strdup (notice->body);
  scene->target = g_variant_ref (notice->target);
}

static gboolean
allowed (PbAccount *account, gint64 *known_since, gpointer data) {
  Scene *scene = data;

  if (scene->known_since)
    *known_since = scene->known_since;
  return !scene->silent;
}

static void
set_up (Scene *scene, gconstpointer unused) {
  scene->fixture = pb_sync_fixture_new ();
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  scene->server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 0);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->server, PB_DEMO_PLAIN, "keep");
  scene->sync =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  scene->notifier = pb_notifier_new (scene->sync, scene->fixture->store, show, scene);
  pb_notifier_set_allowed_func (scene->notifier, allowed, scene);
}

static void
tear_down (Scene *scene, gconstpointer unused) {
  GAsyncResult *done = NULL;

  pb_test_pass_time (100);
  g_assert_finalize_object (scene->notifier);
  pb_sync_service_stop_async (scene->sync, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_clear_object (&result);
  g_assert_finalize_object (scene->sync);
  g_object_unref (scene->account);
  g_object_unref (scene->server);
  g_object_unref (scene->accounts);
  pb_sync_fixture_free (scene->fixture);
  forget (scene);
}

/* A letter from @days ago. */
static void
add_letter (Scene *scene, const char *from, const char *subject, int days) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_days (now, -days);
  g_autofree char *date = g_date_time_format (then, "%a, %d %b %Y %H:%M:%S +0000");
  g_autofree char *text = g_strdup_printf ("From: %s\nTo: me@example.org\nSubject: %s\nDate: %s\n"
                                           "Message-ID: <%u@example.org>\n\nHello there\n",
                                           from, subject, date, g_random_int ());
  g_autoptr (GBytes) message = g_bytes_new (text, strlen (text));

  pb_demo_server_add_message (scene->server, message, NULL);
}

static guint
check (Scene *scene) {
  GAsyncResult *done = NULL;
  PbFetchResult fetched;
  g_autoptr (GError) error = NULL;

  pb_sync_service_check_async (scene->sync, scene->account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_sync_service_check_finish (scene->sync, result, &fetched, &error);
  g_assert_no_error (error);
  /* Silence can only be waited for; a busy machine needs longer to speak. */
  guint before = scene->shown;
  for (guint i = 0; i < 40 && scene->shown == before; i++)
    pb_test_pass_time (fetched.stored ? 25 : 2);
  return fetched.stored;
}

static void
test_words (Scene *scene, gconstpointer unused) {
  add_letter (scene, "Wei Chen <wei@example.org>", "Lunch <b>now</b>", 0);
  g_assert_cmpuint (check (scene), ==, 1);
  g_assert_cmpuint (scene->shown, ==, 1);
  g_assert_cmpstr (scene->title, ==, "Wei Chen");
  g_assert_cmpstr (scene->body, ==, "Lunch ‹b›now‹/b›\nHello there");

  add_letter (scene, "a@example.org", "One", 0);
  add_letter (scene, "b@example.org", "", 0);
  g_assert_cmpuint (check (scene), ==, 2);
  g_assert_cmpuint (scene->shown, ==, 2);
  g_assert_true (g_str_has_prefix (scene->title, "2 new messages in "));
  g_assert_nonnull (strstr (scene->body, "a@example.org: One"));
  g_assert_nonnull (strstr (scene->body, "b@example.org: (no subject)"));

  for (guint i = 0; i < 60; i++)
    add_letter (scene, "c@example.org", "Many", 0);
  g_assert_cmpuint (check (scene), ==, 60);
  g_assert_cmpuint (scene->shown, ==, 3);
  g_assert_true (g_str_has_prefix (scene->title, "60 new messages in "));
  g_assert_true (g_str_has_suffix (scene->body, "\n…"));
  /* And nothing without news. */
  g_assert_cmpuint (check (scene), ==, 0);
  g_assert_cmpuint (scene->shown, ==, 3);
}

static void
test_old_and_again (Scene *scene, gconstpointer unused) {
  for (guint i = 0; i < 20; i++)
    add_letter (scene, "old@example.org", "Long ago", 40);
  g_assert_cmpuint (check (scene), ==, 20);
  g_assert_cmpuint (scene->shown, ==, 0);
  /* The same under other names, as when a provider renumbers: nothing is new. */
  pb_demo_server_clear (scene->server);
  add_letter (scene, "old@example.org", "Long ago", 40);
  add_letter (scene, "new@example.org", "Today", 0);
  check (scene);
  g_assert_cmpuint (scene->shown, ==, 1);
  g_assert_cmpstr (scene->title, ==, "new@example.org");
  /* Away for a month, with an account that is known for long: all of it is news. */
  forget (scene);
  scene->known_since = 1;
  add_letter (scene, "holiday@example.org", "Come home", 30);
  check (scene);
  g_assert_cmpuint (scene->shown, ==, 1);
}

static void
test_silence (Scene *scene, gconstpointer unused) {
  scene->silent = TRUE;
  add_letter (scene, "a@example.org", "One", 0);
  check (scene);
  g_assert_cmpuint (scene->shown, ==, 0);
  scene->silent = FALSE;
  check (scene);
  g_assert_cmpuint (scene->shown, ==, 0);
}

static GArray *
find (Scene *scene, GVariant *target) {
  GAsyncResult *done = NULL;

  pb_mail_notice_find_async (scene->fixture->store, target, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_mail_notice_find_finish (scene->fixture->store, result, NULL);
}

static void
set_read (Scene *scene, gint64 id) {
  GAsyncResult *done = NULL;

  pb_mail_store_set_flags_async (scene->fixture->store, &id, 1, PB_FLAG_READ, 0, NULL, pb_test_done,
                                 &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_mail_store_set_flags_finish (scene->fixture->store, result, NULL));
  pb_test_pass_time (50);
}

static void
test_withdrawn (Scene *scene, gconstpointer unused) {
  add_letter (scene, "a@example.org", "One", 0);
  add_letter (scene, "b@example.org", "Two", 0);
  check (scene);
  g_autoptr (GArray) ids = find (scene, scene->target);
  g_assert_cmpuint (ids->len, ==, 2);
  set_read (scene, g_array_index (ids, gint64, 0));
  g_assert_cmpuint (scene->withdrawn, ==, 0);
  set_read (scene, g_array_index (ids, gint64, 1));
  g_assert_cmpuint (scene->withdrawn, ==, 1);
}

/* Ids of another index, and targets that make no sense. */
static void
test_found_again (Scene *scene, gconstpointer unused) {
  g_autoptr (GVariantIter) iter = NULL;
  const char *account_id;
  char *message_id;
  gint64 id, received;

  add_letter (scene, "a@example.org", "One", 0);
  add_letter (scene, "b@example.org", "Two", 0);
  check (scene);
  g_variant_get (scene->target, "(&sa(xsx))", &account_id, &iter);
  g_assert_true (g_variant_iter_next (iter, "(xsx)", &id, &message_id, &received));
  g_autofree char *owned = message_id;
  for (gint64 wrong = -1; wrong < 5; wrong++) {
    g_autoptr (GVariant) target = g_variant_ref_sink (
      g_variant_new_parsed ("('work', [(%x, %s, %x)])", wrong, message_id, received));
    g_autoptr (GArray) ids = find (scene, target);
    g_assert_cmpuint (ids->len, ==, 1);
    g_assert_cmpint (g_array_index (ids, gint64, 0), ==, id);
  }
  static const char *const nonsense[] = {
    "('work', [(1, 'other@example.org', 0)])",
    "('elsewhere', [(1, 'x', 0), (2, '', 5)])",
    "('', [(9223372036854775807, '', -1)])",
    "('work', @a(xsx) [])",
  };
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autoptr (GVariant) target =
      g_variant_parse (G_VARIANT_TYPE (PB_MAIL_NOTICE_TYPE), nonsense[i], NULL, NULL, NULL);
    g_assert_nonnull (target);
    g_autoptr (GArray) ids = find (scene, target);
    g_assert_cmpuint (ids->len, ==, 0);
  }
}

static void
test_quiet (void) {
  const struct {
    guint minute, from, to;
    gboolean quiet;
  } cases[] = {
    { 0, 0, 0, FALSE },        { 700, 700, 700, FALSE },   { 700, 600, 800, TRUE },
    { 600, 600, 800, TRUE },   { 800, 600, 800, FALSE },   { 599, 600, 800, FALSE },
    { 1439, 1320, 420, TRUE }, { 0, 1320, 420, TRUE },     { 419, 1320, 420, TRUE },
    { 420, 1320, 420, FALSE }, { 1319, 1320, 420, FALSE }, { 1320, 1320, 420, TRUE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (pb_notifier_is_quiet (cases[i].minute, cases[i].from, cases[i].to), ==,
                     cases[i].quiet);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Scene, NULL, set_up, func, tear_down)
  ADD ("/notifier/words", test_words);
  ADD ("/notifier/old-and-again", test_old_and_again);
  ADD ("/notifier/silence", test_silence);
  ADD ("/notifier/withdrawn", test_withdrawn);
  ADD ("/notifier/found-again", test_found_again);
  g_test_add_func ("/notifier/quiet", test_quiet);
  return g_test_run ();
}
