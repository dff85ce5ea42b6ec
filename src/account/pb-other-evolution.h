/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts of Evolution: files ".source" for accounts and identities, and uid-cache in the folder
 * of an account for what was fetched. */

#pragma once

#include "pb-other-account.h"

G_BEGIN_DECLS

/* Adds what is found to @accounts (PbOtherAccount). Blocking. */
void pb_other_evolution_find (const PbOtherPlaces *places, GPtrArray *accounts);

G_END_DECLS
