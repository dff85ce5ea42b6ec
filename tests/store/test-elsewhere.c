/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of messages that another program has fetched. */

#include <string.h>

#include "pb-error.h"
#include "pb-store-fixture.h"

#define N_MANY 20000

static int
note (PbStoreFixture *f, const char *account_id, GPtrArray *identities, GError **error) {
  GAsyncResult *done = NULL;

  pb_mail_store_note_seen_elsewhere_async (f->store, account_id, identities, NULL, pb_test_done,
                                           &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_mail_store_note_seen_elsewhere_finish (f->store, result, error);
}

static int
note_names (PbStoreFixture *f, const char *const *names) {
  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; names[i]; i++)
    g_ptr_array_add (identities, g_bytes_new (names[i], strlen (names[i])));
  int count = note (f, PB_STORE_ACCOUNT, identities, &error);
  g_assert_no_error (error);
  return count;
}

/* What is here stays what it is; the rest is known from now on, for good. */
static void
test_noted (PbStoreFixture *f, gconstpointer unused) {
  static const char *const names[] = { "a-0", "b", "c", "", "b", NULL };

  pb_store_deliver_many (f->store, "a", 1);
  g_assert_cmpint (note_names (f, names), ==, 2);
  g_assert_cmpint (note_names (f, names), ==, 0);
  for (guint round = 0; round < 2; round++) {
    g_assert_cmpint (pb_store_match_one (f->store, "a-0").state, ==, PB_LEDGER_STORED);
    PbLedgerRow row = pb_store_match_one (f->store, "b");
    g_assert_cmpint (row.state, ==, PB_LEDGER_ELSEWHERE);
    g_assert_false (row.durable);
    g_assert_cmpint (row.stored, ==, 0);
    g_assert_cmpint (pb_store_match_one (f->store, "d").state, ==, PB_LEDGER_UNKNOWN);
    pb_store_fixture_reopen (f);
  }
}

/* Fetched all the same, it is here like any other. */
static void
test_fetched_after_all (PbStoreFixture *f, gconstpointer unused) {
  static const char *const names[] = { "b", NULL };

  note_names (f, names);
  pb_store_deliver_text (f->store, "b", "Subject: b\n\nbody\n");
  PbLedgerRow row = pb_store_match_one (f->store, "b");
  g_assert_cmpint (row.state, ==, PB_LEDGER_STORED);
  g_assert_true (row.durable);
}

/* What the server does not list is not missed: nobody promised that it would be there. */
static void
test_not_missed (PbStoreFixture *f, gconstpointer unused) {
  static const char *const names[] = { "b", "c", NULL };
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  note_names (f, names);
  pb_listing_set_uid (listing, 1, (const guint8 *) "x", 1);
  pb_mail_store_match_listing_async (f->store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done,
                                     &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GArray) rows = pb_mail_store_match_listing_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pb_mail_store_match_listing_get_missing (f->store, result), ==, 0);
}

static void
test_many (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_MANY; i++) {
    char *name = g_strdup_printf ("uid-%u", i);
    g_ptr_array_add (identities, g_bytes_new_take (name, strlen (name)));
  }
  gint64 start = g_get_monotonic_time ();
  g_assert_cmpint (note (f, PB_STORE_ACCOUNT, identities, &error), ==, N_MANY);
  g_test_message ("%u names: %.3f s", N_MANY,
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  g_assert_cmpint (pb_store_match_one (f->store, "uid-77").state, ==, PB_LEDGER_ELSEWHERE);
}

/* No file in the Maildir says so: it has to come back from the backup when the ledger is lost. */
static void
test_ledger_lost (PbStoreFixture *f, gconstpointer unused) {
  static const char *const names[] = { "b", "c", NULL };
  g_autofree char *path = g_build_filename (f->dir, "ledger.sqlite", NULL);
  g_autofree char *backup = g_build_filename (f->dir, "ledger.backup", NULL);
  g_autoptr (GError) error = NULL;

  note_names (f, names);
  pb_store_settle (f->store);
  pb_store_close (g_steal_pointer (&f->store));
  g_assert_true (g_file_test (backup, G_FILE_TEST_IS_REGULAR));
  g_file_set_contents (path, "not a database any more, whatever it was", -1, &error);
  g_assert_no_error (error);
  f->store = pb_store_open (f->dir);
  g_assert_cmpint (pb_store_match_one (f->store, "b").state, ==, PB_LEDGER_ELSEWHERE);
  g_assert_cmpint (pb_store_match_one (f->store, "d").state, ==, PB_LEDGER_UNKNOWN);
}

static void
test_no_account (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (note (f, "nobody", none, &error), ==, -1);
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                      \
  g_test_add ("/store/elsewhere/" name, PbStoreFixture, NULL, pb_store_fixture_set_up, function, \
              pb_store_fixture_tear_down)
  ADD ("noted", test_noted);
  ADD ("fetched-after-all", test_fetched_after_all);
  ADD ("not-missed", test_not_missed);
  ADD ("many", test_many);
  ADD ("ledger-lost", test_ledger_lost);
  ADD ("no-account", test_no_account);
  return g_test_run ();
}
