/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Life, bytes and window of the POP3 machine. What the server says is read in pb-pop3-reply.c,
 * the sign-in dialogue is in pb-pop3-sign-in.c and pb-pop3-authenticate.c. */

#include "pb-pop3-machine.h"

#include <string.h>

#include "pb-error.h"
#include "pb-pop3-machine-private.h"

#define INPUT_SIZE (256 * 1024)

/* The window. Small mail needs many commands in flight to fill a long line; large mail needs
 * few. */
#define WINDOW_COMMANDS 2000
#define WINDOW_OCTETS (G_GUINT64_CONSTANT (32) * 1024 * 1024)
#define EXPECTED_MESSAGE (16 * 1024)
#define EXPECTED_LINE 128
#define EXPECTED_HEAD 8192
#define OUTPUT_SLACK (64 * 1024)
/* How much may still have to be read before the answer to QUIT comes. */
#define LEAVE_OCTETS (G_GUINT64_CONSTANT (1024) * 1024)

/* Nothing that depends on the connection. */
static void
copy_config (PbPop3Machine *self, const PbPop3MachineConfig *config) {
  self->security = config->security;
  self->user = g_strdup (config->user);
  self->secret = config->secret ? pb_secret_ref (config->secret) : NULL;
  self->allow_clear_secret = config->allow_clear_secret;
  self->auth = config->auth;
  self->secret_is_token = config->secret_is_token;
  self->host = g_strdup (config->host);
  self->port = config->port;
  self->allow_utf8 = config->allow_utf8;
  self->language = g_strdup (config->language);
  self->skip_capa = config->skip_capa;
  self->skip_utf8 = config->skip_utf8;
  self->skip_lang = config->skip_lang;
  self->skip_pipelining = config->skip_pipelining;
}

PbPop3Machine *
pb_pop3_machine_new (const PbPop3MachineConfig *config) {
  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (config->user != NULL, NULL);
  g_return_val_if_fail (config->secret || !pb_auth_needs_secret (config->auth), NULL);

  PbPop3Machine *self = g_new0 (PbPop3Machine, 1);
  copy_config (self, config);
  self->encrypted = config->security == PB_SECURITY_TLS;
  self->expire_days = -1;
  self->input = pb_input_buffer_new (INPUT_SIZE);
  /* Large enough that a line with a secret never moves while it is built. */
  self->output = g_byte_array_sized_new (MAX (PB_POP3_ARGUMENT_MAX, PB_SASL_RESPONSE_MAX) + 64);
  self->capability_lines = g_ptr_array_new_with_free_func (g_free);
  pb_pop3_queue_init (&self->in_flight);
  pb_pop3_queue_init (&self->express);
  pb_pop3_queue_init (&self->waiting);
  return self;
}

static void
forget_output (PbPop3Machine *self) {
  explicit_bzero (self->output->data, self->output->len);
  g_byte_array_set_size (self->output, 0);
  self->output_sent = 0;
}

void
pb_pop3_machine_free (PbPop3Machine *self) {
  if (!self)
    return;
  forget_output (self);
  g_byte_array_unref (self->output);
  pb_input_buffer_free (self->input);
  pb_pop3_queue_clear (&self->in_flight);
  pb_pop3_queue_clear (&self->express);
  pb_pop3_queue_clear (&self->waiting);
  g_ptr_array_unref (self->capability_lines);
  g_strfreev (self->capabilities);
  g_clear_error (&self->error);
  g_clear_error (&self->refused);
  g_clear_error (&self->raw_refused);
  _pb_pop3_authenticate_clear (self);
  g_clear_pointer (&self->secret, pb_secret_unref);
  g_free (self->implementation);
  g_free (self->language);
  g_free (self->host);
  g_free (self->user);
  g_free (self);
}

void
_pb_pop3_machine_restart (PbPop3Machine *self) {
  forget_output (self);
  self->output_position = 0;
  pb_input_buffer_free (self->input);
  self->input = pb_input_buffer_new (INPUT_SIZE);
  self->input_ended = FALSE;
  self->lent = 0;
  pb_pop3_queue_clear (&self->in_flight);
  pb_pop3_queue_init (&self->in_flight);
  g_clear_pointer (&self->capabilities, g_strfreev);
  self->pipelining = self->pipelining_works = FALSE;
  _pb_pop3_authenticate_clear (self);
  self->mechanism = PB_AUTH_AUTO;
  self->secret_sent = FALSE;
  self->reply = PB_POP3_REPLY_STATUS;
  self->encrypted = self->security == PB_SECURITY_TLS;
  self->announce_ready = FALSE;
  self->state = PB_POP3_STATE_GREETING;
}

