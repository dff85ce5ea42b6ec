/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From what is kept to mail that is here: an authorization server and a POP3 server of our own,
 * with both mechanisms, with a token for each attempt. */

#include "pb-oauth-source.h"

#include <libsoup/soup.h>
#include <string.h>

#include "lab-resolver.h"
#include "pb-error.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#define CLIENT_SECRET "the client's own"

typedef struct {
  PbSyncFixture *fixture;
  PbSyncService *service;
  PbAccountList *list;
  PbAccount *account;
  PbDemoServer *mail;
  LabResolver *resolver;
  SoupServer *tokens;
  guint given;         /* access tokens so far */
  const char *wanted;  /* the refresh token that is good */
  gboolean renewing;   /* each refresh gives another refresh token */
  char *form;          /* that came last */
  char *sent;          /* what the mail server was sent as credentials, decoded */
  const char *refusal; /* of the mail server, NULL where it lets the right token in */
} Scene;

/* ---- The two servers ---- */

static void
token_asked_cb (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer data) {
  Scene *scene = data;
  g_autoptr (GBytes) bytes =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *reply = NULL;

  g_free (scene->form);
  scene->form = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GHashTable) fields = soup_form_decode (scene->form);
  gboolean good = g_strcmp0 (g_hash_table_lookup (fields, "refresh_token"), scene->wanted) == 0;
  if (good && scene->renewing)
    scene->wanted = "refresh-2";
  reply = good ? g_strdup_printf ("{\"access_token\":\"access-%u\",\"expires_in\":3600%s}",
                                  ++scene->given,
                                  scene->renewing ? ",\"refresh_token\":\"refresh-2\"" : "")
               : g_strdup ("{\"error\":\"invalid_grant\"}");
  soup_server_message_set_status (message, good ? SOUP_STATUS_OK : SOUP_STATUS_BAD_REQUEST, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, reply,
                                    strlen (reply));
}

/* Lets in whoever brings the newest access token. */
static const char *
judge (Scene *scene, const char *base64) {
  g_autofree char *token = g_strdup_printf ("auth=Bearer access-%u\1\1", scene->given);
  gsize length;
  g_autofree guchar *text = g_base64_decode (base64, &length);

  g_free (scene->sent);
  scene->sent = g_strndup ((const char *) text, length);
  if (scene->refusal)
    return scene->refusal;
  return g_str_has_suffix (scene->sent, token) ? "+OK in\r\n" : "-ERR [AUTH] no\r\n";
}

static PbDemoVerdict
mail_hook (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  static const struct {
    const char *command;
    const char *reply;
  } replies[] = {
    { "AUTH ", "+ \r\n" },
    { "STAT", "+OK 1 40\r\n" },
    { "LIST", "+OK\r\n1 40\r\n.\r\n" },
    { "UIDL", "+OK\r\n1 the-one\r\n.\r\n" },
    { "RETR", "+OK\r\nFrom: li@example.org\r\nSubject: Hi\r\n\r\nHi\r\n.\r\n" },
    { "QUIT", "+OK\r\n" },
  };
  const char *answer = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (replies) && !answer; i++) {
    if (g_str_has_prefix (command, replies[i].command))
      answer = replies[i].reply;
  }
  const char *initial = g_str_has_prefix (command, "AUTH ") ? strrchr (command, ' ') + 1 : NULL;
  if (initial && strlen (initial) > strlen ("OAUTHBEARER"))
    answer = judge (data, initial);
  else if (!answer && *command && !strchr (command, ' ') && strlen (command) > 20)
    answer = judge (data, command);
  if (!answer)
    return PB_DEMO_ANSWER;
  *reply = g_bytes_new (answer, strlen (answer));
  return PB_DEMO_REPLY;
}

/* ---- The scene ---- */

static void
start_tokens (Scene *scene, const char *ca_file) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (ca_file, &error);

  g_assert_no_error (error);
  scene->resolver = lab_resolver_new ();
  lab_resolver_add_host (scene->resolver, "login.example.org");
  g_resolver_set_default (G_RESOLVER (scene->resolver));
  scene->tokens = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (scene->tokens, "/token", token_asked_cb, scene, NULL);
  soup_server_listen_local (scene->tokens, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
}

static char *
make_setting (Scene *scene) {
  GSList *uris = soup_server_get_uris (scene->tokens);
  g_autofree char *url =
    g_strdup_printf ("https://login.example.org:%d/token", g_uri_get_port (uris->data));
  const PbOauthClient client = { .auth_url = "https://login.example.org/auth",
                                 .token_url = url,
                                 .scope = "mail offline",
                                 .client_id = "postbag&test" };

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return pb_oauth_source_make_text (NULL, &client);
}

static void
set_up (Scene *scene, gconstpointer mechanism) {
  static const char *const capabilities[] = { "UIDL", "SASL XOAUTH2 OAUTHBEARER", NULL };
  g_autofree char *ca_file =
    g_test_build_filename (G_TEST_DIST, "setup", "certificates", "example.pem", NULL);
  g_autoptr (PbSecret) refresh = pb_secret_new ("refresh-1");
  g_autoptr (PbSecret) kept = pb_oauth_source_make_kept (refresh, CLIENT_SECRET);
  g_autoptr (GError) error = NULL;

  scene->wanted = "refresh-1";
  start_tokens (scene, ca_file);
  scene->fixture = pb_sync_fixture_new ();
  pb_oauth_source_serve (scene->fixture->secrets);
  scene->mail = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_TLS, 0);
  pb_demo_server_set_capabilities (scene->mail, capabilities);
  pb_demo_server_set_hook (scene->mail, mail_hook, scene);
  scene->account =
    pb_sync_fixture_make_account (scene->fixture, "work", scene->mail, PB_DEMO_TLS, "keep");
  g_autofree char *setting = make_setting (scene);
  g_object_set (scene->account, "oauth", setting, "auth", mechanism, "secret-is-token", TRUE,
                "ca-file", ca_file, "timeout", 5, NULL);
  pb_secrets_remember (scene->fixture->secrets, scene->account, kept);
  scene->list = pb_account_list_new (scene->fixture->dir);
  g_assert_true (pb_account_list_add (scene->list, scene->account, &error));
  scene->service =
    pb_sync_service_new (scene->list, scene->fixture->secrets, scene->fixture->store);
}

