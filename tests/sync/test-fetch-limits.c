/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The decisions of a check where heads are enough, where the server has to be kept small, and where
 * something failed before: tables, the sums of limits, and properties of any input. */

#include "pb-fetch-plan.h"

#include <malloc.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define NOW ((gint64) 1700000000)
#define DAY ((gint64) 24 * 60 * 60)
#define SEEDS 10000

typedef struct {
  PbListing *listing;
  GArray *rows;
} Box;

static void
box_init (Box *box) {
  box->listing = pb_listing_new ();
  box->rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
}

static void
box_clear (Box *box) {
  g_clear_pointer (&box->listing, pb_listing_unref);
  g_clear_pointer (&box->rows, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Box, box_clear)

/* A message with an id of its own. */
static void
box_add (Box *box, guint number, guint64 size, PbLedgerRow row) {
  g_autofree char *uid = g_strdup_printf ("uid-%u", number);

  pb_listing_set_size (box->listing, number, size);
  pb_listing_set_uid (box->listing, number, (const guint8 *) uid, strlen (uid));
  row.number = number;
  g_array_append_val (box->rows, row);
}

static char *
to_text (const PbFetchPlan *plan) {
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plan->retrieve->len; i++)
    g_string_append_printf (text, "%s%u:%d", text->len ? " " : "",
                            g_array_index (plan->retrieve, guint, i),
                            g_array_index (plan->lines, int, i));
  for (guint i = 0; i < plan->remove->len; i++)
    g_string_append_printf (text, "%s-%u", text->len ? " " : "",
                            g_array_index (plan->remove, guint, i));
  for (guint i = 0; i < plan->remove_later->len; i++)
    g_string_append_printf (text, "%s=%u", text->len ? " " : "",
                            g_array_index (plan->remove_later, guint, i));
  return g_string_free (text, FALSE);
}

static const PbLedgerRow unknown = { .state = PB_LEDGER_UNKNOWN };
static const PbLedgerRow here = { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = NOW - DAY };
static const PbLedgerRow head = { .state = PB_LEDGER_PARTIAL };
static const PbLedgerRow wanted = { .state = PB_LEDGER_PARTIAL, .wanted = TRUE };
static const PbLedgerRow deleted = { .state = PB_LEDGER_DELETED_HERE, .stored = NOW - DAY };
static const PbLedgerRow deleted_head = { .state = PB_LEDGER_DELETED_HERE };
static const PbLedgerRow refused = { .state = PB_LEDGER_REFUSED, .next_try = NOW + 60 };
static const PbLedgerRow due = { .state = PB_LEDGER_REFUSED, .next_try = NOW - 60 };

/* ---- One message ---- */

typedef struct {
  const char *description;
  PbFetchPolicy policy;
  guint64 size;
  const PbLedgerRow *row;
  PbVerdict verdict;
  const char *plan; /* as to_text () says it */
} Case;

