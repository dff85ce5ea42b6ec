/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GNU SASL does the computing. The two mechanisms for tokens, which it does not have, are one line
 * of text each and are put together here. What it is given to read is checked before. */

#include "pb-sasl.h"

#include <gsasl.h>
#include <string.h>

#include "pb-error.h"
#include "pb-pop3-response.h"

#define CHALLENGES_MAX 16
#define FAILURE_MAX 1024
#define ITERATIONS_MIN 4096

typedef struct {
  const char *name;
  guint speaks_first : 1;
  guint is_token : 1; /* ours, not the library's */
  guint is_scram : 1;
} Mechanism;

static const Mechanism mechanisms[] = {
  [PB_AUTH_PLAIN] = { .name = "PLAIN", .speaks_first = TRUE },
  [PB_AUTH_LOGIN] = { .name = "LOGIN" },
  [PB_AUTH_CRAM_MD5] = { .name = "CRAM-MD5" },
  [PB_AUTH_SCRAM_SHA_1] = { .name = "SCRAM-SHA-1", .speaks_first = TRUE, .is_scram = TRUE },
  [PB_AUTH_SCRAM_SHA_256] = { .name = "SCRAM-SHA-256", .speaks_first = TRUE, .is_scram = TRUE },
  [PB_AUTH_XOAUTH2] = { .name = "XOAUTH2", .speaks_first = TRUE, .is_token = TRUE },
  [PB_AUTH_OAUTHBEARER] = { .name = "OAUTHBEARER", .speaks_first = TRUE, .is_token = TRUE },
  [PB_AUTH_GSSAPI] = { .name = "GSSAPI", .speaks_first = TRUE },
  [PB_AUTH_EXTERNAL] = { .name = "EXTERNAL", .speaks_first = TRUE },
};

struct _PbSasl {
  PbAuth auth;
  const Mechanism *mechanism;
  char *user;
  PbSecret *secret;
  char *host;
  guint16 port;
  gboolean encrypted;
  Gsasl *library;
  Gsasl_session *session;
  guint challenges;
  guint responses;
  gboolean done;
  char *failure;
};

const char *
pb_sasl_get_name (PbAuth mechanism) {
  g_return_val_if_fail ((gsize) mechanism < G_N_ELEMENTS (mechanisms), NULL);

  return mechanisms[mechanism].name;
}

gboolean
pb_sasl_is_supported (PbAuth mechanism) {
  const char *name = pb_sasl_get_name (mechanism);
  Gsasl *library;

  if (!name || mechanisms[mechanism].is_token)
    return name != NULL;
  if (gsasl_init (&library) != GSASL_OK)
    return FALSE;
  gboolean supported = gsasl_client_support_p (library, name);
  gsasl_done (library);
  return supported;
}

/* What the library asks for. */
static int
answer_library (Gsasl *library, Gsasl_session *session, Gsasl_property property) {
  PbSasl *self = gsasl_session_hook_get (session);
  gboolean named = self->auth == PB_AUTH_EXTERNAL || self->auth == PB_AUTH_GSSAPI;

  switch (property) {
  case GSASL_AUTHID:
    return gsasl_property_set (session, property, self->user);
  case GSASL_AUTHZID:
    return named ? gsasl_property_set (session, property, self->user) : GSASL_NO_AUTHZID;
  case GSASL_PASSWORD:
    return self->secret ? gsasl_property_set (session, property, pb_secret_peek (self->secret))
                        : GSASL_NO_PASSWORD;
  case GSASL_SERVICE:
    return gsasl_property_set (session, property, "pop");
  case GSASL_HOSTNAME:
    return self->host ? gsasl_property_set (session, property, self->host) : GSASL_NO_HOSTNAME;
  default:
    return GSASL_NO_CALLBACK;
  }
}

