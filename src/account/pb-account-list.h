/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The accounts, a live GListModel of PbAccount in the order in which they were added, kept in a key
 * file (mode 0600, replaced atomically, comments and unknown keys kept). Main context; the disk is
 * touched in worker threads only. */

#pragma once

#include <gio/gio.h>

#include "pb-account.h"

G_BEGIN_DECLS

#define PB_TYPE_ACCOUNT_LIST (pb_account_list_get_type ())
G_DECLARE_FINAL_TYPE (PbAccountList, pb_account_list, PB, ACCOUNT_LIST, GObject)

/* The file is "accounts.conf" in @config_dir, which saving makes (0700) where it is missing. */
PbAccountList *pb_account_list_new (const char *config_dir);

/* A missing file is an empty list. PB_ERROR_INVALID when the file cannot be read as one: it is left
 * as it is and saving refuses to touch it; PB_ERROR_STORAGE… when it cannot be read. Accounts that
 * do not validate are listed all the same. Loading again brings the list up to what the file says;
 * accounts that stay keep their object. */
void pb_account_list_load_async (PbAccountList *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_account_list_load_finish (PbAccountList *self, GAsyncResult *result, GError **error);

/* Writes the list as it is now; durable when it completes. What another process added to the file
 * since it was loaded stays there. PB_ERROR_STORAGE…, PB_ERROR_INVALID; the file is then what it
 * was. */
void pb_account_list_save_async (PbAccountList *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_account_list_save_finish (PbAccountList *self, GAsyncResult *result, GError **error);

/* NULL when there is none. Borrowed. */
PbAccount *pb_account_list_find (PbAccountList *self, const char *id);

/* Another account in the list that fetches the same mailbox as @account would, or NULL: the same
 * server by name or, for providers of the table, by any of its names; the same user, in upper or
 * lower case, with or without the domain. Ports count only where the server is this computer.
 * To be asked before a change of server or user too. Borrowed. */
PbAccount *pb_account_list_find_same_mailbox (PbAccountList *self, PbAccount *account);

/* PB_ERROR_INVALID when the id is taken, the account does not validate, or the same mailbox is
 * listed. */
gboolean pb_account_list_add (PbAccountList *self, PbAccount *account, GError **error);
void pb_account_list_remove (PbAccountList *self, PbAccount *account);

/* A free id made from an address ("li.na@example.org" gives "li-na-example-org", then "…-2"). */
char *pb_account_list_make_id (PbAccountList *self, const char *address);

G_END_DECLS
