/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Index and ledger are disposable: bytes are flipped, files cut short, overwritten or deleted while
 * the store is closed. No message, mark or folder is lost, and nothing is fetched again, what was
 * deleted here included.
 *
 * Usage: test-damage [FIRST COUNT], seeds. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "pb-store-fixture.h"

#define N_MESSAGES 60
#define N_DELETED 6

static guint first_seed = 1, n_seeds = 40;
static const char *const databases[] = { "index.sqlite", "ledger.sqlite" };

static char *
text_of (guint number) {
  return g_strdup_printf ("Subject: m-%u\nMessage-ID: <%u@example.org>\n\nbody\n", number, number);
}

/* Every third read, every fourth starred, every fifth in the trash, the last ones deleted. */
static void
fill (PbStoreFixture *f) {
  PbDelivery *delivery = pb_mail_store_deliver (f->store, PB_STORE_ACCOUNT);

  for (guint i = 0; i < N_MESSAGES; i++) {
    g_autofree char *name = g_strdup_printf ("m-%u", i);
    g_autofree char *text = text_of (i);
    g_autoptr (GBytes) identity = g_bytes_new (name, strlen (name));
    pb_delivery_begin (delivery, i, identity, FALSE);
    pb_delivery_write (delivery, (const guint8 *) text, strlen (text));
    pb_delivery_end (delivery);
  }
  pb_store_finish (delivery);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  for (guint i = 0; i < N_MESSAGES; i++) {
    gint64 id = g_array_index (ids, gint64, i);
    if (i >= N_MESSAGES - N_DELETED)
      pb_store_delete (f->store, id);
    if (i % 3 == 0)
      pb_store_set_flags (f->store, id, PB_FLAG_READ, 0);
    if (i % 4 == 0)
      pb_store_set_flags (f->store, id, PB_FLAG_STARRED, 0);
    if (i % 5 == 0)
      pb_store_move (f->store, id, PB_FOLDER_TRASH);
  }
}

static void
assert_rows (PbStoreFixture *f) {
  g_autoptr (GArray) inbox = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_autoptr (GArray) trash = pb_store_list (f->store, PB_FOLDER_TRASH);
  guint in_inbox = 0, in_trash = 0;

  g_assert_cmpuint (inbox->len + trash->len, ==, N_MESSAGES - N_DELETED);
  for (guint i = 0; i < N_MESSAGES - N_DELETED; i++) {
    g_autofree char *subject = g_strdup_printf ("m-%u", i);
    gint64 id = i % 5 == 0 ? g_array_index (trash, gint64, in_trash++)
                           : g_array_index (inbox, gint64, in_inbox++);
    g_autoptr (PbMessageRow) row = pb_store_load_row (f->store, id);
    g_assert_cmpstr (row->summary->subject, ==, subject);
    g_assert_cmpint (row->flags, ==,
                     (i % 3 == 0 ? PB_FLAG_READ : 0) | (i % 4 == 0 ? PB_FLAG_STARRED : 0));
  }
}

/* As the next check would find it. */
static void
assert_ledger (PbStoreFixture *f) {
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_MESSAGES; i++)
    g_ptr_array_add (names, g_strdup_printf ("m-%u", i));
  g_ptr_array_add (names, NULL);
  g_autoptr (GArray) ledger = pb_store_match (f->store, (const char *const *) names->pdata);
  for (guint i = 0; i < N_MESSAGES; i++) {
    const PbLedgerRow *row = &g_array_index (ledger, PbLedgerRow, i);
    if (i < N_MESSAGES - N_DELETED)
      g_assert_true (row->durable);
    else
      g_assert_cmpint (row->state, ==, PB_LEDGER_DELETED_HERE);
  }
  /* And under other names: the content is known again. */
  pb_store_settle (f->store);
  for (guint i = 0; i < N_MESSAGES; i += 13) {
    g_autofree char *name = g_strdup_printf ("other-%u", i);
    g_autofree char *text = text_of (i);
    g_assert_cmpuint (pb_store_deliver_text (f->store, name, text), ==, 1);
  }
}

typedef enum {
  FLIP,
  CUT,
  OVERWRITE,
  EMPTY,
  DELETE,
  N_WAYS,
} Way;

static void
damage (const char *path, Way way, GRand *chance) {
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  switch (way) {
  case FLIP:
    for (int i = g_rand_int_range (chance, 1, 20); i > 0; i--)
      text[g_rand_int_range (chance, 0, (gint32) length)] ^=
        (char) (1 << g_rand_int_range (chance, 0, 8));
    break;
  case CUT:
    length = (gsize) g_rand_int_range (chance, 0, (gint32) length);
    break;
  case OVERWRITE:
    for (gsize at = (gsize) g_rand_int_range (chance, 0, (gint32) length); at < length; at++)
      text[at] = (char) g_rand_int (chance);
    break;
  case EMPTY:
    length = 0;
    break;
  default:
    g_assert_cmpint (g_unlink (path), ==, 0);
    return;
  }
  FILE *file = fopen (path, "r+");
  g_assert_nonnull (file);
  g_assert_cmpint (ftruncate (fileno (file), (off_t) length), ==, 0);
  g_assert_cmpuint (fwrite (text, 1, length, file), ==, length);
  fclose (file);
}

static void
run_seed (guint seed, double *slowest) {
  PbStoreFixture f = { NULL, NULL };
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);

  pb_store_fixture_set_up (&f, NULL);
  fill (&f);
  pb_store_close (g_steal_pointer (&f.store));
  for (guint i = 0; i < G_N_ELEMENTS (databases); i++) {
    g_autofree char *path = g_build_filename (f.dir, databases[i], NULL);
    if (seed % 3 == i || seed % 3 == 2)
      damage (path, (Way) g_rand_int_range (chance, 0, N_WAYS), chance);
  }
  gint64 start = g_get_monotonic_time ();
  f.store = pb_store_open (f.dir);
  *slowest = MAX (*slowest, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  assert_rows (&f);
  assert_ledger (&f);
  assert_rows (&f);
  pb_store_fixture_reopen (&f);
  assert_rows (&f);
  pb_store_fixture_tear_down (&f, NULL);
}

static void
test_damage (void) {
  double slowest = 0;

  for (guint i = 0; i < n_seeds; i++) {
    g_test_message ("seed %u", first_seed + i);
    run_seed (first_seed + i, &slowest);
  }
  g_test_message ("slowest opening of %u: %.3f s", n_seeds, slowest);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  if (argc == 3) {
    first_seed = (guint) g_ascii_strtoull (argv[1], NULL, 10);
    n_seeds = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  }
  g_test_add_func ("/damage", test_damage);
  return g_test_run ();
}