void
pb_pop3_machine_set_trace (PbPop3Machine *self, PbPop3TraceFunc func, gpointer user_data) {
  self->trace = func;
  self->trace_data = user_data;
}

/* Takes @text. */
static void
trace_sent (PbPop3Machine *self, char *text) {
  g_autofree char *owned = text;
  PbPop3Span span = { (const guint8 *) text, strlen (text) };
  g_autofree char *printable = pb_pop3_span_to_printable (&span, PB_POP3_TRACE_LINE_MAX);

  self->trace (PB_POP3_TRACE_SENT, printable, self->trace_data);
}

void
_pb_pop3_machine_fail (PbPop3Machine *self, GError *error) {
  g_assert (self->state != PB_POP3_STATE_FAILED);

  self->state = PB_POP3_STATE_FAILED;
  self->error = error;
  forget_output (self);
  _pb_pop3_authenticate_clear (self);
  g_clear_pointer (&self->secret, pb_secret_unref);
}

void
_pb_pop3_machine_fail_protocol (PbPop3Machine *self, const char *message, const PbPop3Span *line) {
  GError *error = g_error_new_literal (PB_ERROR, PB_ERROR_PROTOCOL, message);

  if (line) {
    g_autofree char *text = pb_pop3_span_to_printable (line, PB_POP3_TRACE_LINE_MAX);
    pb_error_set_server_text (error, text);
  }
  _pb_pop3_machine_fail (self, error);
}

/* The line of @command was appended to the output, which had @before bytes. */
static void
put_in_flight (PbPop3Machine *self, const PbPop3Command *command, guint before) {
  PbPop3Command sent = *command;

  self->output_position += self->output->len - before;
  sent.position = self->output_position;
  sent.behind = pb_pop3_queue_get_length (&self->in_flight) > 0;
  pb_pop3_queue_push (&self->in_flight, &sent);
}

void
_pb_pop3_machine_send (PbPop3Machine *self, PbPop3Verb verb, const char *argument) {
  PbPop3Command command = { .verb = verb, .expected = EXPECTED_LINE };
  g_autoptr (GError) error = NULL;
  gsize length = argument ? strlen (argument) : 0;
  guint before = self->output->len;

  g_assert (pb_pop3_queue_get_length (&self->in_flight) == 0);
  if (!pb_pop3_command_append (self->output, verb, argument, length, &error)) {
    _pb_pop3_machine_fail (self, g_steal_pointer (&error));
    return;
  }
  self->secret_sent |= pb_pop3_verb_get_info (verb)->secret;
  if (self->trace)
    trace_sent (self, pb_pop3_command_to_printable (verb, argument));
  put_in_flight (self, &command, before);
}

void
_pb_pop3_machine_send_line (PbPop3Machine *self, const char *line, const char *printable) {
  PbPop3Command command = pb_pop3_queue_pop (&self->in_flight);
  guint before = self->output->len;

  g_assert (command.verb == PB_POP3_AUTH && !strpbrk (line, "\r\n"));
  g_byte_array_append (self->output, (const guint8 *) line, (guint) strlen (line));
  g_byte_array_append (self->output, (const guint8 *) "\r\n", 2);
  self->secret_sent = TRUE;
  if (self->trace)
    trace_sent (self, g_strdup (printable));
  put_in_flight (self, &command, before);
}

/* Sending */

static gboolean
may_send (PbPop3Machine *self, const PbPop3Command *command) {
  const PbPop3Command *answering = pb_pop3_queue_peek (&self->in_flight);

  if (!answering)
    return TRUE;
  return self->pipelining && !command->raw && !answering->raw &&
         pb_pop3_verb_get_info (answering->verb)->pipelined &&
         pb_pop3_verb_get_info (command->verb)->pipelined &&
         pb_pop3_queue_get_length (&self->in_flight) < WINDOW_COMMANDS &&
         self->in_flight.expected <= WINDOW_OCTETS &&
         command->expected <= WINDOW_OCTETS - self->in_flight.expected;
}

/* What was checked when it was asked for cannot fail now. */
static void
send_raw (PbPop3Machine *self) {
  const char *argument = *self->raw.argument ? self->raw.argument : NULL;

  pb_pop3_command_append (self->output, self->raw.verb, argument, strlen (self->raw.argument),
                          NULL);
  if (self->trace)
    trace_sent (self, pb_pop3_command_to_printable (self->raw.verb, argument));
}

static void
send_command (PbPop3Machine *self, const PbPop3Command *command) {
  guint before = self->output->len;

  if (command->raw) {
    send_raw (self);
  } else if (pb_pop3_verb_get_info (command->verb)->numbered) {
    pb_pop3_command_append_numbered (self->output, command->verb, command->number, command->lines);
    if (self->trace)
      trace_sent (self, pb_pop3_command_to_printable_numbered (command->verb, command->number,
                                                               command->lines));
  } else {
    pb_pop3_command_append (self->output, command->verb, NULL, 0, NULL);
    if (self->trace)
      trace_sent (self, pb_pop3_command_to_printable (command->verb, NULL));
  }
  put_in_flight (self, command, before);
}

