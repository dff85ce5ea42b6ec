/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* RFC 2047 as it is sent rather than as it is written. This is not left to GMime
 * (g_mime_utils_header_decode_text), which a reader would lose text by:
 *
 * - A character cut in two between "B" words, as many Chinese and Japanese mailers do it: the
 *   padding of the first word ends GMime's decoding, the rest is lost.
 * - A "B" word without its padding: GMime returns nothing for it.
 * - ISO-8859-1 that is windows-1252: quotes and the euro sign come out as control characters.
 * - Raw 8-bit text without a declaration: GMime tries a fixed list of character sets, and what is
 *   Latin 1 is also valid GB 18030; raw ISO-2022-JP stays escape sequences.
 * - Control characters and line ends in words go through.
 * - Addresses: for the same reasons names are decoded before GMime splits the list, so what comes
 *   out of words is quoted.
 *
 * Character sets are read in pb-text-decoder; structure (addresses, parameters) elsewhere. */

#include "pb-header-text.h"

#include <string.h>

#include "pb-text-decoder.h"

typedef struct {
  const char *charset;
  gsize charset_length;
  char encoding; /* 'b' or 'q' */
  const char *text;
  gsize text_length;
  const char *end; /* behind the word */
} EncodedWord;

typedef struct {
  GString *out;
  gboolean addresses; /* quote what comes out of encoded words */
  gboolean quoted;    /* inside a quoted string of @out */
  guint comments;     /* how many comments of @out are open */

  /* Words of one character set are joined as bytes, since a character may be cut between them. */
  GString *pending;
  char charset[64];
} Decoder;

static const char *
find (const char *from, const char *end, const char *what) {
  return memmem (from, (gsize) (end - from), what, strlen (what));
}

static gboolean
scan_word (const char *p, const char *end, EncodedWord *word) {
  if (end - p < 8 || p[0] != '=' || p[1] != '?')
    return FALSE;
  const char *mark = memchr (p + 2, '?', (gsize) MIN (end - p - 2, 80));
  if (!mark || mark == p + 2 || end - mark < 5 || mark[2] != '?' || !strchr ("bBqQ", mark[1]))
    return FALSE;
  for (const char *c = p + 2; c < mark; c++) {
    if (!g_ascii_isgraph (*c))
      return FALSE;
  }
  const char *stop = find (mark + 3, end, "?=");
  if (!stop)
    return FALSE;

  const char *language = memchr (p + 2, '*', (gsize) (mark - p - 2));
  word->charset = p + 2;
  word->charset_length = (gsize) ((language ? language : mark) - word->charset);
  word->encoding = g_ascii_tolower (mark[1]);
  word->text = mark + 3;
  word->text_length = (gsize) (stop - word->text);
  word->end = stop + 2;
  return TRUE;
}

static void
append_base64 (GString *out, const char *text, gsize length) {
  int state = 0;
  guint save = 0;
  gsize start = out->len;

  g_string_set_size (out, start + length + 8);
  guchar *to = (guchar *) out->str + start;
  gsize size = g_base64_decode_step (text, length, to, &state, &save);
  /* Padding that was left out. */
  if (state != 0)
    size += g_base64_decode_step ("==", 2, to + size, &state, &save);
  g_string_set_size (out, start + size);
}

static void
append_q (GString *out, const char *text, gsize length) {
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '_') {
      g_string_append_c (out, ' ');
    } else if (text[i] == '=' && i + 2 < length && g_ascii_isxdigit (text[i + 1]) &&
               g_ascii_isxdigit (text[i + 2])) {
      g_string_append_c (
        out, (char) (g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2])));
      i += 2;
    } else {
      g_string_append_c (out, text[i]);
    }
  }
}

char *
pb_header_text_clean (char *text) {
  char *to = text;

  for (const char *p = text; *p;) {
    gunichar c = g_utf8_get_char (p);
    const char *next = g_utf8_next_char (p);

    if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029) {
      *to++ = ' ';
    } else {
      memmove (to, p, (gsize) (next - p));
      to += next - p;
    }
    p = next;
  }
  *to = '\0';
  return g_strstrip (text);
}

