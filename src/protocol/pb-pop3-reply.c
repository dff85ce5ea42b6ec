/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the server says. Replies come in the order of the commands: the oldest command in flight
 * is the one being answered, and a reply without one ends the session, so that none is ever
 * taken for another's. */

#include "pb-error.h"
#include "pb-pop3-machine-private.h"
#include "pb-pop3-mask.h"
#include "pb-pop3-refusal.h"

#include <string.h>

#define LINE_MAX_LENGTH (64 * 1024)
#define ROWS_MAX 1000000
#define ROWS_OCTETS_MAX (G_GUINT64_CONSTANT (128) * 1024 * 1024)
#define CAPABILITIES_MAX 256

static void
trace_received (PbPop3Machine *self, const guint8 *line, gsize length) {
  if (!self->trace)
    return;
  PbPop3Span span = { line, length };
  g_autofree char *text = pb_pop3_span_to_printable (&span, PB_POP3_TRACE_LINE_MAX);
  self->trace (PB_POP3_TRACE_RECEIVED, text, self->trace_data);
}

G_GNUC_PRINTF (2, 3)
static void
trace_summary (PbPop3Machine *self, const char *format, ...) {
  va_list arguments;

  if (!self->trace)
    return;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->trace (PB_POP3_TRACE_RECEIVED, text, self->trace_data);
}

static PbPop3Progress
make_event (PbPop3Machine *self,
            PbPop3Event *event,
            PbPop3EventType type,
            const PbPop3Command *command) {
  event->type = type;
  event->verb = command->verb;
  event->tag = command->tag;
  event->number = command->number;
  return PB_POP3_PROGRESS_EVENT;
}

static PbPop3Progress
end_command (PbPop3Machine *self, PbPop3Event *event, GError *refused) {
  PbPop3Command command = pb_pop3_queue_pop (&self->in_flight);

  self->pipelining_works |= command.behind;
  self->reply = PB_POP3_REPLY_STATUS;
  self->refused = refused;
  event->error = refused;
  return make_event (self, event, PB_POP3_EVENT_DONE, &command);
}

static void
expect_rows (PbPop3Machine *self) {
  self->reply = PB_POP3_REPLY_ROWS;
  self->rows = 0;
  self->rows_octets = 0;
  g_ptr_array_set_size (self->capability_lines, 0);
}

static PbPop3Progress
handle_stat (PbPop3Machine *self, const PbPop3Status *status, PbPop3Event *event) {
  if (!pb_pop3_stat_parse (&status->text, &event->count, &event->octets)) {
    _pb_pop3_machine_fail_protocol (self, "STAT was answered without a number", &status->text);
    return PB_POP3_PROGRESS_AGAIN;
  }
  self->reply = PB_POP3_REPLY_ENDED;
  return make_event (self, event, PB_POP3_EVENT_STAT, pb_pop3_queue_peek (&self->in_flight));
}

static void
expect_body (PbPop3Machine *self, gboolean bare_lf) {
  self->reply = PB_POP3_REPLY_BODY;
  self->body_length = 0;
  self->body_octets = 0;
  pb_dot_decoder_init (&self->decoder, bare_lf);
}

/* The status of a command that a person typed: it is handed over as it is. */
static PbPop3Progress
handle_raw_reply (PbPop3Machine *self,
                  const PbPop3Status *status,
                  const PbPop3Span *line,
                  gboolean bare_lf,
                  PbPop3Event *event) {
  const PbPop3Command *command = pb_pop3_queue_peek (&self->in_flight);

  if (!status->ok)
    self->raw_refused =
      pb_pop3_refusal_new (PB_ERROR_REFUSED, status, pb_pop3_verb_get_info (command->verb)->name);
  if (!status->ok || !self->raw.multi_line)
    self->reply = PB_POP3_REPLY_ENDED;
  else if (command->verb == PB_POP3_RETR || command->verb == PB_POP3_TOP)
    expect_body (self, bare_lf);
  else
    expect_rows (self);
  if (status->ok && command->verb == PB_POP3_QUIT)
    self->state = PB_POP3_STATE_CLOSED;
  event->data = line->data;
  event->length = line->length;
  return make_event (self, event, PB_POP3_EVENT_LINE, command);
}

