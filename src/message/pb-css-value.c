/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The lists of what style may do, and the check of one declaration against them. A declaration
 * passes whole or not at all, except that pictures are taken out of backgrounds so that their
 * colour remains. */

#include "pb-css-value.h"

#include <string.h>

#define VALUE_LIMIT 2048
#define NESTING_LIMIT 8

static const char *const properties[] = {
  "align-content",
  "align-items",
  "align-self",
  "background",
  "background-color",
  "background-repeat",
  "border",
  "border-bottom",
  "border-bottom-color",
  "border-bottom-left-radius",
  "border-bottom-right-radius",
  "border-bottom-style",
  "border-bottom-width",
  "border-collapse",
  "border-color",
  "border-left",
  "border-left-color",
  "border-left-style",
  "border-left-width",
  "border-radius",
  "border-right",
  "border-right-color",
  "border-right-style",
  "border-right-width",
  "border-spacing",
  "border-style",
  "border-top",
  "border-top-color",
  "border-top-left-radius",
  "border-top-right-radius",
  "border-top-style",
  "border-top-width",
  "border-width",
  "box-sizing",
  "caption-side",
  "clear",
  "color",
  "column-count",
  "column-gap",
  "column-width",
  "direction",
  "display",
  "empty-cells",
  "flex",
  "flex-basis",
  "flex-direction",
  "flex-flow",
  "flex-grow",
  "flex-shrink",
  "flex-wrap",
  "float",
  "font",
  "font-family",
  "font-size",
  "font-stretch",
  "font-style",
  "font-variant",
  "font-weight",
  "gap",
  "height",
  "hyphens",
  "justify-content",
  "letter-spacing",
  "line-height",
  "list-style",
  "list-style-position",
  "list-style-type",
  "margin",
  "margin-bottom",
  "margin-left",
  "margin-right",
  "margin-top",
  "max-height",
  "max-width",
  "min-height",
  "min-width",
  "opacity",
  "outline",
  "outline-color",
  "outline-style",
  "outline-width",
  "overflow",
  "overflow-wrap",
  "overflow-x",
  "overflow-y",
  "padding",
  "padding-bottom",
  "padding-left",
  "padding-right",
  "padding-top",
  "row-gap",
  "tab-size",
  "table-layout",
  "text-align",
  "text-align-last",
  "text-decoration",
  "text-decoration-color",
  "text-decoration-line",
  "text-decoration-style",
  "text-indent",
  "text-overflow",
  "text-transform",
  "unicode-bidi",
  "vertical-align",
  "visibility",
  "white-space",
  "width",
  "word-break",
  "word-spacing",
  "word-wrap",
};

static const char *const functions[] = { "rgb", "rgba", "hsl", "hsla", "calc" };

