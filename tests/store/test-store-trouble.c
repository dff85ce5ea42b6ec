/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Full disks, missing permission, and other processes on the same mail. */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pb-error.h"
#include "pb-store-fixture.h"

static const char *program;

static void
limit_files (rlim_t bytes) {
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
count_failed (PbDelivery *delivery, GError *error, guint *count) {
  (*count)++;
}

/* Two small messages and one of @length bytes; returns the error, NULL when all went well. */
static GError *
try_to_deliver (PbMailStore *store, gsize length) {
  g_autoptr (PbDelivery) delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);
  g_autofree guint8 *data = g_malloc0 (length);
  GError *error = NULL;
  GAsyncResult *done = NULL;
  guint failed = 0;

  g_signal_connect (delivery, "failed", G_CALLBACK (count_failed), &failed);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GBytes) identity = g_bytes_new (&i, sizeof i);
    pb_delivery_begin (delivery, i, identity, FALSE);
    pb_delivery_write (delivery, data, i < 2 ? MIN (20, length) : length);
    pb_delivery_end (delivery);
  }
  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gboolean ok = pb_delivery_finish_finish (delivery, result, &error);
  g_assert_cmpint (ok, ==, error == NULL);
  g_assert_cmpuint (failed, ==, ok ? 0 : 1);
  return error;
}

static void
assert_nothing_left (PbStoreFixture *f) {
  g_autoptr (GPtrArray) temporaries = pb_store_list_files (f->dir, "tmp");
  g_autoptr (GPtrArray) files = pb_store_list_files (f->dir, "cur");

  g_assert_cmpuint (temporaries->len, ==, 0);
  g_assert_cmpuint (files->len, ==, 0);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 0);
}

static void
assert_works_again (PbStoreFixture *f) {
  g_autoptr (GError) error = try_to_deliver (f->store, 3 * 1024 * 1024);

  g_assert_no_error (error);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 3);
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 3);
}

static void
test_full (PbStoreFixture *f, gconstpointer unused) {
  limit_files (1024 * 1024);
  g_autoptr (GError) error = try_to_deliver (f->store, 3 * 1024 * 1024);
  limit_files (RLIM_INFINITY);
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE_FULL);
  assert_nothing_left (f);
  assert_works_again (f);
}

/* The files fit; the ledger does not. */
static void
test_ledger_full (PbStoreFixture *f, gconstpointer unused) {
  limit_files (200);
  g_autoptr (GError) error = try_to_deliver (f->store, 100);
  limit_files (RLIM_INFINITY);
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE_FULL);
  assert_nothing_left (f);
  assert_works_again (f);
}

static void
test_no_folder (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *tmp = pb_store_file_path (f->dir, "tmp", NULL);

  g_assert_cmpint (g_rmdir (tmp), ==, 0);
  g_assert_true (g_file_set_contents (tmp, "in the way", -1, NULL));
  g_autoptr (GError) error = try_to_deliver (f->store, 100);
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE);
  g_assert_cmpint (g_unlink (tmp), ==, 0);
  g_assert_cmpint (g_mkdir (tmp, 0700), ==, 0);
  assert_nothing_left (f);
  assert_works_again (f);
}

/* Root may write everywhere, so it becomes somebody else for this. */
static void
test_read_only (void) {
  PbStoreFixture f = { NULL, NULL };
  uid_t me = geteuid ();

  if (me == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  pb_store_fixture_set_up (&f, NULL);
  pb_store_deliver_many (f.store, "m", 1);
  g_autoptr (GArray) ids = pb_store_list (f.store, PB_FOLDER_INBOX);
  gint64 id = g_array_index (ids, gint64, 0);
  g_autofree char *cur = pb_store_file_path (f.dir, "cur", NULL);
  g_autofree char *tmp = pb_store_file_path (f.dir, "tmp", NULL);
  g_assert_cmpint (g_chmod (cur, 0500), ==, 0);
  g_autoptr (GError) error = try_to_deliver (f.store, 100);
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE_READ_ONLY);
  g_clear_error (&error);
  GAsyncResult *done = NULL;
  pb_mail_store_delete_async (f.store, &id, 1, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_mail_store_delete_finish (f.store, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE_READ_ONLY);
  g_clear_object (&result);
  g_assert_cmpint (pb_store_match_one (f.store, "m-0").state, ==, PB_LEDGER_STORED);
  g_clear_error (&error);
  g_assert_cmpint (g_chmod (cur, 0700), ==, 0);
  g_assert_cmpint (g_chmod (tmp, 0500), ==, 0);
  error = try_to_deliver (f.store, 100);
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE_READ_ONLY);
  g_assert_cmpint (g_chmod (tmp, 0700), ==, 0);
  g_assert_cmpuint (pb_store_count (f.store, PB_FOLDER_INBOX), ==, 1);
  pb_store_fixture_tear_down (&f, NULL);
  if (me == 0)
    g_assert_cmpint (seteuid (me), ==, 0);
}

