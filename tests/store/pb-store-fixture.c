/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The store, waited for. */

#include "pb-store-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

PbMailStore *
pb_store_open (const char *dir) {
  PbMailStore *store = pb_mail_store_new (dir);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_open_async (store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_open_finish (store, result, &error);
  g_assert_no_error (error);
  return store;
}

void
pb_store_add_account (PbMailStore *store, const char *account_id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_add_account_async (store, account_id, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_add_account_finish (store, result, &error);
  g_assert_no_error (error);
}

void
pb_store_close (PbMailStore *store) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_close_async (store, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_close_finish (store, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  g_assert_finalize_object (store);
}

void
pb_store_fixture_set_up (PbStoreFixture *self, gconstpointer unused) {
  self->dir = pb_test_make_dir ();
  self->store = pb_store_open (self->dir);
  pb_store_add_account (self->store, PB_STORE_ACCOUNT);
}

void
pb_store_fixture_tear_down (PbStoreFixture *self, gconstpointer unused) {
  if (self->store)
    pb_store_close (self->store);
  pb_test_remove_dir (self->dir);
}

void
pb_store_fixture_reopen (PbStoreFixture *self) {
  pb_store_close (g_steal_pointer (&self->store));
  self->store = pb_store_open (self->dir);
}

static void
count_duplicates (PbDelivery *delivery, GArray *numbers, guint duplicates, guint *sum) {
  *sum += duplicates;
}

void
pb_store_finish (PbDelivery *delivery) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_delivery_finish_finish (delivery, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  g_assert_finalize_object (delivery);
}

void
pb_store_change_ledger (PbStoreFixture *self, const char *sql) {
  g_autofree char *path = g_build_filename (self->dir, "ledger.sqlite", NULL);
  g_autofree char *note = g_build_filename (self->dir, "store.closed", NULL);
  sqlite3 *db;

  pb_store_close (g_steal_pointer (&self->store));
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_assert_cmpint (g_unlink (note), ==, 0);
  self->store = pb_store_open (self->dir);
}

guint
pb_store_deliver (PbMailStore *store, const char *name, const void *data, gsize length) {
  PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);
  g_autoptr (GBytes) identity = name ? g_bytes_new (name, strlen (name)) : NULL;
  guint duplicates = 0;

  g_signal_connect (delivery, "committed", G_CALLBACK (count_duplicates), &duplicates);
  pb_delivery_begin (delivery, 1, identity, FALSE);
  pb_delivery_write (delivery, data, length);
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
  return duplicates;
}

guint
pb_store_deliver_text (PbMailStore *store, const char *name, const char *text) {
  return pb_store_deliver (store, name, text, strlen (text));
}

void
pb_store_deliver_many (PbMailStore *store, const char *name, guint count) {
  PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);

  for (guint i = 0; i < count; i++) {
    g_autofree char *full = g_strdup_printf ("%s-%u", name, i);
    g_autofree char *text =
      g_strdup_printf ("Subject: %s\nFrom: a@example.org\n\nbody %u\n", full, i);
    g_autoptr (GBytes) identity = g_bytes_new (full, strlen (full));
    pb_delivery_begin (delivery, i, identity, FALSE);
    pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
    pb_delivery_end (delivery);
  }
  pb_store_finish (delivery);
}

GArray *
pb_store_query (PbMailStore *store, const PbQuery *query) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_query_async (store, query, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *ids = pb_mail_store_query_finish (store, result, &error);
  g_assert_no_error (error);
  return ids;
}

GArray *
pb_store_list (PbMailStore *store, PbFolderRole role) {
  return pb_store_query (store, &(PbQuery){ .role = role, .order = PB_ORDER_OLDEST_FIRST });
}

guint
pb_store_count (PbMailStore *store, PbFolderRole role) {
  g_autoptr (GArray) ids = pb_store_list (store, role);

  return ids->len;
}

gint64
pb_store_folder_id (PbMailStore *store, PbFolderRole role) {
  PbFolder *folder = pb_mail_store_find_folder (store, PB_STORE_ACCOUNT, role);

  g_assert_nonnull (folder);
  return pb_folder_get_id (folder);
}

GPtrArray *
pb_store_load_rows (PbMailStore *store, GArray *ids) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_rows_async (store, (gint64 *) ids->data, ids->len, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GPtrArray *rows = pb_mail_store_load_rows_finish (store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, ids->len);
  return rows;
}

PbMessageRow *
pb_store_load_row (PbMailStore *store, gint64 id) {
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (ids, id);
  g_autoptr (GPtrArray) rows = pb_store_load_rows (store, ids);
  return rows->pdata[0] ? pb_message_row_ref (rows->pdata[0]) : NULL;
}

GBytes *
pb_store_load (PbMailStore *store, gint64 id, char **path) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_message_async (store, id, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GBytes *bytes = pb_mail_store_load_message_finish (store, result, path, &error);
  g_assert_no_error (error);
  return bytes;
}

void
pb_store_set_flags (PbMailStore *store, gint64 id, PbFlags add, PbFlags remove) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_set_flags_async (store, &id, 1, add, remove, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_set_flags_finish (store, result, &error);
  g_assert_no_error (error);
}

void
pb_store_move (PbMailStore *store, gint64 id, PbFolderRole role) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_move_async (store, &id, 1, pb_store_folder_id (store, role), NULL, pb_test_done,
                            &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_move_finish (store, result, &error);
  g_assert_no_error (error);
}

void
pb_store_delete (PbMailStore *store, gint64 id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_delete_async (store, &id, 1, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_delete_finish (store, result, &error);
  g_assert_no_error (error);
}

void
pb_store_settle (PbMailStore *store) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_settle_async (store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_settle_finish (store, result, &error);
  g_assert_no_error (error);
}

GArray *
pb_store_match (PbMailStore *store, const char *const *names) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  for (guint i = 0; names[i]; i++)
    pb_listing_set_uid (listing, i + 1, (const guint8 *) names[i], strlen (names[i]));
  pb_mail_store_match_listing_async (store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *rows = pb_mail_store_match_listing_finish (store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, pb_listing_get_length (listing));
  return rows;
}

PbLedgerRow
pb_store_match_one (PbMailStore *store, const char *name) {
  g_autoptr (GArray) rows = pb_store_match (store, (const char *[]){ name, NULL });

  return g_array_index (rows, PbLedgerRow, 0);
}

char *
pb_store_file_path (const char *dir, const char *part, const char *name) {
  return g_build_filename (dir, "mail", PB_STORE_ACCOUNT, part, name, NULL);
}

static int
compare_names (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
pb_store_list_files (const char *dir, const char *part) {
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (dir, "mail", PB_STORE_ACCOUNT, part, NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

char *
pb_store_subjects (PbMailStore *store, GArray *ids) {
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (PbMessageRow) row = pb_store_load_row (store, g_array_index (ids, gint64, i));
    g_assert_nonnull (row);
    g_string_append_printf (text, "%s%s", i ? " " : "", row->summary->subject);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
