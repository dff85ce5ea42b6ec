/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of PbLedger share. */

#pragma once

#include "pb-ledger.h"

G_BEGIN_DECLS

struct _PbLedger {
  PbDatabase *db;
  int backed_up; /* pb_database_count_changes () at the last backup */
};

/* What pb_ledger_read_entry () wants to find; further columns follow, from PB_LEDGER_N_COLUMNS
 * on. */
#define PB_LEDGER_COLUMNS \
  "digest, state, uidl IS NOT NULL, first_seen, stored, next_try, absent, gone, copy, keep"
#define PB_LEDGER_N_COLUMNS 10

/* FALSE for an entry that makes no sense. */
gboolean pb_ledger_read_entry (sqlite3_stmt *statement, PbLedgerEntry *entry);

/* Every statement on one entry has the account first and the digest (which may be NULL) second. */
sqlite3_stmt *pb_ledger_prepare (PbLedger *self,
                                 const char *sql,
                                 gint64 account,
                                 const PbDigest *digest,
                                 GError **error);

/* NULL stays NULL. */
void pb_ledger_bind_identity (sqlite3_stmt *statement, int place, GBytes *identity);

G_END_DECLS
