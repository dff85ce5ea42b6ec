/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a widget paints anything: some graphics drivers leave a web view empty. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* TRUE where all of @widget, which is on the screen, is of one colour. FALSE where that cannot be
 * told. Draws it once more, so not for every message. */
gboolean pb_paint_check_is_blank (GtkWidget *widget);

G_END_DECLS
