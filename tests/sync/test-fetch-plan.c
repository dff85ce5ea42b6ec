/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The decisions of a check, as a table, and as a property that holds for any input. */

#include "pb-fetch-plan.h"

#include <string.h>

#define NOW ((gint64) 1700000000)
#define DAY ((gint64) 24 * 60 * 60)

static void
list_one (PbListing *listing,
          GArray *rows,
          guint number,
          guint64 size,
          const char *uid,
          PbLedgerRow row) {
  pb_listing_set_size (listing, number, size);
  if (uid)
    pb_listing_set_uid (listing, number, (const guint8 *) uid, strlen (uid));
  row.number = number;
  g_array_append_val (rows, row);
}

static char *
numbers_to_text (const GArray *numbers) {
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf (text, "%s%u", i ? " " : "", g_array_index (numbers, guint, i));
  return g_string_free (text, FALSE);
}

/* ---- One message ---- */

typedef struct {
  const char *description;
  const char *uid;
  PbLedgerRow row;
  PbVerdict verdict;
  gboolean removed_delete; /* with PB_ON_SERVER_DELETE */
  gboolean removed_after;  /* with PB_ON_SERVER_DELETE_AFTER, 7 days */
} Case;

static const Case cases[] = {
  { "never seen", "a", { .state = PB_LEDGER_UNKNOWN }, PB_VERDICT_RETRIEVE, FALSE, FALSE },
  { "durable since yesterday",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = NOW - DAY },
    PB_VERDICT_HERE,
    TRUE,
    FALSE },
  { "durable for a month, and marked to be kept",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = NOW - 30 * DAY, .keep = TRUE },
    PB_VERDICT_HERE,
    FALSE,
    FALSE },
  { "deleted here after it was stored, and marked to be kept",
    "a",
    { .state = PB_LEDGER_DELETED_HERE, .stored = NOW - 30 * DAY, .keep = TRUE },
    PB_VERDICT_DELETED_HERE,
    FALSE,
    FALSE },
  { "durable for one second less than 7 days",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = NOW - 7 * DAY + 1 },
    PB_VERDICT_HERE,
    TRUE,
    FALSE },
  { "durable for exactly 7 days",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = NOW - 7 * DAY },
    PB_VERDICT_HERE,
    TRUE,
    TRUE },
  { "first seen long ago, durable since today",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE, .first_seen = NOW - 90 * DAY, .stored = NOW },
    PB_VERDICT_HERE,
    TRUE,
    FALSE },
  { "durable, but nobody knows since when",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE },
    PB_VERDICT_HERE,
    TRUE,
    FALSE },
  { "durable since tomorrow: the clock was set back",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = NOW + DAY },
    PB_VERDICT_HERE,
    TRUE,
    FALSE },
  { "durable since the end of time",
    "a",
    { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = G_MAXINT64 },
    PB_VERDICT_HERE,
    TRUE,
    FALSE },
  { "remembered as stored, but the file is gone",
    "a",
    { .state = PB_LEDGER_STORED, .durable = FALSE, .stored = NOW - 30 * DAY },
    PB_VERDICT_RETRIEVE,
    FALSE,
    FALSE },
  { "only its head is here",
    "a",
    { .state = PB_LEDGER_PARTIAL, .stored = NOW - 30 * DAY },
    PB_VERDICT_RETRIEVE,
    FALSE,
    FALSE },
  { "refused, next try in the future",
    "a",
    { .state = PB_LEDGER_REFUSED, .next_try = NOW + 1 },
    PB_VERDICT_REFUSED,
    FALSE,
    FALSE },
  { "refused, next try so late that the clock must have been wrong",
    "a",
    { .state = PB_LEDGER_REFUSED, .next_try = NOW + DAY + 1 },
    PB_VERDICT_RETRIEVE,
    FALSE,
    FALSE },
  { "only its head is here, and the rest was refused an hour ago",
    "a",
    { .state = PB_LEDGER_PARTIAL, .next_try = NOW + DAY - 3600 },
    PB_VERDICT_REFUSED,
    FALSE,
    FALSE },
  { "refused, next try now",
    "a",
    { .state = PB_LEDGER_REFUSED, .next_try = NOW },
    PB_VERDICT_RETRIEVE,
    FALSE,
    FALSE },
  { "deleted here a month ago",
    "a",
    { .state = PB_LEDGER_DELETED_HERE, .stored = NOW - 30 * DAY },
    PB_VERDICT_DELETED_HERE,
    TRUE,
    TRUE },
  { "only its head was here, and that was deleted",
    "a",
    { .state = PB_LEDGER_DELETED_HERE },
    PB_VERDICT_DELETED_HERE,
    FALSE,
    FALSE },
  { "deleted here, stored yesterday",
    "a",
    { .state = PB_LEDGER_DELETED_HERE, .stored = NOW - DAY },
    PB_VERDICT_DELETED_HERE,
    TRUE,
    FALSE },
  { "no id: whatever the row says, it is about another message",
    NULL,
    { .state = PB_LEDGER_STORED, .durable = TRUE, .stored = NOW - 30 * DAY },
    PB_VERDICT_RETRIEVE,
    FALSE,
    FALSE },
};

