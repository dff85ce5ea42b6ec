/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts to and from a key file. A write reads the file again and merges, under a lock on the
 * folder, so that two processes (the window and postbag-cli) do not undo each other. */

#include "pb-account-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pb-account.h"
#include "pb-error.h"

#define FILE_NAME "accounts.conf"
#define GROUP_PREFIX "account:"
#define SIZE_MAX_BYTES (4 * 1024 * 1024)

struct _PbAccountFile {
  gatomicrefcount refs;
  char *folder;
  char *path;
  guint64 asked;   /* writes asked for; main context */
  GMutex mutex;    /* one write at a time; guards the next */
  guint64 written; /* number of the newest write that is durable */
};

/* One write as the main context asked for it. */
typedef struct {
  PbAccountFile *file;
  GKeyFile *accounts;
  GHashTable *known_ids;
  guint64 number;
} Write;

static const char *const text_keys[] = {
  "name",
  "address",
  "label",
  "user",
  "trusted-certificate",
  "ca-file",
  "auth",
  "client-certificate",
  "oauth",
};

static const char *const switch_keys[] = { "headers-only", "delete-with-local", "detached",
                                           "secret-is-token" };
static const char *const limit_keys[] = { "max-size", "keep-messages", "keep-bytes" };

PbAccountFile *
pb_account_file_new (const char *folder) {
  PbAccountFile *self = g_new0 (PbAccountFile, 1);

  g_atomic_ref_count_init (&self->refs);
  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  g_mutex_init (&self->mutex);
  return self;
}

static PbAccountFile *
pb_account_file_ref (PbAccountFile *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_account_file_unref (PbAccountFile *self) {
  if (!self || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->folder);
  g_free (self->path);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static int
code_of_errno (int code) {
  switch (code) {
  case ENOSPC:
  case EDQUOT:
    return PB_ERROR_STORAGE_FULL;
  case EROFS:
  case EACCES:
  case EPERM:
    return PB_ERROR_STORAGE_READ_ONLY;
  default:
    return PB_ERROR_STORAGE;
  }
}

static void
set_errno_error (GError **error, int code, const char *path) {
  g_set_error (error, PB_ERROR, code_of_errno (code), "%s: %s", path, g_strerror (code));
}

static int
code_of_file_error (const GError *error) {
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return PB_ERROR_STORAGE_FULL;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ROFS) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_PERM))
    return PB_ERROR_STORAGE_READ_ONLY;
  return PB_ERROR_STORAGE;
}

/* NULL with an error; an empty key file when there is no file. */
static GKeyFile *
read_key_file (PbAccountFile *self, GError **error) {
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) failure = NULL;
  g_autofree char *text = NULL;
  gsize length;
  struct stat info;

  if (stat (self->path, &info) != 0) {
    if (errno == ENOENT)
      return g_steal_pointer (&keys);
    set_errno_error (error, errno, self->path);
    return NULL;
  }
  if (!S_ISREG (info.st_mode) || info.st_size > SIZE_MAX_BYTES) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "%s: no file of accounts", self->path);
    return NULL;
  }
  if (!g_file_get_contents (self->path, &text, &length, &failure)) {
    g_set_error_literal (error, PB_ERROR, code_of_file_error (failure), failure->message);
    return NULL;
  }
  /* GKeyFile stops at a NUL and would throw away what follows. */
  if (memchr (text, '\0', length) ||
      (length > 0 &&
       !g_key_file_load_from_data (
         keys, text, length, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, &failure))) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "%s: %s", self->path,
                 failure ? failure->message : "NUL byte");
    return NULL;
  }
  return g_steal_pointer (&keys);
}

/* The id in a group name, or NULL. */
static const char *
id_of_group (const char *group) {
  const char *id = group + strlen (GROUP_PREFIX);

  return g_str_has_prefix (group, GROUP_PREFIX) && pb_account_id_is_valid (id) ? id : NULL;
}

static void
read_endpoint (GKeyFile *keys, const char *group, PbAccount *account) {
  g_autofree char *server = g_key_file_get_string (keys, group, "server", NULL);
  g_autofree char *name = g_key_file_get_string (keys, group, "security", NULL);
  PbSecurity security = PB_SECURITY_TLS;

  /* An unknown word must not weaken the connection: it stays TLS. */
  pb_security_from_string (name, &security);
  g_autoptr (PbEndpoint) endpoint = server ? pb_endpoint_parse (server, security, NULL) : NULL;
  g_object_set (account, "endpoint", endpoint, NULL);
}

static void
read_limits (GKeyFile *keys, const char *group, PbAccount *account) {
  for (guint i = 0; i < G_N_ELEMENTS (switch_keys); i++)
    g_object_set (account, switch_keys[i],
                  g_key_file_get_boolean (keys, group, switch_keys[i], NULL), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (limit_keys); i++)
    g_object_set (account, limit_keys[i], g_key_file_get_uint64 (keys, group, limit_keys[i], NULL),
                  NULL);
}

