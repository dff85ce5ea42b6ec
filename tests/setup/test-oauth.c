/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in at an authorization server of our own, with a browser that is a few lines of code. */

#include "pb-oauth.h"

#include <libsoup/soup.h>
#include <string.h>

#include "lab-resolver.h"
#include "pb-error.h"
#include "pb-test.h"

#define ACCESS "access-token-1"
#define REFRESH "refresh-token-1"

typedef struct {
  LabResolver *resolver;
  char *ca_file;
  SoupServer *service;
  char *token_url;
  const char *reply;
  guint status;
  char *form;      /* that came for tokens */
  char *challenge; /* that the browser was sent with */
  char *query;     /* that the browser comes back with; "%s" is the state */
  guint visits;
  SoupSession *browser;
} Lab;

static void
token_asked_cb (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer data) {
  Lab *lab = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);

  g_free (lab->form);
  lab->form = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  soup_server_message_set_status (message, lab->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, lab->reply,
                                    strlen (lab->reply));
}

static void
set_up (Lab *lab, gconstpointer unused) {
  g_autoptr (GError) error = NULL;

  lab->ca_file = g_test_build_filename (G_TEST_DIST, "setup", "certificates", "example.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (lab->ca_file, &error);
  g_assert_no_error (error);
  lab->resolver = lab_resolver_new ();
  lab_resolver_add_host (lab->resolver, "login.example.org");
  g_resolver_set_default (G_RESOLVER (lab->resolver));
  lab->service = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (lab->service, "/token", token_asked_cb, lab, NULL);
  soup_server_listen_local (lab->service, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  GSList *uris = soup_server_get_uris (lab->service);
  lab->token_url =
    g_strdup_printf ("https://login.example.org:%d/token", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  lab->status = SOUP_STATUS_OK;
  lab->reply = "{\"access_token\":\"" ACCESS "\",\"refresh_token\":\"" REFRESH
               "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}";
  lab->query = g_strdup ("code=the+code&state=%s");
  lab->browser = soup_session_new ();
}

static void
tear_down (Lab *lab, gconstpointer unused) {
  soup_server_disconnect (lab->service);
  soup_session_abort (lab->browser);
  pb_test_pass_time (150);
  g_object_unref (lab->service);
  g_object_unref (lab->browser);
  g_object_unref (lab->resolver);
  g_free (lab->ca_file);
  g_free (lab->token_url);
  g_free (lab->form);
  g_free (lab->challenge);
  g_free (lab->query);
}

static PbOauthClient
client_of (Lab *lab) {
  return (PbOauthClient){ .auth_url = "https://login.example.org/auth",
                          .token_url = lab->token_url,
                          .scope = "mail",
                          .client_id = "postbag-test",
                          .ca_file = lab->ca_file };
}

static void
page_seen_cb (GObject *source, GAsyncResult *result, gpointer data) {
  Lab *lab = data;
  g_autoptr (GBytes) page = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  lab->visits++;
}

static void
browse (const char *url, gpointer data) {
  Lab *lab = data;
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GHashTable) fields = soup_form_decode (g_uri_get_query (uri));
  const char *state = g_hash_table_lookup (fields, "state");
  g_auto (GStrv) parts = g_strsplit (lab->query, "%s", 2);
  g_autofree char *query = g_strjoinv (state, parts);
  g_autofree char *target =
    g_strconcat (g_hash_table_lookup (fields, "redirect_uri"), "?", query, NULL);

  g_assert_true (g_str_has_prefix (target, "http://127.0.0.1:"));
  g_assert_cmpstr (g_hash_table_lookup (fields, "code_challenge_method"), ==, "S256");
  g_assert_cmpstr (g_hash_table_lookup (fields, "login_hint"), ==, "li@example.org");
  g_free (lab->challenge);
  lab->challenge = g_strdup (g_hash_table_lookup (fields, "code_challenge"));
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, target);
  soup_session_send_and_read_async (lab->browser, message, G_PRIORITY_DEFAULT, NULL, page_seen_cb,
                                    lab);
}

static PbOauthTokens *
sign_in (Lab *lab, GCancellable *cancellable, GError **error) {
  const PbOauthClient client = client_of (lab);
  GAsyncResult *done = NULL;

  pb_oauth_sign_in_async (&client, "li@example.org", "Done.", browse, lab, cancellable,
                          pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_oauth_finish (result, error);
}

/* The service can tell that who asks is who opened the browser. */
static void
assert_verifier (Lab *lab) {
  g_autoptr (GHashTable) fields = soup_form_decode (lab->form);
  const char *verifier = g_hash_table_lookup (fields, "code_verifier");
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_assert_cmpuint (strlen (verifier), ==, 43);
  g_checksum_update (sum, (const guint8 *) verifier, -1);
  g_checksum_get_digest (sum, digest, &length);
  g_autofree char *text = g_base64_encode (digest, length);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  g_assert_cmpstr (text, ==, lab->challenge);
  g_assert_cmpstr (g_hash_table_lookup (fields, "code"), ==, "the code");
  g_assert_cmpstr (g_hash_table_lookup (fields, "client_id"), ==, "postbag-test");
}

static void
test_sign_in (Lab *lab, gconstpointer unused) {
  g_autoptr (GError) error = NULL;
  g_autoptr (PbOauthTokens) tokens = sign_in (lab, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (pb_secret_peek (tokens->access), ==, ACCESS);
  g_assert_cmpstr (pb_secret_peek (tokens->refresh), ==, REFRESH);
  g_assert_cmpint (tokens->expires, >, g_get_real_time () / G_USEC_PER_SEC + 3500);
  assert_verifier (lab);
}

static void
test_refused (Lab *lab, gconstpointer unused) {
  g_autoptr (GError) error = NULL;

  g_free (lab->query);
  lab->query = g_strdup ("error=access_denied&state=%s");
  g_assert_null (sign_in (lab, NULL, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_null (lab->form);
}

static gboolean
cancel_cb (gpointer cancellable) {
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

/* A visitor with another state is not ours; the person gives up. */
static void
test_foreign_state (Lab *lab, gconstpointer unused) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_free (lab->query);
  lab->query = g_strdup ("code=x&state=0%s");
  g_timeout_add (200, cancel_cb, cancellable);
  g_assert_null (sign_in (lab, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (lab->visits, ==, 1);
  g_assert_null (lab->form);
}

static PbOauthTokens *
refresh (Lab *lab, GError **error) {
  const PbOauthClient client = client_of (lab);
  g_autoptr (PbSecret) old = pb_secret_new (REFRESH);
  GAsyncResult *done = NULL;

  pb_oauth_refresh_async (&client, old, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_oauth_finish (result, error);
}

static void
test_refresh (Lab *lab, gconstpointer unused) {
  g_autoptr (GError) error = NULL;

  lab->reply = "{\"access_token\":\"access-token-2\",\"expires_in\":1}";
  g_autoptr (PbOauthTokens) tokens = refresh (lab, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pb_secret_peek (tokens->access), ==, "access-token-2");
  g_assert_null (tokens->refresh);
  g_assert_nonnull (strstr (lab->form, "refresh_token=" REFRESH));
}

static void
test_refresh_refused (Lab *lab, gconstpointer unused) {
  g_autoptr (GError) error = NULL;

  lab->status = SOUP_STATUS_BAD_REQUEST;
  lab->reply = "{\"error\":\"invalid_grant\"}";
  g_assert_null (refresh (lab, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
}

/* No token, and no part of one, goes where nobody vouches for the service. */
static void
test_untrusted (Lab *lab, gconstpointer unused) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) clear = NULL;

  g_clear_pointer (&lab->ca_file, g_free);
  g_assert_null (refresh (lab, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CERTIFICATE);
  g_assert_null (lab->form);
  g_free (lab->token_url);
  lab->token_url = g_strdup ("http://login.example.org/token");
  g_assert_null (refresh (lab, &clear));
  g_assert_error (clear, PB_ERROR, PB_ERROR_INSECURE);
}

static void
test_answers (void) {
  static const struct {
    const char *json;
    int code; /* -1: tokens */
  } cases[] = {
    { "{\"access_token\":\"a\"}", -1 },
    { "{\"access_token\":\"a\",\"expires_in\":\"soon\",\"refresh_token\":7}", -1 },
    { "{\"access_token\":\"\"}", PB_ERROR_PROTOCOL },
    { "{\"access_token\":\"a\\r\\nb\"}", PB_ERROR_PROTOCOL },
    { "{\"access_token\":{}}", PB_ERROR_PROTOCOL },
    { "[]", PB_ERROR_PROTOCOL },
    { "", PB_ERROR_PROTOCOL },
    { "<html>", PB_ERROR_PROTOCOL },
    { "{\"error\":\"invalid_grant\"}", PB_ERROR_SIGN_IN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PbOauthTokens) tokens =
      pb_oauth_tokens_parse (cases[i].json, strlen (cases[i].json), 1000, &error);
    g_test_message ("%s", cases[i].json);
    g_assert_cmpint (tokens != NULL, ==, cases[i].code < 0);
    if (cases[i].code >= 0)
      g_assert_error (error, PB_ERROR, cases[i].code);
  }
}

static void
test_services (void) {
  static const char *const services[] = { "google", "microsoft", "yahoo", "aol", "fastmail" };
  PbOauthClient client = { 0 };
  g_autofree char *one = pb_oauth_make_random ();
  g_autofree char *two = pb_oauth_make_random ();

  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    g_assert_true (pb_oauth_client_set_service (&client, services[i]));
    g_assert_true (g_str_has_prefix (client.token_url, "https://"));
  }
  g_assert_false (pb_oauth_client_set_service (&client, "nobody"));
  g_assert_cmpstr (one, !=, two);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/setup/oauth/" name, Lab, NULL, set_up, function, tear_down)
  ADD ("sign-in", test_sign_in);
  ADD ("refused", test_refused);
  ADD ("foreign-state", test_foreign_state);
  ADD ("refresh", test_refresh);
  ADD ("refresh-refused", test_refresh_refused);
  ADD ("untrusted", test_untrusted);
  g_test_add_func ("/setup/oauth/answers", test_answers);
  g_test_add_func ("/setup/oauth/services", test_services);
  return g_test_run ();
}
