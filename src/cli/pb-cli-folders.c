/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading the store page by page, so that a large folder costs little memory. */

#include "config.h"

#include "pb-cli-folders.h"

#include "pb-error.h"

#define PAGE 500

const char *
pb_cli_folder_name (PbFolder *folder) {
  const char *name = pb_folder_get_name (folder);

  return *name ? name : "Inbox";
}

static const char *
role_name (PbFolderRole role) {
  static const char *const names[] = {
    [PB_FOLDER_INBOX] = "inbox",     [PB_FOLDER_DRAFTS] = "drafts", [PB_FOLDER_SENT] = "sent",
    [PB_FOLDER_ARCHIVE] = "archive", [PB_FOLDER_JUNK] = "junk",     [PB_FOLDER_TRASH] = "trash",
    [PB_FOLDER_ORDINARY] = "",
  };

  return names[role];
}

static gboolean
is_called (PbFolder *folder, const char *name) {
  g_autofree char *wanted = g_utf8_casefold (name, -1);
  g_autofree char *own = g_utf8_casefold (pb_cli_folder_name (folder), -1);

  return g_str_equal (wanted, own) || g_str_equal (wanted, role_name (pb_folder_get_role (folder)));
}

GPtrArray *
pb_cli_find_folders (PbCli *self, const char *account_id, const char *name, GError **error) {
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *folders = pb_mail_store_get_folders (self->store);

  for (guint i = 0; i < g_list_model_get_n_items (folders); i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (folders, i);
    if ((!account_id || g_str_equal (account_id, pb_folder_get_account_id (folder))) &&
        (!name || is_called (folder, name)))
      g_ptr_array_add (found, g_steal_pointer (&folder));
  }
  if (found->len > 0)
    return g_steal_pointer (&found);
  g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no folder “%s”", name ? name : "");
  return NULL;
}

static gboolean
walk_page (PbCli *self,
           PbFolder *folder,
           const gint64 *ids,
           guint count,
           PbCliRowFunc func,
           gpointer user_data,
           GError **error) {
  pb_mail_store_load_rows_async (self->store, ids, count, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  g_autoptr (GPtrArray) rows = pb_mail_store_load_rows_finish (self->store, result, error);

  if (!rows)
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    PbMessageRow *row = g_ptr_array_index (rows, i);
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
        (row && !func (self, folder, row, user_data, error)))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_cli_walk (PbCli *self,
             PbFolder *folder,
             PbOrder order,
             guint limit,
             PbCliRowFunc func,
             gpointer user_data,
             GError **error) {
  const PbQuery query = { .folder_id = pb_folder_get_id (folder), .order = order };

  pb_mail_store_query_async (self->store, &query, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  g_autoptr (GArray) ids = pb_mail_store_query_finish (self->store, result, error);
  if (!ids)
    return FALSE;
  guint count = MIN (ids->len, limit);
  for (guint i = 0; i < count; i += PAGE) {
    if (!walk_page (self, folder, &g_array_index (ids, gint64, i), MIN (PAGE, count - i), func,
                    user_data, error))
      return FALSE;
  }
  return TRUE;
}

GBytes *
pb_cli_load_message (PbCli *self, gint64 id, char **path, GError **error) {
  pb_mail_store_load_message_async (self->store, id, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);

  return pb_mail_store_load_message_finish (self->store, result, path, error);
}
