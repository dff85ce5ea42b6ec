/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One attempt is a GTask that goes through: trust (read in a thread, once), TCP, TLS. Its own
 * cancellable is set off by the caller's or by the clock. */

#include "pb-connector.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "pb-error.h"

struct _PbConnector {
  GObject parent_instance;
  PbEndpoint *endpoint;
  char *trusted_certificate;
  char *ca_file;
  guint timeout;
  GTlsDatabase *ca_database; /* of ca_file, once it was read */
  char *client_certificate_file;
  GTlsCertificate *client_certificate; /* of that file, once it was read */
};

G_DEFINE_FINAL_TYPE (PbConnector, pb_connector, G_TYPE_OBJECT)

typedef struct {
  GCancellable *cancellable; /* of this attempt */
  GCancellable *outer;       /* the caller's, or NULL */
  gulong outer_handler;
  GSource *clock;
  gboolean timed_out;
  GIOStream *stream;
  GTlsCertificate *refused;
  GTlsCertificateFlags flags;
} Attempt;

static void
attempt_stop (Attempt *attempt) {
  if (attempt->outer)
    g_cancellable_disconnect (attempt->outer, attempt->outer_handler);
  g_clear_object (&attempt->outer);
  if (attempt->clock)
    g_source_destroy (attempt->clock);
  g_clear_pointer (&attempt->clock, g_source_unref);
}

static void
attempt_free (gpointer data) {
  Attempt *attempt = data;

  attempt_stop (attempt);
  if (attempt->stream)
    pb_connector_drop (attempt->stream);
  g_clear_object (&attempt->stream);
  g_clear_object (&attempt->refused);
  g_clear_object (&attempt->cancellable);
  g_free (attempt);
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer attempt_cancellable) {
  g_cancellable_cancel (attempt_cancellable);
}

static gboolean
time_is_up_cb (gpointer data) {
  Attempt *attempt = data;

  attempt->timed_out = TRUE;
  g_cancellable_cancel (attempt->cancellable);
  return G_SOURCE_REMOVE;
}

static GTask *
attempt_new (PbConnector *self,
             gpointer source_tag,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data) {
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Attempt *attempt = g_new0 (Attempt, 1);

  g_task_set_source_tag (task, source_tag);
  g_task_set_priority (task, PB_NET_PRIORITY);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, attempt, attempt_free);
  attempt->cancellable = g_cancellable_new ();
  if (cancellable) {
    attempt->outer = g_object_ref (cancellable);
    attempt->outer_handler =
      g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                             g_object_ref (attempt->cancellable), g_object_unref);
  }
  attempt->clock = g_timeout_source_new_seconds (self->timeout);
  g_source_set_callback (attempt->clock, time_is_up_cb, attempt, NULL);
  g_source_attach (attempt->clock, g_main_context_get_thread_default ());
  return task;
}

/* What went wrong, in our words. */
static GError *
translate (PbConnector *self, Attempt *attempt, const GError *cause) {
  g_autofree char *where = pb_endpoint_to_string (self->endpoint);

  if (attempt->timed_out)
    return g_error_new (PB_ERROR, PB_ERROR_TIMEOUT, "%s did not answer within %u seconds", where,
                        self->timeout);
  if (cause->domain == PB_ERROR || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (attempt->refused) {
    GError *error = g_error_new (PB_ERROR, PB_ERROR_CERTIFICATE,
                                 "the certificate of %s is not trusted: %s", where, cause->message);
    pb_error_set_certificate (error, attempt->refused, attempt->flags);
    return error;
  }
  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE))
    return g_error_new (PB_ERROR, PB_ERROR_UNSUPPORTED, "no TLS on this system: %s",
                        cause->message);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (PB_ERROR, PB_ERROR_TIMEOUT, "cannot connect to %s: %s", where,
                        cause->message);
  if (cause->domain == G_TLS_ERROR)
    return g_error_new (PB_ERROR, PB_ERROR_CONNECT, "the TLS handshake with %s failed: %s", where,
                        cause->message);
  return g_error_new (PB_ERROR, PB_ERROR_CONNECT, "cannot connect to %s: %s", where,
                      cause->message);
}

static void
attempt_failed (GTask *task, const GError *cause) {
  Attempt *attempt = g_task_get_task_data (task);

  attempt_stop (attempt);
  g_task_return_error (task, translate (g_task_get_source_object (task), attempt, cause));
}

static void
drop_and_unref (gpointer stream) {
  pb_connector_drop (stream);
  g_object_unref (stream);
}