static void
put_limits (GKeyFile *keys, const char *group, PbAccount *account) {
  for (guint i = 0; i < G_N_ELEMENTS (switch_keys); i++) {
    gboolean value;
    g_object_get (account, switch_keys[i], &value, NULL);
    if (value)
      g_key_file_set_boolean (keys, group, switch_keys[i], TRUE);
  }
  for (guint i = 0; i < G_N_ELEMENTS (limit_keys); i++) {
    guint64 value;
    g_object_get (account, limit_keys[i], &value, NULL);
    if (value > 0)
      g_key_file_set_uint64 (keys, group, limit_keys[i], value);
  }
}

static PbAccount *
read_account (GKeyFile *keys, const char *group) {
  PbAccount *account = pb_account_new (id_of_group (group));

  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++) {
    g_autofree char *text = g_key_file_get_string (keys, group, text_keys[i], NULL);
    if (text)
      g_object_set (account, text_keys[i], text, NULL);
  }
  read_endpoint (keys, group, account);
  g_autofree char *on_server = g_key_file_get_string (keys, group, "on-server", NULL);
  pb_account_set_on_server_text (account, on_server);
  read_limits (keys, group, account);
  int timeout = g_key_file_get_integer (keys, group, "timeout", NULL);
  g_object_set (account, "timeout", MAX (timeout, 0), "allow-clear-secret",
                g_key_file_get_boolean (keys, group, "allow-clear-secret", NULL), NULL);
  g_autoptr (GError) error = NULL;
  gboolean enabled = g_key_file_get_boolean (keys, group, "enabled", &error);
  g_object_set (account, "enabled", enabled || error != NULL, NULL);
  return account;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  g_autoptr (GKeyFile) keys = read_key_file (data, &error);

  if (!keys) {
    g_task_return_error (task, error);
    return;
  }
  GPtrArray *accounts = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
  for (guint i = 0; groups[i]; i++) {
    if (id_of_group (groups[i]))
      g_ptr_array_add (accounts, read_account (keys, groups[i]));
  }
  g_task_return_pointer (task, accounts, (GDestroyNotify) g_ptr_array_unref);
}

void
pb_account_file_read_async (PbAccountFile *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pb_account_file_read_async);
  g_task_set_task_data (task, pb_account_file_ref (self), (GDestroyNotify) pb_account_file_unref);
  g_task_run_in_thread (task, read_in_thread);
}

GPtrArray *
pb_account_file_read_finish (GAsyncResult *result, GError **error) {
  g_assert (g_async_result_is_tagged (result, pb_account_file_read_async));
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
put_texts (GKeyFile *keys, const char *group, PbAccount *account) {
  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++) {
    g_autofree char *text = NULL;
    g_object_get (account, text_keys[i], &text, NULL);
    if (text && *text)
      g_key_file_set_string (keys, group, text_keys[i], text);
  }
}

/* Unlike a name that is not known here. */
static void
remove_usual_auth (GKeyFile *keys, const char *group) {
  g_autofree char *auth = g_key_file_get_string (keys, group, "auth", NULL);

  if (g_strcmp0 (auth, pb_auth_to_string (PB_AUTH_AUTO)) == 0)
    g_key_file_remove_key (keys, group, "auth", NULL);
}

/* What is as usual is not written, so that the file stays short and a changed default reaches
 * it. */
static void
put_account (GKeyFile *keys, PbAccount *account) {
  g_autofree char *group = g_strconcat (GROUP_PREFIX, pb_account_get_id (account), NULL);
  g_autofree char *on_server = pb_account_dup_on_server_text (account);
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);

  /* Also makes the group when nothing else would. */
  g_key_file_set_string (keys, group, "on-server", on_server);
  put_texts (keys, group, account);
  put_limits (keys, group, account);
  if (pb_account_get_auth (account) == PB_AUTH_AUTO)
    remove_usual_auth (keys, group);
  /* A label that is only the address, or the id, is taken back as none by pb-account.c, but need
   * not be there. */
  if (strcmp (pb_account_get_label (account), pb_account_get_address (account)) == 0 ||
      strcmp (pb_account_get_label (account), pb_account_get_id (account)) == 0)
    g_key_file_remove_key (keys, group, "label", NULL);
  if (endpoint) {
    g_autofree char *server = pb_endpoint_to_string (endpoint);
    g_key_file_set_string (keys, group, "server", server);
    g_key_file_set_string (keys, group, "security", pb_security_to_string (endpoint->security));
  }
  if (pb_account_get_timeout (account) > 0)
    g_key_file_set_integer (keys, group, "timeout", (int) pb_account_get_timeout (account));
  if (pb_account_get_allow_clear_secret (account))
    g_key_file_set_boolean (keys, group, "allow-clear-secret", TRUE);
  gboolean enabled;
  g_object_get (account, "enabled", &enabled, NULL);
  if (!enabled)
    g_key_file_set_boolean (keys, group, "enabled", FALSE);
}

