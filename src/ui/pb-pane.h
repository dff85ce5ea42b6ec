/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One pane of the window: a child and how wide it wants to be, whatever the child holds. Without
 * it a long subject would push the other panes about. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PB_TYPE_PANE (pb_pane_get_type ())
G_DECLARE_FINAL_TYPE (PbPane, pb_pane, PB, PANE, GtkWidget)

/* Properties: "child", "minimum-width", "natural-width" (pixels). */

G_END_DECLS
