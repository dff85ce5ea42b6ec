/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Counts lines; past the limit it does nothing else. */

#include "pb-console-reply.h"

#include <string.h>

/* Of a longer line the rest is left out. */
#define SHOWN_MAX 1000

struct _PbConsoleReply {
  const PbConsoleLine *line;
  PbConsoleFunc func;
  gpointer data;

  gboolean has_status;
  guint shown;
  guint64 folded;
  GString *partial; /* of a body: the line that is not complete, at most SHOWN_MAX bytes */
  gboolean open;    /* it has begun, perhaps with nothing in it yet */
};

PbConsoleReply *
pb_console_reply_new (const PbConsoleLine *line, PbConsoleFunc func, gpointer user_data) {
  PbConsoleReply *self = g_new0 (PbConsoleReply, 1);

  self->line = line;
  self->func = func;
  self->data = user_data;
  self->partial = g_string_new (NULL);
  return self;
}

void
pb_console_reply_free (PbConsoleReply *self) {
  if (!self)
    return;
  g_string_free (self->partial, TRUE);
  g_free (self);
}

/* UTF-8 without control characters. */
static char *
make_printable (const char *data, gsize length) {
  gboolean cut = length > SHOWN_MAX;
  g_autofree char *valid = g_utf8_make_valid (data, (gssize) MIN (length, SHOWN_MAX));
  GString *text = g_string_new (NULL);

  for (const char *c = valid; *c; c = g_utf8_next_char (c)) {
    gunichar character = g_utf8_get_char (c);
    g_string_append_unichar (text, g_unichar_iscntrl (character) ? ' ' : character);
  }
  if (cut)
    g_string_append (text, "…");
  return g_string_free (text, FALSE);
}

static void
emit (PbConsoleReply *self, PbConsoleEvent *event) {
  event->command = self->line->command;
  event->argument = self->line->argument;
  event->number = self->line->number;
  self->func (event, self->data);
}

/* "-ERR [SYS/TEMP] later": what is between the brackets, up to a blank, in capitals. */
static char *
find_code (const char *status) {
  const char *from = status + strcspn (status, " ");

  from += strspn (from, " ");
  if (*from != '[' || !strchr (from, ']'))
    return NULL;
  return g_ascii_strup (from + 1, (gssize) strcspn (from + 1, " ]"));
}

static void
take_status (PbConsoleReply *self, const char *data, gsize length) {
  g_autofree char *text = make_printable (data, length);
  g_autofree char *code = find_code (text);
  gboolean ok = g_ascii_strncasecmp (text, "+OK", 3) == 0;
  PbConsoleEvent event = {
    .kind = PB_CONSOLE_STATUS,
    .text = text,
    .code = code,
    .ok = ok,
    .multi_line = ok && self->line->multi_line,
  };

  self->has_status = TRUE;
  emit (self, &event);
}

static void
take_text (PbConsoleReply *self, const char *data, gsize length) {
  if (self->shown >= PB_CONSOLE_LINES_MAX) {
    self->folded++;
    return;
  }
  g_autofree char *text = make_printable (data, length);
  PbConsoleEvent event = { .kind = PB_CONSOLE_LINE, .text = text };
  self->shown++;
  emit (self, &event);
}

void
pb_console_reply_take_line (PbConsoleReply *self, const guint8 *data, gsize length) {
  if (self->has_status)
    take_text (self, (const char *) data, length);
  else
    take_status (self, (const char *) data, length);
}

/* One byte more than is shown tells that there was more. */
static void
add_partial (PbConsoleReply *self, const char *data, gsize length) {
  gsize room = SHOWN_MAX + 1 - self->partial->len;

  self->open = TRUE;
  g_string_append_len (self->partial, data, (gssize) MIN (length, room));
}

static void
end_partial (PbConsoleReply *self) {
  take_text (self, self->partial->str, self->partial->len);
  g_string_truncate (self->partial, 0);
  self->open = FALSE;
}

void
pb_console_reply_take_body (PbConsoleReply *self, const guint8 *data, gsize length) {
  const char *from = (const char *) data, *end = from + length;
  const char *line_end;

  while (from < end && (line_end = memchr (from, '\n', (gsize) (end - from)))) {
    add_partial (self, from, (gsize) (line_end - from));
    end_partial (self);
    from = line_end + 1;
  }
  if (from < end)
    add_partial (self, from, (gsize) (end - from));
}

void
pb_console_reply_end (PbConsoleReply *self) {
  if (self->open)
    end_partial (self);
  if (self->folded == 0)
    return;
  PbConsoleEvent event = { .kind = PB_CONSOLE_FOLDED, .count = self->folded };
  emit (self, &event);
}
