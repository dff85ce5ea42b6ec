/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections that should not be made, or not be trusted: whatever is wrong, no byte of POP3 and
 * no secret leaves. */

#include <string.h>

#include "pb-error.h"
#include "pb-test.h"
#include "pop3-client.h"

static const PeerFault healthy = { .at = "" };
static const PeerFault offers_stls = { .at = "", .capabilities = PEER_CAPABILITIES "STLS\r\n" };

static void
assert_heard (Peer *peer, const char *expected) {
  g_autofree char *log = peer_dup_log (peer);

  g_assert_cmpstr (log, ==, expected);
}

/* Opens a session that must fail with @code; the peer must have heard @heard and nothing else. */
static GError *
check_refused (Peer *peer, const ClientOptions *options, PbError code, const char *heard) {
  PbPop3Session *session = client_new (peer_get_port (peer), options);
  GError *error = NULL;

  g_assert_false (client_open (session, &error));
  g_assert_error (error, PB_ERROR, (int) code);
  client_free (session);
  assert_heard (peer, heard);
  return error;
}

static void
check_opens (Peer *peer, const ClientOptions *options) {
  PbPop3Session *session = client_new (peer_get_port (peer), options);
  g_autoptr (GError) error = NULL;

  g_assert_true (client_open (session, &error));
  g_assert_no_error (error);
  g_assert_true (client_quit (session, &error));
  g_assert_no_error (error);
  client_free (session);
}

static void
test_untrusted (void) {
  Peer *peer = peer_new (PEER_TLS, NULL, peer_serve, (gpointer) &healthy);
  g_autofree char *fingerprint = peer_dup_fingerprint ("localhost");
  g_autoptr (GByteArray) der = NULL;
  g_autoptr (GError) error =
    check_refused (peer, &(ClientOptions){ .security = PB_SECURITY_TLS }, PB_ERROR_CERTIFICATE, "");
  GTlsCertificate *certificate = pb_error_get_certificate (error);

  g_assert_nonnull (certificate);
  g_object_get (certificate, "certificate", &der, NULL);
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  g_assert_cmpstr (digest, ==, fingerprint);
  g_assert_true (pb_error_get_certificate_flags (error) & G_TLS_CERTIFICATE_UNKNOWN_CA);
  peer_free (peer);
}

static void
test_fingerprint (void) {
  Peer *peer = peer_new (PEER_TLS, "elsewhere", peer_serve, (gpointer) &healthy);
  g_autofree char *right = peer_dup_fingerprint ("elsewhere");
  g_autofree char *other = peer_dup_fingerprint ("localhost");
  g_autofree char *half = g_strndup (right, 32);
  const char *const wrong[] = { other, half, "" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    ClientOptions options = { .security = PB_SECURITY_TLS, .trusted_certificate = wrong[i] };
    g_autoptr (GError) error = check_refused (peer, &options, PB_ERROR_CERTIFICATE, "");
    g_assert_nonnull (pb_error_get_certificate (error));
  }
  check_opens (peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .trusted_certificate = right });
  peer_free (peer);
}

static void
test_ca_file (void) {
  Peer *peer = peer_new (PEER_TLS, NULL, peer_serve, (gpointer) &healthy);
  g_autofree char *right = peer_dup_certificate_path ("localhost");
  g_autofree char *wrong = peer_dup_certificate_path ("elsewhere");

  g_autoptr (GError) error =
    check_refused (peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .ca_file = wrong },
                   PB_ERROR_CERTIFICATE, "");
  g_autoptr (GError) missing = check_refused (
    peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .ca_file = "/nowhere/ca.pem" },
    PB_ERROR_INVALID, "");
  check_opens (peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .ca_file = right });
  peer_free (peer);
}

/* A trusted issuer does not make up for the wrong name. */
static void
test_wrong_name (void) {
  Peer *peer = peer_new (PEER_TLS, "elsewhere", peer_serve, (gpointer) &healthy);
  g_autofree char *ca_file = peer_dup_certificate_path ("elsewhere");
  g_autoptr (GError) error =
    check_refused (peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .ca_file = ca_file },
                   PB_ERROR_CERTIFICATE, "");

  g_assert_cmpint (pb_error_get_certificate_flags (error), ==, G_TLS_CERTIFICATE_BAD_IDENTITY);
  peer_free (peer);
}