static void
check_case (const Case *c, PbOnServer on_server, gboolean removed) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
  const PbFetchPolicy policy = { .on_server = on_server, .delete_after_days = 7 };

  list_one (listing, rows, 3, 1000, c->uid, c->row);
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, NOW);
  g_test_message ("%s, policy %d", c->description, (int) on_server);
  g_assert_cmpint (g_array_index (plan->verdicts, guint8, 0), ==, (int) c->verdict);
  for (guint v = 0; v < PB_N_VERDICTS; v++)
    g_assert_cmpuint (plan->counts[v], ==, v == (guint) c->verdict);
  g_assert_cmpuint (plan->retrieve->len, ==, c->verdict == PB_VERDICT_RETRIEVE);
  g_assert_cmpuint (plan->bytes, ==, c->verdict == PB_VERDICT_RETRIEVE ? 1000 : 0);
  g_assert_cmpuint (plan->remove->len, ==, removed);
}

static void
test_table (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    check_case (&cases[i], PB_ON_SERVER_KEEP, FALSE);
    check_case (&cases[i], PB_ON_SERVER_DELETE, cases[i].removed_delete);
    check_case (&cases[i], PB_ON_SERVER_DELETE_AFTER, cases[i].removed_after);
  }
}

/* ---- Several messages ---- */

static void
check_order (PbOnServer on_server, const char *retrieve, const char *removed) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
  const PbLedgerRow unknown = { .state = PB_LEDGER_UNKNOWN };
  const PbLedgerRow here = { .state = PB_LEDGER_STORED,
                             .durable = TRUE,
                             .stored = NOW - 100 * DAY };
  const PbFetchPolicy policy = { .on_server = on_server, .delete_after_days = 7 };

  list_one (listing, rows, 5, 50, "e", unknown);
  list_one (listing, rows, 1, 10, "a", unknown);
  list_one (listing, rows, 9, 90, "i", here);
  list_one (listing, rows, 3, 30, "c", unknown);
  list_one (listing, rows, 2, 20, "b", here);
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, NOW);
  g_autofree char *retrieved = numbers_to_text (plan->retrieve);
  g_autofree char *gone = numbers_to_text (plan->remove);
  g_assert_cmpstr (retrieved, ==, retrieve);
  g_assert_cmpstr (gone, ==, removed);
  g_assert_cmpuint (plan->bytes, ==, 90);
  for (guint i = 0; i < plan->retrieve->len; i++)
    g_assert_cmpuint (g_array_index (plan->sizes, guint64, i), ==,
                      10 * g_array_index (plan->retrieve, guint, i));
}