static const Case cases[] = {
  { "headers only", { .headers_only = TRUE }, 5000, &unknown, PB_VERDICT_HEAD, "1:0" },
  { "headers only, of no known size",
    { .headers_only = TRUE },
    0,
    &unknown,
    PB_VERDICT_HEAD,
    "1:0" },
  { "headers only, and it is here", { .headers_only = TRUE }, 5000, &here, PB_VERDICT_HERE, "" },
  { "headers only, and the head is here",
    { .headers_only = TRUE },
    5000,
    &head,
    PB_VERDICT_HEAD_HERE,
    "" },
  { "the rest is wanted", { .headers_only = TRUE }, 5000, &wanted, PB_VERDICT_RETRIEVE, "1:-1" },
  { "headers only no longer", { 0 }, 5000, &head, PB_VERDICT_RETRIEVE, "1:-1" },
  { "headers only, deleted here",
    { .headers_only = TRUE },
    5000,
    &deleted_head,
    PB_VERDICT_DELETED_HERE,
    "" },
  { "headers only, and deleting takes no heads",
    { .headers_only = TRUE, .on_server = PB_ON_SERVER_DELETE },
    5000,
    &head,
    PB_VERDICT_HEAD_HERE,
    "" },
  { "headers only without TOP, small",
    { .headers_only = TRUE, .no_top = TRUE },
    49999,
    &unknown,
    PB_VERDICT_RETRIEVE,
    "1:-1" },
  { "headers only without TOP, large",
    { .headers_only = TRUE, .no_top = TRUE },
    50000,
    &unknown,
    PB_VERDICT_TOO_LARGE,
    "" },
  { "headers only without TOP, of no known size",
    { .headers_only = TRUE, .no_top = TRUE },
    0,
    &unknown,
    PB_VERDICT_RETRIEVE,
    "1:-1" },
  { "headers only without TOP, of a size that cannot be",
    { .headers_only = TRUE, .no_top = TRUE },
    G_MAXUINT64,
    &unknown,
    PB_VERDICT_RETRIEVE,
    "1:-1" },
  { "headers only without TOP, large, wanted",
    { .headers_only = TRUE, .no_top = TRUE },
    900000,
    &wanted,
    PB_VERDICT_RETRIEVE,
    "1:-1" },
  { "as large as it may be", { .max_size = 5000 }, 5000, &unknown, PB_VERDICT_RETRIEVE, "1:-1" },
  { "one octet larger", { .max_size = 5000 }, 5001, &unknown, PB_VERDICT_HEAD, "1:20" },
  { "larger, and the head is here", { .max_size = 5000 }, 5001, &head, PB_VERDICT_HEAD_HERE, "" },
  { "larger, and wanted", { .max_size = 5000 }, 5001, &wanted, PB_VERDICT_RETRIEVE, "1:-1" },
  { "the limit was raised", { .max_size = 9000 }, 5001, &head, PB_VERDICT_RETRIEVE, "1:-1" },
  { "larger without TOP, but small",
    { .max_size = 5000, .no_top = TRUE },
    5001,
    &unknown,
    PB_VERDICT_RETRIEVE,
    "1:-1" },
  { "larger without TOP",
    { .max_size = 5000, .no_top = TRUE },
    60000,
    &unknown,
    PB_VERDICT_TOO_LARGE,
    "" },
  { "of no known size", { .max_size = 5000 }, 0, &unknown, PB_VERDICT_RETRIEVE, "1:-1" },
  { "of a size that cannot be",
    { .max_size = 5000 },
    G_MAXUINT64 - 1,
    &unknown,
    PB_VERDICT_RETRIEVE,
    "1:-1" },
  { "both: only the head",
    { .headers_only = TRUE, .max_size = 5000 },
    5001,
    &unknown,
    PB_VERDICT_HEAD,
    "1:0" },
  { "a head that is due again", { .headers_only = TRUE }, 5000, &due, PB_VERDICT_HEAD, "1:0" },
  { "a head that is not", { .headers_only = TRUE }, 5000, &refused, PB_VERDICT_REFUSED, "" },

  { "deleted here, and that counts",
    { .delete_with_local = TRUE },
    5000,
    &deleted,
    PB_VERDICT_DELETED_HERE,
    "-1" },
  { "deleted here, and that does not count", { 0 }, 5000, &deleted, PB_VERDICT_DELETED_HERE, "" },
  { "deleted here today, 7 days not being over",
    { .delete_with_local = TRUE, .on_server = PB_ON_SERVER_DELETE_AFTER, .delete_after_days = 7 },
    5000,
    &deleted,
    PB_VERDICT_DELETED_HERE,
    "-1" },
  { "only a head was deleted here",
    { .delete_with_local = TRUE },
    5000,
    &deleted_head,
    PB_VERDICT_DELETED_HERE,
    "" },
  { "here, which is not deleted", { .delete_with_local = TRUE }, 5000, &here, PB_VERDICT_HERE, "" },
};

static void
test_table (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Box) box = { 0 };

    g_test_message ("%s", cases[i].description);
    box_init (&box);
    box_add (&box, 1, cases[i].size, *cases[i].row);
    g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (box.listing, box.rows, &cases[i].policy, NOW);
    g_autofree char *text = to_text (plan);
    g_assert_cmpstr (text, ==, cases[i].plan);
    g_assert_cmpuint (g_array_index (plan->verdicts, guint8, 0), ==, cases[i].verdict);
    g_assert_cmpuint (plan->counts[cases[i].verdict], ==, 1);
    g_assert_true (
      pb_fetch_plan_is_completing (plan, 1) ==
      (cases[i].row->state == PB_LEDGER_PARTIAL && cases[i].verdict == PB_VERDICT_RETRIEVE));
  }
}

