/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of PbSyncService share. */

#pragma once

#include "pb-sync-service.h"

G_BEGIN_DECLS

PbMailStore *_pb_sync_service_get_store (PbSyncService *self);

/* A session of a check is under way. */
gboolean _pb_sync_service_is_running (PbSyncService *self, PbAccount *account);

/* A check waits or is under way, or checks may not begin yet. */
gboolean _pb_sync_service_has_check (PbSyncService *self, PbAccount *account);

/* The session of a server mailbox has ended. */
void _pb_sync_service_mailbox_left (PbSyncService *self);

G_END_DECLS
