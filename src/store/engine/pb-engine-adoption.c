/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names that a server gives anew to messages which are here: found by fingerprint, and only where
 * there can be no doubt. */

#include "pb-engine-private.h"

#include "pb-fingerprint.h"

/* One fingerprint that was asked for. */
typedef struct {
  guint index;       /* in the arrays */
  gboolean doubtful; /* more than one message may be meant */
  gboolean found;
  PbLedgerEntry entry; /* the message; any of its names */
} Wanted;

static GHashTable *
collect_wanted (GPtrArray *fingerprints) {
  GHashTable *table = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, g_free);

  for (guint i = 0; i < fingerprints->len; i++) {
    GBytes *fingerprint = fingerprints->pdata[i];
    if (!fingerprint || g_bytes_get_size (fingerprint) != PB_FINGERPRINT_SIZE)
      continue;
    Wanted *wanted = g_hash_table_lookup (table, fingerprint);
    if (wanted) {
      wanted->doubtful = TRUE;
      continue;
    }
    wanted = g_new0 (Wanted, 1);
    wanted->index = i;
    g_hash_table_insert (table, fingerprint, wanted);
  }
  return table;
}

/* What is listed now under its own name is another message than the one that is asked for. */
static void
take_entry (GBytes *fingerprint, const PbLedgerEntry *entry, gpointer data) {
  Wanted *wanted = g_hash_table_lookup (data, fingerprint);

  if (!wanted)
    return;
  if (entry->has_uidl && entry->absent == 0)
    wanted->doubtful = TRUE;
  else if (wanted->found && !pb_digest_equal (&wanted->entry.copy, &entry->copy))
    wanted->doubtful = TRUE;
  else {
    wanted->found = TRUE;
    wanted->entry = *entry;
  }
}

static gboolean
adopt_one (PbEngine *self,
           const char *account_id,
           gint64 account,
           const Wanted *wanted,
           GBytes *identity,
           PbLedgerRow *row,
           GError **error) {
  const PbLedgerEntry *entry = &wanted->entry;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  PbDigest digest;
  gsize length;
  const guint8 *data = g_bytes_get_data (identity, &length);

  pb_digest_set (&digest, account_id, data, length);
  if (!pb_ledger_note_copy (self->ledger, account, &digest, identity, &entry->digest, now, error))
    return FALSE;
  row->state = entry->state;
  row->durable = entry->state == PB_LEDGER_STORED;
  row->first_seen = now;
  row->stored = entry->stored;
  return TRUE;
}

static gboolean
adopt_all (PbEngine *self,
           const char *account_id,
           gint64 account,
           GHashTable *wanted,
           GPtrArray *identities,
           GArray *present,
           GArray *rows,
           GError **error) {
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Wanted *one = value;
    if (!one->found || one->doubtful ||
        (one->entry.state == PB_LEDGER_STORED &&
         !g_array_binary_search (present, &one->entry.copy, pb_digest_compare, NULL)))
      continue;
    if (!adopt_one (self, account_id, account, one, identities->pdata[one->index],
                    &g_array_index (rows, PbLedgerRow, one->index), error))
      return FALSE;
  }
  return TRUE;
}

GArray *
pb_engine_adopt (PbEngine *self,
                 const char *account_id,
                 GPtrArray *identities,
                 GPtrArray *fingerprints,
                 GError **error) {
  gint64 account = pb_ledger_find_account (self->ledger, account_id, error);
  g_autoptr (GHashTable) wanted = collect_wanted (fingerprints);
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (PbLedgerRow));

  g_array_set_size (rows, identities->len);
  if (account == 0 ||
      !pb_ledger_foreach_fingerprint (self->ledger, account, take_entry, wanted, error))
    return NULL;
  g_autoptr (GArray) present = pb_engine_collect_present (self, account_id, error);
  if (!present || !pb_ledger_begin (self->ledger, error))
    return NULL;
  if (!adopt_all (self, account_id, account, wanted, identities, present, rows, error)) {
    pb_ledger_rollback (self->ledger);
    return NULL;
  }
  return pb_ledger_commit (self->ledger, error) ? g_steal_pointer (&rows) : NULL;
}
