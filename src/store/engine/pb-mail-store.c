/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The main context's side of the store: its life, its folders, its accounts. It only hands jobs to
 * the store thread and tells what came back. Messages are in pb-mail-store-messages.c. */

#include "pb-mail-store.h"

#include "pb-folder-private.h"
#include "pb-mail-store-private.h"
#include "pb-search.h"

struct _PbMailStore {
  GObject parent_instance;
  PbNotice *notice;
  PbWorker *worker;
  GListStore *folders;
  guint search_missing;
};

G_DEFINE_FINAL_TYPE (PbMailStore, pb_mail_store, G_TYPE_OBJECT)

enum {
  CHANGED,
  ROWS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

enum {
  PROP_0,
  PROP_SEARCH_MISSING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* ---- News of the store thread ---- */

static PbFolder *
dup_folder (PbMailStore *self, gint64 id, guint *position) {
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->folders));

  for (guint i = 0; i < count; i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);
    if (pb_folder_get_id (folder) == id) {
      *position = i;
      return g_steal_pointer (&folder);
    }
  }
  return NULL;
}

static void
take_news (PbMailStore *self, const PbFolderNews *news) {
  guint position;
  g_autoptr (PbFolder) folder = dup_folder (self, news->id, &position);

  if (folder && news->gone) {
    g_list_store_remove (self->folders, position);
  } else if (folder) {
    pb_folder_update (folder, news);
  } else if (!news->gone) {
    g_autoptr (PbFolder) created = pb_folder_new (news);
    g_list_store_insert_sorted (self->folders, created, pb_folder_compare, NULL);
  }
}

/* First all counters, then the signals: whoever hears one may look at any folder. */
static void
told (GPtrArray *folders, GArray *rows, guint missing, gpointer data) {
  g_autoptr (PbMailStore) self = g_object_ref (data);
  gboolean other = missing != self->search_missing;

  self->search_missing = missing;
  for (guint i = 0; i < folders->len; i++)
    take_news (self, folders->pdata[i]);
  for (guint i = 0; i < folders->len; i++) {
    const PbFolderNews *news = folders->pdata[i];
    if (news->changed && !news->gone)
      g_signal_emit (self, signals[CHANGED], 0, news->id);
  }
  if (rows->len > 0)
    g_signal_emit (self, signals[ROWS_CHANGED], 0, rows);
  if (other)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH_MISSING]);
}

/* ---- Object ---- */

static void
pb_mail_store_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec) {
  PbMailStore *self = PB_MAIL_STORE (object);

  switch (property) {
  case PROP_SEARCH_MISSING:
    g_value_set_uint (value, self->search_missing);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
  }
}

static void
pb_mail_store_dispose (GObject *object) {
  PbMailStore *self = PB_MAIL_STORE (object);

  if (self->notice)
    pb_notice_stop (self->notice);
  if (self->worker)
    pb_worker_stop (self->worker, NULL);
  g_clear_pointer (&self->notice, pb_notice_unref);
  g_clear_pointer (&self->worker, pb_worker_unref);
  G_OBJECT_CLASS (pb_mail_store_parent_class)->dispose (object);
}

static void
pb_mail_store_finalize (GObject *object) {
  PbMailStore *self = PB_MAIL_STORE (object);

  g_object_unref (self->folders);
  G_OBJECT_CLASS (pb_mail_store_parent_class)->finalize (object);
}

static void
pb_mail_store_class_init (PbMailStoreClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pb_mail_store_dispose;
  object_class->finalize = pb_mail_store_finalize;
  object_class->get_property = pb_mail_store_get_property;
  properties[PROP_SEARCH_MISSING] =
    g_param_spec_uint ("search-missing", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", PB_TYPE_MAIL_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[ROWS_CHANGED] = g_signal_new ("rows-changed", PB_TYPE_MAIL_STORE, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
}

static void
pb_mail_store_init (PbMailStore *self) {
  self->folders = g_list_store_new (PB_TYPE_FOLDER);
}

PbMailStore *
pb_mail_store_new (const char *data_dir) {
  g_return_val_if_fail (data_dir != NULL, NULL);

  PbMailStore *self = g_object_new (PB_TYPE_MAIL_STORE, NULL);
  self->notice = pb_notice_new (told, self);
  self->worker = pb_worker_new (pb_engine_new (data_dir, pb_notice_ref (self->notice)));
  return self;
}

GListModel *
pb_mail_store_get_folders (PbMailStore *self) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (self), NULL);

  return G_LIST_MODEL (self->folders);
}

guint
pb_mail_store_get_search_missing (PbMailStore *self) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (self), 0);

  return self->search_missing;
}

PbFolder *
pb_mail_store_find_folder (PbMailStore *self, const char *account_id, PbFolderRole role) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (self), NULL);

  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->folders));
  for (guint i = 0; i < count; i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);
    if (pb_folder_get_role (folder) == role &&
        g_strcmp0 (pb_folder_get_account_id (folder), account_id) == 0)
      return folder; /* the list keeps it */
  }
  return NULL;
}

