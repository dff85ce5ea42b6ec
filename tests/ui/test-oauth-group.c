/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows for signing in with the browser: from an account and back, and once all the way to a
 * service of our own. */

#include "pb-oauth-group.h"

#include <libsoup/soup.h>
#include <string.h>

#include "lab-resolver.h"
#include "pb-oauth-source.h"
#include "pb-test.h"

static void
test_settings (void) {
  static const char *const texts[] = {
    "service=google&client=abc",
    "service=fastmail&client=a%26b",
    "auth=https%3A%2F%2Fa.example%2F&token=https%3A%2F%2Fb.example%2F&scope=s%20t&client=c",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (PbOauthGroup) group = g_object_ref_sink (g_object_new (PB_TYPE_OAUTH_GROUP, NULL));
    g_autoptr (PbAccount) account = pb_account_new ("work");
    g_autoptr (PbAccount) other = pb_account_new ("other");
    g_object_set (account, "oauth", texts[i], NULL);
    pb_oauth_group_load (group, account);
    g_assert_true (pb_oauth_group_is_active (group));
    pb_oauth_group_store (group, other);
    g_autofree char *text = pb_account_dup_oauth (other);
    g_assert_cmpstr (text, ==, texts[i]);
    g_assert_true (pb_account_get_secret_is_token (other));
    /* Back to a password. */
    pb_oauth_group_set_service (group, "");
    pb_oauth_group_store (group, other);
    g_autofree char *none = pb_account_dup_oauth (other);
    g_assert_null (none);
    g_assert_false (pb_account_get_secret_is_token (other));
  }
}

/* A token that somebody has from elsewhere stays one. */
static void
test_no_service (void) {
  g_autoptr (PbOauthGroup) group = g_object_ref_sink (g_object_new (PB_TYPE_OAUTH_GROUP, NULL));
  g_autoptr (PbAccount) account = pb_account_new ("work");

  g_object_set (account, "secret-is-token", TRUE, NULL);
  pb_oauth_group_load (group, account);
  g_assert_false (pb_oauth_group_is_active (group));
  pb_oauth_group_store (group, account);
  g_assert_true (pb_account_get_secret_is_token (account));
}

/* ---- All the way ---- */

static void
token_asked_cb (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer data) {
  static const char reply[] = "{\"access_token\":\"access\",\"refresh_token\":\"refresh\"}";

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, reply,
                                    strlen (reply));
}

static void
page_seen_cb (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GBytes) page = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  g_assert_nonnull (page);
}

/* A person who says yes. */
static void
browse (const char *url, gpointer browser) {
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GHashTable) fields = soup_form_decode (g_uri_get_query (uri));
  g_autofree char *target = g_strdup_printf (
    "%s?code=c&state=%s", (const char *) g_hash_table_lookup (fields, "redirect_uri"),
    (const char *) g_hash_table_lookup (fields, "state"));
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, target);

  g_assert_cmpstr (g_hash_table_lookup (fields, "login_hint"), ==, "li@example.org");
  soup_session_send_and_read_async (browser, message, G_PRIORITY_DEFAULT, NULL, page_seen_cb, NULL);
}

static gboolean
is_signed_in (gpointer group) {
  return pb_oauth_group_get_kept (group) != NULL;
}

static GtkWidget *
find_button (GtkWidget *widget) {
  GtkWidget *found =
    GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child);
  return found;
}

static void
test_sign_in (void) {
  g_autofree char *ca_file =
    g_test_build_filename (G_TEST_DIST, "setup", "certificates", "example.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (ca_file, NULL);
  g_autoptr (LabResolver) resolver = lab_resolver_new ();
  g_autoptr (SoupServer) service = soup_server_new ("tls-certificate", certificate, NULL);
  g_autoptr (SoupSession) browser = soup_session_new ();
  g_autoptr (PbOauthGroup) group = g_object_ref_sink (g_object_new (PB_TYPE_OAUTH_GROUP, NULL));
  g_autoptr (PbAccount) account = pb_account_new ("work");

  lab_resolver_add_host (resolver, "login.example.org");
  g_resolver_set_default (G_RESOLVER (resolver));
  soup_server_add_handler (service, "/token", token_asked_cb, NULL, NULL);
  g_assert_true (soup_server_listen_local (
    service, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  GSList *uris = soup_server_get_uris (service);
  g_autofree char *url =
    g_strdup_printf ("https://login.example.org:%d/token", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  const PbOauthClient client = { .auth_url = "https://login.example.org/auth",
                                 .token_url = url,
                                 .scope = "mail",
                                 .client_id = "test" };
  g_autofree char *text = pb_oauth_source_make_text (NULL, &client);

  g_object_set (account, "oauth", text, "ca-file", ca_file, "user", "li@example.org", NULL);
  pb_oauth_group_load (group, account);
  pb_oauth_group_set_browser (group, browse, browser);
  g_signal_emit_by_name (find_button (GTK_WIDGET (group)), "clicked");
  pb_test_until (is_signed_in, group);
  g_assert_cmpstr (pb_secret_peek (pb_oauth_group_get_kept (group)), ==, "refresh");
  g_assert_cmpstr (pb_secret_peek (pb_oauth_group_get_access (group)), ==, "access");
  /* For another service that is nothing. */
  pb_oauth_group_set_service (group, "google");
  g_assert_null (pb_oauth_group_get_kept (group));
  g_assert_null (pb_oauth_group_get_access (group));
  soup_server_disconnect (service);
  pb_test_pass_time (150);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/oauth-group/settings", test_settings);
  g_test_add_func ("/oauth-group/no-service", test_no_service);
  g_test_add_func ("/oauth-group/sign-in", test_sign_in);
  return g_test_run ();
}
