/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Files and databases that others changed, damaged or lost: what is in the Maildir is what there
 * is. */

#include <glib/gstdio.h>
#include <string.h>

#include "pb-maildir-name.h"
#include "pb-store-fixture.h"

#define N_MESSAGES 40
#define N_SEEDS 40

static char *
data_file (PbStoreFixture *f, const char *name) {
  return g_build_filename (f->dir, name, NULL);
}

static void
shut (PbStoreFixture *f) {
  pb_store_close (g_steal_pointer (&f->store));
}

/* N_MESSAGES: every third read, every fourth starred, every fifth in the trash. */
static void
fill (PbStoreFixture *f) {
  pb_store_deliver_many (f->store, "m", N_MESSAGES);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  for (guint i = 0; i < N_MESSAGES; i++) {
    gint64 id = g_array_index (ids, gint64, i);
    if (i % 3 == 0)
      pb_store_set_flags (f->store, id, PB_FLAG_READ, 0);
    if (i % 4 == 0)
      pb_store_set_flags (f->store, id, PB_FLAG_STARRED, 0);
    if (i % 5 == 0)
      pb_store_move (f->store, id, PB_FOLDER_TRASH);
  }
}

static void
assert_filled (PbStoreFixture *f) {
  g_autoptr (GArray) inbox = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autoptr (GArray) trash = pb_store_list (f->store, PB_FOLDER_TRASH);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  guint in_inbox = 0, in_trash = 0, unread = 0;

  g_assert_cmpuint (inbox->len + trash->len, ==, N_MESSAGES);
  for (guint i = 0; i < N_MESSAGES; i++)
    g_ptr_array_add (names, g_strdup_printf ("m-%u", i));
  g_ptr_array_add (names, NULL);
  g_autoptr (GArray) ledger = pb_store_match (f->store, (const char *const *) names->pdata);
  for (guint i = 0; i < N_MESSAGES; i++) {
    gint64 id = i % 5 == 0 ? g_array_index (trash, gint64, in_trash++)
                           : g_array_index (inbox, gint64, in_inbox++);
    g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, id);
    g_assert_cmpstr (row->summary->subject, ==, names->pdata[i]);
    g_assert_cmpint (row->flags, ==,
                     (i % 3 == 0 ? PB_FLAG_READ : 0) | (i % 4 == 0 ? PB_FLAG_STARRED : 0));
    g_assert_true (g_array_index (ledger, PbLedgerRow, i).durable);
    unread += i % 5 != 0 && i % 3 != 0;
  }
  PbFolder *folder = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  g_assert_cmpuint (pb_folder_get_total (folder), ==, in_inbox);
  g_assert_cmpuint (pb_folder_get_unread (folder), ==, unread);
}

static void
test_restart (PbStoreFixture *f, gconstpointer unused) {
  fill (f);
  assert_filled (f);
  pb_store_fixture_reopen (f);
  assert_filled (f);
}

static void
test_index_lost (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *index = data_file (f, "index.sqlite");

  fill (f);
  g_autoptr (GArray) before = pb_store_list (f->store, PB_FOLDER_INBOX);
  shut (f);
  g_assert_cmpint (g_remove (index), ==, 0);
  f->store = pb_store_open (f->dir);
  assert_filled (f);
  /* Who kept an id of the old index must not meet another message under it. */
  g_autoptr (GArray) after = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpint (g_array_index (after, gint64, 0), >,
                   g_array_index (before, gint64, before->len - 1));
}

static void
test_ledger_lost (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *ledger = data_file (f, "ledger.sqlite");

  fill (f);
  shut (f);
  g_assert_cmpint (g_remove (ledger), ==, 0);
  f->store = pb_store_open (f->dir);
  assert_filled (f);
  g_assert_cmpuint (pb_store_deliver_text (f->store, "m-7", "Subject: m-7\n\n"), ==, 1);
}

static void
test_both_lost (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *index = data_file (f, "index.sqlite");
  g_autofree char *ledger = data_file (f, "ledger.sqlite");

  fill (f);
  shut (f);
  g_assert_cmpint (g_remove (index), ==, 0);
  g_assert_cmpint (g_remove (ledger), ==, 0);
  f->store = pb_store_open (f->dir);
  assert_filled (f);
}

