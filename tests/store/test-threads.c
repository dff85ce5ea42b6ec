/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What belongs together, told to the index in every order, against a plain reading of the rules. */

#include "pb-conversations-private.h"
#include "pb-index-private.h"
#include "pb-subject.h"
#include "pb-test.h"
#include "pb-threads.h"

#define DAY (24 * 60 * 60)
#define NOW (G_GINT64_CONSTANT (1700000000))

typedef struct {
  const char *id;
  const char *parents;
  const char *subject;
  const char *from;
  const char *to;
  gint64 day;
} Mail;

typedef struct {
  char *dir;
  PbIndex *index;
  guint accounts;
} Fixture;

static void
open_index (Fixture *f) {
  g_autofree char *path = g_build_filename (f->dir, "index.sqlite", NULL);
  g_autoptr (GError) error = NULL;

  f->index = pb_index_open (path, FALSE, 1, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer unused) {
  f->dir = pb_test_make_dir ();
  open_index (f);
}

static void
tear_down (Fixture *f, gconstpointer unused) {
  pb_index_close (f->index);
  pb_test_remove_dir (f->dir);
}

/* A folder of an account of its own. */
static gint64
new_folder (Fixture *f) {
  g_autofree char *account = g_strdup_printf ("account-%u", f->accounts++);
  g_autoptr (GError) error = NULL;

  g_assert_true (pb_index_begin (f->index, &error));
  g_assert_true (pb_index_add_folder (f->index, 0, account, "", &error));
  gint64 id = pb_database_get_number (f->index->db, "SELECT max (id) FROM folder", 0);
  g_assert_true (pb_index_commit (f->index, &error));
  return id;
}

static gint64
add (Fixture *f, gint64 folder, const Mail *mail) {
  static guint count;
  g_autofree char *base = g_strdup_printf ("file-%u", count++);
  g_autoptr (PbSummary) summary = pb_summary_new (&(PbSummary){ .subject = mail->subject,
                                                                .from_address = mail->from,
                                                                .to = mail->to,
                                                                .message_id = mail->id,
                                                                .references = mail->parents,
                                                                .date = NOW + mail->day * DAY });
  PbMessageRow row = { .folder_id = folder, .received = NOW + 1000 * DAY, .summary = summary };
  g_autoptr (GError) error = NULL;
  gint64 id;

  pb_index_add_message (f->index, &row, base, "", &id, &error);
  g_assert_no_error (error);
  return id;
}

static void
assign_all (Fixture *f, guint slice) {
  g_autoptr (GError) error = NULL;

  for (guint left = 0; left < slice;) {
    left = slice;
    pb_threads_assign (f->index, &left, &error);
    g_assert_no_error (error);
  }
}

static gint64
find (Fixture *f, gint64 id) {
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_array_append_val (ids, id);
  g_autofree gint64 *names = pb_threads_find_all (f->index, ids, &error);
  g_assert_no_error (error);
  return names[0];
}

/* Adds @mails in the order of @order and sets @names to their conversations. */
static void
tell (Fixture *f, const Mail *mails, const guint *order, guint count, guint slice, gint64 *names) {
  gint64 folder = new_folder (f);
  g_autofree gint64 *ids = g_new0 (gint64, count);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++) {
    if (i % slice == 0)
      g_assert_true (pb_index_begin (f->index, &error));
    ids[order[i]] = add (f, folder, &mails[order[i]]);
    if (i % slice == slice - 1 || i == count - 1) {
      g_assert_true (pb_index_commit (f->index, &error));
      assign_all (f, slice);
    }
  }
  for (guint i = 0; i < count; i++)
    names[i] = find (f, ids[i]);
}

/* The group of each: the first message of it. */
static void
assert_same_groups (const gint64 *a, const gint64 *b, guint count) {
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (a[i] == a[j], ==, b[i] == b[j]);
  }
}

/* ---- The rules, read plainly ---- */

