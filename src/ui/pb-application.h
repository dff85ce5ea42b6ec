/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The program: makes the profile once, hands it to the window, closes it at the end. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PB_TYPE_APPLICATION (pb_application_get_type ())
G_DECLARE_FINAL_TYPE (PbApplication, pb_application, PB, APPLICATION, AdwApplication)

PbApplication *pb_application_new (void);

/* What main () should return when g_application_run () gave 0. */
int pb_application_get_exit_status (PbApplication *self);

G_END_DECLS