void
_pb_pop3_machine_probe (PbPop3Machine *self) {
  const PbPop3Command command = { .verb = PB_POP3_NOOP, .probe = TRUE, .expected = EXPECTED_LINE };

  send_command (self, &command);
}

static void
fill_window (PbPop3Machine *self) {
  while (self->state == PB_POP3_STATE_READY) {
    PbPop3Queue *from =
      pb_pop3_queue_get_length (&self->express) > 0 ? &self->express : &self->waiting;
    const PbPop3Command *command = pb_pop3_queue_peek (from);

    if (!command || !may_send (self, command))
      break;
    send_command (self, command);
    pb_pop3_queue_pop (from);
  }
}

const guint8 *
pb_pop3_machine_peek_output (PbPop3Machine *self, gsize *length) {
  fill_window (self);
  if (self->output_sent >= OUTPUT_SLACK) {
    g_byte_array_remove_range (self->output, 0, (guint) self->output_sent);
    self->output_sent = 0;
  }
  *length = self->output->len - self->output_sent;
  return *length > 0 ? self->output->data + self->output_sent : NULL;
}

void
pb_pop3_machine_sent (PbPop3Machine *self, gsize length) {
  if (self->state == PB_POP3_STATE_FAILED)
    return;
  g_return_if_fail (length <= self->output->len - self->output_sent);

  self->output_sent += length;
  if (self->output_sent == self->output->len)
    forget_output (self);
}

void
pb_pop3_machine_enqueue (PbPop3Machine *self, PbPop3Verb verb, guint number, guint tag) {
  const PbPop3CommandInfo *info = pb_pop3_verb_get_info (verb);
  PbPop3Command command = { .verb = verb, .number = number, .tag = tag, .expected = EXPECTED_LINE };

  g_return_if_fail (verb >= PB_POP3_STAT && verb != PB_POP3_RETR && verb != PB_POP3_TOP);
  g_return_if_fail (info->numbered == (number > 0));

  pb_pop3_queue_push (verb == PB_POP3_DELE ? &self->express : &self->waiting, &command);
}

void
pb_pop3_machine_enqueue_retrieve (PbPop3Machine *self,
                                  guint number,
                                  int lines,
                                  guint64 expected,
                                  guint tag) {
  gboolean whole = lines < 0;
  guint64 most = whole ? WINDOW_OCTETS : EXPECTED_HEAD + (guint64) lines * EXPECTED_LINE;
  PbPop3Command command = {
    .verb = whole ? PB_POP3_RETR : PB_POP3_TOP,
    .number = number,
    .lines = whole ? 0 : (guint) lines,
    .tag = tag,
    .expected = MIN (expected > 0 ? expected : EXPECTED_MESSAGE, MIN (most, WINDOW_OCTETS)),
    .listed = whole ? expected : 0,
  };

  g_return_if_fail (number > 0);

  pb_pop3_queue_push (&self->waiting, &command);
}

gboolean
pb_pop3_machine_enqueue_raw (PbPop3Machine *self,
                             const char *line,
                             gsize length,
                             guint tag,
                             GError **error) {
  PbPop3Raw raw;

  g_return_val_if_fail (pb_pop3_queue_get_length (&self->in_flight) == 0 &&
                          pb_pop3_queue_get_length (&self->waiting) == 0,
                        FALSE);

  if (!pb_pop3_raw_parse (&raw, line, length, error))
    return FALSE;
  PbPop3Command command = { .verb = raw.verb, .raw = TRUE, .tag = tag, .expected = EXPECTED_LINE };
  self->raw = raw;
  pb_pop3_queue_push (&self->waiting, &command);
  return TRUE;
}

gboolean
pb_pop3_machine_leave (PbPop3Machine *self) {
  const PbPop3Command *answering = pb_pop3_queue_peek (&self->in_flight);

  if (self->state != PB_POP3_STATE_READY || self->in_flight.expected > LEAVE_OCTETS)
    return FALSE;
  pb_pop3_queue_clear (&self->express);
  pb_pop3_queue_init (&self->express);
  pb_pop3_queue_clear (&self->waiting);
  pb_pop3_queue_init (&self->waiting);
  if (!answering || answering->verb != PB_POP3_QUIT)
    pb_pop3_machine_enqueue (self, PB_POP3_QUIT, 0, 0);
  return TRUE;
}

/* Receiving */