static gboolean
start_library (PbSasl *self, GError **error) {
  if (gsasl_init (&self->library) != GSASL_OK ||
      gsasl_client_start (self->library, self->mechanism->name, &self->session) != GSASL_OK) {
    g_set_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED, "%s is not there on this system",
                 self->mechanism->name);
    return FALSE;
  }
  gsasl_callback_set (self->library, answer_library);
  gsasl_session_hook_set (self->session, self);
  return TRUE;
}

/* Whether SASLprep lets the password through. Asked before anything is sent. */
static gboolean
check_password (PbSasl *self, GError **error) {
  char *prepared = NULL;

  if (!self->mechanism->is_scram)
    return TRUE;
  if (gsasl_saslprep (pb_secret_peek (self->secret), 0, &prepared, NULL) != GSASL_OK) {
    g_set_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED,
                 "%s cannot be done with a password of such characters", self->mechanism->name);
    return FALSE;
  }
  pb_secret_wipe (prepared);
  gsasl_free (prepared);
  return TRUE;
}

/* A control character would end a field of the line and could begin another. */
static gboolean
check_token (PbSasl *self, GError **error) {
  for (const char *p = self->user; *p; p++) {
    if (g_ascii_iscntrl (*p)) {
      g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "the user name has a control character");
      return FALSE;
    }
  }
  for (const char *p = pb_secret_peek (self->secret); *p; p++) {
    if (!g_ascii_isprint (*p)) {
      g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "the token is not plain text");
      return FALSE;
    }
  }
  return TRUE;
}

PbSasl *
pb_sasl_new (const PbSaslConfig *config, GError **error) {
  g_return_val_if_fail (config != NULL && config->user != NULL, NULL);
  g_return_val_if_fail (pb_sasl_get_name (config->mechanism) != NULL, NULL);
  g_return_val_if_fail (config->secret || !pb_auth_needs_secret (config->mechanism), NULL);

  g_autoptr (PbSasl) self = g_new0 (PbSasl, 1);
  self->auth = config->mechanism;
  self->mechanism = &mechanisms[config->mechanism];
  self->user = g_strdup (config->user);
  self->secret = config->secret ? pb_secret_ref (config->secret) : NULL;
  self->host = g_strdup (config->host);
  self->port = config->port;
  self->encrypted = config->encrypted;
  gboolean fine = self->mechanism->is_token
                    ? check_token (self, error)
                    : check_password (self, error) && start_library (self, error);
  if (!fine)
    return NULL;
  return g_steal_pointer (&self);
}

/* The library frees its copies without wiping them. */
static void
wipe_property (Gsasl_session *session, Gsasl_property property) {
  pb_secret_wipe ((char *) gsasl_property_fast (session, property));
}

void
pb_sasl_free (PbSasl *self) {
  if (!self)
    return;
  if (self->session) {
    wipe_property (self->session, GSASL_PASSWORD);
    wipe_property (self->session, GSASL_SCRAM_SALTED_PASSWORD);
    gsasl_finish (self->session);
  }
  if (self->library)
    gsasl_done (self->library);
  g_clear_pointer (&self->secret, pb_secret_unref);
  g_free (self->user);
  g_free (self->host);
  g_free (self->failure);
  g_free (self);
}

void
pb_sasl_response_free (char *response) {
  pb_secret_wipe (response);
  g_free (response);
}

gboolean
pb_sasl_speaks_first (PbSasl *self) {
  return self->mechanism->speaks_first;
}

gboolean
pb_sasl_is_done (PbSasl *self) {
  return self->done;
}

gboolean
pb_sasl_has_responded (PbSasl *self) {
  return self->responses > 0;
}

gboolean
pb_sasl_has_proven (PbSasl *self) {
  return self->responses > (self->mechanism->is_scram ? 1 : 0);
}

const char *
pb_sasl_get_failure (PbSasl *self) {
  return self->failure;
}

