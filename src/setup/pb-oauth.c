/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The way of one sign-in: address, browser, redirection to us, tokens. What was secret in memory of
 * ours is wiped. */

#include "pb-oauth.h"

#include <libsoup/soup.h>
#include <string.h>

#include "pb-error.h"

#define REPLY_SECONDS 30
#define REPLY_MAX_BYTES (128 * 1024)

typedef struct {
  char *auth_url;
  char *token_url;
  char *scope;
  char *client_id;
  char *client_secret;
  char *redirect_uri;
  char *state;
  char *verifier;
  char *page;
  SoupServer *server; /* while the browser is away */
  SoupSession *session;
  SoupMessage *message;
  char *reply; /* REPLY_MAX_BYTES + 1 */
  gulong cancel_handler;
} Flow;

static void
stop_listening (Flow *flow) {
  if (flow->server)
    soup_server_disconnect (flow->server);
  g_clear_object (&flow->server);
}

static void
flow_free (gpointer data) {
  Flow *flow = data;

  stop_listening (flow);
  g_free (flow->auth_url);
  g_free (flow->token_url);
  g_free (flow->scope);
  g_free (flow->client_id);
  g_free (flow->client_secret);
  g_free (flow->redirect_uri);
  g_free (flow->state);
  pb_secret_wipe (flow->verifier);
  g_free (flow->verifier);
  g_free (flow->page);
  g_clear_object (&flow->message);
  g_clear_object (&flow->session);
  if (flow->reply)
    pb_secret_wipe (flow->reply);
  g_free (flow->reply);
  g_free (flow);
}

static GTask *
flow_new (const PbOauthClient *client,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data) {
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Flow *flow = g_new0 (Flow, 1);
  g_autoptr (GTlsDatabase) database =
    client->ca_file ? g_tls_file_database_new (client->ca_file, NULL) : NULL;

  g_task_set_task_data (task, flow, flow_free);
  flow->auth_url = g_strdup (client->auth_url);
  flow->token_url = g_strdup (client->token_url);
  flow->scope = g_strdup (client->scope);
  flow->client_id = g_strdup (client->client_id);
  flow->client_secret = g_strdup (client->client_secret);
  flow->session =
    soup_session_new_with_options ("timeout", REPLY_SECONDS, "user-agent", "Postbag", NULL);
  if (database)
    soup_session_set_tls_database (flow->session, database);
  return task;
}

/* ---- Tokens ---- */

static void
fail (GTask *task, const GError *cause) {
  int code = PB_ERROR_CONNECT;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_error_copy (cause));
    return;
  }
  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    code = PB_ERROR_CERTIFICATE;
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = PB_ERROR_TIMEOUT;
  g_task_return_new_error (task, PB_ERROR, code, "%s", cause->message);
}

static void
reply_read (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Flow *flow = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error)) {
    fail (task, error);
    return;
  }
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  PbOauthTokens *tokens =
    length <= REPLY_MAX_BYTES ? pb_oauth_tokens_parse (flow->reply, length, now, &error) : NULL;
  if (tokens)
    g_task_return_pointer (task, tokens, (GDestroyNotify) pb_oauth_tokens_free);
  else if (error)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_PROTOCOL, "the answer is too long");
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Flow *flow = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) body = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (!body) {
    fail (task, error);
    return;
  }
  flow->reply = g_malloc0 (REPLY_MAX_BYTES + 2);
  g_input_stream_read_all_async (body, flow->reply, REPLY_MAX_BYTES + 1, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), reply_read, g_object_ref (task));
}

/* A form whose memory is wiped when it was sent. */
static void
free_form (gpointer text) {
  pb_secret_wipe (text);
  g_free (text);
}

static void
add_field (GString *form, const char *name, const char *value) {
  if (!value)
    return;
  g_string_append_printf (form, "%s%s=", form->len ? "&" : "", name);
  g_string_append_uri_escaped (form, value, NULL, FALSE);
}

/* Takes @form. */
static void
ask_for_tokens (GTask *task, GString *form) {
  Flow *flow = g_task_get_task_data (task);

  add_field (form, "client_id", flow->client_id);
  add_field (form, "client_secret", flow->client_secret);
  gsize length = form->len;
  char *text = g_string_free (form, FALSE);
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (text, length, free_form, text);
  flow->message = g_str_has_prefix (flow->token_url, "https://")
                    ? soup_message_new (SOUP_METHOD_POST, flow->token_url)
                    : NULL;
  if (!flow->message) {
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_INSECURE, "tokens only come over HTTPS");
    return;
  }
  soup_message_add_flags (flow->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (flow->message, "application/x-www-form-urlencoded",
                                            bytes);
  soup_session_send_async (flow->session, flow->message, G_PRIORITY_DEFAULT,
                           g_task_get_cancellable (task), answered, g_object_ref (task));
}

