/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Knows when the computer goes to sleep and comes back, and holds the sleep up for the moment that
 * it takes to end sessions. It asks logind (org.freedesktop.login1 on the system bus); where there
 * is none it never says anything. Main context. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PB_TYPE_SLEEP_WATCH (pb_sleep_watch_get_type ())
G_DECLARE_FINAL_TYPE (PbSleepWatch, pb_sleep_watch, PB, SLEEP_WATCH, GObject)

/* Signals: "sleeping": it is about to sleep, and waits for pb_sleep_watch_ready () (as long as
 * logind allows, some seconds). "awake": it is back. */

/* @bus: where logind is; NULL for the system bus, which is connected to in the background. */
PbSleepWatch *pb_sleep_watch_new (GDBusConnection *bus);

/* Nothing is left that must be ended before the computer sleeps. */
void pb_sleep_watch_ready (PbSleepWatch *self);

/* TRUE while sleep waits for ready (). */
gboolean pb_sleep_watch_is_holding (PbSleepWatch *self);

G_END_DECLS