static void
damage (const char *path, guint32 seed) {
  g_autofree char *data = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  if (seed % 4 == 0) {
    length = (gsize) g_rand_int_range (rand, 0, (gint32) length);
  } else {
    guint count = seed % 4 == 1 ? 1 : seed % 4 == 2 ? 50 : 5000;
    for (guint i = 0; i < count; i++)
      data[g_rand_int_range (rand, 0, (gint32) length)] ^=
        (char) (1 << g_rand_int_range (rand, 0, 8));
  }
  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
}

/* @name: the file that is damaged, again and again. What the ledger says of what is not here may be
 * lost. */
static void
damage_often (PbStoreFixture *f, const char *name, guint32 first) {
  g_autofree char *path = data_file (f, name);

  fill (f);
  for (guint32 seed = first; seed < first + N_SEEDS; seed++) {
    shut (f);
    damage (path, seed);
    g_test_message ("seed %u", seed);
    f->store = pb_store_open (f->dir);
    assert_filled (f);
  }
}

static void
test_index_damaged (PbStoreFixture *f, gconstpointer unused) {
  damage_often (f, "index.sqlite", 100);
}

static void
test_ledger_damaged (PbStoreFixture *f, gconstpointer unused) {
  damage_often (f, "ledger.sqlite", 500);
}

/* While it is open. What fails may fail, but the next query finds all mail. */
static void
test_index_damaged_while_open (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *index = data_file (f, "index.sqlite");
  g_autofree char *log = data_file (f, "index.sqlite-wal");
  g_autofree char *zeros = g_malloc0 (65536);

  fill (f);
  pb_store_fixture_reopen (f);
  FILE *file = g_fopen (index, "r+");
  g_assert_nonnull (file);
  for (guint i = 0; i < 64; i++)
    g_assert_cmpuint (fwrite (zeros, 1, 65536, file), ==, 65536);
  fclose (file);
  g_remove (log);
  pb_store_deliver_many (f->store, "new", 5);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpuint (ids->len, ==, N_MESSAGES * 4 / 5 + 5);
  g_assert_cmpuint (pb_store_count (f->store, PB_FOLDER_TRASH), ==, N_MESSAGES / 5);
  g_autofree char *subjects = pb_store_subjects (f->store, ids);
  g_assert_true (g_str_has_suffix (subjects, "new-3 new-4"));
}

