/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message under several names: by its fingerprint, by its content, and what of it lasts. */

#include <stdio.h>
#include <string.h>

#include "pb-fingerprint.h"
#include "pb-store-fixture.h"

#define N_MANY 100000

static char *
make_text (guint index) {
  return g_strdup_printf ("Message-ID: <%u@example.org>\nSubject: s-%u\n\nbody %u\n", index, index,
                          index);
}

static GBytes *
print_of (const char *text) {
  g_autoptr (PbFingerprint) print = pb_fingerprint_new ();

  pb_fingerprint_feed (print, (const guint8 *) text, strlen (text));
  return pb_fingerprint_finish (print, NULL);
}

static guint
deliver (PbStoreFixture *f, const char *name, guint index) {
  g_autofree char *text = make_text (index);

  return pb_store_deliver_text (f->store, name, text);
}

/* @names: of the messages 0, 1, 2 …; they are what the last listing had. */
static GArray *
adopt (PbStoreFixture *f, const char *const *names) {
  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) prints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  for (guint i = 0; names[i]; i++) {
    g_autofree char *text = make_text (i);
    g_ptr_array_add (identities, g_bytes_new (names[i], strlen (names[i])));
    g_ptr_array_add (prints, print_of (text));
  }
  pb_mail_store_adopt_async (f->store, PB_STORE_ACCOUNT, identities, prints, NULL, pb_test_done,
                             &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *rows = pb_mail_store_adopt_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, identities->len);
  return rows;
}

/* The same with one message. */
static PbLedgerRow
adopt_first (PbStoreFixture *f, const char *name) {
  const char *const names[] = { name, NULL };

  g_array_unref (pb_store_match (f->store, names));
  g_autoptr (GArray) rows = adopt (f, names);
  return g_array_index (rows, PbLedgerRow, 0);
}

/* ---- By fingerprint ---- */

static void
test_adopt (PbStoreFixture *f, gconstpointer unused) {
  static const char *const names[] = { "new-0", "new-1", "new-2", "new-3", NULL };

  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf ("old-%u", i);
    deliver (f, name, i);
  }
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 1));
  g_autoptr (GArray) before = pb_store_match (f->store, names);
  for (guint i = 0; i < before->len; i++)
    g_assert_cmpint (g_array_index (before, PbLedgerRow, i).state, ==, PB_LEDGER_UNKNOWN);
  g_autoptr (GArray) adopted = adopt (f, names);
  for (guint round = 0; round < 3; round++) {
    g_autoptr (GArray) again = pb_store_match (f->store, names);
    GArray *seen = round == 0 ? adopted : again;
    const PbLedgerRow *row = (const PbLedgerRow *) (gpointer) seen->data;
    g_assert_cmpint (row[0].state, ==, PB_LEDGER_STORED);
    g_assert_true (row[0].durable);
    g_assert_cmpint (row[0].stored, >, 1700000000);
    g_assert_cmpint (row[1].state, ==, PB_LEDGER_DELETED_HERE);
    g_assert_false (row[1].durable);
    g_assert_true (row[2].durable);
    g_assert_cmpint (row[3].state, ==, PB_LEDGER_UNKNOWN);
    pb_store_fixture_reopen (f);
  }
}

/* A name of a message lasts as long as its file: deleted under one, deleted under all. */
static void
test_file_decides (PbStoreFixture *f, gconstpointer unused) {
  deliver (f, "old", 0);
  g_assert_true (adopt_first (f, "new").durable);
  g_assert_true (adopt_first (f, "newer").durable);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 id = g_array_index (ids, gint64, 0);
  pb_store_move (f->store, id, PB_FOLDER_TRASH);
  g_assert_true (pb_store_match_one (f->store, "new").durable);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = pb_store_load (f->store, id, &path);
  pb_store_delete (f->store, id);
  g_assert_cmpint (pb_store_match_one (f->store, "new").state, ==, PB_LEDGER_DELETED_HERE);
  g_assert_cmpint (pb_store_match_one (f->store, "newer").state, ==, PB_LEDGER_DELETED_HERE);
}

/* Lost without having been deleted: nothing proves that it is here. */
static void
test_file_lost (PbStoreFixture *f, gconstpointer unused) {
  deliver (f, "old", 0);
  g_assert_true (adopt_first (f, "new").durable);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = pb_store_load (f->store, g_array_index (ids, gint64, 0), &path);
  g_assert_cmpint (remove (path), ==, 0);
  g_assert_false (pb_store_match_one (f->store, "new").durable);
  g_assert_cmpint (adopt_first (f, "newer").state, ==, PB_LEDGER_UNKNOWN);
  g_assert_cmpuint (deliver (f, "new", 0), ==, 0);
  g_assert_true (pb_store_match_one (f->store, "new").durable);
}

