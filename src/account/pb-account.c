/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The properties of one account and the rules that they obey. Where accounts are kept, and where
 * their passwords are, is not known here. */

#include "pb-account.h"

#include <string.h>

#include "pb-error.h"

#define ID_LENGTH_MAX 64
#define DAYS_MAX 3650
#define DAYS_USUAL 14
#define TIMEOUT_MAX 3600

enum {
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_ADDRESS,
  PROP_LABEL,
  PROP_ENDPOINT,
  PROP_USER,
  PROP_ON_SERVER,
  PROP_DELETE_AFTER_DAYS,
  PROP_ALLOW_CLEAR_SECRET,
  PROP_TRUSTED_CERTIFICATE,
  PROP_CA_FILE,
  PROP_TIMEOUT,
  PROP_ENABLED,
  PROP_AUTH,
  PROP_CLIENT_CERTIFICATE,
  PROP_HEADERS_ONLY,
  PROP_DELETE_WITH_LOCAL,
  PROP_MAX_SIZE,
  PROP_KEEP_MESSAGES,
  PROP_KEEP_BYTES,
  PROP_DETACHED,
  PROP_SECRET_IS_TOKEN,
  PROP_OAUTH,
  LAST_PROP
};

struct _PbAccount {
  GObject parent_instance;

  char *id;
  char *name;
  char *address;
  char *label;
  PbEndpoint *endpoint;
  char *user;
  PbOnServer on_server;
  guint delete_after_days;
  gboolean allow_clear_secret;
  char *trusted_certificate;
  char *ca_file;
  guint timeout;
  gboolean enabled;
  char *auth; /* NULL for "auto" */
  gboolean secret_is_token;
  char *client_certificate;
  char *oauth;
  gboolean headers_only;
  gboolean delete_with_local;
  guint64 max_size;
  guint64 keep_messages;
  guint64 keep_bytes;
  gboolean detached;
};

G_DEFINE_FINAL_TYPE (PbAccount, pb_account, G_TYPE_OBJECT)

static GParamSpec *properties[LAST_PROP];

