/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Moving many messages of several folders at once, and taking it back. */

#include "pb-mail-actions.h"
#include "pb-store-fixture.h"

/* More than the rows that are read at once. */
#define MANY 620

typedef struct {
  PbStoreFixture store;
  PbMailActions *actions;
  GPtrArray *told; /* of char *: the texts of "moved" */
} Fixture;

static void
moved_cb (GPtrArray *told, const char *text) {
  g_ptr_array_add (told, g_strdup (text));
}

static void
set_up (Fixture *fixture, gconstpointer unused) {
  pb_store_fixture_set_up (&fixture->store, NULL);
  fixture->actions = pb_mail_actions_new (fixture->store.store);
  fixture->told = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect_swapped (fixture->actions, "moved", G_CALLBACK (moved_cb), fixture->told);
}

static void
tear_down (Fixture *fixture, gconstpointer unused) {
  g_assert_finalize_object (fixture->actions);
  g_ptr_array_unref (fixture->told);
  pb_store_fixture_tear_down (&fixture->store, NULL);
}

static guint
count (Fixture *fixture, PbFolderRole role) {
  return pb_store_count (fixture->store.store, role);
}

typedef struct {
  Fixture *fixture;
  PbFolderRole role;
  guint count;
} Wanted;

static gboolean
has_count (gpointer data) {
  Wanted *wanted = data;

  return count (wanted->fixture, wanted->role) == wanted->count;
}

static void
wait_for_count (Fixture *fixture, PbFolderRole role, guint wanted) {
  Wanted data = { fixture, role, wanted };

  pb_test_until (has_count, &data);
}

static gboolean
is_told (gpointer told) {
  return ((GPtrArray *) told)->len > 0;
}

static void
move (Fixture *fixture, GArray *ids, PbFolderRole role) {
  pb_mail_actions_move (fixture->actions, (const gint64 *) (gpointer) ids->data, ids->len, role);
}

static void
test_many (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "letter", MANY);
  g_autoptr (GArray) ids = pb_store_list (fixture->store.store, PB_FOLDER_INBOX);
  pb_store_move (fixture->store.store, g_array_index (ids, gint64, 0), PB_FOLDER_ARCHIVE);
  g_assert_cmpuint (count (fixture, PB_FOLDER_INBOX), ==, MANY - 1);

  move (fixture, ids, PB_FOLDER_TRASH);
  pb_test_until (is_told, fixture->told);
  g_assert_cmpuint (count (fixture, PB_FOLDER_TRASH), ==, MANY);
  g_assert_cmpstr (fixture->told->pdata[0], ==, "620 messages moved to the trash");
  g_assert_cmpuint (fixture->told->len, ==, 1);

  g_assert_true (pb_mail_actions_undo (fixture->actions));
  wait_for_count (fixture, PB_FOLDER_INBOX, MANY - 1);
  wait_for_count (fixture, PB_FOLDER_ARCHIVE, 1);
  g_assert_false (pb_mail_actions_can_undo (fixture->actions));
}

/* Nothing is told of what was there already, and nothing is to be undone. */
static void
test_there_already (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "letter", 2);
  g_autoptr (GArray) ids = pb_store_list (fixture->store.store, PB_FOLDER_INBOX);

  move (fixture, ids, PB_FOLDER_INBOX);
  g_array_set_size (ids, 1);
  move (fixture, ids, PB_FOLDER_ARCHIVE);
  pb_test_until (is_told, fixture->told);
  g_assert_cmpstr (fixture->told->pdata[0], ==, "Message archived");
  g_assert_cmpuint (fixture->told->len, ==, 1);
  g_assert_true (pb_mail_actions_undo (fixture->actions));
  wait_for_count (fixture, PB_FOLDER_INBOX, 2);
}

static void
test_gone (Fixture *fixture, gconstpointer unused) {
  pb_store_deliver_many (fixture->store.store, "letter", 3);
  g_autoptr (GArray) ids = pb_store_list (fixture->store.store, PB_FOLDER_INBOX);

  pb_store_delete (fixture->store.store, g_array_index (ids, gint64, 1));
  move (fixture, ids, PB_FOLDER_TRASH);
  pb_test_until (is_told, fixture->told);
  g_assert_cmpstr (fixture->told->pdata[0], ==, "2 messages moved to the trash");
  pb_mail_actions_delete (fixture->actions, (const gint64 *) (gpointer) ids->data, ids->len);
  wait_for_count (fixture, PB_FOLDER_TRASH, 0);
  g_assert_true (pb_mail_actions_undo (fixture->actions));
  wait_for_count (fixture, PB_FOLDER_INBOX, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/mail-actions/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/mail-actions/there-already", Fixture, NULL, set_up, test_there_already, tear_down);
  g_test_add ("/mail-actions/gone", Fixture, NULL, set_up, test_gone, tear_down);
  return g_test_run ();
}
