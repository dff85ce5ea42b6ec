/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding folders and messages for commands that read the store. */

#pragma once

#include "pb-cli.h"

G_BEGIN_DECLS

/* Called for each message, in order. FALSE with @error set ends the walk. */
typedef gboolean (*PbCliRowFunc) (PbCli *self,
                                  PbFolder *folder,
                                  PbMessageRow *row,
                                  gpointer user_data,
                                  GError **error);

/* The folders of @account_id (NULL: of all accounts) called @name: as a role ("inbox",
 * "archive", "trash", …) or as the folder is named, in any case; NULL for every folder.
 * GPtrArray of PbFolder; PB_ERROR_NOT_FOUND when there is none. */
GPtrArray *
pb_cli_find_folders (PbCli *self, const char *account_id, const char *name, GError **error);

/* The name that is shown: that of the folder, or "Inbox". Untrusted. */
const char *pb_cli_folder_name (PbFolder *folder);

/* Walks over the messages of @folder, newest or oldest first, at most @limit of them. */
gboolean pb_cli_walk (PbCli *self,
                      PbFolder *folder,
                      PbOrder order,
                      guint limit,
                      PbCliRowFunc func,
                      gpointer user_data,
                      GError **error);

/* The bytes of a message of the store; @path may be NULL. */
GBytes *pb_cli_load_message (PbCli *self, gint64 id, char **path, GError **error);

G_END_DECLS
