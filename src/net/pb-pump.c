/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Pollable streams and four sources: readable (always), writable (while a write is stuck), again
 * (more to do than one turn may), clock. Destroying them is all that stopping takes; there is
 * never an operation to wait for. */

#include "pb-pump.h"

#include "pb-connector.h"
#include "pb-error.h"

#define TURN_BYTES (1024 * 1024)
#define TURN_MICROSECONDS 4000

struct _PbPump {
  PbPop3Machine *machine;
  GObject *owner;
  gpointer data; /* of the handlers */
  PbPumpHandlers handlers;
  gint64 timeout; /* µs */
  GMainContext *context;
  GIOStream *stream; /* NULL while stopped */
  GPollableInputStream *input;
  GPollableOutputStream *output;
  GSource *readable;
  GSource *writable;
  GSource *again;
  GSource *clock;
  gint64 clock_limit; /* µs of silence for which it was set */
  gint64 last_byte;   /* µs, monotonic */
  gint64 paused_since;
  gboolean paused;
  gboolean busy;
  gboolean write_failed;
  guint64 received;
  guint64 sent;
};

PbPump *
pb_pump_new (PbPop3Machine *machine,
             guint timeout,
             const PbPumpHandlers *handlers,
             GObject *owner,
             gpointer data) {
  PbPump *self = g_new0 (PbPump, 1);

  self->machine = machine;
  self->owner = owner;
  self->data = data;
  self->handlers = *handlers;
  self->timeout = (gint64) timeout * G_USEC_PER_SEC;
  return self;
}

static void
clear_source (GSource **source) {
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

GIOStream *
pb_pump_stop (PbPump *self) {
  clear_source (&self->readable);
  clear_source (&self->writable);
  clear_source (&self->again);
  clear_source (&self->clock);
  g_clear_pointer (&self->context, g_main_context_unref);
  self->input = NULL;
  self->output = NULL;
  return g_steal_pointer (&self->stream);
}

void
pb_pump_free (PbPump *self) {
  if (!self)
    return;
  g_autoptr (GIOStream) stream = pb_pump_stop (self);
  if (stream)
    pb_connector_drop (stream);
  g_free (self);
}

static void
fail (PbPump *self, const GError *error) {
  g_autoptr (GIOStream) stream = pb_pump_stop (self);

  if (stream)
    pb_connector_drop (stream);
  self->handlers.failed (self->data, error);
}

static void
fail_connection (PbPump *self, const GError *cause) {
  g_autoptr (GError) error =
    g_error_new (PB_ERROR, PB_ERROR_CONNECT, "the connection was lost: %s", cause->message);

  fail (self, error);
}

static GSource *
attach (PbPump *self, GSource *source, int priority, GSourceFunc func) {
  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
  return source;
}

typedef enum {
  READ_SOME,
  READ_BLOCKED, /* or the end, which the machine knows now */
  READ_FAILED,
} ReadResult;

static ReadResult
read_once (PbPump *self, gsize *length) {
  g_autoptr (GError) error = NULL;
  gsize size;
  guint8 *space = pb_pop3_machine_get_space (self->machine, &size);
  gssize n = g_pollable_input_stream_read_nonblocking (self->input, space, size, NULL, &error);

  if (n > 0) {
    pb_pop3_machine_received (self->machine, (gsize) n);
    self->received += (guint64) n;
    self->last_byte = g_get_monotonic_time ();
    *length = (gsize) n;
    return READ_SOME;
  }
  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return READ_BLOCKED;
  if (n < 0) {
    fail_connection (self, error);
    return READ_FAILED;
  }
  /* What was asked for may be what the server cannot stand: whether it goes without is up to the
   * handler. */
  if (pb_pop3_machine_get_patience (self->machine) > 0) {
    g_autoptr (GError) end =
      g_error_new_literal (PB_ERROR, PB_ERROR_CONNECT, "the server closed the connection");
    fail (self, end);
    return READ_FAILED;
  }
  pb_pop3_machine_closed (self->machine);
  *length = 0;
  return READ_SOME;
}

/* TRUE when the turn had to end although there may be more to read. */
static gboolean
read_much (PbPump *self) {
  gint64 end = g_get_monotonic_time () + TURN_MICROSECONDS;
  gsize total = 0, length = 0;

  while (!self->paused && self->handlers.process (self->data) && self->stream && !self->paused) {
    if (total >= TURN_BYTES || (total > 0 && self->last_byte > end))
      return TRUE;
    if (read_once (self, &length) != READ_SOME)
      return FALSE;
    total += length;
  }
  return FALSE;
}

/* A server that hangs up may have said why: that is read before the broken connection is
 * reported. */
static void
write_much (PbPump *self) {
  gsize length;
  const guint8 *bytes;

  while (!self->write_failed && (bytes = pb_pop3_machine_peek_output (self->machine, &length))) {
    g_autoptr (GError) error = NULL;
    gssize n =
      g_pollable_output_stream_write_nonblocking (self->output, bytes, length, NULL, &error);
    if (n >= 0) {
      pb_pop3_machine_sent (self->machine, (gsize) n);
      self->sent += (guint64) n;
      self->last_byte = g_get_monotonic_time ();
    } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      break;
    } else {
      self->write_failed = TRUE;
    }
  }
}

