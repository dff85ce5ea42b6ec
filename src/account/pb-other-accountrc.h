/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts of Claws Mail and Sylpheed, which share an ancestor and its files: accountrc with a
 * section for each account, and uidl/SERVER-USER with what was fetched. */

#pragma once

#include "pb-other-account.h"

G_BEGIN_DECLS

/* Add what is found to @accounts (PbOtherAccount). Blocking. */
void pb_other_claws_find (const PbOtherPlaces *places, GPtrArray *accounts);
void pb_other_sylpheed_find (const PbOtherPlaces *places, GPtrArray *accounts);

G_END_DECLS
