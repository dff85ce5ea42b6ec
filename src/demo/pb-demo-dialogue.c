/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands of RFC 1939, RFC 2449 (CAPA) and RFC 2595 (STLS), one function each, in one
 * table. */

#include "pb-demo-dialogue.h"

#include <string.h>

#define FAILURES_MAX 3

typedef enum {
  BEFORE_SIGN_IN = 1 << 0,
  AFTER_SIGN_IN = 1 << 1,
  ALWAYS = BEFORE_SIGN_IN | AFTER_SIGN_IN,
} When;

typedef struct {
  const char *name;
  When when;
  PbDemoNext (*answer) (PbDemoDialogue *self, const char *argument);
} Command;

void
pb_demo_dialogue_init (PbDemoDialogue *self, PbDemoServer *server, PbDemoOutput *output) {
  *self = (PbDemoDialogue){ .server = server, .output = output };
  self->deleted = g_hash_table_new (NULL, NULL);
}

void
pb_demo_dialogue_clear (PbDemoDialogue *self) {
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->deleted, g_hash_table_unref);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
}

static PbDemoNext
reply (PbDemoDialogue *self, const char *text) {
  pb_demo_output_add (self->output, text);
  return PB_DEMO_NEXT_LINE;
}

static PbDemoMessage *
message_at (PbDemoDialogue *self, guint index) {
  return self->messages->pdata[index];
}

static gboolean
is_deleted (PbDemoDialogue *self, guint index) {
  return g_hash_table_contains (self->deleted, message_at (self, index));
}

/* Reads a message number in front of @text and answers where it is none. @rest: what follows it and
 * a space. */
static gboolean
read_number (PbDemoDialogue *self, const char *text, guint *index, const char **rest) {
  char *end = (char *) text;
  guint64 number = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : 0;

  *rest = *end == ' ' ? end + 1 : end;
  if (number < 1 || number > self->messages->len || (*end && *end != ' ') ||
      is_deleted (self, (guint) number - 1)) {
    reply (self, "-ERR no such message\r\n");
    return FALSE;
  }
  *index = (guint) number - 1;
  return TRUE;
}

static void
count_messages (PbDemoDialogue *self, guint *count, guint64 *octets) {
  *count = 0;
  *octets = 0;
  for (guint i = 0; i < self->messages->len; i++) {
    if (is_deleted (self, i))
      continue;
    ++*count;
    *octets += message_at (self, i)->size;
  }
}

static PbDemoNext
answer_capa (PbDemoDialogue *self, const char *argument) {
  const char *const *capabilities = _pb_demo_server_get_capabilities (self->server);

  if (!capabilities)
    return reply (self, "-ERR unknown command\r\n");
  reply (self, "+OK capabilities follow\r\n");
  for (guint i = 0; capabilities[i]; i++)
    pb_demo_output_add_format (self->output, "%s\r\n", capabilities[i]);
  if (_pb_demo_server_get_security (self->server) == PB_DEMO_STARTTLS && !self->is_protected &&
      !self->messages)
    reply (self, "STLS\r\n");
  return reply (self, ".\r\n");
}

static PbDemoNext
answer_stls (PbDemoDialogue *self, const char *argument) {
  if (_pb_demo_server_get_security (self->server) != PB_DEMO_STARTTLS || self->is_protected)
    return reply (self, "-ERR not offered\r\n");
  reply (self, "+OK begin TLS negotiation\r\n");
  /* RFC 2595, section 4: what was learned without protection counts for nothing. */
  g_clear_pointer (&self->user, g_free);
  return PB_DEMO_NEXT_TLS;
}

static PbDemoNext
answer_user (PbDemoDialogue *self, const char *argument) {
  if (!*argument)
    return reply (self, "-ERR who?\r\n");
  g_free (self->user);
  self->user = g_strdup (argument);
  /* Whether there is such a user is not told. */
  return reply (self, "+OK password, please\r\n");
}

static PbDemoNext
answer_pass (PbDemoDialogue *self, const char *argument) {
  g_autofree char *user = g_steal_pointer (&self->user);
  guint count;
  guint64 octets;

  if (!user)
    return reply (self, "-ERR USER first\r\n");
  if (!_pb_demo_server_check (self->server, user, argument)) {
    reply (self, "-ERR [AUTH] user or password is wrong\r\n");
    return ++self->failures < FAILURES_MAX ? PB_DEMO_NEXT_LINE : PB_DEMO_NEXT_CLOSE;
  }
  self->messages = _pb_demo_server_dup_messages (self->server);
  count_messages (self, &count, &octets);
  pb_demo_output_add_format (self->output, "+OK %u messages (%" G_GUINT64_FORMAT " octets)\r\n",
                             count, octets);
  return PB_DEMO_NEXT_LINE;
}

static PbDemoNext
answer_stat (PbDemoDialogue *self, const char *argument) {
  guint count;
  guint64 octets;

  count_messages (self, &count, &octets);
  pb_demo_output_add_format (self->output, "+OK %u %" G_GUINT64_FORMAT "\r\n", count, octets);
  return PB_DEMO_NEXT_LINE;
}

static void
add_list_row (PbDemoDialogue *self, const char *before, guint index) {
  pb_demo_output_add_format (self->output, "%s%u %" G_GSIZE_FORMAT "\r\n", before, index + 1,
                             message_at (self, index)->size);
}

static void
add_uidl_row (PbDemoDialogue *self, const char *before, guint index) {
  pb_demo_output_add_format (self->output, "%s%u %s\r\n", before, index + 1,
                             message_at (self, index)->uid);
}

