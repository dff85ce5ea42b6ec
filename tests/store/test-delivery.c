/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail on its way in: every byte as it came, everything once, everything or nothing. */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pb-error.h"
#include "pb-store-fixture.h"

static void
assert_stored (PbMailStore *store, guint index, const void *data, gsize length) {
  g_autoptr (GArray) ids = pb_store_list (store, PB_FOLDER_INBOX);
  g_autofree char *path = NULL;
  struct stat info;

  g_assert_cmpuint (ids->len, >, index);
  gint64 id = g_array_index (ids, gint64, index);
  g_autoptr (GBytes) bytes = pb_store_load (store, id, &path);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, length);
  g_autoptr (PbMessageRow) row = pb_store_load_row (store, id);
  g_assert_cmpuint (row->size, ==, length);
  g_assert_cmpstr (row->account_id, ==, PB_STORE_ACCOUNT);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

static void
test_bytes (PbStoreFixture *f, gconstpointer unused) {
  static const struct {
    const char *what;
    const char *data;
    gsize length;
  } cases[] = {
    { "plain", "Subject: a\n\nbody\n", 17 },
    { "NUL", "Subject: a\n\nbo\0dy\n\0", 19 },
    { "8-bit", "Subject: \xe4\xf6\n\n\xff\xfe\n", 16 },
    { "bare CR", "Subject: a\n\none\rtwo\r\n", 21 },
    { "no newline at the end", "Subject: a\n\nend", 15 },
    { "no header", "just text", 9 },
    { "one byte", "\n", 1 },
    { "empty", "", 0 },
    { "dots", "Subject: a\n\n.\n..\n.a\n", 20 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].what);
    g_assert_cmpuint (pb_store_deliver (f->store, cases[i].what, cases[i].data, cases[i].length),
                      ==, 0);
    assert_stored (f->store, i, cases[i].data, cases[i].length);
  }
  pb_store_fixture_reopen (f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_stored (f->store, i, cases[i].data, cases[i].length);
}

static void
test_large (PbStoreFixture *f, gconstpointer unused) {
  gsize length = 5 * 1024 * 1024 + 17;
  g_autofree guint8 *data = g_malloc (length);
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (GBytes) identity = g_bytes_new_static ("large", 5);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 2654435761u >> 24);
  memcpy (data, "Subject: large\n\n", 16);
  pb_delivery_begin (delivery, 1, identity, FALSE);
  for (gsize at = 0, step = 1; at < length; at += step, step = step * 7 % 100003 + 1)
    pb_delivery_write (delivery, data + at, MIN (step, length - at));
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
  assert_stored (f->store, 0, data, length);
}

static void
collect (PbDelivery *delivery, GArray *numbers, guint duplicates, GArray *all) {
  g_array_append_vals (all, numbers->data, numbers->len);
}

static void
count_signal (PbMailStore *store, gint64 folder, guint *count) {
  (*count)++;
}

static void
test_many (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (guint));
  guint changes = 0;

  g_signal_connect (delivery, "committed", G_CALLBACK (collect), all);
  g_signal_connect (f->store, "changed", G_CALLBACK (count_signal), &changes);
  for (guint i = 0; i < 300; i++) {
    g_autofree char *text =
      g_strdup_printf ("Subject: %u\n\n%0*u\n", i, (int) (i * 37 % 4000) + 1, i);
    g_autoptr (GBytes) identity = g_bytes_new (&i, sizeof i);
    pb_delivery_begin (delivery, i + 1000, identity, FALSE);
    pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
    pb_delivery_end (delivery);
  }
  pb_store_finish (delivery);
  g_assert_cmpuint (all->len, ==, 300);
  for (guint i = 0; i < 300; i++)
    g_assert_cmpuint (g_array_index (all, guint, i), ==, i + 1000);
  g_assert_cmpuint (changes, >=, 1);
  g_assert_cmpuint (changes, <=, 2);
  PbFolder *inbox = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  g_assert_cmpuint (pb_folder_get_total (inbox), ==, 300);
  g_assert_cmpuint (pb_folder_get_unread (inbox), ==, 300);
  for (guint i = 0; i < 300; i += 23) {
    g_autofree char *text =
      g_strdup_printf ("Subject: %u\n\n%0*u\n", i, (int) (i * 37 % 4000) + 1, i);
    assert_stored (f->store, i, text, strlen (text));
  }
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (left->len, ==, 0);
}

/* Nobody asks: a batch commits by itself after half a second. */
static gboolean
has_numbers (gpointer data) {
  return ((GArray *) data)->len > 0;
}