/* The status of the oldest command in flight, after the sign-in. */
static PbPop3Progress
handle_reply (PbPop3Machine *self,
              const PbPop3Status *status,
              gboolean bare_lf,
              PbPop3Event *event) {
  const PbPop3Command *command = pb_pop3_queue_peek (&self->in_flight);

  if (command->probe) {
    pb_pop3_queue_pop (&self->in_flight);
    return PB_POP3_PROGRESS_AGAIN;
  }
  if (!status->ok)
    return end_command (
      self, event,
      pb_pop3_refusal_new (PB_ERROR_REFUSED, status, pb_pop3_verb_get_info (command->verb)->name));
  switch (command->verb) {
  case PB_POP3_STAT:
    return handle_stat (self, status, event);
  case PB_POP3_LIST:
  case PB_POP3_UIDL:
    expect_rows (self);
    return PB_POP3_PROGRESS_AGAIN;
  case PB_POP3_RETR:
  case PB_POP3_TOP:
    expect_body (self, bare_lf);
    return PB_POP3_PROGRESS_AGAIN;
  case PB_POP3_QUIT:
    self->state = PB_POP3_STATE_CLOSED;
    return PB_POP3_PROGRESS_AGAIN;
  default:
    return end_command (self, event, NULL);
  }
}

static void
handle_sign_in_reply (PbPop3Machine *self, const PbPop3Status *status) {
  PbPop3Verb verb = pb_pop3_queue_peek (&self->in_flight)->verb;

  if (verb == PB_POP3_CAPA && status->ok) {
    expect_rows (self);
    return;
  }
  pb_pop3_queue_pop (&self->in_flight);
  _pb_pop3_sign_in_answered (self, verb, status);
}

static const PbPop3Span masked = { (const guint8 *) "****", 4 };

/* Some servers repeat what they were sent. */
static gboolean
repeats_secret (PbPop3Machine *self, const PbPop3Span *line) {
  return self->secret_sent && pb_pop3_mask_is_needed (self->secret, line);
}

static void
mask_status (PbPop3Machine *self, PbPop3Status *status) {
  if (repeats_secret (self, &status->code))
    status->code.length = 0;
  status->text = masked;
}

/* A line that nothing asked for. Servers say good-bye that way when they were left idle for too
 * long. */
static void
handle_unasked (PbPop3Machine *self, const PbPop3Status *status, const PbPop3Span *line) {
  if (status->ok)
    _pb_pop3_machine_fail_protocol (self, "a reply that no command asked for", line);
  else
    _pb_pop3_machine_fail (self, pb_pop3_refusal_new (PB_ERROR_CONNECT, status, "to go on"));
}

/* TRUE when no command was sent that this could be the reply to. */
static gboolean
is_unasked (PbPop3Machine *self) {
  const PbPop3Command *command = pb_pop3_queue_peek (&self->in_flight);
  guint64 sent = self->output_position - (self->output->len - self->output_sent);

  return !command || command->position > sent;
}

static PbPop3Progress
take_line (PbPop3Machine *self, PbPop3Span *line, gboolean *bare_lf) {
  guint8 *data;
  PbLineEnd end = pb_input_buffer_take_line (self->input, LINE_MAX_LENGTH, &data, &line->length);

  if (end == PB_LINE_NONE)
    return PB_POP3_PROGRESS_STARVED;
  if (end == PB_LINE_TOO_LONG) {
    _pb_pop3_machine_fail_protocol (self, "a line of the server is too long", NULL);
    return PB_POP3_PROGRESS_AGAIN;
  }
  line->data = data;
  *bare_lf = end == PB_LINE_BARE_LF;
  return PB_POP3_PROGRESS_EVENT;
}

/* "+ …" while an AUTH is under way. Challenges are not shown: they are for machines, and together
 * with other things that were heard they help to guess. */
static gboolean
handle_challenge (PbPop3Machine *self, const PbPop3Span *line) {
  const PbPop3Command *command = pb_pop3_queue_peek (&self->in_flight);
  PbPop3Span challenge;

  if (self->state != PB_POP3_STATE_SIGNING_IN || is_unasked (self) ||
      command->verb != PB_POP3_AUTH ||
      !pb_pop3_challenge_parse (&challenge, line->data, line->length))
    return FALSE;
  trace_summary (self, challenge.length > 0 ? "+ ****" : "+");
  _pb_pop3_authenticate_challenged (self, &challenge);
  return TRUE;
}

/* A line that cannot be understood. */
static void
handle_nonsense (PbPop3Machine *self, PbPop3Span line) {
  if (repeats_secret (self, &line))
    line = masked;
  trace_received (self, line.data, line.length);
  _pb_pop3_machine_fail_protocol (self, "a reply that is neither +OK nor -ERR", &line);
}

