/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Rules, selectors and blocks of style text. What a single declaration may say is decided in
 * pb-css-value.c. */

#include "pb-css-filter.h"

#include <string.h>

#include "pb-css-value.h"

#define SHEET_LIMIT (512 * 1024)
#define SELECTOR_LIMIT 512
#define PRELUDE_LIMIT 256
#define MEDIA_DEPTH 2

typedef struct {
  const char *p;
  const char *end;
} Cursor;

static void filter_rules (GString *out, Cursor cursor, guint depth, PbCssFindings *findings);

/* Comments and the marks of HTML comments become spaces, so does every control character. */
static GString *
without_comments (const char *css, gsize length) {
  GString *out = g_string_sized_new (length + 1);
  const char *end = css + length;

  for (const char *p = css; p < end;) {
    if (end - p >= 2 && memcmp (p, "/*", 2) == 0) {
      const char *close = memmem (p + 2, (gsize) (end - p - 2), "*/", 2);
      p = close ? close + 2 : end;
      g_string_append_c (out, ' ');
    } else if (end - p >= 4 && memcmp (p, "<!--", 4) == 0) {
      p += 4;
      g_string_append_c (out, ' ');
    } else if (end - p >= 3 && memcmp (p, "-->", 3) == 0) {
      p += 3;
      g_string_append_c (out, ' ');
    } else {
      g_string_append_c (out, g_ascii_iscntrl (*p) && *p != '\n' ? ' ' : *p);
      p++;
    }
  }
  return out;
}

static void
filter_block (GString *out, const char *p, const char *end, PbCssFindings *findings) {
  while (p < end) {
    const char *stop = p;

    while (stop < end && *stop != ';')
      stop = pb_css_skip_piece (stop, end);
    pb_css_append_declaration (out, p, (gsize) (stop - p), findings);
    p = stop < end ? stop + 1 : end;
  }
}

char *
pb_css_filter_declarations (const char *css, gsize length, PbCssFindings *findings) {
  g_return_val_if_fail (css != NULL || length == 0, NULL);

  g_autoptr (GString) text = without_comments (css, MIN (length, SHEET_LIMIT));
  GString *out = g_string_new (NULL);

  filter_block (out, text->str, text->str + text->len, findings);
  return g_string_free (out, FALSE);
}

/* Where the block that begins at @p ("{") ends: at its "}". */
static const char *
find_block_end (const char *p, const char *end) {
  guint open = 0;

  while (p < end) {
    if (*p == '"' || *p == '\'') {
      p = pb_css_skip_piece (p, end);
      continue;
    }
    if (*p == '{')
      open++;
    else if (*p == '}' && --open == 0)
      return p;
    p += *p == '\\' && p + 1 < end ? 2 : 1;
  }
  return end;
}

/* Quotes, brackets and parentheses in pairs, and no character that means more than a selector. */
static gboolean
is_plain_selector (const char *selector) {
  char quote = '\0';
  int round = 0, square = 0;

  for (const char *p = selector; *p; p++) {
    if (strchr ("\\<&@;{}/!%`", *p) || g_ascii_iscntrl (*p))
      return FALSE;
    if (quote) {
      quote = *p == quote ? '\0' : quote;
      continue;
    }
    if (*p == '"' || *p == '\'')
      quote = *p;
    round += (*p == '(') - (*p == ')');
    square += (*p == '[') - (*p == ']');
    if (round < 0 || square < 0 || round > 4 || square > 1)
      return FALSE;
  }
  return quote == '\0' && round == 0 && square == 0;
}

static gboolean
starts_with_word (const char *text, const char *word) {
  gsize length = strlen (word);
  char next = text[MIN (strlen (text), length)];

  return g_ascii_strncasecmp (text, word, length) == 0 && !g_ascii_isalnum (next) && next != '-' &&
         next != '_' && !(next & 0x80);
}

/* Ids get their prefix; FALSE for classes of the program's own. */
static gboolean
append_renamed (GString *out, const char *selector) {
  gboolean in_brackets = FALSE;

  for (const char *p = selector; *p; p++) {
    in_brackets = *p == '[' || (in_brackets && *p != ']');
    if (*p == '.' && g_str_has_prefix (p + 1, "pb-") && !starts_with_word (p, PB_CSS_BODY))
      return FALSE;
    g_string_append_c (out, *p);
    if (*p == '#' && !in_brackets && !g_str_has_prefix (p + 1, PB_CSS_ID_PREFIX))
      g_string_append (out, PB_CSS_ID_PREFIX);
  }
  return TRUE;
}