static void
test_timer (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GBytes) identity = g_bytes_new_static ("x", 1);

  g_signal_connect (delivery, "committed", G_CALLBACK (collect), all);
  pb_delivery_begin (delivery, 7, identity, FALSE);
  pb_delivery_end (delivery);
  g_autoptr (GBytes) other = g_bytes_new_static ("y", 1);
  pb_delivery_begin (delivery, 8, other, FALSE);
  pb_delivery_write (delivery, (const guint8 *) "half", 4);
  pb_test_until (has_numbers, all);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpuint (g_array_index (all, guint, 0), ==, 7);
  pb_delivery_write (delivery, (const guint8 *) " and half", 9);
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
  g_assert_cmpuint (all->len, ==, 2);
  assert_stored (f->store, 1, "half and half", 13);
}

static void
test_same_identity (PbStoreFixture *f, gconstpointer unused) {
  g_assert_cmpuint (pb_store_deliver_text (f->store, "one", "Subject: 1\n\n"), ==, 0);
  g_assert_cmpuint (pb_store_deliver_text (f->store, "one", "Subject: 1 again\n\n"), ==, 1);
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (pb_store_deliver_text (f->store, "one", "Subject: 1\n\n"), ==, 1);
  g_assert_cmpuint (pb_store_deliver_text (f->store, "two", "Subject: 1\n\n"), ==, 0);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 2);
  g_assert_cmpint (pb_store_match_one (f->store, "one").state, ==, PB_LEDGER_STORED);
}

static void
test_same_batch (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GBytes) identity = g_bytes_new_static ("x", 1);

  g_signal_connect (delivery, "committed", G_CALLBACK (collect), all);
  for (guint i = 0; i < 6; i++) {
    pb_delivery_begin (delivery, i, i < 3 ? identity : NULL, FALSE);
    pb_delivery_write (delivery, (const guint8 *) "Subject: same\n\n", 15);
    pb_delivery_end (delivery);
  }
  pb_store_finish (delivery);
  /* Those without a name are the one that has one. */
  g_assert_cmpuint (all->len, ==, 6);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
}

static void
test_no_identity (PbStoreFixture *f, gconstpointer unused) {
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: 1\n\n"), ==, 0);
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: 2\n\n"), ==, 0);
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: 1\n\n"), ==, 1);
  /* A server that lost its unique ids gives again what had one. */
  g_assert_cmpuint (pb_store_deliver_text (f->store, "three", "Subject: 3\n\n"), ==, 0);
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: 3\n\n"), ==, 1);
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: 2\n\n"), ==, 1);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 3);
}

/* Deleted here: not again. Gone for another reason: again, since nothing proves that it is here. */
static void
test_no_identity_gone (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_text (f->store, NULL, "Subject: 1\n\n");
  pb_store_deliver_text (f->store, NULL, "Subject: 2\n\n");
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = pb_store_load (f->store, g_array_index (ids, gint64, 1), &path);
  pb_store_delete (f->store, g_array_index (ids, gint64, 0));
  g_assert_cmpint (remove (path), ==, 0);
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: 1\n\n"), ==, 1);
  g_assert_cmpuint (pb_store_deliver_text (f->store, NULL, "Subject: 2\n\n"), ==, 0);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
}

static void
test_discard (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (GBytes) one = g_bytes_new_static ("one", 3);

  pb_delivery_discard (delivery);
  pb_delivery_begin (delivery, 1, one, FALSE);
  pb_delivery_write (delivery, (const guint8 *) "half a mess", 11);
  pb_delivery_discard (delivery);
  pb_delivery_begin (delivery, 1, one, FALSE);
  pb_delivery_write (delivery, (const guint8 *) "whole", 5);
  pb_delivery_end (delivery);
  g_autoptr (GBytes) two = g_bytes_new_static ("two", 3);
  pb_delivery_begin (delivery, 2, two, FALSE);
  pb_delivery_write (delivery, (const guint8 *) "still open", 10);
  pb_store_finish (delivery);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
  assert_stored (f->store, 0, "whole", 5);
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_cmpint (pb_store_match_one (f->store, "two").state, ==, PB_LEDGER_UNKNOWN);
}

/* Let go without a word: no trace. */
static void
test_abandon (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);

  for (guint i = 0; i < 20; i++) {
    g_autoptr (GBytes) identity = g_bytes_new (&i, sizeof i);
    pb_delivery_begin (delivery, i, identity, FALSE);
    pb_delivery_write (delivery, (const guint8 *) "Subject: a\n\n", 12);
    pb_delivery_end (delivery);
  }
  g_assert_finalize_object (delivery);
  pb_store_settle (f->store);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 0);
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (left->len, ==, 0);
}

/* The store goes first. */
static void
test_store_closed (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (PbDelivery) delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_delivery_begin (delivery, 1, NULL, FALSE);
  for (guint i = 0; i < 100; i++) {
    g_autofree guint8 *data = g_malloc0 (10000);
    pb_delivery_write (delivery, data, 10000);
  }
  pb_store_close (g_steal_pointer (&f->store));
  pb_delivery_end (delivery);
  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_delivery_finish_finish (delivery, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE);
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (left->len, ==, 0);
}