/* Base64 as RFC 4648 has it, and nothing else; what follows the padding could mean anything. */
static GByteArray *
decode (const guint8 *text, gsize length, GError **error) {
  gsize padding = 0, digits;

  while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
    padding++;
  for (digits = 0; digits < length - padding; digits++) {
    if (!g_ascii_isalnum (text[digits]) && text[digits] != '+' && text[digits] != '/')
      break;
  }
  if (length % 4 != 0 || digits != length - padding) {
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL, "a challenge of the server is not base64");
    return NULL;
  }
  if (length == 0)
    return g_byte_array_sized_new (1); /* of some address */
  g_autofree char *copy = g_strndup ((const char *) text, length);
  gsize size = 0;
  guchar *bytes = g_base64_decode (copy, &size);
  return g_byte_array_new_take (bytes, size);
}

/* Tokens */

/* In OAUTHBEARER the user stands between commas. */
static void
append_escaped (GString *to, const char *text) {
  for (const char *p = text; *p; p++) {
    if (*p == ',')
      g_string_append (to, "=2C");
    else if (*p == '=')
      g_string_append (to, "=3D");
    else
      g_string_append_c (to, *p);
  }
}

static char *
token_response (PbSasl *self) {
  const char *token = pb_secret_peek (self->secret);
  /* Never grows, so that nothing of the token is left behind. */
  GString *line = g_string_sized_new (strlen (token) + 3 * strlen (self->user) +
                                      (self->host ? strlen (self->host) : 0) + 64);

  if (self->auth == PB_AUTH_XOAUTH2) {
    g_string_append_printf (line, "user=%s", self->user);
  } else {
    g_string_append (line, "n,a=");
    append_escaped (line, self->user);
    g_string_append_c (line, ',');
    if (self->host)
      g_string_append_printf (line, "\001host=%s", self->host);
    if (self->port)
      g_string_append_printf (line, "\001port=%u", self->port);
  }
  g_string_append (line, "\001auth=Bearer ");
  g_string_append (line, token);
  g_string_append (line, "\001\001");
  char *response = g_base64_encode ((const guchar *) line->str, line->len);
  pb_secret_wipe (line->str);
  g_string_free (line, TRUE);
  return response;
}

/* The second challenge says why there will be a refusal, and waits for a sign that it was read. */
static char *
token_step (PbSasl *self, const GByteArray *challenge) {
  if (self->responses == 0) {
    self->done = TRUE;
    return token_response (self);
  }
  PbPop3Span span = { challenge->data, challenge->len };
  self->done = FALSE;
  g_free (self->failure);
  self->failure = pb_pop3_span_to_printable (&span, FAILURE_MAX);
  return g_strdup (self->auth == PB_AUTH_OAUTHBEARER ? "AQ==" : "");
}

/* The library's */

static void
set_library_error (PbSasl *self, int code, GError **error) {
  const char *name = self->mechanism->name;

  switch (code) {
  case GSASL_AUTHENTICATION_ERROR:
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL,
                 "%s: the server could not prove that it knows the password", name);
    break;
  case GSASL_MECHANISM_PARSE_ERROR:
  case GSASL_MECHANISM_CALLED_TOO_MANY_TIMES:
  case GSASL_BASE64_ERROR:
  case GSASL_INTEGRITY_ERROR:
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL, "%s: a challenge that cannot be read (%s)",
                 name, gsasl_strerror (code));
    break;
  default:
    g_set_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED, "%s: %s", name, gsasl_strerror (code));
  }
}

/* The value of attribute @name in "r=…,s=…,i=4096", NULL for none. */
static char *
scram_attribute (const GByteArray *message, char name) {
  g_autofree char *text = g_strndup ((const char *) message->data, message->len);
  g_auto (GStrv) attributes = g_strsplit (text, ",", -1);

  for (char **attribute = attributes; *attribute; attribute++) {
    if ((*attribute)[0] == name && (*attribute)[1] == '=')
      return g_strdup (*attribute + 2);
  }
  return NULL;
}

