/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The buttons that help in trouble, pressed. */

#pragma once

#include <gtk/gtk.h>

#include "pb-account.h"
#include "pb-problem.h"

G_BEGIN_DECLS

/* Does what @remedy says for @account. @parent: a window of the application. */
void pb_remedy_apply (GtkWindow *parent, PbAccount *account, PbRemedy remedy);

/* What can be done here about @problem: a page of an unknown provider cannot be opened. */
PbRemedy pb_remedy_choose (const PbProblem *problem, PbAccount *account);

G_END_DECLS
