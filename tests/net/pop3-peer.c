/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A thread that accepts and runs the script. */

#include "pop3-peer.h"

#include <stdlib.h>
#include <string.h>

struct _Peer {
  PeerStart start;
  GTlsCertificate *certificate;
  PeerScript script;
  gpointer data;
  GSocketListener *listener;
  GCancellable *stop;
  guint16 port;
  GThread *thread;

  GMutex lock; /* for the three below */
  char *client_fingerprint;
  GString *log;
  guint connections;

  GIOStream *stream;
  GDataInputStream *input;
};

static GTlsCertificate *
load_certificate (const char *name) {
  g_autofree char *path = peer_dup_certificate_path (name);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

char *
peer_dup_certificate_path (const char *certificate) {
  g_autofree char *name = g_strconcat (certificate, ".pem", NULL);

  return g_test_build_filename (G_TEST_DIST, "net", "certificates", name, NULL);
}

static char *
fingerprint_of (GTlsCertificate *certificate) {
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

char *
peer_dup_fingerprint (const char *certificate) {
  g_autoptr (GTlsCertificate) loaded = load_certificate (certificate);

  return fingerprint_of (loaded);
}

static gboolean
accept_any_cb (GTlsConnection *connection,
               GTlsCertificate *certificate,
               GTlsCertificateFlags flags,
               gpointer data) {
  return TRUE;
}

static void
note_client (Peer *self, GTlsConnection *connection) {
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (connection);

  g_mutex_lock (&self->lock);
  g_free (self->client_fingerprint);
  self->client_fingerprint = certificate ? fingerprint_of (certificate) : NULL;
  g_mutex_unlock (&self->lock);
}

char *
peer_dup_client_fingerprint (Peer *self) {
  g_mutex_lock (&self->lock);
  char *fingerprint = g_strdup (self->client_fingerprint);
  g_mutex_unlock (&self->lock);
  return fingerprint;
}

static void
use_stream (Peer *self, GIOStream *stream) {
  g_clear_object (&self->input);
  g_set_object (&self->stream, stream);
  if (!stream)
    return;
  self->input = g_data_input_stream_new (g_io_stream_get_input_stream (stream));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (self->input), FALSE);
  g_data_input_stream_set_newline_type (self->input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
}

gboolean
peer_start_tls (Peer *self) {
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (self->stream, self->certificate, NULL);

  if (self->start == PEER_TLS_ASKING) {
    g_object_set (tls, "authentication-mode", G_TLS_AUTHENTICATION_REQUESTED, NULL);
    g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_any_cb), NULL);
  }
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL))
    return FALSE;
  note_client (self, G_TLS_CONNECTION (tls));
  use_stream (self, tls);
  return TRUE;
}

static gpointer
run (gpointer data) {
  Peer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->stop, NULL))) {
    g_mutex_lock (&self->lock);
    self->connections++;
    g_mutex_unlock (&self->lock);
    use_stream (self, G_IO_STREAM (connection));
    if (self->start == PEER_PLAIN || peer_start_tls (self))
      self->script (self, self->data);
    g_io_stream_close (self->stream, NULL, NULL);
    use_stream (self, NULL);
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
    g_object_unref (connection);
  }
  return NULL;
}

Peer *
peer_new (PeerStart start, const char *certificate, PeerScript script, gpointer data) {
  Peer *self = g_new0 (Peer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  self->start = start;
  self->certificate = load_certificate (certificate ? certificate : "localhost");
  self->script = script;
  self->data = data;
  self->log = g_string_new (NULL);
  self->stop = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_mutex_init (&self->lock);
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->thread = g_thread_new ("peer", run, self);
  return self;
}

void
peer_free (Peer *self) {
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_socket_listener_close (self->listener);
  g_object_unref (self->listener);
  g_object_unref (self->stop);
  g_object_unref (self->certificate);
  g_string_free (self->log, TRUE);
  g_free (self->client_fingerprint);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint16
peer_get_port (Peer *self) {
  return self->port;
}

guint
peer_count_connections (Peer *self) {
  g_mutex_lock (&self->lock);
  guint connections = self->connections;
  g_mutex_unlock (&self->lock);
  return connections;
}

char *
peer_dup_log (Peer *self) {
  g_mutex_lock (&self->lock);
  char *log = g_strdup (self->log->str);
  g_mutex_unlock (&self->lock);
  return log;
}

void
peer_say_bytes (Peer *self, const void *bytes, gsize length) {
  g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), bytes, length, NULL,
                             NULL, NULL);
}

