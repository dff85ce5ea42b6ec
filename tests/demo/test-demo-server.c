/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The demo server, asked by a plain client that blocks in a thread of its own. */

#include "pb-demo-server.h"

#include <string.h>

#include "pb-test.h"

#define SIGN_IN "USER li\r\nPASS secret word\r\n"

typedef struct {
  PbDemoServer *server;
  GTlsCertificate *certificate;
} Fixture;

/* What a client does, and what it must hear, byte for byte. */
typedef struct {
  guint16 port;
  const char *script;
  gsize script_length;
  gboolean tls;
  const char *fingerprint;
  gboolean abrupt; /* the end of the connection came without a farewell */
  GString *heard;
  gint finished;
} Client;

static GTlsCertificate *shared_certificate;

static gboolean
accept_fingerprint (GTlsConnection *tls,
                    GTlsCertificate *peer,
                    GTlsCertificateFlags errors,
                    gpointer data) {
  Client *client = data;
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (peer);

  return strcmp (fingerprint, client->fingerprint) == 0;
}

static GIOStream *
wrap (Client *client, GIOStream *stream) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) identity = g_network_address_new ("localhost", client->port);
  GIOStream *tls = g_tls_client_connection_new (stream, identity, &error);

  g_assert_no_error (error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_fingerprint), client);
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error);
  g_assert_no_error (error);
  return tls;
}