/* A trusted issuer does not make up for the date either. */
static void
test_expired (void) {
  Peer *peer = peer_new (PEER_TLS, "expired", peer_serve, (gpointer) &healthy);
  g_autofree char *ca_file = peer_dup_certificate_path ("expired");
  g_autoptr (GError) error =
    check_refused (peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .ca_file = ca_file },
                   PB_ERROR_CERTIFICATE, "");

  g_assert_true (pb_error_get_certificate_flags (error) & G_TLS_CERTIFICATE_EXPIRED);
  peer_free (peer);
}

/* One certificate was accepted, the server shows another, after STLS: again nothing is sent. */
static void
test_stls_changed (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &offers_stls);
  g_autofree char *accepted = peer_dup_fingerprint ("expired");
  const ClientOptions options = { .security = PB_SECURITY_STARTTLS,
                                  .trusted_certificate = accepted };
  g_autoptr (GError) error = check_refused (peer, &options, PB_ERROR_CERTIFICATE, "CAPA\nSTLS\n");

  g_assert_nonnull (pb_error_get_certificate (error));
  peer_free (peer);
}

static void
test_stls_untrusted (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &offers_stls);
  g_autoptr (GError) error =
    check_refused (peer, &(ClientOptions){ .security = PB_SECURITY_STARTTLS }, PB_ERROR_CERTIFICATE,
                   "CAPA\nSTLS\n");

  g_assert_nonnull (pb_error_get_certificate (error));
  peer_free (peer);
}

static void
test_stls_stripped (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  g_autoptr (GError) error = check_refused (
    peer, &(ClientOptions){ .security = PB_SECURITY_STARTTLS, .trust_localhost = TRUE },
    PB_ERROR_INSECURE, "CAPA\n");

  peer_free (peer);
}

static void
test_stls_refused (void) {
  PeerFault fault = { "STLS", FAULT_REFUSE, NULL, "STLS\r\n" };
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, &fault);
  g_autoptr (GError) error = check_refused (
    peer, &(ClientOptions){ .security = PB_SECURITY_STARTTLS, .trust_localhost = TRUE },
    PB_ERROR_INSECURE, "CAPA\nSTLS\n");

  g_assert_cmpstr (pb_error_get_server_text (error), ==, "no");
  peer_free (peer);
}

static void
injecting_script (Peer *peer, gpointer data) {
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\nSTLS\r\n.\r\n");
  peer_expect (peer, "STLS");
  peer_say (peer, "+OK\r\n+OK\r\nUSER\r\n.\r\n");
  peer_start_tls (peer);
}

static void
test_stls_injected (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, injecting_script, NULL);
  g_autoptr (GError) error = check_refused (
    peer, &(ClientOptions){ .security = PB_SECURITY_STARTTLS, .trust_localhost = TRUE },
    PB_ERROR_PROTOCOL, "CAPA\nSTLS\n");

  peer_free (peer);
}

/* Bytes that come by themselves after the reply to STLS are the handshake's, which fails on
 * them. */
static void
late_script (Peer *peer, gpointer data) {
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\nSTLS\r\n.\r\n");
  peer_expect (peer, "STLS");
  peer_say (peer, "+OK\r\n");
  g_usleep (50000);
  peer_say (peer, "+OK\r\nUSER\r\n.\r\n");
  peer_wait_for_end (peer);
}

static void
test_stls_injected_late (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, late_script, NULL);
  g_autoptr (GError) error = check_refused (
    peer, &(ClientOptions){ .security = PB_SECURITY_STARTTLS, .trust_localhost = TRUE },
    PB_ERROR_CONNECT, "CAPA\nSTLS\n");

  peer_free (peer);
}

