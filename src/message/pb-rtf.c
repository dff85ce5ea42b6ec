/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Only what it takes to read a message: lines, tabs, characters. Groups that hold fonts, colours
 * or pictures are passed over. */

#include "pb-rtf.h"

#include <string.h>

#include "pb-text-decoder.h"

#define LIMIT (4 * 1024 * 1024)
#define WINDOW 4096
#define DEPTH_LIMIT 64

/* What the window holds at first; part of the format. */
static const char prefilled[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil "
                                "\\froman \\fswiss \\fmodern \\fscript "
                                "\\fdecor MS Sans SerifSymbolArialTimes New "
                                "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
                                "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

typedef struct {
  GString *out;
  char window[WINDOW];
  guint write;
} Unpacker;

static void
put (Unpacker *self, char c) {
  g_string_append_c (self->out, c);
  self->window[self->write] = c;
  self->write = (self->write + 1) % WINDOW;
}

static void
unpack (Unpacker *self, const guint8 *p, const guint8 *end) {
  while (p < end) {
    guint control = *p++;

    for (guint bit = 0; bit < 8 && p < end && self->out->len < LIMIT; bit++) {
      if (!(control >> bit & 1)) {
        put (self, (char) *p++);
        continue;
      }
      if (end - p < 2)
        return;
      guint reference = (guint) p[0] << 8 | p[1], offset = reference >> 4;
      p += 2;
      if (offset == self->write)
        return;
      for (guint n = (reference & 15) + 2; n > 0; n--, offset = (offset + 1) % WINDOW)
        put (self, self->window[offset]);
    }
    if (self->out->len >= LIMIT)
      return;
  }
}

char *
pb_rtf_unpack (const guint8 *data, gsize length) {
  if (length < 16)
    return NULL;
  if (memcmp (data + 8, "MELA", 4) == 0)
    return g_strndup ((const char *) data + 16, MIN (length - 16, LIMIT));
  if (memcmp (data + 8, "LZFu", 4) != 0)
    return NULL;
  g_autofree Unpacker *self = g_new0 (Unpacker, 1);
  self->out = g_string_new (NULL);
  self->write = (guint) strlen (prefilled);
  memcpy (self->window, prefilled, self->write);
  unpack (self, data + 16, data + length);
  return g_string_free (self->out, FALSE);
}

typedef struct {
  GString *out;
  GString *bytes; /* not yet decoded */
  char charset[16];
  gboolean hidden[DEPTH_LIMIT];
  guint depth;
  gboolean in_shadow; /* \htmlrtf: what stands there a second time */
  guint skip;         /* characters that stand in for one that was given by number */
} Words;

static void
flush (Words *self) {
  if (self->bytes->len == 0)
    return;
  g_autofree char *text = pb_text_decode (self->bytes->str, self->bytes->len,
                                          *self->charset ? self->charset : "windows-1252");
  g_string_append (self->out, text);
  g_string_truncate (self->bytes, 0);
}

static gboolean
is_shown (const Words *self) {
  return !self->in_shadow && !self->hidden[MIN (self->depth, DEPTH_LIMIT - 1)];
}

static void
add_byte (Words *self, char c) {
  if (self->skip > 0)
    self->skip--;
  else if (is_shown (self))
    g_string_append_c (self->bytes, c);
}

static void
add_character (Words *self, int number) {
  gunichar c = (gunichar) (number < 0 ? number + 65536 : number);

  self->skip = 1;
  if (!is_shown (self) || !g_unichar_validate (c) || c == 0)
    return;
  flush (self);
  g_string_append_unichar (self->out, c);
}

static void
use_word (Words *self, const char *word, gboolean has_number, int number) {
  static const char *const destinations[] = { "fonttbl", "colortbl", "stylesheet", "info", "pict",
                                              "header",  "footer",   "object",     NULL };

  if (strcmp (word, "par") == 0 || strcmp (word, "line") == 0)
    add_byte (self, '\n');
  else if (strcmp (word, "tab") == 0)
    add_byte (self, '\t');
  else if (strcmp (word, "u") == 0 && has_number)
    add_character (self, number);
  else if (strcmp (word, "ansicpg") == 0 && has_number)
    g_snprintf (self->charset, sizeof self->charset, "cp%d", number);
  else if (strcmp (word, "htmlrtf") == 0)
    self->in_shadow = !has_number || number != 0;
  else if (g_strv_contains (destinations, word))
    self->hidden[MIN (self->depth, DEPTH_LIMIT - 1)] = TRUE;
}

/* Behind the "\" at @p - 1. */
static const char *
read_control (Words *self, const char *p) {
  char word[32];
  gsize length = 0;

  if (*p == '\'' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2])) {
    add_byte (self, (char) (g_ascii_xdigit_value (p[1]) << 4 | g_ascii_xdigit_value (p[2])));
    return p + 3;
  }
  if (*p == '*')
    self->hidden[MIN (self->depth, DEPTH_LIMIT - 1)] = TRUE;
  else if (*p && strchr ("\\{}~", *p))
    add_byte (self, *p == '~' ? ' ' : *p);
  if (!g_ascii_isalpha (*p))
    return *p ? p + 1 : p;
  for (; g_ascii_isalpha (*p); p++) {
    if (length + 1 < sizeof word)
      word[length++] = *p;
  }
  word[length] = '\0';
  char *end;
  gboolean has_number = g_ascii_isdigit (*p) || (*p == '-' && g_ascii_isdigit (p[1]));
  gint64 number = has_number ? g_ascii_strtoll (p, &end, 10) : 0;
  if (has_number)
    p = end;
  use_word (self, word, has_number, (int) CLAMP (number, -65536, 65536));
  return *p == ' ' ? p + 1 : p;
}

char *
pb_rtf_to_text (const char *rtf) {
  g_autofree Words *self = g_new0 (Words, 1);

  self->out = g_string_new (NULL);
  self->bytes = g_string_new (NULL);
  for (const char *p = rtf; *p;) {
    char c = *p++;

    if (c == '{') {
      gboolean hidden = self->hidden[MIN (self->depth, DEPTH_LIMIT - 1)];
      self->depth++;
      self->hidden[MIN (self->depth, DEPTH_LIMIT - 1)] = hidden;
    } else if (c == '}') {
      self->depth -= self->depth > 0;
    } else if (c == '\\') {
      p = read_control (self, p);
    } else if (c != '\r' && c != '\n') {
      add_byte (self, c);
    }
  }
  flush (self);
  g_string_free (self->bytes, TRUE);
  return g_strchomp (g_string_free (self->out, FALSE));
}