static GIOStream *
connect_client (guint16 port) {
  g_autoptr (GSocketClient) socket = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  g_socket_client_set_timeout (socket, 20);
  GSocketConnection *connection =
    g_socket_client_connect_to_host (socket, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  return G_IO_STREAM (connection);
}

static void
hear_all (Client *client, GIOStream *stream) {
  GInputStream *input = g_io_stream_get_input_stream (stream);
  g_autoptr (GError) error = NULL;
  char buffer[4096];
  gssize length;

  while ((length = g_input_stream_read (input, buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (client->heard, buffer, length);
  client->abrupt = length < 0;
}

/* Sends the whole script in one go and hears until the server closes. */
static gpointer
run_script (gpointer data) {
  Client *client = data;
  g_autoptr (GIOStream) stream = connect_client (client->port);
  g_autoptr (GError) error = NULL;

  if (client->tls) {
    GIOStream *tls = wrap (client, stream);
    g_object_unref (stream);
    stream = tls;
  }
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), client->script,
                             client->script_length, NULL, NULL, &error);
  g_assert_no_error (error);
  hear_all (client, stream);
  g_io_stream_close (stream, NULL, NULL);
  g_atomic_int_set (&client->finished, 1);
  return NULL;
}

static gboolean
is_finished (gpointer data) {
  return g_atomic_int_get (&((Client *) data)->finished);
}

static void
client_run (Client *client, GThreadFunc function) {
  client->heard = g_string_new (NULL);
  GThread *thread = g_thread_new ("client", function, client);
  pb_test_until (is_finished, client);
  g_thread_join (thread);
}

static void
set_up_as (Fixture *fixture, PbDemoSecurity security) {
  g_autoptr (GError) error = NULL;

  if (!shared_certificate)
    shared_certificate = pb_demo_certificate_new (&error);
  g_assert_no_error (error);
  fixture->certificate = shared_certificate;
  fixture->server = pb_demo_server_new (security, shared_certificate);
  pb_demo_server_set_account (fixture->server, "li", "secret word");
  pb_demo_server_start (fixture->server, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pb_demo_server_get_port (fixture->server), >, 0);
}

static void
set_up (Fixture *fixture, gconstpointer security) {
  set_up_as (fixture, (PbDemoSecurity) GPOINTER_TO_INT (security));
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  pb_demo_server_stop (fixture->server);
  pb_test_pass_time (30);
  g_assert_finalize_object (g_steal_pointer (&fixture->server));
}

static void
add_text (Fixture *fixture, const char *text, const char *uid) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  pb_demo_server_add_message (fixture->server, bytes, uid);
}

static void
add_three (Fixture *fixture) {
  add_text (fixture, "Subject: one\n\nfirst line\n.dot\n..\n.\nlast", "uid-1");
  add_text (fixture, "Subject: two\r\n\r\nline\r\n", "uid-2");
  add_text (fixture, "", "uid-3");
}

static char *
talk (Fixture *fixture, const char *script) {
  Client client = { .port = pb_demo_server_get_port (fixture->server),
                    .script = script,
                    .script_length = strlen (script) };

  client_run (&client, run_script);
  g_assert_false (client.abrupt);
  return g_string_free (client.heard, FALSE);
}

#define GREETING "+OK Postbag demo server ready\r\n"
#define SIGNED_IN GREETING "+OK password, please\r\n+OK 3 messages (69 octets)\r\n"
#define BYE "+OK goodbye\r\n"

static void
test_commands (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *script;
    const char *heard;
  } cases[] = {
    { "QUIT\r\n", GREETING BYE },
    { "quit\n", GREETING BYE },
    { "NOOP\r\n\r\nXYZZY\r\nSTAT 1\r\nQUITE\r\nQUIT\r\n",
      GREETING "-ERR not now\r\n-ERR unknown command\r\n-ERR unknown command\r\n-ERR not now\r\n"
               "-ERR unknown command\r\n" BYE },
    { "CAPA\r\nSTLS\r\nQUIT\r\n",
      GREETING "+OK capabilities follow\r\nTOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\nRESP-CODES\r\n.\r\n"
               "-ERR not offered\r\n" BYE },
    { "PASS secret word\r\nUSER\r\nUSER li\r\nPASS nonsense\r\nPASS secret word\r\nQUIT\r\n",
      GREETING "-ERR USER first\r\n-ERR who?\r\n+OK password, please\r\n"
               "-ERR [AUTH] user or password is wrong\r\n-ERR USER first\r\n" BYE },
    { "USER a\r\nPASS b\r\nUSER a\r\nPASS b\r\nUSER a\r\nPASS b\r\nQUIT\r\n",
      GREETING "+OK password, please\r\n-ERR [AUTH] user or password is wrong\r\n"
               "+OK password, please\r\n-ERR [AUTH] user or password is wrong\r\n"
               "+OK password, please\r\n-ERR [AUTH] user or password is wrong\r\n" },
    { SIGN_IN "STAT\r\nLIST\r\nLIST 2\r\nUIDL\r\nUIDL 3\r\nNOOP\r\nUSER li\r\nQUIT\r\n", SIGNED_IN
      "+OK 3 69\r\n+OK listing follows\r\n1 47\r\n2 22\r\n3 0\r\n.\r\n+OK 2 22\r\n"
      "+OK listing follows\r\n1 uid-1\r\n2 uid-2\r\n3 uid-3\r\n.\r\n+OK 3 uid-3\r\n+OK\r\n"
      "-ERR not now\r\n" BYE },
    { SIGN_IN "RETR 1\r\nRETR 2\r\nRETR 3\r\nQUIT\r\n", SIGNED_IN
      "+OK 47 octets\r\nSubject: one\r\n\r\nfirst line\r\n..dot\r\n...\r\n..\r\nlast\r\n.\r\n"
      "+OK 22 octets\r\nSubject: two\r\n\r\nline\r\n.\r\n+OK 0 octets\r\n.\r\n" BYE },
    { SIGN_IN
      "TOP 1 0\r\nTOP 1 2\r\nTOP 1 99\r\nTOP 3 1\r\nTOP 1\r\nTOP 1 x\r\nTOP 9 1\r\nQUIT\r\n",
      SIGNED_IN "+OK top of message follows\r\nSubject: one\r\n\r\n.\r\n"
                "+OK top of message follows\r\nSubject: one\r\n\r\nfirst line\r\n..dot\r\n.\r\n"
                "+OK top of message follows\r\nSubject: one\r\n\r\nfirst "
                "line\r\n..dot\r\n...\r\n..\r\nlast\r\n"
                ".\r\n+OK top of message follows\r\n.\r\n-ERR how many lines?\r\n"
                "-ERR how many lines?\r\n-ERR no such message\r\n" BYE },
    { SIGN_IN
      "RETR\r\nRETR 0\r\nRETR 4\r\nRETR -1\r\nRETR 1x\r\nDELE 99999999999999999999\r\nQUIT\r\n",
      SIGNED_IN "-ERR no such message\r\n-ERR no such message\r\n-ERR no such message\r\n"
                "-ERR no such message\r\n-ERR no such message\r\n-ERR no such message\r\n" BYE },
    { SIGN_IN "DELE 1\r\nDELE 1\r\nRETR 1\r\nLIST 1\r\nSTAT\r\nUIDL\r\nRSET\r\nSTAT\r\nQUIT\r\n",
      SIGNED_IN
      "+OK marked\r\n-ERR no such message\r\n-ERR no such message\r\n-ERR no such message\r\n"
      "+OK 2 22\r\n+OK listing follows\r\n2 uid-2\r\n3 uid-3\r\n.\r\n+OK\r\n+OK 3 69\r\n" BYE },
  };

  add_three (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %u: %s", i, cases[i].script);
    g_autofree char *heard = talk (fixture, cases[i].script);
    g_assert_cmpstr (heard, ==, cases[i].heard);
  }
  g_assert_cmpuint (pb_demo_server_count (fixture->server), ==, 3);
}

