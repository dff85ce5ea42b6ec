/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Judging of addresses by their scheme, which is read as tolerantly as browsers read it. */

#include "pb-link.h"

#include <string.h>

#include "pb-css-filter.h"

#define TARGET_LIMIT 8192
#define FRAGMENT_LIMIT 256
#define PICTURE_LIMIT (2 * 1024 * 1024)

/* What browsers do before they look: ends trimmed of all controls and blanks, tabs and line ends
 * taken out. */
char *
pb_link_normalise (const char *address) {
  GString *out = g_string_new (NULL);

  while (*address && (guchar) *address <= ' ')
    address++;
  for (; *address; address++) {
    if (!strchr ("\t\n\r", *address))
      g_string_append_c (out, *address);
  }
  while (out->len > 0 && (guchar) out->str[out->len - 1] <= ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static gboolean
has_scheme (const char *address, const char *scheme) {
  gsize length = strlen (scheme);

  return g_ascii_strncasecmp (address, scheme, length) == 0 && address[length] == ':';
}

/* Direction controls and the like: they make one address look like another. */
static gboolean
is_deceptive (gunichar c) {
  return c < 0x21 || (c >= 0x7f && c <= 0xa0) || c == '\\' || c == '"' || c == '<' || c == '>' ||
         c == '`' || g_unichar_isspace (c) || g_unichar_iscntrl (c) ||
         g_unichar_type (c) == G_UNICODE_FORMAT || c == 0x2028 || c == 0x2029;
}

static char *
encode (const char *address) {
  GString *out = g_string_new (NULL);

  for (const char *p = address; *p;) {
    const char *next = g_utf8_next_char (p);

    if (!is_deceptive (g_utf8_get_char (p))) {
      g_string_append_len (out, p, next - p);
    } else {
      for (const char *byte = p; byte < next; byte++)
        g_string_append_printf (out, "%%%02X", (guchar) *byte);
    }
    p = next;
  }
  return g_string_free (out, FALSE);
}

static char *
clean_fragment (const char *fragment) {
  g_autofree char *encoded = encode (fragment);

  if (!*encoded || strlen (encoded) > FRAGMENT_LIMIT)
    return NULL;
  if (g_str_has_prefix (encoded, PB_CSS_ID_PREFIX))
    return g_strconcat ("#", encoded, NULL);
  return g_strconcat ("#" PB_CSS_ID_PREFIX, encoded, NULL);
}

char *
pb_link_clean_target (const char *href) {
  g_return_val_if_fail (href != NULL, NULL);

  static const struct {
    const char *scheme;
    gboolean has_host;
  } schemes[] = {
    { "http", TRUE }, { "https", TRUE }, { "ftp", TRUE }, { "mailto", FALSE }, { "tel", FALSE }
  };
  g_autofree char *address = pb_link_normalise (href);

  if (*address == '#')
    return clean_fragment (address + 1);
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
    const char *rest = address + strlen (schemes[i].scheme) + 1;

    if (!has_scheme (address, schemes[i].scheme))
      continue;
    if (schemes[i].has_host && (!g_str_has_prefix (rest, "//") || strchr ("/\\?#", rest[2])))
      return NULL;
    g_autofree char *encoded = encode (rest);
    if (!*encoded || strlen (encoded) > TARGET_LIMIT)
      return NULL;
    return g_strconcat (schemes[i].scheme, ":", encoded, NULL);
  }
  return NULL;
}

static char *
clean_data (const char *address) {
  static const char *const types[] = { "image/png", "image/jpeg", "image/jpg", "image/gif",
                                       "image/webp" };
  const char *rest = address + strlen ("data:");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    gsize length = strlen (types[i]);

    if (g_ascii_strncasecmp (rest, types[i], length) != 0 ||
        g_ascii_strncasecmp (rest + length, ";base64,", 8) != 0)
      continue;
    const char *content = rest + length + 8;
    g_autoptr (GString) out = g_string_new (NULL);
    g_string_printf (out, "data:%s;base64,", types[i]);
    for (; *content; content++) {
      if (g_ascii_isalnum (*content) || strchr ("+/=", *content))
        g_string_append_c (out, *content);
      else if (*content != ' ')
        return NULL;
    }
    return out->len <= PICTURE_LIMIT ? g_strdup (out->str) : NULL;
  }
  return NULL;
}

char *
pb_link_clean_picture (const char *source, gboolean *is_remote) {
  g_return_val_if_fail (source != NULL, NULL);

  g_autofree char *address = pb_link_normalise (source);

  *is_remote = has_scheme (address, "http") || has_scheme (address, "https") ||
               has_scheme (address, "ftp") || g_str_has_prefix (address, "//");
  if (has_scheme (address, "data"))
    return clean_data (address);
  if (!has_scheme (address, "cid") || !address[4] || strlen (address) > TARGET_LIMIT)
    return NULL;
  g_autofree char *encoded = encode (address + 4);
  return g_strconcat ("cid:", encoded, NULL);
}
