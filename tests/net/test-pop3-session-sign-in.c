/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in over real connections: servers that are silent about what they do not know, client
 * certificates, long tokens, and what is remembered and shown afterwards. */

#include <string.h>

#include "pb-error.h"
#include "pb-test.h"
#include "pop3-client.h"

#define PLAIN_BASE64 "AGxpLm5hAGh1bnRlcjI="

/* Silence */

typedef struct {
  const char *name;
  const char *silent[4];   /* commands that are not answered at all */
  gboolean only_signed_in; /* CAPA is answered before the log-in */
  guint reply_timeout;
  guint connections;
  int seconds; /* at least, and at most two more */
  gboolean capa_silent, lang_refused, utf8_refused;
} SilenceCase;

/* Patience is never longer than the deadline that was set, which makes most of these quick. */
static const SilenceCase silence_cases[] = {
  { "CAPA", { "CAPA" }, FALSE, 0, 2, 2, TRUE, FALSE, FALSE },
  { "CAPA after the log-in", { "CAPA" }, TRUE, 0, 2, 3, FALSE, FALSE, FALSE },
  { "LANG", { "LANG" }, FALSE, 1, 2, 1, FALSE, TRUE, FALSE },
  { "UTF8", { "UTF8" }, FALSE, 1, 2, 1, FALSE, FALSE, TRUE },
  { "LANG and UTF8", { "LANG", "UTF8" }, FALSE, 1, 3, 2, FALSE, TRUE, TRUE },
  { "all that can be", { "LANG", "UTF8", "CAPA" }, TRUE, 1, 4, 3, FALSE, TRUE, TRUE },
  { "LANG for long", { "LANG" }, FALSE, 0, 2, 5, FALSE, TRUE, FALSE },
};

static gboolean
is_silent (const SilenceCase *c, const char *line, gboolean signed_in) {
  for (guint i = 0; i < G_N_ELEMENTS (c->silent) && c->silent[i]; i++) {
    if (g_str_has_prefix (line, c->silent[i]))
      return signed_in || !c->only_signed_in || strcmp (c->silent[i], "CAPA") != 0;
  }
  return FALSE;
}

static void
silence_script (Peer *peer, gpointer data) {
  const SilenceCase *c = data;
  gboolean signed_in = FALSE;
  g_autofree char *line = NULL;

  peer_say (peer, "+OK\r\n");
  while ((line = peer_hear (peer))) {
    if (is_silent (c, line, signed_in)) {
      peer_wait_for_end (peer);
      return;
    }
    signed_in = signed_in || g_str_has_prefix (line, "PASS");
    peer_say (peer,
              strcmp (line, "CAPA") == 0 ? "+OK\r\nUTF8 USER\r\nLANG\r\nUSER\r\n.\r\n" : "+OK\r\n");
    g_free (g_steal_pointer (&line));
  }
}

typedef struct {
  const SilenceCase *c;
  Peer *peer;
  PbPop3Session *session;
  gint64 begun, opened;
  GError *error;
} Visit;

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  Visit *visit = data;

  pb_pop3_session_open_finish (visit->session, result, &visit->error);
  visit->opened = g_get_monotonic_time ();
}

static gboolean
is_opened (gpointer data) {
  return ((Visit *) data)->opened != 0;
}

static void
visit_begin (Visit *visit, const SilenceCase *c) {
  visit->c = c;
  visit->peer = peer_new (PEER_PLAIN, NULL, silence_script, (gpointer) c);
  visit->session =
    client_new (peer_get_port (visit->peer), &(ClientOptions){ .security = PB_SECURITY_NONE,
                                                               .reply_timeout = c->reply_timeout,
                                                               .allow_utf8 = TRUE,
                                                               .language = "de" });
  visit->begun = g_get_monotonic_time ();
  pb_pop3_session_open_async (visit->session, NULL, opened, visit);
}

static void
visit_check (Visit *visit) {
  const SilenceCase *c = visit->c;
  gint64 took = visit->opened - visit->begun;

  g_test_message ("%s: %.1f s", c->name, (double) took / G_USEC_PER_SEC);
  g_assert_no_error (visit->error);
  g_assert_cmpuint (peer_count_connections (visit->peer), ==, c->connections);
  g_assert_cmpint (took, >=, c->seconds * G_USEC_PER_SEC - G_USEC_PER_SEC / 10);
  g_assert_cmpint (took, <, 15 * G_USEC_PER_SEC);

  const PbPop3Facts *facts = pb_pop3_session_get_facts (visit->session);
  g_assert_true (facts->capa_silent == c->capa_silent);
  g_assert_true (facts->lang_refused == c->lang_refused);
  g_assert_true (facts->utf8_refused == c->utf8_refused);
  g_assert_true (facts->has_capa == !c->capa_silent);
  g_autofree char *transcript =
    pb_transcript_to_text (pb_pop3_session_get_transcript (visit->session));
  g_assert_nonnull (strstr (transcript, "was not answered, connecting again"));
  g_assert_null (strstr (transcript, CLIENT_SECRET));
}

