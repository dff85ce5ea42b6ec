/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Opens, closes and changes the parts of a profile in the order in which they need each other. */

#include "pb-profile.h"

struct _PbProfile {
  GObject parent;

  PbPaths *paths;
  PbSecrets *secrets;
  PbAccountList *accounts;
  PbMailStore *store;
  PbSyncService *sync;
};

G_DEFINE_FINAL_TYPE (PbProfile, pb_profile, G_TYPE_OBJECT)

static void
pb_profile_finalize (GObject *object) {
  PbProfile *self = PB_PROFILE (object);

  g_clear_object (&self->sync);
  g_clear_object (&self->store);
  g_clear_object (&self->accounts);
  g_clear_object (&self->secrets);
  g_clear_pointer (&self->paths, pb_paths_free);
  G_OBJECT_CLASS (pb_profile_parent_class)->finalize (object);
}

static void
pb_profile_class_init (PbProfileClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_profile_finalize;
}

static void
pb_profile_init (PbProfile *self) {}

PbProfile *
pb_profile_new (PbPaths *paths, PbSecrets *secrets) {
  g_return_val_if_fail (paths != NULL, NULL);
  g_return_val_if_fail (PB_IS_SECRETS (secrets), NULL);

  PbProfile *self = g_object_new (PB_TYPE_PROFILE, NULL);

  self->paths = paths;
  self->secrets = g_object_ref (secrets);
  self->accounts = pb_account_list_new (paths->config);
  self->store = pb_mail_store_new (paths->data);
  self->sync = pb_sync_service_new (self->accounts, self->secrets, self->store);
  pb_sync_service_set_transcript_folder (self->sync, paths->cache);
  return self;
}

const PbPaths *
pb_profile_get_paths (PbProfile *self) {
  g_return_val_if_fail (PB_IS_PROFILE (self), NULL);
  return self->paths;
}

PbAccountList *
pb_profile_get_accounts (PbProfile *self) {
  g_return_val_if_fail (PB_IS_PROFILE (self), NULL);
  return self->accounts;
}

PbSecrets *
pb_profile_get_secrets (PbProfile *self) {
  g_return_val_if_fail (PB_IS_PROFILE (self), NULL);
  return self->secrets;
}

PbMailStore *
pb_profile_get_store (PbProfile *self) {
  g_return_val_if_fail (PB_IS_PROFILE (self), NULL);
  return self->store;
}

PbSyncService *
pb_profile_get_sync (PbProfile *self) {
  g_return_val_if_fail (PB_IS_PROFILE (self), NULL);
  return self->sync;
}

/* ---- Opening: accounts, store, then the folders of one account after the other ---- */

typedef struct {
  guint next; /* account whose folders are to be made */
} Opening;

static void make_next_folders (GTask *task);