static gboolean turn (PbPump *self);

static gboolean
stream_ready_cb (GObject *stream, gpointer data) {
  return turn (data);
}

static gboolean
again_cb (gpointer data) {
  PbPump *self = data;

  clear_source (&self->again);
  return turn (self);
}

/* µs without a byte. */
static gint64
silence_limit (PbPump *self) {
  gint64 patience = (gint64) pb_pop3_machine_get_patience (self->machine) * G_USEC_PER_SEC;

  return patience > 0 ? MIN (patience, self->timeout) : self->timeout;
}

static gboolean
time_is_up_cb (gpointer data) {
  PbPump *self = data;
  g_autoptr (GObject) keep = g_object_ref (self->owner);

  gint64 limit = silence_limit (self);

  clear_source (&self->clock);
  if (pb_pop3_machine_is_busy (self->machine) &&
      g_get_monotonic_time () >= self->last_byte + limit) {
    g_autoptr (GError) error =
      g_error_new (PB_ERROR, PB_ERROR_TIMEOUT, "the server was silent for %u seconds",
                   (guint) (limit / G_USEC_PER_SEC));
    fail (self, error);
    self->handlers.turned (self->data);
    return G_SOURCE_REMOVE;
  }
  return turn (self);
}

/* Set for the earliest moment at which time may be up; when it goes off and a byte came
 * meanwhile, it is set again. */
static void
arrange_clock (PbPump *self) {
  gboolean was_busy = self->busy;

  self->busy = pb_pop3_machine_is_busy (self->machine);
  if (self->busy && !was_busy)
    self->last_byte = g_get_monotonic_time ();
  if (self->paused || !self->busy || silence_limit (self) != self->clock_limit)
    clear_source (&self->clock);
  if (!self->paused && self->busy && !self->clock) {
    self->clock_limit = silence_limit (self);
    gint64 rest = self->last_byte + self->clock_limit - g_get_monotonic_time ();
    self->clock = attach (self, g_timeout_source_new ((guint) (MAX (rest, 0) / 1000 + 1)),
                          PB_NET_PRIORITY + 1, time_is_up_cb);
  }
}

static void
arrange_writable (PbPump *self) {
  gsize length;

  pb_pop3_machine_peek_output (self->machine, &length);
  if (length > 0 && !self->write_failed && !self->writable)
    self->writable = attach (self, g_pollable_output_stream_create_source (self->output, NULL),
                             PB_NET_PRIORITY, G_SOURCE_FUNC (stream_ready_cb));
}

/* The last reference to the owner may go with this turn, and the pump with it. */
static gboolean
turn (PbPump *self) {
  g_autoptr (GObject) keep = g_object_ref (self->owner);
  gboolean more = FALSE;

  clear_source (&self->writable);
  if (self->stream)
    more = read_much (self);
  if (self->stream)
    write_much (self);
  if (self->stream) {
    arrange_writable (self);
    arrange_clock (self);
    if (more)
      pb_pump_wake (self);
  }
  self->handlers.turned (self->data);
  return G_SOURCE_CONTINUE;
}

static void
watch_input (PbPump *self) {
  if (!self->readable)
    self->readable = attach (self, g_pollable_input_stream_create_source (self->input, NULL),
                             PB_NET_PRIORITY, G_SOURCE_FUNC (stream_ready_cb));
}

void
pb_pump_start (PbPump *self, GIOStream *stream) {
  g_return_if_fail (self->stream == NULL);

  self->stream = stream;
  self->context = g_main_context_ref_thread_default ();
  self->input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  self->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  self->write_failed = FALSE;
  self->busy = FALSE;
  self->last_byte = g_get_monotonic_time ();
  if (!self->paused)
    watch_input (self);
  pb_pump_wake (self);
}

void
pb_pump_wake (PbPump *self) {
  if (self->stream && !self->again)
    self->again = attach (self, g_idle_source_new (), PB_NET_PRIORITY, again_cb);
}

void
pb_pump_set_paused (PbPump *self, gboolean paused) {
  if (self->paused == paused)
    return;
  self->paused = paused;
  if (paused) {
    self->paused_since = g_get_monotonic_time ();
    clear_source (&self->readable);
    clear_source (&self->clock);
    return;
  }
  self->last_byte += g_get_monotonic_time () - self->paused_since;
  if (self->stream) {
    watch_input (self);
    pb_pump_wake (self);
  }
}

gboolean
pb_pump_is_paused (PbPump *self) {
  return self->paused;
}

void
pb_pump_get_counts (PbPump *self, guint64 *received, guint64 *sent) {
  *received = self->received;
  *sent = self->sent;
}