static void
attempt_succeeded (GTask *task) {
  Attempt *attempt = g_task_get_task_data (task);

  attempt_stop (attempt);
  g_task_return_pointer (task, g_steal_pointer (&attempt->stream), drop_and_unref);
}

/* TLS */

static gboolean
is_accepted_by_hand (PbConnector *self, GTlsCertificate *certificate) {
  g_autoptr (GByteArray) der = NULL;

  if (!self->trusted_certificate)
    return FALSE;
  g_object_get (certificate, "certificate", &der, NULL);
  g_autofree char *digest =
    der ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
  return g_strcmp0 (digest, self->trusted_certificate) == 0;
}

/* Only called for certificates that the system does not trust. */
static gboolean
accept_certificate_cb (GTlsConnection *connection,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer task) {
  PbConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  GSocketConnectable *identity =
    g_tls_client_connection_get_server_identity (G_TLS_CLIENT_CONNECTION (connection));

  if (is_accepted_by_hand (self, certificate))
    return TRUE;
  if (self->ca_database) {
    flags = g_tls_database_verify_chain (self->ca_database, certificate,
                                         G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                         G_TLS_DATABASE_VERIFY_NONE, NULL, NULL);
    if (flags == 0)
      return TRUE;
  }
  g_set_object (&attempt->refused, certificate);
  attempt->flags = flags;
  return FALSE;
}

static void
hands_shaken (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  g_signal_handlers_disconnect_by_data (source, task);
  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    attempt_succeeded (task);
  else
    attempt_failed (task, error);
}

/* Takes @task; its attempt's stream becomes a TLS connection over what it was. */
static void
shake_hands (GTask *task) {
  PbConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) identity =
    g_network_address_new (self->endpoint->host, self->endpoint->port);
  GIOStream *tls = g_tls_client_connection_new (attempt->stream, identity, &error);

  if (!tls) {
    attempt_failed (task, error);
    g_object_unref (task);
    return;
  }
  g_object_unref (attempt->stream);
  attempt->stream = tls;
  /* Whether a reply is complete is for the protocol to see; many servers just hang up. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  if (self->client_certificate)
    g_tls_connection_set_certificate (G_TLS_CONNECTION (tls), self->client_certificate);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_certificate_cb), task);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), PB_NET_PRIORITY, attempt->cancellable,
                                    hands_shaken, task);
}

/* TCP */

static void
tune_socket (GSocketConnection *connection) {
  GSocket *socket = g_socket_connection_get_socket (connection);

  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_keepalive (socket, TRUE);
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (!connection) {
    attempt_failed (task, error);
    return;
  }
  tune_socket (connection);
  attempt->stream = G_IO_STREAM (connection);
  if (self->endpoint->security == PB_SECURITY_TLS)
    shake_hands (g_steal_pointer (&task));
  else
    attempt_succeeded (task);
}

/* Trust */

/* What is read from files; the names go to the thread, the rest comes back. */
typedef struct {
  char *ca_file;
  char *client_certificate_file;
  GTlsDatabase *ca_database;
  GTlsCertificate *client_certificate;
} Trust;

static void
trust_free (gpointer data) {
  Trust *trust = data;

  g_free (trust->ca_file);
  g_free (trust->client_certificate_file);
  g_clear_object (&trust->ca_database);
  g_clear_object (&trust->client_certificate);
  g_free (trust);
}

/* In a thread, because certificates are read from the disk. */
static void
read_trust (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Trust *trust = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) system =
    g_tls_backend_get_default_database (g_tls_backend_get_default ());
  const char *what = "the file with further certificate issuers";

  if (trust->ca_file)
    trust->ca_database = g_tls_file_database_new (trust->ca_file, &error);
  if (!error && trust->client_certificate_file) {
    what = "the file with the client certificate";
    trust->client_certificate =
      g_tls_certificate_new_from_file (trust->client_certificate_file, &error);
  }
  if (error)
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_INVALID, "%s cannot be used: %s", what,
                             error->message);
  else
    g_task_return_boolean (task, TRUE);
}

/* Takes @task. */
static void
connect_socket (GTask *task) {
  PbConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address =
    g_network_address_new (self->endpoint->host, self->endpoint->port);

  g_socket_client_connect_async (client, address, attempt->cancellable, connected, task);
}

static void
trust_read (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbConnector *self = PB_CONNECTOR (source);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    attempt_failed (task, error);
    return;
  }
  Trust *trust = g_task_get_task_data (G_TASK (result));
  g_set_object (&self->ca_database, trust->ca_database);
  g_set_object (&self->client_certificate, trust->client_certificate);
  connect_socket (g_steal_pointer (&task));
}