static void
append_escaped (GString *out, const char *text, const char *special) {
  for (; *text; text++) {
    if (strchr (special, *text))
      g_string_append_c (out, '\\');
    g_string_append_c (out, *text);
  }
}

static void
flush (Decoder *self) {
  if (self->pending->len == 0)
    return;
  g_autofree char *text = pb_text_decode (self->pending->str, self->pending->len, self->charset);
  g_string_truncate (self->pending, 0);
  if (!self->addresses) {
    g_string_append (self->out, text);
    return;
  }
  for (char *c = text; *c; c++) {
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  }
  if (self->quoted || self->comments > 0) {
    append_escaped (self->out, text, "\\\"()");
    return;
  }
  g_string_append_c (self->out, '"');
  append_escaped (self->out, text, "\\\"");
  g_string_append_c (self->out, '"');
}

static void
add_word (Decoder *self, const EncodedWord *word) {
  gsize length = MIN (word->charset_length, sizeof self->charset - 1);

  if (g_ascii_strncasecmp (self->charset, word->charset, length) != 0 || self->charset[length])
    flush (self);
  memcpy (self->charset, word->charset, length);
  self->charset[length] = '\0';
  if (word->encoding == 'b')
    append_base64 (self->pending, word->text, word->text_length);
  else
    append_q (self->pending, word->text, word->text_length);
}

/* Where in the syntax of addresses the text after @text is. */
static void
follow_syntax (Decoder *self, const char *text, gsize length) {
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '\\' && (self->quoted || self->comments > 0))
      i++;
    else if (text[i] == '"' && self->comments == 0)
      self->quoted = !self->quoted;
    else if (text[i] == '(' && !self->quoted)
      self->comments++;
    else if (text[i] == ')' && self->comments > 0)
      self->comments--;
  }
}

static void
add_plain (Decoder *self, const char *text, gsize length) {
  flush (self);
  if (pb_text_is_ascii (text, length) && !memchr (text, '\033', length)) {
    g_string_append_len (self->out, text, (gssize) length);
  } else {
    g_autofree char *decoded = pb_text_decode (text, length, NULL);
    g_string_append (self->out, decoded);
  }
  if (self->addresses)
    follow_syntax (self, text, length);
}

static gboolean
is_blank (const char *from, const char *to) {
  while (from < to && g_ascii_isspace (*from))
    from++;
  return from == to;
}

static void
decode (Decoder *self, const char *p, const char *end) {
  const char *plain = p; /* not handed on yet */
  gboolean after_word = FALSE;

  while (p < end) {
    EncodedWord word;
    const char *start = find (p, end, "=?");

    if (!start)
      break;
    if (!scan_word (start, end, &word)) {
      p = start + 2;
      continue;
    }
    if (start > plain && !(after_word && is_blank (plain, start)))
      add_plain (self, plain, (gsize) (start - plain));
    add_word (self, &word);
    after_word = TRUE;
    p = plain = word.end;
  }
  if (plain < end)
    add_plain (self, plain, (gsize) (end - plain));
  flush (self);
}

/* Line ends go, the white space after them stays; NUL goes. */
static GString *
unfold (const char *raw, gsize length) {
  GString *line = g_string_sized_new (length + 1);

  for (gsize i = 0; i < length; i++) {
    if (raw[i] == '\n' || raw[i] == '\0' ||
        (raw[i] == '\r' && i + 1 < length && raw[i + 1] == '\n'))
      continue;
    g_string_append_c (line, raw[i]);
  }
  return line;
}

static char *
decode_line (const char *raw, gsize length, gboolean addresses) {
  g_autoptr (GString) line = unfold (raw, length);
  Decoder self = { .out = g_string_sized_new (line->len + 1), .addresses = addresses };

  self.pending = g_string_new (NULL);
  decode (&self, line->str, line->str + line->len);
  g_string_free (self.pending, TRUE);
  return pb_header_text_clean (g_string_free (self.out, FALSE));
}

char *
pb_header_text_decode (const char *raw, gsize length) {
  g_return_val_if_fail (raw != NULL || length == 0, NULL);

  return decode_line (raw, length, FALSE);
}

char *
pb_header_text_decode_addresses (const char *raw, gsize length) {
  g_return_val_if_fail (raw != NULL || length == 0, NULL);

  return decode_line (raw, length, TRUE);
}
