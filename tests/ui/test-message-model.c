/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The list model against a real store: order, paging, what it tells when the store changes, and
 * that many messages cost as little as few. */

#include <malloc.h>

#include "pb-message-model.h"
#include "pb-store-fixture.h"

typedef struct {
  PbStoreFixture store;
  PbAccount *account;
  PbPlace *inbox;
  PbMessageModel *model;
  GString *changes; /* "position-removed+added " per signal */
} Fixture;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Fixture *fixture) {
  g_string_append_printf (fixture->changes, "%u-%u+%u ", position, removed, added);
}

static void
set_up (Fixture *fixture, gconstpointer unused) {
  pb_store_fixture_set_up (&fixture->store, NULL);
  fixture->account = pb_account_new (PB_STORE_ACCOUNT);
  PbFolder *inbox =
    pb_mail_store_find_folder (fixture->store.store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  fixture->inbox = pb_place_new_folder (inbox, fixture->account);
  fixture->model = pb_message_model_new (fixture->store.store);
  fixture->changes = g_string_new (NULL);
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static gboolean
is_gone (gpointer pointer) {
  return *(gpointer *) pointer == NULL;
}

/* Reads that are under way keep the model a little longer; nothing else does. */
static void
tear_down (Fixture *fixture, gconstpointer unused) {
  gpointer model = fixture->model;

  g_object_add_weak_pointer (G_OBJECT (model), &model);
  g_object_unref (model);
  pb_test_until (is_gone, &model);
  g_assert_finalize_object (fixture->inbox);
  g_assert_finalize_object (fixture->account);
  g_string_free (fixture->changes, TRUE);
  pb_store_fixture_tear_down (&fixture->store, NULL);
}

static gboolean
is_loaded (gpointer model) {
  return !pb_message_model_get_loading (model);
}

static void
show_inbox (Fixture *fixture) {
  pb_message_model_set_place (fixture->model, fixture->inbox);
  pb_test_until (is_loaded, fixture->model);
}

static guint
count (Fixture *fixture) {
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static PbMessageItem *
item_at (Fixture *fixture, guint position) {
  return g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
}

static gboolean
has_row (gpointer item) {
  return pb_message_item_get_row (item) != NULL;
}

/* The subject at @position, once it was read. */
static char *
subject_at (Fixture *fixture, guint position) {
  g_autoptr (PbMessageItem) item = item_at (fixture, position);

  pb_test_until (has_row, item);
  return g_strdup (pb_message_item_get_row (item)->summary->subject);
}

typedef struct {
  Fixture *fixture;
  guint count;
} Wanted;

static gboolean
has_count (gpointer data) {
  Wanted *wanted = data;

  return count (wanted->fixture) == wanted->count;
}

static void
wait_for_count (Fixture *fixture, guint wanted) {
  Wanted data = { fixture, wanted };

  pb_test_until (has_count, &data);
}

static void
test_empty (Fixture *fixture, gconstpointer unused) {
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_null (item_at (fixture, 0));
  show_inbox (fixture);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_cmpstr (fixture->changes->str, ==, "");
}

static void
test_order (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "letter", 5);
  show_inbox (fixture);
  g_assert_cmpuint (count (fixture), ==, 5);
  g_assert_cmpstr (fixture->changes->str, ==, "0-0+5 ");

  g_autoptr (GArray) ids =
    pb_store_query (fixture->store.store, pb_place_get_query (fixture->inbox));
  for (guint i = 0; i < 5; i++) {
    g_autoptr (PbMessageItem) item = item_at (fixture, i);
    guint position;
    g_assert_cmpint (pb_message_item_get_id (item), ==, g_array_index (ids, gint64, i));
    g_assert_true (
      pb_message_model_find (fixture->model, pb_message_item_get_id (item), &position));
    g_assert_cmpuint (position, ==, i);
  }
  g_autofree char *newest = subject_at (fixture, 0);
  g_assert_cmpstr (newest, ==, "letter-4");
}

/* Pages are read as they are looked at; an item is one object as long as somebody holds it. */
static void
test_paging (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "letter", 1300);
  show_inbox (fixture);

  g_autoptr (PbMessageItem) first = item_at (fixture, 0);
  g_autoptr (PbMessageItem) again = item_at (fixture, 0);
  g_assert_true (first == again);
  g_assert_null (pb_message_item_get_row (first));
  pb_test_until (has_row, first);

  /* Of the same page: there at once. */
  g_autoptr (PbMessageItem) same_page = item_at (fixture, 499);
  g_assert_nonnull (pb_message_item_get_row (same_page));
  g_autoptr (PbMessageItem) far = item_at (fixture, 1299);
  g_assert_null (pb_message_item_get_row (far));
  pb_test_until (has_row, far);
  g_assert_cmpint (pb_message_item_get_row (far)->id, ==, pb_message_item_get_id (far));
}

static void
test_new_mail_enters_above (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "old", 3);
  show_inbox (fixture);
  g_autoptr (PbMessageItem) top = item_at (fixture, 0);
  g_string_truncate (fixture->changes, 0);

  pb_store_deliver_text (fixture->store.store, "new", "Subject: new\n\nHere.\n");
  wait_for_count (fixture, 4);
  g_assert_cmpstr (fixture->changes->str, ==, "0-0+1 ");
  g_autoptr (PbMessageItem) second = item_at (fixture, 1);
  g_assert_true (top == second);
  g_autofree char *newest = subject_at (fixture, 0);
  g_assert_cmpstr (newest, ==, "new");
}