/* Deletions count when QUIT was answered, and not before. */
static void
test_update (Fixture *fixture, gconstpointer data) {
  add_three (fixture);
  Client client = { .port = pb_demo_server_get_port (fixture->server),
                    .script = SIGN_IN "DELE 1\r\nDELE 2\r\nRSET\r\nDELE 3\r\n" };
  client.script_length = strlen (client.script);

  g_autofree char *refused = talk (fixture, SIGN_IN "DELE 1\r\nRSET\r\nQUIT\r\n");
  g_assert_true (g_str_has_suffix (refused, BYE));
  g_assert_cmpuint (pb_demo_server_count (fixture->server), ==, 3);

  g_autoptr (GIOStream) lost = connect_client (client.port);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (lost), client.script,
                                            client.script_length, NULL, NULL, NULL));
  pb_test_pass_time (50);
  g_io_stream_close (lost, NULL, NULL);
  pb_test_pass_time (50);
  g_assert_cmpuint (pb_demo_server_count (fixture->server), ==, 3);

  g_autofree char *first = talk (fixture, SIGN_IN "DELE 2\r\nDELE 1\r\nQUIT\r\n");
  g_assert_true (g_str_has_suffix (first, "+OK marked\r\n+OK marked\r\n" BYE));
  g_assert_cmpuint (pb_demo_server_count (fixture->server), ==, 1);
  g_autofree char *left = talk (fixture, SIGN_IN "UIDL\r\nQUIT\r\n");
  g_assert_true (g_str_has_suffix (left, "\r\n1 uid-3\r\n.\r\n" BYE));
  pb_demo_server_clear (fixture->server);
  g_assert_cmpuint (pb_demo_server_count (fixture->server), ==, 0);
}

static void
test_log (Fixture *fixture, gconstpointer data) {
  static const char *const expected[] = { "USER li", "PASS", "pass", "RETR 1", "QUIT", NULL };

  g_autofree char *heard = talk (fixture, SIGN_IN "pass two words\r\nRETR 1\r\nQUIT\r\n");
  g_assert_cmpstrv ((gpointer) expected, (gpointer) pb_demo_server_get_log (fixture->server));
}

static void
test_made_uids (Fixture *fixture, gconstpointer data) {
  add_text (fixture, "same\n", NULL);
  add_text (fixture, "same\n", NULL);
  add_text (fixture, "other\n", NULL);
  g_autofree char *heard = talk (fixture, SIGN_IN "UIDL 1\r\nUIDL 2\r\nUIDL 3\r\nQUIT\r\n");
  g_auto (GStrv) lines = g_strsplit (heard, "\r\n", -1);

  /* "+OK 1 " and forty hex digits. */
  g_assert_cmpuint (strlen (lines[3]), ==, 46);
  g_assert_cmpint (strncmp (lines[3] + 6, lines[4] + 6, 40), ==, 0);
  g_assert_true (g_str_has_suffix (lines[4], "-2"));
  g_assert_cmpint (strncmp (lines[3] + 6, lines[5] + 6, 40), !=, 0);

  pb_demo_server_clear (fixture->server);
  add_text (fixture, "same\n", NULL);
  g_autofree char *again = talk (fixture, SIGN_IN "UIDL 1\r\nQUIT\r\n");
  g_assert_nonnull (strstr (again, lines[3]));
}

static void
test_long_line (Fixture *fixture, gconstpointer data) {
  g_autofree char *script = g_strnfill (1024 * 1024, 'x');
  g_autofree char *heard = talk (fixture, script);

  g_assert_cmpstr (heard, ==, GREETING "-ERR line too long\r\n");
}

