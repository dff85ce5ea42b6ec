/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The power goes at any moment of a life of the store, and only what was synced is sure to be
 * there: everything that was promised is. One life is written down, and cut off at random moments
 * with random rests; see pb-power-cut.h for what that can show.
 *
 * Usage: test-power-cut [FIRST COUNT], seeds. */

#include <string.h>

#include "pb-false-disk.h"
#include "pb-power-cut.h"
#include "pb-store-fixture.h"

#define N_BATCHES 6
#define BATCH 7
#define N_MESSAGES (N_BATCHES * BATCH)

/* Marks: a number of a message plus one of these. */
#define COMMITTED 1000
#define DELETING 2000
#define DELETED 3000

static guint first_seed = 1, n_seeds = 100;
static char *dir;

/* Some are as large as several pages. */
static char *
text_of (guint number) {
  g_autofree char *filler = g_strnfill (number % 5 == 0 ? 20000 : 300, (char) ('a' + number % 26));

  return g_strdup_printf ("Subject: m-%u\nMessage-ID: <%u@example.org>\n\n%s\nend\n", number,
                          number, filler);
}

static void
write_one (PbDelivery *delivery, guint number, gboolean partial) {
  g_autofree char *name = g_strdup_printf ("m-%u", number);
  g_autofree char *text = text_of (number);
  g_autoptr (GBytes) identity = g_bytes_new (name, strlen (name));

  pb_delivery_begin (delivery, number, identity, partial);
  pb_delivery_write (delivery, (const guint8 *) text, partial ? 100 : strlen (text));
  pb_delivery_end (delivery);
}

/* ---- A life ---- */

static void
committed (PbDelivery *delivery, GArray *numbers, guint duplicates, gpointer unused) {
  for (guint i = 0; i < numbers->len; i++) {
    guint number = g_array_index (numbers, guint, i);
    if (!pb_delivery_began_partial (delivery, number))
      pb_false_disk_mark (COMMITTED + number);
  }
}

static void
deliver (PbMailStore *store, guint first, guint count, gboolean partial) {
  PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);

  g_signal_connect (delivery, "committed", G_CALLBACK (committed), NULL);
  for (guint i = 0; i < count; i++)
    write_one (delivery, first + i, partial);
  pb_store_finish (delivery);
}

/* Marks, moves and deletes some of what is in the inbox. */
static void
work (PbMailStore *store) {
  g_autoptr (GArray) ids = pb_store_list (store, PB_FOLDER_INBOX);

  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index (ids, gint64, i);
    g_autoptr (PbMessageRow) row = pb_store_load_row (store, id);
    guint number = (guint) g_ascii_strtoull (row->summary->subject + 2, NULL, 10);
    if (number % 3 == 0)
      pb_store_set_flags (store, id, PB_FLAG_STARRED | PB_FLAG_READ, 0);
    if (number % 4 == 0)
      pb_store_move (store, id, PB_FOLDER_ARCHIVE);
    if (number % 7 != 0)
      continue;
    pb_false_disk_mark (DELETING + number);
    pb_store_delete (store, id);
    pb_false_disk_mark (DELETED + number);
  }
}

static void
live (void) {
  PbMailStore *store = pb_store_open (dir);

  pb_store_add_account (store, PB_STORE_ACCOUNT);
  for (guint batch = 0; batch < N_BATCHES; batch++) {
    guint first = batch * BATCH;
    /* Few messages are synced otherwise than many; and heads come before their messages. */
    deliver (store, first, 2, batch % 2 == 1);
    deliver (store, first, BATCH, FALSE);
    if (batch % 2 == 0)
      work (store);
    if (batch == 3) {
      pb_store_close (store);
      store = pb_store_open (dir);
    }
  }
  pb_store_close (store);
}

/* ---- After the cut ---- */

typedef struct {
  gboolean committed, deleting, deleted;
  guint copies;
} Promise;

static void
read_promises (GPtrArray *events, guint count, Promise *promises) {
  for (guint i = 0; i < count; i++) {
    const PbDiskEvent *event = events->pdata[i];
    if (event->call != PB_DISK_MARK)
      continue;
    Promise *promise = &promises[event->at % 1000];
    promise->committed |= event->at / 1000 * 1000 == COMMITTED;
    promise->deleting |= event->at / 1000 * 1000 == DELETING;
    promise->deleted |= event->at / 1000 * 1000 == DELETED;
  }
}

