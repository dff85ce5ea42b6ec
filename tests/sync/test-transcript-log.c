/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The session log: what is kept, for whom, how much of it, and that no secret is in it. */

#include <glib/gstdio.h>
#include <string.h>

#include "pb-error.h"
#include "pb-paths.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"
#include "pb-transcript-files.h"
#include "pb-transcript-log.h"

static gboolean
is_settled (gpointer log) {
  return !pb_transcript_log_is_busy (log);
}

typedef struct {
  GListModel *entries;
  guint count;
} Wanted;

static gboolean
has_count (gpointer data) {
  const Wanted *wanted = data;

  return g_list_model_get_n_items (wanted->entries) == wanted->count;
}

static char *
load (GListModel *entries, guint position, GError **error) {
  g_autoptr (PbTranscriptEntry) entry = g_list_model_get_item (entries, position);
  GAsyncResult *done = NULL;

  pb_transcript_entry_load_async (entry, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_transcript_entry_load_finish (entry, result, error);
}

static guint
count_files (const char *dir) {
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  guint count = 0;
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    GStatBuf info;
    g_assert_cmpint (g_stat (path, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    g_assert_true (g_str_has_suffix (name, "Z.txt"));
    count++;
  }
  return count;
}

static void
add_sessions (PbTranscriptLog *log, guint count) {
  gint64 now = g_get_real_time ();
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, PB_ERROR_BUSY, "in use");

  for (guint i = 0; i < count; i++) {
    g_autofree char *text = g_strdup_printf ("12:00:00.000  ->  NOOP %u\n", i);
    pb_transcript_log_add (log, "work", now - (gint64) (count - i) * G_USEC_PER_SEC,
                           i % 2 ? error : NULL, text);
  }
  pb_test_until (is_settled, log);
}

static void
test_kept (void) {
  char *dir = pb_test_make_dir ();
  g_autofree char *folder = g_build_filename (dir, "transcripts", "work", NULL);
  g_autoptr (PbTranscriptLog) log = pb_transcript_log_new ();
  g_autoptr (GError) error = NULL;

  pb_transcript_log_set_folder (log, dir);
  GListModel *entries = pb_transcript_log_get_entries (log, "work");
  add_sessions (log, 25);
  g_assert_cmpuint (g_list_model_get_n_items (entries), ==, PB_TRANSCRIPTS_KEPT);
  g_assert_cmpuint (count_files (folder), ==, PB_TRANSCRIPTS_KEPT);
  g_autofree char *newest = load (entries, 0, &error);
  g_assert_cmpstr (newest, ==, "12:00:00.000  ->  NOOP 24\n");
  g_autoptr (PbTranscriptEntry) second = g_list_model_get_item (entries, 1);
  g_assert_cmpint (pb_transcript_entry_get_outcome (second), ==, PB_ERROR_BUSY);
  g_assert_cmpuint (g_list_model_get_n_items (pb_transcript_log_get_entries (log, "another")), ==,
                    0);
  pb_test_remove_dir (dir);
}

/* Another run finds them, and tells them from what does not belong there. */
static void
test_read_again (void) {
  char *dir = pb_test_make_dir ();
  g_autofree char *folder = g_build_filename (dir, "transcripts", "work", NULL);
  g_autofree char *odd = g_build_filename (folder, "odd.txt", NULL);
  g_autofree char *empty = g_build_filename (folder, "empty.txt", NULL);
  PbTranscriptLog *first = pb_transcript_log_new ();
  g_autoptr (GError) error = NULL;

  pb_transcript_log_set_folder (first, dir);
  add_sessions (first, 3);
  g_object_unref (first);
  g_assert_true (g_file_set_contents (odd, "# session of nothing\n", -1, NULL));
  g_assert_true (g_file_set_contents (empty, "", -1, NULL));

  g_autoptr (PbTranscriptLog) log = pb_transcript_log_new ();
  pb_transcript_log_set_folder (log, dir);
  pb_transcript_log_add (log, "work", g_get_real_time (), NULL, "now\n");
  Wanted wanted = { pb_transcript_log_get_entries (log, "work"), 4 };
  pb_test_until (has_count, &wanted);
  pb_test_until (is_settled, log);
  g_autofree char *now = load (wanted.entries, 0, &error);
  g_assert_cmpstr (now, ==, "now\n");
  g_autofree char *before = load (wanted.entries, 1, &error);
  g_assert_cmpstr (before, ==, "12:00:00.000  ->  NOOP 2\n");
  g_autoptr (PbTranscriptEntry) entry = g_list_model_get_item (wanted.entries, 2);
  g_assert_cmpint (pb_transcript_entry_get_outcome (entry), ==, PB_ERROR_BUSY);
  g_assert_cmpint (pb_transcript_entry_get_duration (entry), >, 0);
  pb_paths_remove_tree (folder);
  g_autofree char *gone = load (wanted.entries, 3, &error);
  g_assert_null (gone);
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
  pb_test_remove_dir (dir);
}

/* Without a folder, and where it cannot be written, memory is enough. */
static void
test_no_disk (void) {
  g_autoptr (PbTranscriptLog) bare = pb_transcript_log_new ();
  g_autoptr (PbTranscriptLog) stuck = pb_transcript_log_new ();

  pb_transcript_log_set_folder (stuck, "/dev/null");
  add_sessions (bare, 2);
  add_sessions (stuck, 2);
  g_assert_cmpuint (g_list_model_get_n_items (pb_transcript_log_get_entries (bare, "work")), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (pb_transcript_log_get_entries (stuck, "work")), ==,
                    2);
}

static void
test_outcomes (void) {
  int outcome;

  for (int code = PB_TRANSCRIPT_OTHER; code <= PB_ERROR_TOO_LARGE; code++) {
    const char *name = pb_transcript_entry_outcome_to_name (code);
    g_assert_true (pb_transcript_entry_outcome_from_name (name, &outcome));
    g_assert_cmpint (outcome, ==, code);
  }
  g_assert_cmpstr (pb_transcript_entry_outcome_to_name (1000), ==, "other");
  g_assert_false (pb_transcript_entry_outcome_from_name ("no such", &outcome));
}

typedef struct {
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbAccountList *accounts;
  PbSyncService *service;
  PbAccount *account;
} Scene;

static void
scene_check (Scene *scene, gboolean good) {
  GAsyncResult *done = NULL;

  pb_sync_service_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_check_finish (scene->service, result, NULL, NULL) == good);
}

