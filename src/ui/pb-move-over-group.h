/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The POP3 accounts of other mail programs on this computer, offered for moving over. Hidden where
 * there are none that are not here already. */

#pragma once

#include <adwaita.h>

#include "pb-account-list.h"
#include "pb-other-account.h"

G_BEGIN_DECLS

#define PB_TYPE_MOVE_OVER_GROUP (pb_move_over_group_get_type ())
G_DECLARE_FINAL_TYPE (PbMoveOverGroup, pb_move_over_group, PB, MOVE_OVER_GROUP, AdwPreferencesGroup)

/* Signal "chosen" (gpointer PbOtherAccount, owned by the group): a person wants this one. */

/* Looks for them in the background; what @accounts fetches already is left out. */
void pb_move_over_group_look (PbMoveOverGroup *self, PbAccountList *accounts);

G_END_DECLS
