/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Cleaning of file names; nothing here looks at a disk. */

#include "pb-file-name.h"

#include <string.h>

#define ENDING_LIMIT 20

static const struct {
  const char *type;
  const char *ending;
} endings[] = {
  { "text/plain", "txt" },
  { "text/html", "html" },
  { "text/calendar", "ics" },
  { "text/csv", "csv" },
  { "text/vcard", "vcf" },
  { "text/x-vcard", "vcf" },
  { "text/x-patch", "patch" },
  { "text/x-diff", "diff" },
  { "text/rfc822-headers", "txt" },
  { "message/rfc822", "eml" },
  { "message/delivery-status", "txt" },
  { "message/disposition-notification", "txt" },
  { "image/png", "png" },
  { "image/jpeg", "jpg" },
  { "image/jpg", "jpg" },
  { "image/gif", "gif" },
  { "image/webp", "webp" },
  { "image/svg+xml", "svg" },
  { "image/tiff", "tif" },
  { "image/bmp", "bmp" },
  { "image/heic", "heic" },
  { "audio/mpeg", "mp3" },
  { "audio/wav", "wav" },
  { "audio/ogg", "ogg" },
  { "video/mp4", "mp4" },
  { "application/pdf", "pdf" },
  { "application/zip", "zip" },
  { "application/gzip", "gz" },
  { "application/json", "json" },
  { "application/xml", "xml" },
  { "application/rtf", "rtf" },
  { "application/ics", "ics" },
  { "application/pgp-keys", "asc" },
  { "application/pgp-signature", "asc" },
  { "application/pgp-encrypted", "asc" },
  { "application/pkcs7-signature", "p7s" },
  { "application/x-pkcs7-signature", "p7s" },
  { "application/pkcs7-mime", "p7m" },
  { "application/x-pkcs7-mime", "p7m" },
  { "application/msword", "doc" },
  { "application/vnd.ms-excel", "xls" },
  { "application/vnd.ms-powerpoint", "ppt" },
  { "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx" },
  { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" },
  { "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx" },
  { "application/vnd.oasis.opendocument.text", "odt" },
  { "application/vnd.oasis.opendocument.spreadsheet", "ods" },
  { "application/vnd.oasis.opendocument.presentation", "odp" },
};

static char *
name_of_type (const char *content_type) {
  const char *ending = "bin";

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    if (g_strcmp0 (endings[i].type, content_type) == 0)
      ending = endings[i].ending;
  }
  if (g_strcmp0 (content_type, "message/rfc822") == 0)
    return g_strdup ("message.eml");
  return g_strconcat ("attachment.", ending, NULL);
}

/* What is behind the last separator that has something behind it. */
static const char *
without_path (const char *name) {
  const char *base = name;

  for (const char *p = name; *p; p++) {
    if ((*p == '/' || *p == '\\') && p[1])
      base = p + 1;
  }
  return base;
}

/* Characters nobody sees: they only make a name look like another. */
static gboolean
is_deceptive (gunichar c) {
  switch (g_unichar_type (c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_UNASSIGNED:
  case G_UNICODE_PRIVATE_USE:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return TRUE;
  default:
    return c == 0x34f || c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0;
  }
}

static GString *
without_bad_characters (const char *name) {
  GString *out = g_string_new (NULL);

  for (const char *p = name; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (g_unichar_isspace (c)) {
      if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    } else if (c < 0x80 && strchr ("/\\<>:\"|?*", (int) c)) {
      g_string_append_c (out, '_');
    } else if (!is_deceptive (c)) {
      g_string_append_unichar (out, c);
    }
  }
  return out;
}

static void
trim (GString *name) {
  gsize start = strspn (name->str, ". ");

  g_string_erase (name, 0, (gssize) start);
  while (name->len > 0 && strchr (". ", name->str[name->len - 1]))
    g_string_truncate (name, name->len - 1);
  if (name->str[0] == '-')
    name->str[0] = '_';
}

/* Devices on the systems the file may be carried to. */
static gboolean
is_reserved (const char *name) {
  static const char *const reserved[] = { "con", "prn", "aux", "nul", "com", "lpt" };
  gsize length = strcspn (name, ".");

  for (guint i = 0; i < G_N_ELEMENTS (reserved); i++) {
    if (g_ascii_strncasecmp (name, reserved[i], 3) == 0 &&
        (i < 4 ? length == 3 : length == 4 && g_ascii_isdigit (name[3])))
      return TRUE;
  }
  return FALSE;
}

static void
shorten (GString *name) {
  const char *dot = strrchr (name->str, '.');
  gsize ending = dot ? (gsize) (name->str + name->len - dot) : 0;

  if (name->len <= PB_FILE_NAME_LIMIT)
    return;
  if (ending > ENDING_LIMIT)
    ending = 0;
  const char *end = g_utf8_find_prev_char (name->str, name->str + PB_FILE_NAME_LIMIT - ending + 1);
  gsize keep = end ? (gsize) (end - name->str) : 0;
  g_string_erase (name, (gssize) keep, (gssize) (name->len - ending - keep));
}

char *
pb_file_name_make_safe (const char *name, const char *content_type) {
  GString *safe = without_bad_characters (without_path (name ? name : ""));

  trim (safe);
  if (safe->len > 0 && is_reserved (safe->str))
    g_string_prepend_c (safe, '_');
  shorten (safe);
  if (safe->len > 0)
    return g_string_free (safe, FALSE);
  g_string_free (safe, TRUE);
  return name_of_type (content_type);
}
