/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The decisions of a check. Nothing is carried out here: the receiver retrieves, pb-removal
 * removes, and looks again whether it may. */

#include "pb-fetch-plan.h"

#include <string.h>

#define SECONDS_PER_DAY (24 * 60 * 60)
/* No message is larger; a server that says so does not know. */
#define SIZE_MAX_BYTES ((guint64) 1 << 40)
/* A guess at how long a head is, for what may be in flight. */
#define HEAD_BYTES 4096

/* A message that is to come. */
typedef struct {
  guint number;
  int lines;
  gboolean late;
  guint64 size;
} Job;

/* A message that a limit may want gone. */
typedef struct {
  guint number;
  guint64 size;
  gboolean here;
} Candidate;

/* One run of pb_fetch_plan_new (). */
typedef struct {
  PbFetchPlan *plan;
  const PbFetchPolicy *policy;
  gint64 now;
  GArray *jobs;       /* of Job */
  GArray *candidates; /* of Candidate */
  guint64 octets;     /* of everything that stays so far */
  guint messages;
} Planning;

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
note (GHashTable **set, guint number) {
  if (!*set)
    *set = g_hash_table_new (NULL, NULL);
  g_hash_table_add (*set, GUINT_TO_POINTER (number));
}

static gboolean
is_noted (GHashTable *set, guint number) {
  return set && g_hash_table_contains (set, GUINT_TO_POINTER (number));
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
    note (&self->ambiguous, first->number);
    note (&self->ambiguous, entries[i].number);
  }
}

static gboolean
has_identity (const PbFetchPlan *self, const PbListingEntry *entry) {
  return entry->uid_length > 0 && !is_noted (self->ambiguous, entry->number);
}

static guint64
believable_size (const PbListingEntry *entry) {
  return entry->has_size && entry->size <= SIZE_MAX_BYTES ? entry->size : 0;
}

/* A time of the next try that is further away was not set by this clock. */
static gboolean
is_tried_later (const PbLedgerRow *row, gint64 now) {
  return row->next_try > now && row->next_try - now <= PB_REFUSED_RETRY_SECONDS;
}

static gboolean
is_head_wanted (const PbLedgerRow *row, guint64 size, const PbFetchPolicy *policy) {
  return !row->wanted &&
         (policy->headers_only || (policy->max_size > 0 && size > policy->max_size));
}

static PbVerdict
judge_missing (const PbLedgerRow *row, guint64 size, const PbFetchPolicy *policy, gint64 now) {
  gboolean head = is_head_wanted (row, size, policy);

  if (head && row->state == PB_LEDGER_PARTIAL)
    return PB_VERDICT_HEAD_HERE;
  if (is_tried_later (row, now))
    return PB_VERDICT_REFUSED;
  if (!head)
    return PB_VERDICT_RETRIEVE;
  if (!policy->no_top)
    return PB_VERDICT_HEAD;
  return size < PB_WHOLE_INSTEAD_BYTES ? PB_VERDICT_RETRIEVE : PB_VERDICT_TOO_LARGE;
}

static PbVerdict
judge (const PbLedgerRow *row, guint64 size, const PbFetchPolicy *policy, gint64 now) {
  if (row->durable)
    return PB_VERDICT_HERE;
  if (row->state == PB_LEDGER_DELETED_HERE)
    return PB_VERDICT_DELETED_HERE;
  if (row->state == PB_LEDGER_ELSEWHERE && !row->wanted)
    return PB_VERDICT_ELSEWHERE;
  return judge_missing (row, size, policy, now);
}

/* A complete copy is here, or was until somebody deleted it; a head that was deleted is not
 * enough, and has no time at which it was stored. */
static gboolean
is_safe_to_remove (const PbLedgerRow *row, PbVerdict verdict) {
  return verdict == PB_VERDICT_HERE || (verdict == PB_VERDICT_DELETED_HERE && row->stored > 0);
}

