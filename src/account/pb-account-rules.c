/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What an account must look like to be used, and its policy as people write it. */

#include "pb-account.h"

#include <string.h>

#include "pb-error.h"

#define TEXT_LENGTH_MAX 1024
#define FINGERPRINT_LENGTH 64
#define DAYS_MAX 3650
#define DELETE_AFTER_PREFIX "delete-after="

static gboolean
text_is_usable (const char *text) {
  if (!text)
    return TRUE;
  if (strlen (text) > TEXT_LENGTH_MAX || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
address_is_usable (const char *address) {
  const char *at = strrchr (address, '@');

  return at && at > address && at[1] != '\0';
}

static gboolean
fingerprint_is_usable (const char *fingerprint) {
  return strspn (fingerprint, "0123456789abcdef") == FINGERPRINT_LENGTH &&
         fingerprint[FINGERPRINT_LENGTH] == '\0';
}

static gboolean
auth_is_usable (const char *auth) {
  PbAuth known;

  return !auth || pb_auth_from_string (auth, &known);
}

static const char *
unusable_property (PbAccount *self) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (self);
  const char *fingerprint = pb_account_get_trusted_certificate (self);
  g_autofree char *auth = NULL;
  g_autofree char *oauth = pb_account_dup_oauth (self);
  const struct {
    const char *name;
    const char *text;
  } texts[] = {
    { "name", pb_account_get_name (self) },
    { "address", pb_account_get_address (self) },
    { "label", pb_account_get_label (self) },
    { "user", pb_account_get_user (self) },
    { "ca-file", pb_account_get_ca_file (self) },
    { "client-certificate", pb_account_get_client_certificate (self) },
    { "oauth", oauth },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (!text_is_usable (texts[i].text))
      return texts[i].name;
  }
  if (!address_is_usable (pb_account_get_address (self)))
    return "address";
  if (endpoint ? !*endpoint->host || !text_is_usable (endpoint->host)
               : !pb_account_get_detached (self))
    return "endpoint";
  if (!*pb_account_get_user (self) && !pb_account_get_detached (self))
    return "user";
  if (fingerprint && !fingerprint_is_usable (fingerprint))
    return "trusted-certificate";
  g_object_get (self, "auth", &auth, NULL);
  if (!auth_is_usable (auth))
    return "auth";
  return NULL;
}

gboolean
pb_account_validate (PbAccount *self, GError **error) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);

  const char *property = unusable_property (self);
  if (property)
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "account %s: no usable %s",
                 pb_account_get_id (self), property);
  return property == NULL;
}

PbAccount *
pb_account_copy (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);

  PbAccount *copy = pb_account_new (pb_account_get_id (self));
  pb_account_assign (copy, self);
  return copy;
}

char *
pb_account_dup_on_server_text (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);

  switch (pb_account_get_on_server (self)) {
  case PB_ON_SERVER_DELETE:
    return g_strdup ("delete");
  case PB_ON_SERVER_DELETE_AFTER:
    return g_strdup_printf (DELETE_AFTER_PREFIX "%u", pb_account_get_delete_after_days (self));
  case PB_ON_SERVER_KEEP:
  default:
    return g_strdup ("keep");
  }
}

gboolean
pb_account_set_on_server_text (PbAccount *self, const char *text) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), FALSE);

  guint64 days;
  if (g_strcmp0 (text, "keep") == 0) {
    g_object_set (self, "on-server", PB_ON_SERVER_KEEP, NULL);
    return TRUE;
  }
  if (g_strcmp0 (text, "delete") == 0) {
    g_object_set (self, "on-server", PB_ON_SERVER_DELETE, NULL);
    return TRUE;
  }
  if (!text || !g_str_has_prefix (text, DELETE_AFTER_PREFIX) ||
      !g_ascii_string_to_unsigned (text + strlen (DELETE_AFTER_PREFIX), 10, 1, DAYS_MAX, &days,
                                   NULL))
    return FALSE;
  g_object_set (self, "delete-after-days", (guint) days, "on-server", PB_ON_SERVER_DELETE_AFTER,
                NULL);
  return TRUE;
}

char *
pb_account_dup_oauth (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);

  char *oauth;
  g_object_get (self, "oauth", &oauth, NULL);
  return oauth;
}

char *
pb_account_dup_secret_place (PbAccount *self) {
  g_return_val_if_fail (PB_IS_ACCOUNT (self), NULL);

  const PbEndpoint *endpoint = pb_account_get_endpoint (self);
  g_autofree char *server = endpoint ? pb_endpoint_to_string (endpoint) : g_strdup ("");
  g_autofree char *oauth = pb_account_dup_oauth (self);
  return oauth ? g_strdup_printf ("%s oauth %s", server, oauth) : g_steal_pointer (&server);
}

GType
pb_on_server_get_type (void) {
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    static const GEnumValue values[] = {
      { PB_ON_SERVER_KEEP, "PB_ON_SERVER_KEEP", "keep" },
      { PB_ON_SERVER_DELETE, "PB_ON_SERVER_DELETE", "delete" },
      { PB_ON_SERVER_DELETE_AFTER, "PB_ON_SERVER_DELETE_AFTER", "delete-after" },
      { 0, NULL, NULL },
    };
    g_once_init_leave (&type, g_enum_register_static ("PbOnServer", values));
  }
  return type;
}