static void
write_file (PbStoreFixture *f, const char *part, const char *name, const char *text) {
  g_autofree char *path = pb_store_file_path (f->dir, part, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
rename_file (PbStoreFixture *f,
             const char *from_part,
             const char *from,
             const char *to_part,
             const char *to) {
  g_autofree char *old = pb_store_file_path (f->dir, from_part, from);
  g_autofree char *new = pb_store_file_path (f->dir, to_part, to);

  g_assert_cmpint (g_rename (old, new), ==, 0);
}

/* What other programs deliver or put there; @closed: while the store is closed. */
static void
foreign_files (PbStoreFixture *f, gboolean closed) {
  pb_store_deliver_many (f->store, "m", 1);
  g_autoptr (GPtrArray) ours = pb_store_list_files (f->dir, "cur");
  if (closed)
    shut (f);
  write_file (f, "new", "1600000000.M1P1.host", "Subject: old\n\n");
  write_file (f, "new", "note", "Subject: odd\n\n");
  write_file (f, "cur", "1600000001.M1P1.host:2,FS", "Subject: seen\n\n");
  write_file (f, "cur", "1600000002.M1P1.host", "Subject: bare\n\n");
  write_file (f, "cur", ".hidden", "no message");
  g_autofree char *dir = pb_store_file_path (f->dir, "cur", "directory");
  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  if (closed)
    f->store = pb_store_open (f->dir);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autofree char *subjects = pb_store_subjects (f->store, ids);
  g_assert_true (g_str_has_prefix (subjects, "old seen bare "));
  g_assert_cmpuint (ids->len, ==, 5);
  g_autoptr (PbMessageRow) seen = pb_store_load_row (f->store, g_array_index (ids, gint64, 1));
  g_assert_cmpint (seen->flags, ==, PB_FLAG_READ | PB_FLAG_STARRED);
  g_assert_cmpint (seen->received, ==, 1600000001);
  g_autoptr (PbMessageRow) bare = pb_store_load_row (f->store, g_array_index (ids, gint64, 2));
  g_assert_cmpint (bare->flags, ==, 0);
  g_autoptr (GBytes) bytes = pb_store_load (f->store, bare->id, NULL);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 15);
  pb_store_set_flags (f->store, bare->id, PB_FLAG_READ, 0);
  g_autoptr (GPtrArray) new = pb_store_list_files (f->dir, "new");
  g_assert_cmpuint (new->len, ==, 0);
  pb_store_fixture_reopen (f);
  g_autoptr (PbMessageRow) again = pb_store_load_row (f->store, bare->id);
  g_assert_cmpint (again->flags, ==, PB_FLAG_READ);
}

static void
test_foreign_closed (PbStoreFixture *f, gconstpointer unused) {
  foreign_files (f, TRUE);
}

static void
test_foreign_open (PbStoreFixture *f, gconstpointer unused) {
  foreign_files (f, FALSE);
}

/* Another program marks, moves and deletes while the list is on the screen; no query in between. */
static void
test_behind_our_back (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", 4);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autoptr (GPtrArray) names = pb_store_list_files (f->dir, "cur");
  g_autofree char *starred = g_strconcat (names->pdata[0], "F", NULL);
  g_autofree char *removed = pb_store_file_path (f->dir, "cur", names->pdata[1]);
  gint64 first = g_array_index (ids, gint64, 0), second = g_array_index (ids, gint64, 1);

  rename_file (f, "cur", names->pdata[0], "cur", starred);
  g_assert_cmpint (g_remove (removed), ==, 0);
  rename_file (f, "cur", names->pdata[2], ".Archive/cur", names->pdata[2]);
  g_autoptr (GBytes) bytes = pb_store_load (f->store, first, NULL);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  pb_store_set_flags (f->store, first, PB_FLAG_READ, 0);
  pb_store_set_flags (f->store, second, PB_FLAG_READ, 0);
  pb_store_move (f->store, second, PB_FOLDER_TRASH);
  pb_store_delete (f->store, second);
  g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, first);
  g_assert_cmpint (row->flags, ==, PB_FLAG_READ | PB_FLAG_STARRED);
  g_autoptr (GArray) inbox = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autofree char *in_inbox = pb_store_subjects (f->store, inbox);
  g_assert_cmpstr (in_inbox, ==, "m-0 m-3");
  g_autoptr (GArray) archive = pb_store_list (f->store, PB_FOLDER_ARCHIVE);
  g_autofree char *in_archive = pb_store_subjects (f->store, archive);
  g_assert_cmpstr (in_archive, ==, "m-2");
  g_assert_true (pb_store_match_one (f->store, "m-2").durable);
  PbLedgerRow gone = pb_store_match_one (f->store, "m-1");
  g_assert_cmpint (gone.state, ==, PB_LEDGER_STORED);
  g_assert_false (gone.durable);
}

/* Their letters mean something else in each folder. */
static void
test_keywords_move (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *here = pb_store_file_path (f->dir, "dovecot-keywords", NULL);
  g_autofree char *there = pb_store_file_path (f->dir, ".Trash", "dovecot-keywords");
  g_autofree char *words = NULL;

  pb_store_deliver_many (f->store, "m", 2);
  g_assert_true (g_file_set_contents (here, "0 Work\n3 Urgent\n", -1, NULL));
  g_assert_true (g_file_set_contents (there, "0 Other\n1 Urgent\n", -1, NULL));
  g_autoptr (GPtrArray) names = pb_store_list_files (f->dir, "cur");
  /* The last letter means nothing. */
  g_autofree char *tagged = g_strconcat (names->pdata[0], "Fadx", NULL);
  rename_file (f, "cur", names->pdata[0], "cur", tagged);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_move (f->store, g_array_index (ids, gint64, 0), PB_FOLDER_TRASH);
  g_autoptr (GPtrArray) moved = pb_store_list_files (f->dir, ".Trash/cur");
  g_assert_cmpuint (moved->len, ==, 1);
  g_assert_true (g_str_has_suffix (moved->pdata[0], ":2,Fbc"));
  g_assert_true (g_file_get_contents (there, &words, NULL, NULL));
  g_assert_cmpstr (words, ==, "0 Other\n1 Urgent\n2 Work\n");
}

