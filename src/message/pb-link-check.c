/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Three tricks: a text that names another host, a name before an "@" that looks like the host, and
 * letters that look like others. */

#include "config.h"

#include "pb-link-check.h"

#include <glib/gi18n.h>
#include <string.h>

#define TEXT_LIMIT 2048

/* The host of a web address, lower case, in Unicode, without "www."; NULL for none. */
static char *
dup_host (const char *address) {
  g_autoptr (GUri) uri =
    g_uri_parse (address, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_NON_DNS, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;

  if (!host || !*host)
    return NULL;
  g_autofree char *unicode = g_hostname_to_unicode (host);
  g_autofree char *lower = g_utf8_strdown (unicode ? unicode : host, -1);
  gsize length = strlen (lower);
  if (length > 0 && lower[length - 1] == '.')
    lower[length - 1] = '\0';
  return g_strdup (g_str_has_prefix (lower, "www.") ? lower + 4 : lower);
}

static gboolean
is_web (const char *address) {
  return g_ascii_strncasecmp (address, "http://", 7) == 0 ||
         g_ascii_strncasecmp (address, "https://", 8) == 0 ||
         g_ascii_strncasecmp (address, "ftp://", 6) == 0;
}

/* "example.org" or "www.example.org/page": the host that a text names; NULL where it names none. */
static char *
dup_named_host (const char *text) {
  g_autofree char *copy = g_strndup (text, strnlen (text, TEXT_LIMIT));
  g_autofree char *valid = g_utf8_make_valid (copy, -1);
  char *word = g_strstrip (valid);
  const char *dot = strrchr (word, '.');

  if (strpbrk (word, " \t\n") || !dot)
    return NULL;
  if (is_web (word))
    return dup_host (word);
  gsize length = strcspn (word, "/?#:");
  word[length] = '\0';
  dot = strrchr (word, '.');
  if (!dot || strlen (dot + 1) < 2 || strchr (word, '@'))
    return NULL;
  for (const char *p = dot + 1; *p; p++) {
    if (!g_ascii_isalpha (*p) && !(*p & 0x80))
      return NULL;
  }
  /* Words with a dot that are no hosts: names of files. */
  static const char *const endings[] = { "pdf",  "doc", "docx", "xls", "xlsx", "jpg", "png", "txt",
                                         "html", "htm", "odt",  "ods", "csv",  "js",  "php", NULL };
  g_autofree char *ending = g_ascii_strdown (dot + 1, -1);
  if (g_strv_contains (endings, ending))
    return NULL;
  g_autofree char *address = g_strconcat ("http://", word, NULL);
  return dup_host (address);
}

static gboolean
is_below (const char *host, const char *other) {
  gsize length = strlen (host), end = strlen (other);

  return length > end && host[length - end - 1] == '.' && strcmp (host + length - end, other) == 0;
}

/* The last two words, or three where the second last is as short as in "co.uk". */
static const char *
owner_of (const char *host) {
  const char *p = host + strlen (host);
  guint dots = 0, wanted = 2;

  while (p > host) {
    const char *end = p;
    while (p > host && p[-1] != '.')
      p--;
    dots++;
    if (dots == 2 && end - p <= 3 && p > host)
      wanted = 3;
    if (dots == wanted || p == host)
      return p;
    p--;
  }
  return host;
}

static gboolean
is_same_place (const char *a, const char *b) {
  return strcmp (a, b) == 0 || is_below (a, b) || is_below (b, a) ||
         strcmp (owner_of (a), owner_of (b)) == 0;
}

static gboolean
looks_latin (gunichar c) {
  static const char alike[] = "асеорхуіјѕһԁԛԝӏѵАВЕКМНОРСТХІЈЅαοντρικν";

  return g_utf8_strchr (alike, -1, c) != NULL;
}

/* Han goes with kana and with Latin, as in every Japanese name. */
static gboolean
goes_with (GUnicodeScript a, GUnicodeScript b) {
  gboolean a_asian = a == G_UNICODE_SCRIPT_HAN || a == G_UNICODE_SCRIPT_HIRAGANA ||
                     a == G_UNICODE_SCRIPT_KATAKANA || a == G_UNICODE_SCRIPT_HANGUL ||
                     a == G_UNICODE_SCRIPT_BOPOMOFO;
  gboolean b_asian = b == G_UNICODE_SCRIPT_HAN || b == G_UNICODE_SCRIPT_HIRAGANA ||
                     b == G_UNICODE_SCRIPT_KATAKANA || b == G_UNICODE_SCRIPT_HANGUL ||
                     b == G_UNICODE_SCRIPT_BOPOMOFO;

  return a == b || (a_asian && b_asian) || (a_asian && b == G_UNICODE_SCRIPT_LATIN) ||
         (b_asian && a == G_UNICODE_SCRIPT_LATIN);
}

static gboolean
is_odd_label (const char *label) {
  GUnicodeScript script = G_UNICODE_SCRIPT_COMMON;
  gboolean all_alike = TRUE, foreign = FALSE;

  for (const char *p = label; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    GUnicodeScript own = g_unichar_get_script (c);

    if (own == G_UNICODE_SCRIPT_COMMON || own == G_UNICODE_SCRIPT_INHERITED)
      continue;
    if (script != G_UNICODE_SCRIPT_COMMON && !goes_with (script, own))
      return TRUE;
    script = own;
    if (own != G_UNICODE_SCRIPT_LATIN) {
      foreign = TRUE;
      all_alike = all_alike && looks_latin (c);
    }
  }
  return foreign && all_alike;
}

char *
pb_link_check_host (const char *host) {
  g_return_val_if_fail (host != NULL, NULL);

  g_autofree char *ascii = g_hostname_to_ascii (host);
  g_autofree char *unicode = g_hostname_to_unicode (host);
  g_auto (GStrv) labels = g_strsplit (unicode ? unicode : host, ".", -1);

  for (guint i = 0; labels[i]; i++) {
    if (is_odd_label (labels[i]))
      return g_strdup_printf (
        _ ("The name is written with letters that look like others; it is really “%s”."),
        ascii ? ascii : host);
  }
  return NULL;
}

static char *
check_user (const char *target) {
  g_autoptr (GUri) uri =
    g_uri_parse (target, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_NON_DNS, NULL);
  const char *user = uri ? g_uri_get_userinfo (uri) : NULL;

  if (!user || !strchr (user, '.'))
    return NULL;
  return g_strdup_printf (_ ("What stands before the “@” is no host; the link leads to “%s”."),
                          g_uri_get_host (uri));
}

/* A text that is a mail address, over a link to another one. */
static char *
check_mail (const char *target, const char *text) {
  g_autofree char *address = g_uri_unescape_string (target + strlen ("mailto:"), NULL);
  g_autofree char *named = g_strstrip (g_utf8_make_valid (text, -1));

  if (!address || !strchr (named, '@') || strpbrk (named, " \t\n<>,"))
    return NULL;
  address[strcspn (address, "?")] = '\0';
  if (!*address || g_ascii_strcasecmp (address, named) == 0)
    return NULL;
  return g_strdup_printf (_ ("The text names “%s”, but the letter would go to “%s”."), named,
                          address);
}

char *
pb_link_check (const char *target, const char *text) {
  g_return_val_if_fail (target != NULL, NULL);

  if (text && g_ascii_strncasecmp (target, "mailto:", 7) == 0)
    return check_mail (target, text);
  g_autofree char *host = is_web (target) ? dup_host (target) : NULL;
  g_autofree char *named = host && text ? dup_named_host (text) : NULL;

  if (!host)
    return NULL;
  if (named && !is_same_place (host, named))
    return g_strdup_printf (_ ("The text names “%s”, but the link leads to “%s”."), named, host);
  char *odd = check_user (target);
  return odd ? odd : pb_link_check_host (host);
}
