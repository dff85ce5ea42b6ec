/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Folders, lists, flags, moving and deleting, as the window sees them. */

#include <string.h>

#include "pb-error.h"
#include "pb-store-fixture.h"

static PbFolder *
folder (PbStoreFixture *f, PbFolderRole role) {
  return pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, role);
}

static void
test_folders (PbStoreFixture *f, gconstpointer unused) {
  static const PbFolderRole roles[] = { PB_FOLDER_INBOX, PB_FOLDER_ARCHIVE, PB_FOLDER_TRASH };
  GListModel *folders = pb_mail_store_get_folders (f->store);

  pb_store_add_account (f->store, "another");
  pb_store_add_account (f->store, "another");
  g_assert_cmpuint (g_list_model_get_n_items (folders), ==, 6);
  for (guint i = 0; i < 6; i++) {
    g_autoptr (PbFolder) item = g_list_model_get_item (folders, i);
    g_assert_cmpstr (pb_folder_get_account_id (item), ==, i < 3 ? PB_STORE_ACCOUNT : "another");
    g_assert_cmpint (pb_folder_get_role (item), ==, roles[i % 3]);
    g_assert_cmpuint (pb_folder_get_total (item), ==, 0);
  }
  g_assert_cmpstr (pb_folder_get_name (folder (f, PB_FOLDER_INBOX)), ==, "");
  g_assert_null (pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_JUNK));
  g_autofree char *marker = pb_store_file_path (f->dir, ".Trash", "maildirfolder");
  g_assert_true (g_file_test (marker, G_FILE_TEST_EXISTS));
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (g_list_model_get_n_items (pb_mail_store_get_folders (f->store)), ==, 6);
  g_autoptr (PbFolder) first = g_list_model_get_item (pb_mail_store_get_folders (f->store), 0);
  g_assert_cmpstr (pb_folder_get_account_id (first), ==, PB_STORE_ACCOUNT);
}