static void
test_doubt (PbStoreFixture *f, gconstpointer unused) {
  static const char *const both[] = { "old", "new", NULL };
  g_autofree char *text = make_text (0);
  g_autofree char *other = g_strconcat (text, "more\n", NULL);

  /* Listed beside its old name it is another message. */
  deliver (f, "old", 0);
  g_array_unref (pb_store_match (f->store, both));
  g_autoptr (GArray) rows = adopt (f, (const char *[]){ "new", NULL });
  g_assert_cmpint (g_array_index (rows, PbLedgerRow, 0).state, ==, PB_LEDGER_UNKNOWN);
  /* Two messages here have that header. */
  pb_store_deliver_text (f->store, "other", other);
  g_assert_cmpint (adopt_first (f, "third").state, ==, PB_LEDGER_UNKNOWN);
}

static void
test_twice_asked (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) prints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *text = make_text (0);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  deliver (f, "old", 0);
  g_array_unref (pb_store_match (f->store, (const char *[]){ "a", "b", "c", NULL }));
  for (guint i = 0; i < 3; i++) {
    g_ptr_array_add (identities, g_bytes_new ("abc" + i, 1));
    g_ptr_array_add (prints, i < 2 ? print_of (text) : NULL);
  }
  pb_mail_store_adopt_async (f->store, PB_STORE_ACCOUNT, identities, prints, NULL, pb_test_done,
                             &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GArray) rows = pb_mail_store_adopt_finish (f->store, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (g_array_index (rows, PbLedgerRow, i).state, ==, PB_LEDGER_UNKNOWN);
}

/* ---- By content ---- */

static void
test_content (PbStoreFixture *f, gconstpointer unused) {
  g_assert_cmpuint (deliver (f, NULL, 0), ==, 0);
  g_assert_cmpuint (deliver (f, "one", 0), ==, 1);
  g_assert_cmpuint (deliver (f, "two", 0), ==, 1);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
  pb_store_fixture_reopen (f);
  g_assert_true (pb_store_match_one (f->store, "one").durable);
  g_assert_true (pb_store_match_one (f->store, "two").durable);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 0));
  g_assert_cmpuint (deliver (f, "three", 0), ==, 1);
  g_assert_cmpuint (deliver (f, NULL, 0), ==, 1);
  g_assert_cmpint (pb_store_match_one (f->store, "three").state, ==, PB_LEDGER_DELETED_HERE);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 0);
}

/* Without a date or an id of its own, what is listed beside is another one; what was deleted may
 * come again as a new one. */
static void
test_content_without_id (PbStoreFixture *f, gconstpointer unused) {
  static const char *const text = "Subject: the daily report\n\nall is well\n";
  static const char *const names[] = { "one", "two", NULL };

  g_assert_cmpuint (pb_store_deliver_text (f->store, "one", text), ==, 0);
  g_array_unref (pb_store_match (f->store, names));
  g_assert_cmpuint (pb_store_deliver_text (f->store, "two", text), ==, 0);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 2);
  g_array_unref (pb_store_match (f->store, (const char *[]){ "three", NULL }));
  g_assert_cmpuint (pb_store_deliver_text (f->store, "three", text), ==, 1);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 0));
  pb_store_delete (f->store, g_array_index (ids, gint64, 1));
  g_assert_cmpuint (pb_store_deliver_text (f->store, "four", text), ==, 0);
}

/* A fingerprint that is not that of the message is no name. */
static void
test_wrong_fingerprint (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *text = make_text (0);
  g_autofree char *other = make_text (1);
  g_autoptr (GBytes) print = print_of (other);
  g_autoptr (GBytes) identity = pb_fingerprint_to_identity (print);
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_delivery_begin (delivery, 1, identity, FALSE);
  pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
  gsize size;
  const guint8 *data = g_bytes_get_data (identity, &size);
  pb_listing_set_uid (listing, 1, data, size);
  pb_mail_store_match_listing_async (f->store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done,
                                     &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GArray) rows = pb_mail_store_match_listing_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_array_index (rows, PbLedgerRow, 0).state, ==, PB_LEDGER_UNKNOWN);
  g_assert_cmpuint (deliver (f, NULL, 0), ==, 1);
}

/* ---- Old ledgers ---- */

static void
test_filled_later (PbStoreFixture *f, gconstpointer unused) {
  deliver (f, "old", 0);
  deliver (f, "older", 1);
  pb_store_change_ledger (f, "UPDATE entry SET fingerprint = NULL");
  pb_store_settle (f->store);
  g_assert_true (adopt_first (f, "new").durable);
}