/* ---- Several messages ---- */

static void
check_order (PbFetchPolicy policy, const char *expected) {
  g_auto (Box) box = { 0 };

  box_init (&box);
  box_add (&box, 1, 900, unknown);
  box_add (&box, 2, 9000, unknown);
  box_add (&box, 3, 900, due);
  box_add (&box, 4, 9000, due);
  box_add (&box, 5, 9000, wanted);
  box_add (&box, 6, 9000, unknown);
  box_add (&box, 7, 900, refused);
  box_add (&box, 8, 900, unknown);
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (box.listing, box.rows, &policy, NOW);
  g_autofree char *text = to_text (plan);
  g_assert_cmpstr (text, ==, expected);
  g_assert_true (pb_fetch_plan_has_failed (plan, 3) && pb_fetch_plan_has_failed (plan, 4));
  g_assert_false (pb_fetch_plan_has_failed (plan, 7) || pb_fetch_plan_has_failed (plan, 2));
}

/* Heads first, what failed before last. */
static void
test_order (void) {
  check_order ((PbFetchPolicy){ .max_size = 1000 }, "6:20 2:20 8:-1 5:-1 1:-1 4:20 3:-1");
  check_order ((PbFetchPolicy){ .max_size = 1000, .on_server = PB_ON_SERVER_DELETE },
               "2:20 6:20 1:-1 5:-1 8:-1 4:20 3:-1");
  check_order ((PbFetchPolicy){ .headers_only = TRUE }, "8:0 6:0 2:0 1:0 5:-1 4:0 3:0");
  check_order ((PbFetchPolicy){ .max_size = 1000, .suspect = 8 },
               "6:20 2:20 5:-1 1:-1 4:20 8:-1 3:-1");
}

typedef struct {
  const char *description;
  PbFetchPolicy policy;
  const char *plan;
} LimitCase;

/* What lies there: see check_limit (). */
static const LimitCase limits[] = {
  { "no limit", { 0 }, "7:-1 6:-1" },
  { "more than there are", { .keep_messages = 8 }, "7:-1 6:-1" },
  { "as many as there are", { .keep_messages = 7 }, "7:-1 6:-1" },
  { "one less: the oldest that is here", { .keep_messages = 6 }, "7:-1 6:-1 -2" },
  { "what was deleted here counts too", { .keep_messages = 4 }, "7:-1 6:-1 -2 -3 -4" },
  { "what comes now goes when it is here", { .keep_messages = 3 }, "7:-1 6:-1 -2 -3 -4 =6" },
  { "nothing else can go", { .keep_messages = 1 }, "7:-1 6:-1 -2 -3 -4 =6 =7" },
  { "by size, just right", { .keep_bytes = 2800 }, "7:-1 6:-1" },
  { "by size, one octet less", { .keep_bytes = 2799 }, "7:-1 6:-1 -2" },
  { "by size, more", { .keep_bytes = 2300 }, "7:-1 6:-1 -2 -3" },
  { "both: the narrower one", { .keep_bytes = 2799, .keep_messages = 5 }, "7:-1 6:-1 -2 -3" },
  { "after what is due", { .keep_messages = 6, .delete_with_local = TRUE }, "7:-1 6:-1 -4" },
  { "after what is due, and more",
    { .keep_messages = 5, .delete_with_local = TRUE },
    "7:-1 6:-1 -2 -4" },
  { "what is deleted anyway",
    { .keep_messages = 6, .on_server = PB_ON_SERVER_DELETE },
    "6:-1 7:-1 -2 -3 -4" },
  { "heads do not go", { .keep_messages = 3, .headers_only = TRUE }, "7:0 6:0 -2 -3 -4" },
};

static void
test_limits (void) {
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    g_auto (Box) box = { 0 };

    g_test_message ("%s", limits[i].description);
    box_init (&box);
    /* In no order; 1 and 5 are not here and do not come. */
    box_add (&box, 7, 700, unknown);
    box_add (&box, 2, 200, here);
    box_add (&box, 1, 100, refused);
    box_add (&box, 4, 400, deleted);
    box_add (&box, 3, 300, here);
    box_add (&box, 5, 500, deleted_head);
    box_add (&box, 6, 600, unknown);
    g_autoptr (PbFetchPlan) plan =
      pb_fetch_plan_new (box.listing, box.rows, &limits[i].policy, NOW);
    g_autofree char *text = to_text (plan);
    g_assert_cmpstr (text, ==, limits[i].plan);
  }
}

