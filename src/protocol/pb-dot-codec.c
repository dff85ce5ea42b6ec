/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The dot decoder. What cannot be judged yet (a CR, a dot, or a dot and a CR at the end of the
 * input) is left for the next run, so that one flag is all the state there is. */

#include "pb-dot-codec.h"

#include <string.h>

typedef enum {
  LINE_CONTENT,
  LINE_STUFFED,
  LINE_TERMINATOR,
  LINE_UNDECIDED,
} LineStart;

void
pb_dot_decoder_init (PbDotDecoder *self, gboolean bare_lf) {
  self->bare_lf = bare_lf;
  self->at_line_start = TRUE;
}

/* @length > 0. *@size is that of the terminator. */
static LineStart
judge_line_start (const PbDotDecoder *self, const guint8 *line, gsize length, gsize *size) {
  if (line[0] != '.')
    return LINE_CONTENT;
  if (length < 2)
    return LINE_UNDECIDED;
  if (self->bare_lf && line[1] == '\n') {
    *size = 2;
    return LINE_TERMINATOR;
  }
  if (line[1] != '\r')
    return LINE_STUFFED;
  if (length < 3)
    return LINE_UNDECIDED;
  *size = 3;
  return line[2] == '\n' ? LINE_TERMINATOR : LINE_STUFFED;
}

static inline guint8 *
keep (guint8 *to, const guint8 *from, gsize length) {
  if (to != from)
    memmove (to, from, length);
  return to + length;
}

gboolean
pb_dot_decoder_run (PbDotDecoder *self,
                    guint8 *buffer,
                    gsize length,
                    gsize *consumed,
                    gsize *produced) {
  const guint8 *in = buffer, *end = buffer + length;
  guint8 *out = buffer;
  gboolean done = FALSE, undecided = FALSE;

  while (in < end && !done && !undecided) {
    if (self->at_line_start) {
      gsize size = 0;
      LineStart start = judge_line_start (self, in, (gsize) (end - in), &size);

      done = start == LINE_TERMINATOR;
      undecided = start == LINE_UNDECIDED;
      in += done ? size : start == LINE_STUFFED;
      if (done || undecided)
        break;
      self->at_line_start = FALSE;
    }

    const guint8 *lf = memchr (in, '\n', (gsize) (end - in));
    if (!lf) {
      const guint8 *stop = in < end && end[-1] == '\r' ? end - 1 : end;
      out = keep (out, in, (gsize) (stop - in));
      in = stop;
      undecided = TRUE;
    } else if (lf > in && lf[-1] == '\r') {
      out = keep (out, in, (gsize) (lf - 1 - in));
      *out++ = '\n';
      in = lf + 1;
      self->at_line_start = TRUE;
    } else {
      out = keep (out, in, (gsize) (lf + 1 - in));
      in = lf + 1;
      self->at_line_start = self->bare_lf;
    }
  }

  *consumed = (gsize) (in - buffer);
  *produced = (gsize) (out - buffer);
  return done;
}
