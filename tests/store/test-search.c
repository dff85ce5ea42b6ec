/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Search through the whole store: real files, a real index. */

#include <glib/gstdio.h>
#include <string.h>

#include "pb-search-index.h"
#include "pb-store-fixture.h"

/* ---- Calls ---- */

static void
index_text (PbMailStore *store) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_index_text_async (store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_index_text_finish (store, result, &error);
  g_assert_no_error (error);
}

static GArray *
search_for (PbMailStore *store, const PbSearch *search, guint *missing) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_search_async (store, search, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *ids = pb_mail_store_search_finish (store, result, missing, &error);
  g_assert_no_error (error);
  return ids;
}

static GArray *
search (PbMailStore *store, const char *text) {
  return search_for (store, &(PbSearch){ .text = text, .role = PB_FOLDER_ANY }, NULL);
}

static char *
found (PbMailStore *store, const char *text) {
  g_autoptr (GArray) ids = search (store, text);

  return pb_store_subjects (store, ids);
}

#define ASSERT_FINDS(store, text, subjects)       \
  G_STMT_START {                                  \
    g_autofree char *what = found (store, text);  \
    if (strcmp (what, subjects) != 0)             \
      g_test_message ("searched for “%s”", text); \
    g_assert_cmpstr (what, ==, subjects);         \
  }                                               \
  G_STMT_END

static gint64
find_one (PbMailStore *store, const char *text) {
  g_autoptr (GArray) ids = search (store, text);

  g_assert_cmpuint (ids->len, ==, 1);
  return g_array_index (ids, gint64, 0);
}

/* ---- What is there ---- */

static const char *const mails[] = {
  "Subject: a\nFrom: Ann Lee <ann@example.org>\nTo: Robin <robin@example.net>\n"
  "Date: Sun, 01 Jan 2023 10:00:00 +0000\n\nThe quarterly figures are ready.\n",
  "Subject: b\nFrom: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\nCc: Ann <ann@example.org>\n"
  "Date: Mon, 01 May 2023 10:00:00 +0000\nContent-Type: text/html; charset=utf-8\n\n"
  "<style>p{color:hidden}</style><p>Caf&eacute; <b>figu</b>res</p><p>next</p>\n",
  "Subject: c\nFrom: li@example.com\nDate: Mon, 01 Jan 2024 10:00:00 +0000\n"
  "Content-Type: text/plain; charset=gb2312\n\n\xb3\xcc\xd0\xf2\xd4\xb1\n",
  "Subject: d\nFrom: bot@example.com\nDate: Mon, 01 Jul 2024 10:00:00 +0000\nMIME-Version: 1.0\n"
  "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nSee the sheet.\n"
  "--x\nContent-Type: application/pdf; name=\"Budget 2024.pdf\"\n"
  "Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nc2VjcmV0\n--x--\n",
};

static void
fill (PbStoreFixture *f) {
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++) {
    g_autofree char *name = g_strdup_printf ("n%u", i);
    pb_store_deliver_text (f->store, name, mails[i]);
  }
  index_text (f->store);
}

static const struct {
  const char *text;
  const char *subjects; /* the newest first */
} cases[] = {
  { "figures", "b a" },
  { "FIGU", "b a" },
  { "f", "" },
  { "quarterly figures", "a" },
  { "figures quarterly", "a" },
  { "\"quarterly figures\"", "a" },
  { "\"figures quarterly\"", "" },
  { "figures -quarterly", "b" },
  { "-figures", "d c" },
  { "-figures -sheet", "c" },
  { "quarterly OR 程序", "c a" },
  { "quarterly OR is:starred", "a" },
  { "cafe", "b" },
  { "jurgen", "b" },
  { "color", "" },
  { "程序", "c" },
  { "序", "c" },
  { "序员", "c" },
  { "程员", "" },
  { "from:ann", "a" },
  { "to:ann", "b" },
  { "ann", "b a" },
  { "to:robin@example.net", "a" },
  { "from:\"Ann Lee\"", "a" },
  { "subject:d", "d" },
  { "subject:figures", "" },
  { "body:sheet", "d" },
  { "budget", "d" },
  { "attachment:budget", "d" },
  { "attachment:\"2024 pdf\"", "d" },
  { "body:budget", "" },
  { "secret", "" },
  { "has:attachment", "d" },
  { "-has:attachment", "c b a" },
  { "before:2024", "b a" },
  { "after:2024", "d c" },
  { "on:2023-05", "b" },
  { "after:2023-05-01 before:2024-07", "c b" },
  { "figures after:2023-02", "b" },
  { "larger:300", "d" },
  { "smaller:150", "c a" },
  { "in:inbox", "d c b a" },
  { "in:nowhere", "" },
  { "account:work", "d c b a" },
  { "account:other", "" },
  { "is:unread", "d c b a" },
  { "is:read", "" },
  { "", "" },
  { "...", "" },
};