static void
scene_stop (Scene *scene) {
  GAsyncResult *done = NULL;

  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_stop_finish (scene->service, result, NULL));
}

static void
assert_nowhere (const char *dir, const char *secret) {
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    g_autofree char *content = NULL;
    g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
    if (strstr (content, secret))
      g_error ("%s has the secret in it:\n%s", path, content);
  }
}

/* Every way of signing in, good and bad: when the service has stopped all is on the disk, and no
 * secret is, neither as it is nor as it was sent. */
static void
test_no_secret (void) {
  static const PbDemoSecurity securities[] = { PB_DEMO_TLS, PB_DEMO_STARTTLS, PB_DEMO_PLAIN };
  g_autofree char *sent = g_base64_encode ((const guchar *) "\0reader\0" PB_FIXTURE_PASSWORD,
                                           strlen (PB_FIXTURE_PASSWORD) + 8);
  g_autofree char *alone =
    g_base64_encode ((const guchar *) PB_FIXTURE_PASSWORD, strlen (PB_FIXTURE_PASSWORD));

  for (guint i = 0; i < G_N_ELEMENTS (securities); i++) {
    PbSyncFixture *fixture = pb_sync_fixture_new ();
    Scene scene = { fixture };
    scene.server = pb_sync_fixture_start_server (fixture, securities[i], 3);
    scene.account =
      pb_sync_fixture_make_account (fixture, "work", scene.server, securities[i], "keep");
    scene.accounts = pb_account_list_new (fixture->dir);
    scene.service = pb_sync_service_new (scene.accounts, fixture->secrets, fixture->store);
    pb_sync_service_set_transcript_folder (scene.service, fixture->dir);
    GAsyncResult *done = NULL;
    pb_mail_store_add_account_async (fixture->store, "work", NULL, pb_test_done, &done);
    g_autoptr (GAsyncResult) result = pb_test_wait (&done);
    g_assert_true (pb_mail_store_add_account_finish (fixture->store, result, NULL));
    scene_check (&scene, TRUE);
    pb_demo_server_set_account (scene.server, "reader", "another");
    scene_check (&scene, FALSE);
    scene_stop (&scene);

    g_autofree char *folder = g_build_filename (fixture->dir, "transcripts", "work", NULL);
    g_assert_cmpuint (count_files (folder), ==, 2);
    assert_nowhere (folder, PB_FIXTURE_PASSWORD);
    assert_nowhere (folder, sent);
    assert_nowhere (folder, alone);
    GListModel *entries = pb_sync_service_get_transcripts (scene.service, scene.account);
    g_autofree char *text = load (entries, 1, NULL);
    g_assert_nonnull (strstr (text, " bytes received, "));
    g_assert_nonnull (strstr (text, "connected after "));
    g_assert_true ((strstr (text, "issued by ") != NULL) == (securities[i] != PB_DEMO_PLAIN));
    g_autoptr (PbTranscriptEntry) refused = g_list_model_get_item (entries, 0);
    g_assert_cmpint (pb_transcript_entry_get_outcome (refused), ==, PB_ERROR_SIGN_IN);

    g_clear_object (&result);
    g_object_unref (scene.service);
    g_object_unref (scene.accounts);
    g_object_unref (scene.account);
    pb_demo_server_stop (scene.server);
    g_object_unref (scene.server);
    pb_sync_fixture_free (fixture);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transcript-log/kept", test_kept);
  g_test_add_func ("/transcript-log/read-again", test_read_again);
  g_test_add_func ("/transcript-log/no-disk", test_no_disk);
  g_test_add_func ("/transcript-log/outcomes", test_outcomes);
  g_test_add_func ("/transcript-log/no-secret", test_no_secret);
  return g_test_run ();
}