static void
test_capabilities (Fixture *fixture, gconstpointer data) {
  static const char *const few[] = { "TOP", "X-ODD with words", NULL };

  pb_demo_server_set_capabilities (fixture->server, few);
  g_autofree char *some = talk (fixture, "CAPA\r\nQUIT\r\n");
  g_assert_cmpstr (some, ==,
                   GREETING "+OK capabilities follow\r\nTOP\r\nX-ODD with words\r\n.\r\n" BYE);
  pb_demo_server_set_capabilities (fixture->server, NULL);
  g_autofree char *none = talk (fixture, "CAPA\r\nQUIT\r\n");
  g_assert_cmpstr (none, ==, GREETING "-ERR unknown command\r\n" BYE);
}

typedef struct {
  const char *command; /* prefix */
  PbDemoVerdict verdict;
  const char *reply;
  const char *heard;
  gboolean stays_open;
} Trick;

static PbDemoVerdict
play_trick (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  const Trick *trick = data;

  if (strcmp (command, trick->command) != 0)
    return PB_DEMO_ANSWER;
  if (trick->reply)
    *reply = g_bytes_new (trick->reply, strlen (trick->reply));
  return trick->verdict;
}

static gpointer
hear_for_a_while (gpointer data) {
  Client *client = data;
  g_autoptr (GIOStream) stream = connect_client (client->port);
  GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), client->script,
                             client->script_length, NULL, NULL, NULL);
  g_socket_set_timeout (socket, 1);
  hear_all (client, stream);
  g_atomic_int_set (&client->finished, 1);
  return NULL;
}

static void
test_hook (Fixture *fixture, gconstpointer data) {
  static const Trick tricks[] = {
    { "", PB_DEMO_REPLY, "-ERR go away\r\n", "-ERR go away\r\n-ERR not now\r\n" BYE, FALSE },
    { "", PB_DEMO_REPLY_AND_CLOSE, "-ERR full\r\n", "-ERR full\r\n", FALSE },
    { "", PB_DEMO_CLOSE, NULL, "", FALSE },
    { "", PB_DEMO_SILENT, NULL, "", TRUE },
    { "NOOP", PB_DEMO_REPLY, "+O", GREETING "+O" BYE, FALSE },
    { "NOOP", PB_DEMO_REPLY, NULL, GREETING BYE, FALSE },
    { "NOOP", PB_DEMO_CLOSE, "ignored", GREETING, FALSE },
    { "NOOP", PB_DEMO_SILENT, NULL, GREETING, TRUE },
    { "NOOP", PB_DEMO_REPLY_AND_SILENT, "+O", GREETING "+O", TRUE },
    { "QUIT", PB_DEMO_REPLY_AND_CLOSE, "+OK\r\n", GREETING "-ERR not now\r\n+OK\r\n", FALSE },
  };
  Client client = { .port = pb_demo_server_get_port (fixture->server),
                    .script = "NOOP\r\nQUIT\r\n" };

  client.script_length = strlen (client.script);
  for (guint i = 0; i < G_N_ELEMENTS (tricks); i++) {
    g_test_message ("trick %u", i);
    pb_demo_server_set_hook (fixture->server, play_trick, (gpointer) &tricks[i]);
    client.finished = 0;
    client_run (&client, hear_for_a_while);
    g_assert_cmpstr (client.heard->str, ==, tricks[i].heard);
    g_assert_true (client.abrupt == tricks[i].stays_open);
    g_string_free (client.heard, TRUE);
  }
}

static PbDemoVerdict
stop_there (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  if (strcmp (command, data) == 0)
    pb_demo_server_stop (server);
  return PB_DEMO_ANSWER;
}

static void
test_stop_in_hook (Fixture *fixture, gconstpointer data) {
  static const char *const moments[] = { "", "NOOP", "QUIT" };

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++) {
    Client client = { .port = pb_demo_server_get_port (fixture->server),
                      .script = "NOOP\r\nQUIT\r\n" };
    g_autoptr (GError) error = NULL;

    client.script_length = strlen (client.script);
    pb_demo_server_set_hook (fixture->server, stop_there, (gpointer) moments[i]);
    client_run (&client, hear_for_a_while);
    g_assert_false (g_str_has_suffix (client.heard->str, BYE));
    g_string_free (client.heard, TRUE);
    pb_demo_server_start (fixture->server, &error);
    g_assert_no_error (error);
  }
}