static gboolean
names_id (const Mail *mail, const char *id) {
  g_auto (GStrv) parents = g_strsplit (mail->parents, " ", -1);

  return *id && (g_str_equal (mail->id, id) || g_strv_contains ((const char *const *) parents, id));
}

static gboolean
share_id (const Mail *a, const Mail *b) {
  g_auto (GStrv) parents = g_strsplit (a->parents, " ", -1);

  if (names_id (b, a->id))
    return TRUE;
  for (guint i = 0; parents[i]; i++) {
    if (names_id (b, parents[i]))
      return TRUE;
  }
  return FALSE;
}

static gboolean
wrote_to (const char *from, const char *other, const Mail *mail) {
  g_auto (GStrv) to = g_strsplit (mail->to, ", ", -1);

  return g_str_equal (mail->from, from) && g_strv_contains ((const char *const *) to, other);
}

static gboolean
same_people (const Mail *a, const Mail *b) {
  g_auto (GStrv) to = g_strsplit (a->to, ", ", -1);

  for (guint i = 0; to[i]; i++) {
    if (wrote_to (a->from, to[i], b) || wrote_to (to[i], a->from, b))
      return TRUE;
  }
  return FALSE;
}

static gboolean
share_subject (const Mail *a, const Mail *b) {
  gboolean reply_a, reply_b;
  g_autofree char *base_a = pb_subject_dup_base (a->subject, &reply_a);
  g_autofree char *base_b = pb_subject_dup_base (b->subject, &reply_b);

  return ((reply_a && !*a->parents) || (reply_b && !*b->parents)) &&
         g_ascii_strcasecmp (base_a, base_b) == 0 && !pb_subject_is_trivial (base_a) &&
         ABS (a->day - b->day) <= 14 && same_people (a, b);
}

static void
group_plainly (const Mail *mails, guint count, gint64 *names) {
  for (guint i = 0; i < count; i++)
    names[i] = i;
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < i; j++) {
      if (!share_id (&mails[i], &mails[j]) && !share_subject (&mails[i], &mails[j]))
        continue;
      gint64 old = names[i], into = names[j];
      for (guint k = 0; k < count; k++)
        names[k] = names[k] == old ? into : names[k];
    }
  }
}

static const char *
pick (GRand *random, const char *const *of, guint count) {
  return of[g_rand_int_range (random, 0, (gint32) count)];
}

#define PICK(random, of) pick (random, of, G_N_ELEMENTS (of))

static void
make_random (GRand *random, Mail *mails, guint count, gboolean with_ids) {
  static const char *const ids[] = { "", "a@x", "b@x", "c@x", "d@x", "e@x", "f@x", "g@x", "h@x" };
  static const char *const parents[] = { "",        "",        "",    "",           "a@x",
                                         "b@x a@x", "a@x b@x", "c@x", "lost@x",     "d@x d@x d@x",
                                         "",        "e@x",     "f@x", "g@x lost@x", "h@x" };
  static const char *const subjects[] = {
    "Figures of May", "Re: Figures of May", "AW: figures of may", "hi", "Re: hi", ""
  };
  static const char *const people[] = { "ann@example.org", "bob@example.org", "cy@example.org",
                                        "ann@example.org, cy@example.org" };

  for (guint i = 0; i < count; i++)
    mails[i] = (Mail){ with_ids ? PICK (random, ids) : "",
                       with_ids ? PICK (random, parents) : "",
                       PICK (random, subjects),
                       people[g_rand_int_range (random, 0, 3)],
                       PICK (random, people),
                       g_rand_int_range (random, 0, 150) };
}

static void
shuffle (GRand *random, guint *order, guint count) {
  for (guint i = 0; i < count; i++)
    order[i] = i;
  for (guint i = count; i > 1; i--) {
    guint other = (guint) g_rand_int_range (random, 0, (gint32) i);
    guint held = order[i - 1];
    order[i - 1] = order[other];
    order[other] = held;
  }
}