static void
test_rebuilt (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *path = g_build_filename (f->dir, "ledger.sqlite", NULL);

  deliver (f, "old", 0);
  pb_store_close (g_steal_pointer (&f->store));
  g_assert_cmpint (remove (path), ==, 0);
  f->store = pb_store_open (f->dir);
  pb_store_settle (f->store);
  g_assert_true (adopt_first (f, "new").durable);
  g_assert_true (pb_store_match_one (f->store, "old").durable);
}

/* A ledger as the first version left it. */
static void
test_migrated (PbStoreFixture *f, gconstpointer unused) {
  static const char *const old =
    "CREATE TABLE first (account INTEGER NOT NULL, digest BLOB NOT NULL, state INTEGER NOT NULL,"
    "  first_seen INTEGER NOT NULL, stored INTEGER NOT NULL DEFAULT 0,"
    "  next_try INTEGER NOT NULL DEFAULT 0, absent INTEGER NOT NULL DEFAULT 0, uidl BLOB,"
    "  content BLOB, reason TEXT, PRIMARY KEY (account, digest)) WITHOUT ROWID;"
    "INSERT INTO first SELECT account, digest, state, first_seen, stored, next_try, absent, uidl,"
    "  content, reason FROM entry;"
    "DROP TABLE entry; ALTER TABLE first RENAME TO entry; PRAGMA user_version = 1";

  deliver (f, "old", 0);
  pb_store_change_ledger (f, old);
  pb_store_settle (f->store);
  g_assert_true (pb_store_match_one (f->store, "old").durable);
  g_assert_true (adopt_first (f, "new").durable);
  g_assert_cmpuint (deliver (f, "third", 0), ==, 1);
}

/* ---- Many ---- */

static void
test_missing (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  static const guint expected[] = { 4, 3, 0 };

  pb_store_deliver_many (f->store, "a", 5);
  pb_listing_set_uid (listing, 1, (const guint8 *) "a-0", 3);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr (GError) error = NULL;
    GAsyncResult *done = NULL;
    pb_mail_store_match_listing_async (f->store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done,
                                       &done);
    g_autoptr (GAsyncResult) result = pb_test_wait (&done);
    g_autoptr (GArray) rows = pb_mail_store_match_listing_finish (f->store, result, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (pb_mail_store_match_listing_get_missing (f->store, result), ==, expected[i]);
    g_clear_object (&result);
    if (i == 0) {
      g_ptr_array_add (gone, g_bytes_new_static ("a-1", 3));
      pb_mail_store_note_removed (f->store, PB_STORE_ACCOUNT, gone);
    } else
      pb_store_change_ledger (f, "UPDATE entry SET absent = absent - 8 * 86400 WHERE absent > 0");
  }
}

/* A ledger with many known messages stays quick. */
static void
test_many_known (PbStoreFixture *f, gconstpointer unused) {
  static const char *const fill =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    "  INSERT INTO entry (account, digest, state, first_seen, stored, uidl, content, fingerprint)"
    "  SELECT 1, randomblob (16), 1, 1, 1, randomblob (20), randomblob (32), randomblob (32)"
    "  FROM n";
  static const char *const names[] = { "new", NULL };

  deliver (f, "old", 0);
  pb_store_change_ledger (f, fill);
  pb_store_settle (f->store);
  for (guint i = 0; i < 2; i++) {
    gint64 start = g_get_monotonic_time ();
    g_array_unref (pb_store_match (f->store, names));
    double matched = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    g_autoptr (GArray) rows = adopt (f, names);
    g_assert_cmpint (g_array_index (rows, PbLedgerRow, 0).state, ==,
                     i == 0 ? PB_LEDGER_STORED : PB_LEDGER_UNKNOWN);
    g_test_message ("%u known: matched in %.3f s, adopted after %.3f s", N_MANY, matched,
                    (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  }
  gint64 start = g_get_monotonic_time ();
  g_assert_cmpuint (deliver (f, "again", 0), ==, 1);
  g_test_message ("a duplicate in %.3f s",
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/adoption/adopt", test_adopt);
  ADD ("/adoption/file-decides", test_file_decides);
  ADD ("/adoption/file-lost", test_file_lost);
  ADD ("/adoption/doubt", test_doubt);
  ADD ("/adoption/twice-asked", test_twice_asked);
  ADD ("/adoption/content", test_content);
  ADD ("/adoption/content-without-id", test_content_without_id);
  ADD ("/adoption/wrong-fingerprint", test_wrong_fingerprint);
  ADD ("/adoption/filled-later", test_filled_later);
  ADD ("/adoption/rebuilt", test_rebuilt);
  ADD ("/adoption/migrated", test_migrated);
  ADD ("/adoption/missing", test_missing);
  ADD ("/adoption/many-known", test_many_known);
  return g_test_run ();
}
