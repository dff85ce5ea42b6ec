/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What another mail program has fetched: names that come into the ledger without a message. The
 * whole way from the door of the store to the ledger, as it is short. */

#include "pb-engine-private.h"
#include "pb-ledger-remarks.h"
#include "pb-mail-store-private.h"

typedef struct {
  char *account_id;
  GPtrArray *identities;
  int count; /* the result */
} ElsewhereJob;

static void
elsewhere_job_free (gpointer data) {
  ElsewhereJob *job = data;

  g_free (job->account_id);
  g_ptr_array_unref (job->identities);
  g_free (job);
}

static gboolean
note_one (PbEngine *self,
          const char *account_id,
          gint64 account,
          GBytes *identity,
          gint64 now,
          gboolean *added,
          GError **error) {
  PbDigest digest;
  gsize length;
  const guint8 *data = g_bytes_get_data (identity, &length);

  *added = FALSE;
  if (length == 0)
    return TRUE;
  pb_digest_set (&digest, account_id, data, length);
  return pb_ledger_note_elsewhere (self->ledger, account, &digest, identity, now, added, error);
}

int
pb_engine_note_seen_elsewhere (PbEngine *self,
                               const char *account_id,
                               GPtrArray *identities,
                               GError **error) {
  gint64 account = pb_ledger_find_account (self->ledger, account_id, error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  int count = 0;

  if (account == 0 || !pb_ledger_begin (self->ledger, error))
    return -1;
  for (guint i = 0; i < identities->len; i++) {
    gboolean added;
    if (!note_one (self, account_id, account, identities->pdata[i], now, &added, error)) {
      pb_ledger_rollback (self->ledger);
      return -1;
    }
    count += added;
  }
  return pb_ledger_commit (self->ledger, error) ? count : -1;
}

static gboolean
note_seen_elsewhere (PbEngine *engine, gpointer state, GError **error) {
  ElsewhereJob *job = state;

  job->count = pb_engine_note_seen_elsewhere (engine, job->account_id, job->identities, error);
  return job->count >= 0;
}

void
pb_mail_store_note_seen_elsewhere_async (PbMailStore *self,
                                         const char *account_id,
                                         GPtrArray *identities,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && identities != NULL);

  ElsewhereJob *job = g_new0 (ElsewhereJob, 1);
  job->account_id = g_strdup (account_id);
  job->identities = g_ptr_array_ref (identities);
  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_WRITE, note_seen_elsewhere,
                      pb_mail_store_note_seen_elsewhere_async, job, elsewhere_job_free, cancellable,
                      callback, user_data);
}

int
pb_mail_store_note_seen_elsewhere_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_note_seen_elsewhere_async, error))
    return -1;
  return ((ElsewhereJob *) g_task_get_task_data (G_TASK (result)))->count;
}
