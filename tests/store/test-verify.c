/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a verification finds, and what it sets right. */

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "pb-mail-store-verify.h"
#include "pb-store-fixture.h"

#define N_MESSAGES 30

static void
count_calls (guint done, guint total, gpointer count) {
  g_assert_cmpuint (done, <=, total);
  (*(guint *) count)++;
}

static PbVerifyReport *
verify (PbMailStore *store, gboolean repair) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  guint calls = 0;

  pb_mail_store_verify_async (store, repair, count_calls, &calls, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  PbVerifyReport *report = pb_mail_store_verify_finish (store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (calls, >, 2);
  return report;
}

static guint
count_kind (const PbVerifyReport *report, PbFindingKind kind, gboolean repaired) {
  guint count = 0;

  for (guint i = 0; i < report->findings->len; i++) {
    const PbFinding *finding = report->findings->pdata[i];
    g_test_message ("%d %s", finding->kind, finding->path);
    if (finding->kind == kind && finding->repaired == repaired)
      count += finding->count;
  }
  return count;
}

static void
assert_clean (PbMailStore *store) {
  g_autoptr (PbVerifyReport) report = verify (store, FALSE);

  g_assert_cmpuint (count_kind (report, PB_FINDING_GONE, FALSE), ==, report->findings->len);
}

/* In a database of the open store, as nobody should. */
static void
spoil (PbStoreFixture *f, const char *name, const char *sql) {
  g_autofree char *path = g_build_filename (f->dir, name, NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000); /* the store may be at work */
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static char *
file_at (PbStoreFixture *f, guint index) {
  g_autoptr (GPtrArray) names = pb_store_list_files (f->dir, "cur");

  return pb_store_file_path (f->dir, "cur", names->pdata[index]);
}

static void
test_clean (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", N_MESSAGES);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_move (f->store, g_array_index (ids, gint64, 3), PB_FOLDER_TRASH);
  pb_store_delete (f->store, g_array_index (ids, gint64, 4));
  pb_store_set_flags (f->store, g_array_index (ids, gint64, 5), PB_FLAG_READ, 0);
  g_autoptr (PbVerifyReport) report = verify (f->store, TRUE);
  g_assert_cmpuint (report->findings->len, ==, 0);
  g_assert_cmpuint (report->messages, ==, N_MESSAGES - 1);
  g_assert_cmpuint (report->folders, ==, 3);
  g_assert_cmpuint (report->bytes, >, N_MESSAGES * 10);
}

static void
test_content (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", N_MESSAGES);
  g_autofree char *changed = file_at (f, 2);
  g_autofree char *text = NULL;
  g_autofree char *gone = file_at (f, 7);
  gsize length;

  g_assert_true (g_file_get_contents (changed, &text, &length, NULL));
  text[length / 2] ^= 1;
  g_assert_true (g_file_set_contents (changed, text, (gssize) length, NULL));
  g_assert_cmpint (g_unlink (gone), ==, 0);
  g_autoptr (PbVerifyReport) report = verify (f->store, TRUE);
  g_assert_cmpuint (count_kind (report, PB_FINDING_CHANGED, FALSE), ==, 1);
  g_assert_cmpuint (count_kind (report, PB_FINDING_NO_FILE, TRUE), ==, 1);
  g_assert_cmpuint (count_kind (report, PB_FINDING_GONE, FALSE), ==, 1);
}

static void
test_index (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", N_MESSAGES);
  spoil (f, "index.sqlite",
         "DELETE FROM message WHERE id % 10 = 3; UPDATE message SET flags = 2 WHERE id % 10 = 4;"
         "UPDATE folder SET total = 77 WHERE role = 0");
  g_autoptr (PbVerifyReport) report = verify (f->store, FALSE);
  g_assert_cmpuint (count_kind (report, PB_FINDING_NOT_IN_INDEX, FALSE), ==, 3);
  g_assert_cmpuint (count_kind (report, PB_FINDING_OTHER_FLAGS, FALSE), ==, 3);
  g_assert_cmpuint (count_kind (report, PB_FINDING_COUNTERS, FALSE), ==, 1);
  g_autoptr (PbVerifyReport) repaired = verify (f->store, TRUE);
  g_assert_cmpuint (count_kind (repaired, PB_FINDING_NOT_IN_INDEX, TRUE), ==, 3);
  assert_clean (f->store);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, N_MESSAGES);
  PbFolder *inbox = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  g_assert_cmpuint (pb_folder_get_total (inbox), ==, N_MESSAGES);
  g_assert_cmpuint (pb_folder_get_unread (inbox), ==, N_MESSAGES);
}

static void
test_ledger (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", N_MESSAGES);
  spoil (f, "ledger.sqlite",
         "DELETE FROM entry WHERE uidl IN (CAST ('m-3' AS BLOB), "
         "CAST ('m-4' AS BLOB))");
  g_assert_cmpint (pb_store_match_one (f->store, "m-3").state, ==, PB_LEDGER_UNKNOWN);
  g_autoptr (PbVerifyReport) report = verify (f->store, TRUE);
  g_assert_cmpuint (count_kind (report, PB_FINDING_NOT_IN_LEDGER, TRUE), ==, 2);
  g_assert_true (pb_store_match_one (f->store, "m-3").durable);
  assert_clean (f->store);
}

static void
test_left_behind (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *path = pb_store_file_path (f->dir, "tmp", "1700000000.M1P1Q1.postbag");

  pb_store_deliver_many (f->store, "m", N_MESSAGES);
  g_assert_true (g_file_set_contents (path, "half a mess", -1, NULL));
  g_autoptr (PbVerifyReport) report = verify (f->store, FALSE);
  g_assert_cmpuint (count_kind (report, PB_FINDING_TEMPORARY, FALSE), ==, 1);
  g_autoptr (PbVerifyReport) repaired = verify (f->store, TRUE);
  g_assert_cmpuint (count_kind (repaired, PB_FINDING_TEMPORARY, TRUE), ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_twice (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", N_MESSAGES);
  g_autofree char *file = file_at (f, 1);
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *copy =
    g_build_filename (f->dir, "mail", PB_STORE_ACCOUNT, ".Archive", "cur", name, NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_true (g_file_set_contents (copy, text, -1, NULL));
  g_autoptr (PbVerifyReport) report = verify (f->store, TRUE);
  g_assert_cmpuint (count_kind (report, PB_FINDING_TWICE, FALSE), ==, 1);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
}

static void
test_cancelled (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_cancellable_cancel (cancellable);
  pb_mail_store_verify_async (f->store, FALSE, NULL, NULL, cancellable, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_mail_store_verify_finish (f->store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/verify/clean", test_clean);
  ADD ("/verify/content", test_content);
  ADD ("/verify/index", test_index);
  ADD ("/verify/ledger", test_ledger);
  ADD ("/verify/left-behind", test_left_behind);
  ADD ("/verify/twice", test_twice);
  ADD ("/verify/cancelled", test_cancelled);
  return g_test_run ();
}
