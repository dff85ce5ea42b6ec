/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From an account to OAuth: what its property "oauth" says, what is kept for it, and the fresh
 * access token for each attempt to sign in. */

#pragma once

#include "pb-account.h"
#include "pb-oauth-client.h"
#include "pb-secrets.h"

G_BEGIN_DECLS

/* A client out of the text of an account's "oauth": "service=google&client=ID", or
 * "auth=URL&token=URL&scope=WORDS&client=ID", each value percent-encoded. */
typedef struct {
  PbOauthClient client;
  GHashTable *fields; /* owns its texts */
  char *ca_file;
} PbOauthSource;

/* NULL when @account has no "oauth", or one that cannot be used (PB_ERROR_INVALID). Trusts the
 * issuers that the account trusts, for its service too. */
PbOauthSource *pb_oauth_source_new (PbAccount *account, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pb_oauth_source_free (PbOauthSource *self);

/* The text for "oauth". @service: a known one, or NULL; then @client has URLs and scope. */
char *pb_oauth_source_make_text (const char *service,
                                 const PbOauthClient *client) G_GNUC_WARN_UNUSED_RESULT;

/* What is kept for the account: the refresh token, and the secret of the client where it has one
 * (NULL or "" for none); both are PbSecrets only. */
PbSecret *pb_oauth_source_make_kept (PbSecret *refresh,
                                     const char *client_secret) G_GNUC_WARN_UNUSED_RESULT;

/* From now on @secrets looks up access tokens, each had with one request. */
void pb_oauth_source_serve (PbSecrets *secrets);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbOauthSource, pb_oauth_source_free)

G_END_DECLS
