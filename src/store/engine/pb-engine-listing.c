/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server lists against what the ledger knows and what is really here. Both sides are sorted
 * by digest and walked side by side. */

#include "pb-engine-private.h"

#include <stdlib.h>

#include "pb-fault.h"

/* An entry that no listing had for so long is forgotten. */
#define FORGET_SECONDS (30 * 24 * 60 * 60)
/* One that listings lack for less still counts as missing. */
#define MISSING_SECONDS (7 * 24 * 60 * 60)

typedef struct {
  PbDigest digest;
  guint index; /* in the listing */
} Listed;

typedef struct {
  PbEngine *engine;
  const char *account_id;
  gint64 account;
  PbListing *listing;
  gint64 now;
  GArray *listed;  /* of Listed, sorted; only entries with an id */
  GArray *entries; /* of PbLedgerEntry, sorted */
  GArray *rows;    /* of PbLedgerRow: the result */
  GArray *present; /* of PbDigest, sorted; NULL until it is needed */
  GArray *news;    /* of Listed: to be noted as listed */
  GArray *absent;  /* of PbDigest: not listed for the first time */
  GArray *expired; /* of PbDigest */
  guint current;   /* entries that the listing before this one had */
  guint missing;   /* entries that ought to be listed */
} Match;

static int
compare_listed (gconstpointer a, gconstpointer b) {
  return pb_digest_compare (&((const Listed *) a)->digest, &((const Listed *) b)->digest);
}

static void
match_begin (Match *match) {
  guint length = pb_listing_get_length (match->listing);

  match->listed = g_array_sized_new (FALSE, FALSE, sizeof (Listed), length);
  match->rows = g_array_sized_new (FALSE, TRUE, sizeof (PbLedgerRow), length);
  match->news = g_array_new (FALSE, FALSE, sizeof (Listed));
  match->absent = g_array_new (FALSE, FALSE, sizeof (PbDigest));
  match->expired = g_array_new (FALSE, FALSE, sizeof (PbDigest));
  g_array_set_size (match->rows, length);
  for (guint i = 0; i < length; i++) {
    PbListingEntry entry;
    pb_listing_get (match->listing, i, &entry);
    g_array_index (match->rows, PbLedgerRow, i).number = entry.number;
    if (!entry.uid)
      continue;
    Listed listed = { .index = i };
    pb_digest_set (&listed.digest, match->account_id, entry.uid, entry.uid_length);
    g_array_append_val (match->listed, listed);
  }
  g_array_sort (match->listed, compare_listed);
}

static void
match_clear (Match *match) {
  g_array_unref (match->listed);
  g_array_unref (match->news);
  g_array_unref (match->absent);
  g_array_unref (match->expired);
  g_clear_pointer (&match->entries, g_array_unref);
  g_clear_pointer (&match->rows, g_array_unref);
  g_clear_pointer (&match->present, g_array_unref);
}

/* The folders are read only when somebody wants to know. */
static gboolean
is_present (Match *match, const PbDigest *digest, gboolean *present, GError **error) {
  if (!match->present)
    match->present = pb_engine_collect_present (match->engine, match->account_id, error);
  if (!match->present)
    return FALSE;
  *present = g_array_binary_search (match->present, digest, pb_digest_compare, NULL);
  return TRUE;
}

static gboolean
take_known (Match *match, const Listed *listed, const PbLedgerEntry *entry, GError **error) {
  PbLedgerRow *row = &g_array_index (match->rows, PbLedgerRow, listed->index);

  row->state = entry->state;
  row->first_seen = entry->first_seen;
  row->stored = entry->stored;
  row->next_try = entry->next_try;
  row->keep = entry->keep;
  if (entry->absent != 0 || !entry->has_uidl)
    g_array_append_val (match->news, *listed);
  return entry->state != PB_LEDGER_STORED || is_present (match, &entry->copy, &row->durable, error);
}

/* It had a message here, and nobody said that it would go. */
static gboolean
is_missing (const Match *match, const PbLedgerEntry *entry) {
  return (entry->state == PB_LEDGER_STORED || entry->state == PB_LEDGER_DELETED_HERE) &&
         !entry->gone && (entry->absent == 0 || match->now - entry->absent <= MISSING_SECONDS);
}

/* Entries without an id stand for messages that had none: they are never forgotten. */
static gboolean
take_absent (Match *match, const PbLedgerEntry *entry, GError **error) {
  gboolean present;

  match->missing += is_missing (match, entry);
  if (entry->absent == 0) {
    g_array_append_val (match->absent, entry->digest);
    return TRUE;
  }
  if (!entry->has_uidl)
    return TRUE;
  if (match->now - entry->absent <= FORGET_SECONDS)
    return TRUE;
  if (!is_present (match, &entry->copy, &present, error))
    return FALSE;
  if (!present)
    g_array_append_val (match->expired, entry->digest);
  return TRUE;
}

