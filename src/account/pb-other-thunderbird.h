/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts of Thunderbird: profiles.ini names the profiles, prefs.js of each has the accounts, and
 * popstate.dat in the folder of an account what was fetched. */

#pragma once

#include "pb-other-account.h"

G_BEGIN_DECLS

/* Adds what is found to @accounts (PbOtherAccount). Blocking. */
void pb_other_thunderbird_find (const PbOtherPlaces *places, GPtrArray *accounts);

G_END_DECLS