static PbPop3Progress
read_status (PbPop3Machine *self, PbPop3Event *event) {
  PbPop3Span line = { 0 };
  PbPop3Status status;
  gboolean bare_lf;
  PbPop3Progress progress = take_line (self, &line, &bare_lf);

  if (progress != PB_POP3_PROGRESS_EVENT)
    return progress;
  if (handle_challenge (self, &line))
    return PB_POP3_PROGRESS_AGAIN;
  if (!pb_pop3_status_parse (&status, line.data, line.length)) {
    handle_nonsense (self, line);
    return PB_POP3_PROGRESS_AGAIN;
  }
  if (repeats_secret (self, &line)) {
    mask_status (self, &status);
    line = masked;
    trace_summary (self, "%s ****", status.ok ? "+OK" : "-ERR");
  } else {
    trace_received (self, line.data, line.length);
  }

  if (self->state == PB_POP3_STATE_GREETING)
    _pb_pop3_sign_in_greeted (self, &status);
  else if (is_unasked (self))
    handle_unasked (self, &status, &line);
  else if (self->state == PB_POP3_STATE_SIGNING_IN)
    handle_sign_in_reply (self, &status);
  else if (pb_pop3_queue_peek (&self->in_flight)->raw)
    return handle_raw_reply (self, &status, &line, bare_lf, event);
  else
    return handle_reply (self, &status, bare_lf, event);
  return PB_POP3_PROGRESS_AGAIN;
}

static PbPop3Progress
end_rows (PbPop3Machine *self, PbPop3Event *event) {
  const PbPop3Command *command = pb_pop3_queue_peek (&self->in_flight);

  self->reply = PB_POP3_REPLY_STATUS;
  if (command->raw || command->verb != PB_POP3_CAPA) {
    trace_summary (self, "(%u lines)", self->rows);
    return end_command (self, event, NULL);
  }
  pb_pop3_queue_pop (&self->in_flight);
  char **capabilities = g_new0 (char *, self->capability_lines->len + 1);
  for (guint i = 0; i < self->capability_lines->len; i++)
    capabilities[i] = g_strdup (g_ptr_array_index (self->capability_lines, i));
  _pb_pop3_sign_in_capable (self, capabilities);
  return PB_POP3_PROGRESS_AGAIN;
}

static PbPop3Progress
handle_capability (PbPop3Machine *self, const PbPop3Span *line) {
  char *capability = pb_pop3_capability_parse (line->data, line->length);

  if (repeats_secret (self, line))
    line = &masked;
  trace_received (self, line->data, line->length);
  if (capability)
    g_ptr_array_add (self->capability_lines, capability);
  return PB_POP3_PROGRESS_AGAIN;
}

static PbPop3Progress
handle_row (PbPop3Machine *self,
            const PbPop3Command *command,
            const PbPop3Span *line,
            PbPop3Event *event) {
  gboolean uidl = command->verb == PB_POP3_UIDL;
  PbPop3Row row;

  if (!(uidl ? pb_pop3_row_parse_uidl (&row, line->data, line->length)
             : pb_pop3_row_parse_list (&row, line->data, line->length))) {
    _pb_pop3_machine_fail_protocol (self, "a line of the listing cannot be read", line);
    return PB_POP3_PROGRESS_AGAIN;
  }
  make_event (self, event, uidl ? PB_POP3_EVENT_UIDL_ROW : PB_POP3_EVENT_LIST_ROW, command);
  event->number = row.number;
  event->has_octets = row.has_size;
  event->octets = row.size;
  event->data = row.uid.data;
  event->length = row.uid.length;
  return PB_POP3_PROGRESS_EVENT;
}

static gboolean
is_blank_line (const PbPop3Span *line) {
  for (gsize i = 0; i < line->length; i++) {
    if (line->data[i] != ' ' && line->data[i] != '\t')
      return FALSE;
  }
  return TRUE;
}

