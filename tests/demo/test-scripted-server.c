/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of faults: each can be seen by a client, and each goes away. */

#include "pb-scripted-server.h"

#include <string.h>

#include "pb-error.h"
#include "pb-test.h"

static const char script[] =
  "CAPA\r\nSTLS\r\nUSER li\r\nPASS secret\r\nLIST\r\nUIDL\r\nRETR 1\r\nRETR 2\r\n"
  "RETR 3\r\nDELE 1\r\nQUIT\r\n";

/* Says all it has to say, closes its side, and hears until the server closes the other. Nobody
 * shakes hands after STLS: the server drops what follows it. */
typedef struct {
  guint16 port;
  GByteArray *heard;
  gint finished;
} Client;

static gpointer
run_client (gpointer data) {
  Client *client = data;
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_to_host (connector, "127.0.0.1", client->port, NULL, NULL);
  GSocket *socket = g_socket_connection_get_socket (connection);
  char buffer[16 * 1024];
  gssize length;

  g_socket_send (socket, script, strlen (script), NULL, NULL);
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  while ((length = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_byte_array_append (client->heard, (const guint8 *) buffer, (guint) length);
  g_atomic_int_set (&client->finished, 1);
  return NULL;
}

static gboolean
is_finished (gpointer data) {
  return g_atomic_int_get (&((Client *) data)->finished);
}

static GBytes *
hear_server (PbDemoServer *server) {
  Client client = { pb_demo_server_get_port (server), g_byte_array_new (), 0 };
  GThread *thread = g_thread_new ("client", run_client, &client);

  pb_test_until (is_finished, &client);
  g_thread_join (thread);
  return g_byte_array_free_to_bytes (client.heard);
}

static void
add_messages (PbDemoServer *server) {
  static const char text[] = "Subject: hello\n\nbody\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  pb_demo_server_clear (server);
  pb_demo_server_add_message (server, bytes, "first");
  pb_demo_server_add_message (server, bytes, "second");
  pb_demo_server_add_message (server, bytes, "third");
}

static PbDemoServer *
make_server (PbDemoSecurity security, GTlsCertificate *certificate) {
  g_autoptr (GError) error = NULL;
  PbDemoServer *server = pb_demo_server_new (security, certificate);

  pb_demo_server_set_account (server, "li", "secret");
  pb_demo_server_start (server, &error);
  g_assert_no_error (error);
  return server;
}

static void
test_faults (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = pb_demo_certificate_new (&error);
  g_assert_no_error (error);
  g_autoptr (PbDemoServer) plain = make_server (PB_DEMO_PLAIN, NULL);
  g_autoptr (PbDemoServer) starttls = make_server (PB_DEMO_STARTTLS, certificate);
  guint count;
  const PbFault *faults = pb_faults (&count);

  for (guint i = 0; i < count; i++) {
    PbDemoServer *server = faults[i].needs_starttls ? starttls : plain;
    g_test_message ("%s", faults[i].name);
    add_messages (server);
    g_autoptr (GBytes) healthy = hear_server (server);
    add_messages (server);
    pb_fault_apply (&faults[i], server);
    g_autoptr (GBytes) faulty = hear_server (server);
    pb_fault_clear (server);
    add_messages (server);
    g_autoptr (GBytes) again = hear_server (server);
    g_assert_false (g_bytes_equal (healthy, faulty));
    g_assert_true (g_bytes_equal (healthy, again));
  }
}

static void
test_table (void) {
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint count;
  const PbFault *faults = pb_faults (&count);

  g_assert_cmpuint (count, >=, 40);
  for (guint i = 0; i < count; i++) {
    g_test_message ("%s", faults[i].name);
    g_assert_true (g_hash_table_add (names, (gpointer) faults[i].name));
    g_assert_cmpint (faults[i].expected_code, >=, -1);
    g_assert_cmpint (faults[i].expected_code, <=, PB_ERROR_TOO_LARGE);
    g_assert_cmpint (faults[i].expected_code_deleting, >=, faults[i].expected_code);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scripted-server/table", test_table);
  g_test_add_func ("/scripted-server/faults", test_faults);
  return g_test_run ();
}