static void
test_silence (void) {
  static Visit visits[G_N_ELEMENTS (silence_cases)];

  for (guint i = 0; i < G_N_ELEMENTS (silence_cases); i++)
    visit_begin (&visits[i], &silence_cases[i]);
  for (guint i = 0; i < G_N_ELEMENTS (silence_cases); i++) {
    g_autoptr (GError) error = NULL;
    pb_test_until (is_opened, &visits[i]);
    visit_check (&visits[i]);
    g_assert_true (client_quit (visits[i].session, &error));
    g_assert_no_error (error);
    client_free (visits[i].session);
    peer_free (visits[i].peer);
  }
}

/* Refusals cost no new connection. */
static void
refusing_script (Peer *peer, gpointer data) {
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\nUTF8\r\nLANG\r\nIMPLEMENTATION Snail\r\nEXPIRE NEVER\r\n.\r\n");
  peer_expect (peer, "LANG de");
  peer_say (peer, "-ERR no\r\n");
  peer_expect (peer, "UTF8");
  peer_say (peer, "-ERR no\r\n");
  peer_expect (peer, "USER li.na");
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "PASS " CLIENT_SECRET);
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\nPIPELINING\r\nLOGIN-DELAY 300\r\n.\r\n");
  peer_wait_for_end (peer);
}

static void
test_facts (void) {
  Peer *peer = peer_new (PEER_TLS, NULL, refusing_script, NULL);
  PbPop3Session *session =
    client_new (peer_get_port (peer),
                &(ClientOptions){ .trust_localhost = TRUE, .allow_utf8 = TRUE, .language = "de" });
  g_autoptr (GError) error = NULL;
  const PbPop3Facts *facts = pb_pop3_session_get_facts (session);

  g_assert_null (facts->tls);
  g_assert_cmpint (facts->expire_days, ==, -1);
  g_assert_true (client_open (session, &error));
  g_assert_no_error (error);
  facts = pb_pop3_session_get_facts (session);
  g_assert_true (facts->has_capa && facts->pipelining);
  g_assert_true (facts->utf8_refused && facts->lang_refused);
  g_assert_false (facts->capa_silent);
  g_assert_cmpint (facts->mechanism, ==, PB_AUTH_USER_PASS);
  g_assert_true (g_str_has_prefix (facts->tls, "TLS 1."));
  g_assert_cmpstr (facts->implementation, ==, "Snail");
  g_assert_cmpint (facts->expire_days, ==, PB_POP3_KEEPS_FOR_EVER);
  g_assert_cmpuint (facts->login_delay, ==, 300);
  g_assert_cmpuint (peer_count_connections (peer), ==, 1);
  client_free (session);
  peer_free (peer);
}