static void
test_words (PbStoreFixture *f, gconstpointer unused) {
  fill (f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    ASSERT_FINDS (f->store, cases[i].text, cases[i].subjects);
}

static void
test_changes (PbStoreFixture *f, gconstpointer unused) {
  fill (f);
  gint64 a = find_one (f->store, "quarterly");
  pb_store_set_flags (f->store, a, PB_FLAG_READ | PB_FLAG_STARRED, 0);
  ASSERT_FINDS (f->store, "is:starred", "a");
  ASSERT_FINDS (f->store, "figures is:unread", "b");
  pb_store_move (f->store, a, PB_FOLDER_ARCHIVE);
  ASSERT_FINDS (f->store, "figures", "b a");
  ASSERT_FINDS (f->store, "figures in:archive", "a");
  ASSERT_FINDS (f->store, "figures -in:archive", "b");
  pb_store_move (f->store, a, PB_FOLDER_TRASH);
  ASSERT_FINDS (f->store, "figures", "b");
  ASSERT_FINDS (f->store, "figures in:anywhere", "b a");
  ASSERT_FINDS (f->store, "figures in:trash", "a");
  pb_store_delete (f->store, a);
  ASSERT_FINDS (f->store, "figures in:anywhere", "b");
  ASSERT_FINDS (f->store, "-sheet in:anywhere", "c b");
}

static void
test_scope (PbStoreFixture *f, gconstpointer unused) {
  gint64 inbox = pb_store_folder_id (f->store, PB_FOLDER_INBOX);
  guint missing = 9;

  fill (f);
  pb_store_move (f->store, find_one (f->store, "quarterly"), PB_FOLDER_TRASH);
  g_autoptr (GArray) here =
    search_for (f->store, &(PbSearch){ .text = "figures", .folder_id = inbox }, &missing);
  g_assert_cmpuint (here->len, ==, 1);
  g_assert_cmpuint (missing, ==, 0);
  g_autoptr (GArray) trash =
    search_for (f->store, &(PbSearch){ .text = "figures", .role = PB_FOLDER_TRASH }, NULL);
  g_assert_cmpuint (trash->len, ==, 1);
  g_autoptr (GArray) two = search_for (
    f->store, &(PbSearch){ .text = "in:inbox", .role = PB_FOLDER_ANY, .limit = 2 }, NULL);
  g_autofree char *subjects = pb_store_subjects (f->store, two);
  g_assert_cmpstr (subjects, ==, "d c");
}

/* In the subject counts more than in the body, often more than seldom. */
static void
test_rank (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_text (f->store, "1", "Subject: x zebra\n\nnothing here\n");
  pb_store_deliver_text (f->store, "2", "Subject: y\n\nzebra zebra zebra zebra\n");
  pb_store_deliver_text (f->store, "3", "Subject: z\n\na zebra among many other words, it is\n");
  for (guint i = 0; i < 10; i++) {
    g_autofree char *text = g_strdup_printf ("Subject: o\n\nother %u\n", i);
    pb_store_deliver_text (f->store, text, text);
  }
  index_text (f->store);
  g_autoptr (GArray) ids = search_for (
    f->store, &(PbSearch){ .text = "zebra", .role = PB_FOLDER_ANY, .order = PB_SEARCH_BEST_FIRST },
    NULL);
  g_autofree char *subjects = pb_store_subjects (f->store, ids);
  g_assert_cmpstr (subjects, ==, "x zebra y z");
}

/* ---- Coming and going of the index ---- */

static guint
count_missing (PbMailStore *store) {
  guint missing;
  g_autoptr (GArray) ids =
    search_for (store, &(PbSearch){ .text = "x", .role = PB_FOLDER_ANY }, &missing);

  return missing;
}

static gboolean
nothing_missing (gpointer store) {
  return count_missing (store) == 0;
}

/* Nobody asks, and it happens. */
static void
test_by_itself (PbStoreFixture *f, gconstpointer unused) {
  pb_store_deliver_many (f->store, "many", 300);
  pb_test_until (nothing_missing, f->store);
  g_autoptr (GArray) ids = search (f->store, "body");
  g_assert_cmpuint (ids->len, ==, 300);
  pb_store_fixture_reopen (f);
  g_assert_cmpuint (count_missing (f->store), ==, 0);
  ASSERT_FINDS (f->store, "\"body 299\"", "many-299");
}

static void
remove_beside (PbStoreFixture *f, const char *name) {
  static const char *const ends[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *path = g_strconcat (f->dir, "/", name, ends[i], NULL);
    g_unlink (path);
  }
}

static void
reopen_without (PbStoreFixture *f, const char *name) {
  pb_store_close (g_steal_pointer (&f->store));
  remove_beside (f, name);
  f->store = pb_store_open (f->dir);
}

/* A new index gives other ids. */
static void
test_lost (PbStoreFixture *f, gconstpointer unused) {
  fill (f);
  reopen_without (f, "search.sqlite");
  index_text (f->store);
  ASSERT_FINDS (f->store, "figures", "b a");
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*out of date*made anew*");
  reopen_without (f, "index.sqlite");
  index_text (f->store);
  ASSERT_FINDS (f->store, "figures", "b a");
  ASSERT_FINDS (f->store, "程序", "c");
  g_test_assert_expected_messages ();
}

static GLogWriterOutput
swallow (GLogLevelFlags level, const GLogField *fields, gsize count, gpointer unused) {
  return G_LOG_WRITER_HANDLED;
}

/* Whatever is in the file, the store works, and after a while all is found. */
static void
test_damaged (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *path = g_build_filename (f->dir, "search.sqlite", NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  pb_store_deliver_many (f->store, "many", 300);
  for (guint round = 0; round < 10; round++) {
    g_autofree char *data = NULL;
    gsize length;
    pb_store_fixture_reopen (f);
    index_text (f->store);
    index_text (f->store);
    pb_store_close (g_steal_pointer (&f->store));
    g_assert_true (g_file_get_contents (path, &data, &length, NULL));
    for (guint i = 0; i < 300 && round % 5 > 0; i++)
      data[g_rand_int_range (random, 0, (int) length)] = (char) g_rand_int (random);
    length = round % 5 == 0 ? (gsize) g_rand_int_range (random, 0, (int) length) : length;
    g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
    f->store = pb_store_open (f->dir);
    GAsyncResult *done = NULL;
    const PbSearch search = { .text = "body", .role = PB_FOLDER_ANY };
    pb_mail_store_search_async (f->store, &search, NULL, pb_test_done, &done);
    g_autoptr (GAsyncResult) result = pb_test_wait (&done);
    g_autoptr (GError) error = NULL;
    g_autoptr (GArray) ids = pb_mail_store_search_finish (f->store, result, NULL, &error);
    g_assert_true (ids || error);
    index_text (f->store);
  }
  reopen_without (f, "search.sqlite");
  index_text (f->store);
  g_autoptr (GArray) ids = search (f->store, "body");
  g_assert_cmpuint (ids->len, ==, 300);
}

/* First the head, then the whole. */
static void
test_completed (PbStoreFixture *f, gconstpointer unused) {
  static const char text[] = "Subject: p\nFrom: ann@example.org\n\nwhole body\n";
  g_autoptr (GBytes) identity = g_bytes_new ("p", 1);

  for (guint whole = 0; whole < 2; whole++) {
    PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);
    pb_delivery_begin (delivery, 1, identity, !whole);
    pb_delivery_write (delivery, (const guint8 *) text, whole ? strlen (text) : 34);
    pb_delivery_end (delivery);
    pb_store_finish (delivery);
    index_text (f->store);
    ASSERT_FINDS (f->store, "from:ann", "p");
    ASSERT_FINDS (f->store, "whole", whole ? "p" : "");
    ASSERT_FINDS (f->store, "is:partial", whole ? "" : "p");
  }
  g_assert_cmpuint (count_missing (f->store), ==, 0);
}

/* Two processes, here two stores, look after the same file. */
static void
test_two (PbStoreFixture *f, gconstpointer unused) {
  PbMailStore *other = pb_store_open (f->dir);

  for (guint round = 0; round < 5; round++) {
    g_autofree char *name = g_strdup_printf ("round%u", round);
    pb_store_deliver_many (f->store, name, 200);
    index_text (other);
    pb_test_until (nothing_missing, f->store);
    pb_test_until (nothing_missing, other);
    g_autoptr (GArray) one = search (f->store, "body");
    g_autoptr (GArray) two = search (other, "body");
    g_assert_cmpuint (one->len, ==, (round + 1) * 200);
    g_assert_cmpuint (two->len, ==, one->len);
  }
  pb_store_close (other);
}

/* ---- Cancelling, and what is shown ---- */

static void
test_cancel (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  const PbSearch what = { .text = "bo OR ma", .role = PB_FOLDER_ANY };

  pb_store_deliver_many (f->store, "many", 2000);
  index_text (f->store);
  pb_mail_store_search_async (f->store, &what, cancellable, pb_test_done, &done);
  g_cancellable_cancel (cancellable);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_mail_store_search_finish (f->store, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* In the midst of it. */
  g_autofree char *path = g_build_filename (f->dir, "search.sqlite", NULL);
  g_autofree char *index_path = g_build_filename (f->dir, "index.sqlite", NULL);
  PbSearchIndex *index = pb_search_index_open (path, index_path, 0, 2000, &error);
  g_assert_no_error (error);
  g_autoptr (PbSearchQuery) query = pb_search_query_new (what.text, 0);
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();
  g_assert_null (pb_search_index_search (index, query, &what, folders, 2000, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autoptr (GArray) all = pb_search_index_search (index, query, &what, folders, 2000, NULL, NULL);
  g_assert_cmpuint (all->len, ==, 2000);
  pb_search_index_close (index);
}

static void
test_snippets (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  fill (f);
  g_autoptr (GArray) ids = search (f->store, "figures");
  gint64 gone = 123456;
  g_array_append_val (ids, gone);
  pb_mail_store_load_snippets_async (f->store, "figures", (gint64 *) ids->data, ids->len, NULL,
                                     pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GPtrArray) snippets = pb_mail_store_load_snippets_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (snippets->len, ==, 3);
  g_assert_cmpstr (snippets->pdata[0], ==, "Café figures next");
  g_assert_cmpstr (snippets->pdata[1], ==, "The quarterly figures are ready.");
  g_assert_null (snippets->pdata[2]);
}

static void
note (GObject *store, GParamSpec *pspec, gpointer highest) {
  guint missing = pb_mail_store_get_search_missing (PB_MAIL_STORE (store));

  *(guint *) highest = MAX (*(guint *) highest, missing);
}

static gboolean
property_is_zero (gpointer store) {
  return pb_mail_store_get_search_missing (store) == 0;
}

static void
test_progress (PbStoreFixture *f, gconstpointer unused) {
  guint highest = 0;

  pb_store_deliver_many (f->store, "many", 3000);
  reopen_without (f, "search.sqlite");
  g_signal_connect (f->store, "notify::search-missing", G_CALLBACK (note), &highest);
  index_text (f->store);
  pb_test_until (property_is_zero, f->store);
  g_assert_cmpuint (highest, >, 0);
  g_assert_cmpuint (highest, <, 3000);
}

/* ---- Anything at all ---- */

/* Nothing that can be typed is an error. */
static void
test_typed (PbStoreFixture *f, gconstpointer unused) {
  static const char *const pieces[] = {
    "a", "figures", "\"", "-",        "OR",     "AND",         "NOT",  "NEAR", "(",    ")",
    "*", "^",       ":",  "from:",    "is:",    "is:unread",   "{",    "}",    "+",    "程",
    "'", ";",       "\\", "before:",  "2024",   "in:inbox",    "\x01", "\x02", "\xff", "ｶﾞ",
    " ", " ",       " ",  "larger:1", "text :", "subject:\"x", "%",    "_",    "\n",   "NEAR(a b)",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (99);

  fill (f);
  for (guint i = 0; i < 1500; i++) {
    g_autoptr (GString) typed = g_string_new (NULL);
    for (int k = g_rand_int_range (random, 0, 12); k > 0; k--)
      g_string_append (typed, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
    g_autoptr (GArray) ids = search_for (
      f->store, &(PbSearch){ .text = typed->str, .role = PB_FOLDER_ANY, .order = i % 2 }, NULL);
    g_assert_cmpuint (ids->len, <=, G_N_ELEMENTS (mails));
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add (path, PbStoreFixture, NULL, pb_store_fixture_set_up, func, pb_store_fixture_tear_down)
  ADD ("/search/words", test_words);
  ADD ("/search/changes", test_changes);
  ADD ("/search/scope", test_scope);
  ADD ("/search/rank", test_rank);
  ADD ("/search/by-itself", test_by_itself);
  ADD ("/search/lost", test_lost);
  ADD ("/search/completed", test_completed);
  ADD ("/search/two", test_two);
  ADD ("/search/cancel", test_cancel);
  ADD ("/search/snippets", test_snippets);
  ADD ("/search/progress", test_progress);
  ADD ("/search/typed", test_typed);
  /* What is said about damage comes from another thread at any time. */
  g_log_set_writer_func (swallow, NULL, NULL);
  ADD ("/search/damaged", test_damaged);
  return g_test_run ();
}
