/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that the parser might take for the beginning of a tag is looked at, whether or not it
 * stands in a comment, a script or a value: so nothing depends on guessing the parser's state. */

#include "pb-html-guard.h"

#include <string.h>

/* Bytes looked at beyond the length of the input. */
#define EXTRA_WORK (16 * 1024 * 1024)

typedef struct {
  const char *p;
  const char *end;
} Cursor;

static gboolean
begins_tag (const char *p, const char *end) {
  return end - p >= 2 && *p == '<' && (g_ascii_isalpha (p[1]) || strchr ("_:.", p[1])) && p[1];
}

static void
skip_blank (Cursor *self) {
  while (self->p < self->end && g_ascii_isspace (*self->p))
    self->p++;
}

/* Up to a blank or the end of the tag; for a name also up to "=". */
static void
skip_word (Cursor *self, gboolean is_name) {
  while (self->p < self->end && *self->p != '>' && !g_ascii_isspace (*self->p) &&
         !(is_name && *self->p == '='))
    self->p++;
}

static void
skip_value (Cursor *self) {
  self->p++;
  skip_blank (self);
  if (self->p < self->end && (*self->p == '"' || *self->p == '\'')) {
    const char *close = memchr (self->p + 1, *self->p, (gsize) (self->end - self->p - 1));
    self->p = close ? close + 1 : self->end;
  } else {
    skip_word (self, FALSE);
  }
}

/* Reads the tag at self->p up to its end or one attribute too many. */
static gboolean
has_too_many_attributes (Cursor *self) {
  guint attributes = 0;

  skip_word (self, FALSE);
  for (skip_blank (self); self->p < self->end && *self->p != '>'; skip_blank (self)) {
    if (++attributes > PB_HTML_ATTRIBUTE_LIMIT)
      return TRUE;
    skip_word (self, TRUE);
    skip_blank (self);
    if (self->p < self->end && *self->p == '=')
      skip_value (self);
  }
  return FALSE;
}

void
pb_html_guard_append (GString *out, const char *html, gsize length) {
  const char *end = html + length, *copied = html;
  gsize work = 0;

  for (const char *p = memchr (html, '<', length); p; p = memchr (p, '<', (gsize) (end - p))) {
    Cursor cursor = { p, end };

    if (begins_tag (p, end) && has_too_many_attributes (&cursor)) {
      g_string_append_len (out, copied, p - copied);
      g_string_append (out, "&lt;");
      copied = p + 1;
    }
    work += (gsize) (cursor.p - p);
    if (work > length + EXTRA_WORK) {
      end = p;
      break;
    }
    p++;
  }
  g_string_append_len (out, copied, MAX (end, copied) - copied);
}