static void
test_move_away_and_back (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "letter", 5);
  show_inbox (fixture);
  g_autoptr (PbMessageItem) third = item_at (fixture, 2);
  gint64 id = pb_message_item_get_id (third);
  guint position;
  g_string_truncate (fixture->changes, 0);

  pb_store_move (fixture->store.store, id, PB_FOLDER_TRASH);
  wait_for_count (fixture, 4);
  g_assert_cmpstr (fixture->changes->str, ==, "2-1+0 ");
  g_assert_false (pb_message_model_find (fixture->model, id, &position));

  pb_store_move (fixture->store.store, id, PB_FOLDER_INBOX);
  wait_for_count (fixture, 5);
  g_assert_cmpstr (fixture->changes->str, ==, "2-1+0 2-0+1 ");
}

static gboolean
is_starred (gpointer item) {
  return pb_message_item_has_flag (item, PB_FLAG_STARRED);
}

static void
test_flags (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "letter", 3);
  show_inbox (fixture);
  g_autoptr (PbMessageItem) item = item_at (fixture, 1);
  pb_test_until (has_row, item);
  g_assert_false (is_starred (item));
  g_string_truncate (fixture->changes, 0);

  pb_store_set_flags (fixture->store.store, pb_message_item_get_id (item), PB_FLAG_STARRED, 0);
  pb_test_until (is_starred, item);
  g_assert_cmpstr (fixture->changes->str, ==, "");
}

static void
test_other_place (Fixture *fixture, gconstpointer unused) {
  g_autoptr (PbPlace) starred =
    pb_place_new_starred (pb_mail_store_get_folders (fixture->store.store));

  pb_store_deliver_many (fixture->store.store, "letter", 4);
  show_inbox (fixture);
  g_autoptr (PbMessageItem) item = item_at (fixture, 1);
  pb_store_set_flags (fixture->store.store, pb_message_item_get_id (item), PB_FLAG_STARRED, 0);

  pb_message_model_set_place (fixture->model, starred);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_true (pb_message_model_get_loading (fixture->model));
  pb_test_until (is_loaded, fixture->model);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_autoptr (PbMessageItem) there = item_at (fixture, 0);
  g_assert_true (there == item);

  /* A mark that goes takes the message off this list. */
  pb_store_set_flags (fixture->store.store, pb_message_item_get_id (item), 0, PB_FLAG_STARRED);
  wait_for_count (fixture, 0);
}

