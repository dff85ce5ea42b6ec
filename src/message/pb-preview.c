/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Previews for list rows: a few KiB are decoded, never the whole. */

#include "pb-preview.h"

#include <string.h>

#include "pb-html-filter.h"

#define PLAIN_OCTETS 8192
#define HTML_OCTETS 65536
#define TEXT_OCTETS 4096

typedef struct {
  const char *start;
  gsize length;
  gboolean is_quote;
} Line;

static gboolean
next_line (const char **p, Line *line) {
  if (!**p)
    return FALSE;
  line->length = strcspn (*p, "\n");
  line->start = *p;
  *p += line->length + (*(*p + line->length) == '\n');
  while (line->length > 0 && g_ascii_isspace (*line->start)) {
    line->start++;
    line->length--;
  }
  while (line->length > 0 && g_ascii_isspace (line->start[line->length - 1]))
    line->length--;
  line->is_quote = line->length > 0 && *line->start == '>';
  return TRUE;
}

/* Characters that take no room are used by senders to push the preview away. */
static gboolean
is_invisible (gunichar c) {
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xad || c == 0x34f || c == 0x61c || c == 0xfeff;
}

/* Adds with white space collapsed; FALSE when the preview is full. */
static gboolean
append (GString *out, guint *characters, const char *text, gsize length) {
  gboolean space = out->len > 0;

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (is_invisible (c))
      continue;
    if (g_unichar_isspace (c) || g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029) {
      space = out->len > 0;
      continue;
    }
    if (*characters + 1 + space > PB_PREVIEW_CHARACTERS)
      return FALSE;
    if (space)
      g_string_append_c (out, ' ');
    *characters += 1 + space;
    space = FALSE;
    g_string_append_unichar (out, c);
  }
  return TRUE;
}

/* "On Monday Ann wrote:" in any language: a paragraph of at most three lines that ends in a colon,
 * right before a quotation. */
static gboolean
announces_quote (const Line *first, const char *p) {
  Line line = *first;

  for (guint i = 0; i < 3; i++) {
    gboolean colon = (line.length > 0 && line.start[line.length - 1] == ':') ||
                     (line.length > 3 && memcmp (line.start + line.length - 3, "：", 3) == 0);

    if (line.length == 0 || line.is_quote || !next_line (&p, &line))
      return FALSE;
    if (!colon)
      continue;
    while (line.length == 0 && next_line (&p, &line))
      ;
    return line.is_quote;
  }
  return FALSE;
}

static void
pass_over_quote (const char **p) {
  const char *next = *p;
  Line line;

  while (next_line (&next, &line) && !line.is_quote)
    *p = next;
}

static gboolean
begins_original (const Line *line) {
  return line->length > 6 && memcmp (line->start, "-----", 5) == 0 &&
         line->start[line->length - 1] == '-' && memchr (line->start, ' ', line->length);
}

static void
collect_own_words (const char *text, GString *out) {
  guint characters = 0;
  Line line;

  while (next_line (&text, &line)) {
    if (line.is_quote)
      continue;
    if ((line.length == 2 && memcmp (line.start, "--", 2) == 0) || begins_original (&line))
      return;
    if (announces_quote (&line, text))
      pass_over_quote (&text);
    else if (!append (out, &characters, line.start, line.length))
      return;
  }
}

static void
collect_all_words (const char *text, GString *out) {
  guint characters = 0;
  Line line;

  while (next_line (&text, &line)) {
    while (line.length > 0 && (*line.start == '>' || *line.start == ' ')) {
      line.start++;
      line.length--;
    }
    if (!append (out, &characters, line.start, line.length))
      return;
  }
}

char *
pb_preview_from_text (const char *text) {
  g_return_val_if_fail (text != NULL, NULL);

  GString *out = g_string_new (NULL);

  collect_own_words (text, out);
  if (out->len == 0)
    collect_all_words (text, out);
  return g_string_free (out, FALSE);
}

/* What is left of a character at the cut. */
static void
drop_torn_end (char *text) {
  gsize length = strlen (text);

  while (length >= 3 && memcmp (text + length - 3, "\357\277\275", 3) == 0)
    length -= 3;
  text[length] = '\0';
}

static char *
preview_of_part (const PbPart *part, const char *data) {
  gboolean cut, html = pb_body_is_html (part);
  g_autofree char *text = pb_body_dup_text (part, data, html ? HTML_OCTETS : PLAIN_OCTETS, &cut);

  if (cut)
    drop_torn_end (text);
  if (!html)
    return pb_preview_from_text (text);
  g_autofree char *plain = pb_html_to_text (text, TEXT_OCTETS);
  return pb_preview_from_text (plain);
}

/* The first that says anything. */
static char *
preview_of_parts (GPtrArray *parts, const char *data) {
  for (guint i = 0; i < parts->len; i++) {
    char *preview = preview_of_part (g_ptr_array_index (parts, i), data);

    if (*preview)
      return preview;
    g_free (preview);
  }
  return NULL;
}

char *
pb_preview_from_body (const PbBody *body, const char *data) {
  for (guint i = 0; i < body->blocks->len; i++) {
    PbBodyBlock *block = g_ptr_array_index (body->blocks, i);
    char *preview = preview_of_parts (block->plain, data);

    if (!preview)
      preview = preview_of_parts (block->rich, data);
    if (preview)
      return preview;
  }
  return g_strdup ("");
}
