/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. */

#include "html-judge.h"

#include <string.h>

static const char *const bad_elements[] = {
  "script",  "style",    "iframe",    "frame",  "frameset", "object", "embed",  "applet", "form",
  "input",   "button",   "select",    "option", "textarea", "link",   "meta",   "base",   "svg",
  "math",    "template", "noscript",  "audio",  "video",    "source", "track",  "title",  "head",
  "html",    "body",     "area",      "map",    "param",    "canvas", "portal", "image",  "marquee",
  "isindex", "keygen",   "plaintext", "xmp",    NULL,
};

static const char *const good_attributes[] = {
  "abbr",        "align",       "alt",         "aria-hidden", "aria-label", "bgcolor", "border",
  "bordercolor", "cellpadding", "cellspacing", "char",        "class",      "clear",   "color",
  "colspan",     "compact",     "datetime",    "dir",         "face",       "frame",   "height",
  "href",        "hspace",      "id",          "lang",        "name",       "noshade", "nowrap",
  "open",        "rel",         "reversed",    "role",        "rowspan",    "rules",   "scope",
  "size",        "span",        "src",         "start",       "style",      "summary", "title",
  "type",        "valign",      "value",       "vspace",      "width",      NULL,
};

static const char *const empty_elements[] = { "br", "hr", "img", "col", "wbr", NULL };

static gboolean
starts_with_any (const char *text, const char *const *prefixes) {
  for (; *prefixes; prefixes++) {
    if (g_str_has_prefix (text, *prefixes))
      return TRUE;
  }
  return FALSE;
}

/* Only functions that make colours and numbers. */
static void
judge_functions (const char *value) {
  static const char *const good[] = { "rgb(", "rgba(", "hsl(", "hsla(", "calc(", NULL };
  g_autoptr (GRegex) function = g_regex_new ("[-a-z0-9_]+\\(", 0, 0, NULL);
  g_autoptr (GRegex) string = g_regex_new ("\"[^\"]*\"|'[^']*'", 0, 0, NULL);
  g_autofree char *bare = g_regex_replace_literal (string, value, -1, 0, "", 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (function, bare, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL)) {
    g_autofree char *found = g_match_info_fetch (match, 0);
    if (!g_strv_contains (good, found))
      g_error ("function “%s” in “%s”", found, value);
  }
}

/* @declarations: "name:value;name:value;" */
static void
judge_declarations (const char *declarations) {
  static const char *const bad_names[] = {
    "position",
    "behavior",
    "-moz-binding",
    "content",
    "cursor",
    "filter",
    "mask",
    "clip-path",
    "background-image",
    "list-style-image",
    "border-image",
    "border-image-source",
    "src",
    "transform",
    "animation",
    "z-index",
    NULL,
  };
  g_autofree char *lower = g_ascii_strdown (declarations, -1);
  g_auto (GStrv) parts = g_strsplit (lower, ";", -1);

  g_assert_null (strpbrk (lower, "\\<@{}"));
  for (guint i = 0; parts[i] && *parts[i]; i++) {
    char *colon = strchr (parts[i], ':');
    g_assert_nonnull (colon);
    *colon = '\0';
    if (g_strv_contains (bad_names, parts[i]) || g_str_has_prefix (parts[i], "--"))
      g_error ("property “%s” in “%s”", parts[i], declarations);
    judge_functions (colon + 1);
  }
}

