/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The main window: puts the panes together and knows which keys and buttons do what. Holds no
 * mail. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_WINDOW (pb_window_get_type ())
G_DECLARE_FINAL_TYPE (PbWindow, pb_window, PB, WINDOW, AdwApplicationWindow)

/* Signals:
 * "message-shown" (): a message is complete on the screen. */

/* @settings may be NULL. The window is blank until it has a profile. */
PbWindow *pb_window_new (GtkApplication *application, GSettings *settings);

/* Once; @profile is open. */
void pb_window_set_profile (PbWindow *self, PbProfile *profile);

/* The profile cannot be opened: says so in place of everything else. */
void pb_window_show_problem (PbWindow *self, const GError *error);

/* A short line that goes by itself. */
void pb_window_show_toast (PbWindow *self, const char *text);

/* Opens the message at @position of the list that is shown; FALSE when there is none. */
gboolean pb_window_open_message (PbWindow *self, guint position);

/* Shows what lies on the server of the first account; FALSE when there is none. */
gboolean pb_window_show_server (PbWindow *self);
guint pb_window_get_message_count (PbWindow *self);

/* Opens the message @id, which is in an inbox. The window has its profile, or gets it soon. */
void pb_window_open_message_id (PbWindow *self, gint64 id);

G_END_DECLS
