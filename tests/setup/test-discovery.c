/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The whole search with a resolver, a web server and mail servers of our own: what is asked, in
 * which order, and that nothing of the person is in it. */

#include "pb-discovery.h"

#include <libsoup/soup.h>
#include <string.h>

#include "lab-resolver.h"
#include "pb-demo-server.h"
#include "pb-test.h"

#define ADDRESS "li.na@example.org"
#define DOMAIN "example.org"
#define CONFIG_PATH "/mail/config-v1.1.xml"
#define CONFIG                                                          \
  "<?xml version=\"1.0\"?><clientConfig version=\"1.1\">"               \
  "<emailProvider id=\"example.org\">"                                  \
  "<incomingServer type=\"imap\"><hostname>imap.example.org</hostname>" \
  "<port>993</port><socketType>SSL</socketType></incomingServer>"       \
  "<incomingServer type=\"pop3\"><hostname>in.example.org</hostname>"   \
  "<port>995</port><socketType>SSL</socketType>"                        \
  "<username>%EMAILLOCALPART%</username></incomingServer>"              \
  "</emailProvider></clientConfig>"

typedef struct {
  LabResolver *resolver;
  GTlsCertificate *certificate;
  char *ca_file;
  SoupServer *web;
  guint16 web_port;
  GString *requests;
  const char *web_answer; /* NULL for 404 */
  const char *redirection;
  PbDemoServer *tls;
  PbDemoServer *starttls;
  PbDiscovery *discovery;
  GPtrArray *offers;
} Lab;

static void
web_asked_cb (SoupServer *server,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer data) {
  Lab *lab = data;
  g_autofree char *uri = g_uri_to_string (soup_server_message_get_uri (message));

  g_string_append_printf (lab->requests, "%s\n", uri);
  if (lab->redirection && strcmp (path, CONFIG_PATH) == 0) {
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                  lab->redirection);
    soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
  } else if (lab->web_answer) {
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
    soup_server_message_set_response (message, "text/xml", SOUP_MEMORY_COPY, lab->web_answer,
                                      strlen (lab->web_answer));
  } else
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