static void
test_bad_account (PbStoreFixture *f, gconstpointer unused) {
  static const char *const ids[] = { "", "Work", "../x", "a b", "a/b", ".", "\xc3\xa4" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (GError) error = NULL;
    GAsyncResult *done = NULL;
    pb_mail_store_add_account_async (f->store, ids[i], NULL, pb_test_done, &done);
    g_autoptr (GAsyncResult) result = pb_test_wait (&done);
    g_assert_false (pb_mail_store_add_account_finish (f->store, result, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  }
}

static void
remove_account (PbMailStore *store, gboolean delete_mail) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_remove_account_async (store, PB_STORE_ACCOUNT, delete_mail, NULL, pb_test_done,
                                      &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_remove_account_finish (store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (pb_mail_store_get_folders (store)), ==, 0);
}

static void
test_remove_account (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *root = pb_store_file_path (f->dir, "", NULL);

  pb_store_deliver_many (f->store, "a", 3);
  remove_account (f->store, FALSE);
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (g_list_model_get_n_items (pb_mail_store_get_folders (f->store)), ==, 0);
  pb_store_add_account (f->store, PB_STORE_ACCOUNT);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 3);
  g_assert_true (pb_store_match_one (f->store, "a-1").durable);
  remove_account (f->store, TRUE);
  g_assert_false (g_file_test (root, G_FILE_TEST_EXISTS));
}

static void
test_rows (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_text (f->store, "1",
                         "Subject: Figures\nFrom: Li Na <li.na@example.org>\nTo: me@example.org\n"
                         "Date: Fri, 21 Nov 2025 10:00:00 +0100\nMessage-ID: <m1@example.org>\n"
                         "In-Reply-To: <m0@example.org>\n\nHere they are.\n");
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 none = g_array_index (ids, gint64, 0) + 1000;
  g_array_append_val (ids, none);
  g_autoptr (GPtrArray) rows = pb_store_load_rows (f->store, ids);
  const PbMessageRow *row = rows->pdata[0];
  g_assert_cmpstr (row->summary->subject, ==, "Figures");
  g_assert_cmpstr (row->summary->from_name, ==, "Li Na");
  g_assert_cmpstr (row->summary->from_address, ==, "li.na@example.org");
  g_assert_cmpstr (row->summary->preview, ==, "Here they are.");
  g_assert_cmpstr (row->summary->message_id, ==, "m1@example.org");
  g_assert_cmpstr (row->summary->references, ==, "m0@example.org");
  g_assert_cmpint (row->summary->date, ==, 1763715600);
  g_assert_cmpint (row->folder_id, ==, pb_store_folder_id (f->store, PB_FOLDER_INBOX));
  g_assert_cmpint (row->flags, ==, 0);
  g_assert_cmpint (row->received, >, 1763715600);
  g_assert_null (rows->pdata[1]);
}

static void
test_missing_message (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_message_async (f->store, 4711, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_mail_store_load_message_finish (f->store, result, NULL, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
}

static void
test_order (PbStoreFixture *f, gconstpointer unused) {
  PbQuery query = { .folder_id = pb_store_folder_id (f->store, PB_FOLDER_INBOX),
                    .order = PB_ORDER_NEWEST_FIRST };

  pb_store_deliver_many (f->store, "m", 4);
  pb_store_add_account (f->store, "another");
  g_autoptr (GArray) newest = pb_store_query (f->store, &query);
  g_autofree char *subjects = pb_store_subjects (f->store, newest);
  g_assert_cmpstr (subjects, ==, "m-3 m-2 m-1 m-0");
  query.order = PB_ORDER_OLDEST_FIRST;
  g_autoptr (GArray) oldest = pb_store_query (f->store, &query);
  g_autofree char *other_way = pb_store_subjects (f->store, oldest);
  g_assert_cmpstr (other_way, ==, "m-0 m-1 m-2 m-3");
  g_autoptr (GArray) of_role = pb_store_query (f->store, &(PbQuery){ .role = PB_FOLDER_INBOX });
  g_assert_cmpmem (of_role->data, of_role->len * 8, newest->data, newest->len * 8);
  query.folder_id = 4711;
  g_autoptr (GArray) nothing = pb_store_query (f->store, &query);
  g_assert_cmpuint (nothing->len, ==, 0);
}

/* Dates decide, but none in the future; messages without one stand where they came. */
static void
test_order_by_date (PbStoreFixture *f, gconstpointer unused) {
  static const char *const texts[] = {
    "Subject: late\nDate: Mon, 03 Nov 2025 10:00:00 +0000\n\n",
    "Subject: early\nDate: Sat, 01 Nov 2025 10:00:00 +0000\n\n",
    "Subject: future\nDate: Sun, 01 Nov 2099 10:00:00 +0000\n\n",
    "Subject: middle\nDate: Sun, 02 Nov 2025 10:00:00 +0000\n\n",
    "Subject: undated\n\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    pb_store_deliver_text (f->store, texts[i], texts[i]);
  pb_store_add_account (f->store, "another");
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autofree char *subjects = pb_store_subjects (f->store, ids);
  g_assert_cmpstr (subjects, ==, "early middle late future undated");
}

static void
test_any_folder (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", 3);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_move (f->store, g_array_index (ids, gint64, 0), PB_FOLDER_TRASH);
  pb_store_move (f->store, g_array_index (ids, gint64, 1), PB_FOLDER_ARCHIVE);
  g_autoptr (GArray) any = pb_store_list (f->store, PB_FOLDER_ANY);
  g_autofree char *subjects = pb_store_subjects (f->store, any);
  g_assert_cmpstr (subjects, ==, "m-1 m-2");
}

static void
test_flags (PbStoreFixture *f, gconstpointer unused) {
  PbQuery query = { .role = PB_FOLDER_INBOX };

  pb_store_deliver_many (f->store, "m", 3);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 id = g_array_index (ids, gint64, 1);
  pb_store_set_flags (f->store, id, PB_FLAG_READ | PB_FLAG_STARRED, 0);
  g_assert_cmpuint (pb_folder_get_unread (folder (f, PB_FOLDER_INBOX)), ==, 2);
  pb_store_set_flags (f->store, id, PB_FLAG_ANSWERED, PB_FLAG_STARRED);
  query.with = PB_FLAG_READ;
  g_autoptr (GArray) read = pb_store_query (f->store, &query);
  g_assert_cmpuint (read->len, ==, 1);
  g_assert_cmpint (g_array_index (read, gint64, 0), ==, id);
  query.with = 0;
  query.without = PB_FLAG_READ;
  g_autoptr (GArray) unread = pb_store_query (f->store, &query);
  g_assert_cmpuint (unread->len, ==, 2);
  pb_store_fixture_reopen (f);
  g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, id);
  g_assert_cmpint (row->flags, ==, PB_FLAG_READ | PB_FLAG_ANSWERED);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = pb_store_load (f->store, id, &path);
  g_assert_true (g_str_has_suffix (path, ":2,RS"));
}

typedef struct {
  GArray *folders;
  GArray *rows;
  guint unread;
  PbFolder *inbox;
} Heard;

static void
heard_changed (PbMailStore *store, gint64 id, Heard *heard) {
  g_array_append_val (heard->folders, id);
  heard->unread = pb_folder_get_unread (heard->inbox);
}

static void
heard_rows (PbMailStore *store, GArray *ids, Heard *heard) {
  g_array_append_vals (heard->rows, ids->data, ids->len);
}

static void
test_signals (PbStoreFixture *f, gconstpointer unused) {
  Heard heard = { .folders = g_array_new (FALSE, FALSE, sizeof (gint64)),
                  .rows = g_array_new (FALSE, FALSE, sizeof (gint64)),
                  .inbox = folder (f, PB_FOLDER_INBOX) };

  pb_store_deliver_many (f->store, "m", 3);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 id = g_array_index (ids, gint64, 0);
  g_signal_connect (f->store, "changed", G_CALLBACK (heard_changed), &heard);
  g_signal_connect (f->store, "rows-changed", G_CALLBACK (heard_rows), &heard);
  pb_store_set_flags (f->store, id, PB_FLAG_READ, 0);
  g_assert_cmpuint (heard.folders->len, ==, 1);
  g_assert_cmpint (g_array_index (heard.folders, gint64, 0), ==, pb_folder_get_id (heard.inbox));
  g_assert_cmpuint (heard.unread, ==, 2);
  g_assert_cmpuint (heard.rows->len, ==, 1);
  g_assert_cmpint (g_array_index (heard.rows, gint64, 0), ==, id);
  /* Nothing new: silence. */
  pb_store_set_flags (f->store, id, PB_FLAG_READ, 0);
  g_assert_cmpuint (heard.folders->len, ==, 1);
  pb_store_move (f->store, id, PB_FOLDER_TRASH);
  g_assert_cmpuint (heard.folders->len, ==, 3);
  g_assert_cmpuint (heard.rows->len, ==, 1);
  g_array_unref (heard.folders);
  g_array_unref (heard.rows);
}

static void
test_move (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", 3);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 id = g_array_index (ids, gint64, 1);
  pb_store_set_flags (f->store, id, PB_FLAG_STARRED | PB_FLAG_PARTIAL, 0);
  pb_store_move (f->store, id, PB_FOLDER_TRASH);
  pb_store_move (f->store, id, PB_FOLDER_TRASH);
  g_assert_cmpuint (pb_folder_get_total (folder (f, PB_FOLDER_INBOX)), ==, 2);
  g_assert_cmpuint (pb_folder_get_total (folder (f, PB_FOLDER_TRASH)), ==, 1);
  g_assert_cmpuint (pb_folder_get_unread (folder (f, PB_FOLDER_TRASH)), ==, 1);
  g_autoptr (GArray) trash = pb_store_list (f->store, PB_FOLDER_TRASH);
  g_assert_cmpint (g_array_index (trash, gint64, 0), ==, id);
  pb_store_fixture_reopen (f);
  g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, id);
  g_assert_cmpint (row->flags, ==, PB_FLAG_STARRED | PB_FLAG_PARTIAL);
  g_autoptr (GPtrArray) files = pb_store_list_files (f->dir, ".Trash/cur");
  g_assert_cmpuint (files->len, ==, 1);
  pb_store_move (f->store, id, PB_FOLDER_INBOX);
  g_autoptr (GArray) again = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autofree char *subjects = pb_store_subjects (f->store, again);
  g_assert_cmpstr (subjects, ==, "m-0 m-1 m-2");
}

static void
test_move_wrong (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_store_deliver_many (f->store, "m", 1);
  pb_store_add_account (f->store, "another");
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_mail_store_move_async (f->store, (gint64 *) ids->data, 1, 4711, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_mail_store_move_finish (f->store, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  gint64 other =
    pb_folder_get_id (pb_mail_store_find_folder (f->store, "another", PB_FOLDER_TRASH));
  pb_mail_store_move_async (f->store, (gint64 *) ids->data, 1, other, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) second = pb_test_wait (&done);
  g_assert_false (pb_mail_store_move_finish (f->store, second, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
}

static void
test_delete (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", 3);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 1));
  pb_store_delete (f->store, g_array_index (ids, gint64, 1));
  g_assert_cmpuint (pb_folder_get_total (folder (f, PB_FOLDER_INBOX)), ==, 2);
  g_autoptr (GPtrArray) files = pb_store_list_files (f->dir, "cur");
  g_assert_cmpuint (files->len, ==, 2);
  PbLedgerRow row = pb_store_match_one (f->store, "m-1");
  g_assert_cmpint (row.state, ==, PB_LEDGER_DELETED_HERE);
  g_assert_false (row.durable);
  g_assert_cmpint (row.stored, >, 0);
  g_assert_cmpint (pb_store_match_one (f->store, "m-2").state, ==, PB_LEDGER_STORED);
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 2);
}

static void
test_cancelled (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *read_done = NULL, *write_done = NULL;

  pb_store_deliver_many (f->store, "m", 1);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 id = g_array_index (ids, gint64, 0);
  g_cancellable_cancel (cancellable);
  pb_mail_store_query_async (f->store, &(PbQuery){ .role = PB_FOLDER_INBOX }, cancellable,
                             pb_test_done, &read_done);
  pb_mail_store_set_flags_async (f->store, &id, 1, PB_FLAG_READ, 0, cancellable, pb_test_done,
                                 &write_done);
  g_autoptr (GAsyncResult) read = pb_test_wait (&read_done);
  g_assert_null (pb_mail_store_query_finish (f->store, read, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autoptr (GAsyncResult) written = pb_test_wait (&write_done);
  g_assert_true (pb_mail_store_set_flags_finish (f->store, written, NULL));
  g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, id);
  g_assert_cmpint (row->flags, ==, PB_FLAG_READ);
}

/* A read that is asked for after a write sees it, without waiting for its answer. */
static void
test_in_order (PbStoreFixture *f, gconstpointer unused) {
  GAsyncResult *first = NULL, *second = NULL, *third = NULL;

  pb_store_deliver_many (f->store, "m", 3);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 trash = pb_store_folder_id (f->store, PB_FOLDER_TRASH);
  pb_mail_store_set_flags_async (f->store, (gint64 *) ids->data, 3, PB_FLAG_READ, 0, NULL,
                                 pb_test_done, &first);
  pb_mail_store_move_async (f->store, (gint64 *) ids->data, 2, trash, NULL, pb_test_done, &second);
  pb_mail_store_query_async (f->store, &(PbQuery){ .folder_id = trash, .with = PB_FLAG_READ }, NULL,
                             pb_test_done, &third);
  g_autoptr (GAsyncResult) result = pb_test_wait (&third);
  g_assert_nonnull (first);
  g_assert_nonnull (second);
  g_object_unref (first);
  g_object_unref (second);
  g_autoptr (GArray) moved = pb_mail_store_query_finish (f->store, result, NULL);
  g_assert_cmpuint (moved->len, ==, 2);
}

static void
test_not_open (void) {
  char *dir = pb_test_make_dir ();
  g_autoptr (PbMailStore) store = pb_mail_store_new (dir);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_query_async (store, &(PbQuery){ .role = PB_FOLDER_INBOX }, NULL, pb_test_done,
                             &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_mail_store_query_finish (store, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE);
  g_clear_object (&result);
  g_assert_finalize_object (g_steal_pointer (&store));
  pb_test_remove_dir (dir);
}

/* Without closing it: disposing waits for the jobs. */
static void
test_dispose (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", 3);
  g_assert_finalize_object (g_steal_pointer (&f->store));
  f->store = pb_store_open (f->dir);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 3);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/mail-store/folders", test_folders);
  ADD ("/mail-store/bad-account", test_bad_account);
  ADD ("/mail-store/remove-account", test_remove_account);
  ADD ("/mail-store/rows", test_rows);
  ADD ("/mail-store/missing-message", test_missing_message);
  ADD ("/mail-store/order", test_order);
  ADD ("/mail-store/order-by-date", test_order_by_date);
  ADD ("/mail-store/any-folder", test_any_folder);
  ADD ("/mail-store/flags", test_flags);
  ADD ("/mail-store/signals", test_signals);
  ADD ("/mail-store/move", test_move);
  ADD ("/mail-store/move-wrong", test_move_wrong);
  ADD ("/mail-store/delete", test_delete);
  ADD ("/mail-store/cancelled", test_cancelled);
  ADD ("/mail-store/in-order", test_in_order);
  g_test_add_func ("/mail-store/not-open", test_not_open);
  ADD ("/mail-store/dispose", test_dispose);
  return g_test_run ();
}
