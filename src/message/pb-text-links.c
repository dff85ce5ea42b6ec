/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Links are found with care rather than zeal: a link too short can be mended by a person, one too
 * long leads elsewhere. */

#include "pb-text-links.h"

#include <string.h>

#include "pb-link.h"

#define LINK_LIMIT 2048
#define LOCAL_PART_LIMIT 64
#define DOMAIN_LIMIT 253

typedef struct {
  const char *start;
  const char *end;
  const char *prefix; /* of the target, before the text */
} Link;

static void
append_escaped (GString *out, const char *from, const char *to) {
  g_autofree char *escaped = g_markup_escape_text (from, to - from);

  g_string_append (out, escaped);
}

/* Scripts written without spaces: the text goes on right behind the link. */
static gboolean
is_cjk (gunichar c) {
  return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xa960 && c <= 0xa97f) ||
         (c >= 0xac00 && c <= 0xd7ff) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0xfe30 && c <= 0xfe4f) || (c >= 0xff00 && c <= 0xffef) || c >= 0x20000;
}

static gboolean
belongs_to_link (gunichar c) {
  if (c < 0x80)
    return c > ' ' && c != 0x7f && !strchr ("<>\"`{}|\\^", (int) c);
  return !is_cjk (c) && g_unichar_isalnum (c);
}

/* Punctuation at the end belongs to the sentence, and so does a bracket that was not opened in the
 * link. */
static const char *
without_trailing_punctuation (const char *start, const char *end) {
  int round = 0, square = 0;

  for (const char *p = start; p < end; p++) {
    round += (*p == '(') - (*p == ')');
    square += (*p == '[') - (*p == ']');
  }
  while (end > start) {
    char last = end[-1];

    if (last == ')' && round < 0)
      round++;
    else if (last == ']' && square < 0)
      square++;
    else if (last == '(')
      round--;
    else if (!strchr (".,;:!?'*_~[", last))
      break;
    end--;
  }
  return end;
}

static const char *
find_link_end (const char *start, const char *limit) {
  const char *p = start;

  while (p < limit && p - start < LINK_LIMIT && belongs_to_link (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return without_trailing_punctuation (start, MIN (p, limit));
}

static gboolean
begins_word (const char *text, const char *p) {
  return p == text || !(g_ascii_isalnum (p[-1]) || strchr ("./@-_", p[-1]));
}

static gboolean
has_prefix (const char *p, const char *limit, const char *prefix) {
  gsize length = strlen (prefix);

  return (gsize) (limit - p) > length && g_ascii_strncasecmp (p, prefix, length) == 0;
}

/* A link that begins at @p. */
static gboolean
match_link (const char *text, const char *p, const char *limit, Link *link) {
  static const struct {
    const char *start;
    const char *prefix;
  } forms[] = {
    { "http://", "" }, { "https://", "" },    { "ftp://", "" },
    { "mailto:", "" }, { "www.", "http://" },
  };

  if (!strchr ("hHfFmMwW", *p) || !begins_word (text, p))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    const char *rest = p + strlen (forms[i].start);

    if (!has_prefix (p, limit, forms[i].start))
      continue;
    link->start = p;
    link->end = find_link_end (p, limit);
    link->prefix = forms[i].prefix;
    return link->end > rest && (g_ascii_isalnum (*rest) || *rest == '[' || (*rest & 0x80));
  }
  return FALSE;
}

static gboolean
is_domain (const char *start, const char *end) {
  const char *dot = memrchr (start, '.', (gsize) (end - start));

  if (!dot || end - dot < 3 || end - start > DOMAIN_LIMIT || *start == '.' || *start == '-')
    return FALSE;
  for (const char *p = dot + 1; p < end; p++) {
    if (!g_ascii_isalpha (*p))
      return FALSE;
  }
  return !memmem (start, (gsize) (end - start), "..", 2);
}

/* An address around the "@" at @p that begins at @from or later. */
static gboolean
match_address (const char *from, const char *p, const char *limit, Link *link) {
  const char *start = p, *end = p + 1;

  while (start > from && p - start < LOCAL_PART_LIMIT &&
         (g_ascii_isalnum (start[-1]) || strchr (".!#$%&'*+/=?^_~-", start[-1])))
    start--;
  while (start < p && !g_ascii_isalnum (*start))
    start++;
  while (end < limit && end - p <= DOMAIN_LIMIT && (g_ascii_isalnum (*end) || strchr (".-", *end)))
    end++;
  while (end > p + 1 && !g_ascii_isalnum (end[-1]))
    end--;
  if (start == p || !is_domain (p + 1, end))
    return FALSE;
  *link = (Link){ start, end, "mailto:" };
  return TRUE;
}

static void
append_link (GString *out, const Link *link) {
  g_autofree char *address =
    g_strdup_printf ("%s%.*s", link->prefix, (int) (link->end - link->start), link->start);
  g_autofree char *target = pb_link_clean_target (address);

  if (!target) {
    append_escaped (out, link->start, link->end);
    return;
  }
  g_string_append (out, "<a href=\"");
  append_escaped (out, target, target + strlen (target));
  g_string_append (out, "\" rel=\"noopener noreferrer\">");
  append_escaped (out, link->start, link->end);
  g_string_append (out, "</a>");
}

void
pb_text_links_append (GString *out, const char *text, gsize length) {
  const char *limit = text + length;
  const char *plain = text; /* not yet written */

  for (const char *p = text; p < limit;) {
    Link link;

    if ((*p == '@' && match_address (plain, p, limit, &link)) ||
        match_link (text, p, limit, &link)) {
      append_escaped (out, plain, link.start);
      append_link (out, &link);
      p = plain = link.end;
    } else {
      p++;
    }
  }
  append_escaped (out, plain, limit);
}
