/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Memory first, keyring second, and what the window is told when there is no keyring. The talk with
 * the keyring is in pb-keyring.c. */

#include "pb-secrets.h"

#include "pb-error.h"
#include "pb-keyring.h"

enum { PROP_0, PROP_KEYRING_PROBLEM, LAST_PROP };

struct _PbSecrets {
  GObject parent_instance;

  GHashTable *memory;  /* key_of () → PbSecret */
  GHashTable *unsaved; /* key_of () of what in memory the keyring was to have, but did not take */
  gboolean probing;    /* whether it would take it by now */
  const PbSecretExchange *exchange; /* NULL for none */
  gboolean memory_only;
  char *keyring_problem;
};

/* One change of the keyring. */
typedef struct {
  char *key;
  PbSecret *secret; /* to store; NULL to clear */
} Change;

G_DEFINE_FINAL_TYPE (PbSecrets, pb_secrets, G_TYPE_OBJECT)

static GParamSpec *properties[LAST_PROP];
static guint given_signal;

/* As in the keyring: a password belongs to account, user and server together. */
static char *
key_of (PbAccount *account) {
  g_autofree char *server = pb_account_dup_secret_place (account);

  return g_strjoin ("\n", pb_account_get_id (account), server, pb_account_get_user (account), NULL);
}

static gboolean
is_of_account (gpointer key, gpointer value, gpointer prefix) {
  return g_str_has_prefix (key, prefix);
}

static void
forget (PbSecrets *self, PbAccount *account) {
  g_autofree char *prefix = g_strconcat (pb_account_get_id (account), "\n", NULL);

  g_hash_table_foreach_remove (self->memory, is_of_account, prefix);
  g_hash_table_foreach_remove (self->unsaved, is_of_account, prefix);
}

static void
set_keyring_problem (PbSecrets *self, const char *problem) {
  if (g_strcmp0 (self->keyring_problem, problem) == 0)
    return;
  g_free (self->keyring_problem);
  self->keyring_problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEYRING_PROBLEM]);
}

/* Cancelling says nothing about the keyring. */
static void
note_outcome (PbSecrets *self, const GError *error) {
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_keyring_problem (self, error ? error->message : NULL);
}

static void
pb_secrets_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbSecrets *self = PB_SECRETS (object);

  if (id == PROP_KEYRING_PROBLEM)
    g_value_set_string (value, self->keyring_problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
pb_secrets_finalize (GObject *object) {
  PbSecrets *self = PB_SECRETS (object);

  g_hash_table_unref (self->memory);
  g_hash_table_unref (self->unsaved);
  g_free (self->keyring_problem);
  G_OBJECT_CLASS (pb_secrets_parent_class)->finalize (object);
}

static void
pb_secrets_class_init (PbSecretsClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pb_secrets_get_property;
  object_class->finalize = pb_secrets_finalize;
  properties[PROP_KEYRING_PROBLEM] =
    g_param_spec_string ("keyring-problem", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, LAST_PROP, properties);
  given_signal = g_signal_new ("given", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, PB_TYPE_ACCOUNT);
}

static void
pb_secrets_init (PbSecrets *self) {
  self->memory =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pb_secret_unref);
  self->unsaved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

PbSecrets *
pb_secrets_new (void) {
  return g_object_new (PB_TYPE_SECRETS, NULL);
}

PbSecrets *
pb_secrets_new_in_memory (void) {
  PbSecrets *self = pb_secrets_new ();

  self->memory_only = TRUE;
  return self;
}

const char *
pb_secrets_get_keyring_problem (PbSecrets *self) {
  g_return_val_if_fail (PB_IS_SECRETS (self), NULL);
  return self->keyring_problem;
}

void
pb_secrets_set_exchange (PbSecrets *self, const PbSecretExchange *exchange) {
  g_return_if_fail (PB_IS_SECRETS (self));

  self->exchange = exchange;
}

static void
return_none (GTask *task, PbAccount *account) {
  g_task_return_new_error (task, PB_ERROR, PB_ERROR_NO_SECRET,
                           "no password is known for account %s", pb_account_get_id (account));
}

/* What was remembered while the keyring was asked is newer than its answer. */
static PbSecret *
recall (PbSecrets *self, PbAccount *account) {
  g_autofree char *key = key_of (account);
  PbSecret *known = g_hash_table_lookup (self->memory, key);

  return known ? pb_secret_ref (known) : NULL;
}

static void keep (PbSecrets *self, PbAccount *account, PbSecret *secret);

static void
exchanged (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbSecrets *self = g_task_get_source_object (task);
  g_autoptr (PbSecret) replacement = NULL;
  GError *error = NULL;
  PbSecret *token = self->exchange->finish (result, &replacement, &error);

  if (replacement)
    keep (self, g_task_get_task_data (task), replacement);
  if (token)
    g_task_return_pointer (task, token, (GDestroyNotify) pb_secret_unref);
  else
    g_task_return_error (task, error);
}

/* Takes over @secret. What is kept for an account with OAuth is never what is sent. */
static void
deliver (GTask *task, PbSecret *secret) {
  PbSecrets *self = g_task_get_source_object (task);
  PbAccount *account = g_task_get_task_data (task);
  g_autofree char *oauth = pb_account_dup_oauth (account);
  g_autoptr (PbSecret) kept = secret;

  if (!oauth)
    g_task_return_pointer (task, g_steal_pointer (&kept), (GDestroyNotify) pb_secret_unref);
  else if (!self->exchange)
    return_none (task, account);
  else
    self->exchange->start (account, kept, g_task_get_cancellable (task), exchanged,
                           g_object_ref (task));
}

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbSecrets *self = g_task_get_source_object (task);
  PbAccount *account = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PbSecret) kept = pb_keyring_lookup_finish (result, &error);
  PbSecret *remembered = recall (self, account);

  note_outcome (self, error);
  if (remembered)
    deliver (task, remembered);
  else if (kept)
    deliver (task, g_steal_pointer (&kept));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    return_none (task, account);
}

