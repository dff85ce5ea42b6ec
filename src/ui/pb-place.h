/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One line of the sidebar: a folder, all inboxes together, or the starred messages of everywhere.
 * Knows how it is called, which picture it has, how many unread messages it holds, and which
 * query lists it. */

#pragma once

#include "pb-account.h"
#include "pb-mail-store.h"

G_BEGIN_DECLS

#define PB_TYPE_PLACE (pb_place_get_type ())
G_DECLARE_FINAL_TYPE (PbPlace, pb_place, PB, PLACE, GObject)

/* Properties, read only: "title", "icon-name", "unread" (uint, notifies; 0 where nobody waits for
 * the unread: trash, archive …),
 * "account-label" (string: the account it belongs to, NULL for what spans all). */
PbPlace *pb_place_new_folder (PbFolder *folder, PbAccount *account);
PbPlace *pb_place_new_inboxes (GListModel *folders);
PbPlace *pb_place_new_starred (GListModel *folders);

/* What lies on the server of @account: no folder, and its query means nothing. */
PbPlace *pb_place_new_server (PbAccount *account);

/* The account of such a place, NULL for all others. */
PbAccount *pb_place_get_server (PbPlace *self);

const char *pb_place_get_title (PbPlace *self);
const char *pb_place_get_icon_name (PbPlace *self);
const char *pb_place_get_account_label (PbPlace *self);
guint pb_place_get_unread (PbPlace *self);
const PbQuery *pb_place_get_query (PbPlace *self);

/* NULL for what spans all. */
PbFolder *pb_place_get_folder (PbPlace *self);

/* TRUE when a change in folder @id may change what is listed here. */
gboolean pb_place_holds_folder (PbPlace *self, gint64 id);

/* Searches for @text here, or in all folders with @everywhere; pb_mail_store_search_finish (). */
void pb_place_search_async (PbPlace *self,
                            PbMailStore *store,
                            const char *text,
                            gboolean everywhere,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

G_END_DECLS