static void
test_any_order (Fixture *f, gconstpointer unused) {
  enum { COUNT = 40, SEEDS = 60, ORDERS = 4 };
  Mail mails[COUNT];
  gint64 plain[COUNT], names[COUNT];
  guint order[COUNT];

  for (guint seed = 0; seed < SEEDS; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    make_random (random, mails, COUNT, seed % 3 != 0);
    /* With fewer messages there are more conversations. */
    guint count = seed % 2 ? COUNT : COUNT / 4;
    group_plainly (mails, count, plain);
    for (guint i = 0; i < ORDERS; i++) {
      shuffle (random, order, count);
      tell (f, mails, order, count, i == 0 ? 1 : 7, names);
      assert_same_groups (plain, names, count);
    }
  }
}

/* ---- Single cases ---- */

#define ANN "ann@example.org"
#define BOB "bob@example.org"
#define CY "cy@example.org"
#define S "Figures of May"

static void
test_cases (Fixture *f, gconstpointer unused) {
  static const struct {
    const char *what;
    Mail a, b;
    gboolean together;
  } cases[] = {
    { "reply", { "1", "", S, ANN, BOB, 0 }, { "2", "1", "x", BOB, ANN, 500 }, TRUE },
    { "same parent", { "1", "0", S, ANN, BOB, 0 }, { "2", "0", "x", BOB, ANN, 0 }, TRUE },
    { "same id", { "1", "", S, ANN, BOB, 0 }, { "1", "", "other", CY, BOB, 90 }, TRUE },
    { "no ids", { "", "", S, ANN, BOB, 0 }, { "", "", S, ANN, BOB, 0 }, FALSE },
    { "self reference", { "1", "1", S, ANN, BOB, 0 }, { "2", "2", S, ANN, BOB, 0 }, FALSE },
    { "circle", { "1", "2", S, ANN, BOB, 0 }, { "2", "1", S, ANN, BOB, 0 }, TRUE },
    { "case of an id", { "a@x", "", S, ANN, BOB, 0 }, { "2", "A@x", S, ANN, BOB, 0 }, FALSE },
    { "subject", { "1", "", S, ANN, BOB, 0 }, { "2", "", "回复：" S, BOB, ANN, 14 }, TRUE },
    { "too late", { "1", "", S, ANN, BOB, 0 }, { "2", "", "Re: " S, BOB, ANN, 15 }, FALSE },
    { "too early", { "1", "", S, ANN, BOB, 15 }, { "2", "", "Re: " S, BOB, ANN, 0 }, FALSE },
    { "others", { "1", "", S, ANN, BOB, 0 }, { "2", "", "Re: " S, CY, BOB, 1 }, FALSE },
    { "one more", { "1", "", S, ANN, BOB, 0 }, { "2", "", "Re: " S, BOB, CY ", " ANN, 1 }, TRUE },
    { "case",
      { "1", "", S, ANN, BOB, 0 },
      { "2", "", "RE: FIGURES OF MAY", "BOB@Example.org", "Ann <ANN@example.org>", 1 },
      TRUE },
    { "no reply", { "1", "", S, ANN, BOB, 0 }, { "2", "", S, BOB, ANN, 1 }, FALSE },
    { "names another", { "1", "", S, ANN, BOB, 0 }, { "2", "9", "Re: " S, BOB, ANN, 1 }, FALSE },
    { "trivial", { "1", "", "hi", ANN, BOB, 0 }, { "2", "", "Re: hi", BOB, ANN, 1 }, FALSE },
    { "nobody", { "1", "", S, "", "", 0 }, { "2", "", "Re: " S, "", "", 1 }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Mail mails[] = { cases[i].a, cases[i].b };
    for (guint turn = 0; turn < 2; turn++) {
      gint64 names[2];
      g_test_message ("%s, %u", cases[i].what, turn);
      tell (f, mails, (guint[]){ turn, 1 - turn }, 2, 1, names);
      g_assert_cmpint (names[0] == names[1], ==, cases[i].together);
    }
  }
}

/* The name is the lowest id and changes by merging only; what is deleted takes nothing with it. */
static void
test_names (Fixture *f, gconstpointer unused) {
  gint64 folder = new_folder (f);
  g_autoptr (GError) error = NULL;

  g_assert_true (pb_index_begin (f->index, &error));
  gint64 first = add (f, folder, &(Mail){ "1", "", S, ANN, BOB, 0 });
  gint64 third = add (f, folder, &(Mail){ "3", "2", S, ANN, BOB, 2 });
  gint64 fourth = add (f, folder, &(Mail){ "4", "3", S, ANN, BOB, 3 });
  g_assert_true (pb_index_commit (f->index, &error));
  assign_all (f, 100);
  g_assert_cmpint (find (f, first), ==, first);
  g_assert_cmpint (find (f, fourth), ==, third);

  g_assert_true (pb_index_begin (f->index, &error));
  gint64 second = add (f, folder, &(Mail){ "2", "1", S, ANN, BOB, 1 });
  g_assert_true (pb_index_commit (f->index, &error));
  g_assert_cmpint (find (f, second), ==, second);
  assign_all (f, 100);
  g_assert_cmpint (find (f, fourth), ==, first);
  g_autoptr (GArray) all = pb_threads_list (f->index, third, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (all->data, all->len * sizeof (gint64),
                   ((gint64[]){ first, second, third, fourth }), 4 * sizeof (gint64));

  g_autoptr (PbIndexFile) file = pb_index_find_file (f->index, second, &error);
  g_assert_true (pb_index_begin (f->index, &error));
  g_assert_true (pb_index_remove_message (f->index, file, &error));
  g_assert_true (pb_index_commit (f->index, &error));
  pb_index_close (f->index);
  open_index (f);
  assign_all (f, 100);
  g_assert_cmpint (find (f, fourth), ==, first);
  g_assert_null (pb_threads_list (f->index, second, &error));
  g_assert_nonnull (error);
}

/* ---- Much of it ---- */

static void
tell_chain (Fixture *f, guint count, gboolean all_parents, guint order) {
  gint64 folder = new_folder (f);
  g_autoptr (GRand) random = g_rand_new_with_seed (order);
  g_autofree guint *numbers = g_new (guint, count);
  g_autoptr (GError) error = NULL;
  gint64 last = 0;

  shuffle (random, numbers, count);
  g_assert_true (pb_index_begin (f->index, &error));
  for (guint i = 0; i < count; i++) {
    guint number = order == 0 ? i : order == 1 ? count - 1 - i : numbers[i];
    g_autofree char *id = g_strdup_printf ("m%u@example.org", number);
    g_autoptr (GString) parents = g_string_new (NULL);
    for (guint k = all_parents && number > 100 ? number - 100
                   : number                    ? number - 1
                                               : 0;
         k < number; k++)
      g_string_append_printf (parents, "%sm%u@example.org", parents->len ? " " : "", k);
    last = add (f, folder, &(Mail){ id, parents->str, "Re: " S, ANN, BOB, number % 100 });
  }
  g_assert_true (pb_index_commit (f->index, &error));
  gint64 start = g_get_monotonic_time ();
  assign_all (f, 1000);
  g_test_message ("%u messages, order %u: %.2f µs each", count, order,
                  (double) (g_get_monotonic_time () - start) / count);
  g_autoptr (GArray) all = pb_threads_list (f->index, last, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, count);
}

static void
test_long (Fixture *f, gconstpointer unused) {
  for (guint order = 0; order < 3; order++)
    tell_chain (f, 10000, FALSE, order);
  for (guint order = 0; order < 3; order++)
    tell_chain (f, 500, TRUE, order);
}

/* What opening a folder by conversations costs; nine of ten messages answer an earlier one. */
static void
test_opening (Fixture *f, gconstpointer unused) {
  guint count = g_test_slow () ? 100000 : 5000;
  gint64 folder = new_folder (f);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;

  g_assert_true (pb_index_begin (f->index, &error));
  for (guint i = 0; i < count; i++) {
    g_autofree char *id = g_strdup_printf ("m%u@example.org", i);
    guint parent = i % 10 ? (guint) g_rand_int_range (random, (gint32) (i / 2), (gint32) i) : i;
    g_autofree char *parents = g_strdup_printf ("m%u@example.org", parent);
    add (f, folder, &(Mail){ id, parents, S, ANN, BOB, i / 100 });
  }
  g_assert_true (pb_index_commit (f->index, &error));
  gint64 start = g_get_monotonic_time ();
  assign_all (f, 1000);
  double assigned = (double) (g_get_monotonic_time () - start);
  gint64 best_query = G_MAXINT64, best_rest = G_MAXINT64;
  for (guint i = 0; i < 5; i++) {
    start = g_get_monotonic_time ();
    g_autoptr (GArray) ids = pb_index_query (f->index, &(PbQuery){ .folder_id = folder }, &error);
    gint64 queried = g_get_monotonic_time ();
    g_autofree gint64 *names = pb_threads_find_all (f->index, ids, &error);
    g_autoptr (PbConversations) list = pb_conversations_new (ids, names);
    best_rest = MIN (best_rest, g_get_monotonic_time () - queried);
    best_query = MIN (best_query, queried - start);
    g_assert_cmpuint (pb_conversations_get_n_messages (list), ==, count);
    g_assert_cmpuint (pb_conversations_get_count (list), ==, count / 10);
  }
  g_test_message ("%u: %.2f µs each to assign; query %.1f ms, conversations %.1f ms more", count,
                  assigned / count, (double) best_query / 1000, (double) best_rest / 1000);
}

/* One subject between two people, ten thousand times, some of it as replies that name nothing. */
static void
test_hostile_subjects (Fixture *f, gconstpointer unused) {
  gint64 folder = new_folder (f);
  g_autoptr (GError) error = NULL;
  enum { COUNT = 10000 };

  g_assert_true (pb_index_begin (f->index, &error));
  for (guint i = 0; i < COUNT; i++) {
    gboolean reply = i % 2 || i > COUNT / 2;
    add (f, folder, &(Mail){ "", "", reply ? "Re: " S : S, ANN, BOB, i * 7919 % 1000 });
  }
  g_assert_true (pb_index_commit (f->index, &error));
  gint64 start = g_get_monotonic_time ();
  assign_all (f, 1000);
  g_test_message ("%.2f µs each", (double) (g_get_monotonic_time () - start) / COUNT);
}

/* Lists of ids without end, empty ids, blanks only. */
static void
test_hostile_ids (Fixture *f, gconstpointer unused) {
  g_autoptr (GString) parents = g_string_new (NULL);
  gint64 names[4];

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (parents, "p%u@example.org ", i);
  const Mail mails[] = { { "1", parents->str, S, ANN, BOB, 0 },
                         { "p0@example.org", "", S, ANN, BOB, 0 },
                         { "p4999@example.org", "    ", S, ANN, BOB, 0 },
                         { "p2500@example.org", "", S, ANN, BOB, 0 } };
  tell (f, mails, (guint[]){ 3, 0, 1, 2 }, 4, 1, names);
  g_assert_cmpint (names[0], ==, names[1]);
  g_assert_cmpint (names[0], ==, names[2]);
  g_assert_cmpint (names[0], !=, names[3]);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/threads/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("cases", test_cases);
  ADD ("names", test_names);
  ADD ("any-order", test_any_order);
  ADD ("long", test_long);
  ADD ("opening", test_opening);
  ADD ("hostile-subjects", test_hostile_subjects);
  ADD ("hostile-ids", test_hostile_ids);
  return g_test_run ();
}