/* Confines @selector, which is trimmed, to the message; FALSE when it is odd. */
static gboolean
append_selector (GString *out, const char *selector) {
  gsize start = out->len;
  const char *rest = selector;

  if (!*selector || strlen (selector) > SELECTOR_LIMIT || !is_plain_selector (selector))
    return FALSE;
  if (starts_with_word (rest, PB_CSS_SCOPE))
    rest += strlen (PB_CSS_SCOPE);
  else if (starts_with_word (rest, ":root"))
    rest += strlen (":root");
  else if (starts_with_word (rest, "html"))
    rest += strlen ("html");
  if (rest > selector && *rest && *rest != ' ' && *rest != '>')
    return FALSE;
  rest += strspn (rest, " >");

  g_string_append (out, PB_CSS_SCOPE);
  if (*rest)
    g_string_append_c (out, ' ');
  if (starts_with_word (rest, "body")) {
    g_string_append (out, PB_CSS_BODY);
    rest += strlen ("body");
  }
  if (append_renamed (out, rest))
    return TRUE;
  g_string_truncate (out, start);
  return FALSE;
}

static char *
dup_tidy (const char *text, gsize length) {
  char *copy = g_strndup (text, length);

  g_strdelimit (copy, "\n\t\r\f", ' ');
  return g_strstrip (copy);
}

/* All selectors of a rule; those that are odd are left out. */
static void
append_selectors (GString *out, const char *p, const char *end) {
  gsize start = out->len;

  while (p < end) {
    const char *stop = p;

    while (stop < end && *stop != ',')
      stop = pb_css_skip_piece (stop, end);
    g_autofree char *selector = dup_tidy (p, (gsize) (stop - p));
    gsize before = out->len;
    if (before > start)
      g_string_append_c (out, ',');
    if (!append_selector (out, selector))
      g_string_truncate (out, before);
    p = stop < end ? stop + 1 : end;
  }
}

static void
filter_rule (GString *out, Cursor prelude, Cursor block, PbCssFindings *findings) {
  g_autoptr (GString) selectors = g_string_new (NULL);
  g_autoptr (GString) declarations = g_string_new (NULL);

  append_selectors (selectors, prelude.p, prelude.end);
  filter_block (declarations, block.p, block.end, findings);
  if (selectors->len > 0 && declarations->len > 0)
    g_string_append_printf (out, "%s{%s}\n", selectors->str, declarations->str);
}

static gboolean
is_plain_prelude (const char *prelude) {
  int open = 0;

  if (strlen (prelude) > PRELUDE_LIMIT || strstr (prelude, "prefers-color-scheme"))
    return FALSE;
  for (const char *p = prelude; *p; p++) {
    if (!g_ascii_isalnum (*p) && !strchr (" ():,.-/>=", *p))
      return FALSE;
    open += (*p == '(') - (*p == ')');
    if (open < 0 || open > 4)
      return FALSE;
  }
  return open == 0;
}

/* Only @media, whose content is cleaned like everything else. */
static void
filter_at_rule (GString *out, Cursor prelude, Cursor block, guint depth, PbCssFindings *findings) {
  g_autofree char *text = dup_tidy (prelude.p, (gsize) (prelude.end - prelude.p));
  g_autofree char *lower = g_ascii_strdown (text, -1);

  if (depth >= MEDIA_DEPTH || !starts_with_word (lower, "@media") ||
      !is_plain_prelude (lower + strlen ("@media")))
    return;
  g_autoptr (GString) rules = g_string_new (NULL);
  filter_rules (rules, block, depth + 1, findings);
  if (rules->len > 0)
    g_string_append_printf (out, "%s{%s}\n", lower, rules->str);
}

static void
filter_rules (GString *out, Cursor cursor, guint depth, PbCssFindings *findings) {
  while (cursor.p < cursor.end) {
    while (cursor.p < cursor.end && (g_ascii_isspace (*cursor.p) || strchr ("};", *cursor.p)))
      cursor.p++;
    const char *stop = cursor.p;
    gboolean at = stop < cursor.end && *stop == '@';

    while (stop < cursor.end && *stop != '{' && *stop != '}' && !(at && *stop == ';'))
      stop = pb_css_skip_piece (stop, cursor.end);
    Cursor prelude = { cursor.p, stop };
    if (stop == cursor.end || *stop != '{') {
      cursor.p = stop;
      continue;
    }
    Cursor block = { stop + 1, find_block_end (stop, cursor.end) };
    if (at)
      filter_at_rule (out, prelude, block, depth, findings);
    else
      filter_rule (out, prelude, block, findings);
    cursor.p = block.end < cursor.end ? block.end + 1 : cursor.end;
  }
}

char *
pb_css_filter_sheet (const char *css, gsize length, PbCssFindings *findings) {
  g_return_val_if_fail (css != NULL || length == 0, NULL);

  g_autoptr (GString) text = without_comments (css, MIN (length, SHEET_LIMIT));
  GString *out = g_string_new (NULL);

  filter_rules (out, (Cursor){ text->str, text->str + text->len }, 0, findings);
  return g_string_free (out, FALSE);
}
