/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The keyring of the person, through libsecret's simple calls (the only ones that work in a sandbox
 * too), with limited patience; for pb-secrets.c only. Entries carry the attributes account (id),
 * user and server (pb_account_dup_secret_place ()), so that a password is never handed out for
 * another server than the one it was given for.
 *
 * Every call completes within 2 s, or within two minutes once the keyring has answered and a person
 * may have to unlock it; past that with G_IO_ERROR_TIMED_OUT. Cancelling completes at once. Other
 * errors are libsecret's and GIO's. */

#pragma once

#include <gio/gio.h>

#include "pb-account.h"
#include "pb-secret.h"

G_BEGIN_DECLS

/* Whether something can be stored right now without asking a person. Never starts a service, never
 * asks, takes 2 s at most; FALSE wherever that cannot be told (as in a sandbox). */
void pb_keyring_is_open_async (GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pb_keyring_is_open_finish (GAsyncResult *result);

/* Finishes with NULL and no error when the keyring has nothing for this account, user and
 * server. G_IO_ERROR_PERMISSION_DENIED: it has, but nobody unlocked it. */
void pb_keyring_lookup_async (PbAccount *account,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PbSecret *pb_keyring_lookup_finish (GAsyncResult *result, GError **error);

void pb_keyring_store_async (PbAccount *account,
                             PbSecret *secret,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* Takes out everything of this account, whatever user and server. */
void pb_keyring_clear_async (PbAccount *account,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* Of storing and of clearing. */
gboolean pb_keyring_change_finish (GAsyncResult *result, GError **error);

G_END_DECLS
