/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How fast the store is: "bench-store [FOLDER]" prints a line for each figure. Not a test; meson
 * benchmark. */

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pb-store-fixture.h"

#define N_SMALL 10000
#define N_MIXED 2000
#define N_LARGE_FOLDER 100000

typedef struct {
  gint64 start;
  double cpu;
} Watch;

static double
cpu_seconds (void) {
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_utime.tv_sec + (double) usage.ru_stime.tv_sec +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static Watch
watch_start (void) {
  return (Watch){ g_get_monotonic_time (), cpu_seconds () };
}

static void
watch_print (Watch watch, const char *what) {
  printf ("%-52s %7.3f s  CPU %6.3f s\n", what,
          (double) (g_get_monotonic_time () - watch.start) / 1e6, cpu_seconds () - watch.cpu);
  fflush (stdout);
}

static char *
make_message (guint number, gsize size) {
  GString *text = g_string_sized_new (size + 100);

  g_string_append_printf (
    text,
    "Received: from mx.example.org by mail.example.org; Fri, 21 Nov 2025 10:00:00 +0100\n"
    "From: =?utf-8?Q?J=C3=BCrgen?= Example <j%u@example.org>\nTo: me@example.net\n"
    "Subject: Message number %u of a large mailbox\nDate: Fri, 21 Nov 2025 10:00:00 +0100\n"
    "Message-ID: <%u.abcdef@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; "
    "charset=utf-8\n\n",
    number, number, number);
  while (text->len + 70 < size)
    g_string_append_printf (
      text, "Line %06u: the quick brown fox jumps over the lazy dog, again.\n", number);
  return g_string_free (text, FALSE);
}

/* Sizes of a mailbox as people have it: 179 MB in 2,000 messages. */
static gsize
mixed_size (guint number) {
  if (number % 100 == 0)
    return 5 * 1024 * 1024;
  if (number % 10 == 1)
    return 300 * 1024;
  return 3000 + number % 7 * 2500;
}

static gboolean
has_room (gpointer delivery) {
  return !pb_delivery_is_full (delivery);
}

static void
deliver (PbMailStore *store, guint first, guint count, gsize (*size_of) (guint), const char *what) {
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (texts, make_message (first + i, size_of ? size_of (i) : 2048));
  Watch watch = watch_start ();
  PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);
  guint64 bytes = 0;
  for (guint i = 0; i < count; i++) {
    g_autofree char *name = g_strdup_printf ("%08x%08x", (first + i) * 2654435761u, first + i);
    g_autoptr (GBytes) identity = g_bytes_new (name, strlen (name));
    gsize length = strlen (texts->pdata[i]);
    bytes += length;
    pb_delivery_begin (delivery, i, identity, FALSE);
    for (gsize at = 0; at < length; at += 16384)
      pb_delivery_write (delivery, (const guint8 *) texts->pdata[i] + at, MIN (16384, length - at));
    pb_delivery_end (delivery);
    if (i % 32 == 0)
      g_main_context_iteration (NULL, FALSE);
    if (pb_delivery_is_full (delivery))
      pb_test_until (has_room, delivery);
  }
  pb_store_finish (delivery);
  g_autofree char *line = g_strdup_printf ("%s (%.1f MB)", what, (double) bytes / 1e6);
  watch_print (watch, line);
}

static void
match (PbMailStore *store, guint count, const char *what) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  GAsyncResult *done = NULL;
  guint durable = 0;

  for (guint i = 0; i < count; i++) {
    g_autofree char *name = g_strdup_printf ("%08x%08x", i * 2654435761u, i);
    pb_listing_set_uid (listing, i + 1, (const guint8 *) name, strlen (name));
  }
  Watch watch = watch_start ();
  pb_mail_store_match_listing_async (store, PB_STORE_ACCOUNT, listing, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GArray) rows = pb_mail_store_match_listing_finish (store, result, NULL);
  watch_print (watch, what);
  for (guint i = 0; i < rows->len; i++)
    durable += g_array_index (rows, PbLedgerRow, i).durable;
  printf ("  (%u durable)\n", durable);
}

static void
list (PbMailStore *store, const char *what) {
  Watch watch = watch_start ();
  g_autoptr (GArray) ids =
    pb_store_query (store, &(PbQuery){ .folder_id = pb_store_folder_id (store, PB_FOLDER_INBOX) });

  watch_print (watch, what);
  printf ("  (%u rows)\n", ids->len);
  g_array_set_size (ids, MIN (ids->len, 500));
  watch = watch_start ();
  g_autoptr (GPtrArray) rows = pb_store_load_rows (store, ids);
  watch_print (watch, "load 500 rows");
}

static PbMailStore *
open_timed (const char *dir, const char *what) {
  Watch watch = watch_start ();
  PbMailStore *store = pb_store_open (dir);

  watch_print (watch, what);
  return store;
}

static void
touch (const char *dir) {
  g_autofree char *path = pb_store_file_path (dir, "cur", "1.M1P1.host:2,");

  g_assert_true (g_file_set_contents (path, "Subject: one more\n\n", -1, NULL));
}

static void
measure (const char *dir) {
  PbMailStore *store = pb_store_open (dir);
  g_autofree char *index = g_build_filename (dir, "index.sqlite", NULL);

  pb_store_add_account (store, PB_STORE_ACCOUNT);
  match (store, N_SMALL, "match a listing of 10,000, all new");
  deliver (store, 0, N_SMALL, NULL, "deliver 10,000 of 2 KB");
  deliver (store, 1000000, N_MIXED, mixed_size, "deliver 2,000 mixed");
  if (g_getenv ("PB_BENCH_SHORT")) {
    pb_store_close (store);
    return;
  }
  match (store, N_LARGE_FOLDER, "match a listing of 100,000, most new");
  deliver (store, N_SMALL, N_LARGE_FOLDER - N_SMALL, NULL, "deliver 90,000 of 2 KB");
  match (store, N_LARGE_FOLDER, "match a listing of 100,000, all here");
  list (store, "query a folder of 102,000");
  pb_store_close (store);
  store = open_timed (dir, "open, nothing changed");
  list (store, "query after opening");
  pb_store_close (store);
  touch (dir);
  store = open_timed (dir, "open, one file more among 102,000");
  pb_store_close (store);
  unlink (index);
  store = open_timed (dir, "open, index lost, 102,000 files");
  Watch watch = watch_start ();
  pb_store_settle (store);
  watch_print (watch, "reading them all in the background");
  list (store, "query after that");
  pb_store_close (store);
}

int
main (int argc, char *argv[]) {
  char *dir = argc > 1 ? g_strdup_printf ("%s/bench-store-%d", argv[1], (int) getpid ())
                       : pb_test_make_dir ();

  measure (dir);
  pb_test_remove_dir (dir);
  return 0;
}