/* ---- Jobs ---- */

PbWorker *
pb_mail_store_get_worker (PbMailStore *self) {
  return self->worker;
}

void
pb_mail_store_push (PbMailStore *self,
                    PbLane lane,
                    PbWorkFlags flags,
                    PbEngineFunc func,
                    gpointer tag,
                    gpointer state,
                    GDestroyNotify free_state,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data) {
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, state, free_state);
  pb_worker_push (self->worker, lane, flags, func, task);
}

gboolean
pb_mail_store_answer (PbMailStore *self, GAsyncResult *result, gpointer tag, GError **error) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Opening and closing ---- */

void
pb_mail_store_open_async (PbMailStore *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_WRITE, pb_engine_open, pb_mail_store_open_async,
                      NULL, NULL, cancellable, callback, user_data);
}

gboolean
pb_mail_store_open_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_open_async, error);
}

static gboolean
do_nothing (PbEngine *engine, gpointer state, GError **error) {
  return TRUE;
}

void
pb_mail_store_settle_async (PbMailStore *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_READ, do_nothing, pb_mail_store_settle_async,
                      NULL, NULL, cancellable, callback, user_data);
}

gboolean
pb_mail_store_settle_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_settle_async, error);
}

void
pb_mail_store_close_async (PbMailStore *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, pb_mail_store_close_async);
  pb_worker_stop (self->worker, task);
}

gboolean
pb_mail_store_close_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_close_async, error);
}

static gboolean
watch (PbEngine *engine, gpointer state, GError **error) {
  pb_engine_watch (engine, state);
  return TRUE;
}

void
pb_mail_store_watch (PbMailStore *self) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));

  pb_worker_push_quiet (self->worker, PB_LANE_MAIL, watch, self->worker, NULL);
}

/* ---- Accounts ---- */

typedef struct {
  char *account_id;
  gboolean delete_mail;
} AccountJob;

static AccountJob *
account_job_new (const char *account_id) {
  AccountJob *job = g_new0 (AccountJob, 1);

  job->account_id = g_strdup (account_id);
  return job;
}

static void
account_job_free (gpointer data) {
  AccountJob *job = data;

  g_free (job->account_id);
  g_free (job);
}

static gboolean
add_account (PbEngine *engine, gpointer state, GError **error) {
  return pb_engine_add_account (engine, ((AccountJob *) state)->account_id, error);
}

static gboolean
remove_account (PbEngine *engine, gpointer state, GError **error) {
  AccountJob *job = state;

  return pb_engine_remove_account (engine, job->account_id, job->delete_mail, error);
}

static gboolean
lock_account (PbEngine *engine, gpointer state, GError **error) {
  return pb_engine_lock_account (engine, ((AccountJob *) state)->account_id, error);
}

static gboolean
unlock_account (PbEngine *engine, gpointer state, GError **error) {
  pb_engine_unlock_account (engine, ((AccountJob *) state)->account_id);
  return TRUE;
}

void
pb_mail_store_add_account_async (PbMailStore *self,
                                 const char *account_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL);

  pb_mail_store_push (self, PB_LANE_PERSON, PB_WORK_REPEATABLE, add_account,
                      pb_mail_store_add_account_async, account_job_new (account_id),
                      account_job_free, cancellable, callback, user_data);
}

gboolean
pb_mail_store_add_account_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_add_account_async, error);
}

void
pb_mail_store_remove_account_async (PbMailStore *self,
                                    const char *account_id,
                                    gboolean delete_mail,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL);

  AccountJob *job = account_job_new (account_id);
  job->delete_mail = delete_mail;
  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_WRITE, remove_account,
                      pb_mail_store_remove_account_async, job, account_job_free, cancellable,
                      callback, user_data);
}

gboolean
pb_mail_store_remove_account_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_remove_account_async, error);
}

void
pb_mail_store_lock_account_async (PbMailStore *self,
                                  const char *account_id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL);

  pb_mail_store_push (self, PB_LANE_MAIL, PB_WORK_WRITE, lock_account,
                      pb_mail_store_lock_account_async, account_job_new (account_id),
                      account_job_free, cancellable, callback, user_data);
}

gboolean
pb_mail_store_lock_account_finish (PbMailStore *self, GAsyncResult *result, GError **error) {
  return pb_mail_store_answer (self, result, pb_mail_store_lock_account_async, error);
}

void
pb_mail_store_unlock_account (PbMailStore *self, const char *account_id) {
  g_return_if_fail (PB_IS_MAIL_STORE (self));
  g_return_if_fail (account_id != NULL);

  pb_worker_push_quiet (self->worker, PB_LANE_MAIL, unlock_account, account_job_new (account_id),
                        account_job_free);
}
