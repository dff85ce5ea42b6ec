/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the ledger holds beside the facts about a message: that somebody wants its rest, and what a
 * server said when it did not deliver it. Only few entries have such a remark. Store thread
 * only. */

#pragma once

#include "pb-ledger.h"

G_BEGIN_DECLS

typedef struct {
  PbDigest digest;
  gboolean wanted;
  char *reason; /* untrusted; NULL for none */
} PbLedgerRemark;

/* All remarks of @account: GHashTable of PbDigest to PbLedgerRemark. */
GHashTable *pb_ledger_load_remarks (PbLedger *self, gint64 account, GError **error);

/* Somebody wants the whole of the message whose file has @digest in its name; it may be tried at
 * once. */
gboolean
pb_ledger_note_wanted (PbLedger *self, gint64 account, const PbDigest *digest, GError **error);

/* It stays on the server, or may go; under all its names. */
gboolean pb_ledger_set_keep (PbLedger *self,
                             gint64 account,
                             const PbDigest *digest,
                             gboolean keep,
                             GError **error);

/* What was deleted here for good is forgotten, under all its names, so that it can come again. */
gboolean
pb_ledger_forget_deleted (PbLedger *self, gint64 account, const PbDigest *digest, GError **error);

/* Another program has fetched the message of this name. *@added: nothing was known of it here. */
gboolean pb_ledger_note_elsewhere (PbLedger *self,
                                   gint64 account,
                                   const PbDigest *digest,
                                   GBytes *identity,
                                   gint64 now,
                                   gboolean *added,
                                   GError **error);

G_END_DECLS
