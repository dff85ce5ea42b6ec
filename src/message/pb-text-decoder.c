/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Character sets by way of iconv. Declared names are read as the superset that is really sent
 * under them (pb-charset-names); where the declaration is missing or plainly wrong the bytes are
 * asked (pb-charset-guess). Knows nothing of MIME. */

#include "pb-text-decoder.h"

#include <errno.h>
#include <string.h>

#include "pb-charset-guess.h"
#include "pb-charset-names.h"

#define REPLACEMENT "\357\277\275"

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

/* ---- Seven bits with shifts, as eight ---- */

/* ISO-2022-JP as EUC-JP: iconv refuses what Windows adds to it, half-width katakana and the
 * circled numbers of NEC. */
static GString *
euc_from_iso_2022_jp (const char *bytes, gsize length) {
  GString *euc = g_string_sized_new (length + 1);
  char set = 'B';

  for (gsize i = 0; i < length; i++) {
    guchar c = (guchar) bytes[i];

    if (c == 0x1b && i + 2 < length && (bytes[i + 1] == '(' || bytes[i + 1] == '$')) {
      gboolean wide = bytes[i + 1] == '$';
      gboolean longer = wide && bytes[i + 2] == '(' && i + 3 < length;
      set = wide ? (longer ? 'D' : '$') : bytes[i + 2] == 'I' ? 'I' : 'B';
      i += longer ? 3 : 2;
    } else if (c < 0x21 || c > 0x7e) {
      set = c == '\n' ? 'B' : set;
      g_string_append_c (euc, (char) c);
    } else if (set == 'I') {
      g_string_append_c (euc, (char) 0x8e);
      g_string_append_c (euc, (char) (c | 0x80));
    } else if (set != 'B' && i + 1 < length) {
      if (set == 'D')
        g_string_append_c (euc, (char) 0x8f);
      g_string_append_c (euc, (char) (c | 0x80));
      g_string_append_c (euc, (char) (bytes[++i] | 0x80));
    } else {
      g_string_append_c (euc, (char) c);
    }
  }
  return euc;
}

/* HZ as GB 18030. */
static GString *
gb_from_hz (const char *bytes, gsize length) {
  GString *gb = g_string_sized_new (length + 1);
  gboolean wide = FALSE;

  for (gsize i = 0; i < length; i++) {
    char c = bytes[i], next = i + 1 < length ? bytes[i + 1] : '\0';

    if (c == '~' && next && strchr (wide ? "}\n" : "{~\n", next)) {
      wide = next == '{' || (wide && next != '}');
      if (next == '~')
        g_string_append_c (gb, '~');
      i++;
    } else if (wide && (guchar) c > 0x20 && next) {
      g_string_append_c (gb, (char) (c | 0x80));
      g_string_append_c (gb, (char) (next | 0x80));
      i++;
    } else {
      wide = wide && c != '\n';
      g_string_append_c (gb, c);
    }
  }
  return gb;
}

/* As append_converted (), for every name of pb_charset_find (). */
static gssize
append_named (GString *out, const char *bytes, gsize length, const char *name) {
  gboolean japanese = strcmp (name, PB_CHARSET_ISO_2022_JP) == 0;

  if (strcmp (name, "CP1252") == 0) {
    append_windows_1252 (out, bytes, length);
    return 0;
  }
  if (!japanese && strcmp (name, PB_CHARSET_HZ) != 0)
    return append_converted (out, bytes, length, name);
  g_autoptr (GString) wide =
    japanese ? euc_from_iso_2022_jp (bytes, length) : gb_from_hz (bytes, length);
  return append_converted (out, wide->str, wide->len, japanese ? "EUC-JP-MS" : "GB18030");
}

/* ---- Choosing ---- */

typedef struct {
  char *implied;
  char *chosen;
} Hints;

static void
hints_free (gpointer data) {
  g_free (((Hints *) data)->implied);
  g_free (((Hints *) data)->chosen);
  g_free (data);
}

static GPrivate hints_of_thread = G_PRIVATE_INIT (hints_free);

void
pb_text_hints_begin (const char *implied, const char *chosen) {
  Hints *hints = g_new0 (Hints, 1);

  hints->implied = g_strdup (implied);
  hints->chosen = g_strdup (chosen);
  g_private_replace (&hints_of_thread, hints);
}

void
pb_text_hints_end (void) {
  g_private_replace (&hints_of_thread, NULL);
}

static const char *
get_hint (gboolean chosen) {
  const Hints *hints = g_private_get (&hints_of_thread);

  return hints ? (chosen ? hints->chosen : hints->implied) : NULL;
}

static gboolean
shifts (const char *bytes, gsize length) {
  return memmem (bytes, length, "\033$", 2) || memmem (bytes, length, "\033(I", 3);
}

static gboolean
is_wide_utf8 (const char *bytes, gsize length) {
  return !pb_text_is_ascii (bytes, length) && g_utf8_validate_len (bytes, length, NULL);
}

