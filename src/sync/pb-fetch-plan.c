/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The decisions of a check. Nothing is carried out here: the receiver retrieves, pb-removal
 * removes, and looks again whether it may. */

#include "pb-fetch-plan.h"

#include <string.h>

#define SECONDS_PER_DAY (24 * 60 * 60)

static guint
entry_hash (gconstpointer key) {
  const PbListingEntry *entry = key;
  guint hash = 5381;

  for (gsize i = 0; i < entry->uid_length; i++)
    hash = hash * 33 + entry->uid[i];
  return hash;
}

static gboolean
entry_equal (gconstpointer a, gconstpointer b) {
  const PbListingEntry *left = a, *right = b;

  return left->uid_length == right->uid_length &&
         memcmp (left->uid, right->uid, left->uid_length) == 0;
}

static void
note_ambiguous (PbFetchPlan *self, guint number) {
  if (!self->ambiguous)
    self->ambiguous = g_hash_table_new (NULL, NULL);
  g_hash_table_add (self->ambiguous, GUINT_TO_POINTER (number));
}

/* RFC 1939 allows a server to give copies of a message the same id, and broken ones give it to
 * different messages. Such an id says nothing about any one of them. */
static void
find_ambiguous (PbFetchPlan *self) {
  guint length = pb_listing_get_length (self->listing);
  g_autofree PbListingEntry *entries = g_new (PbListingEntry, length);
  g_autoptr (GHashTable) seen = g_hash_table_new (entry_hash, entry_equal);

  for (guint i = 0; i < length; i++) {
    pb_listing_get (self->listing, i, &entries[i]);
    if (entries[i].uid_length == 0)
      continue;
    const PbListingEntry *first = g_hash_table_lookup (seen, &entries[i]);
    if (!first) {
      g_hash_table_add (seen, &entries[i]);
      continue;
    }
    note_ambiguous (self, first->number);
    note_ambiguous (self, entries[i].number);
  }
}

static gboolean
has_identity (const PbFetchPlan *self, const PbListingEntry *entry) {
  return entry->uid_length > 0 &&
         !(self->ambiguous &&
           g_hash_table_contains (self->ambiguous, GUINT_TO_POINTER (entry->number)));
}

static PbVerdict
judge (const PbLedgerRow *row, gint64 now) {
  if (row->durable)
    return PB_VERDICT_HERE;
  switch (row->state) {
  case PB_LEDGER_DELETED_HERE:
    return PB_VERDICT_DELETED_HERE;
  case PB_LEDGER_REFUSED:
    return now >= row->next_try ? PB_VERDICT_RETRIEVE : PB_VERDICT_REFUSED;
  case PB_LEDGER_UNKNOWN:
  case PB_LEDGER_STORED:
  case PB_LEDGER_PARTIAL:
  default:
    return PB_VERDICT_RETRIEVE;
  }
}

static gboolean
may_remove (const PbLedgerRow *row, PbVerdict verdict, const PbFetchPolicy *policy, gint64 now) {
  if (verdict != PB_VERDICT_HERE && verdict != PB_VERDICT_DELETED_HERE)
    return FALSE;
  switch (policy->on_server) {
  case PB_ON_SERVER_DELETE:
    return TRUE;
  case PB_ON_SERVER_DELETE_AFTER:
    /* A clock that was set back, or an entry without a time, means: wait. */
    return row->stored > 0 && now >= row->stored &&
           now - row->stored >= (gint64) MAX (policy->delete_after_days, 1) * SECONDS_PER_DAY;
  case PB_ON_SERVER_KEEP:
  default:
    return FALSE;
  }
}

static int
compare_numbers (gconstpointer a, gconstpointer b) {
  guint left = *(const guint *) a, right = *(const guint *) b;

  return (left > right) - (left < right);
}

static int
compare_numbers_backwards (gconstpointer a, gconstpointer b) {
  return compare_numbers (b, a);
}

static void
decide (PbFetchPlan *self,
        const PbListingEntry *entry,
        const PbLedgerRow *row,
        const PbFetchPolicy *policy,
        gint64 now) {
  gboolean known = has_identity (self, entry) && row->number == entry->number;
  guint8 verdict = known ? judge (row, now) : PB_VERDICT_RETRIEVE;

  g_array_append_val (self->verdicts, verdict);
  self->counts[verdict]++;
  if (verdict == PB_VERDICT_RETRIEVE) {
    g_array_append_val (self->retrieve, entry->number);
    self->bytes = entry->size > G_MAXUINT64 - self->bytes ? G_MAXUINT64 : self->bytes + entry->size;
  } else if (may_remove (row, verdict, policy, now))
    g_array_append_val (self->remove, entry->number);
}

static void
put_in_order (PbFetchPlan *self, const PbFetchPolicy *policy) {
  g_array_sort (self->remove, compare_numbers);
  g_array_sort (self->retrieve, policy->on_server == PB_ON_SERVER_DELETE
                                  ? compare_numbers
                                  : compare_numbers_backwards);
  for (guint i = 0; i < self->retrieve->len; i++) {
    PbListingEntry entry = { 0 };

    pb_listing_find (self->listing, g_array_index (self->retrieve, guint, i), &entry);
    g_array_append_val (self->sizes, entry.size);
  }
}

PbFetchPlan *
pb_fetch_plan_new (PbListing *listing,
                   const GArray *rows,
                   const PbFetchPolicy *policy,
                   gint64 now) {
  g_return_val_if_fail (listing != NULL && rows != NULL && policy != NULL, NULL);
  g_return_val_if_fail (rows->len == pb_listing_get_length (listing), NULL);

  PbFetchPlan *self = g_new0 (PbFetchPlan, 1);
  g_atomic_ref_count_init (&self->refs);
  self->listing = pb_listing_ref (listing);
  self->verdicts = g_array_sized_new (FALSE, FALSE, sizeof (guint8), rows->len);
  self->retrieve = g_array_new (FALSE, FALSE, sizeof (guint));
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->remove = g_array_new (FALSE, FALSE, sizeof (guint));
  find_ambiguous (self);
  for (guint i = 0; i < rows->len; i++) {
    PbListingEntry entry;

    pb_listing_get (listing, i, &entry);
    decide (self, &entry, &g_array_index (rows, PbLedgerRow, i), policy, now);
  }
  put_in_order (self, policy);
  return self;
}

PbFetchPlan *
pb_fetch_plan_ref (PbFetchPlan *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_fetch_plan_unref (PbFetchPlan *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->verdicts);
  g_array_unref (self->retrieve);
  g_array_unref (self->sizes);
  g_array_unref (self->remove);
  pb_listing_unref (self->listing);
  g_clear_pointer (&self->ambiguous, g_hash_table_unref);
  g_free (self);
}

GBytes *
pb_fetch_plan_dup_identity (const PbFetchPlan *self, guint number) {
  PbListingEntry entry;

  g_return_val_if_fail (self != NULL, NULL);

  if (!pb_listing_find (self->listing, number, &entry) || !has_identity (self, &entry))
    return NULL;
  return g_bytes_new (entry.uid, entry.uid_length);
}
