/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* About the server of one account: what it can, its limits, what was learnt about it; with ways to
 * its session log and console. All of it can be copied and saved. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_SERVER_WINDOW (pb_server_window_get_type ())
G_DECLARE_FINAL_TYPE (PbServerWindow, pb_server_window, PB, SERVER_WINDOW, AdwWindow)

PbServerWindow *pb_server_window_new (PbProfile *profile, PbAccount *account);

G_END_DECLS
