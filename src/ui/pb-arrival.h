/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens by itself as long as a profile is open: accounts are checked, new mail is notified.
 * Follows the settings. Main context. */

#pragma once

#include "pb-notifier.h"
#include "pb-profile.h"
#include "pb-scheduler.h"

G_BEGIN_DECLS

#define PB_TYPE_ARRIVAL (pb_arrival_get_type ())
G_DECLARE_FINAL_TYPE (PbArrival, pb_arrival, PB, ARRIVAL, GObject)

/* @profile is open; @settings may be NULL. @func shows notifications. @check_now: check at once,
 * whatever the settings say. */
PbArrival *pb_arrival_new (PbProfile *profile,
                           GSettings *settings,
                           gboolean check_now,
                           PbNoticeFunc func,
                           gpointer user_data);

/* Owned by it. */
PbScheduler *pb_arrival_get_scheduler (PbArrival *self);

G_END_DECLS
