/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* While the connector works its callback holds the owner; otherwise the pump's sources are all that
 * is under way, and they hold nothing. */

#include "pb-pop3-link.h"

#include "pb-connector.h"
#include "pb-error.h"
#include "pb-pump.h"
#include "pb-tls-facts.h"

#define CONNECT_TIMEOUT 20
#define REPLY_TIMEOUT 60

struct _PbPop3Link {
  GObject *owner;
  PbPop3LinkHandlers handlers;
  PbEndpoint *endpoint;
  PbConnector *connector;
  PbPop3Machine *machine;
  PbPump *pump;
  PbTranscript *transcript;
  GCancellable *connecting; /* of the connector's work under way */
  char *tls;
  GError *end;
  gint64 opened;  /* µs, monotonic; 0 before */
  gint64 waiting; /* the same: since when for the connector */
};

/* What the connector's callbacks get: the link, and the owner that keeps it. */
typedef struct {
  GObject *owner;
  PbPop3Link *link;
} Errand;

static Errand *
errand_new (PbPop3Link *self) {
  Errand *errand = g_new (Errand, 1);

  *errand = (Errand){ g_object_ref (self->owner), self };
  return errand;
}

static void
errand_free (Errand *errand) {
  g_object_unref (errand->owner);
  g_free (errand);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

/* How much went over the line, and in what time. */
static void
note_counts (PbPop3Link *self) {
  guint64 received, sent;

  if (!self->opened)
    return;
  pb_pump_get_counts (self->pump, &received, &sent);
  g_autofree char *text = g_strdup_printf (
    "%" G_GUINT64_FORMAT " bytes received, %" G_GUINT64_FORMAT " bytes sent, %.3f s", received,
    sent, (double) (g_get_monotonic_time () - self->opened) / G_USEC_PER_SEC);
  pb_transcript_add_note (self->transcript, text);
}

/* The connector has done its part. */
static void
note_stream (PbPop3Link *self, GIOStream *stream) {
  g_autofree char *text = g_strdup_printf (
    "connected after %d ms", (int) ((g_get_monotonic_time () - self->waiting) / 1000));

  pb_transcript_add_note (self->transcript, text);
  pb_tls_facts_note (self->transcript, stream);
  g_free (self->tls);
  self->tls = pb_connector_describe (stream);
}

void
pb_pop3_link_end (PbPop3Link *self, const GError *error) {
  if (self->end)
    return;
  self->end = g_error_copy (error);
  pb_transcript_add_note (self->transcript, error->message);
  note_counts (self);
  if (self->connecting)
    g_cancellable_cancel (self->connecting);

  g_autoptr (GIOStream) stream = pb_pump_stop (self->pump);
  if (stream)
    pb_connector_drop (stream);
  self->handlers.ended (self->owner, self->end);
}

static void
end_for (PbPop3Link *self, const char *why) {
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, PB_ERROR_CONNECT, why);

  pb_pop3_link_end (self, error);
}

/* The outcome of the connector's work. */
static void
take_stream (PbPop3Link *self, GIOStream *stream, const GError *error) {
  g_clear_object (&self->connecting);
  if (self->end) {
    if (stream)
      pb_connector_drop (stream);
    return;
  }
  if (!stream) {
    pb_pop3_link_end (self, error);
    return;
  }
  note_stream (self, stream);
  pb_pump_start (self->pump, g_object_ref (stream));
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Errand) errand = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream =
    pb_connector_connect_finish (PB_CONNECTOR (source), result, &error);

  take_stream (errand->link, stream, error);
}

static void
secured (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Errand) errand = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = pb_connector_secure_finish (PB_CONNECTOR (source), result, &error);

  if (stream && !errand->link->end)
    pb_pop3_machine_tls_started (errand->link->machine);
  take_stream (errand->link, stream, error);
}

static void
start_tls (PbPop3Link *self) {
  g_autoptr (GIOStream) plain = pb_pump_stop (self->pump);

  self->connecting = g_cancellable_new ();
  self->waiting = g_get_monotonic_time ();
  pb_connector_secure_async (self->connector, plain, self->connecting, secured, errand_new (self));
}

static gboolean
process_events (gpointer data) {
  PbPop3Link *self = data;
  PbPop3Event event;

  while (!self->end && !pb_pump_is_paused (self->pump)) {
    switch (pb_pop3_machine_next (self->machine, &event)) {
    case PB_POP3_EVENT_NEED_IO:
      return TRUE;
    case PB_POP3_EVENT_START_TLS:
      start_tls (self);
      return FALSE;
    case PB_POP3_EVENT_FAILED:
      pb_pop3_link_end (self, event.error);
      return FALSE;
    case PB_POP3_EVENT_CLOSED:
      self->handlers.event (self->owner, &event);
      end_for (self, "the session is over");
      return FALSE;
    default:
      self->handlers.event (self->owner, &event);
    }
  }
  return FALSE;
}

