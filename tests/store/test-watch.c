/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Other programs at work in the Maildir of an open store, renaming as mutt and Dovecot do: noticed
 * without a question, and nothing is written over. */

#include <glib/gstdio.h>
#include <unistd.h>

#include "pb-store-fixture.h"

#define PATIENCE_SECONDS 10

typedef gboolean (*Condition) (PbStoreFixture *f, gconstpointer data);

static gboolean
wake (gpointer woken) {
  *(gboolean *) woken = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Only turns the main loop: nobody asks the store for anything. */
static void
wait_for (PbStoreFixture *f, Condition condition, gconstpointer data) {
  gint64 deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;
  gboolean woken = FALSE;
  guint timer = g_timeout_add (20, wake, &woken);

  while (!condition (f, data)) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (timer);
}

typedef struct {
  PbFolderRole role;
  guint total;
  guint unread;
} Counters;

static gboolean
has_counters (PbStoreFixture *f, gconstpointer data) {
  const Counters *wanted = data;
  PbFolder *folder = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, wanted->role);

  return folder && pb_folder_get_total (folder) == wanted->total &&
         pb_folder_get_unread (folder) == wanted->unread;
}

static void
wait_for_counters (PbStoreFixture *f, PbFolderRole role, guint total, guint unread) {
  wait_for (f, has_counters, &(Counters){ role, total, unread });
}

/* Gives way to nobody: the name must be free. */
static void
rename_file (PbStoreFixture *f, const char *from, const char *to) {
  g_autofree char *old = pb_store_file_path (f->dir, from, NULL);
  g_autofree char *new = pb_store_file_path (f->dir, to, NULL);

  g_assert_false (g_file_test (new, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rename (old, new), ==, 0);
}

static void
set_up (PbStoreFixture *f, gconstpointer unused) {
  pb_store_fixture_set_up (f, NULL);
  pb_store_deliver_many (f->store, "m", 5);
  pb_mail_store_watch (f->store);
  pb_store_settle (f->store);
}

/* Delivered as every program does it: written in tmp, linked into new. */
static void
test_delivered (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *tmp = pb_store_file_path (f->dir, "tmp", "1700000000.7.host");
  g_autofree char *new = pb_store_file_path (f->dir, "new", "1700000000.7.host");

  g_assert_true (g_file_set_contents (tmp, "Subject: by another program\n\nbody\n", -1, NULL));
  g_assert_cmpint (link (tmp, new), ==, 0);
  g_assert_cmpint (g_unlink (tmp), ==, 0);
  wait_for_counters (f, PB_FOLDER_INBOX, 6, 6);
}

/* Read, starred, answered; moved to another folder; deleted. */
static void
test_marked (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GPtrArray) names = pb_store_list_files (f->dir, "cur");
  g_autofree char *first = g_build_filename ("cur", names->pdata[0], NULL);
  g_autofree char *read = g_strconcat (first, "FRS", NULL);
  g_autofree char *second = g_build_filename ("cur", names->pdata[1], NULL);
  g_autofree char *archived = g_build_filename (".Archive/cur", names->pdata[1], NULL);
  g_autofree char *third = pb_store_file_path (f->dir, "cur", names->pdata[2]);

  rename_file (f, first, read);
  wait_for_counters (f, PB_FOLDER_INBOX, 5, 4);
  rename_file (f, second, archived);
  wait_for_counters (f, PB_FOLDER_INBOX, 4, 3);
  wait_for_counters (f, PB_FOLDER_ARCHIVE, 1, 1);
  g_assert_cmpint (g_unlink (third), ==, 0);
  wait_for_counters (f, PB_FOLDER_INBOX, 3, 2);
  g_assert_true (pb_store_match_one (f->store, "m-1").durable);
  g_assert_false (pb_store_match_one (f->store, "m-2").durable);
}

/* Both sides at once: what the other one does last stands, and no file is lost. */
static void
test_together (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);

  for (guint i = 0; i < 40; i++) {
    g_autoptr (GPtrArray) names = pb_store_list_files (f->dir, "cur");
    g_autofree char *name = g_strdup (names->pdata[i % 5]);
    g_autofree char *from = g_build_filename ("cur", name, NULL);
    *g_strrstr (name, ":2,") = '\0';
    g_autofree char *to = g_strconcat ("cur/", name, i % 2 ? ":2,FS" : ":2,R", NULL);
    if (!g_str_equal (from, to))
      rename_file (f, from, to);
    pb_store_set_flags (f->store, g_array_index (ids, gint64, (i + 1) % 5), PB_FLAG_READ, 0);
  }
  g_autoptr (GPtrArray) names = pb_store_list_files (f->dir, "cur");
  g_assert_cmpuint (names->len, ==, 5);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 5);
}

static gboolean
has_folders (PbStoreFixture *f, gconstpointer count) {
  return g_list_model_get_n_items (pb_mail_store_get_folders (f->store)) ==
         GPOINTER_TO_UINT (count);
}

/* A folder comes with mail in it, gets more, and goes. */
static void
test_folder (PbStoreFixture *f, gconstpointer unused) {
  static const char *const parts[] = { "tmp", "new", "cur" };
  g_autofree char *message = pb_store_file_path (f->dir, ".Elsewhere/cur", "1700000001.7.host:2,S");
  g_autofree char *made = pb_store_file_path (f->dir, "Elsewhere", NULL);
  g_autofree char *folder = pb_store_file_path (f->dir, ".Elsewhere", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_build_filename (made, parts[i], NULL);
    g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  }
  g_assert_cmpint (g_rename (made, folder), ==, 0);
  wait_for (f, has_folders, GUINT_TO_POINTER (4));
  g_assert_true (g_file_set_contents (message, "Subject: there\n\n", -1, NULL));
  wait_for_counters (f, PB_FOLDER_ORDINARY, 1, 0);
  g_assert_cmpint (g_rename (folder, made), ==, 0);
  wait_for (f, has_folders, GUINT_TO_POINTER (3));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, set_up, func, pb_store_fixture_tear_down)
  ADD ("/watch/delivered", test_delivered);
  ADD ("/watch/marked", test_marked);
  ADD ("/watch/together", test_together);
  ADD ("/watch/folder", test_folder);
  return g_test_run ();
}
