/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Character sets by way of iconv. Declared names are read as the superset that is really sent
 * under them ("gb2312" is GB 18030, "iso-8859-1" is windows-1252); where the declaration is
 * missing or plainly wrong the bytes are asked. Knows nothing of MIME. */

#include "pb-text-decoder.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\357\277\275"

/* Sorted by nothing: short enough to walk. NULL: as good as undeclared. */
static const struct {
  const char *declared;
  const char *real;
} supersets[] = {
  { "us-ascii", NULL },
  { "ascii", NULL },
  { "ansi_x3.4-1968", NULL },
  { "unknown-8bit", NULL },
  { "x-unknown", NULL },
  { "unknown", NULL },
  { "default", NULL },
  { "default_charset", NULL },
  { "x-user-defined", NULL },
  { "8bit", NULL },
  { "binary", NULL },
  { "none", NULL },
  { "utf8", "UTF-8" },
  { "utf-8", "UTF-8" },
  { "unicode-1-1-utf-8", "UTF-8" },
  { "unicode-1-1-utf-7", "UTF-7" },
  { "iso-8859-1", "CP1252" },
  { "iso8859-1", "CP1252" },
  { "iso_8859-1", "CP1252" },
  { "latin1", "CP1252" },
  { "latin-1", "CP1252" },
  { "l1", "CP1252" },
  { "windows-1252", "CP1252" },
  { "cp1252", "CP1252" },
  { "iso-8859-8-i", "ISO-8859-8" },
  { "iso-8859-8-e", "ISO-8859-8" },
  { "iso-8859-9", "CP1254" },
  { "iso-8859-11", "CP874" },
  { "tis-620", "CP874" },
  { "gb2312", "GB18030" },
  { "gb_2312-80", "GB18030" },
  { "euc-cn", "GB18030" },
  { "gbk", "GB18030" },
  { "cp936", "GB18030" },
  { "windows-936", "GB18030" },
  { "x-gbk", "GB18030" },
  { "gb18030", "GB18030" },
  { "big5", "CP950" },
  { "x-x-big5", "CP950" },
  { "big5-hkscs", "BIG5-HKSCS" },
  { "ks_c_5601-1987", "CP949" },
  { "ks_c_5601", "CP949" },
  { "ksc5601", "CP949" },
  { "euc-kr", "CP949" },
  { "cseuckr", "CP949" },
  { "windows-949", "CP949" },
  { "shift_jis", "CP932" },
  { "shift-jis", "CP932" },
  { "sjis", "CP932" },
  { "x-sjis", "CP932" },
  { "windows-31j", "CP932" },
  { "ms_kanji", "CP932" },
  { "euc-jp", "EUC-JP-MS" },
  { "x-euc-jp", "EUC-JP-MS" },
  { "hz-gb-2312", "HZ" },
  { "x-mac-roman", "MACINTOSH" },
};