/* Nothing is even connected for what cannot be right. */
static void
test_refused_before_connecting (void) {
  static const struct {
    ClientOptions options;
    PbError code;
  } cases[] = {
    { { .security = PB_SECURITY_NONE, .user = "li\r\nDELE 1" }, PB_ERROR_INVALID },
    { { .security = PB_SECURITY_NONE, .user = "li\n" }, PB_ERROR_INVALID },
    { { .security = PB_SECURITY_NONE, .secret = "a\rb" }, PB_ERROR_INVALID },
    { { .security = PB_SECURITY_NONE, .secret = "a\nb" }, PB_ERROR_INVALID },
    { { .security = PB_SECURITY_NONE, .forbid_clear_secret = TRUE, .auth = PB_AUTH_USER_PASS },
      PB_ERROR_INSECURE },
    { { .security = PB_SECURITY_NONE, .forbid_clear_secret = TRUE, .auth = PB_AUTH_PLAIN },
      PB_ERROR_INSECURE },
    { { .security = PB_SECURITY_NONE, .forbid_clear_secret = TRUE, .auth = PB_AUTH_OAUTHBEARER },
      PB_ERROR_INSECURE },
  };
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = check_refused (peer, &cases[i].options, cases[i].code, "");
    g_assert_nonnull (error);
  }
  g_assert_cmpuint (peer_count_connections (peer), ==, 0);
  peer_free (peer);
}

/* There may be a way to sign in that does not show the password; there is none here. */
static void
test_open_line (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  g_autoptr (GError) error = check_refused (
    peer, &(ClientOptions){ .security = PB_SECURITY_NONE, .forbid_clear_secret = TRUE },
    PB_ERROR_INSECURE, "CAPA\n");

  g_assert_nonnull (error);
  peer_free (peer);
}

static void
test_nobody_listens (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  guint16 port = peer_get_port (peer);
  g_autoptr (GError) error = NULL;

  peer_free (peer);
  PbPop3Session *session = client_new (port, &(ClientOptions){ .security = PB_SECURITY_TLS });
  g_assert_false (client_open (session, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  g_assert_nonnull (strstr (error->message, "127.0.0.1:"));
  client_free (session);
}

static void
silent_script (Peer *peer, gpointer data) {
  peer_wait_for_end (peer);
}

static void
plain_greeting_script (Peer *peer, gpointer data) {
  peer_say (peer, "+OK ready\r\n");
  peer_wait_for_end (peer);
}

static void
test_handshake_times_out (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, silent_script, NULL);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error =
    check_refused (peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .connect_timeout = 1 },
                   PB_ERROR_TIMEOUT, "");

  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  peer_free (peer);
}

/* The usual mistake: the port without TLS. */
static void
test_no_tls_there (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, plain_greeting_script, NULL);
  g_autoptr (GError) error =
    check_refused (peer, &(ClientOptions){ .security = PB_SECURITY_TLS, .connect_timeout = 5 },
                   PB_ERROR_CONNECT, "");

  peer_free (peer);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/connector/certificate/untrusted", test_untrusted);
  g_test_add_func ("/net/connector/certificate/fingerprint", test_fingerprint);
  g_test_add_func ("/net/connector/certificate/ca-file", test_ca_file);
  g_test_add_func ("/net/connector/certificate/wrong-name", test_wrong_name);
  g_test_add_func ("/net/connector/certificate/expired", test_expired);
  g_test_add_func ("/net/connector/stls/changed", test_stls_changed);
  g_test_add_func ("/net/connector/stls/untrusted", test_stls_untrusted);
  g_test_add_func ("/net/connector/stls/stripped", test_stls_stripped);
  g_test_add_func ("/net/connector/stls/refused", test_stls_refused);
  g_test_add_func ("/net/connector/stls/injected", test_stls_injected);
  g_test_add_func ("/net/connector/stls/injected-late", test_stls_injected_late);
  g_test_add_func ("/net/connector/refused-before-connecting", test_refused_before_connecting);
  g_test_add_func ("/net/connector/open-line", test_open_line);
  g_test_add_func ("/net/connector/nobody-listens", test_nobody_listens);
  g_test_add_func ("/net/connector/handshake-times-out", test_handshake_times_out);
  g_test_add_func ("/net/connector/no-tls-there", test_no_tls_there);
  return g_test_run ();
}
