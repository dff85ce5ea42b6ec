/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail out of the store and back, in every format; mail of other programs. In slow mode the round
 * trip is one of 10,000 messages. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pb-error.h"
#include "pb-mail-transfer.h"
#include "pb-maildir.h"
#include "pb-maildir-name.h"
#include "pb-folder-name.h"
#include "pb-store-fixture.h"

#define F "From a@example.org Mon Jan  6 10:00:00 2020\n"

/* ---- Calls ---- */

static gboolean
try_import (PbMailStore *store,
            const PbImportOptions *options,
            GCancellable *cancellable,
            PbTransferProgress *progress,
            GError **error) {
  GAsyncResult *done = NULL;

  pb_mail_store_import_async (store, options, NULL, NULL, cancellable, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_mail_store_import_finish (store, result, progress, error);
}

static PbTransferProgress
import (PbMailStore *store, const char *path, PbMailFormat format, const char *folder) {
  PbImportOptions options = { path, format, PB_STORE_ACCOUNT, folder, FALSE };
  PbTransferProgress progress;
  g_autoptr (GError) error = NULL;

  try_import (store, &options, NULL, &progress, &error);
  g_assert_no_error (error);
  return progress;
}

static gboolean
try_export (PbMailStore *store,
            const char *path,
            PbMailFormat format,
            GCancellable *cancellable,
            PbTransferProgress *progress,
            GError **error) {
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GListModel *folders = pb_mail_store_get_folders (store);
  GAsyncResult *done = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (folders); i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (folders, i);
    gint64 id = pb_folder_get_id (folder);
    g_array_append_val (ids, id);
  }
  PbExportOptions options = { path, format, (gint64 *) (gpointer) ids->data, ids->len };
  pb_mail_store_export_async (store, &options, NULL, NULL, cancellable, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_mail_store_export_finish (store, result, progress, error);
}

/* ---- What is on disk ---- */

static void
describe_file (GPtrArray *lines,
               const char *path,
               const char *folder,
               const char *name,
               PbMaildirKeywords keywords,
               gboolean marks) {
  g_autofree char *file = g_build_filename (path, "cur", name, NULL);
  g_autofree char *base = g_strdup (name);
  g_autofree char *content = NULL;
  g_autoptr (GString) tags = g_string_new (NULL);
  PbMaildirTime time;
  gsize length;

  g_assert_true (g_file_get_contents (file, &content, &length, NULL));
  g_autofree char *digest =
    g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) content, length);
  const char *letters = pb_maildir_name_split (base);
  for (const char *p = letters; *p; p++) {
    if (g_ascii_islower (*p))
      g_string_append_printf (tags, ",%s", keywords[*p - 'a']);
  }
  pb_maildir_name_get_time (base, &time);
  g_ptr_array_add (lines,
                   g_strdup_printf ("%s|%s|%" G_GINT64_FORMAT "|%.*s%s", folder, digest,
                                    time.seconds, marks ? (int) strcspn (letters, "abcdefghij") : 0,
                                    letters, marks ? tags->str : ""));
}

