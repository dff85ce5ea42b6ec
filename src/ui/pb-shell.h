/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The three panes side by side, folding to two and to one as the window narrows. The only file
 * that knows how: on this floor with AdwLeaflet, on a later one with its successor. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  PB_PANE_SIDEBAR,
  PB_PANE_LIST,
  PB_PANE_MESSAGE,
} PbPaneName;

#define PB_TYPE_SHELL (pb_shell_get_type ())
G_DECLARE_FINAL_TYPE (PbShell, pb_shell, PB, SHELL, GtkWidget)

/* Properties: "sidebar", "list", "message" (widgets); read only and notifying: "folded" (the
 * sidebar hides behind the list) and "narrow" (one pane at a time). */
gboolean pb_shell_get_folded (PbShell *self);
gboolean pb_shell_get_narrow (PbShell *self);

/* The message pane takes the place of the list as well. */
void pb_shell_set_wide (PbShell *self, gboolean wide);
gboolean pb_shell_get_wide (PbShell *self);

/* Brings a pane into view, where it is not. */
void pb_shell_show_pane (PbShell *self, PbPaneName pane);

/* The pane that would stay if there was room for one only. */
PbPaneName pb_shell_get_pane (PbShell *self);

/* One step out; FALSE when there is nowhere to go. */
gboolean pb_shell_go_back (PbShell *self);

G_END_DECLS
