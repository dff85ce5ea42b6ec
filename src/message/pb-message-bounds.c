/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The work-arounds that must come before GMime's parser:
 *
 * - A header without the blank line behind it: GMime takes the text for more header, up to the
 *   next blank line or to the end, and the reader would not see it.
 * - Lines of an mbox before the header: without a message's own fields GMime refuses them.
 * - Hostile numbers: GMime bounds the depth (1,024) but not the number of parts and fields. A
 *   million parts in 6 MB take it 8 s and 800 MB, a million fields 1.5 s and 480 MB.
 *
 * Nothing is parsed here; the lines are only looked at from outside. */

#include "pb-message-bounds.h"

#include <string.h>

#define HEADER_LINES_LIMIT 20000

/* What GMime may be asked for by way of parts: each line that could be a boundary counts ten, each
 * field behind one counts one, and so do 64 bytes of header. At the limit GMime takes a tenth of a
 * second and 20 MB, or a second where the header is nothing but parameters. */
#define BOUNDARY_WEIGHT 10
#define BYTES_WEIGHT 64
#define WEIGHT_LIMIT 100000

static const char *
next_line (const char *line, const char *end) {
  const char *newline = memchr (line, '\n', (gsize) (end - line));

  return newline ? newline + 1 : end;
}

static gboolean
is_blank (const char *line, const char *next) {
  return *line == '\n' || (*line == '\r' && (next == line + 1 || line[1] == '\n'));
}

static gboolean
has_prefix (const char *line, const char *next, const char *prefix) {
  gsize length = strlen (prefix);

  return (gsize) (next - line) >= length && memcmp (line, prefix, length) == 0;
}

/* "Name:" */
static gboolean
is_field (const char *line, const char *end) {
  const char *p = line;

  while (p<end && * p> ' ' && *p < 0x7f && *p != ':')
    p++;
  if (p == line)
    return FALSE;
  while (p < end && (*p == ' ' || *p == '\t'))
    p++;
  return p < end && *p == ':';
}

static const char *
skip_to_header (const char *p, const char *end) {
  while (p < end) {
    const char *next = next_line (p, end);

    if (!is_blank (p, next) && !has_prefix (p, next, "From ") && !has_prefix (p, next, ">From "))
      break;
    p = next;
  }
  return p;
}

/* @end where the header ends in a blank line, or with the data; else where it has to be cut. A
 * line that is no field may stand between fields, unless it looks like a boundary. */
static const char *
find_header_stop (const char *begin, const char *end, gboolean *too_long) {
  const char *next;
  guint lines = 0;

  for (const char *line = begin; line < end; line = next) {
    next = next_line (line, end);
    if (is_blank (line, next))
      break;
    *too_long = next - begin > PB_HEADER_LIMIT || ++lines > HEADER_LINES_LIMIT;
    if (*too_long)
      return line;
    if (has_prefix (line, next, "--") ||
        (*line != ' ' && *line != '\t' && !is_field (line, next) && !is_field (next, end)))
      return line;
  }
  return end;
}

/* @end, or where there has been too much that could be boundaries and headers behind them. */
static const char *
find_structure_stop (const char *begin, const char *end) {
  const char *p = begin;
  gsize weight = 0;

  while ((p = memmem (p, (gsize) (end - p), "\n--", 3))) {
    const char *block = ++p;

    weight += BOUNDARY_WEIGHT;
    for (const char *next; p < end; p = next) {
      next = next_line (p, end);
      if (is_blank (p, next))
        break;
      weight += is_field (p, next);
      if (weight + (gsize) (next - block) / BYTES_WEIGHT >= WEIGHT_LIMIT)
        return p;
    }
    weight += (gsize) (p - block) / BYTES_WEIGHT;
  }
  return end;
}

void
pb_message_bounds_find (PbMessageBounds *self, const char *data, gsize length) {
  const char *end = data + length;
  const char *begin = skip_to_header (data, end);
  const char *stop;

  *self = (PbMessageBounds){ .begin = (gsize) (begin - data) };
  stop = find_header_stop (begin, end, &self->header_too_long);
  if (stop == end) {
    stop = find_structure_stop (begin, end);
    self->too_many = stop < end;
  }
  self->stop = (gsize) (stop - data);
}
