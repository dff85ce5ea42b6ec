/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of messages on a server, matched with a listing, and wishes about them. */

#include "pb-engine-heads.h"

#include "pb-engine-private.h"
#include "pb-index-heads.h"
#include "pb-ledger-remarks.h"

static void
head_free (gpointer head) {
  g_clear_pointer ((PbSummary **) &head, pb_summary_unref);
}

static void
digest_of (PbDigest *digest, const char *account_id, GBytes *identity) {
  gsize length;
  const guint8 *data = g_bytes_get_data (identity, &length);

  pb_digest_set (digest, account_id, data, length);
}

typedef struct {
  GHashTable *places; /* PbDigest → its place in the listing, plus one */
  GPtrArray *heads;   /* the result */
} Search;

static void
take_head (const PbDigest *digest, PbSummary *head, gpointer data) {
  Search *search = data;
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (search->places, digest));

  if (place == 0 || search->heads->pdata[place - 1])
    return;
  search->heads->pdata[place - 1] = pb_summary_ref (head);
}

GPtrArray *
pb_engine_load_heads (PbEngine *self, const char *account_id, PbListing *listing, GError **error) {
  guint length = pb_listing_get_length (listing);
  g_autofree PbDigest *digests = g_new (PbDigest, length);
  g_autoptr (GHashTable) places = g_hash_table_new (pb_digest_hash, pb_digest_equal);
  g_autoptr (GPtrArray) heads = g_ptr_array_new_with_free_func (head_free);
  Search search = { places, heads };

  g_ptr_array_set_size (heads, (int) length);
  for (guint i = 0; i < length; i++) {
    PbListingEntry entry;
    pb_listing_get (listing, i, &entry);
    if (!entry.uid)
      continue;
    pb_digest_set (&digests[i], account_id, entry.uid, entry.uid_length);
    g_hash_table_insert (places, &digests[i], GUINT_TO_POINTER (i + 1));
  }
  if (!pb_index_foreach_head (self->index, account_id, take_head, &search, error))
    return NULL;
  return g_steal_pointer (&heads);
}

gboolean
pb_engine_keep_heads (PbEngine *self,
                      const char *account_id,
                      GPtrArray *identities,
                      GPtrArray *heads,
                      GError **error) {
  gboolean ok = TRUE;

  if (!pb_index_begin (self->index, error))
    return FALSE;
  for (guint i = 0; i < identities->len && ok; i++) {
    PbDigest digest;
    digest_of (&digest, account_id, identities->pdata[i]);
    ok = pb_index_keep_head (self->index, account_id, &digest, heads->pdata[i], error);
  }
  if (ok && pb_index_trim_heads (self->index, PB_HEADS_KEPT, error))
    return pb_index_commit (self->index, error);
  pb_index_rollback (self->index);
  return FALSE;
}

typedef enum {
  WISH_KEEP,
  WISH_LET_GO,
  WISH_FORGET_DELETED,
} Wish;

static gboolean
note_wish (PbEngine *self, gint64 account, const PbDigest *digest, Wish wish, GError **error) {
  if (wish == WISH_FORGET_DELETED)
    return pb_ledger_forget_deleted (self->ledger, account, digest, error);
  return pb_ledger_set_keep (self->ledger, account, digest, wish == WISH_KEEP, error);
}

static gboolean
note_wishes (PbEngine *self,
             const char *account_id,
             GPtrArray *identities,
             Wish wish,
             GError **error) {
  gint64 account = pb_ledger_find_account (self->ledger, account_id, error);
  gboolean ok = TRUE;

  if (account == 0 || !pb_ledger_begin (self->ledger, error))
    return FALSE;
  for (guint i = 0; i < identities->len && ok; i++) {
    PbDigest digest;
    digest_of (&digest, account_id, identities->pdata[i]);
    ok = note_wish (self, account, &digest, wish, error);
  }
  if (ok)
    return pb_ledger_commit (self->ledger, error);
  pb_ledger_rollback (self->ledger);
  return FALSE;
}

gboolean
pb_engine_set_keep (PbEngine *self,
                    const char *account_id,
                    GPtrArray *identities,
                    gboolean keep,
                    GError **error) {
  return note_wishes (self, account_id, identities, keep ? WISH_KEEP : WISH_LET_GO, error);
}

gboolean
pb_engine_forget_deleted (PbEngine *self,
                          const char *account_id,
                          GPtrArray *identities,
                          GError **error) {
  return note_wishes (self, account_id, identities, WISH_FORGET_DELETED, error);
}
