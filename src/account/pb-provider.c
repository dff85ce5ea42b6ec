/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One group of the provider table as a value. Every key is checked, so that a slip in the table is
 * found by its test and not by a person. */

#include "pb-provider.h"

#include <string.h>

#include "pb-error.h"

#define DOMAIN_MARK "%DOMAIN%"
#define CHECK_MINUTES_MAX (24 * 60)

static const char *const pop_names[] = {
  [PB_POP_UNKNOWN] = "unknown", [PB_POP_ON] = "on",         [PB_POP_SWITCH_ON] = "switch-on",
  [PB_POP_ADMIN] = "admin",     [PB_POP_NONE] = "none",     [PB_POP_BRIDGE] = "bridge",
  [PB_POP_CLOSED] = "closed",   [PB_POP_CLOSED + 1] = NULL,
};

static const char *const secret_names[] = {
  [PB_SECRET_PASSWORD] = "password",
  [PB_SECRET_CODE] = "code",
  [PB_SECRET_MAYBE_CODE] = "maybe-code",
  [PB_SECRET_APP_PASSWORD] = "app-password",
  [PB_SECRET_APP_PASSWORD_2FA] = "app-password-2fa",
  [PB_SECRET_OAUTH] = "oauth",
  [PB_SECRET_NONE] = "none",
  [PB_SECRET_NONE + 1] = NULL,
};

static const char *const user_names[] = {
  [PB_USER_ADDRESS] = "address",
  [PB_USER_LOCAL_PART] = "local-part",
  [PB_USER_LOCAL_DOT_DOMAIN] = "local-dot-domain",
  [PB_USER_OTHER] = "other",
  [PB_USER_OTHER + 1] = NULL,
};

static const char *const sure_names[] = {
  [PB_SURE_BACKGROUND] = "background",
  [PB_SURE_ONE] = "one",
  [PB_SURE_TWO] = "two",
  [PB_SURE_TWO + 1] = NULL,
};

static const char *const known_keys[] = {
  "name", "domains", "mx",    "servers",     "pop",           "pop-path", "url",  "secret-url",
  "user", "secret",  "oauth", "secret-name", "check-minutes", "quirks",   "sure", NULL,
};

static gboolean
fail (GError **error, const char *group, const char *key) {
  g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "provider %s: no usable %s", group, key);
  return FALSE;
}

static char *
read_text (GKeyFile *keys, const char *group, const char *key) {
  char *text = g_key_file_get_string (keys, group, key, NULL);

  return text ? text : g_strdup ("");
}

static GStrv
read_list (GKeyFile *keys, const char *group, const char *key) {
  GStrv list = g_key_file_get_string_list (keys, group, key, NULL, NULL);

  return list ? list : g_new0 (char *, 1);
}

/* Leaves *@choice where the key is missing. */
static gboolean
read_choice (GKeyFile *keys,
             const char *group,
             const char *key,
             const char *const *names,
             guint *choice,
             GError **error) {
  g_autofree char *text = g_key_file_get_string (keys, group, key, NULL);

  if (!text)
    return TRUE;
  for (guint i = 0; names[i]; i++) {
    if (strcmp (text, names[i]) == 0) {
      *choice = i;
      return TRUE;
    }
  }
  return fail (error, group, key);
}

static gboolean
read_choices (PbProvider *self, GKeyFile *keys, GError **error) {
  guint pop = PB_POP_UNKNOWN, secret = PB_SECRET_PASSWORD, user = PB_USER_ADDRESS;

  if (!read_choice (keys, self->id, "pop", pop_names, &pop, error) ||
      !read_choice (keys, self->id, "secret", secret_names, &secret, error) ||
      !read_choice (keys, self->id, "user", user_names, &user, error))
    return FALSE;
  self->pop = (PbPop) pop;
  self->secret = (PbSecretKind) secret;
  self->user = (PbUserForm) user;
  return TRUE;
}

static gboolean
read_sure (PbProvider *self, GKeyFile *keys, GError **error) {
  g_auto (GStrv) sure = read_list (keys, self->id, "sure");
  PbSure *const into[] = { &self->sure_servers, &self->sure_secret };

  if (g_strv_length (sure) != G_N_ELEMENTS (into))
    return fail (error, self->id, "sure");
  for (guint i = 0; i < G_N_ELEMENTS (into); i++) {
    guint choice = 0;
    while (sure_names[choice] && strcmp (sure_names[choice], sure[i]) != 0)
      choice++;
    if (!sure_names[choice])
      return fail (error, self->id, "sure");
    *into[i] = (PbSure) choice;
  }
  return TRUE;
}

static gboolean
keys_are_known (GKeyFile *keys, const char *group, GError **error) {
  g_auto (GStrv) there = g_key_file_get_keys (keys, group, NULL, NULL);

  for (guint i = 0; there && there[i]; i++) {
    if (!g_strv_contains (known_keys, there[i]))
      return fail (error, group, there[i]);
  }
  return TRUE;
}