/* Takes over @value. */
static void
set_text (PbAccount *self, char **field, char *value, guint property) {
  if (g_strcmp0 (*field, value) == 0) {
    g_free (value);
    return;
  }
  g_free (*field);
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static char *
dup_or_empty (const GValue *value) {
  const char *text = g_value_get_string (value);
  return g_strdup (text ? text : "");
}

static char *
dup_or_null (const GValue *value) {
  const char *text = g_value_get_string (value);
  return text && *text ? g_strdup (text) : NULL;
}

/* Fingerprints are shown and pasted in many ways ("AB:CD …"); they are kept in one. */
static char *
dup_fingerprint (const GValue *value) {
  g_autofree char *text = dup_or_null (value);
  GString *out = g_string_new (NULL);

  for (const char *p = text; p && *p; p++) {
    if (*p != ':' && *p != ' ')
      g_string_append_c (out, g_ascii_tolower (*p));
  }
  return g_string_free (out, out->len == 0);
}

/* A label that only repeats what stands in for it is none, so that it follows when the address
 * changes. */
static void
set_label (PbAccount *self, const char *label) {
  g_autofree char *before = g_strdup (pb_account_get_label (self));
  gboolean repeats = !label || strcmp (label, self->address) == 0 || strcmp (label, self->id) == 0;

  g_free (self->label);
  self->label = g_strdup (repeats ? "" : label);
  if (strcmp (before, pb_account_get_label (self)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

static void
set_address (PbAccount *self, char *address) {
  gboolean follows = !*self->label && strcmp (self->address, address) != 0;

  set_text (self, &self->address, address, PROP_ADDRESS);
  if (follows)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

static void
set_number (PbAccount *self, guint *field, guint value, guint property) {
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_boolean (PbAccount *self, gboolean *field, gboolean value, guint property) {
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_endpoint (PbAccount *self, const PbEndpoint *endpoint) {
  if (pb_endpoint_equal (self->endpoint, endpoint))
    return;
  gboolean moved = self->endpoint && (!endpoint || self->endpoint->port != endpoint->port ||
                                      strcmp (self->endpoint->host, endpoint->host) != 0);
  pb_endpoint_free (self->endpoint);
  self->endpoint = pb_endpoint_copy (endpoint);
  if (moved)
    set_text (self, &self->trusted_certificate, NULL, PROP_TRUSTED_CERTIFICATE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENDPOINT]);
}

static void
set_on_server (PbAccount *self, PbOnServer on_server) {
  if (self->on_server == on_server)
    return;
  self->on_server = on_server;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ON_SERVER]);
}

/* A name that is not known, perhaps of a later version, is kept. */
static char *
dup_auth (const GValue *value) {
  g_autofree char *text = dup_or_null (value);

  return g_strcmp0 (text, pb_auth_to_string (PB_AUTH_AUTO)) == 0 ? NULL : g_steal_pointer (&text);
}

/* What is on or off, and what limits what is fetched and what stays on the server. */
static gboolean *
find_switch (PbAccount *self, guint id) {
  return id == PROP_ENABLED              ? &self->enabled
         : id == PROP_ALLOW_CLEAR_SECRET ? &self->allow_clear_secret
         : id == PROP_DETACHED           ? &self->detached
         : id == PROP_HEADERS_ONLY       ? &self->headers_only
         : id == PROP_DELETE_WITH_LOCAL  ? &self->delete_with_local
         : id == PROP_SECRET_IS_TOKEN    ? &self->secret_is_token
                                         : NULL;
}

/* Texts that are NULL where there is nothing to say. */
static char **
find_text (PbAccount *self, guint id) {
  return id == PROP_CA_FILE              ? &self->ca_file
         : id == PROP_CLIENT_CERTIFICATE ? &self->client_certificate
         : id == PROP_OAUTH              ? &self->oauth
                                         : NULL;
}

static guint64 *
find_limit (PbAccount *self, guint id) {
  return id == PROP_MAX_SIZE        ? &self->max_size
         : id == PROP_KEEP_MESSAGES ? &self->keep_messages
         : id == PROP_KEEP_BYTES    ? &self->keep_bytes
                                    : NULL;
}

static void
set_limit (PbAccount *self, guint64 value, guint property) {
  guint64 *field = find_limit (self, property);

  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
pb_account_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  PbAccount *self = PB_ACCOUNT (object);

  switch (id) {
  case PROP_ID:
    self->id = g_value_dup_string (value);
    break;
  case PROP_NAME:
    set_text (self, &self->name, dup_or_empty (value), id);
    break;
  case PROP_ADDRESS:
    set_address (self, dup_or_empty (value));
    break;
  case PROP_LABEL:
    set_label (self, g_value_get_string (value));
    break;
  case PROP_ENDPOINT:
    set_endpoint (self, g_value_get_boxed (value));
    break;
  case PROP_USER:
    set_text (self, &self->user, dup_or_empty (value), id);
    break;
  case PROP_ON_SERVER:
    set_on_server (self, (PbOnServer) g_value_get_enum (value));
    break;
  case PROP_DELETE_AFTER_DAYS:
    set_number (self, &self->delete_after_days, g_value_get_uint (value), id);
    break;
  case PROP_TRUSTED_CERTIFICATE:
    set_text (self, &self->trusted_certificate, dup_fingerprint (value), id);
    break;
  case PROP_TIMEOUT:
    set_number (self, &self->timeout, g_value_get_uint (value), id);
    break;
  case PROP_AUTH:
    set_text (self, &self->auth, dup_auth (value), id);
    break;
  case PROP_CA_FILE:
  case PROP_CLIENT_CERTIFICATE:
  case PROP_OAUTH:
    set_text (self, find_text (self, id), dup_or_null (value), id);
    break;
  case PROP_ENABLED:
  case PROP_ALLOW_CLEAR_SECRET:
  case PROP_DETACHED:
  case PROP_HEADERS_ONLY:
  case PROP_DELETE_WITH_LOCAL:
  case PROP_SECRET_IS_TOKEN:
    set_boolean (self, find_switch (self, id), g_value_get_boolean (value), id);
    break;
  case PROP_MAX_SIZE:
  case PROP_KEEP_MESSAGES:
  case PROP_KEEP_BYTES:
    set_limit (self, g_value_get_uint64 (value), id);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbAccount *self = PB_ACCOUNT (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_ADDRESS:
    g_value_set_string (value, self->address);
    break;
  case PROP_LABEL:
    g_value_set_string (value, pb_account_get_label (self));
    break;
  case PROP_ENDPOINT:
    g_value_set_boxed (value, self->endpoint);
    break;
  case PROP_USER:
    g_value_set_string (value, self->user);
    break;
  case PROP_ON_SERVER:
    g_value_set_enum (value, self->on_server);
    break;
  case PROP_DELETE_AFTER_DAYS:
    g_value_set_uint (value, self->delete_after_days);
    break;
  case PROP_TRUSTED_CERTIFICATE:
    g_value_set_string (value, self->trusted_certificate);
    break;
  case PROP_TIMEOUT:
    g_value_set_uint (value, self->timeout);
    break;
  case PROP_AUTH:
    g_value_set_string (value, self->auth ? self->auth : pb_auth_to_string (PB_AUTH_AUTO));
    break;
  case PROP_CA_FILE:
  case PROP_CLIENT_CERTIFICATE:
  case PROP_OAUTH:
    g_value_set_string (value, *find_text (self, id));
    break;
  case PROP_ENABLED:
  case PROP_ALLOW_CLEAR_SECRET:
  case PROP_DETACHED:
  case PROP_HEADERS_ONLY:
  case PROP_DELETE_WITH_LOCAL:
  case PROP_SECRET_IS_TOKEN:
    g_value_set_boolean (value, *find_switch (self, id));
    break;
  case PROP_MAX_SIZE:
  case PROP_KEEP_MESSAGES:
  case PROP_KEEP_BYTES:
    g_value_set_uint64 (value, *find_limit (self, id));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_account_finalize (GObject *object) {
  PbAccount *self = PB_ACCOUNT (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->address);
  g_free (self->label);
  pb_endpoint_free (self->endpoint);
  g_free (self->user);
  g_free (self->trusted_certificate);
  g_free (self->ca_file);
  g_free (self->auth);
  g_free (self->client_certificate);
  g_free (self->oauth);
  G_OBJECT_CLASS (pb_account_parent_class)->finalize (object);
}

static void
pb_account_class_init (PbAccountClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = pb_account_set_property;
  object_class->get_property = pb_account_get_property;
  object_class->finalize = pb_account_finalize;

  properties[PROP_ID] = g_param_spec_string (
    "id", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, "", flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  properties[PROP_ENDPOINT] = g_param_spec_boxed ("endpoint", NULL, NULL, PB_TYPE_ENDPOINT, flags);
  properties[PROP_USER] = g_param_spec_string ("user", NULL, NULL, "", flags);
  properties[PROP_ON_SERVER] =
    g_param_spec_enum ("on-server", NULL, NULL, PB_TYPE_ON_SERVER, PB_ON_SERVER_KEEP, flags);
  properties[PROP_DELETE_AFTER_DAYS] =
    g_param_spec_uint ("delete-after-days", NULL, NULL, 1, DAYS_MAX, DAYS_USUAL, flags);
  properties[PROP_ALLOW_CLEAR_SECRET] =
    g_param_spec_boolean ("allow-clear-secret", NULL, NULL, FALSE, flags);
  properties[PROP_TRUSTED_CERTIFICATE] =
    g_param_spec_string ("trusted-certificate", NULL, NULL, NULL, flags);
  properties[PROP_CA_FILE] = g_param_spec_string ("ca-file", NULL, NULL, NULL, flags);
  properties[PROP_TIMEOUT] = g_param_spec_uint ("timeout", NULL, NULL, 0, TIMEOUT_MAX, 0, flags);
  properties[PROP_ENABLED] = g_param_spec_boolean ("enabled", NULL, NULL, TRUE, flags);
  properties[PROP_AUTH] = g_param_spec_string ("auth", NULL, NULL, "auto", flags);
  properties[PROP_CLIENT_CERTIFICATE] =
    g_param_spec_string ("client-certificate", NULL, NULL, NULL, flags);
  properties[PROP_HEADERS_ONLY] = g_param_spec_boolean ("headers-only", NULL, NULL, FALSE, flags);
  properties[PROP_DELETE_WITH_LOCAL] =
    g_param_spec_boolean ("delete-with-local", NULL, NULL, FALSE, flags);
  properties[PROP_MAX_SIZE] =
    g_param_spec_uint64 ("max-size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_KEEP_MESSAGES] =
    g_param_spec_uint64 ("keep-messages", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_KEEP_BYTES] =
    g_param_spec_uint64 ("keep-bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_DETACHED] = g_param_spec_boolean ("detached", NULL, NULL, FALSE, flags);
  properties[PROP_SECRET_IS_TOKEN] =
    g_param_spec_boolean ("secret-is-token", NULL, NULL, FALSE, flags);
  properties[PROP_OAUTH] = g_param_spec_string ("oauth", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, LAST_PROP, properties);
}

static void
pb_account_init (PbAccount *self) {
  self->name = g_strdup ("");
  self->address = g_strdup ("");
  self->label = g_strdup ("");
  self->user = g_strdup ("");
  self->delete_after_days = DAYS_USUAL;
  self->enabled = TRUE;
}

PbAccount *
pb_account_new (const char *id) {
  g_return_val_if_fail (pb_account_id_is_valid (id), NULL);

  return g_object_new (PB_TYPE_ACCOUNT, "id", id, NULL);
}

gboolean
pb_account_id_is_valid (const char *id) {
  gsize length = id ? strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;

  return length > 0 && length <= ID_LENGTH_MAX && id[length] == '\0';
}

const char *
pb_account_get_id (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->id;
}

const char *
pb_account_get_name (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->name;
}

const char *
pb_account_get_address (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->address;
}

const char *
pb_account_get_label (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return *self->label ? self->label : *self->address ? self->address : self->id;
}

const PbEndpoint *
pb_account_get_endpoint (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->endpoint;
}

const char *
pb_account_get_user (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->user;
}

PbOnServer
pb_account_get_on_server (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), PB_ON_SERVER_KEEP);
  return self->on_server;
}

guint
pb_account_get_delete_after_days (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), DAYS_USUAL);
  return self->delete_after_days;
}

gboolean
pb_account_get_allow_clear_secret (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);
  return self->allow_clear_secret;
}

const char *
pb_account_get_trusted_certificate (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->trusted_certificate;
}

const char *
pb_account_get_ca_file (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->ca_file;
}

guint
pb_account_get_timeout (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), 0);
  return self->timeout;
}

gboolean
pb_account_get_enabled (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);
  return self->enabled && !self->detached;
}

gboolean
pb_account_get_detached (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);
  return self->detached;
}

void
pb_account_detach (PbAccount *self) {
  g_return_if_fail (PB_IS_ACCOUNT (self));

  g_autoptr (PbAccount) blank = pb_account_new (self->id);
  g_object_set (blank, "name", self->name, "address", self->address, "label", self->label,
                "detached", TRUE, "enabled", FALSE, NULL);
  pb_account_assign (self, blank);
}

PbAuth
pb_account_get_auth (PbAccount *self) {
  PbAuth auth = PB_AUTH_AUTO;

  g_return_val_if_fail (PB_IS_ACCOUNT (self), PB_AUTH_AUTO);
  pb_auth_from_string (self->auth, &auth);
  return auth;
}

gboolean
pb_account_get_secret_is_token (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);
  return self->secret_is_token;
}

