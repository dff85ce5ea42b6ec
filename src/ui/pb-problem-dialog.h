/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What went wrong with an account, in full: what happened, what it means, what to do, the
 * server's own words; for a certificate that was refused all about it, and the choice to trust
 * it. */

#pragma once

#include <gtk/gtk.h>

#include "pb-account.h"
#include "pb-profile.h"

G_BEGIN_DECLS

void pb_problem_dialog_present (GtkWindow *parent,
                                PbProfile *profile,
                                PbAccount *account,
                                const GError *error);

G_END_DECLS