static void
change_free (Change *self) {
  g_free (self->key);
  g_clear_pointer (&self->secret, pb_secret_unref);
  g_free (self);
}

/* What is in memory under @key was to be stored. The keyring has it now, so the memory need not; or
 * it is tried again later. */
static void
note_kept (PbSecrets *self, const char *key, gboolean kept) {
  if (kept) {
    g_hash_table_remove (self->unsaved, key);
    g_hash_table_remove (self->memory, key);
  } else {
    g_hash_table_add (self->unsaved, g_strdup (key));
  }
}

static void
changed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbSecrets *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  pb_keyring_change_finish (result, &error);
  note_outcome (self, error);
  if (change->secret && g_hash_table_lookup (self->memory, change->key) == change->secret)
    note_kept (self, change->key, error == NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/* @secret NULL for clearing. */
static GTask *
change_task_new (PbSecrets *self,
                 PbAccount *account,
                 PbSecret *secret,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data) {
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->key = key_of (account);
  change->secret = secret ? pb_secret_ref (secret) : NULL;
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  return task;
}

/* Without a word: nobody gave it. */
static void
keep (PbSecrets *self, PbAccount *account, PbSecret *secret) {
  g_hash_table_insert (self->memory, key_of (account), pb_secret_ref (secret));
  if (!self->memory_only)
    pb_keyring_store_async (account, secret, NULL, changed,
                            change_task_new (self, account, secret, NULL, NULL, NULL));
}

/* A keyring that came, or was unlocked, later. */
typedef struct {
  GWeakRef secrets;
  PbAccount *account;
} Probe;

static void
probe_free (Probe *probe) {
  g_weak_ref_clear (&probe->secrets);
  g_object_unref (probe->account);
  g_free (probe);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Probe, probe_free)

static void
probed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Probe) probe = data;
  g_autoptr (PbSecrets) self = g_weak_ref_get (&probe->secrets);
  gboolean open = pb_keyring_is_open_finish (result);

  if (!self)
    return;
  g_autoptr (PbSecret) secret = recall (self, probe->account);
  g_autofree char *key = key_of (probe->account);
  self->probing = FALSE;
  if (open && secret && g_hash_table_contains (self->unsaved, key))
    keep (self, probe->account, secret);
}

/* Nobody waits for it, and nobody is asked anything. */
static void
save_if_possible (PbSecrets *self, PbAccount *account) {
  g_autofree char *key = key_of (account);

  if (self->probing || !g_hash_table_contains (self->unsaved, key))
    return;
  Probe *probe = g_new0 (Probe, 1);
  g_weak_ref_init (&probe->secrets, self);
  probe->account = pb_account_copy (account);
  self->probing = TRUE;
  pb_keyring_is_open_async (NULL, probed, probe);
}

void
pb_secrets_lookup_async (PbSecrets *self,
                         PbAccount *account,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data) {
  g_return_if_fail (PB_IS_SECRETS (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PbSecret *known = recall (self, account);

  g_task_set_source_tag (task, pb_secrets_lookup_async);
  save_if_possible (self, account);
  /* A copy: whom the answer belongs to must not change while we wait for it. */
  g_task_set_task_data (task, pb_account_copy (account), g_object_unref);
  if (known)
    deliver (task, known);
  else if (self->memory_only)
    return_none (task, account);
  else
    pb_keyring_lookup_async (account, cancellable, looked_up, g_steal_pointer (&task));
}

PbSecret *
pb_secrets_lookup_finish (PbSecrets *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pb_secrets_store_async (PbSecrets *self,
                        PbAccount *account,
                        PbSecret *secret,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (PB_IS_SECRETS (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (secret != NULL);

  g_autoptr (GTask) task =
    change_task_new (self, account, secret, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_secrets_store_async);
  pb_secrets_remember (self, account, secret);
  if (self->memory_only)
    g_task_return_boolean (task, TRUE);
  else
    pb_keyring_store_async (account, secret, cancellable, changed, g_steal_pointer (&task));
}

gboolean
pb_secrets_store_finish (PbSecrets *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pb_secrets_remember (PbSecrets *self, PbAccount *account, PbSecret *secret) {
  g_return_if_fail (PB_IS_SECRETS (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (secret != NULL);

  g_autofree char *key = key_of (account);

  g_hash_table_remove (self->unsaved, key);
  g_hash_table_insert (self->memory, g_strdup (key), pb_secret_ref (secret));
  g_signal_emit (self, given_signal, 0, account);
}

void
pb_secrets_clear_async (PbSecrets *self,
                        PbAccount *account,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (PB_IS_SECRETS (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  g_autoptr (GTask) task = change_task_new (self, account, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_secrets_clear_async);
  forget (self, account);
  if (self->memory_only)
    g_task_return_boolean (task, TRUE);
  else
    pb_keyring_clear_async (account, cancellable, changed, g_steal_pointer (&task));
}

gboolean
pb_secrets_clear_finish (PbSecrets *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
