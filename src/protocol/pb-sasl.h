/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One SASL exchange (RFC 4422) from the client's side, as steps from challenge to response, both
 * in base64 as they stand on the wire. No connection, no clock. Challenges are untrusted.
 *
 * GSSAPI asks the system's Kerberos for a ticket, which may take as long as that takes; no other
 * mechanism waits for anything. */

#pragma once

#include <gio/gio.h>

#include "pb-auth.h"
#include "pb-secret.h"

G_BEGIN_DECLS

/* Octets of base64: what is read of a challenge, and what a response may have. */
#define PB_SASL_CHALLENGE_MAX 12288
#define PB_SASL_RESPONSE_MAX 24576

/* How often a SCRAM server may have the password hashed: more would stop everything else for too
 * long. */
#define PB_SASL_ITERATIONS_MAX 200000

typedef struct _PbSasl PbSasl;

/* Copied by pb_sasl_new (). */
typedef struct {
  PbAuth mechanism;
  const char *user;
  PbSecret *secret; /* NULL where pb_auth_needs_secret () is FALSE */
  const char *host; /* of the server as it was asked for, NULL where it is not known */
  guint16 port;     /* 0 where it is not known */
  gboolean encrypted;
} PbSaslConfig;

/* "SCRAM-SHA-256"; NULL for what is not SASL (AUTO, USER_PASS, APOP). */
const char *pb_sasl_get_name (PbAuth mechanism);

/* TRUE when it is SASL and there is code for it on this system. */
gboolean pb_sasl_is_supported (PbAuth mechanism);

/* PB_ERROR_UNSUPPORTED without code for it, or when it cannot be done with this password;
 * PB_ERROR_INVALID when user or token have characters
 * that cannot be sent this way. */
PbSasl *pb_sasl_new (const PbSaslConfig *config, GError **error);
void pb_sasl_free (PbSasl *self);

/* TRUE when the client begins: its first response answers no challenge. */
gboolean pb_sasl_speaks_first (PbSasl *self);

/* The response to @length bytes of base64, itself base64 and "" for an empty one; to be freed with
 * pb_sasl_response_free (). The first response of a client that begins is that to NULL and 0.
 * After an error the exchange is over and must be cancelled: PB_ERROR_PROTOCOL for challenges that
 * are malformed, too long, too many, or of a server that could not prove that it knows the
 * password; PB_ERROR_SIGN_IN when the challenge says that user or password are wrong;
 * PB_ERROR_UNSUPPORTED when this mechanism cannot do it, though another might; PB_ERROR_INVALID
 * for a token that is too long. */
char *pb_sasl_step (PbSasl *self, const guint8 *challenge, gsize length, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void pb_sasl_response_free (char *response);

/* TRUE when nothing is missing any more, so that the server may say that it worked. Before, it
 * cannot know who we are, or (SCRAM) has not shown who it is. */
gboolean pb_sasl_is_done (PbSasl *self);

/* TRUE when there was a response. */
gboolean pb_sasl_has_responded (PbSasl *self);

/* TRUE when a response depended on who the user is and on the secret, so that a refusal may be
 * about these. */
gboolean pb_sasl_has_proven (PbSasl *self);

/* Why the server will refuse, as it said in a challenge (the JSON of XOAUTH2 and OAUTHBEARER), NULL
 * when it did not. Untrusted, but fit to be shown. */
const char *pb_sasl_get_failure (PbSasl *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSasl, pb_sasl_free)

G_END_DECLS
