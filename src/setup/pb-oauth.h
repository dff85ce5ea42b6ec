/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in with OAuth 2: the person's own browser, a web server on the loopback interface for as
 * long as it takes (RFC 8252), PKCE and state. Keeps nothing: the tokens are the caller's. */

#pragma once

#include "pb-oauth-client.h"

G_BEGIN_DECLS

/* To open @url in the browser. */
typedef void (*PbOauthOpenFunc) (const char *url, gpointer user_data);

/* @client (copied): everything set. @user: whom to sign in, or NULL. @page: what the browser shows
 * at the end, plain text in the language of the person. @open is called before this returns.
 * Waits for the person until cancelled. PB_ERROR_SIGN_IN when the person or the service says no,
 * PB_ERROR_CONNECT, _TIMEOUT, _CERTIFICATE, _PROTOCOL, _INSECURE (a URL that is not https),
 * G_IO_ERROR_CANCELLED. */
void pb_oauth_sign_in_async (const PbOauthClient *client,
                             const char *user,
                             const char *page,
                             PbOauthOpenFunc open,
                             gpointer open_data,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* Another access token; one request. PB_ERROR_SIGN_IN: the person has to sign in again. */
void pb_oauth_refresh_async (const PbOauthClient *client,
                             PbSecret *refresh,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* Of both. */
PbOauthTokens *pb_oauth_finish (GAsyncResult *result, GError **error);

G_END_DECLS