void
peer_say (Peer *self, const char *text) {
  peer_say_bytes (self, text, strlen (text));
}

char *
peer_hear (Peer *self) {
  char *line = g_data_input_stream_read_line (self->input, NULL, NULL, NULL);

  if (line) {
    g_mutex_lock (&self->lock);
    g_string_append_printf (self->log, "%s\n", line);
    g_mutex_unlock (&self->lock);
  }
  return line;
}

gboolean
peer_expect (Peer *self, const char *line) {
  g_autofree char *heard = peer_hear (self);

  if (heard)
    g_assert_cmpstr (heard, ==, line);
  return heard != NULL;
}

void
peer_wait_for_end (Peer *self) {
  char byte[256];

  while (g_input_stream_read (G_INPUT_STREAM (self->input), byte, sizeof byte, NULL, NULL) > 0) {
  }
}

/* The well-behaved server */

static const char *const wire_messages[] = {
  "Subject: one\r\n\r\nfirst\r\n",
  "Subject: two\r\n\r\n..dotted\r\n...\r\nlast\r\n",
  "Subject: three\r\n\r\n",
};

static char *
answer_message (const char *line, gboolean with_text) {
  int number = atoi (strchr (line, ' ') + 1);

  if (number < 1 || number > (int) G_N_ELEMENTS (wire_messages))
    return g_strdup ("-ERR no such message\r\n");
  return with_text ? g_strconcat ("+OK it follows\r\n", wire_messages[number - 1], ".\r\n", NULL)
                   : g_strdup ("+OK\r\n");
}

static char *
answer (const PeerFault *fault, const char *line) {
  const char *capabilities = fault->capabilities ? fault->capabilities : PEER_CAPABILITIES;

  if (!*line)
    return g_strdup ("+OK ready\r\n");
  if (strcmp (line, "CAPA") == 0)
    return g_strconcat ("+OK\r\n", capabilities, ".\r\n", NULL);
  if (strcmp (line, "STAT") == 0)
    return g_strdup ("+OK 3 120\r\n");
  if (strcmp (line, "LIST") == 0)
    return g_strdup ("+OK\r\n1 25\r\n2 42\r\n3 18\r\n.\r\n");
  if (strcmp (line, "UIDL") == 0)
    return g_strdup ("+OK\r\n1 uid-1\r\n2 uid-2\r\n3 uid-3\r\n.\r\n");
  if (g_str_has_prefix (line, "RETR ") || g_str_has_prefix (line, "TOP "))
    return answer_message (line, TRUE);
  if (g_str_has_prefix (line, "DELE "))
    return answer_message (line, FALSE);
  return g_strdup ("+OK\r\n");
}

/* FALSE when the dialogue is over. */
static gboolean
commit_fault (Peer *peer, const PeerFault *fault, const char *reply) {
  switch (fault->kind) {
  case FAULT_REFUSE:
    peer_say (peer, fault->refusal ? fault->refusal : "-ERR no");
    peer_say (peer, "\r\n");
    return TRUE;
  case FAULT_NONSENSE:
    peer_say (peer, "what is this?\r\n");
    peer_wait_for_end (peer);
    return FALSE;
  case FAULT_STALL:
    peer_wait_for_end (peer);
    return FALSE;
  case FAULT_CUT:
    peer_say_bytes (peer, reply, strlen (reply) / 2);
    return FALSE;
  default:
    return FALSE;
  }
}

void
peer_serve (Peer *peer, gpointer data) {
  const PeerFault *fault = data;
  g_autofree char *line = g_strdup ("");

  while (line) {
    g_autofree char *reply = answer (fault, line);
    gboolean faulty =
      fault->kind != FAULT_NONE && g_str_has_prefix (line, fault->at) && (*fault->at || !*line);

    if (!faulty)
      peer_say (peer, reply);
    else if (!commit_fault (peer, fault, reply))
      return;
    if (strcmp (line, "QUIT") == 0)
      return;
    if (!faulty && strcmp (line, "STLS") == 0 && !peer_start_tls (peer))
      return;
    g_free (line);
    line = peer_hear (peer);
  }
}