/* "host:port" or "host:port:starttls"; nothing in the clear. */
static PbEndpoint *
parse_server (const char *text) {
  g_autofree char *address = g_strdup (text);
  PbSecurity security = PB_SECURITY_TLS;

  if (g_str_has_suffix (address, ":starttls")) {
    address[strlen (address) - strlen (":starttls")] = '\0';
    security = PB_SECURITY_STARTTLS;
  }
  return strchr (address, ':') ? pb_endpoint_parse (address, security, NULL) : NULL;
}

GPtrArray *
pb_provider_list_endpoints (const PbProvider *self, const char *domain) {
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  GPtrArray *endpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_endpoint_free);
  for (guint i = 0; self->servers[i]; i++) {
    g_autoptr (GString) text = g_string_new (self->servers[i]);
    g_string_replace (text, DOMAIN_MARK, domain, 0);
    PbEndpoint *endpoint = parse_server (text->str);
    if (endpoint)
      g_ptr_array_add (endpoints, endpoint);
  }
  return endpoints;
}

static gboolean
is_consistent (const PbProvider *self, GError **error) {
  g_autoptr (GPtrArray) endpoints = pb_provider_list_endpoints (self, "example.org");
  gboolean has_pop = pb_provider_has_pop (self);

  if (!*self->name)
    return fail (error, self->id, "name");
  if (endpoints->len != g_strv_length (self->servers) || has_pop != (endpoints->len > 0))
    return fail (error, self->id, "servers");
  if (has_pop != (self->secret != PB_SECRET_NONE))
    return fail (error, self->id, "secret");
  if (!*self->domains && !*self->mx)
    return fail (error, self->id, "domains");
  return TRUE;
}

PbProvider *
pb_provider_new_from_keys (GKeyFile *keys, const char *group, GError **error) {
  g_return_val_if_fail (keys != NULL, NULL);
  g_return_val_if_fail (group != NULL, NULL);

  g_autoptr (PbProvider) self = g_new0 (PbProvider, 1);
  self->id = g_strdup (group);
  self->name = read_text (keys, group, "name");
  self->domains = read_list (keys, group, "domains");
  self->mx = read_list (keys, group, "mx");
  self->servers = read_list (keys, group, "servers");
  self->pop_path = read_text (keys, group, "pop-path");
  self->url = read_text (keys, group, "url");
  self->secret_url = read_text (keys, group, "secret-url");
  self->secret_name = read_text (keys, group, "secret-name");
  self->oauth = read_text (keys, group, "oauth");
  self->quirks = read_list (keys, group, "quirks");
  self->check_minutes = (guint) CLAMP (g_key_file_get_integer (keys, group, "check-minutes", NULL),
                                       0, CHECK_MINUTES_MAX);
  if (!*self->secret_url) {
    g_free (self->secret_url);
    self->secret_url = g_strdup (self->url);
  }
  if (!keys_are_known (keys, group, error) || !read_choices (self, keys, error) ||
      !read_sure (self, keys, error) || !is_consistent (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
pb_provider_free (PbProvider *self) {
  if (!self)
    return;
  g_free (self->id);
  g_free (self->name);
  g_strfreev (self->domains);
  g_strfreev (self->mx);
  g_strfreev (self->servers);
  g_free (self->pop_path);
  g_free (self->url);
  g_free (self->secret_url);
  g_free (self->secret_name);
  g_free (self->oauth);
  g_strfreev (self->quirks);
  g_free (self);
}

gboolean
pb_provider_has_pop (const PbProvider *self) {
  g_return_val_if_fail (self != NULL, FALSE);

  return self->pop != PB_POP_NONE && self->pop != PB_POP_BRIDGE && self->pop != PB_POP_CLOSED;
}

gboolean
pb_provider_needs_browser (const PbProvider *self) {
  return self && pb_provider_has_pop (self) && self->secret == PB_SECRET_OAUTH;
}

gboolean
pb_provider_has_quirk (const PbProvider *self, const char *quirk) {
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strv_contains ((const char *const *) self->quirks, quirk);
}

char *
pb_user_form_apply (PbUserForm form, const char *address) {
  g_return_val_if_fail (address != NULL, NULL);

  const char *at = strrchr (address, '@');
  switch (form) {
  case PB_USER_LOCAL_PART:
    return at ? g_strndup (address, (gsize) (at - address)) : g_strdup (address);
  case PB_USER_LOCAL_DOT_DOMAIN:
    return at ? g_strdup_printf ("%.*s.%s", (int) (at - address), address, at + 1)
              : g_strdup (address);
  case PB_USER_OTHER:
    return NULL;
  case PB_USER_ADDRESS:
  default:
    return g_strdup (address);
  }
}

char *
pb_provider_make_user (const PbProvider *self, const char *address) {
  g_return_val_if_fail (self != NULL, NULL);

  return pb_user_form_apply (self->user, address);
}
