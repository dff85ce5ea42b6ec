/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Modified UTF-7: printable ASCII stands for itself, '&' is "&-", everything else is UTF-16 in
 * base64 with ',' for '/' between '&' and '-'. A '.' inside a level is encoded as well, since it
 * separates levels. */

#include "pb-folder-name.h"

#include <string.h>

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static gboolean
is_direct (gunichar c) {
  return c >= 0x20 && c <= 0x7e && c != '&' && c != '.';
}

/* @from up to @to, none of which may stand for itself. */
static void
append_encoded (GString *out, const char *from, const char *to) {
  glong units = 0;
  g_autofree gunichar2 *utf16 = g_utf8_to_utf16 (from, to - from, NULL, &units, NULL);
  guint bits = 0, held = 0;

  g_string_append_c (out, '&');
  for (glong i = 0; utf16 && i < units; i++) {
    held = (held << 16) | utf16[i];
    for (bits += 16; bits >= 6; bits -= 6)
      g_string_append_c (out, base64[(held >> (bits - 6)) & 63]);
    held &= (1u << bits) - 1;
  }
  if (bits > 0)
    g_string_append_c (out, base64[(held << (6 - bits)) & 63]);
  g_string_append_c (out, '-');
}

char *
pb_folder_name_to_dir (const char *name) {
  GString *out = g_string_new (*name ? "." : "");

  while (*name) {
    const char *start = name;
    gunichar c = g_utf8_get_char (name);
    if (c == '&' || c == '/' || is_direct (c)) {
      g_string_append (out, c == '&' ? "&-" : c == '/' ? "." : (char[]){ (char) c, '\0' });
      name++;
      continue;
    }
    while (*name && !is_direct (c) && c != '&' && c != '/') {
      name = g_utf8_next_char (name);
      c = g_utf8_get_char (name);
    }
    append_encoded (out, start, name);
  }
  return g_string_free (out, FALSE);
}

/* Decodes what is between '&' and '-'; FALSE when it is not well formed. */
static gboolean
append_decoded (GString *out, const char *from, gsize length) {
  g_autoptr (GArray) utf16 = g_array_new (FALSE, FALSE, sizeof (gunichar2));
  guint bits = 0, held = 0;

  for (gsize i = 0; i < length; i++) {
    const char *letter = strchr (base64, from[i]);
    if (!letter)
      return FALSE;
    held = (held << 6) | (guint) (letter - base64);
    bits += 6;
    if (bits >= 16) {
      bits -= 16;
      gunichar2 unit = (gunichar2) (held >> bits);
      g_array_append_val (utf16, unit);
      held &= (1u << bits) - 1;
    }
  }
  if (utf16->len == 0)
    return FALSE;
  g_autofree char *utf8 = g_utf16_to_utf8 ((gunichar2 *) utf16->data, utf16->len, NULL, NULL, NULL);
  if (!utf8 || strlen (utf8) == 0)
    return FALSE;
  g_string_append (out, utf8);
  return TRUE;
}

static gboolean
decode (const char *dir, GString *out) {
  for (; *dir; dir++) {
    const char *end;
    if (*dir != '&') {
      g_string_append_c (out, *dir == '.' ? '/' : *dir);
      continue;
    }
    end = strchr (dir, '-');
    if (!end)
      return FALSE;
    if (end == dir + 1)
      g_string_append_c (out, '&');
    else if (!append_decoded (out, dir + 1, (gsize) (end - dir - 1)))
      return FALSE;
    dir = end;
  }
  return TRUE;
}

char *
pb_folder_name_from_dir (const char *dir) {
  g_autoptr (GString) out = g_string_new (NULL);

  if (*dir == '.')
    dir++;
  if (!decode (dir, out)) {
    g_string_assign (out, dir);
    g_strdelimit (out->str, ".", '/');
  }
  g_autofree char *valid = g_utf8_make_valid (out->str, (gssize) out->len);
  GString *clean = g_string_new (NULL);
  for (const char *p = valid; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    g_string_append_unichar (clean, g_unichar_iscntrl (c) ? 0xfffd : c);
  }
  return g_string_free (clean, FALSE);
}

PbFolderRole
pb_folder_name_get_role (const char *name) {
  static const struct {
    const char *name;
    PbFolderRole role;
  } known[] = {
    { "", PB_FOLDER_INBOX },
    { "drafts", PB_FOLDER_DRAFTS },
    { "sent", PB_FOLDER_SENT },
    { "sent items", PB_FOLDER_SENT },
    { "sent messages", PB_FOLDER_SENT },
    { "archive", PB_FOLDER_ARCHIVE },
    { "archives", PB_FOLDER_ARCHIVE },
    { "junk", PB_FOLDER_JUNK },
    { "spam", PB_FOLDER_JUNK },
    { "trash", PB_FOLDER_TRASH },
    { "deleted messages", PB_FOLDER_TRASH },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (g_ascii_strcasecmp (name, known[i].name) == 0)
      return known[i].role;
  }
  return PB_FOLDER_ORDINARY;
}
