/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One calm line at the foot of the sidebar: this account could not be checked. A click tells
 * more, or asks for the password where that is what is missing. */

#pragma once

#include <gtk/gtk.h>

#include "pb-account.h"

G_BEGIN_DECLS

#define PB_TYPE_TROUBLE_ROW (pb_trouble_row_get_type ())
G_DECLARE_FINAL_TYPE (PbTroubleRow, pb_trouble_row, PB, TROUBLE_ROW, GtkWidget)

/* @asks: activating it leads to the password question instead of the problem. */
GtkWidget *pb_trouble_row_new (PbAccount *account, const GError *error, gboolean asks);

G_END_DECLS