/* A temporary that a log calls complete, of the message NAME; @written is what is in it. */
static void
leave_behind (PbStoreFixture *f, const char *name, guint number, const char *written) {
  static const char wanted[] = "Subject: received\n\nin full\n";
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *temporary = g_strdup_printf ("1700000000.M1P1Q%u.postbag", number);
  guint8 content[PB_CONTENT_SIZE];
  gsize length = sizeof content;
  PbDigest digest;

  g_checksum_update (sum, (const guchar *) wanted, -1);
  g_checksum_get_digest (sum, content, &length);
  pb_digest_set (&digest, PB_STORE_ACCOUNT, (const guint8 *) name, strlen (name));
  g_autofree char *base = pb_maildir_name_base (temporary, &digest, strlen (wanted));
  g_autofree char *note = pb_maildir_name_note (base, content);
  g_autofree char *log = pb_maildir_name_new_log ();
  g_autofree char *lines = g_strdup_printf ("garbage\n%s\n%s", note, note);
  write_file (f, "tmp", log, lines);
  write_file (f, "tmp", temporary, written ? written : wanted);
}

/* Of what a stopped process left, only what is whole and new becomes mail. */
static void
test_salvage (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", 2);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  pb_store_delete (f->store, g_array_index (ids, gint64, 1));
  leave_behind (f, "whole", 1, NULL);
  leave_behind (f, "whole", 2, NULL);
  leave_behind (f, "torn", 3, "Subject: recei");
  leave_behind (f, "changed", 4, "Subject: received\n\nin fall\n");
  leave_behind (f, "m-0", 5, NULL);
  leave_behind (f, "m-1", 6, NULL);
  pb_store_fixture_reopen (f);
  g_autoptr (GArray) inbox = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autofree char *subjects = pb_store_subjects (f->store, inbox);
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_true (g_str_equal (subjects, "received m-0") || g_str_equal (subjects, "m-0 received"));
  g_assert_true (pb_store_match_one (f->store, "whole").durable);
  g_assert_cmpint (pb_store_match_one (f->store, "torn").state, ==, PB_LEDGER_UNKNOWN);
  g_assert_cmpint (pb_store_match_one (f->store, "m-1").state, ==, PB_LEDGER_DELETED_HERE);
}

/* A name that is taken is never written over. */
static void
test_name_taken (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "m", 1);
  g_autoptr (GPtrArray) names = pb_store_list_files (f->dir, "cur");
  g_autofree char *taken = g_strconcat (names->pdata[0], "S", NULL);
  g_autofree char *path = pb_store_file_path (f->dir, "cur", taken);
  g_autofree char *text = NULL;
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);

  write_file (f, "cur", taken, "another file");
  pb_store_set_flags (f->store, g_array_index (ids, gint64, 0), PB_FLAG_READ, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "another file");
  g_autoptr (GPtrArray) still = pb_store_list_files (f->dir, "cur");
  g_assert_cmpuint (still->len, ==, 2);
}

static void
test_new_folder (PbStoreFixture *f, gconstpointer unused) {
  static const char *const parts[] = { "cur", "new", "tmp" };

  shut (f);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = pb_store_file_path (f->dir, ".Lists.M&APw-nchen", parts[i]);
    g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  }
  write_file (f, ".Lists.M&APw-nchen/new", "1600000000.M1P1.host", "Subject: list\n\n");
  f->store = pb_store_open (f->dir);
  PbFolder *folder = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_ORDINARY);
  g_assert_cmpstr (pb_folder_get_name (folder), ==, "Lists/M\xc3\xbcnchen");
  g_assert_cmpuint (pb_folder_get_total (folder), ==, 1);
}