static void
test_tls (Fixture *fixture, gconstpointer data) {
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (fixture->certificate);
  Client client = { .port = pb_demo_server_get_port (fixture->server),
                    .script = SIGN_IN "RETR 2\r\nCAPA\r\nQUIT\r\n",
                    .tls = TRUE,
                    .fingerprint = fingerprint };

  add_three (fixture);
  client.script_length = strlen (client.script);
  client_run (&client, run_script);
  g_assert_cmpstr (client.heard->str, ==,
                   SIGNED_IN "+OK 22 octets\r\nSubject: two\r\n\r\nline\r\n.\r\n"
                             "+OK capabilities follow\r\nTOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\n"
                             "RESP-CODES\r\n.\r\n" BYE);
  /* The server said farewell properly, so this was an end and not a cut. */
  g_assert_false (client.abrupt);
  g_string_free (client.heard, TRUE);
}

static void
test_tls_crash (Fixture *fixture, gconstpointer data) {
  static const Trick crash = { "RETR 2", PB_DEMO_CLOSE };
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (fixture->certificate);
  Client client = { .port = pb_demo_server_get_port (fixture->server),
                    .script = SIGN_IN "RETR 2\r\nQUIT\r\n",
                    .tls = TRUE,
                    .fingerprint = fingerprint };

  add_three (fixture);
  client.script_length = strlen (client.script);
  pb_demo_server_set_hook (fixture->server, play_trick, (gpointer) &crash);
  client_run (&client, run_script);
  g_assert_cmpstr (client.heard->str, ==, SIGNED_IN);
  g_assert_true (client.abrupt);
  g_string_free (client.heard, TRUE);
}

static void
hear_line (Client *client, GIOStream *stream) {
  GInputStream *input = g_io_stream_get_input_stream (stream);
  char byte = 0;

  while (byte != '\n') {
    g_assert_cmpint (g_input_stream_read (input, &byte, 1, NULL, NULL), ==, 1);
    g_string_append_c (client->heard, byte);
  }
}

static gpointer
run_starttls (gpointer data) {
  Client *client = data;
  g_autoptr (GIOStream) stream = connect_client (client->port);
  /* What stands behind STLS in the same breath must not be taken as said under protection. */
  static const char before[] = "USER evil\r\nSTLS\r\nUSER evil\r\nNOOP\r\n";

  hear_line (client, stream);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), before, strlen (before), NULL,
                             NULL, NULL);
  hear_line (client, stream);
  hear_line (client, stream);
  g_autoptr (GIOStream) tls = wrap (client, stream);
  g_output_stream_write_all (g_io_stream_get_output_stream (tls), client->script,
                             client->script_length, NULL, NULL, NULL);
  hear_all (client, tls);
  g_io_stream_close (tls, NULL, NULL);
  g_atomic_int_set (&client->finished, 1);
  return NULL;
}

static void
test_starttls (Fixture *fixture, gconstpointer data) {
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (fixture->certificate);
  Client client = { .port = pb_demo_server_get_port (fixture->server),
                    .script = "PASS x\r\nCAPA\r\nSTLS\r\n" SIGN_IN "QUIT\r\n",
                    .fingerprint = fingerprint };

  g_autofree char *plain = talk (fixture, "CAPA\r\nQUIT\r\n");
  g_assert_true (g_str_has_suffix (plain, "RESP-CODES\r\nSTLS\r\n.\r\n" BYE));
  add_three (fixture);
  client.script_length = strlen (client.script);
  client_run (&client, run_starttls);
  g_assert_cmpstr (client.heard->str, ==,
                   GREETING
                   "+OK password, please\r\n+OK begin TLS negotiation\r\n-ERR USER first\r\n"
                   "+OK capabilities follow\r\nTOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\nRESP-CODES\r\n"
                   ".\r\n-ERR not offered\r\n+OK password, please\r\n"
                   "+OK 3 messages (69 octets)\r\n" BYE);
  g_assert_false (client.abrupt);
  g_string_free (client.heard, TRUE);
}

