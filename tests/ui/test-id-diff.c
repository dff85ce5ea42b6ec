/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Every splice list turns the old ids into the new ones and leaves alone what is in both. */

#include <glib.h>

#include "pb-id-diff.h"

typedef struct {
  GArray *ids;
  guint splices;
  guint moved; /* ids that went or came */
} Applied;

static void
apply (guint position, guint removed, const gint64 *added, guint n_added, gpointer data) {
  Applied *applied = data;

  g_assert_cmpuint (position + removed, <=, applied->ids->len);
  g_assert_cmpuint (removed + n_added, >, 0);
  if (removed)
    g_array_remove_range (applied->ids, position, removed);
  if (n_added)
    g_array_insert_vals (applied->ids, position, added, n_added);
  applied->splices++;
  applied->moved += removed + n_added;
}

static GArray *
ids_of (const char *text) {
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (const char *p = text; *p; p++) {
    gint64 id = *p;
    g_array_append_val (ids, id);
  }
  return ids;
}

static void
assert_equal (GArray *a, GArray *b) {
  g_assert_cmpmem (a->data, a->len * sizeof (gint64), b->data, b->len * sizeof (gint64));
}

static void
test_cases (void) {
  static const struct {
    const char *old, *new;
    guint splices, moved;
  } cases[] = {
    { "", "", 0, 0 },       { "abc", "abc", 0, 0 },    { "", "abc", 1, 3 },
    { "abc", "", 1, 3 },    { "abc", "xabc", 1, 1 },   { "abc", "abcx", 1, 1 },
    { "abc", "ac", 1, 1 },  { "abc", "axbc", 1, 1 },   { "abcde", "xacye", 3, 4 },
    { "abc", "xyz", 1, 6 }, { "abcdef", "bdf", 3, 3 }, { "bdf", "abcdef", 3, 3 },
    { "ab", "ba", 1, 4 },   { "abcd", "acbd", 1, 4 },  { "abcdx", "ydabc", 1, 10 },
    { "aab", "aab", 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GArray) old = ids_of (cases[i].old);
    g_autoptr (GArray) new = ids_of (cases[i].new);
    Applied applied = { old };

    pb_id_diff (old, new, apply, &applied);
    assert_equal (old, new);
    g_assert_cmpuint (applied.splices, ==, cases[i].splices);
    g_assert_cmpuint (applied.moved, ==, cases[i].moved);
  }
}

/* Two random choices out of one order: the splices touch what differs and nothing else. */
static void
test_random (void) {
  for (guint round = 0; round < 2000; round++) {
    g_autoptr (GArray) old = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr (GArray) new = g_array_new (FALSE, FALSE, sizeof (gint64));
    Applied applied = { old };
    guint differing = 0;

    for (gint64 id = 1; id <= g_test_rand_int_range (1, 300); id++) {
      int where = g_test_rand_int_range (0, 6);
      if (where != 0)
        g_array_append_val (old, id);
      if (where != 1)
        g_array_append_val (new, id);
      differing += where < 2;
    }
    pb_id_diff (old, new, apply, &applied);
    assert_equal (old, new);
    g_assert_cmpuint (applied.moved, ==, differing);
  }
}

static void
test_too_many_runs (void) {
  g_autoptr (GArray) old = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) new = g_array_new (FALSE, FALSE, sizeof (gint64));
  Applied applied = { old };

  for (gint64 id = 0; id < 2000; id++) {
    g_array_append_val (old, id);
    if (id % 2)
      g_array_append_val (new, id);
  }
  pb_id_diff (old, new, apply, &applied);
  assert_equal (old, new);
  g_assert_cmpuint (applied.splices, ==, 1);
}

/* A new message above 100,000 and one gone in the middle: no walk through all of them for each. */
static void
test_many (void) {
  g_autoptr (GArray) old = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) new = g_array_new (FALSE, FALSE, sizeof (gint64));
  Applied applied = { old };

  for (gint64 id = 100000; id > 0; id--) {
    if (id != 100000)
      g_array_append_val (old, id);
    if (id != 50000)
      g_array_append_val (new, id);
  }
  pb_id_diff (old, new, apply, &applied);
  assert_equal (old, new);
  g_assert_cmpuint (applied.splices, ==, 2);
  g_assert_cmpuint (applied.moved, ==, 2);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id-diff/cases", test_cases);
  g_test_add_func ("/id-diff/random", test_random);
  g_test_add_func ("/id-diff/too-many-runs", test_too_many_runs);
  g_test_add_func ("/id-diff/many", test_many);
  return g_test_run ();
}
