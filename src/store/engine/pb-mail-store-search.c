/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches as jobs of the store thread. */

#include "pb-mail-store-private.h"
#include "pb-search.h"

#define MAX_SNIPPETS 100

typedef struct {
  PbSearchQuery *query;
  PbSearch search;
  gint64 *wanted;
  guint count;
  GCancellable *cancellable;
  GArray *ids; /* the results */
  GPtrArray *snippets;
  guint missing;
} SearchJob;

static SearchJob *
search_job_new (const char *text, GCancellable *cancellable) {
  SearchJob *job = g_new0 (SearchJob, 1);

  job->query = pb_search_query_new (text, g_get_real_time () / G_USEC_PER_SEC);
  g_set_object (&job->cancellable, cancellable);
  return job;
}

static void
search_job_free (gpointer data) {
  SearchJob *job = data;

  pb_search_query_unref (job->query);
  g_free (job->wanted);
  g_clear_object (&job->cancellable);
  g_clear_pointer (&job->ids, g_array_unref);
  g_clear_pointer (&job->snippets, g_ptr_array_unref);
  g_free (job);
}

static gboolean
search (PbEngine *engine, gpointer state, GError **error) {
  SearchJob *job = state;

  job->ids =
    pb_engine_search (engine, &job->search, job->query, &job->missing, job->cancellable, error);
  return job->ids != NULL;
}

void
pb_mail_store_search_async (PbMailStore *self,
                            const PbSearch *what,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (what != NULL && what->text != NULL);

  SearchJob *job = search_job_new (what->text, cancellable);
  job->search = *what;
  job->search.text = NULL;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ | PB_WORK_REPEATABLE, search,
                      pb_mail_store_search_async, job, search_job_free, cancellable, callback,
                      user_data);
}

GArray *
pb_mail_store_search_finish (PbMailStore *self,
                             GAsyncResult *result,
                             guint *missing,
                             GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_search_async, error))
    return NULL;
  SearchJob *job = g_task_get_task_data (G_TASK (result));
  if (missing)
    *missing = job->missing;
  return g_steal_pointer (&job->ids);
}

static gboolean
load_snippets (PbEngine *engine, gpointer state, GError **error) {
  SearchJob *job = state;

  job->snippets =
    pb_engine_load_snippets (engine, job->query, job->wanted, job->count, job->cancellable, error);
  return job->snippets != NULL;
}

void
pb_mail_store_load_snippets_async (PbMailStore *self,
                                   const char *text,
                                   const gint64 *ids,
                                   guint count,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (text != NULL && count <= MAX_SNIPPETS);

  SearchJob *job = search_job_new (text, cancellable);
  job->wanted = g_memdup2 (ids, count * sizeof (gint64));
  job->count = count;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ, load_snippets,
                      pb_mail_store_load_snippets_async, job, search_job_free, cancellable,
                      callback, user_data);
}

GPtrArray *
pb_mail_store_load_snippets_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_load_snippets_async, error))
    return NULL;
  SearchJob *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->snippets);
}

/* ---- Waiting for all text ---- */

static gboolean
index_slice (PbEngine *engine, gpointer more, GError **error) {
  pb_engine_index_text (engine, more);
  return TRUE;
}

static void index_more (PbMailStore *self, GTask *task);

static void
slice_done (GObject *source, GAsyncResult *result, gpointer data) {
  PbMailStore *self = PB_MAIL_STORE (source);
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (!pb_mail_store_answer (self, result, index_more, &error))
    g_task_return_error (task, error);
  else if (*(gboolean *) g_task_get_task_data (G_TASK (result)))
    index_more (self, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/* A slice a job, so that what a person waits for comes between. Takes @task. */
static void
index_more (PbMailStore *self, GTask *task) {
  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_READ, index_slice, index_more,
                      g_new0 (gboolean, 1), g_free, g_task_get_cancellable (task), slice_done,
                      task);
}

void
pb_mail_store_index_text_async (PbMailStore *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_mail_store_index_text_async);
  index_more (self, task);
}

gboolean
pb_mail_store_index_text_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_index_text_async, error);
}
