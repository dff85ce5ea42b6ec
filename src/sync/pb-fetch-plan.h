/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What one check has to do, decided from what the server lists, what the ledger remembers, what
 * the person wants and what time it is. A pure function: no disk, no network, no clock. */

#pragma once

#include "pb-account.h"
#include "pb-mail-store.h"

G_BEGIN_DECLS

typedef struct {
  PbOnServer on_server;
  guint delete_after_days; /* only with PB_ON_SERVER_DELETE_AFTER; 0 counts as 1 */
} PbFetchPolicy;

/* Why a listed message is retrieved or not. */
typedef enum {
  PB_VERDICT_RETRIEVE, /* new, or its copy is incomplete or gone without having been deleted here */
  PB_VERDICT_HERE,     /* a complete copy is here */
  PB_VERDICT_DELETED_HERE, /* was here and was deleted here for good */
  PB_VERDICT_REFUSED,      /* the server could not deliver it; its next try is not due */
  PB_N_VERDICTS,
} PbVerdict;

typedef struct {
  GArray *verdicts; /* guint8 (PbVerdict) for each entry, in the order of the listing */
  GArray *retrieve; /* guint: numbers, in the order in which to ask for them */
  GArray *sizes;    /* guint64: the server's claim for each of @retrieve, 0 where it made none */
  GArray *remove;   /* guint: numbers that may be removed from the server now, ascending */
  guint counts[PB_N_VERDICTS];
  guint64 bytes; /* sum of @sizes */
  /*< private >*/
  PbListing *listing;
  GHashTable *ambiguous; /* numbers whose id another entry has too; NULL for none */
  gatomicrefcount refs;
} PbFetchPlan;

/* Keeps @listing, which must not change any more. @rows: GArray of PbLedgerRow for @listing, in
 * its order (pb_mail_store_match_listing_finish ()). @now: seconds since 1970.
 *
 * Newest first where messages stay on the server, oldest first where they are deleted at once.
 * Removal is planned only for what is durable here, or was deleted here for good, and only where
 * the policy deletes; "days" count from when a message became durable here, never from its Date
 * header. A message without an id, or with one that another message of this listing has too, is
 * always retrieved (its content tells whether it is new) and never planned for removal. What is
 * not listed is not touched: an empty or short listing changes nothing. */
PbFetchPlan *pb_fetch_plan_new (PbListing *listing,
                                const GArray *rows,
                                const PbFetchPolicy *policy,
                                gint64 now) G_GNUC_WARN_UNUSED_RESULT;
PbFetchPlan *pb_fetch_plan_ref (PbFetchPlan *self);
void pb_fetch_plan_unref (PbFetchPlan *self);

/* What the server calls message @number; NULL where it has no id, or one that another message of
 * the listing has too. */
GBytes *pb_fetch_plan_dup_identity (const PbFetchPlan *self, guint number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbFetchPlan, pb_fetch_plan_unref)

G_END_DECLS