static gboolean
is_due (const PbLedgerRow *row, PbVerdict verdict, const PbFetchPolicy *policy, gint64 now) {
  if (policy->delete_with_local && verdict == PB_VERDICT_DELETED_HERE)
    return TRUE;
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

static void
plan_retrieval (Planning *planning, const PbLedgerRow *row, PbVerdict verdict, Job job) {
  const PbFetchPolicy *policy = planning->policy;

  job.late = row->next_try != 0 || job.number == policy->suspect;
  job.lines = PB_WHOLE_MESSAGE;
  if (verdict == PB_VERDICT_HEAD)
    job.lines = policy->headers_only ? 0 : PB_HEAD_LINES;
  g_array_append_val (planning->jobs, job);
  if (job.late)
    note (&planning->plan->failed, job.number);
  if (verdict == PB_VERDICT_RETRIEVE && row->state == PB_LEDGER_PARTIAL)
    note (&planning->plan->completing, job.number);
}

static void
decide (Planning *planning, const PbListingEntry *entry, const PbLedgerRow *listed) {
  const PbLedgerRow unknown = { .number = entry->number, .state = PB_LEDGER_UNKNOWN };
  PbFetchPlan *self = planning->plan;
  gboolean known = has_identity (self, entry) && listed->number == entry->number;
  const PbLedgerRow *row = known ? listed : &unknown;
  guint64 size = believable_size (entry);
  guint8 verdict = judge (row, size, planning->policy, planning->now);
  const Candidate candidate = { entry->number, size, is_safe_to_remove (row, verdict) };

  g_array_append_val (self->verdicts, verdict);
  self->counts[verdict]++;
  if (verdict == PB_VERDICT_RETRIEVE || verdict == PB_VERDICT_HEAD)
    plan_retrieval (planning, row, verdict, (Job){ .number = entry->number, .size = size });
  if (candidate.here && !row->keep && is_due (row, verdict, planning->policy, planning->now)) {
    g_array_append_val (self->remove, entry->number);
    return;
  }
  planning->messages++;
  planning->octets += size;
  if (!row->keep && (candidate.here || (verdict == PB_VERDICT_RETRIEVE && row->next_try == 0)))
    g_array_append_val (planning->candidates, candidate);
}

static gboolean
is_over_limit (const Planning *planning) {
  const PbFetchPolicy *policy = planning->policy;

  return (policy->keep_messages > 0 && planning->messages > policy->keep_messages) ||
         (policy->keep_bytes > 0 && planning->octets > policy->keep_bytes);
}

static int
compare_numbers (gconstpointer a, gconstpointer b) {
  guint left = *(const guint *) a, right = *(const guint *) b;

  return (left > right) - (left < right);
}

static void
keep_limits (Planning *planning) {
  PbFetchPlan *self = planning->plan;

  G_STATIC_ASSERT (G_STRUCT_OFFSET (Candidate, number) == 0);
  if (!is_over_limit (planning))
    return;
  g_array_sort (planning->candidates, compare_numbers);
  for (guint i = 0; i < planning->candidates->len && is_over_limit (planning); i++) {
    const Candidate *candidate = &g_array_index (planning->candidates, Candidate, i);
    g_array_append_val (candidate->here ? self->remove : self->remove_later, candidate->number);
    planning->messages--;
    planning->octets -= candidate->size;
  }
}

static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer data) {
  const Job *left = a, *right = b;
  const PbFetchPolicy *policy = data;
  int order = compare_numbers (&left->number, &right->number);

  if (left->late != right->late)
    return left->late ? 1 : -1;
  if (left->lines != right->lines)
    return left->lines < right->lines ? 1 : -1;
  return policy->on_server == PB_ON_SERVER_DELETE ? order : -order;
}

static guint64
expected_size (const Job *job) {
  guint64 limit = HEAD_BYTES;

  return job->lines == PB_WHOLE_MESSAGE ? job->size : MIN (job->size, limit);
}

static void
put_in_order (Planning *planning) {
  PbFetchPlan *self = planning->plan;

  g_array_sort (self->remove, compare_numbers);
  g_array_sort_with_data (planning->jobs, compare_jobs, (gpointer) planning->policy);
  for (guint i = 0; i < planning->jobs->len; i++) {
    const Job *job = &g_array_index (planning->jobs, Job, i);
    guint64 size = expected_size (job);

    g_array_append_val (self->retrieve, job->number);
    g_array_append_val (self->lines, job->lines);
    g_array_append_val (self->sizes, size);
    self->bytes += size;
  }
}

