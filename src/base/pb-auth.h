/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The ways to sign in to a server, and their names in settings. What they do on the wire is the
 * business of the protocol layer. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PbAuth:
 * @PB_AUTH_AUTO: the strongest that is safe on the connection, of what the server offers.
 * @PB_AUTH_USER_PASS: USER and PASS, the password as it is.
 * @PB_AUTH_PLAIN: user and password as they are.
 * @PB_AUTH_LOGIN: the same in two steps, for old servers.
 * @PB_AUTH_APOP: a digest over the greeting; never chosen by AUTO.
 * @PB_AUTH_CRAM_MD5: a digest over a challenge.
 * @PB_AUTH_SCRAM_SHA_1: both sides prove that they know the password, which is not sent.
 * @PB_AUTH_SCRAM_SHA_256: the same with a better digest.
 * @PB_AUTH_XOAUTH2: an access token as it is.
 * @PB_AUTH_OAUTHBEARER: the same as standardised.
 * @PB_AUTH_GSSAPI: a Kerberos ticket; there is no password.
 * @PB_AUTH_EXTERNAL: the client certificate of the connection; there is no password.
 */
typedef enum {
  PB_AUTH_AUTO,
  PB_AUTH_USER_PASS,
  PB_AUTH_PLAIN,
  PB_AUTH_LOGIN,
  PB_AUTH_APOP,
  PB_AUTH_CRAM_MD5,
  PB_AUTH_SCRAM_SHA_1,
  PB_AUTH_SCRAM_SHA_256,
  PB_AUTH_XOAUTH2,
  PB_AUTH_OAUTHBEARER,
  PB_AUTH_GSSAPI,
  PB_AUTH_EXTERNAL,
} PbAuth;

/* "auto", "user-pass", "plain", "login", "apop", "cram-md5", "scram-sha-1", "scram-sha-256",
 * "xoauth2", "oauthbearer", "gssapi", "external" and back; FALSE and @auth untouched for anything
 * else. */
const char *pb_auth_to_string (PbAuth auth);
gboolean pb_auth_from_string (const char *text, PbAuth *auth);

/* TRUE when what is sent is as good as the password or token to whoever reads the line. FALSE for
 * PB_AUTH_AUTO, which looks at the line first. */
gboolean pb_auth_reveals_secret (PbAuth auth);

/* FALSE where there is no password or token at all. */
gboolean pb_auth_needs_secret (PbAuth auth);

G_END_DECLS
