/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The places of the sidebar, a live GListModel of PbPlace: what spans all accounts first, then
 * the folders of each account in turn, and what lies on its server. */

#pragma once

#include "pb-account-list.h"
#include "pb-place.h"

G_BEGIN_DECLS

#define PB_TYPE_PLACE_LIST (pb_place_list_get_type ())
G_DECLARE_FINAL_TYPE (PbPlaceList, pb_place_list, PB, PLACE_LIST, GObject)

/* @folders is the list of PbFolder of a store. A place keeps its object as long as its folder is
 * there. Folders of an account that is not in @accounts are left out. "All inboxes" is there from
 * the second account on. */
PbPlaceList *pb_place_list_new (GListModel *folders, PbAccountList *accounts);

/* The place of an account's inbox, or of the first account's with NULL; NULL when there is none.
 * Borrowed. */
PbPlace *pb_place_list_find_inbox (PbPlaceList *self, const char *account_id);

G_END_DECLS