static int
compare_lines (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Every message of the account: folder, digest, time, marks; sorted. */
static char *
describe (const char *dir, gboolean marks) {
  g_autofree char *root = g_build_filename (dir, "mail", PB_STORE_ACCOUNT, NULL);
  g_autoptr (GPtrArray) dirs = pb_maildir_list_folders (root);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < dirs->len; i++) {
    g_autofree char *path = g_build_filename (root, dirs->pdata[i], NULL);
    g_autofree char *folder = pb_folder_name_from_dir (dirs->pdata[i]);
    g_autoptr (PbMaildirNames) names = pb_maildir_list (path, NULL);
    PbMaildirKeywords keywords;
    pb_maildir_keywords_read (path, keywords);
    for (guint k = 0; k < names->names->len; k++) {
      const PbMaildirName *name = &g_array_index (names->names, PbMaildirName, k);
      g_autofree char *full = pb_maildir_name_join (name->base, name->letters);
      describe_file (lines, path, folder, full, keywords, marks);
    }
    pb_maildir_keywords_clear (keywords);
  }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static void
write_file (const char *dir, const char *name, const char *text, gssize length) {
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

/* ---- Round trips ---- */

static const char *const folders[] = { "", ".Archive", ".Lists.M&APw-nchen", ".Trash",
                                       ".&Zg6QAQ-" };
static const char *const letters[] = { "", "S", "FS", "RSb", "Sab", "DFPRS", "T" };

/* A Maildir++ of @count messages, of all kinds. */
static void
make_maildir (const char *dir, guint count) {
  static const char *const bodies[] = { "body\n",       "From me\n>From you\n>>From them\n",
                                        "\xff\xfe\n",   "bare\rCR\n",
                                        "a\n\n\n",      "\n",
                                        F "X: y\n\nz\n" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = g_build_filename (dir, folders[i], NULL);
    g_assert_true (pb_maildir_make (path, i > 0, NULL));
    write_file (path, "dovecot-keywords", i % 2 ? "0 $label1\n1 work\n" : "0 work\n1 b\xc3\xbcro\n",
                -1);
  }
  for (guint i = 0; i < count; i++) {
    g_autofree char *name =
      g_strdup_printf ("%s/cur/%u.M%uP1.host:2,%s", folders[i % G_N_ELEMENTS (folders)],
                       1500000000 + i, i, letters[i % G_N_ELEMENTS (letters)]);
    g_string_printf (text,
                     "From: a%u@example.org\nSubject: m%u\nMessage-ID: <%u@example.org>\n\n%s",
                     i % 10, i, i, bodies[i % G_N_ELEMENTS (bodies)]);
    if (i % 11 == 0)
      g_string_append_len (text, "NUL\0NUL\n", 8);
    write_file (dir, name, text->str, (gssize) text->len);
  }
}

static void
assert_round_trip (PbStoreFixture *f, PbMailFormat format, const char *name, guint count) {
  g_autofree char *out = g_build_filename (f->dir, name, NULL);
  char *other = pb_test_make_dir ();
  PbMailStore *store = pb_store_open (other);
  g_autoptr (GError) error = NULL;
  PbTransferProgress progress;

  pb_store_add_account (store, PB_STORE_ACCOUNT);
  gint64 start = g_get_monotonic_time ();
  try_export (f->store, out, format, NULL, &progress, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (progress.messages, ==, count);
  g_assert_cmpuint (progress.bytes, ==, progress.total_bytes);
  gint64 exported = g_get_monotonic_time ();
  progress = import (store, out, PB_FORMAT_AUTO, "");
  g_test_message ("%s: %u messages out in %.2f s, in again in %.2f s", name, count,
                  (double) (exported - start) / 1e6,
                  (double) (g_get_monotonic_time () - exported) / 1e6);
  g_assert_cmpuint (progress.messages, ==, count);
  g_assert_cmpuint (progress.bytes, ==, progress.total_bytes);
  g_autofree char *before = describe (f->dir, format != PB_FORMAT_EML);
  g_autofree char *after = describe (other, format != PB_FORMAT_EML);
  g_assert_true (g_str_equal (before, after));
  progress = import (store, out, PB_FORMAT_AUTO, "");
  g_assert_cmpuint (progress.messages, ==, 0);
  g_assert_cmpuint (progress.duplicates, ==, count);
  pb_store_close (store);
  pb_test_remove_dir (other);
}

static void
test_round_trip (PbStoreFixture *f, gconstpointer unused) {
  guint count = g_test_slow () ? 10000 : 300;
  g_autofree char *source = g_build_filename (f->dir, "source", NULL);
  g_autoptr (GError) error = NULL;

  make_maildir (source, count);
  PbTransferProgress progress = import (f->store, source, PB_FORMAT_MAILDIR, "");
  g_assert_cmpuint (progress.messages, ==, count);
  g_assert_cmpuint (progress.duplicates, ==, 0);
  g_autofree char *stored = describe (f->dir, TRUE);
  g_assert_nonnull (strstr (stored, "Lists/München|"));
  g_assert_nonnull (strstr (stored, "|DFPRS\n"));
  g_assert_nonnull (strstr (stored, ",büro"));
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, count / 5);

  assert_round_trip (f, PB_FORMAT_MAILDIR, "maildir", count);
  assert_round_trip (f, PB_FORMAT_MBOX, "mbox", count);
  assert_round_trip (f, PB_FORMAT_EML, "eml", count);
  g_assert_false (try_export (f->store, source, PB_FORMAT_EML, NULL, &progress, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
}

/* All folders in one file: folders are lost, all else stays. */
static void
test_single_mbox (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *source = g_build_filename (f->dir, "source", NULL);
  g_autofree char *file = g_build_filename (f->dir, "all.mbox", NULL);
  g_autofree char *part = g_build_filename (f->dir, "all.mbox.part", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  PbTransferProgress progress;

  make_maildir (source, 50);
  import (f->store, source, PB_FORMAT_MAILDIR, "");
  g_cancellable_cancel (cancellable);
  g_assert_false (try_export (f->store, file, PB_FORMAT_MBOX, cancellable, &progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_true (try_export (f->store, file, PB_FORMAT_MBOX, NULL, &progress, &error));
  progress = import (f->store, file, PB_FORMAT_AUTO, "Again");
  g_assert_cmpuint (progress.duplicates, ==, 50);
  g_assert_false (try_export (f->store, file, PB_FORMAT_MBOX, NULL, &progress, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
}

/* ---- Other programs ---- */

static void
assert_folder (PbStoreFixture *f, const char *folder, const char *subjects_and_flags) {
  GListModel *all = pb_mail_store_get_folders (f->store);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (PbFolder) item = g_list_model_get_item (all, i);
    if (!g_str_equal (pb_folder_get_name (item), folder))
      continue;
    PbQuery query = { .folder_id = pb_folder_get_id (item), .order = PB_ORDER_OLDEST_FIRST };
    g_autoptr (GArray) ids = pb_store_query (f->store, &query);
    g_autoptr (GPtrArray) rows = pb_store_load_rows (f->store, ids);
    for (guint k = 0; k < rows->len; k++) {
      const PbMessageRow *row = rows->pdata[k];
      g_string_append_printf (
        text, "%s%s%s%s%s ", row->summary->subject, row->flags & PB_FLAG_READ ? "S" : "",
        row->flags & PB_FLAG_STARRED ? "F" : "", row->flags & PB_FLAG_ANSWERED ? "R" : "",
        row->flags & PB_FLAG_FORWARDED ? "P" : "");
    }
  }
  g_assert_cmpstr (text->str, ==, subjects_and_flags);
}

static void
test_mh (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *mh = g_build_filename (f->dir, "mh", NULL);

  write_file (mh, "inbox/1", "Subject: 1\n\n", -1);
  write_file (mh, "inbox/2", "Subject: 2\n\n", -1);
  write_file (mh, "inbox/10", "Subject: 10\n\n", -1);
  write_file (mh, "inbox/,3", "Subject: removed\n\n", -1);
  write_file (mh, "inbox/.mh_sequences",
              "cur: 2\nunseen: 2-9\nflagged: 1 10\nreplied: 10\nidea: 1\n", -1);
  write_file (mh, "inbox/deep/7", "Subject: 7\n\n", -1);
  PbTransferProgress progress = import (f->store, mh, PB_FORMAT_MH, "MH");
  g_assert_cmpuint (progress.messages, ==, 4);
  assert_folder (f, "MH/inbox", "1SF 10SFR 2 ");
  assert_folder (f, "MH/inbox/deep", "7 ");
}

/* A profile of Thunderbird, with what else lies there. */
static void
test_tree (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *tree = g_build_filename (f->dir, "tree", NULL);
  g_autofree char *link = g_build_filename (tree, "loop", NULL);

  write_file (tree, "Inbox",
              F "X-Mozilla-Status: 0001\nSubject: 1\n\n\n" F
                "X-Mozilla-Status: 0008\nSubject: gone\n\n\n",
              -1);
  write_file (tree, "Inbox.msf", "// index\n", -1);
  write_file (tree, "Lists.sbd/Deep", F "X-Mozilla-Status: 1006\nSubject: 2\n\n\n", -1);
  write_file (tree, "Apple.mbox/mbox", F "Subject: 3\n\n\n", -1);
  write_file (tree, "letters/one.eml", "Subject: 4\r\n\r\nbody\r\nbare\rCR\r\n", -1);
  write_file (tree, "letters/TWO.EML", "Subject: 5\n\nbody\r\n", -1);
  write_file (tree, "letters/picture.jpg", "\xff\xd8", -1);
  write_file (tree, "odd%3Aname/x.eml", "Subject: 6\n\n", -1);
  write_file (tree, "Maildir/new/1.a.b", "Subject: 7\n\n", -1);
  write_file (tree, "Maildir/cur/2.a.b:2,S", "Subject: 8\n\n", -1);
  write_file (tree, "empty.mbox", "", 0);
  g_assert_cmpint (symlink ("..", link), ==, 0);
  PbTransferProgress progress = import (f->store, tree, PB_FORMAT_AUTO, "");
  g_assert_cmpuint (progress.messages, ==, 8);
  g_assert_cmpuint (progress.skipped, ==, 1);
  assert_folder (f, "", "1S ");
  assert_folder (f, "Lists/Deep", "2FRP ");
  assert_folder (f, "Apple", "3 ");
  assert_folder (f, "letters", "5 4 ");
  assert_folder (f, "odd:name", "6 ");
  assert_folder (f, "Maildir", "7 8S ");
  /* It is the same message that a server would send. */
  g_assert_cmpuint (pb_store_deliver_text (f->store, "uidl", "Subject: 4\n\nbody\nbare\rCR\n"), ==,
                    1);
}

static void
test_read (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *file = g_build_filename (f->dir, "a.mbox", NULL);
  PbImportOptions options = { file, PB_FORMAT_AUTO, PB_STORE_ACCOUNT, "", TRUE };
  g_autoptr (GError) error = NULL;

  write_file (f->dir, "a.mbox", F "Subject: 1\n\n\n" F "Subject: 2\nX-Status: F\n\n\n", -1);
  g_assert_true (try_import (f->store, &options, NULL, NULL, &error));
  assert_folder (f, "", "1S 2F ");
}

/* ---- Once and only once ---- */

static void
test_duplicates (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *file = g_build_filename (f->dir, "a.mbox", NULL);

  write_file (f->dir, "a.mbox",
              F "Message-ID: <1@x>\n\naa\n\n" F "Message-ID: <1@x>\n\nbb\n\n" F
                "Message-ID: <1@x>\n\naa\n\n",
              -1);
  g_assert_cmpuint (pb_store_deliver_text (f->store, "uidl", "Message-ID: <1@x>\n\naa\n"), ==, 0);
  PbTransferProgress progress = import (f->store, file, PB_FORMAT_AUTO, "");
  g_assert_cmpuint (progress.messages, ==, 1);
  g_assert_cmpuint (progress.duplicates, ==, 2);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpuint (ids->len, ==, 2);

  /* What was deleted here comes back when it is asked for. */
  pb_store_delete (f->store, g_array_index (ids, gint64, 0));
  pb_store_delete (f->store, g_array_index (ids, gint64, 1));
  progress = import (f->store, file, PB_FORMAT_AUTO, "");
  g_assert_cmpuint (progress.messages, ==, 2);
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, 2);
  progress = import (f->store, file, PB_FORMAT_AUTO, "");
  g_assert_cmpuint (progress.duplicates, ==, 3);

  /* File names tell it where the ledger was lost. */
  g_autofree char *ledger = g_build_filename (f->dir, "ledger.sqlite", NULL);
  pb_store_close (g_steal_pointer (&f->store));
  g_assert_cmpint (g_unlink (ledger), ==, 0);
  f->store = pb_store_open (f->dir);
  progress = import (f->store, file, PB_FORMAT_AUTO, "");
  g_assert_cmpuint (progress.duplicates, ==, 3);
}

static void
stop_at (const PbTransferProgress *progress, gpointer data) {
  if (progress->messages > 0)
    g_cancellable_cancel (data);
}

static void
test_cancel (PbStoreFixture *f, gconstpointer unused) {
  enum { COUNT = 1500 };
  g_autofree char *file = g_build_filename (f->dir, "a.mbox", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PbImportOptions options = { file, PB_FORMAT_AUTO, PB_STORE_ACCOUNT, "", FALSE };
  PbTransferProgress progress;
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  for (guint i = 0; i < COUNT; i++)
    g_string_append_printf (text, F "Subject: %u\n\nbody\n\n", i);
  write_file (f->dir, "a.mbox", text->str, -1);
  pb_mail_store_import_async (f->store, &options, stop_at, cancellable, cancellable, pb_test_done,
                              &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  if (pb_mail_store_import_finish (f->store, result, &progress, &error))
    g_assert_cmpuint (progress.messages, ==, COUNT);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_INBOX), ==, progress.messages);
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (left->len, ==, 0);
  PbTransferProgress rest = import (f->store, file, PB_FORMAT_AUTO, "");
  g_assert_cmpuint (rest.duplicates, ==, progress.messages);
  g_assert_cmpuint (rest.messages + rest.duplicates, ==, COUNT);
}

static void
assert_refused (PbStoreFixture *f,
                const char *path,
                PbMailFormat format,
                const char *account,
                int code) {
  PbImportOptions options = { path, format, account, "", FALSE };
  g_autoptr (GError) error = NULL;

  g_assert_false (try_import (f->store, &options, NULL, NULL, &error));
  g_assert_error (error, PB_ERROR, code);
}

static void
test_refusals (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *mail = g_build_filename (f->dir, "mail", NULL);
  g_autofree char *own = g_build_filename (mail, PB_STORE_ACCOUNT, ".Trash", NULL);
  g_autofree char *none = g_build_filename (f->dir, "none", NULL);
  g_autofree char *junk = g_build_filename (f->dir, "junk", NULL);
  g_autofree char *file = g_build_filename (junk, "x.txt", NULL);
  g_autoptr (GError) error = NULL;

  write_file (junk, "x.txt", "no mail", -1);
  assert_refused (f, mail, PB_FORMAT_AUTO, PB_STORE_ACCOUNT, PB_ERROR_INVALID);
  assert_refused (f, own, PB_FORMAT_AUTO, PB_STORE_ACCOUNT, PB_ERROR_INVALID);
  assert_refused (f, none, PB_FORMAT_AUTO, PB_STORE_ACCOUNT, PB_ERROR_NOT_FOUND);
  assert_refused (f, junk, PB_FORMAT_AUTO, PB_STORE_ACCOUNT, PB_ERROR_NOT_FOUND);
  assert_refused (f, file, PB_FORMAT_MBOX, PB_STORE_ACCOUNT, PB_ERROR_INVALID);
  assert_refused (f, junk, PB_FORMAT_AUTO, "nobody", PB_ERROR_NOT_FOUND);

  GAsyncResult *done = NULL;
  pb_mail_store_lock_account_async (f->store, PB_STORE_ACCOUNT, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_mail_store_lock_account_finish (f->store, result, &error));
  assert_refused (f, file, PB_FORMAT_AUTO, PB_STORE_ACCOUNT, PB_ERROR_LOCKED);
  pb_mail_store_unlock_account (f->store, PB_STORE_ACCOUNT);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                               \
  g_test_add ("/transfer/" name, PbStoreFixture, NULL, pb_store_fixture_set_up, func, \
              pb_store_fixture_tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("single-mbox", test_single_mbox);
  ADD ("mh", test_mh);
  ADD ("tree", test_tree);
  ADD ("read", test_read);
  ADD ("duplicates", test_duplicates);
  ADD ("cancel", test_cancel);
  ADD ("refusals", test_refusals);
  return g_test_run ();
}
