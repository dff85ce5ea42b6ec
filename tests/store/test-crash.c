/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The promise: wherever the process is stopped, afterwards every message is here exactly once,
 * whatever was reported as committed is really here, and what had been received in full is not
 * fetched again. The program runs itself as the victim, with
 * the store compiled with fault points. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pb-store-fixture.h"

#define FAULT_EXIT_CODE 77
#define N_BATCHES 3
#define BATCH 5

static const char *program;

static void
deliver_one (PbDelivery *delivery, guint number) {
  g_autofree char *name = g_strdup_printf ("m-%u", number);
  g_autofree char *text = g_strdup_printf ("Subject: %s\n\nbody\n", name);
  g_autoptr (GBytes) identity = g_bytes_new (name, strlen (name));

  pb_delivery_begin (delivery, number, identity, FALSE);
  pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
  pb_delivery_end (delivery);
}

/* ---- The victim ---- */

/* Written at once, as a DELE would be. */
static void
report (PbDelivery *delivery, GArray *numbers, guint duplicates, gpointer fd) {
  g_assert_cmpint (write (GPOINTER_TO_INT (fd), numbers->data, numbers->len * sizeof (guint)), >,
                   0);
}

static int
be_victim (const char *dir) {
  PbMailStore *store = pb_store_open (dir);
  g_autofree char *path = g_build_filename (dir, "committed", NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND, 0600);

  for (guint batch = 0; batch < N_BATCHES; batch++) {
    PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);
    g_signal_connect (delivery, "committed", G_CALLBACK (report), GINT_TO_POINTER (fd));
    for (guint i = 0; i < BATCH; i++)
      deliver_one (delivery, batch * BATCH + i);
    pb_store_finish (delivery);
  }
  close (fd);
  pb_store_close (store);
  return 0;
}

static int
run_victim (const char *dir, const char *fault) {
  const char *const argv[] = { program, "--victim", dir, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "PB_FAULT", fault, TRUE);
  g_autoptr (GSubprocess) victim = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (victim, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (victim));
  return g_subprocess_get_exit_status (victim);
}

/* ---- After the crash ---- */

static GArray *
match_all (PbMailStore *store) {
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_BATCHES * BATCH; i++)
    g_ptr_array_add (names, g_strdup_printf ("m-%u", i));
  g_ptr_array_add (names, NULL);
  return pb_store_match (store, (const char *const *) names->pdata);
}

static void
assert_committed_is_here (PbStoreFixture *f, GArray *rows) {
  g_autofree char *path = g_build_filename (f->dir, "committed", NULL);
  g_autofree char *data = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  const guint *numbers = (const guint *) (gpointer) data;
  for (guint i = 0; i < length / sizeof (guint); i++)
    g_assert_true (g_array_index (rows, PbLedgerRow, numbers[i]).durable);
}

static int
compare_text (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
assert_each_once (PbStoreFixture *f) {
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autoptr (GPtrArray) files = pb_store_list_files (f->dir, "cur");
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_autoptr (GPtrArray) subjects = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) expected = g_ptr_array_new_with_free_func (g_free);

  g_assert_cmpuint (left->len, ==, 0);
  g_assert_cmpuint (files->len, ==, N_BATCHES * BATCH);
  g_assert_cmpuint (ids->len, ==, N_BATCHES * BATCH);
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, g_array_index (ids, gint64, i));
    g_ptr_array_add (subjects, g_strdup (row->summary->subject));
    g_ptr_array_add (expected, g_strdup_printf ("m-%u", i));
  }
  g_ptr_array_sort (subjects, compare_text);
  g_ptr_array_sort (expected, compare_text);
  for (guint i = 0; i < ids->len; i++)
    g_assert_cmpstr (subjects->pdata[i], ==, expected->pdata[i]);
  PbFolder *inbox = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  g_assert_cmpuint (pb_folder_get_total (inbox), ==, N_BATCHES * BATCH);
}

/* As the next check would do it: what is not here is fetched again. */
static guint
fetch_rest (PbStoreFixture *f, GArray *rows) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
  guint fetched = 0;

  for (guint i = 0; i < rows->len; i++) {
    if (g_array_index (rows, PbLedgerRow, i).durable)
      continue;
    deliver_one (delivery, i);
    fetched++;
  }
  pb_store_finish (delivery);
  return fetched;
}

/* @missing: how many messages are to be fetched again, or were never fetched. What the victim had
 * received in full by then is none of them. */
typedef struct {
  const char *fault;
  guint missing;
} Stop;

static void
test_crash (gconstpointer data) {
  const Stop *stop = data;
  const char *fault = stop->fault;
  PbStoreFixture f = { NULL, NULL };

  pb_store_fixture_set_up (&f, NULL);
  pb_store_close (g_steal_pointer (&f.store));
  g_assert_cmpint (run_victim (f.dir, fault), ==, FAULT_EXIT_CODE);
  f.store = pb_store_open (f.dir);
  g_autoptr (GArray) rows = match_all (f.store);
  assert_committed_is_here (&f, rows);
  g_assert_cmpuint (fetch_rest (&f, rows), ==, stop->missing);
  assert_each_once (&f);
  pb_store_fixture_reopen (&f);
  assert_each_once (&f);
  pb_store_fixture_tear_down (&f, NULL);
}

/* The victim itself does its work when nobody stops it. */
static void
test_no_crash (void) {
  PbStoreFixture f = { NULL, NULL };

  pb_store_fixture_set_up (&f, NULL);
  pb_store_close (g_steal_pointer (&f.store));
  g_assert_cmpint (run_victim (f.dir, "none"), ==, 0);
  f.store = pb_store_open (f.dir);
  g_autoptr (GArray) rows = match_all (f.store);
  g_assert_cmpuint (fetch_rest (&f, rows), ==, 0);
  assert_each_once (&f);
  pb_store_fixture_tear_down (&f, NULL);
}

int
main (int argc, char *argv[]) {
  static const Stop stops[] = {
    { "part-written", 15 },     { "part-written:8", 8 },  { "marked-complete", 14 },
    { "marked-complete:8", 7 }, { "files-written", 10 },  { "files-written:2", 5 },
    { "files-synced:2", 5 },    { "one-renamed", 10 },    { "one-renamed:7", 5 },
    { "files-renamed:2", 5 },   { "folder-synced", 10 },  { "folder-synced:2", 5 },
    { "ledger-written:2", 5 },  { "ledger-durable", 10 }, { "ledger-durable:2", 5 },
    { "index-written", 10 },    { "index-written:2", 5 }, { "index-committed:2", 5 },
    { "all-done:2", 5 },
  };

  if (argc == 3 && g_str_equal (argv[1], "--victim"))
    return be_victim (argv[2]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crash/none", test_no_crash);
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++) {
    g_autofree char *path = g_strconcat ("/crash/", stops[i].fault, NULL);
    g_test_add_data_func (path, &stops[i], test_crash);
  }
  return g_test_run ();
}
