/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of a form that says what is fetched of an account, and what happens on its server. */

#pragma once

#include <adwaita.h>

#include "pb-account.h"

G_BEGIN_DECLS

#define PB_TYPE_POLICY_GROUP (pb_policy_group_get_type ())
G_DECLARE_FINAL_TYPE (PbPolicyGroup, pb_policy_group, PB, POLICY_GROUP, AdwPreferencesGroup)

/* Signal "changed": a person changed something. */

/* From the account into the form, and back. */
void pb_policy_group_load (PbPolicyGroup *self, PbAccount *account);
void pb_policy_group_store (PbPolicyGroup *self, PbAccount *account);

G_END_DECLS
