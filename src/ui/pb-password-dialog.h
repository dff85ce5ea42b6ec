/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks for the password of an account whose check failed for want of it. Opened by a person,
 * never by itself. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

/* Shows the question; the password goes to the keyring and the account is checked at once. */
void pb_password_dialog_present (GtkWindow *parent, PbProfile *profile, PbAccount *account);

G_END_DECLS
