/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each call becomes a job, its result comes back in the state. */

#include "pb-server-store.h"

#include "pb-engine-heads.h"
#include "pb-mail-store-private.h"

typedef struct {
  char *account_id;
  PbListing *listing;
  GPtrArray *identities;
  GPtrArray *heads; /* to be kept, or the result */
  gboolean keep;
} Job;

static Job *
job_new (const char *account_id, GPtrArray *identities) {
  Job *job = g_new0 (Job, 1);

  job->account_id = g_strdup (account_id);
  job->identities = identities ? g_ptr_array_ref (identities) : NULL;
  return job;
}

static void
job_free (gpointer data) {
  Job *job = data;

  g_free (job->account_id);
  g_clear_pointer (&job->listing, pb_listing_unref);
  g_clear_pointer (&job->identities, g_ptr_array_unref);
  g_clear_pointer (&job->heads, g_ptr_array_unref);
  g_free (job);
}

static gboolean
load_heads (PbEngine *engine, gpointer state, GError **error) {
  Job *job = state;

  g_clear_pointer (&job->heads, g_ptr_array_unref);
  job->heads = pb_engine_load_heads (engine, job->account_id, job->listing, error);
  return job->heads != NULL;
}

void
pb_mail_store_load_heads_async (PbMailStore *self,
                                const char *account_id,
                                PbListing *listing,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && listing != NULL);

  Job *job = job_new (account_id, NULL);
  job->listing = pb_listing_ref (listing);
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ | PB_WORK_REPEATABLE, load_heads,
                      pb_mail_store_load_heads_async, job, job_free, cancellable, callback,
                      user_data);
}

GPtrArray *
pb_mail_store_load_heads_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_load_heads_async, error))
    return NULL;
  Job *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->heads);
}

static gboolean
keep_heads (PbEngine *engine, gpointer state, GError **error) {
  Job *job = state;

  return pb_engine_keep_heads (engine, job->account_id, job->identities, job->heads, error);
}

void
pb_mail_store_keep_heads (PbMailStore *self,
                          const char *account_id,
                          GPtrArray *identities,
                          GPtrArray *heads) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && identities != NULL && heads != NULL);
  g_return_if_fail (identities->len == heads->len);

  Job *job = job_new (account_id, identities);
  job->heads = g_ptr_array_ref (heads);
  pb_worker_push_quiet (pb_mail_store_get_worker (self), PB_LANE_MAIL, keep_heads, job, job_free);
}

static gboolean
set_keep (PbEngine *engine, gpointer state, GError **error) {
  Job *job = state;

  return pb_engine_set_keep (engine, job->account_id, job->identities, job->keep, error);
}

void
pb_mail_store_set_keep_async (PbMailStore *self,
                              const char *account_id,
                              GPtrArray *identities,
                              gboolean keep,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && identities != NULL);

  Job *job = job_new (account_id, identities);
  job->keep = keep;
  pb_mail_store_push (self, PB_LANE_MAIL, 0, set_keep, pb_mail_store_set_keep_async, job, job_free,
                      cancellable, callback, user_data);
}

gboolean
pb_mail_store_set_keep_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_set_keep_async, error);
}

static gboolean
forget_deleted (PbEngine *engine, gpointer state, GError **error) {
  Job *job = state;

  return pb_engine_forget_deleted (engine, job->account_id, job->identities, error);
}

void
pb_mail_store_forget_deleted_async (PbMailStore *self,
                                    const char *account_id,
                                    GPtrArray *identities,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && identities != NULL);

  pb_mail_store_push (self, PB_LANE_MAIL, 0, forget_deleted, pb_mail_store_forget_deleted_async,
                      job_new (account_id, identities), job_free, cancellable, callback, user_data);
}

gboolean
pb_mail_store_forget_deleted_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_forget_deleted_async, error);
}
