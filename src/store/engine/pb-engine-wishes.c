/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which incomplete messages somebody wants as a whole, and how the next match of a listing learns
 * of it. */

#include "pb-engine-private.h"

#include "pb-ledger-remarks.h"
#include "pb-maildir-name.h"

static gboolean
want_one (PbEngine *self, const PbIndexFile *file, GError **error) {
  PbIndexFolder *folder = pb_engine_find_folder (self, file->folder, error);
  PbDigest digest;

  if (!folder)
    return FALSE;
  if (!(file->flags & PB_FLAG_PARTIAL) || !pb_maildir_name_get_digest (file->base, &digest))
    return TRUE;
  gint64 account = pb_ledger_find_account (self->ledger, folder->account, error);
  return account > 0 && pb_ledger_note_wanted (self->ledger, account, &digest, error);
}

static gboolean
want_all (PbEngine *self, const gint64 *ids, guint count, GError **error) {
  for (guint i = 0; i < count; i++) {
    GError *failure = NULL;
    g_autoptr (PbIndexFile) file = pb_index_find_file (self->index, ids[i], &failure);

    if (failure) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (file && !want_one (self, file, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_engine_want_rest (PbEngine *self, const gint64 *ids, guint count, GError **error) {
  if (!pb_ledger_begin (self->ledger, error))
    return FALSE;
  if (want_all (self, ids, count, error))
    return pb_ledger_commit (self->ledger, error);
  pb_ledger_rollback (self->ledger);
  return FALSE;
}

static void
clear_row (gpointer data) {
  g_free (((PbLedgerRow *) data)->reason);
}

static gboolean
may_have_remark (const PbLedgerRow *row) {
  return row->state == PB_LEDGER_PARTIAL || row->next_try != 0;
}

static gboolean
any_has_remark (const GArray *rows) {
  for (guint i = 0; i < rows->len; i++) {
    if (may_have_remark (&g_array_index (rows, PbLedgerRow, i)))
      return TRUE;
  }
  return FALSE;
}

gboolean
pb_engine_add_remarks (PbEngine *self,
                       const char *account_id,
                       gint64 account,
                       const PbListing *listing,
                       GArray *rows,
                       GError **error) {
  g_autoptr (GHashTable) remarks = NULL;

  g_array_set_clear_func (rows, clear_row);
  if (!any_has_remark (rows))
    return TRUE;
  remarks = pb_ledger_load_remarks (self->ledger, account, error);
  for (guint i = 0; remarks && i < rows->len; i++) {
    PbLedgerRow *row = &g_array_index (rows, PbLedgerRow, i);
    PbListingEntry entry;
    PbDigest digest;

    pb_listing_get (listing, i, &entry);
    if (!may_have_remark (row) || !entry.uid)
      continue;
    pb_digest_set (&digest, account_id, entry.uid, entry.uid_length);
    const PbLedgerRemark *remark = g_hash_table_lookup (remarks, &digest);
    row->wanted = remark && remark->wanted;
    row->reason = remark ? g_strdup (remark->reason) : NULL;
  }
  return remarks != NULL;
}
