/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Grouping of ordered ids, and the two calls of the store that answer with conversations. */

#include "pb-conversations-private.h"

#include "pb-engine-conversations.h"
#include "pb-mail-store-private.h"

/* Below so many numbers a message a table is worth it. */
#define MAX_GAP 8

struct _PbConversations {
  gatomicrefcount refs;
  guint count;
  guint n_messages;
  gint64 *names;    /* @count */
  guint32 *starts;  /* @count: where its messages begin */
  gint64 *messages; /* @n_messages */
};

/* The places of conversations that are known so far: in a table where their names are close
 * together, as they are in any one folder, which is several times as fast as hashing them. */
typedef struct {
  gint64 low;
  guint32 *table; /* place + 1; NULL where a table would be too large */
  GHashTable *hash;
} Places;

static void
places_init (Places *self, const gint64 *names, guint count) {
  gint64 low = G_MAXINT64, high = 0;

  for (guint i = 0; i < count; i++) {
    low = MIN (low, names[i]);
    high = MAX (high, names[i]);
  }
  *self = (Places){ .low = low };
  if (count > 0 && high - low < (gint64) count * MAX_GAP)
    self->table = g_new0 (guint32, (gsize) (high - low) + 1);
  else
    self->hash = g_hash_table_new (g_int64_hash, g_int64_equal);
}

/* The place of @name, @next where it is new. */
static guint32
places_find (Places *self, const gint64 *name, guint32 next) {
  if (self->table) {
    guint32 *place = &self->table[*name - self->low];
    if (*place == 0)
      *place = next + 1;
    return *place - 1;
  }
  gpointer place = g_hash_table_lookup (self->hash, name);
  if (place)
    return GPOINTER_TO_UINT (place) - 1;
  g_hash_table_insert (self->hash, (gpointer) name, GUINT_TO_POINTER (next + 1));
  return next;
}

/* The place of the conversation of each message, in the order in which they first come. */
static guint32 *
number_all (PbConversations *self, const gint64 *names) {
  guint32 *place_of = g_new (guint32, self->n_messages);
  Places places;

  places_init (&places, names, self->n_messages);
  for (guint i = 0; i < self->n_messages; i++) {
    place_of[i] = places_find (&places, &names[i], self->count);
    self->count += place_of[i] == self->count;
  }
  g_free (places.table);
  g_clear_pointer (&places.hash, g_hash_table_unref);
  return place_of;
}

PbConversations *
pb_conversations_new (GArray *ids, const gint64 *names) {
  PbConversations *self = g_new0 (PbConversations, 1);

  g_atomic_ref_count_init (&self->refs);
  self->n_messages = ids->len;
  g_autofree guint32 *place_of = number_all (self, names);
  g_autofree guint32 *next = g_new0 (guint32, self->count);
  self->names = g_new (gint64, self->count);
  self->starts = g_new (guint32, self->count);
  self->messages = g_new (gint64, self->n_messages);
  for (guint i = 0; i < self->n_messages; i++)
    next[place_of[i]]++;
  for (guint32 place = 0, start = 0; place < self->count; place++) {
    self->starts[place] = start;
    start += next[place];
    next[place] = self->starts[place];
  }
  for (guint i = 0; i < self->n_messages; i++) {
    self->names[place_of[i]] = names[i];
    self->messages[next[place_of[i]]++] = g_array_index (ids, gint64, i);
  }
  return self;
}

PbConversations *
pb_conversations_ref (PbConversations *self) {
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_conversations_unref (PbConversations *self) {
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->names);
  g_free (self->starts);
  g_free (self->messages);
  g_free (self);
}

guint
pb_conversations_get_count (PbConversations *self) {
  g_return_val_if_fail (self != NULL, 0);

  return self->count;
}

guint
pb_conversations_get_n_messages (PbConversations *self) {
  g_return_val_if_fail (self != NULL, 0);

  return self->n_messages;
}

gint64
pb_conversations_get_id (PbConversations *self, guint place) {
  g_return_val_if_fail (self != NULL && place < self->count, 0);

  return self->names[place];
}

const gint64 *
pb_conversations_get_messages (PbConversations *self, guint place, guint *count) {
  g_return_val_if_fail (self != NULL && place < self->count && count != NULL, NULL);

  guint32 end = place + 1 < self->count ? self->starts[place + 1] : self->n_messages;
  *count = end - self->starts[place];
  return self->messages + self->starts[place];
}

/* ---- Calls of the store ---- */

typedef struct {
  PbQuery query;
  PbConversations *conversations; /* the result */
} QueryJob;

static void
query_job_free (gpointer data) {
  QueryJob *job = data;

  g_clear_pointer (&job->conversations, pb_conversations_unref);
  g_free (job);
}

static gboolean
query_conversations (PbEngine *engine, gpointer state, GError **error) {
  QueryJob *job = state;

  job->conversations = pb_engine_query_conversations (engine, &job->query, error);
  return job->conversations != NULL;
}

void
pb_mail_store_query_conversations_async (PbMailStore *self,
                                         const PbQuery *query,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (query != NULL);

  QueryJob *job = g_new0 (QueryJob, 1);
  job->query = *query;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ | PB_WORK_REPEATABLE, query_conversations,
                      pb_mail_store_query_conversations_async, job, query_job_free, cancellable,
                      callback, user_data);
}

PbConversations *
pb_mail_store_query_conversations_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_query_conversations_async, error))
    return NULL;
  QueryJob *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->conversations);
}

typedef struct {
  gint64 message;
  GArray *ids; /* the result */
} ListJob;

static void
list_job_free (gpointer data) {
  ListJob *job = data;

  g_clear_pointer (&job->ids, g_array_unref);
  g_free (job);
}

static gboolean
list_conversation (PbEngine *engine, gpointer state, GError **error) {
  ListJob *job = state;

  job->ids = pb_engine_list_conversation (engine, job->message, error);
  return job->ids != NULL;
}

void
pb_mail_store_list_conversation_async (PbMailStore *self,
                                       gint64 message,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  ListJob *job = g_new0 (ListJob, 1);
  job->message = message;
  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_READ | PB_WORK_REPEATABLE, list_conversation,
                      pb_mail_store_list_conversation_async, job, list_job_free, cancellable,
                      callback, user_data);
}

GArray *
pb_mail_store_list_conversation_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  if (!pb_mail_store_answer (self, result, pb_mail_store_list_conversation_async, error))
    return NULL;
  ListJob *job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->ids);
}