static void
judge_attribute (const char *element, const char *name, const char *value) {
  static const char *const targets[] = { "http://", "https://", "ftp://", "mailto:",
                                         "tel:",    "#m-",      NULL };
  static const char *const pictures[] = { "cid:",
                                          "data:image/png;base64,",
                                          "data:image/jpeg;base64,",
                                          "data:image/jpg;base64,",
                                          "data:image/gif;base64,",
                                          "data:image/webp;base64,",
                                          NULL };

  if (!g_strv_contains (good_attributes, name))
    g_error ("attribute “%s” of “%s”", name, element);
  g_assert_null (strpbrk (value, "<>`'"));
  if (strcmp (name, "href") == 0) {
    g_assert_cmpstr (element, ==, "a");
    g_assert_true (starts_with_any (value, targets));
    g_assert_null (strpbrk (value, " \t\r\n"));
  } else if (strcmp (name, "src") == 0) {
    g_assert_cmpstr (element, ==, "img");
    g_assert_true (starts_with_any (value, pictures));
  } else if (strcmp (name, "style") == 0) {
    g_autoptr (GString) plain = g_string_new (value);
    g_string_replace (plain, "&quot;", "\"", 0);
    g_string_replace (plain, "&#39;", "'", 0);
    g_assert_null (strchr (plain->str, '&'));
    judge_declarations (plain->str);
  } else if (strcmp (name, "id") == 0 || strcmp (name, "name") == 0) {
    g_assert_true (g_str_has_prefix (value, "m-"));
  }
}

/* Behind the tag; adds to or takes from the open elements. */
static const char *
judge_tag (const char *p, GPtrArray *open) {
  gboolean closes = *p == '/';
  gsize length = strcspn (p + closes, " >");
  char *name = g_strndup (p + closes, length);

  g_assert_cmpuint (length, >, 0);
  for (const char *c = name; *c; c++)
    g_assert_true (g_ascii_islower (*c) || g_ascii_isdigit (*c));
  if (g_strv_contains (bad_elements, name))
    g_error ("element “%s”", name);
  p += closes + length;
  while (*p == ' ') {
    gsize name_length = strcspn (p + 1, "=> ");
    g_autofree char *attribute = g_strndup (p + 1, name_length);
    p += 1 + name_length;
    g_assert_true (g_str_has_prefix (p, "=\""));
    const char *end = strchr (p + 2, '"');
    g_assert_nonnull (end);
    g_autofree char *value = g_strndup (p + 2, (gsize) (end - p - 2));
    judge_attribute (name, attribute, value);
    p = end + 1;
  }
  g_assert_cmpint (*p, ==, '>');
  if (closes) {
    g_assert_cmpuint (open->len, >, 0);
    g_assert_cmpstr (open->pdata[open->len - 1], ==, name);
    g_ptr_array_set_size (open, (gint) open->len - 1);
    g_free (name);
  } else if (g_strv_contains (empty_elements, name)) {
    g_free (name);
  } else {
    g_ptr_array_add (open, name);
  }
  return p + 1;
}

void
html_judge_markup (const char *markup) {
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (g_utf8_validate (markup, -1, NULL));
  for (const char *p = markup; *p;) {
    if (*p == '<')
      p = judge_tag (p + 1, open);
    else if (*p == '&')
      g_assert_nonnull (strchr (p++, ';'));
    else
      g_assert_cmpint (*p++, !=, '>');
  }
  g_assert_cmpuint (open->len, ==, 0);
}

void
html_judge_style (const char *style) {
  g_autofree char *lower = g_ascii_strdown (style, -1);
  int depth = 0;

  g_assert_true (g_utf8_validate (style, -1, NULL));
  g_assert_null (strpbrk (lower, "\\<"));
  for (const char *p = lower; *p; p++) {
    if (*p == '@')
      g_assert_true (g_str_has_prefix (p, "@media"));
    depth += (*p == '{') - (*p == '}');
    g_assert_cmpint (depth, >=, 0);
    g_assert_cmpint (depth, <=, 3);
  }
  g_assert_cmpint (depth, ==, 0);
  g_assert_null (strstr (lower, "url("));
  g_assert_null (strstr (lower, "image("));
  g_assert_null (strstr (lower, "image-set("));
  g_assert_null (strstr (lower, "expression("));
  g_assert_false (g_regex_match_simple ("[{;](position|behavior|content|cursor):", lower, 0, 0));
}
