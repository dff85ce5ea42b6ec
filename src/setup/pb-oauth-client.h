/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What signing in with OAuth 2 (RFC 6749) is made of: services, the address to open in the browser
 * with PKCE (RFC 7636), and the answer with the tokens. Pure functions; pb-oauth.h goes the way. */

#pragma once

#include <gio/gio.h>

#include "pb-secret.h"

G_BEGIN_DECLS

/* Where and as whom. Postbag has no client ids of its own: whoever signs in brings one. */
typedef struct {
  const char *auth_url;  /* https, opened in the browser */
  const char *token_url; /* https */
  const char *scope;
  const char *client_id;
  const char *client_secret; /* or NULL; of a program that people have it is none in truth */
  const char *ca_file;       /* further trusted issuers, or NULL */
} PbOauthClient;

/* Fills in the URLs and the scope for POP3 of a service ("google", as in PbProvider). FALSE for one
 * that is not known. */
gboolean pb_oauth_client_set_service (PbOauthClient *self, const char *service);

/* 43 characters nobody can guess: a PKCE verifier, or a state. */
char *pb_oauth_make_random (void) G_GNUC_WARN_UNUSED_RESULT;

/* @user: whom the page should ask, or NULL. */
char *pb_oauth_make_auth_url (const PbOauthClient *self,
                              const char *redirect_uri,
                              const char *state,
                              const char *verifier,
                              const char *user) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  PbSecret *access;
  PbSecret *refresh; /* NULL: the one that was used goes on */
  gint64 expires;    /* seconds since 1970 when the access token ends; 0 where nobody said */
} PbOauthTokens;

/* @json is untrusted. PB_ERROR_SIGN_IN when it says that the sign-in is not good (any more),
 * PB_ERROR_PROTOCOL when it is no such answer. */
PbOauthTokens *pb_oauth_tokens_parse (const char *json, gsize length, gint64 now, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void pb_oauth_tokens_free (PbOauthTokens *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbOauthTokens, pb_oauth_tokens_free)

G_END_DECLS
