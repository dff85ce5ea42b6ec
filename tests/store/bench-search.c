/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* "bench-search FOLDER ROUNDS QUERY…": opens the store below FOLDER with the Maildir that is there,
 * takes rows and words, searches. One JSON object a line for each figure; tests/bench/store.py
 * makes a table of them. Not a test. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "pb-search.h"
#include "pb-store-fixture.h"

#define FIRST_PAGE 50

static double
seconds_since (gint64 start) {
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static long
peak_kilobytes (void) {
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static int
compare_doubles (gconstpointer a, gconstpointer b) {
  double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

static void
print_times (const char *what, const char *query, GArray *times, guint found) {
  g_array_sort (times, compare_doubles);
  printf ("{\"what\": \"%s\", \"query\": \"", what);
  for (const char *p = query; *p; p++)
    printf (*p == '"' ? "\\\"" : "%c", *p);
  printf ("\", \"found\": %u, \"median\": %.6f, \"p95\": %.6f}\n", found,
          g_array_index (times, double, times->len / 2),
          g_array_index (times, double, times->len * 95 / 100));
  fflush (stdout);
}

static guint
search (PbMailStore *store, const char *text, PbSearchOrder order, guint limit) {
  const PbSearch what = { .text = text, .role = PB_FOLDER_ANY, .order = order, .limit = limit };
  GAsyncResult *done = NULL;

  pb_mail_store_search_async (store, &what, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GArray) ids = pb_mail_store_search_finish (store, result, NULL, NULL);
  return ids->len;
}

static void
measure_search (PbMailStore *store, const char *text, PbSearchOrder order, guint rounds) {
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < rounds; i++) {
    gint64 start = g_get_monotonic_time ();
    search (store, text, order, FIRST_PAGE);
    double seconds = seconds_since (start);
    g_array_append_val (times, seconds);
  }
  print_times (order == PB_SEARCH_BEST_FIRST ? "best" : "search", text, times,
               search (store, text, order, 0));
}

static void
measure_folder (PbMailStore *store, guint rounds) {
  const PbQuery query = { .folder_id = pb_store_folder_id (store, PB_FOLDER_INBOX) };
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  guint count = 0;

  for (guint i = 0; i < rounds; i++) {
    gint64 start = g_get_monotonic_time ();
    g_autoptr (GArray) ids = pb_store_query (store, &query);
    double seconds = seconds_since (start);
    g_array_append_val (times, seconds);
    count = ids->len;
  }
  print_times ("folder", "", times, count);
}

static void
print_work (const char *what, gint64 start) {
  printf ("{\"what\": \"%s\", \"seconds\": %.3f, \"peak_kilobytes\": %ld}\n", what,
          seconds_since (start), peak_kilobytes ());
  fflush (stdout);
}

/* Waits as long as it takes. */
static GAsyncResult *
wait_for (GAsyncResult **result) {
  while (!*result)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static PbMailStore *
open_store (const char *dir) {
  PbMailStore *store = pb_mail_store_new (dir);
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) added = NULL;
  g_autoptr (GAsyncResult) settled = NULL;

  pb_mail_store_open_async (store, NULL, pb_test_done, &opened);
  g_assert_true (pb_mail_store_open_finish (store, wait_for (&opened), NULL));
  pb_mail_store_add_account_async (store, PB_STORE_ACCOUNT, NULL, pb_test_done, &added);
  g_assert_true (pb_mail_store_add_account_finish (store, wait_for (&added), NULL));
  pb_mail_store_settle_async (store, NULL, pb_test_done, &settled);
  g_assert_true (pb_mail_store_settle_finish (store, wait_for (&settled), NULL));
  return store;
}

static void
index_text (PbMailStore *store) {
  g_autoptr (GAsyncResult) indexed = NULL;

  pb_mail_store_index_text_async (store, NULL, pb_test_done, &indexed);
  g_assert_true (pb_mail_store_index_text_finish (store, wait_for (&indexed), NULL));
}

int
main (int argc, char *argv[]) {
  if (argc < 4) {
    fprintf (stderr, "usage: bench-search FOLDER ROUNDS QUERY…\n");
    return 2;
  }
  guint rounds = (guint) MAX (1, atoi (argv[2]));
  gint64 start = g_get_monotonic_time ();
  PbMailStore *store = open_store (argv[1]);
  print_work ("rows", start);
  start = g_get_monotonic_time ();
  index_text (store);
  print_work ("text", start);
  measure_folder (store, rounds);
  for (int i = 3; i < argc; i++) {
    measure_search (store, argv[i], PB_SEARCH_NEWEST_FIRST, rounds);
    measure_search (store, argv[i], PB_SEARCH_BEST_FIRST, rounds);
  }
  pb_store_close (store);
  return 0;
}
