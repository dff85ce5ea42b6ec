/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server mailbox holds, summed up: by state, by sender, by year. Pure functions on its
 * rows. */

#pragma once

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

typedef struct {
  char *key;   /* a sender as pb_server_text_sender_key () has it, or a year */
  char *label; /* to be shown */
  guint count;
  guint64 bytes;
} PbServerSum;

typedef struct {
  guint count;
  guint64 bytes;
  guint states[PB_N_SERVER_STATES];
  guint heads;        /* so many are known */
  GPtrArray *senders; /* of PbServerSum, the largest first */
  GPtrArray *years;
} PbServerSums;

/* Rows that are gone count only as such. */
PbServerSums *pb_server_sums_new (GListModel *rows) G_GNUC_WARN_UNUSED_RESULT;
void pb_server_sums_free (PbServerSums *self);

/* The year of a row, as a key of the sums; "" while it is not known. */
char *pb_server_sums_year (PbServerRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbServerSums, pb_server_sums_free)

G_END_DECLS
