/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Heads that are kept, and what a person wants of messages on a server. */

#include "pb-server-store.h"

#include <string.h>

#include "pb-store-fixture.h"

static GPtrArray *
identities_of (const char *const *names) {
  GPtrArray *identities = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; names[i]; i++)
    g_ptr_array_add (identities, g_bytes_new (names[i], strlen (names[i])));
  return identities;
}

static PbListing *
listing_of (const char *const *names) {
  PbListing *listing = pb_listing_new ();

  for (guint i = 0; names[i]; i++) {
    if (*names[i])
      pb_listing_set_uid (listing, i + 1, (const guint8 *) names[i], strlen (names[i]));
    else
      pb_listing_set_size (listing, i + 1, 100);
  }
  return listing;
}

static GPtrArray *
load_heads (PbMailStore *store, const char *const *names) {
  g_autoptr (PbListing) listing = listing_of (names);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_heads_async (store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GPtrArray *heads = pb_mail_store_load_heads_finish (store, result, &error);
  g_assert_no_error (error);
  return heads;
}

static void
keep_heads (PbMailStore *store, const char *const *names) {
  g_autoptr (GPtrArray) identities = identities_of (names);
  g_autoptr (GPtrArray) heads = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_summary_unref);

  for (guint i = 0; names[i]; i++) {
    const PbSummary values = { .subject = names[i], .from_address = "a@example.org", .date = 1000 };
    g_ptr_array_add (heads, pb_summary_new (&values));
  }
  pb_mail_store_keep_heads (store, PB_STORE_ACCOUNT, identities, heads);
}

static void
test_heads (PbStoreFixture *fixture, gconstpointer unused) {
  static const char *const kept[] = { "a", "b", NULL };
  static const char *const listed[] = { "b", "c", "", "a", "here", NULL };

  keep_heads (fixture->store, kept);
  pb_store_deliver_text (fixture->store, "here",
                         "Subject: of a message that is here\nFrom: Li Na <li@example.org>\n\nx\n");
  pb_store_fixture_reopen (fixture);
  g_autoptr (GPtrArray) heads = load_heads (fixture->store, listed);
  g_assert_cmpuint (heads->len, ==, 5);
  g_assert_cmpstr (((PbSummary *) heads->pdata[0])->subject, ==, "b");
  g_assert_cmpint (((PbSummary *) heads->pdata[0])->date, ==, 1000);
  g_assert_null (heads->pdata[1]);
  g_assert_null (heads->pdata[2]);
  g_assert_cmpstr (((PbSummary *) heads->pdata[3])->subject, ==, "a");
  g_assert_cmpstr (((PbSummary *) heads->pdata[4])->subject, ==, "of a message that is here");
  g_assert_cmpstr (((PbSummary *) heads->pdata[4])->from_name, ==, "Li Na");
  g_assert_cmpint (((PbSummary *) heads->pdata[4])->date, ==, G_MININT64);
}

/* An account of the same name may be on another server. */
static void
test_forgotten_with_account (PbStoreFixture *fixture, gconstpointer unused) {
  static const char *const kept[] = { "a", NULL };
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  keep_heads (fixture->store, kept);
  pb_mail_store_remove_account_async (fixture->store, PB_STORE_ACCOUNT, FALSE, NULL, pb_test_done,
                                      &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_mail_store_remove_account_finish (fixture->store, result, &error));
  pb_store_add_account (fixture->store, PB_STORE_ACCOUNT);
  g_autoptr (GPtrArray) heads = load_heads (fixture->store, kept);
  g_assert_null (heads->pdata[0]);
}

static void
set_keep (PbMailStore *store, const char *name, gboolean keep) {
  const char *const names[] = { name, NULL };
  g_autoptr (GPtrArray) identities = identities_of (names);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_set_keep_async (store, PB_STORE_ACCOUNT, identities, keep, NULL, pb_test_done,
                                &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_mail_store_set_keep_finish (store, result, &error));
  g_assert_no_error (error);
}

/* The mark outlives everything that happens to the message here, and holds for all its names. */
static void
test_keep (PbStoreFixture *fixture, gconstpointer unused) {
  static const char text[] = "Message-ID: <1@example.org>\nSubject: kept\n\nx\n";

  g_assert_false (pb_store_match_one (fixture->store, "one").keep);
  set_keep (fixture->store, "one", TRUE);
  set_keep (fixture->store, "never listed", TRUE);
  g_assert_true (pb_store_match_one (fixture->store, "one").keep);
  g_assert_false (pb_store_match_one (fixture->store, "two").keep);
  g_assert_false (pb_store_match_one (fixture->store, "never listed").keep);

  pb_store_deliver_text (fixture->store, "one", text);
  pb_store_fixture_reopen (fixture);
  g_assert_true (pb_store_match_one (fixture->store, "one").keep);
  g_assert_cmpuint (pb_store_deliver_text (fixture->store, "another name", text), ==, 1);
  g_assert_true (pb_store_match_one (fixture->store, "another name").keep);

  set_keep (fixture->store, "another name", FALSE);
  g_assert_false (pb_store_match_one (fixture->store, "one").keep);
  g_assert_false (pb_store_match_one (fixture->store, "another name").keep);
  set_keep (fixture->store, "one", TRUE);
  g_assert_true (pb_store_match_one (fixture->store, "another name").keep);
}

static void
forget_deleted (PbMailStore *store, const char *const *names) {
  g_autoptr (GPtrArray) identities = identities_of (names);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_forget_deleted_async (store, PB_STORE_ACCOUNT, identities, NULL, pb_test_done,
                                      &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_mail_store_forget_deleted_finish (store, result, &error));
  g_assert_no_error (error);
}

static void
test_forget_deleted (PbStoreFixture *fixture, gconstpointer unused) {
  static const char *const all[] = { "other name", "here", "unknown", NULL };
  static const char text[] = "Message-ID: <2@example.org>\nSubject: gone\n\nx\n";

  pb_store_deliver_text (fixture->store, "gone", text);
  g_autoptr (GArray) ids = pb_store_list (fixture->store, PB_FOLDER_INBOX);
  pb_store_delete (fixture->store, g_array_index (ids, gint64, 0));
  pb_store_deliver_text (fixture->store, "here", "Message-ID: <3@example.org>\n\nx\n");
  g_assert_cmpint (pb_store_match_one (fixture->store, "gone").state, ==, PB_LEDGER_DELETED_HERE);
  g_assert_cmpuint (pb_store_deliver_text (fixture->store, "other name", text), ==, 1);

  forget_deleted (fixture->store, all);
  g_assert_cmpint (pb_store_match_one (fixture->store, "gone").state, ==, PB_LEDGER_UNKNOWN);
  g_assert_true (pb_store_match_one (fixture->store, "here").durable);
  g_assert_cmpuint (pb_store_deliver_text (fixture->store, "other name", text), ==, 0);
  g_assert_true (pb_store_match_one (fixture->store, "other name").durable);
  g_assert_cmpuint (pb_store_count (fixture->store, PB_FOLDER_INBOX), ==, 2);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                   \
  g_test_add ("/server-store/" path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, \
              pb_store_fixture_tear_down)
  ADD ("heads", test_heads);
  ADD ("heads-forgotten-with-account", test_forgotten_with_account);
  ADD ("keep", test_keep);
  ADD ("forget-deleted", test_forget_deleted);
#undef ADD
  return g_test_run ();
}
