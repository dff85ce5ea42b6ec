/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of PbSyncService share. */

#pragma once

#include "pb-sync-service.h"

G_BEGIN_DECLS

PbMailStore *_pb_sync_service_get_store (PbSyncService *self);

/* A session of a check is under way. */
gboolean _pb_sync_service_is_running (PbSyncService *self, PbAccount *account);

G_END_DECLS
