/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The columns of a server mailbox: what their cells show and how they sort. */

#pragma once

#include <gtk/gtk.h>

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

/* Puts the columns into @view. Cells ask @mailbox for the heads that they need. */
void pb_server_columns_add (GtkColumnView *view);

/* Whose rows are shown from now on; may be NULL. */
void pb_server_columns_set_mailbox (GtkColumnView *view, PbServerMailbox *mailbox);

/* One column with everything in two lines, or a column for each thing. */
void pb_server_columns_set_narrow (GtkColumnView *view, gboolean narrow);

G_END_DECLS