static void
folders_made (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (!pb_mail_store_add_account_finish (PB_MAIL_STORE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  make_next_folders (g_steal_pointer (&task));
}

static void
make_next_folders (GTask *task) {
  PbProfile *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (PbAccount) account =
    g_list_model_get_item (G_LIST_MODEL (self->accounts), opening->next++);

  if (!account) {
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
    return;
  }
  pb_mail_store_add_account_async (self->store, pb_account_get_id (account),
                                   g_task_get_cancellable (task), folders_made, task);
}

static void
store_opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (!pb_mail_store_open_finish (PB_MAIL_STORE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  pb_mail_store_watch (PB_MAIL_STORE (source));
  make_next_folders (g_steal_pointer (&task));
}

static void
accounts_loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbProfile *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!pb_account_list_load_finish (PB_ACCOUNT_LIST (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  GCancellable *cancellable = g_task_get_cancellable (task);
  pb_mail_store_open_async (self->store, cancellable, store_opened, g_steal_pointer (&task));
}

void
pb_profile_open_async (PbProfile *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data) {
  g_return_if_fail (PB_IS_PROFILE (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pb_profile_open_async);
  g_task_set_task_data (task, g_new0 (Opening, 1), g_free);
  g_autoptr (PbServerNotes) notes = pb_server_notes_new (self->paths->data);
  pb_sync_service_set_notes (self->sync, notes);
  pb_account_list_load_async (self->accounts, cancellable, accounts_loaded, task);
}

gboolean
pb_profile_open_finish (PbProfile *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Closing ---- */

static void
remove_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  pb_paths_remove (PB_PROFILE (source)->paths);
  g_task_return_boolean (task, TRUE);
}

static void
store_closed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (!pb_mail_store_close_finish (PB_MAIL_STORE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_task_run_in_thread (task, remove_in_thread);
}

static void
sync_stopped (GObject *source, GAsyncResult *result, gpointer data) {
  GTask *task = data;
  PbProfile *self = g_task_get_source_object (task);

  /* Whatever is left of a session, its mail is durable; the store closes in any case. */
  pb_sync_service_stop_finish (PB_SYNC_SERVICE (source), result, NULL);
  pb_mail_store_close_async (self->store, store_closed, task);
}

void
pb_profile_close_async (PbProfile *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_PROFILE (self));

  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, pb_profile_close_async);
  pb_sync_service_stop_async (self->sync, sync_stopped, task);
}

gboolean
pb_profile_close_finish (PbProfile *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Accounts ---- */

typedef struct {
  PbAccount *account;
  PbSecret *secret;
} Saving;

static void
saving_free (Saving *saving) {
  g_object_unref (saving->account);
  g_clear_pointer (&saving->secret, pb_secret_unref);
  g_free (saving);
}

static void
list_saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (pb_account_list_save_finish (PB_ACCOUNT_LIST (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
account_prepared (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbProfile *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;

  if (!pb_mail_store_add_account_finish (PB_MAIL_STORE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  /* Known at once. A keyring may ask a person to unlock it first; nobody waits for that here, and
   * where it fails, "keyring-problem" tells. */
  if (saving->secret)
    pb_secrets_store_async (self->secrets, saving->account, saving->secret, NULL, NULL, NULL);
  pb_account_list_save_async (self->accounts, cancellable, list_saved, g_steal_pointer (&task));
}

void
pb_profile_save_account_async (PbProfile *self,
                               PbAccount *account,
                               PbSecret *secret,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data) {
  g_return_if_fail (PB_IS_PROFILE (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Saving *saving = g_new0 (Saving, 1);
  const char *id = pb_account_get_id (account);

  g_task_set_source_tag (task, pb_profile_save_account_async);
  saving->account = g_object_ref (account);
  saving->secret = secret ? pb_secret_ref (secret) : NULL;
  g_task_set_task_data (task, saving, (GDestroyNotify) saving_free);
  if (pb_account_list_find (self->accounts, id) != account &&
      !pb_account_list_add (self->accounts, account, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  pb_mail_store_add_account_async (self->store, id, cancellable, account_prepared,
                                   g_steal_pointer (&task));
}

gboolean
pb_profile_save_account_finish (PbProfile *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
account_forgotten (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbProfile *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!pb_mail_store_remove_account_finish (PB_MAIL_STORE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  pb_account_list_save_async (self->accounts, NULL, list_saved, g_steal_pointer (&task));
}

static void
secret_cleared (GObject *source, GAsyncResult *result, gpointer data) {
  GTask *task = data;
  PbProfile *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  /* Where no keyring answers there is nothing to clear. */
  pb_secrets_clear_finish (PB_SECRETS (source), result, NULL);
  pb_mail_store_remove_account_async (self->store, pb_account_get_id (saving->account), FALSE, NULL,
                                      account_forgotten, task);
}

void
pb_profile_remove_account_async (PbProfile *self,
                                 PbAccount *account,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data) {
  g_return_if_fail (PB_IS_PROFILE (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  GTask *task = g_task_new (self, NULL, callback, user_data);
  Saving *saving = g_new0 (Saving, 1);

  g_task_set_source_tag (task, pb_profile_remove_account_async);
  saving->account = g_object_ref (account);
  g_task_set_task_data (task, saving, (GDestroyNotify) saving_free);
  pb_account_list_remove (self->accounts, account);
  pb_secrets_clear_async (self->secrets, account, NULL, secret_cleared, task);
}

gboolean
pb_profile_remove_account_finish (PbProfile *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
