/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names and natures of the ways to sign in. */

#include "pb-auth.h"

static const char *const names[] = {
  [PB_AUTH_AUTO] = "auto",
  [PB_AUTH_USER_PASS] = "user-pass",
  [PB_AUTH_PLAIN] = "plain",
  [PB_AUTH_LOGIN] = "login",
  [PB_AUTH_APOP] = "apop",
  [PB_AUTH_CRAM_MD5] = "cram-md5",
  [PB_AUTH_SCRAM_SHA_1] = "scram-sha-1",
  [PB_AUTH_SCRAM_SHA_256] = "scram-sha-256",
  [PB_AUTH_XOAUTH2] = "xoauth2",
  [PB_AUTH_OAUTHBEARER] = "oauthbearer",
  [PB_AUTH_GSSAPI] = "gssapi",
  [PB_AUTH_EXTERNAL] = "external",
};

const char *
pb_auth_to_string (PbAuth auth) {
  g_return_val_if_fail ((gsize) auth < G_N_ELEMENTS (names), NULL);

  return names[auth];
}

gboolean
pb_auth_from_string (const char *text, PbAuth *auth) {
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (text, names[i]) == 0) {
      *auth = (PbAuth) i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
pb_auth_reveals_secret (PbAuth auth) {
  return auth == PB_AUTH_USER_PASS || auth == PB_AUTH_PLAIN || auth == PB_AUTH_LOGIN ||
         auth == PB_AUTH_XOAUTH2 || auth == PB_AUTH_OAUTHBEARER;
}

gboolean
pb_auth_needs_secret (PbAuth auth) {
  return auth != PB_AUTH_GSSAPI && auth != PB_AUTH_EXTERNAL;
}
