/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the actions of the application need of it. */

#pragma once

#include "pb-application.h"
#include "pb-background.h"
#include "pb-scheduler.h"
#include "pb-window.h"

G_BEGIN_DECLS

/* NULL before the start is complete. Borrowed. */
PbProfile *_pb_application_get_profile (PbApplication *self);
PbWindow *_pb_application_get_window (PbApplication *self);
GSettings *_pb_application_get_settings (PbApplication *self);
PbBackground *_pb_application_get_background (PbApplication *self);
PbScheduler *_pb_application_get_scheduler (PbApplication *self);

/* Completes, with TRUE, when the profile is open: for what is asked of a program that was only
 * started by it. Whoever opened no window calls settle () when it is done. */
void _pb_application_open_async (PbApplication *self, GAsyncReadyCallback callback, gpointer data);
void _pb_application_settle (PbApplication *self);

void _pb_application_quit (PbApplication *self);

/* Adds all "app." actions and their keys. */
void _pb_application_add_actions (PbApplication *self);

/* Makes the actions that need a profile usable. */
void _pb_application_enable_actions (PbApplication *self);

/* Adds the actions of notifications, in pb-new-mail-actions.c. */
void _pb_application_add_new_mail_actions (PbApplication *self);

G_END_DECLS
