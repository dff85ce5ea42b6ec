/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A thin layer over GMime's header list. What a value means is read elsewhere. */

#include "pb-header-fields.h"

#include <string.h>

#include "pb-header-text.h"

const char *
pb_header_fields_find (GMimeHeaderList *fields, const char *name) {
  GMimeHeader *field = fields ? g_mime_header_list_get_header (fields, name) : NULL;

  return field ? g_mime_header_get_raw_value (field) : NULL;
}

GString *
pb_header_fields_join (GMimeHeaderList *fields, const char *name, const char *separator) {
  int count = fields ? g_mime_header_list_get_count (fields) : 0;
  GString *joined = NULL;

  for (int i = 0; i < count; i++) {
    GMimeHeader *field = g_mime_header_list_get_header_at (fields, i);
    const char *raw = g_mime_header_get_raw_value (field);

    if (!raw || g_ascii_strcasecmp (g_mime_header_get_name (field), name) != 0)
      continue;
    if (joined)
      g_string_append (joined, separator);
    else
      joined = g_string_new (NULL);
    g_string_append (joined, raw);
  }
  return joined;
}

char *
pb_header_fields_dup_text (GMimeHeaderList *fields, const char *name) {
  const char *raw = pb_header_fields_find (fields, name);

  return pb_header_text_decode (raw, raw ? strlen (raw) : 0);
}