static gboolean
match_all (Match *match, GError **error) {
  /* A server that gave sizes but no ids at all says nothing about what it has. */
  gboolean tells = match->listed->len > 0 || match->rows->len == 0;
  guint at = 0;

  for (guint i = 0; i < match->entries->len; i++) {
    const PbLedgerEntry *entry = &g_array_index (match->entries, PbLedgerEntry, i);
    gboolean found = FALSE;
    match->current += entry->absent == 0;
    for (; at < match->listed->len; at++) {
      const Listed *listed = &g_array_index (match->listed, Listed, at);
      int order = pb_digest_compare (&listed->digest, &entry->digest);
      if (order > 0)
        break;
      if (order < 0)
        g_array_append_val (match->news, *listed);
      else if (!take_known (match, listed, entry, error))
        return FALSE;
      found |= order == 0;
    }
    if (!found && tells && !take_absent (match, entry, error))
      return FALSE;
  }
  if (at < match->listed->len)
    g_array_append_vals (match->news, &g_array_index (match->listed, Listed, at),
                         match->listed->len - at);
  return TRUE;
}

/* A mailbox that was emptied or renumbered is one statement, not one for each message. */
static gboolean
write_absent (Match *match, GError **error) {
  PbLedger *ledger = match->engine->ledger;

  if (match->absent->len > 0 && match->absent->len == match->current)
    return pb_ledger_note_absent (ledger, match->account, NULL, match->now, error);
  for (guint i = 0; i < match->absent->len; i++) {
    if (!pb_ledger_note_absent (ledger, match->account, &g_array_index (match->absent, PbDigest, i),
                                match->now, error))
      return FALSE;
  }
  return TRUE;
}

/* What is absent comes first: it may be all that is there so far. */
static gboolean
write_news (Match *match, GError **error) {
  PbLedger *ledger = match->engine->ledger;

  if (!write_absent (match, error))
    return FALSE;
  for (guint i = 0; i < match->news->len; i++) {
    const Listed *listed = &g_array_index (match->news, Listed, i);
    PbListingEntry entry;
    pb_listing_get (match->listing, listed->index, &entry);
    if (!pb_ledger_note_listed (ledger, match->account, &listed->digest, entry.uid,
                                entry.uid_length, match->now, error))
      return FALSE;
  }
  for (guint i = 0; i < match->expired->len; i++) {
    if (!pb_ledger_forget (ledger, match->account, &g_array_index (match->expired, PbDigest, i),
                           error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
match_write (Match *match, GError **error) {
  PbLedger *ledger = match->engine->ledger;

  if (match->news->len + match->absent->len + match->expired->len == 0)
    return TRUE;
  if (!pb_ledger_begin (ledger, error))
    return FALSE;
  if (write_news (match, error))
    return pb_ledger_commit (ledger, error);
  pb_ledger_rollback (ledger);
  return FALSE;
}

GArray *
pb_engine_match_listing (PbEngine *self,
                         const char *account_id,
                         PbListing *listing,
                         guint *missing,
                         GError **error) {
  Match match = { .engine = self, .account_id = account_id, .listing = listing };
  GArray *rows = NULL;

  match.account = pb_ledger_find_account (self->ledger, account_id, error);
  if (match.account == 0)
    return NULL;
  match.now = g_get_real_time () / G_USEC_PER_SEC;
  match_begin (&match);
  match.entries = pb_ledger_load (self->ledger, match.account, error);
  if (match.entries && match_all (&match, error) && match_write (&match, error) &&
      pb_engine_add_remarks (self, account_id, match.account, listing, match.rows, error))
    rows = g_steal_pointer (&match.rows);
  *missing = match.missing;
  match_clear (&match);
  return rows;
}

/* One change of the ledger that needs no more than the digest of an identity. */
static gint64
begin_note (PbEngine *self, const char *account_id, GError **error) {
  gint64 account = pb_ledger_find_account (self->ledger, account_id, error);

  return account > 0 && pb_ledger_begin (self->ledger, error) ? account : 0;
}

static gboolean
end_note (PbEngine *self, gboolean ok, GError **error) {
  if (ok)
    return pb_ledger_commit (self->ledger, error);
  pb_ledger_rollback (self->ledger);
  return FALSE;
}

static void
digest_of (PbDigest *digest, const char *account_id, GBytes *identity) {
  gsize length;
  const guint8 *data = g_bytes_get_data (identity, &length);

  pb_digest_set (digest, account_id, data, length);
}

gboolean
pb_engine_note_refused (PbEngine *self,
                        const char *account_id,
                        GBytes *identity,
                        const char *reason,
                        gint64 next_try,
                        GError **error) {
  gint64 account = begin_note (self, account_id, error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  PbDigest digest;

  if (account == 0)
    return FALSE;
  digest_of (&digest, account_id, identity);
  return end_note (
    self,
    pb_ledger_note_refused (self->ledger, account, &digest, identity, reason, next_try, now, error),
    error);
}

gboolean
pb_engine_note_removed (PbEngine *self,
                        const char *account_id,
                        GPtrArray *identities,
                        GError **error) {
  pb_fault_point ("removal-unnoted");
  gint64 account = begin_note (self, account_id, error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean ok = TRUE;

  if (account == 0)
    return FALSE;
  for (guint i = 0; i < identities->len && ok; i++) {
    PbDigest digest;
    digest_of (&digest, account_id, identities->pdata[i]);
    ok = pb_ledger_note_gone (self->ledger, account, &digest, now, error);
  }
  pb_fault_point ("removal-written");
  ok = end_note (self, ok, error);
  pb_fault_point ("removal-noted");
  return ok;
}
