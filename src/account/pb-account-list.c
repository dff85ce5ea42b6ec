/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The list model of the accounts and its asynchronous doors. What a file of accounts looks like,
 * and how it is read and replaced, is in pb-account-file.c. */

#include "pb-account-list.h"

#include <string.h>

#include "pb-account-file.h"
#include "pb-error.h"
#include "pb-mailbox.h"

#define ID_LENGTH_USUAL 56

struct _PbAccountList {
  GObject parent_instance;

  GPtrArray *accounts;
  PbAccountFile *file;
  GHashTable
    *known_ids; /* every id that this list ever had: what is ours to remove from the file */
};

static void pb_account_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PbAccountList,
                               pb_account_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      pb_account_list_model_init))

static GType
get_item_type (GListModel *model) {
  return PB_TYPE_ACCOUNT;
}

static guint
get_n_items (GListModel *model) {
  return PB_ACCOUNT_LIST (model)->accounts->len;
}

static gpointer
get_item (GListModel *model, guint position) {
  PbAccountList *self = PB_ACCOUNT_LIST (model);

  return position < self->accounts->len ? g_object_ref (self->accounts->pdata[position]) : NULL;
}

static void
pb_account_list_model_init (GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
pb_account_list_finalize (GObject *object) {
  PbAccountList *self = PB_ACCOUNT_LIST (object);

  g_ptr_array_unref (self->accounts);
  g_hash_table_unref (self->known_ids);
  pb_account_file_unref (self->file);
  G_OBJECT_CLASS (pb_account_list_parent_class)->finalize (object);
}

static void
pb_account_list_class_init (PbAccountListClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_account_list_finalize;
}

static void
pb_account_list_init (PbAccountList *self) {
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  self->known_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

PbAccountList *
pb_account_list_new (const char *config_dir) {
  g_return_val_if_fail (config_dir != NULL, NULL);

  PbAccountList *self = g_object_new (PB_TYPE_ACCOUNT_LIST, NULL);
  self->file = pb_account_file_new (config_dir);
  return self;
}

static void
append (PbAccountList *self, PbAccount *account) {
  g_ptr_array_add (self->accounts, g_object_ref (account));
  g_hash_table_add (self->known_ids, g_strdup (pb_account_get_id (account)));
  g_list_model_items_changed (G_LIST_MODEL (self), self->accounts->len - 1, 0, 1);
}

static gboolean
has_id (gconstpointer account, gconstpointer id) {
  return strcmp (pb_account_get_id ((PbAccount *) account), id) == 0;
}

/* Brings the list to what the file says. Accounts of ours that were never saved are gone too: a
 * load asks for the file. */
static void
adopt (PbAccountList *self, GPtrArray *loaded) {
  for (guint i = self->accounts->len; i-- > 0;) {
    const char *id = pb_account_get_id (self->accounts->pdata[i]);
    if (!g_ptr_array_find_with_equal_func (loaded, id, has_id, NULL))
      pb_account_list_remove (self, self->accounts->pdata[i]);
  }
  for (guint i = 0; i < loaded->len; i++) {
    PbAccount *here = pb_account_list_find (self, pb_account_get_id (loaded->pdata[i]));
    if (here)
      pb_account_assign (here, loaded->pdata[i]);
    else
      append (self, loaded->pdata[i]);
  }
}

static void
loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = pb_account_file_read_finish (result, &error);

  if (!accounts) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  adopt (g_task_get_source_object (task), accounts);
  g_task_return_boolean (task, TRUE);
}

void
pb_account_list_load_async (PbAccountList *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_ACCOUNT_LIST (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_account_list_load_async);
  g_task_set_check_cancellable (task, FALSE);
  pb_account_file_read_async (self->file, cancellable, loaded, task);
}

gboolean
pb_account_list_load_finish (PbAccountList *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (pb_account_file_write_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
pb_account_list_save_async (PbAccountList *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_ACCOUNT_LIST (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_account_list_save_async);
  g_task_set_check_cancellable (task, FALSE);
  pb_account_file_write_async (self->file, self->accounts, self->known_ids, cancellable, saved,
                               task);
}

gboolean
pb_account_list_save_finish (PbAccountList *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

PbAccount *
pb_account_list_find (PbAccountList *self, const char *id) {
  g_return_val_if_fail (PB_IS_ACCOUNT_LIST (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  guint position;
  return g_ptr_array_find_with_equal_func (self->accounts, id, has_id, &position)
           ? self->accounts->pdata[position]
           : NULL;
}

PbAccount *
pb_account_list_find_same_mailbox (PbAccountList *self, PbAccount *account) {
  g_return_val_if_fail (PB_IS_ACCOUNT_LIST (self), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  for (guint i = 0; i < self->accounts->len; i++) {
    PbAccount *other = self->accounts->pdata[i];
    if (other != account && !has_id (other, pb_account_get_id (account)) &&
        pb_mailbox_is_same (other, account))
      return other;
  }
  return NULL;
}

gboolean
pb_account_list_add (PbAccountList *self, PbAccount *account, GError **error) {
  g_return_val_if_fail (PB_IS_ACCOUNT_LIST (self), FALSE);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), FALSE);

  if (!pb_account_validate (account, error))
    return FALSE;
  if (pb_account_list_find (self, pb_account_get_id (account))) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "the id %s is taken",
                 pb_account_get_id (account));
    return FALSE;
  }
  PbAccount *same = pb_account_list_find_same_mailbox (self, account);
  if (same) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "account %s has the same mailbox",
                 pb_account_get_id (same));
    return FALSE;
  }
  append (self, account);
  return TRUE;
}

void
pb_account_list_remove (PbAccountList *self, PbAccount *account) {
  g_return_if_fail (PB_IS_ACCOUNT_LIST (self));

  guint position;
  if (!g_ptr_array_find (self->accounts, account, &position))
    return;
  g_ptr_array_remove_index (self->accounts, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* Runs of anything but letters and digits become one hyphen. */
static char *
slug (const char *address) {
  g_autofree char *ascii = g_str_to_ascii (address, "C");
  GString *out = g_string_new (NULL);

  for (const char *p = ascii; *p && out->len < ID_LENGTH_USUAL; p++) {
    if (g_ascii_isalnum (*p))
      g_string_append_c (out, g_ascii_tolower (*p));
    else if (out->len > 0 && out->str[out->len - 1] != '-')
      g_string_append_c (out, '-');
  }
  while (out->len > 0 && out->str[out->len - 1] == '-')
    g_string_truncate (out, out->len - 1);
  if (out->len == 0)
    g_string_append (out, "account");
  return g_string_free (out, FALSE);
}

char *
pb_account_list_make_id (PbAccountList *self, const char *address) {
  g_return_val_if_fail (PB_IS_ACCOUNT_LIST (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  g_autofree char *base = slug (address);
  char *id = g_strdup (base);
  for (guint i = 2; pb_account_list_find (self, id); i++) {
    g_free (id);
    id = g_strdup_printf ("%s-%u", base, i);
  }
  return id;
}
