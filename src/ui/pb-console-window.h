/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server console: POP3 commands typed into a real session, each explained, with a question
 * before anything is lost. Closing the window closes the session. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_CONSOLE_WINDOW (pb_console_window_get_type ())
G_DECLARE_FINAL_TYPE (PbConsoleWindow, pb_console_window, PB, CONSOLE_WINDOW, AdwWindow)

/* Connects to the server of @account, which is listed in @profile. */
PbConsoleWindow *pb_console_window_new (PbProfile *profile, PbAccount *account);

G_END_DECLS
