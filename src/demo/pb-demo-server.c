/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The mailbox, the settings and the listening socket. What is said to a client is in
 * pb-demo-dialogue.c. */

#include "pb-demo-server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "pb-demo-server-private.h"
#include "pb-demo-session.h"

#define SESSIONS_MAX 64
#define LOG_LENGTH_MAX 1000000

struct _PbDemoServer {
  GObject parent_instance;

  PbDemoSecurity security;
  GTlsCertificate *certificate;
  char *user;
  char *password;
  GStrv capabilities;
  GPtrArray *messages;   /* of PbDemoMessage */
  GHashTable *made_uids; /* digest → how many messages had it */
  PbDemoHook hook;
  gpointer hook_data;
  GPtrArray *log; /* of char *, and a NULL at the end */
  GSocketService *service;
  guint16 port;
  GPtrArray *sessions;
};

G_DEFINE_FINAL_TYPE (PbDemoServer, pb_demo_server, G_TYPE_OBJECT)

static void
pb_demo_server_dispose (GObject *object) {
  pb_demo_server_stop (PB_DEMO_SERVER (object));
  G_OBJECT_CLASS (pb_demo_server_parent_class)->dispose (object);
}

static void
pb_demo_server_finalize (GObject *object) {
  PbDemoServer *self = PB_DEMO_SERVER (object);

  g_clear_object (&self->certificate);
  g_free (self->user);
  g_free (self->password);
  g_strfreev (self->capabilities);
  g_ptr_array_unref (self->messages);
  g_hash_table_unref (self->made_uids);
  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->sessions);
  G_OBJECT_CLASS (pb_demo_server_parent_class)->finalize (object);
}

static void
pb_demo_server_class_init (PbDemoServerClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pb_demo_server_dispose;
  object_class->finalize = pb_demo_server_finalize;
}

static void
pb_demo_server_init (PbDemoServer *self) {
  static const char *const usual[] = { "TOP", "UIDL", "USER", "PIPELINING", "RESP-CODES", NULL };

  self->capabilities = g_strdupv ((GStrv) usual);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_demo_message_unref);
  self->made_uids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->log = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->log, NULL);
  self->sessions = g_ptr_array_new_with_free_func (g_object_unref);
}

PbDemoServer *
pb_demo_server_new (PbDemoSecurity security, GTlsCertificate *certificate) {
  g_return_val_if_fail (security == PB_DEMO_PLAIN || G_IS_TLS_CERTIFICATE (certificate), NULL);

  PbDemoServer *self = g_object_new (PB_TYPE_DEMO_SERVER, NULL);
  self->security = security;
  g_set_object (&self->certificate, certificate);
  return self;
}

void
pb_demo_server_set_account (PbDemoServer *self, const char *user, const char *password) {
  g_return_if_fail (PB_IS_DEMO_SERVER (self));
  g_return_if_fail (user != NULL && password != NULL);

  g_free (self->user);
  g_free (self->password);
  self->user = g_strdup (user);
  self->password = g_strdup (password);
}

/* Two messages with the same content are two messages: the second gets a number behind it. */
static char *
make_uid (PbDemoServer *self, GBytes *message) {
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, message);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->made_uids, digest)) + 1;

  g_hash_table_insert (self->made_uids, g_strdup (digest), GUINT_TO_POINTER (count));
  return count == 1 ? g_steal_pointer (&digest) : g_strdup_printf ("%s-%u", digest, count);
}

void
pb_demo_server_add_message (PbDemoServer *self, GBytes *message, const char *uid) {
  g_return_if_fail (PB_IS_DEMO_SERVER (self));
  g_return_if_fail (message != NULL);

  g_autofree char *made = uid ? NULL : make_uid (self, message);
  g_ptr_array_add (self->messages, pb_demo_message_new (message, uid ? uid : made));
}

void
pb_demo_server_clear (PbDemoServer *self) {
  g_return_if_fail (PB_IS_DEMO_SERVER (self));
  g_ptr_array_set_size (self->messages, 0);
  g_hash_table_remove_all (self->made_uids);
}

guint
pb_demo_server_count (PbDemoServer *self) {
  g_return_val_if_fail (PB_IS_DEMO_SERVER (self), 0);
  return self->messages->len;
}