/* Few iterations are for one who listens and wants to guess; many are to keep us busy. */
static gboolean
check_iterations (PbSasl *self, const GByteArray *challenge, GError **error) {
  g_autofree char *text = scram_attribute (challenge, 'i');
  guint64 iterations = 0;

  if (!text || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, &iterations, NULL)) {
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL, "%s: no iteration count",
                 self->mechanism->name);
    return FALSE;
  }
  if (iterations > PB_SASL_ITERATIONS_MAX || (iterations < ITERATIONS_MIN && !self->encrypted)) {
    g_set_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED,
                 "%s: the server asks for %" G_GUINT64_FORMAT " iterations", self->mechanism->name,
                 iterations);
    return FALSE;
  }
  return TRUE;
}

/* "e=invalid-proof" (RFC 5802, section 7) instead of the server's signature. */
static gboolean
check_outcome (PbSasl *self, const GByteArray *challenge, GError **error) {
  static const char *const of_the_person[] = { "invalid-proof", "unknown-user",
                                               "invalid-username-encoding", NULL };
  g_autofree char *reason = scram_attribute (challenge, 'e');

  if (!reason)
    return TRUE;
  PbPop3Span span = { (const guint8 *) reason, strlen (reason) };
  g_autofree char *text = pb_pop3_span_to_printable (&span, FAILURE_MAX);
  gboolean wrong = g_strv_contains (of_the_person, reason);
  GError *refusal = g_error_new (PB_ERROR, wrong ? PB_ERROR_SIGN_IN : PB_ERROR_UNSUPPORTED,
                                 "the server refused %s: %s", self->mechanism->name, text);
  pb_error_set_server_text (refusal, text);
  g_propagate_error (error, refusal);
  return FALSE;
}

static gboolean
check_challenge (PbSasl *self, const GByteArray *challenge, GError **error) {
  if (self->mechanism->is_scram && self->responses == 1)
    return check_iterations (self, challenge, error);
  if (self->mechanism->is_scram && self->responses == 2)
    return check_outcome (self, challenge, error);
  if (self->auth == PB_AUTH_CRAM_MD5 && challenge->len == 0) {
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL, "the challenge is empty");
    return FALSE;
  }
  return TRUE;
}

static char *
library_step (PbSasl *self, const GByteArray *challenge, GError **error) {
  char *output = NULL;
  gsize length = 0;

  if (!check_challenge (self, challenge, error))
    return NULL;
  int code = gsasl_step (self->session, challenge->len ? (const char *) challenge->data : NULL,
                         challenge->len, &output, &length);
  if (code != GSASL_OK && code != GSASL_NEEDS_MORE) {
    set_library_error (self, code, error);
    return NULL;
  }
  self->done = code == GSASL_OK;
  char *response = g_base64_encode ((const guchar *) output, length);
  if (output)
    explicit_bzero (output, length);
  gsasl_free (output);
  return response;
}

static gboolean
may_step (PbSasl *self, gsize length, GError **error) {
  gboolean over = self->mechanism->is_token ? self->responses == 2 : self->done;

  if (length > PB_SASL_CHALLENGE_MAX)
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL, "a challenge of the server is too long");
  else if (over || self->challenges++ >= CHALLENGES_MAX)
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL, "the server asks for more than %s has",
                 self->mechanism->name);
  else
    return TRUE;
  return FALSE;
}

char *
pb_sasl_step (PbSasl *self, const guint8 *challenge, gsize length, GError **error) {
  g_return_val_if_fail (challenge != NULL || length == 0, NULL);

  if (!may_step (self, length, error))
    return NULL;
  /* What LOGIN's challenges say was never the same on any two servers. */
  if (self->auth == PB_AUTH_LOGIN)
    length = 0;
  g_autoptr (GByteArray) bytes = decode (challenge, length, error);
  if (!bytes)
    return NULL;
  char *response =
    self->mechanism->is_token ? token_step (self, bytes) : library_step (self, bytes, error);
  if (response && strlen (response) > PB_SASL_RESPONSE_MAX) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "the token is too long to be sent");
    g_clear_pointer (&response, pb_sasl_response_free);
  }
  if (response)
    self->responses++;
  return response;
}
