/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which way to sign in, of those that a server offers. */

#pragma once

#include <glib.h>

#include "pb-auth.h"

G_BEGIN_DECLS

typedef struct {
  const char *const *capabilities; /* of the last CAPA reply, NULL for none */
  gboolean encrypted;              /* the line is */
  gboolean allow_clear_secret;     /* the secret may cross it even when it is not */
  gboolean secret_is_token;
} PbPop3Offer;

/* TRUE when @auth does not show the secret to whoever reads along, or may. */
gboolean pb_pop3_mechanism_is_safe (const PbPop3Offer *offer, PbAuth auth);

/* The strongest one; PB_AUTH_AUTO when there is none that is safe. Never APOP, GSSAPI or EXTERNAL:
 * they are there for those who ask for them. Where nothing known is offered it is USER_PASS, or
 * XOAUTH2 for a token, since not every server says what it can do. */
PbAuth pb_pop3_mechanism_choose (const PbPop3Offer *offer);

/* What is left to be tried when the server would not have @refused, which choose () gave;
 * PB_AUTH_AUTO for nothing. Within TLS, where the password may be sent anyway, a server that has
 * trouble with SCRAM is given it; on an open line nothing weaker than @refused is ever taken, since
 * the refusal may be that of somebody who wants just that. */
PbAuth pb_pop3_mechanism_step_down (const PbPop3Offer *offer, PbAuth refused);

G_END_DECLS
