/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The messages of one batch, from temporaries to mail, in the order of the promise. */

#pragma once

#include "pb-arrival-log.h"
#include "pb-engine-private.h"
#include "pb-summary-job.h"

G_BEGIN_DECLS

/* A message that was written. */
typedef struct {
  guint number;
  GBytes *identity; /* NULL without one */
  PbDigest digest;
  guint8 content[PB_CONTENT_SIZE];
  GBytes *fingerprint; /* empty where it tells nothing; NULL until the message is complete */
  guint64 size;
  gboolean partial;
  gint64 received;
  char *temporary; /* names in tmp and cur */
  char *base;
  char *letters;
  char *name;
  gboolean renamed;
  PbSummaryJob *summary; /* NULL until the message is complete, and again when its row is there */
  PbIndexFile *replaced; /* the incomplete copy that this one completes; NULL for none */
} PbArrival;

void pb_arrival_free (PbArrival *arrival);

/* A further name of a message whose complete copy is here, is in the same batch, or was deleted
 * here for good. */
typedef struct {
  GBytes *identity;
  PbDigest digest;
  PbDigest of; /* the entry of that message */
} PbAlias;

void pb_alias_clear (gpointer alias);

/* Where a batch goes. */
typedef struct {
  PbEngine *engine;
  const char *account_id;
  char *path; /* of the inbox */
  int tmp_fd;
  int cur_fd;
  PbArrivalLog *log;
} PbDeliveryPlace;

/* TRUE: all of @arrivals (GPtrArray of PbArrival) and @aliases (GArray of PbAlias) is durable.
 * @error may be set all the same: then the index could not be written, and a later look at the
 * folder has to do it. FALSE: nothing is left of them. */
gboolean pb_delivery_batch_commit (PbDeliveryPlace *place,
                                   GPtrArray *arrivals,
                                   GArray *aliases,
                                   GError **error);

/* Removes their files, wherever they are. */
void pb_delivery_batch_remove (PbDeliveryPlace *place, GPtrArray *arrivals);

G_END_DECLS
