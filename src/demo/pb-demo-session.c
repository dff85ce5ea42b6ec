/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The pump of one client. Everything happens in advance (): answer what came, write what waits,
 * read more, until the socket would block; then wait for it. While much waits to be written,
 * nothing is read and no command is answered. What POP3 means is not known here. */

#include "pb-demo-session.h"

#include <string.h>

#include "pb-demo-dialogue.h"

#define LINE_LENGTH_MAX (16 * 1024)
#define READ_BYTES (16 * 1024)
#define WAITING_BYTES_MAX (1024 * 1024)
#define LINGER_SECONDS 2

typedef enum {
  PHASE_SHAKING_HANDS,
  PHASE_TALKING,
  PHASE_MUTE,    /* reads, to see the end; answers nothing */
  PHASE_LEAVING, /* writes what waits, then closes its side */
  PHASE_GONE,    /* waits until the client closes too, so that nothing sent is lost by a reset */
  PHASE_CLOSED,
} Phase;

struct _PbDemoSession {
  GObject parent_instance;

  PbDemoServer *server; /* NULL once stopped */
  GSocketConnection *connection;
  GIOStream *stream; /* the connection, or TLS over it */
  GCancellable *cancellable;
  Phase phase;
  PbDemoNext next; /* what to do when all is written */
  PbDemoDialogue dialogue;
  PbDemoOutput output;
  GByteArray *input;
  GSource *readable;
  GSource *writable;
  GSource *linger;
};

G_DEFINE_FINAL_TYPE (PbDemoSession, pb_demo_session, G_TYPE_OBJECT)

static guint closed_signal;

static void advance (PbDemoSession *self);

