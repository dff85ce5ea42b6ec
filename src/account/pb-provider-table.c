/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The provider table in memory: a list, and hash tables for domains and servers. */

#include "pb-provider-table.h"

#include <string.h>

#include "pb-account-data.h"
#include "pb-error.h"

#define RESOURCE "/app/postbag/Postbag/account/providers.ini"

struct _PbProviderTable {
  GPtrArray *providers; /* of PbProvider */
  GHashTable *domains;  /* char * to PbProvider, both of providers */
  GHashTable *servers;  /* host (owned) to PbProvider */
};

static gboolean
add_domains (PbProviderTable *self, const PbProvider *provider, GError **error) {
  for (guint i = 0; provider->domains[i]; i++) {
    char *domain = provider->domains[i];
    const PbProvider *other = g_hash_table_lookup (self->domains, domain);
    if (other) {
      g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "%s and %s both claim %s", other->id,
                   provider->id, domain);
      return FALSE;
    }
    g_hash_table_insert (self->domains, domain, (gpointer) provider);
  }
  return TRUE;
}

/* The first provider with a server is the general one. */
static void
add_servers (PbProviderTable *self, const PbProvider *provider) {
  g_autoptr (GPtrArray) endpoints = pb_provider_list_endpoints (provider, "%");

  for (guint i = 0; i < endpoints->len; i++) {
    const PbEndpoint *endpoint = endpoints->pdata[i];
    if (!g_hash_table_contains (self->servers, endpoint->host))
      g_hash_table_insert (self->servers, g_strdup (endpoint->host), (gpointer) provider);
  }
}

PbProviderTable *
pb_provider_table_new (const char *text, gssize length, GError **error) {
  g_return_val_if_fail (text != NULL, NULL);

  g_autoptr (PbProviderTable) self = g_new0 (PbProviderTable, 1);
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) failure = NULL;

  self->providers = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_provider_free);
  self->domains = g_hash_table_new (g_str_hash, g_str_equal);
  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!g_key_file_load_from_data (keys, text, length < 0 ? strlen (text) : (gsize) length,
                                  G_KEY_FILE_NONE, &failure)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "no table of providers: %s", failure->message);
    return NULL;
  }
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
  for (guint i = 0; groups[i]; i++) {
    PbProvider *provider = pb_provider_new_from_keys (keys, groups[i], error);
    if (!provider)
      return NULL;
    g_ptr_array_add (self->providers, provider);
    if (!add_domains (self, provider, error))
      return NULL;
    add_servers (self, provider);
  }
  return g_steal_pointer (&self);
}

void
pb_provider_table_free (PbProviderTable *self) {
  if (!self)
    return;
  g_hash_table_unref (self->domains);
  g_hash_table_unref (self->servers);
  g_ptr_array_unref (self->providers);
  g_free (self);
}

const PbProviderTable *
pb_provider_table_get_default (void) {
  static PbProviderTable *table;

  if (g_once_init_enter (&table)) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = g_resource_lookup_data (pb_account_data_get_resource (), RESOURCE,
                                                       G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
    gsize length = 0;
    const char *text = bytes ? g_bytes_get_data (bytes, &length) : NULL;
    PbProviderTable *made = text ? pb_provider_table_new (text, (gssize) length, &error) : NULL;
    /* Part of the program, and proved by a test. */
    if (!made)
      g_error ("the provider table: %s", error->message);
    g_once_init_leave (&table, made);
  }
  return table;
}

guint
pb_provider_table_get_length (const PbProviderTable *self) {
  g_return_val_if_fail (self != NULL, 0);

  return self->providers->len;
}

const PbProvider *
pb_provider_table_get (const PbProviderTable *self, guint index) {
  g_return_val_if_fail (self != NULL && index < self->providers->len, NULL);

  return self->providers->pdata[index];
}

/* What stands behind the last @, in the form in which the table has it. */
static char *
normalise (const char *domain) {
  const char *at = strrchr (domain, '@');
  g_autofree char *ascii = g_hostname_to_ascii (at ? at + 1 : domain);
  char *lower = ascii ? g_ascii_strdown (ascii, -1) : NULL;
  gsize length = lower ? strlen (lower) : 0;

  if (length > 0 && lower[length - 1] == '.')
    lower[length - 1] = '\0';
  return lower;
}

const PbProvider *
pb_provider_table_find_domain (const PbProviderTable *self, const char *domain) {
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  g_autofree char *name = normalise (domain);
  const PbProvider *found = name ? g_hash_table_lookup (self->domains, name) : NULL;
  for (const char *dot = name ? strchr (name, '.') : NULL; dot && !found;
       dot = strchr (dot + 1, '.')) {
    g_autofree char *below = g_strconcat ("*", dot, NULL);
    found = g_hash_table_lookup (self->domains, below);
  }
  return found;
}

/* Endings count in whole labels: "notexample.org" does not end in "example.org". */
static gboolean
ends_in (const char *host, const char *ending) {
  gsize host_length = strlen (host), length = strlen (ending);

  return host_length >= length && strcmp (host + host_length - length, ending) == 0 &&
         (host_length == length || host[host_length - length - 1] == '.');
}

const PbProvider *
pb_provider_table_find_mx (const PbProviderTable *self, const char *host) {
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  g_autofree char *name = normalise (host);
  const PbProvider *found = NULL;
  gsize longest = 0;
  for (guint i = 0; name && i < self->providers->len; i++) {
    const PbProvider *provider = self->providers->pdata[i];
    for (guint j = 0; provider->mx[j]; j++) {
      if (strlen (provider->mx[j]) > longest && ends_in (name, provider->mx[j])) {
        longest = strlen (provider->mx[j]);
        found = provider;
      }
    }
  }
  return found;
}

const PbProvider *
pb_provider_table_find (const PbProviderTable *self, const char *id) {
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->providers->len; i++) {
    const PbProvider *provider = self->providers->pdata[i];
    if (strcmp (provider->id, id) == 0)
      return provider;
  }
  return NULL;
}

const PbProvider *
pb_provider_table_find_server (const PbProviderTable *self, const char *host) {
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  g_autofree char *name = normalise (host);
  return name ? g_hash_table_lookup (self->servers, name) : NULL;
}