static PbFetchPlan *
plan_new (PbListing *listing) {
  PbFetchPlan *self = g_new0 (PbFetchPlan, 1);

  g_atomic_ref_count_init (&self->refs);
  self->listing = pb_listing_ref (listing);
  self->verdicts =
    g_array_sized_new (FALSE, FALSE, sizeof (guint8), pb_listing_get_length (listing));
  self->retrieve = g_array_new (FALSE, FALSE, sizeof (guint));
  self->lines = g_array_new (FALSE, FALSE, sizeof (int));
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->remove = g_array_new (FALSE, FALSE, sizeof (guint));
  self->remove_later = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

PbFetchPlan *
pb_fetch_plan_new (PbListing *listing,
                   const GArray *rows,
                   const PbFetchPolicy *policy,
                   gint64 now) {
  g_return_val_if_fail (listing != NULL && rows != NULL && policy != NULL, NULL);
  g_return_val_if_fail (rows->len == pb_listing_get_length (listing), NULL);

  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  PbFetchPlan *self = plan_new (listing);
  Planning planning = {
    .plan = self, .policy = policy, .now = now, .jobs = jobs, .candidates = candidates
  };

  find_ambiguous (self);
  for (guint i = 0; i < rows->len; i++) {
    PbListingEntry entry;

    pb_listing_get (listing, i, &entry);
    decide (&planning, &entry, &g_array_index (rows, PbLedgerRow, i));
  }
  keep_limits (&planning);
  put_in_order (&planning);
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
  g_array_unref (self->lines);
  g_array_unref (self->sizes);
  g_array_unref (self->remove);
  g_array_unref (self->remove_later);
  pb_listing_unref (self->listing);
  g_clear_pointer (&self->ambiguous, g_hash_table_unref);
  g_clear_pointer (&self->completing, g_hash_table_unref);
  g_clear_pointer (&self->failed, g_hash_table_unref);
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

GPtrArray *
pb_fetch_plan_list_refused (const PbFetchPlan *self, const GArray *rows) {
  GPtrArray *refused;

  g_return_val_if_fail (self != NULL && rows != NULL, NULL);
  g_return_val_if_fail (rows->len == self->verdicts->len, NULL);

  refused = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_refused_message_free);
  for (guint i = 0; i < rows->len; i++) {
    const PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    guint8 verdict = g_array_index (self->verdicts, guint8, i);
    guint64 size = pb_fetch_plan_get_size (self, row->number);
    const char *reason = row->reason ? row->reason : "";

    if (verdict == PB_VERDICT_REFUSED)
      g_ptr_array_add (refused, pb_refused_message_new (row->number, size, reason, row->next_try));
    else if (verdict == PB_VERDICT_TOO_LARGE)
      g_ptr_array_add (refused, pb_refused_message_new (row->number, size, NULL, 0));
  }
  return refused;
}

gboolean
pb_fetch_plan_is_completing (const PbFetchPlan *self, guint number) {
  g_return_val_if_fail (self != NULL, FALSE);

  return is_noted (self->completing, number);
}

gboolean
pb_fetch_plan_has_failed (const PbFetchPlan *self, guint number) {
  g_return_val_if_fail (self != NULL, FALSE);

  return is_noted (self->failed, number);
}

guint64
pb_fetch_plan_get_size (const PbFetchPlan *self, guint number) {
  PbListingEntry entry;

  g_return_val_if_fail (self != NULL, 0);

  return pb_listing_find (self->listing, number, &entry) ? believable_size (&entry) : 0;
}

static gboolean
may_complete (const PbFetchPlan *self, const PbLedgerRow *row) {
  g_autoptr (GBytes) identity = pb_fetch_plan_dup_identity (self, row->number);

  return identity && row->state == PB_LEDGER_PARTIAL;
}

void
pb_fetch_plan_choose (PbFetchPlan *self, const GArray *rows, GHashTable *numbers) {
  const int lines = PB_WHOLE_MESSAGE;

  g_return_if_fail (self != NULL && rows != NULL && numbers != NULL);

  g_array_set_size (self->retrieve, 0);
  g_array_set_size (self->lines, 0);
  g_array_set_size (self->sizes, 0);
  g_array_set_size (self->remove, 0);
  g_array_set_size (self->remove_later, 0);
  self->bytes = 0;
  for (guint i = 0; i < rows->len; i++) {
    const PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    guint64 size = pb_fetch_plan_get_size (self, row->number);

    if (!is_noted (numbers, row->number))
      continue;
    g_array_append_val (self->retrieve, row->number);
    g_array_append_val (self->lines, lines);
    g_array_append_val (self->sizes, size);
    self->bytes += size;
    if (may_complete (self, row))
      note (&self->completing, row->number);
  }
}
