/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Texts apart and together, and one refresh a look-up. */

#include "pb-oauth-source.h"

#include <string.h>

#include "pb-error.h"
#include "pb-oauth.h"

void
pb_oauth_source_free (PbOauthSource *self) {
  if (!self)
    return;
  g_clear_pointer (&self->fields, g_hash_table_unref);
  g_free (self->ca_file);
  g_free (self);
}

static gboolean
is_https (const char *url) {
  return url && g_ascii_strncasecmp (url, "https://", 8) == 0;
}

PbOauthSource *
pb_oauth_source_new (PbAccount *account, GError **error) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  g_autofree char *text = pb_account_dup_oauth (account);
  g_autoptr (PbOauthSource) self = g_new0 (PbOauthSource, 1);
  self->fields = g_uri_parse_params (text ? text : "", -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  if (self->fields) {
    self->ca_file = g_strdup (pb_account_get_ca_file (account));
    self->client.ca_file = self->ca_file;
    self->client.client_id = g_hash_table_lookup (self->fields, "client");
    self->client.auth_url = g_hash_table_lookup (self->fields, "auth");
    self->client.token_url = g_hash_table_lookup (self->fields, "token");
    self->client.scope = g_hash_table_lookup (self->fields, "scope");
    pb_oauth_client_set_service (&self->client, g_hash_table_lookup (self->fields, "service"));
  }
  if (self->client.client_id && self->client.scope && is_https (self->client.auth_url) &&
      is_https (self->client.token_url))
    return g_steal_pointer (&self);
  g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "account %s: no usable oauth",
               pb_account_get_id (account));
  return NULL;
}

static void
add_field (GString *text, const char *name, const char *value) {
  if (!value || !*value)
    return;
  g_string_append_printf (text, "%s%s=", text->len ? "&" : "", name);
  g_string_append_uri_escaped (text, value, NULL, FALSE);
}

char *
pb_oauth_source_make_text (const char *service, const PbOauthClient *client) {
  g_return_val_if_fail (client != NULL, NULL);

  g_autoptr (GString) text = g_string_new (NULL);
  add_field (text, "service", service);
  if (!service || !*service) {
    add_field (text, "auth", client->auth_url);
    add_field (text, "token", client->token_url);
    add_field (text, "scope", client->scope);
  }
  add_field (text, "client", client->client_id);
  return g_strdup (text->str);
}

/* ---- What is kept: two lines at most ---- */

PbSecret *
pb_oauth_source_make_kept (PbSecret *refresh, const char *client_secret) {
  g_return_val_if_fail (refresh != NULL, NULL);

  if (!client_secret || !*client_secret)
    return pb_secret_ref (refresh);
  char *text = g_strconcat (pb_secret_peek (refresh), "\n", client_secret, NULL);
  PbSecret *kept = pb_secret_new (text);
  pb_secret_wipe (text);
  g_free (text);
  return kept;
}

/* ---- Fresh tokens ---- */

typedef struct {
  PbOauthSource *source;
  PbSecret *refresh;
  PbSecret *client_secret; /* NULL for none */
  PbSecret *replacement;   /* NULL: what is kept goes on */
} Exchange;

static void
exchange_free (gpointer data) {
  Exchange *exchange = data;

  g_clear_pointer (&exchange->source, pb_oauth_source_free);
  g_clear_pointer (&exchange->refresh, pb_secret_unref);
  g_clear_pointer (&exchange->client_secret, pb_secret_unref);
  g_clear_pointer (&exchange->replacement, pb_secret_unref);
  g_free (exchange);
}

static void
take_apart (Exchange *exchange, PbSecret *kept) {
  const char *text = pb_secret_peek (kept);
  const char *end = strchr (text, '\n');

  if (!end) {
    exchange->refresh = pb_secret_ref (kept);
    return;
  }
  char *refresh = g_strndup (text, end - text);
  exchange->refresh = pb_secret_new (refresh);
  exchange->client_secret = pb_secret_new (end + 1);
  pb_secret_wipe (refresh);
  g_free (refresh);
}

static void
refreshed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PbOauthTokens) tokens = pb_oauth_finish (result, &error);

  if (!tokens) {
    g_task_return_error (task, error);
    return;
  }
  if (tokens->refresh)
    exchange->replacement = pb_oauth_source_make_kept (
      tokens->refresh, exchange->client_secret ? pb_secret_peek (exchange->client_secret) : NULL);
  g_task_return_pointer (task, pb_secret_ref (tokens->access), (GDestroyNotify) pb_secret_unref);
}

static void
start_exchange (PbAccount *account,
                PbSecret *kept,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, start_exchange);
  g_task_set_task_data (task, exchange, exchange_free);
  exchange->source = pb_oauth_source_new (account, &error);
  if (!exchange->source) {
    g_task_return_error (task, error);
    return;
  }
  take_apart (exchange, kept);
  if (exchange->client_secret)
    exchange->source->client.client_secret = pb_secret_peek (exchange->client_secret);
  pb_oauth_refresh_async (&exchange->source->client, exchange->refresh, cancellable, refreshed,
                          g_steal_pointer (&task));
}

static PbSecret *
finish_exchange (GAsyncResult *result, PbSecret **replacement, GError **error) {
  g_assert (g_async_result_is_tagged (result, start_exchange));
  Exchange *exchange = g_task_get_task_data (G_TASK (result));

  *replacement = g_steal_pointer (&exchange->replacement);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pb_oauth_source_serve (PbSecrets *secrets) {
  static const PbSecretExchange exchange = { start_exchange, finish_exchange };

  pb_secrets_set_exchange (secrets, &exchange);
}
