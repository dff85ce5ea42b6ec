/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store remembers of a server's mailbox. */

#include <string.h>

#include "pb-error.h"
#include "pb-store-fixture.h"

#define N_MANY 100000

static void
test_states (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GBytes) refused = g_bytes_new_static ("refused", 7);
  static const char *const names[] = { "new", "a-1", "refused", "a-0", "a-2", NULL };

  pb_store_deliver_many (f->store, "a", 3);
  pb_mail_store_note_refused (f->store, PB_STORE_ACCOUNT, refused, "-ERR \xff no such file",
                              2000000000);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 2));
  pb_store_move (f->store, g_array_index (ids, gint64, 1), PB_FOLDER_TRASH);
  for (guint round = 0; round < 2; round++) {
    g_autoptr (GArray) rows = pb_store_match (f->store, names);
    const PbLedgerRow *row = (const PbLedgerRow *) (gpointer) rows->data;
    g_assert_cmpint (row[0].state, ==, PB_LEDGER_UNKNOWN);
    g_assert_cmpint (row[0].first_seen > 0, ==, round > 0);
    g_assert_cmpint (row[1].state, ==, PB_LEDGER_STORED);
    g_assert_true (row[1].durable);
    g_assert_cmpint (row[1].stored, >, 1700000000);
    g_assert_cmpint (row[2].state, ==, PB_LEDGER_REFUSED);
    g_assert_cmpint (row[2].next_try, ==, 2000000000);
    g_assert_cmpint (row[3].state, ==, PB_LEDGER_STORED);
    g_assert_cmpint (row[4].state, ==, PB_LEDGER_DELETED_HERE);
    g_assert_false (row[4].durable);
    for (guint i = 0; i < rows->len; i++)
      g_assert_cmpuint (row[i].number, ==, i + 1);
    pb_store_fixture_reopen (f);
  }
}

/* Refused once, then delivered all the same. */
static void
test_refused_then_stored (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GBytes) identity = g_bytes_new_static ("x", 1);

  pb_mail_store_note_refused (f->store, PB_STORE_ACCOUNT, identity, NULL, 2000000000);
  pb_store_deliver_text (f->store, "x", "Subject: x\n\n");
  PbLedgerRow row = pb_store_match_one (f->store, "x");
  g_assert_cmpint (row.state, ==, PB_LEDGER_STORED);
  g_assert_cmpint (row.next_try, ==, 0);
  /* And what is here stays here, whatever a server says later. */
  pb_mail_store_note_refused (f->store, PB_STORE_ACCOUNT, identity, "gone", 2000000000);
  g_assert_cmpint (pb_store_match_one (f->store, "x").state, ==, PB_LEDGER_STORED);
}

static void
test_odd_listing (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_store_deliver_text (f->store, "a", "Subject: a\n\n");
  pb_listing_set_size (listing, 5, 100);
  pb_listing_set_uid (listing, 3, (const guint8 *) "a", 1);
  pb_listing_set_uid (listing, 9, (const guint8 *) "a", 1);
  pb_listing_set_uid (listing, 2, (const guint8 *) "\0\xff", 2);
  pb_mail_store_match_listing_async (f->store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done,
                                     &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GArray) rows = pb_mail_store_match_listing_finish (f->store, result, &error);
  g_assert_no_error (error);
  const PbLedgerRow *row = (const PbLedgerRow *) (gpointer) rows->data;
  g_assert_cmpuint (row[0].number, ==, 5);
  g_assert_cmpint (row[0].state, ==, PB_LEDGER_UNKNOWN);
  g_assert_true (row[1].durable && row[2].durable);
  g_assert_cmpuint (row[2].number, ==, 9);
  g_assert_cmpint (row[3].state, ==, PB_LEDGER_UNKNOWN);
}

