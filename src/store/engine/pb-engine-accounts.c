/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts: their Maildirs, their place in the ledger, their locks. */

#include "pb-engine-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-error.h"
#include "pb-folder-name.h"
#include "pb-index-heads.h"
#include "pb-maildir.h"
#include "pb-rescan.h"

#define MAX_ACCOUNT_ID 64

gboolean
pb_engine_account_is_valid (const char *account_id) {
  gsize length = strlen (account_id);

  return length >= 1 && length <= MAX_ACCOUNT_ID &&
         strspn (account_id, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static gboolean
has_role (GPtrArray *dirs, PbFolderRole role) {
  for (guint i = 0; i < dirs->len; i++) {
    g_autofree char *name = pb_folder_name_from_dir (dirs->pdata[i]);
    if (pb_folder_name_get_role (name) == role)
      return TRUE;
  }
  return FALSE;
}

static gboolean
make_folders (PbEngine *self, const char *account_id, GError **error) {
  static const struct {
    const char *dir;
    PbFolderRole role;
  } wanted[] = { { "", PB_FOLDER_INBOX },
                 { ".Archive", PB_FOLDER_ARCHIVE },
                 { ".Trash", PB_FOLDER_TRASH } };
  g_autofree char *root = pb_engine_folder_path (self, account_id, "");
  g_autoptr (GPtrArray) dirs = pb_maildir_list_folders (root);

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    g_autofree char *path = pb_engine_folder_path (self, account_id, wanted[i].dir);
    if (!has_role (dirs, wanted[i].role) && !pb_maildir_make (path, *wanted[i].dir != '\0', error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_engine_add_account (PbEngine *self, const char *account_id, GError **error) {
  guint budget = PB_RESCAN_BUDGET;

  if (!pb_engine_account_is_valid (account_id)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not an account id: “%s”", account_id);
    return FALSE;
  }
  if (!make_folders (self, account_id, error) ||
      !pb_ledger_add_account (self->ledger, account_id, error))
    return FALSE;
  g_autoptr (GPtrArray) accounts = pb_ledger_load_accounts (self->ledger, error);
  if (!accounts)
    return FALSE;
  g_ptr_array_unref (self->accounts);
  self->accounts = g_steal_pointer (&accounts);
  if (!pb_engine_sync_folders (self, account_id, error))
    return FALSE;
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, account_id);
  for (guint i = 0; i < folders->len; i++) {
    PbIndexFolder *folder = folders->pdata[i];
    if (folder->stamp == 0 && !pb_rescan_folder (self, folder, &budget, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_engine_remove_account (PbEngine *self,
                          const char *account_id,
                          gboolean delete_mail,
                          GError **error) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, account_id);
  gboolean ok = pb_ledger_find_account (self->ledger, account_id, error) > 0 &&
                pb_ledger_begin (self->ledger, error);

  if (!ok)
    return FALSE;
  if (!pb_ledger_remove_account (self->ledger, account_id, error)) {
    pb_ledger_rollback (self->ledger);
    return FALSE;
  }
  if (!pb_ledger_commit (self->ledger, error) || !pb_index_begin (self->index, error))
    return FALSE;
  for (guint i = 0; i < folders->len && ok; i++)
    ok = pb_index_remove_folder (self->index, ((PbIndexFolder *) folders->pdata[i])->id, error);
  if (!ok || !pb_index_forget_heads (self->index, account_id, error)) {
    pb_index_rollback (self->index);
    return FALSE;
  }
  if (!pb_index_commit (self->index, error))
    return FALSE;
  g_ptr_array_remove (self->accounts, (gpointer) g_intern_string (account_id));
  pb_engine_unlock_account (self, account_id);
  if (delete_mail) {
    g_autofree char *path = pb_engine_folder_path (self, account_id, "");
    pb_disk_remove_tree (path);
  }
  return TRUE;
}

/* -1 with PB_ERROR_LOCKED when another process has it. The lock goes with the descriptor, so it
 * never outlives a process. */
static int
take_lock (PbEngine *self, const char *account_id, GError **error) {
  g_autofree char *root = pb_engine_folder_path (self, account_id, "");
  g_autofree char *path = g_build_filename (root, "postbag.lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0) {
    pb_disk_set_error (error, errno, "open", path);
    return -1;
  }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (errno == EWOULDBLOCK)
    g_set_error (error, PB_ERROR, PB_ERROR_LOCKED, "%s is locked by another process", path);
  else
    pb_disk_set_error (error, errno, "lock", path);
  close (fd);
  return -1;
}

gboolean
pb_engine_lock_account (PbEngine *self, const char *account_id, GError **error) {
  if (pb_ledger_find_account (self->ledger, account_id, error) == 0)
    return FALSE;
  if (g_hash_table_contains (self->locks, account_id)) {
    g_set_error (error, PB_ERROR, PB_ERROR_LOCKED, "account “%s” is locked already", account_id);
    return FALSE;
  }
  int fd = take_lock (self, account_id, error);
  if (fd < 0)
    return FALSE;
  g_hash_table_insert (self->locks, g_strdup (account_id), GINT_TO_POINTER (fd));
  /* Another process may have been stopped since this one opened the store. */
  if (self->deliveries->len == 0)
    pb_engine_salvage (self, account_id);
  return TRUE;
}

void
pb_engine_unlock_account (PbEngine *self, const char *account_id) {
  gpointer fd;

  if (!g_hash_table_lookup_extended (self->locks, account_id, NULL, &fd))
    return;
  close (GPOINTER_TO_INT (fd));
  g_hash_table_remove (self->locks, account_id);
}

void
pb_engine_clear_up (PbEngine *self, const char *account_id) {
  int fd = take_lock (self, account_id, NULL);

  if (fd < 0)
    return;
  pb_engine_salvage (self, account_id);
  close (fd);
}

guint
pb_engine_count_left (PbEngine *self, const char *account_id) {
  g_autofree char *root = pb_engine_folder_path (self, account_id, "");
  int fd = take_lock (self, account_id, NULL);

  if (fd < 0)
    return 0;
  guint count = pb_maildir_count_temporaries (root);
  close (fd);
  return count;
}