/* Temporaries of a process that died; those of other programs are theirs. */
static void
test_temporaries (PbStoreFixture *f, gconstpointer unused) {
  shut (f);
  write_file (f, "tmp", "1700000000.M000001P5Q1.postbag", "half a mess");
  write_file (f, "tmp", "1700000000.M1P5.host", "of another program");
  f->store = pb_store_open (f->dir);
  g_autoptr (GPtrArray) left = pb_store_list_files (f->dir, "tmp");
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpstr (left->pdata[0], ==, "1700000000.M1P5.host");
}

static gboolean
is_folder_full (gpointer data) {
  return pb_folder_get_total (data) == 3000;
}

/* More than is read at once: the rest follows in the background, in the same order. */
static void
test_many_files (PbStoreFixture *f, gconstpointer unused) {
  for (guint i = 0; i < 3000; i++) {
    g_autofree char *name = g_strdup_printf ("%u.M%uP1.host:2,", 1600000000 + i / 10, i % 10);
    g_autofree char *text = g_strdup_printf ("Subject: f-%u\n\n", i);
    write_file (f, "cur", name, text);
  }
  g_autoptr (GArray) first = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpuint (first->len, >=, 2000);
  PbFolder *inbox = pb_mail_store_find_folder (f->store, PB_STORE_ACCOUNT, PB_FOLDER_INBOX);
  pb_test_until (is_folder_full, inbox);
  pb_store_settle (f->store);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpuint (ids->len, ==, 3000);
  for (guint i = 0; i < 3000; i += 271) {
    g_autofree char *subject = g_strdup_printf ("f-%u", i);
    g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, g_array_index (ids, gint64, i));
    g_assert_cmpstr (row->summary->subject, ==, subject);
  }
}

/* A store of a later version: its ledger is not touched, its index is only a cache. */
static void
test_newer_index (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *index = data_file (f, "index.sqlite");
  g_autofree char *data = NULL;
  gsize length;

  fill (f);
  shut (f);
  g_assert_true (g_file_get_contents (index, &data, &length, NULL));
  data[63] = 99; /* the user version, big endian, of the header */
  g_assert_true (g_file_set_contents (index, data, (gssize) length, NULL));
  f->store = pb_store_open (f->dir);
  assert_filled (f);
}

static void
test_newer_ledger (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *ledger = data_file (f, "ledger.sqlite");
  g_autofree char *data = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  gsize length, length_after;

  shut (f);
  g_assert_true (g_file_get_contents (ledger, &data, &length, NULL));
  data[63] = 99;
  g_assert_true (g_file_set_contents (ledger, data, (gssize) length, NULL));
  f->store = pb_mail_store_new (f->dir);
  pb_mail_store_open_async (f->store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_mail_store_open_finish (f->store, result, &error));
  g_assert_nonnull (error);
  g_clear_object (&result);
  shut (f);
  g_assert_true (g_file_get_contents (ledger, &after, &length_after, NULL));
  g_assert_cmpmem (data, length, after, length_after);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/rescan/restart", test_restart);
  ADD ("/rescan/index-lost", test_index_lost);
  ADD ("/rescan/ledger-lost", test_ledger_lost);
  ADD ("/rescan/both-lost", test_both_lost);
  ADD ("/rescan/index-damaged", test_index_damaged);
  ADD ("/rescan/ledger-damaged", test_ledger_damaged);
  ADD ("/rescan/index-damaged-while-open", test_index_damaged_while_open);
  ADD ("/rescan/foreign-closed", test_foreign_closed);
  ADD ("/rescan/foreign-open", test_foreign_open);
  ADD ("/rescan/behind-our-back", test_behind_our_back);
  ADD ("/rescan/name-taken", test_name_taken);
  ADD ("/rescan/keywords-move", test_keywords_move);
  ADD ("/rescan/salvage", test_salvage);
  ADD ("/rescan/new-folder", test_new_folder);
  ADD ("/rescan/temporaries", test_temporaries);
  ADD ("/rescan/many-files", test_many_files);
  ADD ("/rescan/newer-index", test_newer_index);
  ADD ("/rescan/newer-ledger", test_newer_ledger);
  return g_test_run ();
}
