/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk that fills up, turns read-only or fails, at every point of a delivery: one error, nothing
 * left behind, nothing called committed that is not here, and all is well once the disk is. */

#include <errno.h>
#include <string.h>

#include "pb-error.h"
#include "pb-false-disk.h"
#include "pb-store-fixture.h"

#define N_MESSAGES 12
#define TEXT_BYTES 3000

typedef struct {
  guint failed;
  guint committed;
  gboolean is_committed[N_MESSAGES];
} Heard;

static void
failed_cb (PbDelivery *delivery, GError *error, Heard *heard) {
  heard->failed++;
}

static void
committed_cb (PbDelivery *delivery, GArray *numbers, guint duplicates, Heard *heard) {
  for (guint i = 0; i < numbers->len; i++)
    heard->is_committed[g_array_index (numbers, guint, i)] = TRUE;
  heard->committed += numbers->len;
}

static void
write_one (PbDelivery *delivery, guint number) {
  g_autofree char *name = g_strdup_printf ("m-%u", number);
  g_autofree char *filler = g_strnfill (TEXT_BYTES, (char) ('a' + number));
  g_autofree char *text = g_strdup_printf ("Subject: %s\n\n%s\n", name, filler);
  g_autoptr (GBytes) identity = g_bytes_new (name, strlen (name));

  pb_delivery_begin (delivery, number, identity, FALSE);
  pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
  pb_delivery_end (delivery);
}

/* NULL when all went well. */
static GError *
deliver (PbMailStore *store, Heard *heard) {
  g_autoptr (PbDelivery) delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);
  GError *error = NULL;
  GAsyncResult *done = NULL;

  *heard = (Heard){ 0 };
  g_signal_connect (delivery, "failed", G_CALLBACK (failed_cb), heard);
  g_signal_connect (delivery, "committed", G_CALLBACK (committed_cb), heard);
  for (guint i = 0; i < N_MESSAGES; i++)
    write_one (delivery, i);
  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_delivery_finish_finish (delivery, result, &error);
  return error;
}

static PbMailStore *
start (char **dir) {
  *dir = pb_test_make_dir ();
  pb_false_disk_watch (*dir);
  PbMailStore *store = pb_store_open (*dir);
  pb_store_add_account (store, PB_STORE_ACCOUNT);
  return store;
}

static void
stop (PbMailStore *store, char *dir) {
  pb_store_close (store);
  g_autoptr (GPtrArray) events = pb_false_disk_stop ();
  pb_test_remove_dir (dir);
}

/* While the disk still fails. */
static void
assert_honest (const char *dir, const Heard *heard, const GError *error) {
  g_autoptr (GPtrArray) temporaries = pb_store_list_files (dir, "tmp");
  g_autoptr (GPtrArray) files = pb_store_list_files (dir, "cur");

  g_assert_cmpuint (heard->failed, ==, error ? 1 : 0);
  g_assert_cmpuint (files->len, ==, heard->committed);
  if (error)
    g_assert_cmpuint (temporaries->len, ==, 0);
  else
    g_assert_cmpuint (heard->committed, ==, N_MESSAGES);
}

static void
assert_well (PbMailStore *store, const char *dir) {
  Heard heard;
  g_autoptr (GError) error = deliver (store, &heard);
  g_autoptr (GPtrArray) files = pb_store_list_files (dir, "cur");

  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, N_MESSAGES);
  g_assert_cmpuint (pb_store_count (store, PB_FOLDER_INBOX), ==, N_MESSAGES);
}

typedef struct {
  const char *name;
  PbDiskCall call;
  const char *part; /* of the path */
  int code;
  int expected; /* -1: whatever can be read still reads, so it may well succeed */
} Trouble;

static const Trouble troubles[] = {
  { "full-mail", PB_DISK_WRITE, "/tmp/", ENOSPC, PB_ERROR_STORAGE_FULL },
  { "quota-mail", PB_DISK_WRITE, "/tmp/", EDQUOT, PB_ERROR_STORAGE_FULL },
  { "broken-mail", PB_DISK_WRITE, "/tmp/", EIO, PB_ERROR_STORAGE },
  { "full-make", PB_DISK_CREATE, "/tmp/", ENOSPC, PB_ERROR_STORAGE_FULL },
  { "read-only", PB_DISK_CREATE, "/tmp/", EROFS, PB_ERROR_STORAGE_READ_ONLY },
  { "full-rename", PB_DISK_RENAME, "/tmp/", ENOSPC, PB_ERROR_STORAGE_FULL },
  { "broken-sync", PB_DISK_SYNC_ALL, NULL, EIO, PB_ERROR_STORAGE },
  { "full-sync", PB_DISK_SYNC_ALL, NULL, ENOSPC, PB_ERROR_STORAGE_FULL },
  { "broken-folder-sync", PB_DISK_SYNC, "/cur", EIO, PB_ERROR_STORAGE },
  { "full-ledger", PB_DISK_WRITE, "ledger.sqlite", ENOSPC, PB_ERROR_STORAGE_FULL },
  { "broken-ledger", PB_DISK_WRITE, "ledger.sqlite", EIO, PB_ERROR_STORAGE },
  { "broken-ledger-sync", PB_DISK_SYNC, "ledger.sqlite", EIO, PB_ERROR_STORAGE },
  { "full-index", PB_DISK_WRITE, "index.sqlite", ENOSPC, -1 },
  { "broken-index", PB_DISK_WRITE, "index.sqlite", EIO, -1 },
};

