/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of SCRAM (RFC 5802, RFC 7677), written from the standards on top of GLib's
 * digests alone, to judge a client by. Held against the examples of both RFCs in test-sasl.c. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GChecksumType digest;
  const char *password;
  const char *salt; /* base64 */
  guint iterations;
  const char *nonce; /* the server's part */

  char *first_bare;   /* of the client */
  char *server_first; /* as it was answered */
} ScramServer;

void scram_server_clear (ScramServer *self);

/* Answers "n,,n=user,r=…". */
char *scram_server_first (ScramServer *self, const char *client_first);

/* Answers "c=biws,r=…,p=…" with "v=…"; NULL when the client does not know the password. */
char *scram_server_final (ScramServer *self, const char *client_final);

G_END_DECLS