const char *
pb_account_get_client_certificate (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);
  return self->client_certificate;
}

gboolean
pb_account_get_headers_only (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);
  return self->headers_only;
}

gboolean
pb_account_get_delete_with_local (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);
  return self->delete_with_local;
}

guint64
pb_account_get_max_size (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), 0);
  return self->max_size;
}

guint
pb_account_get_keep_messages (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), 0);
  return (guint) MIN (self->keep_messages, G_MAXUINT);
}

guint64
pb_account_get_keep_bytes (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), 0);
  return self->keep_bytes;
}

void
pb_account_assign (PbAccount *self, PbAccount *other) {
  g_return_if_fail (PB_IS_ACCOUNT (self));
  g_return_if_fail (PB_IS_ACCOUNT (other));

  g_object_set (self, "name", other->name, "address", other->address, "label", other->label,
                "endpoint", other->endpoint, "user", other->user, "on-server", other->on_server,
                "delete-after-days", other->delete_after_days, "allow-clear-secret",
                other->allow_clear_secret, "trusted-certificate", other->trusted_certificate,
                "ca-file", other->ca_file, "timeout", other->timeout, "enabled", other->enabled,
                "auth", other->auth, "secret-is-token", other->secret_is_token,
                "client-certificate", other->client_certificate, "headers-only",
                other->headers_only, "delete-with-local", other->delete_with_local, "max-size",
                other->max_size, "keep-messages", other->keep_messages, "keep-bytes",
                other->keep_bytes, "detached", other->detached, "oauth", other->oauth, NULL);
}
