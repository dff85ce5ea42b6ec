/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses and answers. */

#include "pb-oauth-client.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/random.h>

#include "pb-error.h"

#define RANDOM_BYTES 32
#define TOKEN_MAX_BYTES (32 * 1024)
#define LIFE_MAX_SECONDS (365 * 24 * 60 * 60)

static const struct {
  const char *service;
  const char *auth_url;
  const char *token_url;
  const char *scope;
} services[] = {
  { "google", "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
    "https://mail.google.com/" },
  { "microsoft", "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "https://outlook.office.com/POP.AccessAsUser.All offline_access" },
  { "yahoo", "https://api.login.yahoo.com/oauth2/request_auth",
    "https://api.login.yahoo.com/oauth2/get_token", "mail-w" },
  { "aol", "https://api.login.aol.com/oauth2/request_auth",
    "https://api.login.aol.com/oauth2/get_token", "mail-w" },
  { "fastmail", "https://api.fastmail.com/oauth/authorize",
    "https://api.fastmail.com/oauth/refresh",
    "https://www.fastmail.com/dev/protocol-pop offline_access" },
};

gboolean
pb_oauth_client_set_service (PbOauthClient *self, const char *service) {
  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    if (g_strcmp0 (services[i].service, service) == 0) {
      self->auth_url = services[i].auth_url;
      self->token_url = services[i].token_url;
      self->scope = services[i].scope;
      return TRUE;
    }
  }
  return FALSE;
}

/* Base64 as it may stand in a URL (RFC 4648, section 5), without padding. */
static char *
encode (const guint8 *bytes, gsize length) {
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

char *
pb_oauth_make_random (void) {
  guint8 bytes[RANDOM_BYTES];

  /* So few bytes come in one piece, or the system is not fit to keep a secret. */
  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    g_error ("no random numbers");
  return encode (bytes, sizeof bytes);
}

static char *
make_challenge (const char *verifier) {
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guint8 *) verifier, -1);
  g_checksum_get_digest (sum, digest, &length);
  return encode (digest, length);
}

static void
add_field (GString *url, const char *name, const char *value) {
  g_string_append_printf (url, "%c%s=", strchr (url->str, '?') ? '&' : '?', name);
  g_string_append_uri_escaped (url, value, NULL, FALSE);
}

char *
pb_oauth_make_auth_url (const PbOauthClient *self,
                        const char *redirect_uri,
                        const char *state,
                        const char *verifier,
                        const char *user) {
  g_return_val_if_fail (self->auth_url && self->client_id && self->scope, NULL);

  GString *url = g_string_new (self->auth_url);
  g_autofree char *challenge = make_challenge (verifier);
  add_field (url, "response_type", "code");
  add_field (url, "client_id", self->client_id);
  add_field (url, "redirect_uri", redirect_uri);
  add_field (url, "scope", self->scope);
  add_field (url, "state", state);
  add_field (url, "code_challenge", challenge);
  add_field (url, "code_challenge_method", "S256");
  add_field (url, "access_type", "offline");
  add_field (url, "prompt", "consent");
  if (user)
    add_field (url, "login_hint", user);
  return g_string_free (url, FALSE);
}

/* NULL for what is no token that could be sent. */
static PbSecret *
take_token (JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member (object, name);
  const char *text = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  gsize length = text ? strlen (text) : 0;

  if (length == 0 || length > TOKEN_MAX_BYTES)
    return NULL;
  for (const char *p = text; *p; p++) {
    if (!g_ascii_isgraph (*p))
      return NULL;
  }
  return pb_secret_new (text);
}

static gint64
read_end (JsonObject *object, gint64 now) {
  JsonNode *node = json_object_get_member (object, "expires_in");
  gint64 seconds = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;

  return seconds > 0 && seconds <= LIFE_MAX_SECONDS ? now + seconds : 0;
}

PbOauthTokens *
pb_oauth_tokens_parse (const char *json, gsize length, gint64 now, GError **error) {
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = json_parser_load_from_data (parser, json, (gssize) length, NULL)
                     ? json_parser_get_root (parser)
                     : NULL;
  JsonObject *object = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  if (object && json_object_has_member (object, "error")) {
    g_set_error (error, PB_ERROR, PB_ERROR_SIGN_IN, "the service refused the sign-in");
    return NULL;
  }
  PbSecret *access = object ? take_token (object, "access_token") : NULL;
  if (!access) {
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL, "the answer has no token");
    return NULL;
  }
  PbOauthTokens *tokens = g_new0 (PbOauthTokens, 1);
  tokens->access = access;
  tokens->refresh = take_token (object, "refresh_token");
  tokens->expires = read_end (object, now);
  return tokens;
}

void
pb_oauth_tokens_free (PbOauthTokens *self) {
  if (!self)
    return;
  g_clear_pointer (&self->access, pb_secret_unref);
  g_clear_pointer (&self->refresh, pb_secret_unref);
  g_free (self);
}