static void
pb_connector_finalize (GObject *object) {
  PbConnector *self = PB_CONNECTOR (object);

  pb_endpoint_free (self->endpoint);
  g_free (self->trusted_certificate);
  g_free (self->ca_file);
  g_free (self->client_certificate_file);
  g_clear_object (&self->client_certificate);
  g_clear_object (&self->ca_database);
  G_OBJECT_CLASS (pb_connector_parent_class)->finalize (object);
}

static void
pb_connector_class_init (PbConnectorClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_connector_finalize;
}

static void
pb_connector_init (PbConnector *self) {}

PbConnector *
pb_connector_new (const PbEndpoint *endpoint,
                  const char *trusted_certificate,
                  const char *ca_file,
                  guint timeout) {
  g_return_val_if_fail (endpoint != NULL, NULL);
  g_return_val_if_fail (timeout > 0, NULL);

  PbConnector *self = g_object_new (PB_TYPE_CONNECTOR, NULL);
  self->endpoint = pb_endpoint_copy (endpoint);
  self->trusted_certificate = g_strdup (trusted_certificate);
  self->ca_file = g_strdup (ca_file);
  self->timeout = timeout;
  return self;
}

void
pb_connector_set_client_certificate (PbConnector *self, const char *path) {
  g_return_if_fail (PB_IS_CONNECTOR (self));

  g_free (self->client_certificate_file);
  self->client_certificate_file = g_strdup (path);
}

void
pb_connector_connect_async (PbConnector *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_CONNECTOR (self));

  GTask *task = attempt_new (self, pb_connector_connect_async, cancellable, callback, user_data);
  Attempt *attempt = g_task_get_task_data (task);
  if (self->endpoint->security == PB_SECURITY_NONE) {
    connect_socket (task);
    return;
  }
  g_autoptr (GTask) trust = g_task_new (self, attempt->cancellable, trust_read, task);
  g_task_set_source_tag (trust, trust_read);
  Trust *names = g_new0 (Trust, 1);
  names->ca_file = g_strdup (self->ca_file);
  names->client_certificate_file = g_strdup (self->client_certificate_file);
  g_task_set_task_data (trust, names, trust_free);
  g_task_set_return_on_cancel (trust, TRUE);
  g_task_run_in_thread (trust, read_trust);
}

GIOStream *
pb_connector_connect_finish (PbConnector *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pb_connector_secure_async (PbConnector *self,
                           GIOStream *plain,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data) {
  g_return_if_fail (PB_IS_CONNECTOR (self));
  g_return_if_fail (G_IS_IO_STREAM (plain));

  GTask *task = attempt_new (self, pb_connector_secure_async, cancellable, callback, user_data);
  Attempt *attempt = g_task_get_task_data (task);
  attempt->stream = g_object_ref (plain);
  shake_hands (task);
}

GIOStream *
pb_connector_secure_finish (PbConnector *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pb_connector_drop (GIOStream *stream) {
  g_autoptr (GIOStream) layer = g_object_ref (stream);

  /* Down through TLS and proxies to the socket; once that is shut, closing what is above cannot
   * block. */
  while (layer && !G_IS_SOCKET_CONNECTION (layer)) {
    GIOStream *below = NULL;
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (layer), "base-io-stream"))
      g_object_get (layer, "base-io-stream", &below, NULL);
    g_set_object (&layer, below);
    g_clear_object (&below);
  }
  if (layer)
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (layer)), TRUE, TRUE,
                       NULL);
}

static const char *
protocol_name (GTlsProtocolVersion version) {
  switch (version) {
  case G_TLS_PROTOCOL_VERSION_TLS_1_0:
    return "TLS 1.0";
  case G_TLS_PROTOCOL_VERSION_TLS_1_1:
    return "TLS 1.1";
  case G_TLS_PROTOCOL_VERSION_TLS_1_2:
    return "TLS 1.2";
  case G_TLS_PROTOCOL_VERSION_TLS_1_3:
    return "TLS 1.3";
  default:
    return "TLS";
  }
}

char *
pb_connector_describe (GIOStream *stream) {
  if (!G_IS_TLS_CONNECTION (stream))
    return NULL;
  GTlsConnection *connection = G_TLS_CONNECTION (stream);
  g_autofree char *cipher = g_tls_connection_get_ciphersuite_name (connection);
  return g_strconcat (protocol_name (g_tls_connection_get_protocol_version (connection)),
                      cipher ? ", " : NULL, cipher, NULL);
}
