/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tries an account that is being set up: sign in, ask how much waits there, quit. Changes
 * nothing on the server, and nothing here. */

#pragma once

#include "pb-account.h"
#include "pb-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Completes when the session has ended. Errors: those of PbPop3Session. */
void pb_account_trial_async (PbAccount *account,
                             PbSecret *secret,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean
pb_account_trial_finish (GAsyncResult *result, guint *messages, guint64 *octets, GError **error);

G_END_DECLS
