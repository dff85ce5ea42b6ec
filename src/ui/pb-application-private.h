/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the actions of the application need of it. */

#pragma once

#include "pb-application.h"
#include "pb-window.h"

G_BEGIN_DECLS

/* NULL before the start is complete. Borrowed. */
PbProfile *_pb_application_get_profile (PbApplication *self);
PbWindow *_pb_application_get_window (PbApplication *self);
GSettings *_pb_application_get_settings (PbApplication *self);

/* Adds all "app." actions and their keys. */
void _pb_application_add_actions (PbApplication *self);

/* Makes the actions that need a profile usable. */
void _pb_application_enable_actions (PbApplication *self);

G_END_DECLS