gboolean
pb_demo_server_has_message (PbDemoServer *self, const char *uid) {
  g_return_val_if_fail (PB_IS_DEMO_SERVER (self), FALSE);

  for (guint i = 0; i < self->messages->len; i++) {
    const PbDemoMessage *message = self->messages->pdata[i];
    if (strcmp (message->uid, uid) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
session_closed (PbDemoSession *session, gpointer data) {
  PbDemoServer *self = data;

  pb_demo_session_stop (session);
  g_ptr_array_remove_fast (self->sessions, session);
}

static gboolean
connected (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data) {
  PbDemoServer *self = data;

  if (self->sessions->len >= SESSIONS_MAX)
    return TRUE;
  /* Many small replies, none of which should wait for an acknowledgement. */
  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, 1,
                       NULL);
  PbDemoSession *session = pb_demo_session_new (self, connection);
  g_signal_connect (session, "closed", G_CALLBACK (session_closed), self);
  g_ptr_array_add (self->sessions, session);
  pb_demo_session_start (session);
  return TRUE;
}

gboolean
pb_demo_server_start (PbDemoServer *self, GError **error) {
  g_return_val_if_fail (PB_IS_DEMO_SERVER (self), FALSE);
  g_return_val_if_fail (self->service == NULL, FALSE);

  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocketAddress) wish = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), wish, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &address, error))
    return FALSE;
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect (service, "incoming", G_CALLBACK (connected), self);
  self->service = g_steal_pointer (&service);
  g_socket_service_start (self->service);
  return TRUE;
}

guint16
pb_demo_server_get_port (PbDemoServer *self) {
  g_return_val_if_fail (PB_IS_DEMO_SERVER (self), 0);
  return self->port;
}

void
pb_demo_server_stop (PbDemoServer *self) {
  g_return_if_fail (PB_IS_DEMO_SERVER (self));

  if (self->service) {
    g_signal_handlers_disconnect_by_data (self->service, self);
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    g_clear_object (&self->service);
  }
  for (guint i = 0; i < self->sessions->len; i++) {
    g_signal_handlers_disconnect_by_data (self->sessions->pdata[i], self);
    pb_demo_session_stop (self->sessions->pdata[i]);
  }
  g_ptr_array_set_size (self->sessions, 0);
}

void
pb_demo_server_set_capabilities (PbDemoServer *self, const char *const *capabilities) {
  g_return_if_fail (PB_IS_DEMO_SERVER (self));

  g_strfreev (self->capabilities);
  self->capabilities = g_strdupv ((GStrv) capabilities);
}

void
pb_demo_server_set_hook (PbDemoServer *self, PbDemoHook hook, gpointer user_data) {
  g_return_if_fail (PB_IS_DEMO_SERVER (self));

  self->hook = hook;
  self->hook_data = user_data;
}

const char *const *
pb_demo_server_get_log (PbDemoServer *self) {
  g_return_val_if_fail (PB_IS_DEMO_SERVER (self), NULL);
  return (const char *const *) self->log->pdata;
}

PbDemoSecurity
_pb_demo_server_get_security (PbDemoServer *self) {
  return self->security;
}

GTlsCertificate *
_pb_demo_server_get_certificate (PbDemoServer *self) {
  return self->certificate;
}

const char *const *
_pb_demo_server_get_capabilities (PbDemoServer *self) {
  return (const char *const *) self->capabilities;
}

gboolean
_pb_demo_server_check (PbDemoServer *self, const char *user, const char *password) {
  return self->user && strcmp (self->user, user) == 0 && strcmp (self->password, password) == 0;
}

static gpointer
ref_message (gconstpointer message, gpointer data) {
  return pb_demo_message_ref ((PbDemoMessage *) message);
}

GPtrArray *
_pb_demo_server_dup_messages (PbDemoServer *self) {
  GPtrArray *copy = g_ptr_array_copy (self->messages, ref_message, NULL);

  g_ptr_array_set_free_func (copy, (GDestroyNotify) pb_demo_message_unref);
  return copy;
}

void
_pb_demo_server_remove (PbDemoServer *self, GHashTable *gone) {
  if (g_hash_table_size (gone) == 0)
    return;
  GPtrArray *left = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_demo_message_unref);
  for (guint i = 0; i < self->messages->len; i++) {
    if (!g_hash_table_contains (gone, self->messages->pdata[i]))
      g_ptr_array_add (left, pb_demo_message_ref (self->messages->pdata[i]));
  }
  g_ptr_array_unref (self->messages);
  self->messages = left;
}

static void
note (PbDemoServer *self, const char *line) {
  gboolean secret = g_ascii_strncasecmp (line, "PASS", 4) == 0;

  if (self->log->len > LOG_LENGTH_MAX)
    return;
  self->log->pdata[self->log->len - 1] = g_strndup (line, secret ? 4 : strlen (line));
  g_ptr_array_add (self->log, NULL);
}

PbDemoVerdict
_pb_demo_server_receive (PbDemoServer *self, const char *line, GBytes **reply) {
  if (*line)
    note (self, line);
  return self->hook ? self->hook (self, line, reply, self->hook_data) : PB_DEMO_ANSWER;
}
