/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each call first asks the keyring what it has, without a prompt: that tells within the short
 * patience whether a keyring is there, and whether it is locked. Only then comes the call proper. A
 * call that ran out of patience returns at once; what libsecret still says about it is dropped. */

#include "pb-keyring.h"

#include <libsecret/secret.h>

#define PATIENCE_MILLISECONDS 2000
#define PATIENCE_FOR_PEOPLE_MILLISECONDS (120 * 1000)

typedef enum {
  KIND_LOOKUP,
  KIND_STORE,
  KIND_CLEAR,
} Kind;

typedef struct {
  Kind kind;
  GHashTable *attributes;
  char *label;
  PbSecret *secret;          /* to store */
  GCancellable *cancellable; /* ours, for libsecret */
  GSource *patience;
  GSource *theirs; /* watches the cancellable of the caller */
  gboolean settled;
} Request;

static const SecretSchema schema = {
  "app.postbag.Postbag.Mail",
  SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
drop_source (GSource **source) {
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
request_free (Request *self) {
  drop_source (&self->patience);
  drop_source (&self->theirs);
  g_hash_table_unref (self->attributes);
  g_free (self->label);
  g_clear_pointer (&self->secret, pb_secret_unref);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* TRUE for the first who asks: the right, and the duty, to return the task. */
static gboolean
settle (GTask *task) {
  Request *request = g_task_get_task_data (task);

  if (request->settled)
    return FALSE;
  request->settled = TRUE;
  drop_source (&request->patience);
  drop_source (&request->theirs);
  return TRUE;
}

/* Takes over @error. */
static void
fail (GTask *task, GError *error) {
  if (settle (task))
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

static gboolean
patience_ended (gpointer data) {
  g_autoptr (GTask) task = g_object_ref (data);
  Request *request = g_task_get_task_data (task);

  fail (task,
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the keyring does not answer"));
  g_cancellable_cancel (request->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
was_cancelled (GCancellable *cancellable, gpointer data) {
  g_autoptr (GTask) task = g_object_ref (data);
  Request *request = g_task_get_task_data (task);

  fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));
  g_cancellable_cancel (request->cancellable);
  return G_SOURCE_REMOVE;
}

static void
set_patience (GTask *task, guint milliseconds) {
  Request *request = g_task_get_task_data (task);

  drop_source (&request->patience);
  request->patience = g_timeout_source_new (milliseconds);
  g_source_set_callback (request->patience, patience_ended, g_object_ref (task), g_object_unref);
  g_source_attach (request->patience, g_task_get_context (task));
}

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  char *password = secret_password_lookup_nonpageable_finish (result, &error);

  /* It was only asked because there is one. */
  if (!password && !error)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                 "the keyring was not unlocked");
  if (error)
    fail (task, error);
  else if (settle (task))
    g_task_return_pointer (task, pb_secret_new (password), (GDestroyNotify) pb_secret_unref);
  secret_password_free (password);
}

static void
stored (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (!secret_password_store_finish (result, &error))
    fail (task, error);
  else if (settle (task))
    g_task_return_boolean (task, TRUE);
}

static void
cleared (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  /* FALSE without an error: there was nothing. */
  secret_password_clear_finish (result, &error);
  if (error)
    fail (task, error);
  else if (settle (task))
    g_task_return_boolean (task, TRUE);
}

static void
clear (GTask *task) {
  Request *request = g_task_get_task_data (task);

  secret_password_clearv (&schema, request->attributes, request->cancellable, cleared,
                          g_object_ref (task));
}

static void
unlocked (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  g_list_free_full (items, g_object_unref);
  if (error)
    fail (task, error);
  else
    clear (task);
}

static gboolean
is_any_locked (GList *items) {
  for (GList *item = items; item; item = item->next) {
    if (SECRET_IS_ITEM (item->data) && secret_item_get_locked (item->data))
      return TRUE;
  }
  return FALSE;
}

/* The keyring answers; @items is what it has for the attributes. */
static void
proceed (GTask *task, GList *items) {
  Request *request = g_task_get_task_data (task);
  gboolean locked = is_any_locked (items);

  /* Whether storing needs an unlocked keyring is not to be seen from items. */
  set_patience (task, locked || request->kind == KIND_STORE ? PATIENCE_FOR_PEOPLE_MILLISECONDS
                                                            : PATIENCE_MILLISECONDS);
  if (request->kind == KIND_STORE)
    secret_password_storev (&schema, request->attributes, SECRET_COLLECTION_DEFAULT, request->label,
                            pb_secret_peek (request->secret), request->cancellable, stored,
                            g_object_ref (task));
  else if (request->kind == KIND_LOOKUP && items)
    secret_password_lookupv (&schema, request->attributes, request->cancellable, looked_up,
                             g_object_ref (task));
  else if (request->kind == KIND_CLEAR && locked)
    secret_password_searchv (&schema, request->attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK,
                             request->cancellable, unlocked, g_object_ref (task));
  else if (request->kind == KIND_CLEAR && items)
    clear (task);
  else if (settle (task)) {
    if (request->kind == KIND_LOOKUP)
      g_task_return_pointer (task, NULL, NULL);
    else
      g_task_return_boolean (task, TRUE);
  }
}

static void
found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  if (error)
    fail (task, error);
  else if (!request->settled)
    proceed (task, items);
  g_list_free_full (items, g_object_unref);
}

static void
add_attribute (Request *request, const char *name, char *value) {
  g_hash_table_insert (request->attributes, (gpointer) name, value);
}

static Request *
request_new (Kind kind, PbAccount *account, PbSecret *secret) {
  Request *self = g_new0 (Request, 1);
  char *server = pb_account_dup_secret_place (account);

  self->kind = kind;
  self->secret = secret ? pb_secret_ref (secret) : NULL;
  self->cancellable = g_cancellable_new ();
  self->label = g_strdup_printf ("Postbag: %s (%s)", pb_account_get_label (account), server);
  self->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  add_attribute (self, "account", g_strdup (pb_account_get_id (account)));
  if (kind != KIND_CLEAR) {
    add_attribute (self, "user", g_strdup (pb_account_get_user (account)));
    add_attribute (self, "server", g_steal_pointer (&server));
  }
  g_free (server);
  return self;
}

/* Takes over @request. */
static void
start (Request *request,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data,
       gpointer tag) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  set_patience (task, PATIENCE_MILLISECONDS);
  if (cancellable) {
    request->theirs = g_cancellable_source_new (cancellable);
    g_source_set_callback (request->theirs, G_SOURCE_FUNC (was_cancelled), g_object_ref (task),
                           g_object_unref);
    g_source_attach (request->theirs, g_task_get_context (task));
  }
  secret_password_searchv (&schema, request->attributes, SECRET_SEARCH_ALL, request->cancellable,
                           found, g_object_ref (task));
}

void
pb_keyring_lookup_async (PbAccount *account,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data) {
  start (request_new (KIND_LOOKUP, account, NULL), cancellable, callback, user_data,
         pb_keyring_lookup_async);
}

PbSecret *
pb_keyring_lookup_finish (GAsyncResult *result, GError **error) {
  g_assert (g_async_result_is_tagged (result, pb_keyring_lookup_async));
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pb_keyring_store_async (PbAccount *account,
                        PbSecret *secret,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  start (request_new (KIND_STORE, account, secret), cancellable, callback, user_data,
         pb_keyring_change_finish);
}

void
pb_keyring_clear_async (PbAccount *account,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  start (request_new (KIND_CLEAR, account, NULL), cancellable, callback, user_data,
         pb_keyring_change_finish);
}

gboolean
pb_keyring_change_finish (GAsyncResult *result, GError **error) {
  g_assert (g_async_result_is_tagged (result, pb_keyring_change_finish));
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Is it open? ---- */

static void
lock_told (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) value = NULL;

  if (reply)
    g_variant_get (reply, "(v)", &value);
  g_task_return_boolean (task, value && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
                                 !g_variant_get_boolean (value));
}

static void
bus_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  if (bus)
    g_dbus_connection_call (
      bus, "org.freedesktop.secrets", "/org/freedesktop/secrets/aliases/default",
      "org.freedesktop.DBus.Properties", "Get",
      g_variant_new ("(ss)", "org.freedesktop.Secret.Collection", "Locked"), G_VARIANT_TYPE ("(v)"),
      G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE_MILLISECONDS, g_task_get_cancellable (task),
      lock_told, g_object_ref (task));
  else
    g_task_return_boolean (task, FALSE);
}

void
pb_keyring_is_open_async (GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data) {
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pb_keyring_is_open_async);
  g_bus_get (G_BUS_TYPE_SESSION, cancellable, bus_found, task);
}

gboolean
pb_keyring_is_open_finish (GAsyncResult *result) {
  g_assert (g_async_result_is_tagged (result, pb_keyring_is_open_async));
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