static void
start_connecting (PbPop3Link *self) {
  self->waiting = g_get_monotonic_time ();
  self->connecting = g_cancellable_new ();
  pb_connector_connect_async (self->connector, self->connecting, connected, errand_new (self));
}

/* The pump has stopped and dropped the connection. */
static void
connection_failed (gpointer data, const GError *error) {
  PbPop3Link *self = data;
  const char *what;

  if (!pb_pop3_machine_step_down (self->machine, &what)) {
    pb_pop3_link_end (self, error);
    return;
  }
  g_autofree char *note =
    g_strdup_printf ("%s was not answered, connecting again to do without", what);
  pb_transcript_add_note (self->transcript, note);
  start_connecting (self);
}

static void
turn_ended (gpointer data) {
  PbPop3Link *self = data;

  self->handlers.turned (self->owner);
}

static void
traced (PbPop3TraceKind kind, const char *text, gpointer data) {
  PbPop3Link *self = data;

  if (kind == PB_POP3_TRACE_SENT)
    pb_transcript_add_sent (self->transcript, text);
  else
    pb_transcript_add_received (self->transcript, text);
}

PbPop3Link *
pb_pop3_link_new (const PbPop3SessionConfig *config,
                  const PbPop3LinkHandlers *handlers,
                  GObject *owner) {
  static const PbPumpHandlers pump_handlers = { process_events, connection_failed, turn_ended };
  PbPop3MachineConfig machine_config = {
    .security = config->endpoint->security,
    .user = config->user,
    .secret = config->secret,
    .allow_clear_secret = config->allow_clear_secret,
    .auth = config->auth,
    .secret_is_token = config->secret_is_token,
    .host = config->endpoint->host,
    .port = config->endpoint->port,
    .allow_utf8 = config->allow_utf8,
    .language = config->language,
    .skip_capa = config->skip_capa,
    .skip_utf8 = config->skip_utf8,
    .skip_lang = config->skip_lang,
    .skip_pipelining = config->skip_pipelining,
  };
  PbPop3Link *self = g_new0 (PbPop3Link, 1);

  self->owner = owner;
  self->handlers = *handlers;
  self->endpoint = pb_endpoint_copy (config->endpoint);
  self->transcript = pb_transcript_new ();
  self->connector =
    pb_connector_new (config->endpoint, config->trusted_certificate, config->ca_file,
                      config->connect_timeout ? config->connect_timeout : CONNECT_TIMEOUT);
  pb_connector_set_client_certificate (self->connector, config->client_certificate);
  self->machine = pb_pop3_machine_new (&machine_config);
  pb_pop3_machine_set_trace (self->machine, traced, self);
  self->pump =
    pb_pump_new (self->machine, config->reply_timeout ? config->reply_timeout : REPLY_TIMEOUT,
                 &pump_handlers, owner, self);
  return self;
}

void
pb_pop3_link_free (PbPop3Link *self) {
  if (!self)
    return;
  pb_pump_free (self->pump);
  pb_pop3_machine_free (self->machine);
  pb_endpoint_free (self->endpoint);
  g_object_unref (self->connector);
  g_object_unref (self->transcript);
  g_clear_object (&self->connecting);
  g_clear_error (&self->end);
  g_free (self->tls);
  g_free (self);
}

void
pb_pop3_link_open (PbPop3Link *self) {
  g_autofree char *where = pb_endpoint_to_string (self->endpoint);
  g_autofree char *note = g_strconcat ("connecting to ", where, NULL);

  g_return_if_fail (self->connecting == NULL && self->end == NULL);

  pb_transcript_add_note (self->transcript, note);
  self->opened = g_get_monotonic_time ();
  start_connecting (self);
}

const char *
pb_pop3_link_get_tls (PbPop3Link *self) {
  return self->tls;
}

const GError *
pb_pop3_link_get_end (PbPop3Link *self) {
  return self->end;
}

PbPop3Machine *
pb_pop3_link_get_machine (PbPop3Link *self) {
  return self->machine;
}

void
pb_pop3_link_wake (PbPop3Link *self) {
  pb_pump_wake (self->pump);
}

void
pb_pop3_link_set_paused (PbPop3Link *self, gboolean paused) {
  pb_pump_set_paused (self->pump, paused);
}

PbTranscript *
pb_pop3_link_get_transcript (PbPop3Link *self) {
  return self->transcript;
}