static void
drop_source (GSource **source) {
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
shut (PbDemoSession *self) {
  self->phase = PHASE_CLOSED;
  drop_source (&self->readable);
  drop_source (&self->writable);
  drop_source (&self->linger);
  g_cancellable_cancel (self->cancellable);
  g_socket_close (g_socket_connection_get_socket (self->connection), NULL);
}

static void
pb_demo_session_finalize (GObject *object) {
  PbDemoSession *self = PB_DEMO_SESSION (object);

  shut (self);
  pb_demo_dialogue_clear (&self->dialogue);
  pb_demo_output_clear (&self->output);
  g_byte_array_unref (self->input);
  g_object_unref (self->stream);
  g_object_unref (self->connection);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (pb_demo_session_parent_class)->finalize (object);
}

static void
pb_demo_session_class_init (PbDemoSessionClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_demo_session_finalize;
  closed_signal = g_signal_new ("closed", PB_TYPE_DEMO_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
pb_demo_session_init (PbDemoSession *self) {
  self->cancellable = g_cancellable_new ();
  self->input = g_byte_array_new ();
  pb_demo_output_init (&self->output);
}

PbDemoSession *
pb_demo_session_new (PbDemoServer *server, GSocketConnection *connection) {
  PbDemoSession *self = g_object_new (PB_TYPE_DEMO_SESSION, NULL);

  self->server = server;
  self->connection = g_object_ref (connection);
  self->stream = g_object_ref (G_IO_STREAM (connection));
  pb_demo_dialogue_init (&self->dialogue, server, &self->output);
  return self;
}

/* The last thing that is done in any turn. */
static void
end (PbDemoSession *self) {
  shut (self);
  if (self->server)
    g_signal_emit (self, closed_signal, 0);
}

static gboolean
ready (GObject *stream, gpointer data) {
  g_autoptr (PbDemoSession) self = g_object_ref (data);

  advance (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
lingered (gpointer data) {
  g_autoptr (PbDemoSession) self = g_object_ref (data);

  end (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for (PbDemoSession *self,
          GSource **source,
          GSource *(*create) (PbDemoSession *self),
          gboolean wanted) {
  if (!wanted) {
    drop_source (source);
    return;
  }
  if (*source)
    return;
  *source = create (self);
  g_source_set_callback (*source, G_SOURCE_FUNC (ready), self, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

static GSource *
create_readable (PbDemoSession *self) {
  GInputStream *stream = g_io_stream_get_input_stream (self->stream);
  return g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (stream), NULL);
}

static GSource *
create_writable (PbDemoSession *self) {
  GOutputStream *stream = g_io_stream_get_output_stream (self->stream);
  return g_pollable_output_stream_create_source (G_POLLABLE_OUTPUT_STREAM (stream), NULL);
}

/* FALSE when the connection is lost. */
static gboolean
write_waiting (PbDemoSession *self) {
  GPollableOutputStream *stream =
    G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->stream));
  const guint8 *data;
  gsize length;

  while ((data = pb_demo_output_peek (&self->output, &length))) {
    g_autoptr (GError) error = NULL;
    gssize sent = g_pollable_output_stream_write_nonblocking (stream, data, length, NULL, &error);
    if (sent < 0)
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    pb_demo_output_sent (&self->output, (gsize) sent);
  }
  return TRUE;
}

/* How many bytes came, 0 when none are there; -1 when the client is gone. */
static gssize
read_more (PbDemoSession *self) {
  GPollableInputStream *stream =
    G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream));
  g_autoptr (GError) error = NULL;
  guint8 buffer[READ_BYTES];
  gssize length =
    g_pollable_input_stream_read_nonblocking (stream, buffer, sizeof buffer, NULL, &error);

  if (length < 0)
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? 0 : -1;
  if (length == 0)
    return -1;
  if (self->phase == PHASE_TALKING)
    g_byte_array_append (self->input, buffer, (guint) length);
  return length;
}

static void
take_next (PbDemoSession *self, PbDemoNext next) {
  /* The hook may have stopped the server. */
  if (self->phase == PHASE_CLOSED)
    return;
  self->next = next;
  if (next == PB_DEMO_NEXT_MUTE)
    self->phase = PHASE_MUTE;
  else if (next != PB_DEMO_NEXT_LINE)
    self->phase = PHASE_LEAVING;
}

static gboolean
has_line (PbDemoSession *self) {
  return self->input->len > 0 && memchr (self->input->data, '\n', self->input->len);
}

static void
answer_line (PbDemoSession *self, const char *line, gsize length) {
  g_autofree char *text =
    g_strndup (line, length > 0 && line[length - 1] == '\r' ? length - 1 : length);

  /* "" is what asks for the greeting. */
  take_next (self, pb_demo_dialogue_receive (&self->dialogue, *text ? text : " "));
}

static gboolean
may_answer (PbDemoSession *self) {
  return self->phase == PHASE_TALKING && self->output.length < WAITING_BYTES_MAX;
}

static void
answer_lines (PbDemoSession *self) {
  gsize done = 0;

  while (may_answer (self)) {
    const char *line = (const char *) self->input->data + done;
    const char *stop =
      done < self->input->len ? memchr (line, '\n', self->input->len - done) : NULL;
    if (!stop)
      break;
    done += (gsize) (stop - line) + 1;
    answer_line (self, line, (gsize) (stop - line));
  }
  /* Behind STLS or QUIT nothing counts that came in the same breath. */
  if (self->phase != PHASE_TALKING)
    done = self->input->len;
  g_byte_array_remove_range (self->input, 0, (guint) done);
  if (self->phase == PHASE_TALKING && self->input->len > LINE_LENGTH_MAX && !has_line (self)) {
    pb_demo_output_add (&self->output, "-ERR line too long\r\n");
    take_next (self, PB_DEMO_NEXT_CLOSE);
  }
}

static void
shaken (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbDemoSession) self = data;
  gboolean done = g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);

  if (self->phase == PHASE_CLOSED)
    return;
  if (!done) {
    end (self);
    return;
  }
  self->phase = PHASE_TALKING;
  /* With STLS the greeting was said before. */
  if (self->next != PB_DEMO_NEXT_TLS)
    take_next (self, pb_demo_dialogue_receive (&self->dialogue, ""));
  self->next = self->next == PB_DEMO_NEXT_TLS ? PB_DEMO_NEXT_LINE : self->next;
  advance (self);
}

static void
shake_hands (PbDemoSession *self) {
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (
    self->stream, _pb_demo_server_get_certificate (self->server), NULL);

  drop_source (&self->readable);
  drop_source (&self->writable);
  self->phase = PHASE_SHAKING_HANDS;
  self->dialogue.is_protected = TRUE;
  g_set_object (&self->stream, tls);
  /* A client that hangs up in a hurry is no attack on this server. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, self->cancellable,
                                    shaken, g_object_ref (self));
}

static void
half_close (PbDemoSession *self) {
  g_socket_shutdown (g_socket_connection_get_socket (self->connection), FALSE, TRUE, NULL);
  advance (self);
}

static void
said_farewell (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbDemoSession) self = data;

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  if (self->phase != PHASE_CLOSED)
    half_close (self);
}

static void
leave (PbDemoSession *self) {
  gboolean farewell = G_IS_TLS_CONNECTION (self->stream) && self->next == PB_DEMO_NEXT_CLOSE;

  self->phase = PHASE_GONE;
  self->linger = g_timeout_source_new_seconds (LINGER_SECONDS);
  g_source_set_callback (self->linger, lingered, self, NULL);
  g_source_attach (self->linger, g_main_context_get_thread_default ());
  if (farewell)
    g_output_stream_close_async (g_io_stream_get_output_stream (self->stream), G_PRIORITY_DEFAULT,
                                 self->cancellable, said_farewell, g_object_ref (self));
  else
    half_close (self);
}

static void
advance (PbDemoSession *self) {
  gssize came = 0;

  if (self->phase == PHASE_SHAKING_HANDS)
    return;
  do {
    if (self->phase == PHASE_TALKING)
      answer_lines (self);
    if (self->phase == PHASE_CLOSED)
      return;
    if (self->phase != PHASE_GONE && !write_waiting (self)) {
      end (self);
      return;
    }
    if (self->phase == PHASE_LEAVING && self->output.length == 0) {
      if (self->next == PB_DEMO_NEXT_TLS)
        shake_hands (self);
      else
        leave (self);
      return;
    }
    came = self->output.length < WAITING_BYTES_MAX && self->phase != PHASE_LEAVING
             ? read_more (self)
             : 0;
    /* Also when nothing came: lines may be left over from a time when much was waiting. */
  } while (came > 0 || (may_answer (self) && has_line (self)));
  if (came < 0) {
    end (self);
    return;
  }
  wait_for (self, &self->writable, create_writable,
            self->output.length > 0 && self->phase != PHASE_GONE);
  wait_for (self, &self->readable, create_readable,
            self->output.length < WAITING_BYTES_MAX && self->phase != PHASE_LEAVING);
}

void
pb_demo_session_start (PbDemoSession *session) {
  g_autoptr (PbDemoSession) self = g_object_ref (session);

  if (_pb_demo_server_get_security (self->server) == PB_DEMO_TLS) {
    shake_hands (self);
    return;
  }
  self->phase = PHASE_TALKING;
  take_next (self, pb_demo_dialogue_receive (&self->dialogue, ""));
  wait_for (self, &self->writable, create_writable, self->phase != PHASE_CLOSED);
}

void
pb_demo_session_stop (PbDemoSession *self) {
  self->server = NULL;
  self->dialogue.server = NULL;
  shut (self);
}