/* windows-1252 from 0x80 to 0x9f; its five holes read as the replacement character. */
static const guint16 windows_1252[32] = {
  0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
  0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
  0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

gboolean
pb_text_is_ascii (const char *bytes, gsize length) {
  gsize i = 0;
  guint64 word;

  for (; i + sizeof word <= length; i += sizeof word) {
    memcpy (&word, bytes + i, sizeof word);
    if (word & G_GUINT64_CONSTANT (0x8080808080808080))
      return FALSE;
  }
  for (; i < length; i++) {
    if (bytes[i] & 0x80)
      return FALSE;
  }
  return TRUE;
}

/* The name for iconv, in @buffer or static; NULL where nothing usable is declared. */
static const char *
real_charset (const char *declared, char *buffer, gsize size) {
  gsize length = 0;

  for (const char *p = declared; p && *p && length + 1 < size; p++) {
    if (g_ascii_isalnum (*p) || strchr ("-_:.+()", *p))
      buffer[length++] = g_ascii_tolower (*p);
    else if (length > 0)
      break;
  }
  buffer[length] = '\0';
  if (length == 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (supersets); i++) {
    if (strcmp (supersets[i].declared, buffer) == 0)
      return supersets[i].real;
  }
  return buffer;
}

/* Adds the good runs and a mark for every bad byte; NUL is left out. */
static void
append_utf8 (GString *out, const char *bytes, gsize length) {
  const char *end = bytes + length;

  while (bytes < end) {
    const char *stop;
    gboolean valid = g_utf8_validate_len (bytes, (gsize) (end - bytes), &stop);

    g_string_append_len (out, bytes, stop - bytes);
    if (valid)
      return;
    if (*stop != '\0')
      g_string_append (out, REPLACEMENT);
    bytes = stop + 1;
  }
}

static void
append_windows_1252 (GString *out, const char *bytes, gsize length) {
  for (gsize i = 0; i < length; i++) {
    guchar c = (guchar) bytes[i];

    if (c >= 0x80)
      g_string_append_unichar (out, c < 0xa0 ? windows_1252[c - 0x80] : c);
    else if (c)
      g_string_append_c (out, (char) c);
  }
}

/* Adds @bytes as far as @name allows. The number of bytes that could not be read, or -1 where
 * iconv does not know the name. */
static gssize
append_converted (GString *out, const char *bytes, gsize length, const char *name) {
  GIConv converter = g_iconv_open ("UTF-8", name);
  char buffer[4096];
  gssize bad = 0;
  char *in = (char *) bytes;

  if (converter == (GIConv) -1)
    return -1;
  while (TRUE) {
    char *to = buffer;
    gsize room = sizeof buffer;
    gsize result = g_iconv (converter, length ? &in : NULL, length ? &length : NULL, &to, &room);
    int reason = errno;

    append_utf8 (out, buffer, (gsize) (to - buffer));
    if (result != (gsize) -1) {
      if (length == 0 && room == sizeof buffer)
        break;
      continue;
    }
    if (reason == E2BIG)
      continue;
    g_string_append (out, REPLACEMENT);
    bad++;
    if (length == 0)
      break;
    in++;
    length--;
  }
  g_iconv_close (converter);
  return bad;
}

static gsize
count_high (const char *bytes, gsize length) {
  gsize high = 0;

  for (gsize i = 0; i < length; i++)
    high += (guchar) bytes[i] >> 7;
  return high;
}

/* TRUE for UTF-8 with at most a few scratches; a character cut off at the end is no scratch. */
static gboolean
looks_like_utf8 (const char *bytes, gsize length) {
  const char *end = bytes + length, *p = bytes;
  gsize high = count_high (bytes, length), bad = 0;

  while (p < end) {
    const char *stop;

    if (g_utf8_validate_len (p, (gsize) (end - p), &stop))
      break;
    if (end - stop < 4 && g_utf8_get_char_validated (stop, end - stop) == (gunichar) -2)
      break;
    bad += *stop != '\0';
    p = stop + 1;
  }
  return bad == 0 || bad * 8 < high - MIN (high, bad);
}

/* Accented letters between ASCII ones also make valid pairs of GB 18030; in Chinese text nearly
 * all pairs are of two high bytes, and most begin below the small accented letters of Latin 1. */
static gboolean
looks_like_gb18030 (const char *bytes, gsize length) {
  gsize pairs = 0, mixed = 0, common = 0;

  for (gsize i = 0; i + 1 < length; i++) {
    guchar first = (guchar) bytes[i], second = (guchar) bytes[i + 1];

    if (first < 0x80)
      continue;
    if (first == 0x80 || first == 0xff || second < 0x30)
      return FALSE;
    pairs++;
    mixed += second < 0x80;
    common += first >= 0xa1 && first <= 0xd7;
    i++;
  }
  return pairs > 0 && mixed * 4 < pairs && common * 2 >= pairs;
}

static gboolean
looks_like_iso_2022_jp (const char *bytes, gsize length) {
  return memmem (bytes, length, "\033$B", 3) || memmem (bytes, length, "\033$@", 3);
}

static void
append_guessed (GString *out, const char *bytes, gsize length) {
  gboolean ascii = pb_text_is_ascii (bytes, length);

  if (ascii && looks_like_iso_2022_jp (bytes, length) &&
      append_converted (out, bytes, length, "ISO-2022-JP") == 0)
    return;
  g_string_truncate (out, 0);
  if (ascii || looks_like_utf8 (bytes, length)) {
    append_utf8 (out, bytes, length);
    return;
  }
  if (looks_like_gb18030 (bytes, length) && append_converted (out, bytes, length, "GB18030") == 0)
    return;
  g_string_truncate (out, 0);
  append_windows_1252 (out, bytes, length);
}

/* FALSE where the declaration does not fit the bytes. A few bad bytes are damage; mostly bad bytes
 * are another character set. */
static gboolean
append_declared (GString *out, const char *bytes, gsize length, const char *name) {
  if (strcmp (name, "CP1252") == 0) {
    append_windows_1252 (out, bytes, length);
    return TRUE;
  }
  if (strcmp (name, "UTF-8") == 0) {
    append_utf8 (out, bytes, length);
    return pb_text_is_ascii (bytes, length) || looks_like_utf8 (bytes, length) ||
           (!looks_like_gb18030 (bytes, length) && count_high (bytes, length) < 4);
  }
  gssize bad = append_converted (out, bytes, length, name);
  return bad >= 0 && (gsize) bad * 3 <= MAX (count_high (bytes, length), 3);
}

char *
pb_text_decode (const char *bytes, gsize length, const char *charset) {
  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  char buffer[64];
  const char *name = real_charset (charset, buffer, sizeof buffer);
  GString *out = g_string_sized_new (length + 1);

  if (!name || !append_declared (out, bytes, length, name)) {
    g_string_truncate (out, 0);
    append_guessed (out, bytes, length);
  }
  if (g_str_has_prefix (out->str, "\357\273\277"))
    g_string_erase (out, 0, 3);
  return g_string_free (out, FALSE);
}
