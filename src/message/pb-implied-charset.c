/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A program that writes its subject raw, or one of its parts without saying how, does so in the
 * character set of the rest. */

#include "pb-implied-charset.h"

#include <string.h>

#include "pb-charset-names.h"
#include "pb-header-fields.h"

static char *
find_in_parts (const PbPart *part) {
  char buffer[64];

  if (!part->is_container && pb_part_is (part, "text/")) {
    g_autofree char *charset = pb_part_dup_parameter (part, "charset");
    const char *real = pb_charset_find (charset, buffer, sizeof buffer);
    return real && strcmp (real, "UTF-8") != 0 ? g_steal_pointer (&charset) : NULL;
  }
  for (guint i = 0; part->children && i < part->children->len; i++) {
    char *found = find_in_parts (part->children->pdata[i]);
    if (found)
      return found;
  }
  return NULL;
}

/* "=?name?" */
static char *
find_in_words (const char *raw) {
  const char *start = raw ? strstr (raw, "=?") : NULL;
  const char *end = start ? strpbrk (start + 2, "?* \n") : NULL;
  char buffer[64];

  if (!end || end == start + 2 || (*end != '?' && *end != '*'))
    return NULL;
  g_autofree char *charset = g_strndup (start + 2, (gsize) (end - start - 2));
  const char *real = pb_charset_find (charset, buffer, sizeof buffer);
  return real && strcmp (real, "UTF-8") != 0 ? g_steal_pointer (&charset) : NULL;
}

char *
pb_implied_charset_find (const PbPart *root) {
  static const char *const fields[] = { "Subject", "From", "To" };
  char *found = find_in_parts (root);

  for (guint i = 0; !found && i < G_N_ELEMENTS (fields); i++)
    found = find_in_words (pb_header_fields_find (pb_part_get_fields (root), fields[i]));
  return found;
}