/* 10,000 messages asked for in one breath, over TLS; and one that is larger than what may wait. */
static void
test_many (Fixture *fixture, gconstpointer data) {
  enum { COUNT = 10000, BODY = 2000, LARGE = 8 * 1024 * 1024 };
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (fixture->certificate);
  g_autofree char *body = g_strnfill (LARGE, 'x');
  g_autoptr (GString) script = g_string_new (SIGN_IN);
  Client client = { .port = pb_demo_server_get_port (fixture->server),
                    .tls = TRUE,
                    .fingerprint = fingerprint };
  gint64 start;

  for (guint i = 1; i <= COUNT; i++) {
    g_autofree char *text = g_strdup_printf ("Subject: %u\n\n%.*s\n", i, BODY, body);
    add_text (fixture, text, NULL);
    g_string_append_printf (script, "RETR %u\r\n", i);
  }
  add_text (fixture, body, "large");
  for (guint i = 1; i <= COUNT; i++)
    g_string_append_printf (script, "DELE %u\r\n", i);
  g_string_append_printf (script, "RETR %u\r\nQUIT\r\n", COUNT + 1);
  client.script = script->str;
  client.script_length = script->len;
  start = g_get_monotonic_time ();
  client_run (&client, run_script);
  g_test_message ("%u messages: %.0f ms", COUNT, (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (client.heard->len, >, COUNT * BODY + LARGE);
  g_assert_true (g_str_has_suffix (client.heard->str, "x\r\n.\r\n" BYE));
  g_assert_cmpuint (pb_demo_server_count (fixture->server), ==, 1);
  g_string_free (client.heard, TRUE);
}

/* A client that asks and never reads: nothing but what the socket takes and one batch is
 * waiting. */
static void
test_stop_with_clients (Fixture *fixture, gconstpointer data) {
  g_autofree char *body = g_strnfill (32 * 1024 * 1024, 'x');
  g_autoptr (GIOStream) greedy = connect_client (pb_demo_server_get_port (fixture->server));
  g_autoptr (GIOStream) idle = connect_client (pb_demo_server_get_port (fixture->server));
  static const char script[] = SIGN_IN "RETR 1\r\nRETR 1\r\nRETR 1\r\n";

  add_text (fixture, body, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (greedy), script, strlen (script), NULL,
                             NULL, NULL);
  pb_test_pass_time (50);
  g_assert_cmpstr (pb_demo_server_get_log (fixture->server)[2], ==, "RETR 1");
  g_assert_null (pb_demo_server_get_log (fixture->server)[3]);
  pb_demo_server_stop (fixture->server);
}

static void
test_certificate (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = pb_demo_certificate_new (&error);
  g_assert_no_error (error);
  g_autoptr (GTlsCertificate) other = pb_demo_certificate_new (NULL);
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (certificate);
  g_autofree char *other_fingerprint = pb_demo_certificate_fingerprint (other);
  static const struct {
    const char *host;
    GTlsCertificateFlags flags;
  } cases[] = {
    { "localhost", 0 },
    { "127.0.0.1", 0 },
    { "::1", 0 },
    { "pop.example.org", G_TLS_CERTIFICATE_BAD_IDENTITY },
  };

  g_assert_cmpuint (strspn (fingerprint, "0123456789abcdef"), ==, 64);
  g_assert_cmpuint (strlen (fingerprint), ==, 64);
  g_assert_cmpstr (fingerprint, !=, other_fingerprint);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GSocketConnectable) identity = g_network_address_new (cases[i].host, 995);
    g_test_message ("%s", cases[i].host);
    /* Trusted where it is its own authority, as with a file given by --ca-file, and nowhere
     * else. */
    g_assert_cmpint (g_tls_certificate_verify (certificate, identity, certificate), ==,
                     cases[i].flags);
    g_assert_cmpint (g_tls_certificate_verify (certificate, identity, other), !=, cases[i].flags);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-server/certificate", test_certificate);
#define ADD(name, security, function)                                                      \
  g_test_add ("/demo-server/" name, Fixture, GINT_TO_POINTER (security), set_up, function, \
              tear_down)
  ADD ("commands", PB_DEMO_PLAIN, test_commands);
  ADD ("update", PB_DEMO_PLAIN, test_update);
  ADD ("log", PB_DEMO_PLAIN, test_log);
  ADD ("made-uids", PB_DEMO_PLAIN, test_made_uids);
  ADD ("long-line", PB_DEMO_PLAIN, test_long_line);
  ADD ("capabilities", PB_DEMO_PLAIN, test_capabilities);
  ADD ("hook", PB_DEMO_PLAIN, test_hook);
  ADD ("stop-in-hook", PB_DEMO_PLAIN, test_stop_in_hook);
  ADD ("tls", PB_DEMO_TLS, test_tls);
  ADD ("tls-crash", PB_DEMO_TLS, test_tls_crash);
  ADD ("starttls", PB_DEMO_STARTTLS, test_starttls);
  ADD ("many", PB_DEMO_TLS, test_many);
  ADD ("stop-with-clients", PB_DEMO_PLAIN, test_stop_with_clients);
#undef ADD
  int status = g_test_run ();
  g_clear_object (&shared_certificate);
  return status;
}
