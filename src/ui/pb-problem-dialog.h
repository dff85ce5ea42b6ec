/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What went wrong with an account, in full: what happened, what it means, what to do, the
 * server's own words. */

#pragma once

#include <gtk/gtk.h>

#include "pb-account.h"

G_BEGIN_DECLS

void pb_problem_dialog_present (GtkWindow *parent, PbAccount *account, const GError *error);

G_END_DECLS