/* Cancelling while a server is silent, and while it is connected to anew. */
static void
check_cancel (guint after) {
  Visit visit = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  visit.peer = peer_new (PEER_PLAIN, NULL, silence_script, (gpointer) &silence_cases[3]);
  visit.session = client_new (
    peer_get_port (visit.peer),
    &(ClientOptions){ .security = PB_SECURITY_NONE, .reply_timeout = 1, .allow_utf8 = TRUE });
  pb_pop3_session_open_async (visit.session, cancellable, opened, &visit);
  pb_test_pass_time (after);
  gint64 begun = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  pb_test_until (is_opened, &visit);
  g_assert_cmpint (visit.opened - begun, <, 200 * 1000);
  g_assert_true (!visit.error || g_error_matches (visit.error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&visit.error);
  client_free (visit.session);
  peer_free (visit.peer);
}

static void
test_cancel (void) {
  check_cancel (500);
  check_cancel (1000);
  check_cancel (1002);
}

/* Over TLS */

static void
plain_script (Peer *peer, gpointer data) {
  const char *reply = data;

  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\nSASL PLAIN\r\n.\r\n");
  if (!peer_expect (peer, "AUTH PLAIN " PLAIN_BASE64))
    return;
  peer_say (peer, reply);
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\n.\r\n");
  peer_wait_for_end (peer);
}

static void
test_plain (void) {
  Peer *peer = peer_new (PEER_TLS, NULL, plain_script, (gpointer) "+OK\r\n");
  PbPop3Session *session =
    client_new (peer_get_port (peer), &(ClientOptions){ .trust_localhost = TRUE });
  g_autoptr (GError) error = NULL;

  g_assert_true (client_open (session, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pb_pop3_session_get_facts (session)->mechanism, ==, PB_AUTH_PLAIN);
  g_autofree char *transcript = pb_transcript_to_text (pb_pop3_session_get_transcript (session));
  g_assert_nonnull (strstr (transcript, "->  AUTH PLAIN ****"));
  g_assert_null (strstr (transcript, CLIENT_SECRET));
  g_assert_null (strstr (transcript, PLAIN_BASE64));
  client_free (session);
  peer_free (peer);
}

static void
test_plain_echoed (void) {
  Peer *peer =
    peer_new (PEER_TLS, NULL, plain_script, (gpointer) "-ERR AUTH PLAIN " PLAIN_BASE64 "\r\n");
  PbPop3Session *session =
    client_new (peer_get_port (peer), &(ClientOptions){ .trust_localhost = TRUE });
  g_autoptr (GError) error = NULL;

  g_assert_false (client_open (session, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_null (strstr (error->message, PLAIN_BASE64));
  g_autofree char *transcript = pb_transcript_to_text (pb_pop3_session_get_transcript (session));
  g_assert_null (strstr (transcript, PLAIN_BASE64));
  client_free (session);
  peer_free (peer);
}

#define TOKEN_LENGTH 8192

static void
token_script (Peer *peer, gpointer data) {
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\nSASL PLAIN XOAUTH2\r\n.\r\n");
  peer_expect (peer, "AUTH XOAUTH2");
  peer_say (peer, "+ \r\n");
  g_autofree char *line = peer_hear (peer);
  gsize length;
  g_autofree guchar *text = g_base64_decode (line, &length);
  g_assert_cmpuint (length, ==, strlen ("user=li.na\001auth=Bearer \001\001") + TOKEN_LENGTH);
  peer_say (peer, "+ eyJzdGF0dXMiOiI0MDEifQ==\r\n");
  peer_expect (peer, "");
  peer_say (peer, "-ERR [AUTH] failed\r\n");
  peer_wait_for_end (peer);
}

static void
test_long_token (void) {
  Peer *peer = peer_new (PEER_TLS, NULL, token_script, NULL);
  g_autofree char *token = g_strnfill (TOKEN_LENGTH, 't');
  PbPop3Session *session = client_new (
    peer_get_port (peer),
    &(ClientOptions){ .trust_localhost = TRUE, .secret = token, .auth = PB_AUTH_XOAUTH2 });
  g_autoptr (GError) error = NULL;

  g_assert_false (client_open (session, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  g_assert_cmpstr (pb_error_get_server_text (error), ==, "{\"status\":\"401\"}");
  g_assert_cmpstr (pb_error_get_response_code (error), ==, "AUTH");
  g_autofree char *transcript = pb_transcript_to_text (pb_pop3_session_get_transcript (session));
  g_assert_null (strstr (transcript, "tttt"));
  client_free (session);
  peer_free (peer);
}

/* Client certificates */

static void
external_script (Peer *peer, gpointer data) {
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\nSASL EXTERNAL\r\n.\r\n");
  peer_expect (peer, "AUTH EXTERNAL bGkubmE=");
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\n.\r\n");
  peer_wait_for_end (peer);
}

static void
check_external (const char *certificate) {
  Peer *peer = peer_new (PEER_TLS_ASKING, NULL, external_script, NULL);
  g_autofree char *path = certificate ? peer_dup_certificate_path (certificate) : NULL;
  g_autofree char *expected = certificate ? peer_dup_fingerprint (certificate) : NULL;
  PbPop3Session *session =
    client_new (peer_get_port (peer), &(ClientOptions){ .trust_localhost = TRUE,
                                                        .auth = PB_AUTH_EXTERNAL,
                                                        .client_certificate = path });
  g_autoptr (GError) error = NULL;

  g_assert_true (client_open (session, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pb_pop3_session_get_facts (session)->mechanism, ==, PB_AUTH_EXTERNAL);
  g_autofree char *shown = peer_dup_client_fingerprint (peer);
  g_assert_cmpstr (shown, ==, expected);
  client_free (session);
  peer_free (peer);
}

static void
test_external (void) {
  check_external ("elsewhere");
  check_external (NULL);
}

static void
test_external_unreadable (void) {
  Peer *peer = peer_new (PEER_TLS_ASKING, NULL, external_script, NULL);
  PbPop3Session *session =
    client_new (peer_get_port (peer), &(ClientOptions){ .trust_localhost = TRUE,
                                                        .auth = PB_AUTH_EXTERNAL,
                                                        .client_certificate = "/nowhere/li.pem" });
  g_autoptr (GError) error = NULL;

  g_assert_false (client_open (session, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  g_assert_cmpuint (peer_count_connections (peer), ==, 0);
  client_free (session);
  peer_free (peer);
}

static void
test_without_secret (void) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("127.0.0.1", 1, PB_SECURITY_TLS);
  const PbPop3SessionConfig config = { .endpoint = endpoint,
                                       .user = "li.na",
                                       .auth = PB_AUTH_EXTERNAL };

  client_free (pb_pop3_session_new (&config));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/pop3-session-sign-in/silence", test_silence);
  g_test_add_func ("/net/pop3-session-sign-in/facts", test_facts);
  g_test_add_func ("/net/pop3-session-sign-in/cancel", test_cancel);
  g_test_add_func ("/net/pop3-session-sign-in/plain", test_plain);
  g_test_add_func ("/net/pop3-session-sign-in/plain-echoed", test_plain_echoed);
  g_test_add_func ("/net/pop3-session-sign-in/long-token", test_long_token);
  g_test_add_func ("/net/pop3-session-sign-in/external/certificate", test_external);
  g_test_add_func ("/net/pop3-session-sign-in/external/unreadable", test_external_unreadable);
  g_test_add_func ("/net/pop3-session-sign-in/without-secret", test_without_secret);
  return g_test_run ();
}