/* "Days" are counted by our clock, from when the copy was durable; whatever the clock does, nothing
 * goes too early by it. */
static void
test_days_and_clocks (void) {
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_DELETE_AFTER, .delete_after_days = 7 };
  const struct {
    gint64 stored;
    gint64 now;
    const char *plan;
  } times[] = {
    { NOW, NOW, "" },
    { NOW, NOW + 7 * DAY - 1, "" },
    { NOW, NOW + 7 * DAY, "-1" },
    { NOW, NOW - 400 * DAY, "" },           /* set back after it was stored */
    { NOW + 400 * DAY, NOW + 8 * DAY, "" }, /* it was far ahead when it was stored */
    { NOW + 400 * DAY, NOW + 407 * DAY, "-1" },
    { G_MAXINT64, NOW, "" },
    { G_MININT64, NOW, "" },
    { 0, NOW, "" },
    { 1, G_MAXINT64, "-1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_auto (Box) box = { 0 };
    PbLedgerRow row = here;

    box_init (&box);
    row.stored = times[i].stored;
    box_add (&box, 1, 100, row);
    g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (box.listing, box.rows, &policy, times[i].now);
    g_autofree char *text = to_text (plan);
    g_test_message ("time %u", i);
    g_assert_cmpstr (text, ==, times[i].plan);
  }
}

/* ---- Anything ---- */

static gint64
random_time (GRand *rand) {
  static const gint64 times[] = { 0,         -1,         1,         NOW, NOW - DAY, NOW - 40 * DAY,
                                  NOW + DAY, G_MAXINT64, G_MININT64 };

  return times[g_rand_int_range (rand, 0, G_N_ELEMENTS (times))];
}

static void
fill (Box *box, GRand *rand) {
  guint length = (guint) g_rand_int_range (rand, 0, 25);

  for (guint i = 0; i < length; i++) {
    guint64 size = (guint64) g_rand_int_range (rand, 0, 200000);
    const PbLedgerRow row = {
      .state = (PbLedgerState) g_rand_int_range (rand, 0, PB_LEDGER_ELSEWHERE + 1),
      .durable = g_rand_boolean (rand),
      .stored = random_time (rand),
      .next_try = random_time (rand),
      .wanted = g_rand_boolean (rand),
    };
    box_add (box, (length - i) * 3, size % 7 == 0 ? 0 : size % 11 == 0 ? G_MAXUINT64 : size, row);
  }
}

static PbFetchPolicy
random_policy (GRand *rand) {
  return (PbFetchPolicy){
    .on_server = (PbOnServer) g_rand_int_range (rand, 0, PB_ON_SERVER_DELETE_AFTER + 1),
    .delete_after_days = (guint) g_rand_int_range (rand, 0, 50),
    .headers_only = g_rand_boolean (rand),
    .max_size = g_rand_boolean (rand) ? (guint64) g_rand_int_range (rand, 1, 200000) : 0,
    .delete_with_local = g_rand_boolean (rand),
    .keep_messages = g_rand_boolean (rand) ? (guint) g_rand_int_range (rand, 1, 30) : 0,
    .keep_bytes = g_rand_boolean (rand) ? (guint64) g_rand_int_range (rand, 1, 2000000) : 0,
    .no_top = g_rand_boolean (rand),
    .suspect = (guint) g_rand_int_range (rand, 0, 30),
  };
}

static int
count (const GArray *numbers, guint number) {
  int found = 0;

  for (guint i = 0; i < numbers->len; i++)
    found += g_array_index (numbers, guint, i) == number;
  return found;
}

/* What is asked for in lines is whole or not as the policy says, and only once. */
static void
check_retrieval (const PbFetchPlan *plan, const PbFetchPolicy *policy) {
  for (guint i = 0; i < plan->retrieve->len; i++) {
    int lines = g_array_index (plan->lines, int, i);
    g_assert_cmpint (count (plan->retrieve, g_array_index (plan->retrieve, guint, i)), ==, 1);
    if (lines != PB_WHOLE_MESSAGE) {
      g_assert_false (policy->no_top);
      g_assert_cmpint (lines, ==, policy->headers_only ? 0 : PB_HEAD_LINES);
      g_assert_cmpint (count (plan->remove_later, g_array_index (plan->retrieve, guint, i)), ==, 0);
    }
  }
}

