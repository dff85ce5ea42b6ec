/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The list by conversation against a real store: one row for what belongs together, what it says of
 * all of it, what actions reach, and that many messages stay cheap. */

#include <malloc.h>

#include "pb-conversation.h"
#include "pb-mail-actions.h"
#include "pb-message-list-row.h"
#include "pb-message-model.h"
#include "pb-store-fixture.h"

typedef struct {
  PbStoreFixture store;
  PbAccount *account;
  PbPlace *inbox;
  PbMessageModel *model;
} Fixture;

static gboolean
is_settled (gpointer model) {
  return !pb_message_model_get_loading (model) && !pb_message_model_get_updating (model);
}

static void
set_up (Fixture *f, gconstpointer unused) {
  pb_store_fixture_set_up (&f->store, NULL);
  f->account = pb_account_new (PB_STORE_ACCOUNT);
  PbFolder *inbox = pb_mail_store_find_folder (f->store.store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  f->inbox = pb_place_new_folder (inbox, f->account);
  f->model = pb_message_model_new (f->store.store);
  pb_message_model_set_grouped (f->model, TRUE);
  pb_message_model_set_place (f->model, f->inbox);
  pb_test_until (is_settled, f->model);
}

static gboolean
is_gone (gpointer pointer) {
  return *(gpointer *) pointer == NULL;
}

static void
tear_down (Fixture *f, gconstpointer unused) {
  gpointer model = f->model;

  g_object_add_weak_pointer (G_OBJECT (model), &model);
  g_object_unref (model);
  pb_test_until (is_gone, &model);
  g_assert_finalize_object (f->inbox);
  g_assert_finalize_object (f->account);
  pb_store_fixture_tear_down (&f->store, NULL);
}

/* A letter of the conversation that began with @parent, which may be @id itself. */
static void
deliver (Fixture *f, const char *id, const char *from, const char *parent, int day) {
  g_autofree char *text =
    g_strdup_printf ("From: %s <%s@example.org>\nTo: robin@example.org\nSubject: %s\n"
                     "Message-ID: <%s@example.org>\nReferences: <%s@example.org>\n"
                     "Date: %02d May 2020 10:00:00 +0000\n\nText of %s\n",
                     from, id, id, id, parent, day, id);

  pb_store_deliver_text (f->store.store, id, text);
}

/* Two letters alone, and a conversation of three between them. */
static void
deliver_five (Fixture *f) {
  deliver (f, "alone", "Wei Chen", "alone", 1);
  deliver (f, "hills", "Mina Sand", "hills", 2);
  deliver (f, "coffee", "Jonas Berg", "hills", 3);
  deliver (f, "train", "Mina Sand", "coffee", 4);
  deliver (f, "other", "Li Na", "other", 5);
}

typedef struct {
  Fixture *fixture;
  guint rows;
  guint messages;
} Wanted;

static gboolean
has_counts (gpointer data) {
  Wanted *wanted = data;
  PbMessageModel *model = wanted->fixture->model;

  return g_list_model_get_n_items (G_LIST_MODEL (model)) == wanted->rows &&
         pb_message_model_get_n_messages (model) == wanted->messages && is_settled (model);
}

static void
wait_for (Fixture *f, guint rows, guint messages) {
  Wanted wanted = { f, rows, messages };

  pb_test_until (has_counts, &wanted);
}

static gboolean
has_rows (gpointer item) {
  guint count;

  return pb_message_item_get_row (item) &&
         (!pb_message_item_get_conversation (item, &count) || pb_message_item_get_rows (item));
}

static PbMessageItem *
read_item (Fixture *f, guint position) {
  PbMessageItem *item = g_list_model_get_item (G_LIST_MODEL (f->model), position);

  pb_test_until (has_rows, item);
  return item;
}

static GArray *
ids_at (Fixture *f, guint position) {
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  pb_message_model_append_ids (f->model, position, ids);
  return ids;
}

static void
assert_subjects (Fixture *f, guint position, const char *subjects) {
  g_autoptr (GArray) ids = ids_at (f, position);
  g_autofree char *text = pb_store_subjects (f->store.store, ids);

  g_assert_cmpstr (text, ==, subjects);
}

static void
test_rows (Fixture *f, gconstpointer unused) {
  deliver_five (f);
  wait_for (f, 3, 5);
  assert_subjects (f, 0, "other");
  assert_subjects (f, 1, "train coffee hills");
  assert_subjects (f, 2, "alone");

  g_autoptr (GArray) ids = ids_at (f, 1);
  for (guint i = 0; i < ids->len; i++) {
    guint position = 99;
    g_assert_true (pb_message_model_find (f->model, g_array_index (ids, gint64, i), &position));
    g_assert_cmpuint (position, ==, 1);
  }
  pb_message_model_set_grouped (f->model, FALSE);
  wait_for (f, 5, 5);
  assert_subjects (f, 1, "train");
}

static void
test_summary (Fixture *f, gconstpointer unused) {
  deliver_five (f);
  wait_for (f, 3, 5);
  g_autoptr (PbMessageItem) item = read_item (f, 1);
  g_autoptr (GArray) ids = ids_at (f, 1);
  g_auto (PbConversationSummary) sum = { 0 };

  pb_conversation_summary_init (&sum, item);
  g_assert_cmpuint (sum.count, ==, 3);
  g_assert_cmpstr (sum.people, ==, "Mina, Jonas");
  g_assert_true (sum.unread);
  g_assert_false (sum.starred);
  g_autofree char *sentence =
    pb_message_list_row_describe (pb_message_item_get_row (item), &sum, 1700000000);
  g_assert_cmpstr (sentence, ==,
                   "Unread, Mina, Jonas: train, 2020-05-04, conversation of 3 messages");
  g_assert_cmpint (pb_conversation_rows_pick (item), ==, g_array_index (ids, gint64, 2));

  g_autoptr (PbMessageItem) alone = read_item (f, 2);
  g_auto (PbConversationSummary) one = { 0 };
  pb_conversation_summary_init (&one, alone);
  g_assert_cmpuint (one.count, ==, 1);
  g_assert_cmpstr (one.people, ==, "Wei Chen");
  g_assert_cmpint (pb_conversation_rows_pick (alone), ==, pb_message_item_get_id (alone));
}

static gboolean
is_starred_and_read (gpointer item) {
  g_auto (PbConversationSummary) sum = { 0 };

  pb_conversation_summary_init (&sum, item);
  return sum.starred && !sum.unread;
}

/* What is done to the row reaches all messages, and the row says so; the others are left alone. */
static void
test_actions (Fixture *f, gconstpointer unused) {
  g_autoptr (PbMailActions) actions = pb_mail_actions_new (f->store.store);

  deliver_five (f);
  wait_for (f, 3, 5);
  g_autoptr (PbMessageItem) item = read_item (f, 1);
  g_autoptr (GArray) ids = ids_at (f, 1);
  const gint64 *all = (const gint64 *) (gpointer) ids->data;
  g_assert_false (is_starred_and_read (item));
  pb_mail_actions_set_flags (actions, all + 2, 1, PB_FLAG_STARRED, 0);
  pb_mail_actions_set_flags (actions, all, ids->len, PB_FLAG_READ, 0);
  pb_test_until (is_starred_and_read, item);
  g_assert_true (pb_conversation_rows_have (item, PB_FLAG_STARRED));
  g_assert_cmpint (pb_conversation_rows_pick (item), ==, all[0]);

  pb_mail_actions_move (actions, all, ids->len, PB_FOLDER_TRASH);
  wait_for (f, 2, 2);
  g_assert_cmpuint (pb_store_count (f->store.store, PB_FOLDER_TRASH), ==, 3);
  pb_mail_actions_undo (actions);
  wait_for (f, 3, 5);
  assert_subjects (f, 1, "train coffee hills");
}

/* A reply brings its conversation to the top; the row is found by any of the messages. */
static void
test_new_reply (Fixture *f, gconstpointer unused) {
  guint position;

  deliver_five (f);
  wait_for (f, 3, 5);
  g_autoptr (GArray) before = ids_at (f, 1);
  deliver (f, "bread", "Amira Noor", "train", 6);
  wait_for (f, 3, 6);
  assert_subjects (f, 0, "bread train coffee hills");
  g_assert_true (pb_message_model_find (f->model, g_array_index (before, gint64, 0), &position));
  g_assert_cmpuint (position, ==, 0);
}

typedef struct {
  PbConversation *conversation;
  guint count;
} Length;

static gboolean
has_length (gpointer data) {
  Length *length = data;

  return g_list_model_get_n_items (pb_conversation_get_messages (length->conversation)) ==
         length->count;
}

/* What lies in the archive belongs to it, what lies in the trash does not. */
static void
test_other_folders (Fixture *f, gconstpointer unused) {
  deliver_five (f);
  wait_for (f, 3, 5);
  g_autoptr (GArray) ids = ids_at (f, 1);
  pb_store_move (f->store.store, g_array_index (ids, gint64, 2), PB_FOLDER_ARCHIVE);
  wait_for (f, 3, 4);
  g_autoptr (PbMessageItem) item = read_item (f, 1);
  PbConversation *conversation = pb_conversation_new (f->store.store, item);
  Length length = { conversation, 3 };

  pb_test_until (has_length, &length);
  g_assert_true (pb_conversation_matches (conversation, item));
  g_assert_true (pb_conversation_find (conversation, pb_message_item_get_id (item)) == item);
  PbMessageItem *next = pb_conversation_next_unread (conversation, pb_message_item_get_id (item));
  g_assert_cmpint (pb_message_item_get_id (next), ==, g_array_index (ids, gint64, 2));

  pb_store_move (f->store.store, g_array_index (ids, gint64, 1), PB_FOLDER_TRASH);
  length.count = 2;
  pb_test_until (has_length, &length);
  gpointer left = conversation;
  g_object_add_weak_pointer (left, &left);
  g_object_unref (conversation);
  pb_test_until (is_gone, &left);
}

static gssize
find_unread (Fixture *f, guint after) {
  GAsyncResult *done = NULL;

  pb_message_model_find_unread_async (f->model, after, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_message_model_find_unread_finish (f->model, result, NULL);
}

/* One that does not lead is enough. */
static void
test_next_unread (Fixture *f, gconstpointer unused) {
  deliver_five (f);
  wait_for (f, 3, 5);
  g_autoptr (GArray) ids = ids_at (f, 1);
  g_autoptr (GArray) first = ids_at (f, 0);

  pb_store_set_flags (f->store.store, g_array_index (first, gint64, 0), PB_FLAG_READ, 0);
  pb_store_set_flags (f->store.store, g_array_index (ids, gint64, 0), PB_FLAG_READ, 0);
  g_assert_cmpint (find_unread (f, G_MAXUINT), ==, 1);
  g_assert_cmpint (find_unread (f, 1), ==, 2);
}

/* Pairs, where the table costs most. */
static void
deliver_pairs (PbMailStore *store, guint first, guint count) {
  PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);

  for (guint i = first; i < first + count; i++) {
    g_autofree char *name = g_strdup_printf ("pair-%u", i);
    g_autofree char *text =
      g_strdup_printf ("From: ann@example.org\nSubject: Pair\nMessage-ID: <m%u@example.org>\n"
                       "References: <m%u@example.org>\n\nText\n",
                       i, i - i % 2);
    g_autoptr (GBytes) identity = g_bytes_new (name, strlen (name));
    pb_delivery_begin (delivery, i - first + 1, identity, FALSE);
    pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
    pb_delivery_end (delivery);
  }
  pb_store_finish (delivery);
}

static void
test_many_are_cheap (Fixture *f, gconstpointer unused) {
  const guint many = g_test_slow () ? 100000 : 4000;

  pb_message_model_set_place (f->model, NULL);
  for (guint i = 0; i < many; i += 4000) {
    deliver_pairs (f->store.store, i, MIN (many - i, 4000));
    pb_store_settle (f->store.store);
  }
  pb_message_model_set_place (f->model, f->inbox);
  pb_test_until (is_settled, f->model);
  pb_message_model_set_place (f->model, NULL);
  gsize before = mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
  gint64 start = g_get_monotonic_time ();
  pb_message_model_set_place (f->model, f->inbox);
  pb_test_until (is_settled, f->model);
  double ms = (double) (g_get_monotonic_time () - start) / 1000;
  gsize taken = mallinfo2 ().uordblks + mallinfo2 ().hblkhd - before;

  g_test_message ("%u messages in %u conversations: %.1f ms, %.1f bytes each", many,
                  g_list_model_get_n_items (G_LIST_MODEL (f->model)), ms, (double) taken / many);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->model)), ==, many / 2);
  g_assert_cmpuint (taken, <, many * 24);
}

#define ADD(name, function) \
  g_test_add ("/conversation-list/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  ADD ("rows", test_rows);
  ADD ("summary", test_summary);
  ADD ("actions", test_actions);
  ADD ("new-reply", test_new_reply);
  ADD ("other-folders", test_other_folders);
  ADD ("next-unread", test_next_unread);
  ADD ("many-are-cheap", test_many_are_cheap);
  return g_test_run ();
}