static PbPop3Progress
read_row (PbPop3Machine *self, PbPop3Event *event) {
  const PbPop3Command *command = pb_pop3_queue_peek (&self->in_flight);
  PbPop3Span line = { 0 };
  gboolean bare_lf;
  PbPop3Progress progress = take_line (self, &line, &bare_lf);

  if (progress != PB_POP3_PROGRESS_EVENT)
    return progress;
  if (line.length > 0 && line.data[0] == '.') {
    if (line.length == 1)
      return end_rows (self, event);
    line.data++;
    line.length--;
  }
  self->rows_octets += line.length;
  if (self->rows++ >= (command->verb == PB_POP3_CAPA ? CAPABILITIES_MAX : ROWS_MAX) ||
      self->rows_octets > ROWS_OCTETS_MAX) {
    _pb_pop3_machine_fail_protocol (self, "a listing is too long", NULL);
    return PB_POP3_PROGRESS_AGAIN;
  }
  if (is_blank_line (&line))
    return PB_POP3_PROGRESS_AGAIN;
  if (command->raw) {
    event->data = line.data;
    event->length = line.length;
    return make_event (self, event, PB_POP3_EVENT_LINE, command);
  }
  return command->verb == PB_POP3_CAPA ? handle_capability (self, &line)
                                       : handle_row (self, command, &line, event);
}

static PbPop3Progress
read_body (PbPop3Machine *self, PbPop3Event *event) {
  gsize held, consumed, produced;
  guint8 *bytes = pb_input_buffer_peek (self->input, &held);
  gboolean ended = pb_dot_decoder_run (&self->decoder, bytes, held, &consumed, &produced);

  if (ended)
    self->reply = PB_POP3_REPLY_ENDED;
  self->body_length += produced;
  self->body_octets += consumed;
  if (produced == 0) {
    pb_input_buffer_drop (self->input, consumed);
    return ended ? PB_POP3_PROGRESS_AGAIN : PB_POP3_PROGRESS_STARVED;
  }
  self->lent = consumed;
  event->data = bytes;
  event->length = produced;
  return make_event (self, event, PB_POP3_EVENT_BODY, pb_pop3_queue_peek (&self->in_flight));
}

/* It ended before the size that the server itself gave it. */
static gboolean
is_short (PbPop3Machine *self) {
  const PbPop3Command *command = pb_pop3_queue_peek (&self->in_flight);
  guint64 end = self->decoder.bare_lf ? strlen (".\n") : strlen (".\r\n");

  return command->verb == PB_POP3_RETR && self->body_octets - end < command->listed;
}

/* Either the server counts in its own way, or it did not stuff a line with a dot alone, and more
 * of the message follows, which would be taken for the next reply. */
static PbPop3Progress
confirm_end (PbPop3Machine *self) {
  gsize held;
  const char *bytes = (const char *) pb_input_buffer_peek (self->input, &held);
  gboolean fits = g_ascii_strncasecmp (bytes, "+OK", MIN (held, strlen ("+OK"))) == 0 ||
                  g_ascii_strncasecmp (bytes, "-ERR", MIN (held, strlen ("-ERR"))) == 0;

  if (held > 0 && !fits) {
    _pb_pop3_machine_fail_protocol (self, "a message goes on behind its end", NULL);
    return PB_POP3_PROGRESS_AGAIN;
  }
  if (held >= strlen ("-ERR"))
    return PB_POP3_PROGRESS_EVENT;
  if (!self->probing && pb_pop3_queue_get_length (&self->in_flight) == 1)
    _pb_pop3_machine_probe (self);
  self->probing = TRUE;
  return PB_POP3_PROGRESS_STARVED;
}

static PbPop3Progress
read_end (PbPop3Machine *self, PbPop3Event *event) {
  PbPop3Verb verb = pb_pop3_queue_peek (&self->in_flight)->verb;
  PbPop3Progress progress = is_short (self) ? confirm_end (self) : PB_POP3_PROGRESS_EVENT;

  if (progress != PB_POP3_PROGRESS_EVENT)
    return progress;
  self->probing = FALSE;
  if ((verb == PB_POP3_RETR || verb == PB_POP3_TOP) && !self->raw_refused)
    trace_summary (self, "(%" G_GUINT64_FORMAT " bytes)", self->body_length);
  return end_command (self, event, g_steal_pointer (&self->raw_refused));
}

PbPop3Progress
_pb_pop3_reply_read (PbPop3Machine *self, PbPop3Event *event) {
  switch (self->reply) {
  case PB_POP3_REPLY_STATUS:
    return read_status (self, event);
  case PB_POP3_REPLY_ROWS:
    return read_row (self, event);
  case PB_POP3_REPLY_BODY:
    return read_body (self, event);
  case PB_POP3_REPLY_ENDED:
    return read_end (self, event);
  }
  g_assert_not_reached ();
}
