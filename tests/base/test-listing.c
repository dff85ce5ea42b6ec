/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The listing of a server's mailbox: any order, gaps, repeated numbers. */

#include <glib.h>

#include "pb-listing.h"

static const guint8 *
bytes (const char *text) {
  return (const guint8 *) text;
}

static void
test_in_order (void) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  PbListingEntry entry;

  for (guint i = 1; i <= 3; i++) {
    pb_listing_set_size (listing, i, i * 100);
    pb_listing_set_uid (listing, i, bytes ("abc"), i);
  }
  g_assert_cmpuint (pb_listing_get_length (listing), ==, 3);
  g_assert_cmpuint (pb_listing_get_total_size (listing), ==, 600);
  pb_listing_get (listing, 1, &entry);
  g_assert_cmpuint (entry.number, ==, 2);
  g_assert_true (entry.has_size);
  g_assert_cmpmem (entry.uid, entry.uid_length, "ab", 2);
  g_assert_false (pb_listing_find (listing, 4, &entry));
  g_assert_false (pb_listing_find (listing, 0, &entry));
}

static void
test_gaps_and_repeats (void) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  PbListingEntry entry;

  pb_listing_set_uid (listing, 1, bytes ("one"), 3);
  pb_listing_set_uid (listing, 7, bytes ("seven"), 5);
  pb_listing_set_size (listing, 3, 30);
  pb_listing_set_size (listing, 7, 70);
  pb_listing_set_uid (listing, 7, bytes ("again"), 5);
  g_assert_cmpuint (pb_listing_get_length (listing), ==, 3);
  g_assert_true (pb_listing_find (listing, 7, &entry));
  g_assert_cmpuint (entry.size, ==, 70);
  g_assert_cmpmem (entry.uid, entry.uid_length, "again", 5);
  g_assert_true (pb_listing_find (listing, 3, &entry));
  g_assert_null (entry.uid);
  g_assert_true (pb_listing_find (listing, 1, &entry));
  g_assert_false (entry.has_size);
  g_assert_false (pb_listing_find (listing, 2, &entry));
}

static void
test_absurd_sizes (void) {
  g_autoptr (PbListing) listing = pb_listing_new ();

  pb_listing_set_size (listing, 1, G_MAXUINT64 - 1);
  pb_listing_set_size (listing, 2, G_MAXUINT64 - 1);
  g_assert_cmpuint (pb_listing_get_total_size (listing), ==, G_MAXUINT64);
}

/* Against a plain table, with random numbers. */
static void
test_random (void) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  guint64 model[64] = { 0 };
  guint known = 0;

  for (guint i = 0; i < 1000; i++) {
    guint number = (guint) g_test_rand_int_range (1, G_N_ELEMENTS (model));
    known += model[number] == 0;
    model[number] = i + 1;
    pb_listing_set_size (listing, number, i + 1);
  }
  g_assert_cmpuint (pb_listing_get_length (listing), ==, known);
  for (guint number = 1; number < G_N_ELEMENTS (model); number++) {
    PbListingEntry entry;
    g_assert_cmpint (pb_listing_find (listing, number, &entry), ==, model[number] != 0);
    if (model[number])
      g_assert_cmpuint (entry.size, ==, model[number]);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listing/in-order", test_in_order);
  g_test_add_func ("/listing/gaps-and-repeats", test_gaps_and_repeats);
  g_test_add_func ("/listing/absurd-sizes", test_absurd_sizes);
  g_test_add_func ("/listing/random", test_random);
  return g_test_run ();
}