/* Every key that put_account () may write, in the order in which a new group gets them. */
static const char *const own_keys[] = {
  "name",
  "address",
  "label",
  "server",
  "security",
  "user",
  "trusted-certificate",
  "ca-file",
  "auth",
  "client-certificate",
  "on-server",
  "headers-only",
  "delete-with-local",
  "secret-is-token",
  "oauth",
  "max-size",
  "keep-messages",
  "keep-bytes",
  "allow-clear-secret",
  "timeout",
  "enabled",
  "detached",
};

static void
merge_account (GKeyFile *into, GKeyFile *from, const char *group) {
  for (guint i = 0; i < G_N_ELEMENTS (own_keys); i++) {
    g_autofree char *value = g_key_file_get_value (from, group, own_keys[i], NULL);
    if (value)
      g_key_file_set_value (into, group, own_keys[i], value);
    else
      g_key_file_remove_key (into, group, own_keys[i], NULL);
  }
}

static void
merge (GKeyFile *into, Write *write) {
  g_auto (GStrv) there = g_key_file_get_groups (into, NULL);
  g_auto (GStrv) ours = g_key_file_get_groups (write->accounts, NULL);

  for (guint i = 0; there[i]; i++) {
    const char *id = id_of_group (there[i]);
    if (id && g_hash_table_contains (write->known_ids, id) &&
        !g_key_file_has_group (write->accounts, there[i]))
      g_key_file_remove_group (into, there[i], NULL);
  }
  for (guint i = 0; ours[i]; i++)
    merge_account (into, write->accounts, ours[i]);
}

/* An open descriptor that holds the lock until it is closed, or -1. Where a file system has no
 * locks we go on without: the replacement itself is atomic all the same. */
static int
lock_folder (const char *folder, GError **error) {
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    set_errno_error (error, errno, folder);
    return -1;
  }
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    set_errno_error (error, errno, folder);
  else
    while (flock (fd, LOCK_EX) != 0 && errno == EINTR)
      continue;
  return fd;
}

/* A link (people keep their settings in other places) stays one: what it leads to is replaced. */
static gboolean
replace_file (PbAccountFile *self, const char *text, gsize length, GError **error) {
  g_autoptr (GError) failure = NULL;
  char *target = realpath (self->path, NULL);
  gboolean done = g_file_set_contents_full (
    target ? target : self->path, text, (gssize) length,
    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &failure);

  free (target);
  if (!done)
    g_set_error_literal (error, PB_ERROR, code_of_file_error (failure), failure->message);
  return done;
}

static gboolean
merge_and_replace (Write *write, GError **error) {
  g_autoptr (GKeyFile) keys = read_key_file (write->file, error);

  if (!keys)
    return FALSE;
  merge (keys, write);
  gsize length;
  g_autofree char *text = g_key_file_to_data (keys, &length, NULL);
  return replace_file (write->file, text, length, error);
}

static gboolean
write_now (Write *write, GError **error) {
  PbAccountFile *self = write->file;

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  /* A later call was faster, and what it wrote is the newer state. */
  if (write->number <= self->written)
    return TRUE;
  int lock = lock_folder (self->folder, error);
  if (lock < 0)
    return FALSE;
  gboolean done = merge_and_replace (write, error);
  close (lock);
  if (done)
    self->written = write->number;
  return done;
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (write_now (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
write_free (Write *self) {
  pb_account_file_unref (self->file);
  g_key_file_unref (self->accounts);
  g_hash_table_unref (self->known_ids);
  g_free (self);
}

static GHashTable *
copy_ids (GHashTable *ids) {
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (copy, g_strdup (id));
  return copy;
}

void
pb_account_file_write_async (PbAccountFile *self,
                             GPtrArray *accounts,
                             GHashTable *known_ids,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Write *write = g_new0 (Write, 1);

  write->file = pb_account_file_ref (self);
  write->accounts = g_key_file_new ();
  write->known_ids = copy_ids (known_ids);
  write->number = ++self->asked;
  for (guint i = 0; i < accounts->len; i++)
    put_account (write->accounts, accounts->pdata[i]);
  g_task_set_source_tag (task, pb_account_file_write_async);
  g_task_set_task_data (task, write, (GDestroyNotify) write_free);
  /* Once the file may have been replaced, the truth is that, not that somebody cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, write_in_thread);
}

gboolean
pb_account_file_write_finish (GAsyncResult *result, GError **error) {
  g_assert (g_async_result_is_tagged (result, pb_account_file_write_async));
  return g_task_propagate_boolean (G_TASK (result), error);
}