static void
count_copies (PbMailStore *store, Promise *promises) {
  g_autoptr (GArray) ids = pb_store_query (store, &(PbQuery){ .role = PB_FOLDER_ANY });

  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (PbMessageRow) row = pb_store_load_row (store, g_array_index (ids, gint64, i));
    g_assert_true (g_str_has_prefix (row->summary->subject, "m-"));
    guint number = (guint) g_ascii_strtoull (row->summary->subject + 2, NULL, 10);
    g_autofree char *text = text_of (number);
    g_autoptr (GBytes) bytes = pb_store_load (store, row->id, NULL);
    gsize length = row->flags & PB_FLAG_PARTIAL ? 100 : strlen (text);
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, length);
    promises[number].copies++;
  }
}

static GArray *
match_all (PbMailStore *store) {
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_MESSAGES; i++)
    g_ptr_array_add (names, g_strdup_printf ("m-%u", i));
  g_ptr_array_add (names, NULL);
  return pb_store_match (store, (const char *const *) names->pdata);
}

static void
check_promises (PbMailStore *store, Promise *promises) {
  g_autoptr (GArray) rows = match_all (store);

  count_copies (store, promises);
  for (guint i = 0; i < N_MESSAGES; i++) {
    const PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    const Promise *promise = &promises[i];
    if (promise->copies > 1)
      g_test_message ("message %u", i);
    g_assert_cmpuint (promise->copies, <=, 1);
    if (promise->committed && !promise->deleting) {
      g_assert_cmpuint (promise->copies, ==, 1);
      g_assert_true (row->durable);
    }
    if (promise->deleted)
      g_assert_cmpint (row->state, ==, PB_LEDGER_DELETED_HERE);
  }
}

/* As the next check does it. */
static void
fetch_rest (PbMailStore *store) {
  g_autoptr (GArray) rows = match_all (store);
  PbDelivery *delivery = pb_mail_store_deliver (store, PB_STORE_ACCOUNT);
  Promise now[1000] = { 0 };

  for (guint i = 0; i < N_MESSAGES; i++) {
    const PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    if (!row->durable && row->state != PB_LEDGER_DELETED_HERE)
      write_one (delivery, i, FALSE);
  }
  pb_store_finish (delivery);
  count_copies (store, now);
  for (guint i = 0; i < N_MESSAGES; i++) {
    const PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    g_assert_cmpuint (now[i].copies, ==, row->state == PB_LEDGER_DELETED_HERE ? 0 : 1);
  }
}

static void
cut (GPtrArray *events, guint32 seed) {
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  guint count = (guint) g_rand_int_range (chance, 0, (gint32) events->len + 1);
  Promise promises[1000] = { 0 };
  char *rest = pb_test_make_dir ();

  pb_power_cut_build (events, count, seed, rest);
  read_promises (events, count, promises);
  PbMailStore *store = pb_store_open (rest);
  pb_store_add_account (store, PB_STORE_ACCOUNT);
  check_promises (store, promises);
  fetch_rest (store);
  g_autoptr (GPtrArray) left = pb_store_list_files (rest, "tmp");
  g_assert_cmpuint (left->len, ==, 0);
  pb_store_close (store);
  pb_test_remove_dir (rest);
}

static void
test_power_cut (void) {
  dir = pb_test_make_dir ();
  pb_false_disk_watch (dir);
  live ();
  GPtrArray *events = pb_false_disk_stop ();
  pb_test_remove_dir (dir);
  g_assert_cmpuint (events->len, >, 500);
  for (guint i = 0; i < n_seeds; i++) {
    g_test_message ("seed %u of %u events", first_seed + i, events->len);
    cut (events, first_seed + i);
  }
  g_ptr_array_unref (events);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  if (argc == 3) {
    first_seed = (guint) g_ascii_strtoull (argv[1], NULL, 10);
    n_seeds = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  }
  g_test_add_func ("/power-cut", test_power_cut);
  return g_test_run ();
}