/* What was asked for one place never shows up in another. */
static void
test_quick_change (Fixture *fixture, gconstpointer unused) {
  PbFolder *trash =
    pb_mail_store_find_folder (fixture->store.store, PB_STORE_ACCOUNT, PB_FOLDER_TRASH);
  g_autoptr (PbPlace) empty = pb_place_new_folder (trash, fixture->account);

  pb_store_deliver_many (fixture->store.store, "letter", 4);
  pb_message_model_set_place (fixture->model, fixture->inbox);
  pb_message_model_set_place (fixture->model, empty);
  pb_test_until (is_loaded, fixture->model);
  pb_store_settle (fixture->store.store);
  pb_test_pass_time (50);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_cmpstr (fixture->changes->str, ==, "");
}

static gssize
find_unread (Fixture *fixture, guint after) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_message_model_find_unread_async (fixture->model, after, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gssize position = pb_message_model_find_unread_finish (fixture->model, result, &error);
  g_assert_no_error (error);
  return position;
}

static void
mark_read (Fixture *fixture, guint position) {
  g_autoptr (PbMessageItem) item = item_at (fixture, position);

  pb_store_set_flags (fixture->store.store, pb_message_item_get_id (item), PB_FLAG_READ, 0);
}

static void
test_next_unread (Fixture *fixture, gconstpointer unused) {
  g_assert_cmpint (find_unread (fixture, G_MAXUINT), ==, -1);
  pb_store_deliver_many (fixture->store.store, "letter", 4);
  show_inbox (fixture);
  mark_read (fixture, 0);
  mark_read (fixture, 2);

  g_assert_cmpint (find_unread (fixture, G_MAXUINT), ==, 1);
  g_assert_cmpint (find_unread (fixture, 1), ==, 3);
  g_assert_cmpint (find_unread (fixture, 3), ==, 1);
  mark_read (fixture, 1);
  mark_read (fixture, 3);
  g_assert_cmpint (find_unread (fixture, 0), ==, -1);
}

/* Sixteen bytes for a message that nobody looks at (eight, and the room an array grows by), and
 * no object. */
static void
test_many_are_cheap (Fixture *fixture, gconstpointer unused) {
  const guint many = g_test_slow () ? 100000 : 4000;

  pb_store_deliver_many (fixture->store.store, "letter", many);
  g_autoptr (GArray) warm = pb_store_list (fixture->store.store, PB_FOLDER_INBOX);
  g_clear_pointer (&warm, g_array_unref);
  /* Nothing else is done meanwhile. */
  GAsyncResult *done = NULL;
  pb_mail_store_index_text_async (fixture->store.store, NULL, pb_test_done, &done);
  g_object_unref (pb_test_wait (&done));
  pb_store_settle (fixture->store.store);
  gsize before = mallinfo2 ().uordblks;
  gint64 start = g_get_monotonic_time ();

  show_inbox (fixture);
  g_test_message ("%u ids in %.1f ms", many, (double) (g_get_monotonic_time () - start) / 1000);
  g_test_message ("%.1f bytes each", (double) (mallinfo2 ().uordblks - before) / many);
  g_assert_cmpuint (count (fixture), ==, many);
  g_assert_cmpuint (mallinfo2 ().uordblks - before, <, many * 24);

  g_autofree char *last = subject_at (fixture, many - 1);
  g_assert_cmpstr (last, ==, "letter-0");
  for (guint i = 0; i < many; i += 100) {
    g_autofree char *subject = subject_at (fixture, i);
    g_autofree char *wanted = g_strdup_printf ("letter-%u", many - 1 - i);
    g_assert_cmpstr (subject, ==, wanted);
  }
}

#define ADD(name, function) \
  g_test_add ("/message-model/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  ADD ("empty", test_empty);
  ADD ("order", test_order);
  ADD ("paging", test_paging);
  ADD ("new-mail-enters-above", test_new_mail_enters_above);
  ADD ("move-away-and-back", test_move_away_and_back);
  ADD ("flags", test_flags);
  ADD ("other-place", test_other_place);
  ADD ("quick-change", test_quick_change);
  ADD ("next-unread", test_next_unread);
  ADD ("many-are-cheap", test_many_are_cheap);
  return g_test_run ();
}
