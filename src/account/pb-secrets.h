/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The passwords: in the keyring through libsecret, or, where no keyring answers, in the memory of
 * this run only. Nothing is ever written to a file by us. A keyring that does not answer within 2 s
 * counts as absent for this call; what was given to remember is then kept in memory. One that does
 * answer, but is locked, gets two minutes: a person may be typing its password. What it would not
 * take is given to it later, when it turns out to be open at some lookup. Main context. */

#pragma once

#include <gio/gio.h>

#include "pb-account.h"
#include "pb-secret.h"

G_BEGIN_DECLS

#define PB_TYPE_SECRETS (pb_secrets_get_type ())
G_DECLARE_FINAL_TYPE (PbSecrets, pb_secrets, PB, SECRETS, GObject)

/* Property "keyring-problem" (string, NULL when all is well): the last attempt to reach the keyring
 * failed; its text is for logs. The window shows a banner while it is set.
 *
 * Signal "given" (PbAccount): somebody gave a secret for it, to be stored or remembered. */
PbSecrets *pb_secrets_new (void);

/* For tests, the demo and --password-stdin: never asks a keyring. */
PbSecrets *pb_secrets_new_in_memory (void);

const char *pb_secrets_get_keyring_problem (PbSecrets *self);

/* Turns what is kept for an account with "oauth" into an access token, for one attempt. Finishing
 * gives the token, and in @replacement (taken over, may be left alone) what is to be kept from now
 * on. Errors as in pb_oauth_refresh_async (). */
typedef struct {
  void (*start) (PbAccount *account,
                 PbSecret *kept,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data);
  PbSecret *(*finish) (GAsyncResult *result, PbSecret **replacement, GError **error);
} PbSecretExchange;

/* @exchange is static. Without one, nothing is known for such accounts. */
void pb_secrets_set_exchange (PbSecrets *self, const PbSecretExchange *exchange);

/* What is to be sent: a password, or a fresh access token, which is never kept. What is known: the
 * one in memory first, then the keyring. PB_ERROR_NO_SECRET when none is. */
void pb_secrets_lookup_async (PbSecrets *self,
                              PbAccount *account,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PbSecret *pb_secrets_lookup_finish (PbSecrets *self, GAsyncResult *result, GError **error);

/* Remembers. Fails only when cancelled: without a keyring the secret stays in memory, and
 * "keyring-problem" says so. */
void pb_secrets_store_async (PbSecrets *self,
                             PbAccount *account,
                             PbSecret *secret,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pb_secrets_store_finish (PbSecrets *self, GAsyncResult *result, GError **error);

/* Only for this run. */
void pb_secrets_remember (PbSecrets *self, PbAccount *account, PbSecret *secret);

/* Forgets, in memory and in the keyring, whatever was kept for this account with any server and
 * user. Fails only when cancelled: a keyring that cannot be reached keeps what it has, and
 * "keyring-problem" says so. */
void pb_secrets_clear_async (PbSecrets *self,
                             PbAccount *account,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pb_secrets_clear_finish (PbSecrets *self, GAsyncResult *result, GError **error);

G_END_DECLS