/* From the first, second, … call on, until a delivery needs no more of them. */
static void
test_trouble (gconstpointer data) {
  const Trouble *trouble = data;
  gboolean reached = TRUE;

  for (guint first = 0; reached && first < 40; first++) {
    char *dir;
    PbMailStore *store = start (&dir);
    Heard heard;
    pb_false_disk_fail ((int) trouble->call, trouble->part, first, trouble->code);
    g_autoptr (GError) error = deliver (store, &heard);
    reached = pb_false_disk_count_failures () > 0;
    if (reached && trouble->expected >= 0)
      g_assert_error (error, PB_ERROR, trouble->expected);
    /* Where the index failed, mail is committed all the same and shown later. */
    if (trouble->expected >= 0)
      assert_honest (dir, &heard, error);
    pb_false_disk_fail (-1, NULL, 0, 0);
    assert_well (store, dir);
    stop (store, dir);
    if (first == 0)
      g_assert_true (reached);
  }
}

/* Room for so many bytes and no more: it may end in a message, in the ledger or in the index. */
static void
test_room (void) {
  for (gint64 room = 0; room < 160 * 1024; room += 3517) {
    char *dir;
    PbMailStore *store = start (&dir);
    Heard heard;
    pb_false_disk_set_room (room);
    g_autoptr (GError) error = deliver (store, &heard);
    if (pb_false_disk_count_failures () > 0 && heard.committed < N_MESSAGES)
      g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE_FULL);
    g_autoptr (GPtrArray) temporaries = pb_store_list_files (dir, "tmp");
    g_assert_cmpuint (temporaries->len, ==, 0);
    pb_false_disk_set_room (-1);
    assert_well (store, dir);
    stop (store, dir);
  }
}

static GError *
try_to_open (const char *dir) {
  PbMailStore *store = pb_mail_store_new (dir);
  GError *error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_open_async (store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_open_finish (store, result, &error);
  g_clear_object (&result);
  pb_store_close (store);
  return error;
}

/* What cannot be read just now is not damaged: nothing is thrown away for it. */
static void
test_reading (gconstpointer part) {
  guint failures = 1;

  for (guint first = 0; failures > 0 && first < 60; first++) {
    char *dir;
    PbMailStore *store = start (&dir);
    Heard heard;
    g_autoptr (GError) error = deliver (store, &heard);
    g_assert_no_error (error);
    g_autoptr (GArray) ids = pb_store_list (store, PB_FOLDER_INBOX);
    pb_store_delete (store, g_array_index (ids, gint64, 0));
    pb_store_close (store);
    pb_false_disk_fail (PB_DISK_READ, part, first, EIO);
    g_autoptr (GError) failure = try_to_open (dir);
    failures = pb_false_disk_count_failures ();
    if (failure)
      g_assert_error (failure, PB_ERROR, PB_ERROR_STORAGE);
    pb_false_disk_fail (-1, NULL, 0, 0);
    store = pb_store_open (dir);
    g_assert_cmpuint (pb_store_count (store, PB_FOLDER_INBOX), ==, N_MESSAGES - 1);
    g_assert_cmpint (pb_store_match_one (store, "m-0").state, ==, PB_LEDGER_DELETED_HERE);
    g_assert_true (pb_store_match_one (store, "m-1").durable);
    stop (store, dir);
  }
  g_assert_cmpuint (failures, ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/false-disk/room", test_room);
  g_test_add_data_func ("/false-disk/reading-index", "index.sqlite", test_reading);
  g_test_add_data_func ("/false-disk/reading-ledger", "ledger.sqlite", test_reading);
  g_test_add_data_func ("/false-disk/reading-mail", "/cur/", test_reading);
  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++) {
    g_autofree char *path = g_strconcat ("/false-disk/", troubles[i].name, NULL);
    g_test_add_data_func (path, &troubles[i], test_trouble);
  }
  return g_test_run ();
}