/* Where the data folder should be is a file. */
static void
test_cannot_open (void) {
  char *dir = pb_test_make_dir ();
  g_autofree char *data = g_build_filename (dir, "data", NULL);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_assert_true (g_file_set_contents (data, "in the way", -1, NULL));
  PbMailStore *store = pb_mail_store_new (data);
  pb_mail_store_open_async (store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_mail_store_open_finish (store, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE);
  g_clear_object (&result);
  pb_store_close (store);
  pb_test_remove_dir (dir);
}

static GError *
try_to_lock (PbMailStore *store) {
  GError *error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_lock_account_async (store, PB_STORE_ACCOUNT, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_lock_account_finish (store, result, &error);
  return error;
}

static int
be_other_process (const char *dir) {
  PbMailStore *store = pb_store_open (dir);
  g_autoptr (GError) error = try_to_lock (store);

  pb_store_close (store);
  return error ? (g_error_matches (error, PB_ERROR, PB_ERROR_LOCKED) ? 3 : 4) : 0;
}

static int
lock_from_other_process (const char *dir) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) other =
    g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--lock", dir, NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (other, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (other));
  return g_subprocess_get_exit_status (other);
}

static void
test_lock (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GError) error = try_to_lock (f->store);

  g_assert_no_error (error);
  g_assert_cmpint (lock_from_other_process (f->dir), ==, 3);
  error = try_to_lock (f->store);
  g_assert_error (error, PB_ERROR, PB_ERROR_LOCKED);
  g_clear_error (&error);
  pb_mail_store_unlock_account (f->store, PB_STORE_ACCOUNT);
  pb_store_settle (f->store);
  g_assert_cmpint (lock_from_other_process (f->dir), ==, 0);
  error = try_to_lock (f->store);
  g_assert_no_error (error);
}

/* Temporaries of a delivery that runs elsewhere are not ours to remove. */
static void
test_other_is_delivering (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autofree guint8 *data = g_malloc0 (1024 * 1024);
  g_autoptr (GError) error = try_to_lock (f->store);

  g_assert_no_error (error);
  pb_delivery_begin (delivery, 1, NULL, FALSE);
  pb_delivery_write (delivery, data, 1024 * 1024);
  pb_store_settle (f->store);
  g_assert_cmpint (lock_from_other_process (f->dir), ==, 3);
  g_autoptr (GPtrArray) temporaries = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (temporaries->len, ==, 2); /* the message, and the log */
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
}

static void
count_changed (PbMailStore *store, gint64 id, guint *count) {
  (*count)++;
}

/* Two stores on one folder see what the other one does. */
static void
test_two_stores (PbStoreFixture *f, gconstpointer unused) {
  PbMailStore *other = pb_store_open (f->dir);
  guint changed = 0;

  g_signal_connect (f->store, "changed", G_CALLBACK (count_changed), &changed);
  pb_store_deliver_many (other, "m", 20);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 20);
  g_assert_cmpuint (changed, >=, 1);
  PbFolder *inbox = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  g_assert_cmpuint (pb_folder_get_total (inbox), ==, 20);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_set_flags (f->store, g_array_index (ids, gint64, 3), PB_FLAG_STARRED, 0);
  pb_store_move (f->store, g_array_index (ids, gint64, 5), PB_FOLDER_TRASH);
  g_assert_cmpuint (pb_store_count (other, PB_FOLDER_INBOX), ==, 19);
  g_assert_cmpuint (pb_store_count (other, PB_FOLDER_TRASH), ==, 1);
  g_autoptr (PbMessageRow) row = pb_store_load_row (other, g_array_index (ids, gint64, 3));
  g_assert_cmpint (row->flags, ==, PB_FLAG_STARRED);
  pb_store_add_account (other, "another");
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 19);
  g_assert_nonnull (pb_mail_store_find_folder (f->store, "another", PB_FOLDER_INBOX));
  pb_store_close (other);
  g_assert_cmpuint (pb_store_deliver_text (f->store, "m-7", "Subject: m-7\n\n"), ==, 1);
}

int
main (int argc, char *argv[]) {
  if (argc == 3 && g_str_equal (argv[1], "--lock"))
    return be_other_process (argv[2]);
  program = argv[0];
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/store-trouble/full", test_full);
  ADD ("/store-trouble/ledger-full", test_ledger_full);
  ADD ("/store-trouble/no-folder", test_no_folder);
  g_test_add_func ("/store-trouble/read-only", test_read_only);
  g_test_add_func ("/store-trouble/cannot-open", test_cannot_open);
  ADD ("/store-trouble/lock", test_lock);
  ADD ("/store-trouble/other-is-delivering", test_other_is_delivering);
  ADD ("/store-trouble/two-stores", test_two_stores);
  return g_test_run ();
}
