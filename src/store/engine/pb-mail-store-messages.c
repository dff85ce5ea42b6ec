/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Receiving, reading and changing messages: each call becomes a job, its result comes back in the
 * state. */

#include "pb-delivery-private.h"
#include "pb-mail-store-private.h"

#define MAX_ROWS 500

/* ---- Receiving ---- */

typedef struct {
  char *account_id;
  PbListing *listing;
  GArray *rows; /* the result */
  guint missing;
} ListingJob;

static void
listing_job_free (gpointer data) {
  ListingJob *job = data;

  g_free (job->account_id);
  pb_listing_unref (job->listing);
  g_clear_pointer (&job->rows, g_array_unref);
  g_free (job);
}

static gboolean
match_listing (PbEngine *engine, gpointer state, GError **error) {
  ListingJob *job = state;

  job->rows = pb_engine_match_listing (engine, job->account_id, job->listing, &job->missing, error);
  return job->rows != NULL;
}

void
pb_mail_store_match_listing_async (PbMailStore *self,
                                   const char *account_id,
                                   PbListing *listing,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && listing != NULL);

  ListingJob *job = g_new0 (ListingJob, 1);
  job->account_id = g_strdup (account_id);
  job->listing = pb_listing_ref (listing);
  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_READ | PB_WORK_REPEATABLE, match_listing,
                      pb_mail_store_match_listing_async, job, listing_job_free, cancellable,
                      callback, user_data);
}

GArray *
pb_mail_store_match_listing_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_match_listing_async, error))
    return NULL;
  ListingJob *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->rows);
}

guint
pb_mail_store_match_listing_get_missing (PbMailStore *self, GAsyncResult *result) {
  g_return_val_if_fail (g_task_is_valid (result, self), 0);
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_mail_store_match_listing_async), 0);

  return ((ListingJob *) g_task_get_task_data (G_TASK (result)))->missing;
}

typedef struct {
  char *account_id;
  GPtrArray *identities;
  GPtrArray *fingerprints;
  GArray *rows; /* the result */
} AdoptJob;

static void
adopt_job_free (gpointer data) {
  AdoptJob *job = data;

  g_free (job->account_id);
  g_ptr_array_unref (job->identities);
  g_ptr_array_unref (job->fingerprints);
  g_clear_pointer (&job->rows, g_array_unref);
  g_free (job);
}

static gboolean
adopt (PbEngine *engine, gpointer state, GError **error) {
  AdoptJob *job = state;

  g_clear_pointer (&job->rows, g_array_unref);
  job->rows = pb_engine_adopt (engine, job->account_id, job->identities, job->fingerprints, error);
  return job->rows != NULL;
}

void
pb_mail_store_adopt_async (PbMailStore *self,
                           const char *account_id,
                           GPtrArray *identities,
                           GPtrArray *fingerprints,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && identities != NULL && fingerprints != NULL);
  g_return_if_fail (identities->len == fingerprints->len);

  AdoptJob *job = g_new0 (AdoptJob, 1);
  job->account_id = g_strdup (account_id);
  job->identities = g_ptr_array_ref (identities);
  job->fingerprints = g_ptr_array_ref (fingerprints);
  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_READ | PB_WORK_REPEATABLE, adopt,
                      pb_mail_store_adopt_async, job, adopt_job_free, cancellable, callback,
                      user_data);
}

GArray *
pb_mail_store_adopt_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_adopt_async, error))
    return NULL;
  AdoptJob *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->rows);
}

PbDelivery *
pb_mail_store_deliver (PbMailStore *self, const char *account_id) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (self), NULL);
  g_return_val_if_fail (account_id != NULL, NULL);

  return pb_delivery_new (pb_mail_store_get_worker (self), account_id);
}

typedef struct {
  char *account_id;
  GPtrArray *identities;
  char *reason;
  gint64 next_try;
} NoteJob;

static NoteJob *
note_job_new (const char *account_id) {
  NoteJob *job = g_new0 (NoteJob, 1);

  job->account_id = g_strdup (account_id);
  job->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return job;
}

static void
note_job_free (gpointer data) {
  NoteJob *job = data;

  g_free (job->account_id);
  g_free (job->reason);
  g_ptr_array_unref (job->identities);
  g_free (job);
}

static gboolean
note_refused (PbEngine *engine, gpointer state, GError **error) {
  NoteJob *job = state;

  return pb_engine_note_refused (engine, job->account_id, job->identities->pdata[0], job->reason,
                                 job->next_try, error);
}

static gboolean
note_removed (PbEngine *engine, gpointer state, GError **error) {
  NoteJob *job = state;

  return pb_engine_note_removed (engine, job->account_id, job->identities, error);
}

void
pb_mail_store_note_refused (PbMailStore *self,
                            const char *account_id,
                            GBytes *identity,
                            const char *reason,
                            gint64 next_try) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && identity != NULL);

  NoteJob *job = note_job_new (account_id);
  g_ptr_array_add (job->identities, g_bytes_ref (identity));
  job->reason = g_strdup (reason);
  job->next_try = next_try;
  pb_worker_push_quiet (pb_mail_store_get_worker (self), PB_LANE_MAIL, note_refused, job,
                        note_job_free);
}

void
pb_mail_store_note_removed (PbMailStore *self, const char *account_id, GPtrArray *identities) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL && identities != NULL);

  NoteJob *job = note_job_new (account_id);
  for (guint i = 0; i < identities->len; i++)
    g_ptr_array_add (job->identities, g_bytes_ref (identities->pdata[i]));
  pb_worker_push_quiet (pb_mail_store_get_worker (self), PB_LANE_MAIL, note_removed, job,
                        note_job_free);
}

/* ---- Reading ---- */

