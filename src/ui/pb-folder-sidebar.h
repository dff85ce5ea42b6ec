/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The left pane: the places of all accounts, and at its foot what is being done and what went
 * wrong. */

#pragma once

#include <gtk/gtk.h>

#include "pb-place-list.h"
#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_FOLDER_SIDEBAR (pb_folder_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (PbFolderSidebar, pb_folder_sidebar, PB, FOLDER_SIDEBAR, GtkWidget)

/* Signals:
 * "selected" (PbPlace or NULL): another place is to be listed.
 * "activated" (PbPlace): a person chose this place, also when it was selected already.
 * "notice" (char *text): something was done; for a toast.
 *
 * Property "narrow" (boolean): the pane is alone in the window. */

/* Shows @profile, which is open. */
void pb_folder_sidebar_set_profile (PbFolderSidebar *self, PbProfile *profile);

void pb_folder_sidebar_select (PbFolderSidebar *self, PbPlace *place);

/* Chooses the place at @index, counted from 0; FALSE when there is none. */
gboolean pb_folder_sidebar_select_index (PbFolderSidebar *self, guint index);

/* Chooses what lies on the server of the first account, as if it had been clicked; FALSE when there
 * is none. */
gboolean pb_folder_sidebar_select_server (PbFolderSidebar *self);

G_END_DECLS