static gboolean
is_not_full (gpointer data) {
  return !pb_delivery_is_full (data);
}

static void
count_room (PbDelivery *delivery, guint *count) {
  (*count)++;
}

static void
test_backpressure (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autofree guint8 *data = g_malloc0 (1024 * 1024);
  guint room = 0, written = 0;

  g_signal_connect (delivery, "room", G_CALLBACK (count_room), &room);
  pb_delivery_begin (delivery, 1, NULL, FALSE);
  while (!pb_delivery_is_full (delivery) && written < 2000) {
    pb_delivery_write (delivery, data, 1024 * 1024);
    written++;
  }
  if (written < 2000) {
    g_assert_cmpuint (written, >=, 12);
    pb_test_until (is_not_full, delivery);
    g_assert_cmpuint (room, ==, 1);
  }
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
}

static void
test_unknown_account (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (PbDelivery) delivery = pb_mail_store_deliver (f->store, "nobody");
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_delivery_begin (delivery, 1, NULL, FALSE);
  pb_delivery_end (delivery);
  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_delivery_finish_finish (delivery, result, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
}

static void
deliver_part (PbMailStore *store, const char *text, gboolean partial) {
  PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);
  g_autoptr (GBytes) identity = g_bytes_new_static ("p", 1);

  pb_delivery_begin (delivery, 1, identity, partial);
  pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
  pb_delivery_end (delivery);
  pb_store_finish (delivery);
}

/* First the head, then the whole: one message, which keeps its marks. */
static void
test_partial (PbStoreFixture *f, gconstpointer unused) {
  deliver_part (f->store, "Subject: p\n\n", TRUE);
  deliver_part (f->store, "Subject: p\n\n", TRUE);
  PbLedgerRow ledger = pb_store_match_one (f->store, "p");
  g_assert_cmpint (ledger.state, ==, PB_LEDGER_PARTIAL);
  g_assert_false (ledger.durable);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpuint (ids->len, ==, 1);
  gint64 id = g_array_index (ids, gint64, 0);
  pb_store_set_flags (f->store, id, PB_FLAG_STARRED | PB_FLAG_READ, 0);
  pb_store_fixture_reopen (f);
  g_autoptr (PbMessageRow) head = pb_store_load_row (f->store, id);
  g_assert_cmpint (head->flags, ==, PB_FLAG_STARRED | PB_FLAG_READ | PB_FLAG_PARTIAL);

  deliver_part (f->store, "Subject: p\n\nall of it\n", FALSE);
  g_autoptr (GArray) now = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpuint (now->len, ==, 1);
  g_assert_cmpint (g_array_index (now, gint64, 0), ==, id);
  g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, id);
  g_assert_cmpint (row->flags, ==, PB_FLAG_STARRED | PB_FLAG_READ);
  assert_stored (f->store, 0, "Subject: p\n\nall of it\n", 22);
  g_autoptr (GPtrArray) files = pb_store_list_files (f->dir, "cur");
  g_assert_cmpuint (files->len, ==, 1);
  ledger = pb_store_match_one (f->store, "p");
  g_assert_cmpint (ledger.state, ==, PB_LEDGER_STORED);
  g_assert_true (ledger.durable);
  PbFolder *inbox = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  g_assert_cmpuint (pb_folder_get_total (inbox), ==, 1);
}

/* Both in one batch. */
static void
test_partial_same_batch (PbStoreFixture *f, gconstpointer unused) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GBytes) identity = g_bytes_new_static ("p", 1);

  g_signal_connect (delivery, "committed", G_CALLBACK (collect), all);
  for (guint i = 0; i < 2; i++) {
    pb_delivery_begin (delivery, i, identity, i == 0);
    pb_delivery_write (delivery, (const guint8 *) "Subject: p\n\nbody", i == 0 ? 12 : 16);
    pb_delivery_end (delivery);
  }
  pb_store_finish (delivery);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 1);
  assert_stored (f->store, 0, "Subject: p\n\nbody", 16);
  g_assert_true (pb_store_match_one (f->store, "p").durable);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/delivery/bytes", test_bytes);
  ADD ("/delivery/large", test_large);
  ADD ("/delivery/many", test_many);
  ADD ("/delivery/timer", test_timer);
  ADD ("/delivery/same-identity", test_same_identity);
  ADD ("/delivery/same-batch", test_same_batch);
  ADD ("/delivery/no-identity", test_no_identity);
  ADD ("/delivery/no-identity-gone", test_no_identity_gone);
  ADD ("/delivery/discard", test_discard);
  ADD ("/delivery/abandon", test_abandon);
  ADD ("/delivery/store-closed", test_store_closed);
  ADD ("/delivery/backpressure", test_backpressure);
  ADD ("/delivery/unknown-account", test_unknown_account);
  ADD ("/delivery/partial", test_partial);
  ADD ("/delivery/partial-same-batch", test_partial_same_batch);
  return g_test_run ();
}
