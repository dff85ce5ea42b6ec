/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Checks accounts by itself: at the start, at their intervals, when network or computer come back.
 * When, is decided by pb_schedule_next (); this tells it what happens in the world, and begins the
 * checks. Before the computer sleeps all sessions are ended. Main context. */

#pragma once

#include "pb-sync-service.h"

G_BEGIN_DECLS

/* TRUE with a network that leads somewhere: one that wants a person to sign in first is none. */
gboolean pb_network_is_usable (GNetworkMonitor *monitor);

/* FALSE for an account whose server is on this computer. */
gboolean pb_network_is_needed (PbAccount *account);

#define PB_TYPE_SCHEDULER (pb_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (PbScheduler, pb_scheduler, PB, SCHEDULER, GObject)

/* Property "online" (boolean, read only): FALSE without a network, and behind one that wants a
 * person to sign in first. */

/* @accounts are those of @sync. @monitor NULL: the system's. @bus: see pb_sleep_watch_new (). */
PbScheduler *pb_scheduler_new (PbSyncService *sync,
                               PbAccountList *accounts,
                               GNetworkMonitor *monitor,
                               GDBusConnection *bus);

/* Minutes between checks, 0 for none; 10 without this call. For one account, where @minutes is
 * negative for the usual ones. May be called at any time. */
void pb_scheduler_set_minutes (PbScheduler *self, guint minutes);
void pb_scheduler_set_account_minutes (PbScheduler *self, const char *account_id, int minutes);

/* Nothing is checked before this. */
void pb_scheduler_start (PbScheduler *self, gboolean check_now);

gboolean pb_scheduler_get_online (PbScheduler *self);

/* When @account is checked next, seconds since 1970; G_MAXINT64 where only an event or a person
 * brings that about. */
gint64 pb_scheduler_get_next (PbScheduler *self, PbAccount *account);

/* For tests: another clock (seconds since 1970), and a look at it now. */
typedef gint64 (*PbClockFunc) (gpointer user_data);
void pb_scheduler_set_clock (PbScheduler *self, PbClockFunc clock, gpointer user_data);
void pb_scheduler_update (PbScheduler *self);

G_END_DECLS