static PbDemoNext
answer_rows (PbDemoDialogue *self,
             const char *argument,
             void (*add_row) (PbDemoDialogue *self, const char *before, guint index)) {
  const char *rest;
  guint index;

  if (*argument) {
    if (read_number (self, argument, &index, &rest))
      add_row (self, "+OK ", index);
    return PB_DEMO_NEXT_LINE;
  }
  reply (self, "+OK listing follows\r\n");
  for (guint i = 0; i < self->messages->len; i++) {
    if (!is_deleted (self, i))
      add_row (self, "", i);
  }
  return reply (self, ".\r\n");
}

static PbDemoNext
answer_list (PbDemoDialogue *self, const char *argument) {
  return answer_rows (self, argument, add_list_row);
}

static PbDemoNext
answer_uidl (PbDemoDialogue *self, const char *argument) {
  return answer_rows (self, argument, add_uidl_row);
}

static PbDemoNext
answer_retr (PbDemoDialogue *self, const char *argument) {
  const char *rest;
  guint index;

  if (!read_number (self, argument, &index, &rest))
    return PB_DEMO_NEXT_LINE;
  pb_demo_output_add_format (self->output, "+OK %" G_GSIZE_FORMAT " octets\r\n",
                             message_at (self, index)->size);
  pb_demo_output_add_bytes (self->output, message_at (self, index)->wire);
  return reply (self, ".\r\n");
}

static PbDemoNext
answer_top (PbDemoDialogue *self, const char *argument) {
  const char *rest;
  guint index;
  guint64 lines;

  if (!read_number (self, argument, &index, &rest))
    return PB_DEMO_NEXT_LINE;
  if (!g_ascii_string_to_unsigned (rest, 10, 0, G_MAXINT32, &lines, NULL))
    return reply (self, "-ERR how many lines?\r\n");
  g_autoptr (GBytes) top = pb_demo_message_get_top (message_at (self, index), lines);
  reply (self, "+OK top of message follows\r\n");
  pb_demo_output_add_bytes (self->output, top);
  return reply (self, ".\r\n");
}

static PbDemoNext
answer_dele (PbDemoDialogue *self, const char *argument) {
  const char *rest;
  guint index;

  if (!read_number (self, argument, &index, &rest))
    return PB_DEMO_NEXT_LINE;
  g_hash_table_add (self->deleted, message_at (self, index));
  return reply (self, "+OK marked\r\n");
}

static PbDemoNext
answer_noop (PbDemoDialogue *self, const char *argument) {
  return reply (self, "+OK\r\n");
}

static PbDemoNext
answer_rset (PbDemoDialogue *self, const char *argument) {
  g_hash_table_remove_all (self->deleted);
  return reply (self, "+OK\r\n");
}

static PbDemoNext
answer_quit (PbDemoDialogue *self, const char *argument) {
  /* The update state: the only place where anything is removed. */
  if (self->messages)
    _pb_demo_server_remove (self->server, self->deleted);
  reply (self, "+OK goodbye\r\n");
  return PB_DEMO_NEXT_CLOSE;
}

static const Command commands[] = {
  { "CAPA", ALWAYS, answer_capa },         { "STLS", BEFORE_SIGN_IN, answer_stls },
  { "USER", BEFORE_SIGN_IN, answer_user }, { "PASS", BEFORE_SIGN_IN, answer_pass },
  { "STAT", AFTER_SIGN_IN, answer_stat },  { "LIST", AFTER_SIGN_IN, answer_list },
  { "UIDL", AFTER_SIGN_IN, answer_uidl },  { "RETR", AFTER_SIGN_IN, answer_retr },
  { "TOP", AFTER_SIGN_IN, answer_top },    { "DELE", AFTER_SIGN_IN, answer_dele },
  { "NOOP", AFTER_SIGN_IN, answer_noop },  { "RSET", AFTER_SIGN_IN, answer_rset },
  { "QUIT", ALWAYS, answer_quit },
};

static PbDemoNext
answer (PbDemoDialogue *self, const char *line) {
  gsize length = strcspn (line, " ");
  const char *argument = line[length] ? line + length + 1 : "";
  When now = self->messages ? AFTER_SIGN_IN : BEFORE_SIGN_IN;

  if (!*line)
    return reply (self, "+OK Postbag demo server ready\r\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strlen (commands[i].name) != length ||
        g_ascii_strncasecmp (commands[i].name, line, length) != 0)
      continue;
    if (!(commands[i].when & now))
      return reply (self, "-ERR not now\r\n");
    return commands[i].answer (self, argument);
  }
  return reply (self, "-ERR unknown command\r\n");
}

PbDemoNext
pb_demo_dialogue_receive (PbDemoDialogue *self, const char *line) {
  g_autoptr (GBytes) instead = NULL;
  PbDemoVerdict verdict = _pb_demo_server_receive (self->server, line, &instead);

  if (!self->server)
    return PB_DEMO_NEXT_CRASH;
  if (instead && (verdict == PB_DEMO_REPLY || verdict == PB_DEMO_REPLY_AND_CLOSE ||
                  verdict == PB_DEMO_REPLY_AND_SILENT))
    pb_demo_output_add_bytes (self->output, instead);
  switch (verdict) {
  case PB_DEMO_SILENT:
  case PB_DEMO_REPLY_AND_SILENT:
    return PB_DEMO_NEXT_MUTE;
  case PB_DEMO_CLOSE:
    return PB_DEMO_NEXT_CRASH;
  case PB_DEMO_REPLY:
    return PB_DEMO_NEXT_LINE;
  case PB_DEMO_REPLY_AND_CLOSE:
    return PB_DEMO_NEXT_CLOSE;
  case PB_DEMO_ANSWER:
  default:
    return answer (self, line);
  }
}