/* ---- The browser ---- */

/* Without telling by the time it takes where the first difference is. */
static gboolean
is_state (const char *given, const char *state) {
  guint difference = strlen (given) != strlen (state);

  for (gsize i = 0; given[i] && state[i]; i++)
    difference |= (guint) (given[i] ^ state[i]);
  return difference == 0;
}

static void
show_page (SoupServerMessage *message, const char *page) {
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain; charset=utf-8", SOUP_MEMORY_COPY, page,
                                    strlen (page));
}

static void
take_code (GTask *task, const char *code) {
  Flow *flow = g_task_get_task_data (task);
  GString *form = g_string_new (NULL);

  add_field (form, "grant_type", "authorization_code");
  add_field (form, "code", code);
  add_field (form, "redirect_uri", flow->redirect_uri);
  add_field (form, "code_verifier", flow->verifier);
  ask_for_tokens (task, form);
}

static void
end_waiting (GTask *task) {
  Flow *flow = g_task_get_task_data (task);

  if (flow->cancel_handler)
    g_signal_handler_disconnect (g_task_get_cancellable (task), flow->cancel_handler);
  flow->cancel_handler = 0;
}

static gboolean
stop_listening_cb (gpointer data) {
  stop_listening (g_task_get_task_data (data));
  return G_SOURCE_REMOVE;
}

/* Only a visitor who knows the state comes from the page that was opened. */
static void
visited_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data) {
  GTask *task = data;
  Flow *flow = g_task_get_task_data (task);
  const char *state = query ? g_hash_table_lookup (query, "state") : NULL;
  const char *code = query ? g_hash_table_lookup (query, "code") : NULL;

  if (!flow->state || !state || !is_state (state, flow->state)) {
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
    return;
  }
  g_clear_pointer (&flow->state, g_free);
  show_page (message, flow->page);
  end_waiting (task);
  g_object_ref (task);
  if (code && *code)
    take_code (task, code);
  else
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_SIGN_IN, "the sign-in was refused");
  /* Not from within itself, and after the page is there. */
  g_timeout_add_full (G_PRIORITY_DEFAULT, 100, stop_listening_cb, task, g_object_unref);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data) {
  g_autoptr (GTask) task = g_object_ref (data);
  Flow *flow = g_task_get_task_data (task);

  flow->cancel_handler = 0;
  g_clear_pointer (&flow->state, g_free);
  g_task_return_error_if_cancelled (task);
  g_idle_add_full (G_PRIORITY_DEFAULT, stop_listening_cb, g_steal_pointer (&task), g_object_unref);
}

static gboolean
listen (GTask *task, GError **error) {
  Flow *flow = g_task_get_task_data (task);

  flow->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (flow->server, "/", visited_cb, g_object_ref (task), g_object_unref);
  if (!soup_server_listen_local (flow->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  GSList *uris = soup_server_get_uris (flow->server);
  flow->redirect_uri = g_strdup_printf ("http://127.0.0.1:%d/", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return TRUE;
}

void
pb_oauth_sign_in_async (const PbOauthClient *client,
                        const char *user,
                        const char *page,
                        PbOauthOpenFunc open,
                        gpointer open_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (client != NULL && client->client_id != NULL && page != NULL && open != NULL);

  g_autoptr (GTask) task = flow_new (client, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Flow *flow = g_task_get_task_data (task);

  g_task_set_source_tag (task, pb_oauth_sign_in_async);
  flow->page = g_strdup (page);
  flow->state = pb_oauth_make_random ();
  flow->verifier = pb_oauth_make_random ();
  if (!g_str_has_prefix (flow->auth_url, "https://")) {
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_INSECURE, "the page is not on HTTPS");
    return;
  }
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!listen (task, &error)) {
    stop_listening (flow);
    fail (task, error);
    return;
  }
  if (cancellable)
    flow->cancel_handler =
      g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);
  g_autofree char *url =
    pb_oauth_make_auth_url (client, flow->redirect_uri, flow->state, flow->verifier, user);
  open (url, open_data);
}

void
pb_oauth_refresh_async (const PbOauthClient *client,
                        PbSecret *refresh,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (client != NULL && refresh != NULL);

  g_autoptr (GTask) task = flow_new (client, cancellable, callback, user_data);
  GString *form = g_string_new (NULL);

  g_task_set_source_tag (task, pb_oauth_refresh_async);
  add_field (form, "grant_type", "refresh_token");
  add_field (form, "refresh_token", pb_secret_peek (refresh));
  ask_for_tokens (task, form);
}

PbOauthTokens *
pb_oauth_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