static gboolean
is_listed (const char *const *list, gsize n, const char *word, gsize length) {
  for (gsize i = 0; i < n; i++) {
    if (strlen (list[i]) == length && g_ascii_strncasecmp (list[i], word, length) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_name_character (char c) {
  return g_ascii_isalnum (c) || c == '-' || c == '_';
}

static const char *
skip_string (const char *p, const char *end) {
  char quote = *p++;

  while (p < end && *p != quote && *p != '\n')
    p += *p == '\\' && p + 1 < end ? 2 : 1;
  return p < end ? p + 1 : end;
}

const char *
pb_css_skip_piece (const char *p, const char *end) {
  guint open = 0;

  do {
    if (*p == '"' || *p == '\'') {
      p = skip_string (p, end);
      continue;
    }
    if (*p == '(' || *p == '[')
      open++;
    else if ((*p == ')' || *p == ']') && open > 0)
      open--;
    p += *p == '\\' && p + 1 < end ? 2 : 1;
  } while (open > 0 && p < end);
  return MIN (p, end);
}

static gboolean
is_remote (const char *p, const char *end) {
  while (p < end && (g_ascii_isspace (*p) || *p == '"' || *p == '\''))
    p++;
  return (end - p >= 5 && g_ascii_strncasecmp (p, "http:", 5) == 0) ||
         (end - p >= 6 && g_ascii_strncasecmp (p, "https:", 6) == 0) ||
         (end - p >= 2 && memcmp (p, "//", 2) == 0);
}

/* The value without url(…); *@had_url tells whether there was one. */
static GString *
without_urls (const char *p, const char *end, gboolean *had_url, PbCssFindings *findings) {
  GString *out = g_string_sized_new ((gsize) (end - p) + 1);

  while (p < end) {
    gboolean word_start = out->len == 0 || !is_name_character (out->str[out->len - 1]);

    if (word_start && end - p >= 4 && g_ascii_strncasecmp (p, "url(", 4) == 0) {
      const char *next = pb_css_skip_piece (p + 3, end);
      findings->remote_images += is_remote (p + 4, next);
      *had_url = TRUE;
      p = next;
      g_string_append_c (out, ' ');
      continue;
    }
    g_string_append_c (out, *p++);
  }
  return out;
}

/* The function name that ends at @open. */
static gboolean
is_allowed_function (const char *start, const char *open) {
  const char *name = open;

  while (name > start && is_name_character (name[-1]))
    name--;
  return is_listed (functions, G_N_ELEMENTS (functions), name, (gsize) (open - name));
}

/* The one judge of what comes out: every character, quote and parenthesis is looked at. */
static gboolean
is_harmless_value (const char *value) {
  char quote = '\0';
  guint open = 0;

  for (const char *p = value; *p; p++) {
    if (quote) {
      if (*p == quote)
        quote = '\0';
      else if (strchr ("\\<>{};@\"'&`", *p) || g_ascii_iscntrl (*p))
        return FALSE;
      continue;
    }
    if (*p == '"' || *p == '\'')
      quote = *p;
    else if (*p == '(' && open == 0 && !is_allowed_function (value, p))
      return FALSE;
    else if (*p == '(' && ++open > NESTING_LIMIT)
      return FALSE;
    else if (*p == '(' && p > value && is_name_character (p[-1]) && !is_allowed_function (value, p))
      return FALSE;
    else if (*p == ')' && open-- == 0)
      return FALSE;
    else if (!g_ascii_isalnum (*p) && !(*p & 0x80) && !strchr (" #%.,-+*/()!_", *p))
      return FALSE;
  }
  return quote == '\0' && open == 0;
}

/* White space collapsed, ends trimmed. */
static void
tidy (GString *value) {
  char *to = value->str;
  gboolean space = FALSE;

  for (const char *p = value->str; *p; p++) {
    if (g_ascii_isspace (*p)) {
      space = to > value->str;
      continue;
    }
    if (space)
      *to++ = ' ';
    space = FALSE;
    *to++ = *p;
  }
  g_string_truncate (value, (gsize) (to - value->str));
}

static gboolean
sets_color (const char *name, gsize length) {
  return (length == 5 && g_ascii_strncasecmp (name, "color", 5) == 0) ||
         (length >= 10 && g_ascii_strncasecmp (name, "background", 10) == 0);
}

static gboolean
allows_removed_url (const char *name, gsize length) {
  static const char *const shorthands[] = { "background", "list-style" };

  return is_listed (shorthands, G_N_ELEMENTS (shorthands), name, length);
}

void
pb_css_append_declaration (GString *out, const char *text, gsize length, PbCssFindings *findings) {
  const char *end = text + length, *name = text;
  gboolean had_url = FALSE;

  while (name < end && g_ascii_isspace (*name))
    name++;
  const char *name_end = name;
  while (name_end < end && is_name_character (*name_end))
    name_end++;
  const char *colon = name_end;
  while (colon < end && g_ascii_isspace (*colon))
    colon++;
  if (name == name_end || colon == end || *colon != ':' || length > VALUE_LIMIT ||
      memchr (text, '\\', length))
    return;

  gsize name_length = (gsize) (name_end - name);
  g_autoptr (GString) value = without_urls (colon + 1, end, &had_url, findings);
  tidy (value);
  if (value->len == 0 || (had_url && !allows_removed_url (name, name_length)) ||
      !is_listed (properties, G_N_ELEMENTS (properties), name, name_length) ||
      !is_harmless_value (value->str))
    return;
  for (const char *p = name; p < name_end; p++)
    g_string_append_c (out, g_ascii_tolower (*p));
  g_string_append_printf (out, ":%s;", value->str);
  findings->sets_colors |= sets_color (name, name_length);
}