static gboolean
is_multibyte (const char *name) {
  static const char *const names[] = { "GB18030",   "CP950",  "BIG5-HKSCS", "CP949", "CP932",
                                       "EUC-JP-MS", "EUC-TW", "JOHAB",      NULL };

  return g_strv_contains (names, name);
}

/* Good UTF-8 under another name: a set of single bytes would read it as rows of marks; one of pairs
 * can read it by chance, but not over several characters of three bytes. */
static gboolean
is_utf8_in_disguise (const char *bytes, gsize length, const char *name) {
  guint triples = 0;

  if (!is_wide_utf8 (bytes, length) || g_str_has_prefix (name, "UTF-"))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    triples += ((guchar) bytes[i] & 0xf0) == 0xe0;
  return !is_multibyte (name) || triples >= 2;
}

static void
append_guessed (GString *out, const char *bytes, gsize length) {
  gsize start = out->len;
  char buffer[64];

  if (pb_text_is_ascii (bytes, length) && shifts (bytes, length) &&
      append_named (out, bytes, length,
                    memmem (bytes, length, "\033$)C", 4) ? "ISO-2022-KR"
                                                         : PB_CHARSET_ISO_2022_JP) == 0)
    return;
  g_string_truncate (out, start);
  if (pb_text_is_ascii (bytes, length) || pb_charset_looks_like_utf8 (bytes, length)) {
    append_utf8 (out, bytes, length);
    return;
  }
  append_named (out, bytes, length,
                pb_charset_find (pb_charset_guess (bytes, length), buffer, sizeof buffer));
}

/* FALSE where the declaration does not fit the bytes. A few bad bytes are damage; mostly bad bytes
 * are another character set. */
static gboolean
append_declared (GString *out, const char *bytes, gsize length, const char *name) {
  gsize start = out->len;

  if (strcmp (name, "UTF-8") == 0) {
    append_utf8 (out, bytes, length);
    return pb_text_is_ascii (bytes, length) || pb_charset_looks_like_utf8 (bytes, length) ||
           count_high (bytes, length) < 4;
  }
  if (is_utf8_in_disguise (bytes, length, name))
    return FALSE;
  gssize bad = append_named (out, bytes, length, name);
  if (bad > 0 && is_wide_utf8 (bytes, length))
    return FALSE;
  if (bad > 0 && strcmp (name, "CP950") == 0) {
    g_autoptr (GString) other = g_string_new (NULL);
    if (append_converted (other, bytes, length, "BIG5-HKSCS") < bad) {
      g_string_truncate (out, start);
      g_string_append_len (out, other->str, (gssize) other->len);
    }
  }
  return bad >= 0 && (gsize) bad * 3 <= MAX (count_high (bytes, length), 3);
}

/* What a person chose goes for everything but text that is plainly what it says. */
static const char *
choose_name (const char *bytes, gsize length, const char *declared, char *buffer, gsize size) {
  const char *chosen = get_hint (TRUE), *name = pb_charset_find (declared, buffer, size);

  if (chosen && !pb_text_is_ascii (bytes, length) &&
      !(name && strcmp (name, "UTF-8") == 0 && is_wide_utf8 (bytes, length)))
    return pb_charset_find (chosen, buffer, size);
  if (name || !get_hint (FALSE) || is_wide_utf8 (bytes, length))
    return name;
  return pb_charset_find (get_hint (FALSE), buffer, size);
}

char *
pb_text_decode (const char *bytes, gsize length, const char *charset) {
  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  char buffer[64];
  const char *name = choose_name (bytes, length, charset, buffer, sizeof buffer);
  GString *out = g_string_sized_new (length + 1);

  if (name && get_hint (TRUE) && !pb_text_is_ascii (bytes, length)) {
    if (strcmp (name, "UTF-8") == 0)
      append_utf8 (out, bytes, length);
    else
      append_named (out, bytes, length, name);
  } else if (!name || !append_declared (out, bytes, length, name)) {
    g_string_truncate (out, 0);
    append_guessed (out, bytes, length);
  }
  if (g_str_has_prefix (out->str, "\357\273\277"))
    g_string_erase (out, 0, 3);
  return g_string_free (out, FALSE);
}

gboolean
pb_text_knows_charset (const char *name) {
  char buffer[64];
  const char *real = pb_charset_find (name, buffer, sizeof buffer);
  g_autoptr (GString) nothing = g_string_new (NULL);

  return real && append_named (nothing, "", 0, real) >= 0;
}

const char *
pb_text_real_charset (const char *declared, char *buffer, gsize size) {
  const char *real = pb_charset_find (declared, buffer, size);

  if (get_hint (TRUE) && g_strcmp0 (real, "UTF-8") != 0)
    real = pb_charset_find (get_hint (TRUE), buffer, size);
  return real && !g_str_has_prefix (real, "pb-") ? real : NULL;
}