guint8 *
pb_pop3_machine_get_space (PbPop3Machine *self, gsize *size) {
  pb_input_buffer_drop (self->input, self->lent);
  self->lent = 0;
  return pb_input_buffer_get_space (self->input, size);
}

void
pb_pop3_machine_received (PbPop3Machine *self, gsize length) {
  pb_input_buffer_add (self->input, length);
  if (length > 0 && self->state == PB_POP3_STATE_STARTING_TLS)
    _pb_pop3_machine_fail_protocol (self, "bytes came before the TLS handshake", NULL);
}

void
pb_pop3_machine_closed (PbPop3Machine *self) {
  self->input_ended = TRUE;
}

/* A server that only hung up has not refused anything: that could be trouble of any kind. */
static void
fail_at_end (PbPop3Machine *self) {
  GError *error = g_steal_pointer (&self->cancelled);

  if (!error)
    error = g_steal_pointer (&self->stepped_down_for);
  if (!error)
    error = g_error_new (PB_ERROR, PB_ERROR_CONNECT, "the server closed the connection");
  _pb_pop3_machine_fail (self, error);
}

static PbPop3EventType
resting_event (PbPop3Machine *self) {
  switch (self->state) {
  case PB_POP3_STATE_FAILED:
    return PB_POP3_EVENT_FAILED;
  case PB_POP3_STATE_CLOSED:
    return PB_POP3_EVENT_CLOSED;
  case PB_POP3_STATE_STARTING_TLS:
    return PB_POP3_EVENT_START_TLS;
  default:
    return PB_POP3_EVENT_NEED_IO;
  }
}

static PbPop3Progress
announce_ready (PbPop3Machine *self, PbPop3Event *event) {
  self->announce_ready = FALSE;
  event->type = PB_POP3_EVENT_READY;
  return PB_POP3_PROGRESS_EVENT;
}

PbPop3EventType
pb_pop3_machine_next (PbPop3Machine *self, PbPop3Event *event) {
  PbPop3Progress progress = PB_POP3_PROGRESS_AGAIN;

  memset (event, 0, sizeof *event);
  g_clear_error (&self->refused);
  pb_input_buffer_drop (self->input, self->lent);
  self->lent = 0;

  while (progress == PB_POP3_PROGRESS_AGAIN && resting_event (self) == PB_POP3_EVENT_NEED_IO) {
    progress =
      self->announce_ready ? announce_ready (self, event) : _pb_pop3_reply_read (self, event);
  }
  if (progress == PB_POP3_PROGRESS_EVENT)
    return event->type;
  if (self->input_ended && resting_event (self) == PB_POP3_EVENT_NEED_IO)
    fail_at_end (self);
  event->type = resting_event (self);
  event->error = self->error;
  return event->type;
}

void
pb_pop3_machine_tls_started (PbPop3Machine *self) {
  if (self->state == PB_POP3_STATE_FAILED)
    return;
  g_return_if_fail (self->state == PB_POP3_STATE_STARTING_TLS);

  _pb_pop3_sign_in_tls_started (self);
}

/* Of what the reply is waited for, when not a byte of it came yet. */
static const PbPop3Command *
get_unanswered (PbPop3Machine *self) {
  gsize held;

  pb_input_buffer_peek (self->input, &held);
  return self->reply == PB_POP3_REPLY_STATUS && held == 0 ? pb_pop3_queue_peek (&self->in_flight)
                                                          : NULL;
}

void
pb_pop3_machine_get_facts (PbPop3Machine *self, PbPop3MachineFacts *facts) {
  const PbPop3Command *unanswered = get_unanswered (self);

  *facts = (PbPop3MachineFacts){
    .has_capa = self->has_capa,
    .pipelining = self->pipelining,
    .pipelining_works = self->pipelining_works,
    .stuck_behind = unanswered && unanswered->behind,
    .uidl_unanswered = unanswered && unanswered->verb == PB_POP3_UIDL,
    .capa_silent = self->capa_silent,
    .utf8_refused = self->utf8_refused,
    .lang_refused = self->lang_refused,
    .mechanism = self->mechanism,
    .implementation = self->implementation,
    .expire_days = self->expire_days,
    .login_delay = self->login_delay,
  };
}

const char *const *
pb_pop3_machine_get_capabilities (PbPop3Machine *self) {
  return (const char *const *) self->capabilities;
}

gboolean
pb_pop3_machine_is_busy (PbPop3Machine *self) {
  return self->state < PB_POP3_STATE_READY || self->output->len > 0 ||
         pb_pop3_queue_get_length (&self->in_flight) > 0 ||
         pb_pop3_queue_get_length (&self->express) > 0 ||
         pb_pop3_queue_get_length (&self->waiting) > 0;
}
