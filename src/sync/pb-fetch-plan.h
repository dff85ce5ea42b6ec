/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What one check has to do, decided from what the server lists, what the ledger remembers, what
 * the person wants and what time it is. A pure function: no disk, no network, no clock. */

#pragma once

#include "pb-account.h"
#include "pb-fetch-result.h"
#include "pb-mail-store.h"

G_BEGIN_DECLS

typedef struct {
  PbOnServer on_server;
  guint delete_after_days;    /* only with PB_ON_SERVER_DELETE_AFTER; 0 counts as 1 */
  gboolean headers_only;      /* only heads come, until the rest is asked for */
  guint64 max_size;           /* octets; of what is larger, the head and some lines; 0: no limit */
  gboolean delete_with_local; /* what was deleted here for good goes from the server too */
  guint keep_messages;        /* no more than that many stay on the server; 0: no limit */
  guint64 keep_bytes;         /* nor more octets, as listed; 0: no limit */
  gboolean no_top;            /* the server cannot send heads */
  guint suspect;              /* the number at which the connection was lost before; 0 for none */
} PbFetchPolicy;

/* Why a listed message is retrieved or not. */
typedef enum {
  PB_VERDICT_RETRIEVE, /* new, or its copy is incomplete or gone without having been deleted here */
  PB_VERDICT_HEAD,     /* the same, but only its head is to come */
  PB_VERDICT_HERE,     /* a complete copy is here */
  PB_VERDICT_HEAD_HERE,    /* its head is here, and nobody wants more */
  PB_VERDICT_DELETED_HERE, /* was here and was deleted here for good */
  PB_VERDICT_REFUSED,      /* the server could not deliver it; its next try is not due */
  PB_VERDICT_TOO_LARGE,    /* only its head should come, but the server cannot send heads */
  PB_VERDICT_ELSEWHERE,    /* never here: another mail program has fetched it */
  PB_N_VERDICTS,
} PbVerdict;

/* What "lines" says of a whole message. */
#define PB_WHOLE_MESSAGE (-1)

/* How many lines of the body come with the head of a message that is larger than the limit. */
#define PB_HEAD_LINES 20

/* How often a message that the server cannot deliver is asked for. */
#define PB_REFUSED_RETRY_SECONDS (24 * 60 * 60)

/* What is retrieved whole where a head was wanted and the server cannot send heads. */
#define PB_WHOLE_INSTEAD_BYTES 50000

typedef struct {
  GArray *verdicts; /* guint8 (PbVerdict) for each entry, in the order of the listing */
  GArray *retrieve; /* guint: numbers, in the order in which to ask for them */
  GArray *lines;    /* int for each of @retrieve: PB_WHOLE_MESSAGE, or lines of the body (TOP) */
  GArray *sizes;    /* guint64: what to expect of each of @retrieve, 0 where nobody knows */
  GArray *remove;   /* guint: numbers that may be removed from the server now, ascending */
  GArray *remove_later; /* guint: numbers of @retrieve to be removed once they are durable here,
                         * ascending; only what a limit wants gone */
  guint counts[PB_N_VERDICTS];
  guint64 bytes; /* sum of @sizes */
  /*< private >*/
  PbListing *listing;
  GHashTable *ambiguous;  /* numbers whose id another entry has too; NULL for none */
  GHashTable *completing; /* numbers of which the head is here and the whole is to come */
  GHashTable *failed;     /* numbers that failed at the last try and are tried again */
  gatomicrefcount refs;
} PbFetchPlan;

/* Keeps @listing, which must not change any more. @rows: GArray of PbLedgerRow for @listing, in its
 * order (pb_mail_store_match_listing_finish ()). @now: seconds since 1970.
 *
 * Newest first where messages stay on the server, oldest first where they are deleted at once;
 * heads before whole messages, and at the very end what failed at its last try. Removal is planned
 * only for what is durable here as a whole, or was and was deleted here for good, and only where
 * the policy deletes and nobody marked it to be kept; "days" count from when a message became
 * durable here, never from its Date header; limits take the oldest (smallest numbers) first. A
 * message without an id, or with one that another message of this listing has too, is always
 * retrieved (its content tells whether it is new) and never planned for removal before it came.
 * What is not listed is not touched: an empty or short listing changes nothing. A size of 0, or one
 * that cannot be, is none. */
PbFetchPlan *pb_fetch_plan_new (PbListing *listing,
                                const GArray *rows,
                                const PbFetchPolicy *policy,
                                gint64 now) G_GNUC_WARN_UNUSED_RESULT;
PbFetchPlan *pb_fetch_plan_ref (PbFetchPlan *self);
void pb_fetch_plan_unref (PbFetchPlan *self);

/* What the server calls message @number; NULL where it has no id, or one that another message of
 * the listing has too. */
GBytes *pb_fetch_plan_dup_identity (const PbFetchPlan *self, guint number);

/* What does not come for now, and why: GPtrArray of PbRefusedMessage. @rows as given to new (). */
GPtrArray *pb_fetch_plan_list_refused (const PbFetchPlan *self, const GArray *rows);

/* TRUE when the head of @number is here and its whole is to be retrieved. */
gboolean pb_fetch_plan_is_completing (const PbFetchPlan *self, guint number);

/* TRUE when @number is to be retrieved although it failed at the last try. */
gboolean pb_fetch_plan_has_failed (const PbFetchPlan *self, guint number);

/* The size that the server claims, 0 where there is none to be believed. */
guint64 pb_fetch_plan_get_size (const PbFetchPlan *self, guint number);

/* A person has chosen: exactly @numbers (a set) are to be retrieved, whole, and nothing is to be
 * removed. @rows as given to new (). */
void pb_fetch_plan_choose (PbFetchPlan *self, const GArray *rows, GHashTable *numbers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbFetchPlan, pb_fetch_plan_unref)

G_END_DECLS