static void
tear_down (Scene *scene, gconstpointer unused) {
  GAsyncResult *done = NULL;

  pb_sync_service_stop_async (scene->service, pb_test_done, &done);
  g_autoptr (GAsyncResult) stopped = pb_test_wait (&done);
  g_object_unref (scene->service);
  g_object_unref (scene->list);
  g_object_unref (scene->account);
  pb_demo_server_stop (scene->mail);
  g_object_unref (scene->mail);
  soup_server_disconnect (scene->tokens);
  pb_test_pass_time (150);
  g_object_unref (scene->tokens);
  g_clear_object (&stopped);
  pb_sync_fixture_free (scene->fixture);
  g_object_unref (scene->resolver);
  g_free (scene->form);
  g_free (scene->sent);
}

static guint
check (Scene *scene, GError **error) {
  GAsyncResult *done = NULL;
  PbFetchResult fetched = { 0 };

  pb_sync_service_force_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_sync_service_check_finish (scene->service, result, &fetched, error);
  return fetched.stored;
}

/* ---- The cases ---- */

static void
test_fetches (Scene *scene, gconstpointer mechanism) {
  g_autoptr (GError) error = NULL;
  gboolean bearer = g_strcmp0 (mechanism, "oauthbearer") == 0;

  g_assert_cmpuint (check (scene, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpuint (scene->given, ==, 1);
  g_assert_true (g_str_has_prefix (scene->sent, bearer ? "n,a=reader,\1" : "user=reader\1"));
  g_autoptr (GHashTable) fields = soup_form_decode (scene->form);
  g_assert_cmpstr (g_hash_table_lookup (fields, "client_id"), ==, "postbag&test");
  g_assert_cmpstr (g_hash_table_lookup (fields, "client_secret"), ==, CLIENT_SECRET);
  /* The next attempt has a token of its own; mail that is here does not come again. */
  g_assert_cmpuint (check (scene, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (scene->given, ==, 2);
}

/* A refresh token that is only good once is replaced by the one that came with the answer. */
static void
test_renewed (Scene *scene, gconstpointer mechanism) {
  g_autoptr (GError) error = NULL;

  scene->renewing = TRUE;
  check (scene, &error);
  g_assert_no_error (error);
  check (scene, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (scene->form, "refresh_token=refresh-2"));
}

/* One request, nothing to the mail server, and the person is asked. */
static void
test_withdrawn (Scene *scene, gconstpointer mechanism) {
  g_autoptr (GError) error = NULL;

  scene->wanted = "another";
  check (scene, &error);
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_null (scene->sent);
}

/* A token that the mail server does not take is not had again and again. */
static void
test_refused (Scene *scene, gconstpointer mechanism) {
  g_autoptr (GError) error = NULL;

  scene->refusal = "-ERR [AUTH] no\r\n";
  check (scene, &error);
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_cmpuint (scene->given, ==, 1);
}

/* Neither is the refresh token ever sent as a password, nor one that was kept for another place. */
static void
test_places (Scene *scene, gconstpointer mechanism) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) elsewhere = NULL;

  pb_secrets_set_exchange (scene->fixture->secrets, NULL);
  check (scene, &error);
  g_assert_error (error, PB_ERROR, PB_ERROR_NO_SECRET);
  pb_oauth_source_serve (scene->fixture->secrets);
  g_object_set (scene->account, "oauth", "service=google&client=x", NULL);
  check (scene, &elsewhere);
  g_assert_error (elsewhere, PB_ERROR, PB_ERROR_NO_SECRET);
  g_assert_cmpuint (scene->given, ==, 0);
  g_assert_null (scene->sent);
}

static void
test_settings (void) {
  static const struct {
    const char *text;
    gboolean good;
  } cases[] = {
    { "service=google&client=abc", TRUE },
    { "auth=https%3A%2F%2Fa.example%2F&token=https%3A%2F%2Fb.example%2F&scope=s&client=c", TRUE },
    { "auth=https%3A%2F%2Fa.example%2F&token=http%3A%2F%2Fb.example%2F&scope=s&client=c", FALSE },
    { "service=google", FALSE },
    { "service=nobody&client=abc", FALSE },
    { "client=%zz", FALSE },
    { "x", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccount) account = pb_account_new ("work");
    g_autoptr (GError) error = NULL;
    g_object_set (account, "oauth", cases[i].text, NULL);
    g_autoptr (PbOauthSource) source = pb_oauth_source_new (account, &error);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (source != NULL, ==, cases[i].good);
    if (!cases[i].good)
      g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, mechanism, function) \
  g_test_add ("/oauth-session/" name, Scene, mechanism, set_up, function, tear_down)
  ADD ("xoauth2", "xoauth2", test_fetches);
  ADD ("oauthbearer", "oauthbearer", test_fetches);
  ADD ("auto", "auto", test_refused);
  ADD ("renewed", "xoauth2", test_renewed);
  ADD ("withdrawn", "xoauth2", test_withdrawn);
  ADD ("places", "xoauth2", test_places);
  g_test_add_func ("/oauth-session/settings", test_settings);
  return g_test_run ();
}
