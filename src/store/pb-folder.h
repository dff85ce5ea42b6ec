/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder as people see it. Lives in the main context; its counters follow the store. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Where a folder stands in the order of an account's folders, and what it is for. */
typedef enum {
  PB_FOLDER_INBOX,
  PB_FOLDER_DRAFTS,
  PB_FOLDER_SENT,
  PB_FOLDER_ARCHIVE,
  PB_FOLDER_JUNK,
  PB_FOLDER_TRASH,
  PB_FOLDER_ORDINARY,
  PB_FOLDER_ANY, /* only in a PbQuery: every folder but trash and junk; no folder has it */
} PbFolderRole;

#define PB_TYPE_FOLDER (pb_folder_get_type ())
G_DECLARE_FINAL_TYPE (PbFolder, pb_folder, PB, FOLDER, GObject)

/* Properties: "id" (int64), "account-id" (string), "name" (string: the Maildir++ name in UTF-8 with
 * '/' between levels; "" is the inbox), "role", "total" and "unread" (uint; they notify). */
gint64 pb_folder_get_id (PbFolder *self);
const char *pb_folder_get_account_id (PbFolder *self);
const char *pb_folder_get_name (PbFolder *self);
PbFolderRole pb_folder_get_role (PbFolder *self);
guint pb_folder_get_total (PbFolder *self);
guint pb_folder_get_unread (PbFolder *self);

G_END_DECLS
