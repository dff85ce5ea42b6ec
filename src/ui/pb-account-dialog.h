/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The form in which an account is set up by hand, tried and changed. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_ACCOUNT_DIALOG (pb_account_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PbAccountDialog, pb_account_dialog, PB, ACCOUNT_DIALOG, AdwWindow)

/* Signal "saved" (PbAccount): the account is in the list and its password was given to the
 * keyring. */

/* @account: the one to change, or NULL for a new one. */
PbAccountDialog *pb_account_dialog_new (GtkWindow *parent, PbProfile *profile, PbAccount *account);

/* What was typed elsewhere already, for a new account. */
void pb_account_dialog_prefill (PbAccountDialog *self, const char *name, const char *address);

G_END_DECLS
