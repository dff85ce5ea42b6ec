/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Preparing messages for the wire once, so that a RETR is only a write. */

#include "pb-demo-message.h"

#include <string.h>

typedef struct {
  gsize bare_lines; /* line ends without CR */
  gsize dots;       /* lines that begin with a dot */
  gboolean open;    /* the last line has no end */
} Survey;

static Survey
survey (const char *data, gsize length) {
  Survey found = { .open = length > 0 && data[length - 1] != '\n' };
  const char *end = data + length;

  for (const char *line = data; line < end;) {
    const char *stop = memchr (line, '\n', (gsize) (end - line));
    found.dots += *line == '.';
    if (!stop)
      break;
    found.bare_lines += stop == data || stop[-1] != '\r';
    line = stop + 1;
  }
  return found;
}

static GBytes *
prepare (const char *data, gsize length, gsize wire_length) {
  char *wire = g_malloc (wire_length);
  char *out = wire;
  const char *end = data + length;

  for (const char *line = data; line < end;) {
    const char *stop = memchr (line, '\n', (gsize) (end - line));
    gsize text = (gsize) ((stop ? stop : end) - line);
    if (stop && text > 0 && stop[-1] == '\r')
      text--;
    if (*line == '.')
      *out++ = '.';
    memcpy (out, line, text);
    out += text;
    *out++ = '\r';
    *out++ = '\n';
    line = stop ? stop + 1 : end;
  }
  g_assert (out == wire + wire_length);
  return g_bytes_new_take (wire, wire_length);
}

PbDemoMessage *
pb_demo_message_new (GBytes *bytes, const char *uid) {
  PbDemoMessage *self = g_new0 (PbDemoMessage, 1);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  Survey found = survey (data, length);

  self->refs = 1;
  self->uid = g_strdup (uid);
  self->size = length + found.bare_lines + (found.open ? 2 : 0);
  self->wire = self->size == length && found.dots == 0
                 ? g_bytes_ref (bytes)
                 : prepare (data, length, self->size + found.dots);
  return self;
}

PbDemoMessage *
pb_demo_message_ref (PbDemoMessage *self) {
  self->refs++;
  return self;
}

void
pb_demo_message_unref (PbDemoMessage *self) {
  if (--self->refs > 0)
    return;
  g_bytes_unref (self->wire);
  g_free (self->uid);
  g_free (self);
}

GBytes *
pb_demo_message_get_top (PbDemoMessage *self, guint64 lines) {
  gsize length;
  const char *data = g_bytes_get_data (self->wire, &length);
  const char *end = data + length;
  gboolean in_body = FALSE;
  const char *line = data;

  while (line < end && (!in_body || lines > 0)) {
    const char *stop = memchr (line, '\n', (gsize) (end - line));
    if (in_body)
      lines--;
    else if (stop - line == 1 && *line == '\r')
      in_body = TRUE;
    line = stop + 1;
  }
  return g_bytes_new_from_bytes (self->wire, 0, (gsize) (line - data));
}