static void
test_order (void) {
  check_order (PB_ON_SERVER_KEEP, "5 3 1", "");
  check_order (PB_ON_SERVER_DELETE, "1 3 5", "2 9");
  check_order (PB_ON_SERVER_DELETE_AFTER, "5 3 1", "2 9");
}

static void
test_same_id_twice (void) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
  const PbLedgerRow here = { .state = PB_LEDGER_STORED,
                             .durable = TRUE,
                             .stored = NOW - 100 * DAY };
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_DELETE };

  list_one (listing, rows, 1, 10, "same", here);
  list_one (listing, rows, 2, 10, "other", here);
  list_one (listing, rows, 3, 10, "same", here);
  list_one (listing, rows, 4, 10, "same", here);
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, NOW);
  g_autofree char *retrieved = numbers_to_text (plan->retrieve);
  g_autofree char *gone = numbers_to_text (plan->remove);
  g_assert_cmpstr (retrieved, ==, "1 3 4");
  g_assert_cmpstr (gone, ==, "2");

  g_autoptr (GBytes) other = pb_fetch_plan_dup_identity (plan, 2);
  g_assert_cmpmem (g_bytes_get_data (other, NULL), g_bytes_get_size (other), "other", 5);
  g_assert_null (pb_fetch_plan_dup_identity (plan, 1));
  g_assert_null (pb_fetch_plan_dup_identity (plan, 3));
  g_assert_null (pb_fetch_plan_dup_identity (plan, 77));
}

static void
test_empty (void) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_DELETE };
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, NOW);

  g_assert_cmpuint (plan->retrieve->len, ==, 0);
  g_assert_cmpuint (plan->remove->len, ==, 0);
  g_assert_cmpuint (plan->verdicts->len, ==, 0);
}

static void
test_absurd_sizes (void) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
  const PbLedgerRow unknown = { .state = PB_LEDGER_UNKNOWN };
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_KEEP };

  list_one (listing, rows, 1, G_MAXUINT64, "a", unknown);
  list_one (listing, rows, 2, G_MAXUINT64, "b", unknown);
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, NOW);
  /* Nobody believes them, and nobody is kept from fetching. */
  g_assert_cmpuint (plan->bytes, ==, 0);
  g_assert_cmpuint (plan->retrieve->len, ==, 2);
}

/* ---- Anything ---- */

static PbLedgerRow
random_row (void) {
  static const gint64 times[] = { 0,         -1,         1,         NOW, NOW - DAY, NOW - 40 * DAY,
                                  NOW + DAY, G_MAXINT64, G_MININT64 };

  return (PbLedgerRow){
    .state = (PbLedgerState) g_test_rand_int_range (PB_LEDGER_UNKNOWN, PB_LEDGER_ELSEWHERE + 1),
    .durable = g_test_rand_bit (),
    .first_seen = times[g_test_rand_int_range (0, G_N_ELEMENTS (times))],
    .stored = times[g_test_rand_int_range (0, G_N_ELEMENTS (times))],
    .next_try = times[g_test_rand_int_range (0, G_N_ELEMENTS (times))],
  };
}

static gboolean
contains (const GArray *numbers, guint number) {
  for (guint i = 0; i < numbers->len; i++) {
    if (g_array_index (numbers, guint, i) == number)
      return TRUE;
  }
  return FALSE;
}

static guint
count_uid (const PbListing *listing, const PbListingEntry *wanted) {
  guint count = 0;

  for (guint i = 0; i < pb_listing_get_length (listing); i++) {
    PbListingEntry entry;
    pb_listing_get (listing, i, &entry);
    count += entry.uid_length == wanted->uid_length &&
             (entry.uid_length == 0 || memcmp (entry.uid, wanted->uid, entry.uid_length) == 0);
  }
  return count;
}