static void
test_unknown_account (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_match_listing_async (f->store, "nobody", listing, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_mail_store_match_listing_finish (f->store, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
}

/* The same name on two servers is two messages. */
static void
test_accounts_apart (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery;

  pb_store_add_account (f->store, "another");
  pb_store_deliver_text (f->store, "a", "Subject: a\n\n");
  delivery = pb_mail_store_deliver (f->store, "another");
  g_autoptr (GBytes) identity = g_bytes_new_static ("a", 1);
  pb_delivery_begin (delivery, 1, identity, FALSE);
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 2);
}

/* A listing that is empty or halved once changes nothing; absence for a month does. */
static void
test_forgetting (PbStoreFixture *f, gconstpointer unused) {
  static const char *const all[] = { "a-0", "a-1", "seen", NULL };
  static const char *const none[] = { NULL };

  pb_store_deliver_many (f->store, "a", 2);
  g_array_unref (pb_store_match (f->store, all));
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 0));
  g_array_unref (pb_store_match (f->store, none));
  g_array_unref (pb_store_match (f->store, none));
  g_assert_cmpint (pb_store_match_one (f->store, "a-0").state, ==, PB_LEDGER_DELETED_HERE);
  /* Listed again: the month begins anew. */
  pb_store_change_ledger (f, "UPDATE entry SET absent = absent - 31 * 86400 WHERE absent > 0");
  g_array_unref (pb_store_match (f->store, all));
  g_array_unref (pb_store_match (f->store, none));
  g_assert_cmpint (pb_store_match_one (f->store, "a-0").state, ==, PB_LEDGER_DELETED_HERE);
  g_array_unref (pb_store_match (f->store, none));
  pb_store_change_ledger (f, "UPDATE entry SET absent = absent - 31 * 86400 WHERE absent > 0");
  g_array_unref (pb_store_match (f->store, none));
  g_autoptr (GArray) rows = pb_store_match (f->store, all);
  const PbLedgerRow *row = (const PbLedgerRow *) (gpointer) rows->data;
  g_assert_cmpint (row[0].state, ==, PB_LEDGER_UNKNOWN);
  g_assert_cmpint (row[1].state, ==, PB_LEDGER_STORED); /* its file is here */
  g_assert_cmpint (row[2].first_seen, ==, 0);
}

/* What had no id when it came cannot be missing from a listing. */
static void
test_nameless_is_kept (PbStoreFixture *f, gconstpointer unused) {
  static const char *const other[] = { "other", NULL };

  pb_store_deliver_text (f->store, NULL, "Subject: a\n\n");
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 0));
  for (guint i = 0; i < 3; i++) {
    g_array_unref (pb_store_match (f->store, other));
    pb_store_change_ledger (f, "UPDATE entry SET absent = absent - 31 * 86400 WHERE absent > 0");
  }
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: a\n\n"), ==, 1);
}

static void
test_removed (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  pb_store_deliver_many (f->store, "a", 2);
  g_ptr_array_add (identities, g_bytes_new_static ("a-0", 3));
  g_ptr_array_add (identities, g_bytes_new_static ("never heard of", 14));
  pb_mail_store_note_removed (f->store, PB_STORE_ACCOUNT, identities);
  g_assert_true (pb_store_match_one (f->store, "a-0").durable);
}

static PbListing *
many_listed (void) {
  PbListing *listing = pb_listing_new ();

  for (guint i = 1; i <= N_MANY; i++) {
    g_autofree char *uid = g_strdup_printf ("0000%08x5ff3a2%08x", i * 2654435761u, i);
    pb_listing_set_uid (listing, i, (const guint8 *) uid, strlen (uid));
    pb_listing_set_size (listing, i, 4000);
  }
  return listing;
}

static void
test_many (PbStoreFixture *f, gconstpointer unused) {
  static const char *const rounds[] = { "first", "second" };
  g_autoptr (PbListing) listing = many_listed ();

  pb_store_deliver_many (f->store, "a", 1);
  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++) {
    g_autoptr (GError) error = NULL;
    GAsyncResult *done = NULL;
    gint64 start = g_get_monotonic_time ();
    pb_mail_store_match_listing_async (f->store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done,
                                       &done);
    g_autoptr (GAsyncResult) result = pb_test_wait (&done);
    g_autoptr (GArray) rows = pb_mail_store_match_listing_finish (f->store, result, &error);
    g_assert_no_error (error);
    g_test_message ("%s listing of %u: %.3f s", rounds[i], N_MANY,
                    (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
    g_assert_cmpuint (rows->len, ==, N_MANY);
    for (guint at = 0; at < rows->len; at++)
      g_assert_cmpint (g_array_index (rows, PbLedgerRow, at).first_seen > 0, ==, i > 0);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/ledger/states", test_states);
  ADD ("/ledger/refused-then-stored", test_refused_then_stored);
  ADD ("/ledger/odd-listing", test_odd_listing);
  ADD ("/ledger/unknown-account", test_unknown_account);
  ADD ("/ledger/accounts-apart", test_accounts_apart);
  ADD ("/ledger/forgetting", test_forgetting);
  ADD ("/ledger/nameless-is-kept", test_nameless_is_kept);
  ADD ("/ledger/removed", test_removed);
  ADD ("/ledger/many", test_many);
  return g_test_run ();
}
