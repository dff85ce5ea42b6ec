/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GMime splits the value and decodes RFC 2231. Two things are kept from it, because what it makes
 * of them cannot be undone, and are decoded here as in any other field (see pb-header-text):
 *
 * - Encoded words (RFC 2047): it loses characters cut between words, words without padding, and
 *   words cut between sections.
 * - Raw 8-bit text: with the part it is read as ISO-8859-1 whatever it is; in a value parsed by
 *   itself it stays as it came. */

#include "pb-parameters.h"

#include <string.h>

#include "pb-gmime.h"
#include "pb-header-fields.h"
#include "pb-header-text.h"
#include "pb-text-decoder.h"

#define VALUE_LIMIT (64 * 1024)

/* Stands for the question mark of "=?" while GMime reads: no byte of UTF-8. */
#define HIDDEN '\376'

/* GMime reads RFC 2231 by the name that is declared. It is given that of the set that is meant, or
 * that a person chose. */
static void
correct_charsets (GString *value) {
  gsize at = 0;

  while (TRUE) {
    const char *mark = strstr (value->str + at, "*=");
    const char *quote = mark ? strpbrk (mark + 2, "';\n") : NULL;
    char buffer[64];

    if (!mark)
      return;
    at = (gsize) (mark + 2 - value->str);
    if (!quote || *quote != '\'' || quote - mark > 60 || quote == mark + 2)
      continue;
    g_autofree char *declared = g_strndup (mark + 2, (gsize) (quote - mark - 2));
    const char *real = pb_text_real_charset (declared, buffer, sizeof buffer);
    if (!real)
      continue;
    g_string_erase (value, (gssize) at, (gssize) strlen (declared));
    g_string_insert (value, (gssize) at, real);
  }
}

/* The value of the field as GMime is to parse it; NULL where there is nothing to hide or correct,
 * and what GMime has read with the part is good. */
static char *
hide_words (GMimeObject *object, const char *name) {
  const char *raw = pb_header_fields_find (g_mime_object_get_header_list (object), name);

  if (!raw || (!strstr (raw, "=?") && !strstr (raw, "*=") && pb_text_is_ascii (raw, strlen (raw))))
    return NULL;
  GString *value = g_string_new_len (raw, (gssize) strnlen (raw, VALUE_LIMIT));
  for (char *p = strstr (value->str, "=?"); p; p = strstr (p, "=?"))
    p[1] = HIDDEN;
  correct_charsets (value);
  return g_string_free (value, FALSE);
}

static char *
decode (GMimeParamList *parameters, const char *name) {
  GMimeParam *parameter = g_mime_param_list_get_parameter (parameters, name);
  const char *value = parameter ? g_mime_param_get_value (parameter) : NULL;

  if (!value)
    return NULL;
  g_autofree char *words = g_strdup (value);
  for (char *p = strchr (words, HIDDEN); p; p = strchr (p, HIDDEN)) {
    if (p > words && p[-1] == '=')
      *p = '?';
    p++;
  }
  return pb_header_text_decode (words, strlen (words));
}

char *
pb_parameters_dup_of_type (GMimeObject *object, const char *name) {
  GMimeContentType *type = g_mime_object_get_content_type (object);
  g_autofree char *value = hide_words (object, "Content-Type");

  if (!value)
    return type ? decode (g_mime_content_type_get_parameters (type), name) : NULL;
  type = g_mime_content_type_parse (pb_gmime_get_options (), value);
  char *result = decode (g_mime_content_type_get_parameters (type), name);
  g_object_unref (type);
  return result;
}

char *
pb_parameters_dup_of_disposition (GMimeObject *object, const char *name) {
  GMimeContentDisposition *disposition = g_mime_object_get_content_disposition (object);
  g_autofree char *value = hide_words (object, "Content-Disposition");

  if (!disposition)
    return NULL;
  if (!value)
    return decode (g_mime_content_disposition_get_parameters (disposition), name);
  disposition = g_mime_content_disposition_parse (pb_gmime_get_options (), value);
  char *result = decode (g_mime_content_disposition_get_parameters (disposition), name);
  g_object_unref (disposition);
  return result;
}