typedef struct {
  PbQuery query;
  GArray *ids; /* the result */
} QueryJob;

static void
query_job_free (gpointer data) {
  QueryJob *job = data;

  g_clear_pointer (&job->ids, g_array_unref);
  g_free (job);
}

static gboolean
query (PbEngine *engine, gpointer state, GError **error) {
  QueryJob *job = state;

  job->ids = pb_engine_query (engine, &job->query, error);
  return job->ids != NULL;
}

void
pb_mail_store_query_async (PbMailStore *self,
                           const PbQuery *what,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (what != NULL);

  QueryJob *job = g_new0 (QueryJob, 1);
  job->query = *what;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ | PB_WORK_REPEATABLE, query,
                      pb_mail_store_query_async, job, query_job_free, cancellable, callback,
                      user_data);
}

GArray *
pb_mail_store_query_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_query_async, error))
    return NULL;
  QueryJob *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->ids);
}

typedef struct {
  gint64 *ids;
  guint count;
  PbFlags add;
  PbFlags remove;
  gint64 folder_id;
  GPtrArray *rows; /* the result of loading */
} IdsJob;

static IdsJob *
ids_job_new (const gint64 *ids, guint count) {
  IdsJob *job = g_new0 (IdsJob, 1);

  job->ids = g_memdup2 (ids, count * sizeof (gint64));
  job->count = count;
  return job;
}

static void
ids_job_free (gpointer data) {
  IdsJob *job = data;

  g_free (job->ids);
  g_clear_pointer (&job->rows, g_ptr_array_unref);
  g_free (job);
}

static gboolean
load_rows (PbEngine *engine, gpointer state, GError **error) {
  IdsJob *job = state;

  job->rows = pb_engine_load_rows (engine, job->ids, job->count, error);
  return job->rows != NULL;
}

void
pb_mail_store_load_rows_async (PbMailStore *self,
                               const gint64 *ids,
                               guint count,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (count <= MAX_ROWS);

  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ, load_rows, pb_mail_store_load_rows_async,
                      ids_job_new (ids, count), ids_job_free, cancellable, callback, user_data);
}

GPtrArray *
pb_mail_store_load_rows_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_load_rows_async, error))
    return NULL;
  IdsJob *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->rows);
}

typedef struct {
  gint64 id;
  GBytes *bytes; /* the result */
  char *path;
} MessageJob;

static void
message_job_free (gpointer data) {
  MessageJob *job = data;

  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job->path);
  g_free (job);
}

static gboolean
load_message (PbEngine *engine, gpointer state, GError **error) {
  MessageJob *job = state;

  job->bytes = pb_engine_load_message (engine, job->id, &job->path, error);
  return job->bytes != NULL;
}

void
pb_mail_store_load_message_async (PbMailStore *self,
                                  gint64 id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  MessageJob *job = g_new0 (MessageJob, 1);
  job->id = id;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ, load_message,
                      pb_mail_store_load_message_async, job, message_job_free, cancellable,
                      callback, user_data);
}

GBytes *
pb_mail_store_load_message_finish (PbMailStore *self,
                                   GAsyncResult *result,
                                   char **path,
                                   GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_load_message_async, error))
    return NULL;
  MessageJob *job = g_task_get_task_data (G_TASK (result));
  if (path)
    *path = g_steal_pointer (&job->path);
  return g_steal_pointer (&job->bytes);
}

/* ---- Changing ---- */

static gboolean
set_flags (PbEngine *engine, gpointer state, GError **error) {
  IdsJob *job = state;

  return pb_engine_set_flags (engine, job->ids, job->count, job->add, job->remove, error);
}

void
pb_mail_store_set_flags_async (PbMailStore *self,
                               const gint64 *ids,
                               guint count,
                               PbFlags add,
                               PbFlags remove,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  IdsJob *job = ids_job_new (ids, count);
  job->add = add;
  job->remove = remove;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_WRITE, set_flags, pb_mail_store_set_flags_async,
                      job, ids_job_free, cancellable, callback, user_data);
}

gboolean
pb_mail_store_set_flags_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_set_flags_async, error);
}

static gboolean
want_rest (PbEngine *engine, gpointer state, GError **error) {
  IdsJob *job = state;

  return pb_engine_want_rest (engine, job->ids, job->count, error);
}

void
pb_mail_store_want_rest_async (PbMailStore *self,
                               const gint64 *ids,
                               guint count,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_WRITE, want_rest, pb_mail_store_want_rest_async,
                      ids_job_new (ids, count), ids_job_free, cancellable, callback, user_data);
}

gboolean
pb_mail_store_want_rest_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_want_rest_async, error);
}

static gboolean
move (PbEngine *engine, gpointer state, GError **error) {
  IdsJob *job = state;

  return pb_engine_move (engine, job->ids, job->count, job->folder_id, error);
}

void
pb_mail_store_move_async (PbMailStore *self,
                          const gint64 *ids,
                          guint count,
                          gint64 folder_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  IdsJob *job = ids_job_new (ids, count);
  job->folder_id = folder_id;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_WRITE, move, pb_mail_store_move_async, job,
                      ids_job_free, cancellable, callback, user_data);
}

gboolean
pb_mail_store_move_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_move_async, error);
}

static gboolean delete (PbEngine *engine, gpointer state, GError **error) {
  IdsJob *job = state;

  return pb_engine_delete (engine, job->ids, job->count, error);
}

void
pb_mail_store_delete_async (PbMailStore *self,
                            const gint64 *ids,
                            guint count,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_WRITE, delete, pb_mail_store_delete_async,
                      ids_job_new (ids, count), ids_job_free, cancellable, callback, user_data);
}

gboolean
pb_mail_store_delete_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_delete_async, error);
}