static void
check_row (const PbFetchPlan *plan, const PbFetchPolicy *policy, const PbLedgerRow *row) {
  int now = count (plan->remove, row->number), later = count (plan->remove_later, row->number);
  int comes = count (plan->retrieve, row->number);

  g_assert_cmpint (now + later, <=, 1);
  g_assert_cmpint (now + comes, <=, 1);
  g_assert_cmpint (later, <=, comes);
  if (now)
    g_assert_true (row->durable || (row->state == PB_LEDGER_DELETED_HERE && row->stored > 0));
  if (now + later && !policy->keep_messages && !policy->keep_bytes)
    g_assert_true (policy->on_server != PB_ON_SERVER_KEEP ||
                   (policy->delete_with_local && row->state == PB_LEDGER_DELETED_HERE));
  if (row->durable || row->state == PB_LEDGER_DELETED_HERE)
    g_assert_cmpint (comes, ==, 0);
  /* A wish is kept from nothing but a refusal. */
  else if (row->wanted && !(row->next_try > NOW && row->next_try <= NOW + DAY))
    g_assert_cmpint (comes, ==, 1);
}

/* Within the limits, or everything that may go does; and no more goes than has to. */
static void
check_limit (const Box *box, const PbFetchPlan *plan, const PbFetchPolicy *policy) {
  guint gone = plan->remove->len + plan->remove_later->len;
  guint left = box->rows->len - gone;

  if (!policy->keep_messages || policy->keep_bytes)
    return;
  if (left > policy->keep_messages) {
    for (guint i = 0; i < box->rows->len; i++) {
      const PbLedgerRow *row = &g_array_index (box->rows, PbLedgerRow, i);
      if (row->durable)
        g_assert_cmpint (count (plan->remove, row->number), ==, 1);
    }
  }
  if (left < policy->keep_messages && policy->on_server == PB_ON_SERVER_KEEP &&
      !policy->delete_with_local)
    g_assert_cmpuint (gone, ==, 0);
}

static void
test_random (void) {
  for (guint seed = 0; seed < SEEDS; seed++) {
    g_auto (Box) box = { 0 };
    GRand *rand = g_rand_new_with_seed (seed);
    const PbFetchPolicy policy = random_policy (rand);

    box_init (&box);
    fill (&box, rand);
    g_rand_free (rand);
    g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (box.listing, box.rows, &policy, NOW);
    check_retrieval (plan, &policy);
    for (guint i = 0; i < box.rows->len; i++)
      check_row (plan, &policy, &g_array_index (box.rows, PbLedgerRow, i));
    check_limit (&box, plan, &policy);
  }
}

/* ---- The largest mailboxes ---- */

static void
test_large (void) {
  const guint length = 100000;
  const PbFetchPolicy policy = { .max_size = 100000,
                                 .keep_messages = 1000,
                                 .delete_with_local = TRUE };
  g_auto (Box) box = { 0 };

  box_init (&box);
  for (guint i = 0; i < length; i++)
    box_add (&box, i + 1, (i % 50) * 4000, i % 3 == 0 ? here : i % 3 == 1 ? unknown : head);
  struct mallinfo2 before = mallinfo2 ();
  clock_t start = clock ();
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (box.listing, box.rows, &policy, NOW);
  double seconds = (double) (clock () - start) / CLOCKS_PER_SEC;
  struct mallinfo2 after = mallinfo2 ();
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  g_test_message ("%u entries: %.3f s, %.1f MB kept by the plan, %.1f MB at most in all", length,
                  seconds,
                  (double) (after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / 1e6,
                  (double) usage.ru_maxrss / 1e3);
  g_assert_cmpuint (plan->remove->len + plan->remove_later->len, >, length / 2);
  g_assert_cmpfloat (seconds, <, 2.0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fetch-limits/table", test_table);
  g_test_add_func ("/fetch-limits/order", test_order);
  g_test_add_func ("/fetch-limits/limits", test_limits);
  g_test_add_func ("/fetch-limits/days-and-clocks", test_days_and_clocks);
  g_test_add_func ("/fetch-limits/random", test_random);
  g_test_add_func ("/fetch-limits/large", test_large);
  return g_test_run ();
}