static void
check_properties (const PbListing *listing,
                  const GArray *rows,
                  const PbFetchPlan *plan,
                  const PbFetchPolicy *policy) {
  for (guint i = 0; i < rows->len; i++) {
    const PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    gboolean retrieved = contains (plan->retrieve, row->number);
    PbListingEntry entry;

    pb_listing_get (listing, i, &entry);
    gboolean known = entry.uid_length > 0 && count_uid (listing, &entry) == 1;
    if (contains (plan->remove, row->number)) {
      g_assert_true (row->durable || (row->state == PB_LEDGER_DELETED_HERE && row->stored > 0));
      g_assert_true (known);
      g_assert_cmpint (policy->on_server, !=, PB_ON_SERVER_KEEP);
      g_assert_false (retrieved);
      if (policy->on_server == PB_ON_SERVER_DELETE_AFTER)
        g_assert_cmpint (row->stored, <=, NOW - (gint64) policy->delete_after_days * DAY);
    }
    if (known && row->durable)
      g_assert_false (retrieved);
    if (!known)
      g_assert_true (retrieved);
    /* Nothing that might be missing here is left out for another reason than these two. */
    if (!retrieved && !row->durable)
      g_assert_true (row->state == PB_LEDGER_DELETED_HERE || row->state == PB_LEDGER_ELSEWHERE ||
                     (row->next_try > NOW && row->next_try <= NOW + DAY));
  }
}

static void
test_random (void) {
  for (guint round = 0; round < 3000; round++) {
    g_autoptr (PbListing) listing = pb_listing_new ();
    g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));
    guint length = (guint) g_test_rand_int_range (0, 20);
    const PbFetchPolicy policy = {
      .on_server =
        (PbOnServer) g_test_rand_int_range (PB_ON_SERVER_KEEP, PB_ON_SERVER_DELETE_AFTER + 1),
      .delete_after_days = (guint) g_test_rand_int_range (1, 60),
    };

    for (guint i = 0; i < length; i++) {
      g_autofree char *uid = g_strdup_printf ("uid-%d", g_test_rand_int_range (0, 40));
      list_one (listing, rows, i * 2 + 1, (guint64) g_test_rand_int_range (0, 9999),
                g_test_rand_int_range (0, 10) ? uid : NULL, random_row ());
    }
    g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, NOW);
    g_assert_cmpuint (plan->verdicts->len, ==, length);
    g_assert_cmpuint (plan->retrieve->len, ==, plan->counts[PB_VERDICT_RETRIEVE]);
    g_assert_cmpuint (plan->sizes->len, ==, plan->retrieve->len);
    check_properties (listing, rows, plan, &policy);
  }
}

/* A mailbox of the largest kind takes a moment, not minutes: nothing in the plan is quadratic. */
static void
test_large (void) {
  const guint length = 100000;
  g_autoptr (PbListing) listing = pb_listing_new ();
  g_autoptr (GArray) rows = g_array_sized_new (FALSE, TRUE, sizeof (PbLedgerRow), length);
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_DELETE };

  for (guint i = 0; i < length; i++) {
    g_autofree char *uid = g_strdup_printf ("%08x.mail", i);
    PbLedgerRow row = { .state = i % 2 ? PB_LEDGER_STORED : PB_LEDGER_UNKNOWN, .durable = i % 2 };
    list_one (listing, rows, i + 1, 4000, uid, row);
  }
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, NOW);
  g_assert_cmpuint (plan->retrieve->len, ==, length / 2);
  g_assert_cmpuint (plan->remove->len, ==, length / 2);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fetch-plan/table", test_table);
  g_test_add_func ("/fetch-plan/order", test_order);
  g_test_add_func ("/fetch-plan/same-id-twice", test_same_id_twice);
  g_test_add_func ("/fetch-plan/empty", test_empty);
  g_test_add_func ("/fetch-plan/absurd-sizes", test_absurd_sizes);
  g_test_add_func ("/fetch-plan/random", test_random);
  g_test_add_func ("/fetch-plan/large", test_large);
  return g_test_run ();
}
