/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the commands that talk to servers share: the sync service of one run, and passwords that
 * come from standard input. */

#pragma once

#include "pb-cli.h"
#include "pb-sync-service.h"

G_BEGIN_DECLS

/* With the notes and the session log of the profile. The store is open. */
PbSyncService *pb_cli_make_service (PbCli *self, PbSecrets *secrets) G_GNUC_WARN_UNUSED_RESULT;

/* Waits until everything has ended. */
void pb_cli_stop_service (PbCli *self, PbSyncService *service);

/* Reads one line for @account, where it needs a password; the end of the input gives none. FALSE
 * with @error for what pb_cli_read_secret () refuses. */
gboolean
pb_cli_remember_secret (PbCli *self, PbSecrets *secrets, PbAccount *account, GError **error);

G_END_DECLS
