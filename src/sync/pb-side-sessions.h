/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of the sync service that is not about checks: accounts that are tried, consoles and
 * server mailboxes that are open, and the log of all sessions. Only the service has one. Main
 * context. */

#pragma once

#include "pb-server-mailboxes.h"
#include "pb-sync-service.h"

G_BEGIN_DECLS

typedef struct _PbSideSessions PbSideSessions;

/* @service is borrowed and owns it; each session keeps the service alive. @settled is called with
 * it whenever there may be nothing left to wait for. */
PbSideSessions *pb_side_sessions_new (PbSyncService *service,
                                      PbSecrets *secrets,
                                      PbMailStore *store,
                                      void (*settled) (PbSyncService *service));
void pb_side_sessions_free (PbSideSessions *self);

/* TRUE when nothing is under way, and every session is written down. */
gboolean pb_side_sessions_is_idle (PbSideSessions *self);

/* Cancels trials, closes consoles and server mailboxes. */
void pb_side_sessions_stop (PbSideSessions *self);

/* Owned by the side sessions. */
PbServerMailboxes *pb_side_sessions_get_mailboxes (PbSideSessions *self);

gboolean pb_side_sessions_has_console (PbSideSessions *self, PbAccount *account);

/* A check has ended: see pb_transcript_log_add (). */
void pb_side_sessions_log (PbSideSessions *self,
                           PbAccount *account,
                           gint64 started,
                           const GError *error,
                           const char *text);

/* Of the service, for its public functions that are here. */
PbSideSessions *_pb_sync_service_get_side_sessions (PbSyncService *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSideSessions, pb_side_sessions_free)

G_END_DECLS
