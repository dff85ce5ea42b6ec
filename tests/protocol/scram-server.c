/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* RFC 5802, section 3, line by line. */

#include "scram-server.h"

#include <string.h>

#define DIGEST_MAX 32

static gsize
size_of (ScramServer *self) {
  return (gsize) g_checksum_type_get_length (self->digest);
}

static void
hmac (ScramServer *self,
      const void *key,
      gsize key_length,
      const void *text,
      gsize length,
      guint8 *out) {
  g_autoptr (GHmac) hmac_state = g_hmac_new (self->digest, key, key_length);
  gsize size = DIGEST_MAX;

  g_hmac_update (hmac_state, text, (gssize) length);
  g_hmac_get_digest (hmac_state, out, &size);
}

static void
hash (ScramServer *self, const guint8 *text, guint8 *out) {
  g_autoptr (GChecksum) checksum = g_checksum_new (self->digest);
  gsize size = DIGEST_MAX;

  g_checksum_update (checksum, text, (gssize) size_of (self));
  g_checksum_get_digest (checksum, out, &size);
}

/* Hi (), which is PBKDF2 with one block. */
static void
salt_password (ScramServer *self, guint8 *out) {
  gsize length, key_length = strlen (self->password);
  g_autofree guchar *salt = g_base64_decode (self->salt, &length);
  g_autofree guint8 *first = g_malloc0 (length + 4);
  guint8 turn[DIGEST_MAX], next[DIGEST_MAX];

  memcpy (first, salt, length);
  first[length + 3] = 1;
  hmac (self, self->password, key_length, first, length + 4, turn);
  memcpy (out, turn, sizeof turn);
  for (guint i = 1; i < self->iterations; i++) {
    hmac (self, self->password, key_length, turn, size_of (self), next);
    memcpy (turn, next, sizeof turn);
    for (gsize k = 0; k < size_of (self); k++)
      out[k] ^= turn[k];
  }
}

void
scram_server_clear (ScramServer *self) {
  g_clear_pointer (&self->first_bare, g_free);
  g_clear_pointer (&self->server_first, g_free);
}

char *
scram_server_first (ScramServer *self, const char *client_first) {
  g_assert_true (g_str_has_prefix (client_first, "n,,"));
  scram_server_clear (self);
  self->first_bare = g_strdup (client_first + 3);
  const char *nonce = strstr (self->first_bare, ",r=");
  g_assert_nonnull (nonce);
  self->server_first =
    g_strdup_printf ("r=%s%s,s=%s,i=%u", nonce + 3, self->nonce, self->salt, self->iterations);
  return g_strdup (self->server_first);
}

char *
scram_server_final (ScramServer *self, const char *client_final) {
  guint8 salted[DIGEST_MAX], client_key[DIGEST_MAX], stored_key[DIGEST_MAX], server_key[DIGEST_MAX];
  guint8 client_signature[DIGEST_MAX], server_signature[DIGEST_MAX];
  const char *proof_text = strstr (client_final, ",p=");
  gsize length;

  g_assert_nonnull (proof_text);
  g_autofree char *without_proof = g_strndup (client_final, (gsize) (proof_text - client_final));
  g_autofree char *message =
    g_strjoin (",", self->first_bare, self->server_first, without_proof, NULL);
  g_autofree guchar *proof = g_base64_decode (proof_text + 3, &length);

  salt_password (self, salted);
  hmac (self, salted, size_of (self), "Client Key", 10, client_key);
  hash (self, client_key, stored_key);
  hmac (self, stored_key, size_of (self), message, strlen (message), client_signature);
  for (gsize i = 0; i < size_of (self); i++)
    client_signature[i] ^= client_key[i];
  if (length != size_of (self) || memcmp (proof, client_signature, length) != 0)
    return NULL;
  hmac (self, salted, size_of (self), "Server Key", 10, server_key);
  hmac (self, server_key, size_of (self), message, strlen (message), server_signature);
  g_autofree char *encoded = g_base64_encode (server_signature, size_of (self));
  return g_strconcat ("v=", encoded, NULL);
}