static void
start_web (Lab *lab) {
  g_autoptr (GError) error = NULL;

  lab->web = soup_server_new ("tls-certificate", lab->certificate, NULL);
  soup_server_add_handler (lab->web, NULL, web_asked_cb, lab, NULL);
  soup_server_listen_local (lab->web, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  GSList *uris = soup_server_get_uris (lab->web);
  lab->web_port = (guint16) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static PbDemoServer *
start_pop (Lab *lab, PbDemoSecurity security) {
  g_autoptr (GError) error = NULL;
  PbDemoServer *server = pb_demo_server_new (security, lab->certificate);

  pb_demo_server_start (server, &error);
  g_assert_no_error (error);
  return server;
}

static void
set_up (Lab *lab, gconstpointer unused) {
  g_autoptr (GError) error = NULL;

  lab->ca_file = g_test_build_filename (G_TEST_DIST, "setup", "certificates", "example.pem", NULL);
  lab->certificate = g_tls_certificate_new_from_file (lab->ca_file, &error);
  g_assert_no_error (error);
  lab->requests = g_string_new (NULL);
  lab->resolver = lab_resolver_new ();
  g_resolver_set_default (G_RESOLVER (lab->resolver));
  start_web (lab);
  lab->tls = start_pop (lab, PB_DEMO_TLS);
  lab->starttls = start_pop (lab, PB_DEMO_STARTTLS);
  lab->discovery = pb_discovery_new (ADDRESS, DOMAIN);
}

static void
tear_down (Lab *lab, gconstpointer unused) {
  soup_server_disconnect (lab->web);
  pb_demo_server_stop (lab->tls);
  pb_demo_server_stop (lab->starttls);
  pb_test_pass_time (20);
  g_object_unref (lab->web);
  g_object_unref (lab->tls);
  g_object_unref (lab->starttls);
  g_clear_pointer (&lab->offers, g_ptr_array_unref);
  g_assert_finalize_object (lab->discovery);
  g_object_unref (lab->certificate);
  g_object_unref (lab->resolver);
  g_string_free (lab->requests, TRUE);
  g_free (lab->ca_file);
}

static void
run (Lab *lab) {
  const PbDiscoveryLab ports = { lab->web_port, pb_demo_server_get_port (lab->tls),
                                 pb_demo_server_get_port (lab->starttls), lab->ca_file };
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_discovery_set_lab (lab->discovery, &ports);
  pb_discovery_run_async (lab->discovery, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  lab->offers = pb_discovery_run_finish (lab->discovery, result, &error);
  g_assert_no_error (error);
}

/* "table=nothing srv=found …" */
static char *
describe_steps (Lab *lab) {
  GPtrArray *steps = pb_discovery_get_steps (lab->discovery);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++) {
    const PbDiscoveryStep *step = steps->pdata[i];
    g_string_append_printf (text, "%s%s=%s", i ? " " : "", pb_step_kind_to_string (step->kind),
                            pb_step_outcome_to_string (step->outcome));
    /* Nobody outside is told who the person is. */
    g_assert_null (strstr (step->what, "li.na"));
  }
  return g_strdup (text->str);
}

static void
assert_steps (Lab *lab, const char *expected) {
  g_autofree char *steps = describe_steps (lab);

  g_assert_cmpstr (steps, ==, expected);
}

static const PbDiscoveryOffer *
offer (Lab *lab, guint index) {
  g_assert_cmpuint (index, <, lab->offers->len);
  return lab->offers->pdata[index];
}

static void
assert_offer (Lab *lab, guint index, const char *server, PbSecurity security, const char *user) {
  const PbDiscoveryOffer *one = offer (lab, index);
  g_autofree char *there = pb_endpoint_to_string (one->endpoint);

  g_assert_cmpstr (there, ==, server);
  g_assert_cmpint (one->endpoint->security, ==, security);
  g_assert_cmpstr (one->user, ==, user);
}

static void
test_table (Lab *lab, gconstpointer unused) {
  g_object_unref (lab->discovery);
  lab->discovery = pb_discovery_new ("li@web.de", "web.de");
  run (lab);
  assert_steps (lab, "table=found");
  assert_offer (lab, 0, "pop3.web.de:995", PB_SECURITY_TLS, "li");
  g_assert_cmpstr (lab_resolver_get_log (lab->resolver), ==, "");
  g_assert_cmpuint (lab->requests->len, ==, 0);
}

static void
test_no_pop (Lab *lab, gconstpointer unused) {
  g_object_unref (lab->discovery);
  lab->discovery = pb_discovery_new ("li@icloud.com", "icloud.com");
  run (lab);
  assert_steps (lab, "table=found");
  g_assert_cmpuint (lab->offers->len, ==, 0);
  g_assert_false (pb_provider_has_pop (pb_discovery_get_provider (lab->discovery)));
}

static void
test_offline (Lab *lab, gconstpointer unused) {
  pb_discovery_set_offline (lab->discovery, TRUE);
  run (lab);
  assert_steps (lab, "table=nothing");
  g_assert_cmpstr (lab_resolver_get_log (lab->resolver), ==, "");
  g_assert_cmpuint (lab->requests->len, ==, 0);
}

static void
test_srv (Lab *lab, gconstpointer unused) {
  lab_resolver_add_srv (lab->resolver, "_pop3s._tcp.example.org", 20, 0, 995, "b.example.org");
  lab_resolver_add_srv (lab->resolver, "_pop3s._tcp.example.org", 10, 1, 995, "a.example.org.");
  lab_resolver_add_srv (lab->resolver, "_pop3s._tcp.example.org", 10, 5, 1995,
                        "mail.elsewhere.example");
  lab_resolver_add_srv (lab->resolver, "_pop3._tcp.example.org", 0, 0, 0, ".");
  run (lab);
  assert_steps (lab, "table=nothing srv=found srv=nothing");
  g_assert_cmpuint (lab->offers->len, ==, 3);
  assert_offer (lab, 0, "mail.elsewhere.example:1995", PB_SECURITY_TLS, ADDRESS);
  g_assert_true (offer (lab, 0)->untrusted_name);
  assert_offer (lab, 1, "a.example.org:995", PB_SECURITY_TLS, ADDRESS);
  g_assert_false (offer (lab, 1)->untrusted_name);
  assert_offer (lab, 2, "b.example.org:995", PB_SECURITY_TLS, ADDRESS);
}

/* A server that the table knows has its own form of the user name. */
static void
test_srv_known (Lab *lab, gconstpointer unused) {
  lab_resolver_add_srv (lab->resolver, "_pop3._tcp.example.org", 0, 0, 110, "pop3.web.de");
  run (lab);
  assert_offer (lab, 0, "pop3.web.de:110", PB_SECURITY_STARTTLS, "li.na");
  g_assert_false (offer (lab, 0)->untrusted_name);
}

static void
test_autoconfig (Lab *lab, gconstpointer unused) {
  lab_resolver_add_host (lab->resolver, "autoconfig.example.org");
  lab->web_answer = CONFIG;
  run (lab);
  assert_steps (lab, "table=nothing srv=nothing srv=nothing autoconfig=found autoconfig=failed");
  g_assert_cmpuint (lab->offers->len, ==, 1);
  assert_offer (lab, 0, "in.example.org:995", PB_SECURITY_TLS, "li.na");
  g_assert_nonnull (strstr (lab->requests->str, CONFIG_PATH));
  g_assert_null (strstr (lab->requests->str, "li.na"));
}

static void
test_redirection (Lab *lab, gconstpointer data) {
  g_autofree char *safe = g_strdup_printf ("https://example.org:%u/there", lab->web_port);
  gboolean secure = GPOINTER_TO_INT (data);

  lab_resolver_add_host (lab->resolver, "autoconfig.example.org");
  lab_resolver_add_host (lab->resolver, DOMAIN);
  lab->web_answer = secure ? CONFIG : NULL;
  lab->redirection = secure ? safe : "http://example.org/there";
  lab_resolver_add_mx (lab->resolver, DOMAIN, 1, "mx1.messagingengine.com");
  run (lab);
  assert_steps (lab, secure
                       ? "table=nothing srv=nothing srv=nothing autoconfig=found autoconfig=found"
                       : "table=nothing srv=nothing srv=nothing autoconfig=failed "
                         "autoconfig=nothing mx=found");
}

static void
test_mx (Lab *lab, gconstpointer unused) {
  lab_resolver_add_mx (lab->resolver, DOMAIN, 20, "mx.example.org");
  lab_resolver_add_mx (lab->resolver, DOMAIN, 5, "ASPMX.L.GOOGLE.COM.");
  run (lab);
  assert_offer (lab, 0, "pop.gmail.com:995", PB_SECURITY_TLS, ADDRESS);
  g_assert_cmpstr (pb_discovery_get_provider (lab->discovery)->id, ==, "google-workspace");
}

static void
test_probe (Lab *lab, gconstpointer unused) {
  lab_resolver_add_host (lab->resolver, "mail.example.org");
  run (lab);
  g_assert_cmpuint (lab->offers->len, >=, 1);
  g_autofree char *server =
    g_strdup_printf ("mail.example.org:%u", pb_demo_server_get_port (lab->tls));
  assert_offer (lab, 0, server, PB_SECURITY_TLS, ADDRESS);
  /* It only knocked. */
  for (const char *const *line = pb_demo_server_get_log (lab->tls); *line; line++)
    g_assert_cmpstr (*line, ==, "");
}

static void
test_probe_starttls (Lab *lab, gconstpointer unused) {
  lab_resolver_add_host (lab->resolver, "pop.example.org");
  pb_demo_server_stop (lab->tls);
  run (lab);
  g_assert_cmpuint (lab->offers->len, ==, 1);
  g_autofree char *server =
    g_strdup_printf ("pop.example.org:%u", pb_demo_server_get_port (lab->starttls));
  assert_offer (lab, 0, server, PB_SECURITY_STARTTLS, ADDRESS);
}

static void
test_bad_certificate (Lab *lab, gconstpointer unused) {
  lab_resolver_add_host (lab->resolver, "pop.example.org");
  g_free (lab->ca_file);
  lab->ca_file = NULL;
  run (lab);
  g_assert_cmpuint (lab->offers->len, ==, 2);
  g_assert_true (offer (lab, 0)->bad_certificate);
}

static void
test_nothing (Lab *lab, gconstpointer unused) {
  run (lab);
  g_assert_cmpuint (lab->offers->len, ==, 0);
  g_assert_null (pb_discovery_get_provider (lab->discovery));
  g_assert_cmpuint (pb_discovery_get_steps (lab->discovery)->len, ==, 1 + 2 + 2 + 1 + 8);
}

static gboolean
cancel_cb (gpointer cancellable) {
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

/* The resolver never answers: the person gives up, and it ends at once. */
static void
test_cancel (Lab *lab, gconstpointer unused) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  gint64 start = g_get_monotonic_time ();

  lab_resolver_fall_silent (lab->resolver);
  pb_discovery_run_async (lab->discovery, cancellable, pb_test_done, &done);
  g_timeout_add (50, cancel_cb, cancellable);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_discovery_run_finish (lab->discovery, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

int
main (int argc, char *argv[]) {
  const struct {
    const char *path;
    void (*func) (Lab *lab, gconstpointer data);
    gconstpointer data;
  } tests[] = {
    { "table", test_table },
    { "no-pop", test_no_pop },
    { "offline", test_offline },
    { "srv", test_srv },
    { "srv-known", test_srv_known },
    { "autoconfig", test_autoconfig },
    { "redirection/https", test_redirection, GINT_TO_POINTER (TRUE) },
    { "redirection/http", test_redirection, GINT_TO_POINTER (FALSE) },
    { "mx", test_mx },
    { "probe", test_probe },
    { "probe-starttls", test_probe_starttls },
    { "bad-certificate", test_bad_certificate },
    { "nothing", test_nothing },
    { "cancel", test_cancel },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/setup/discovery/", tests[i].path, NULL);
    g_test_add (path, Lab, tests[i].data, set_up, tests[i].func, tear_down);
  }
  return g_test_run ();
}
