/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Every likely character set reads the text, and whose reading looks most like a language wins.
 * What a language looks like is a handful of its commonest letters (pb-charset-letters.c) and the
 * rules below. The detector of uchardet is asked too: it knows far more languages, but needs more
 * text than a subject has, so that it decides only between readings that are close. */

#include "pb-charset-guess.h"

#include <string.h>
#include <uchardet.h>

#include "pb-charset-letters.h"
#include "pb-charset-names.h"

#define SAMPLE 4096
#define HEARSAY 0.25 /* what uchardet's word counts */
#define IMPOSSIBLE -100.0
#define NONSENSE -1.5

typedef double (*Judge) (const gunichar *text, glong length, PbLanguage language);

static double judge_wide (const gunichar *text, glong length, PbLanguage language);
static double judge_letters (const gunichar *text, glong length, PbLanguage language);
static double judge_latin (const gunichar *text, glong length, PbLanguage language);

/* Of two equals the first. */
static const struct {
  const char *name;
  Judge judge;
  PbLanguage language;
  double prior;
} candidates[] = {
  { "windows-1252", judge_latin, PB_LANGUAGE_WESTERN, 0.2 },
  { "gb18030", judge_wide, PB_LANGUAGE_SIMPLIFIED, 0.1 },
  { "big5", judge_wide, PB_LANGUAGE_TRADITIONAL, 0 },
  { "shift_jis", judge_wide, PB_LANGUAGE_JAPANESE, 0 },
  { "euc-jp", judge_wide, PB_LANGUAGE_JAPANESE, 0 },
  { "euc-kr", judge_wide, PB_LANGUAGE_KOREAN, 0 },
  { "windows-1251", judge_letters, PB_LANGUAGE_CYRILLIC, 0.1 },
  { "koi8-u", judge_letters, PB_LANGUAGE_CYRILLIC, 0 },
  { "ibm866", judge_letters, PB_LANGUAGE_CYRILLIC, -0.1 },
  { "iso-8859-5", judge_letters, PB_LANGUAGE_CYRILLIC, -0.1 },
  { "windows-1253", judge_letters, PB_LANGUAGE_GREEK, 0 },
  { "windows-1255", judge_letters, PB_LANGUAGE_HEBREW, 0 },
  { "windows-1256", judge_letters, PB_LANGUAGE_ARABIC, 0 },
  { "windows-874", judge_letters, PB_LANGUAGE_THAI, 0 },
  { "windows-1250", judge_latin, PB_LANGUAGE_CENTRAL, 0 },
  { "iso-8859-2", judge_latin, PB_LANGUAGE_CENTRAL, -0.05 },
  { "windows-1254", judge_latin, PB_LANGUAGE_TURKISH, -0.05 },
};

gboolean
pb_charset_looks_like_utf8 (const char *bytes, gsize length) {
  const char *end = bytes + length, *p = bytes;
  gsize high = 0, bad = 0;

  for (gsize i = 0; i < length; i++)
    high += (guchar) bytes[i] >> 7;
  while (p < end) {
    const char *stop;

    if (g_utf8_validate_len (p, (gsize) (end - p), &stop))
      break;
    if (end - stop < 4 && g_utf8_get_char_validated (stop, end - stop) == (gunichar) -2) {
      /* Two bytes of Latin 1 at the end look the same: there must be more to it. */
      bad += high <= (gsize) (end - stop);
      break;
    }
    bad += *stop != '\0';
    p = stop + 1;
  }
  return bad == 0 || bad * 8 < high - MIN (high, bad);
}

/* ---- Judging a reading; the mean over all characters beyond ASCII ---- */

static gboolean
is_between (gunichar c, gunichar first, gunichar last) {
  return c >= first && c <= last;
}

static gboolean
is_kana (gunichar c) {
  return is_between (c, 0x3041, 0x30fe);
}

/* Scripts of thousands of characters: common ones speak for the reading, rare ones against it. */
static double
weigh_wide (gunichar c, PbLanguage language) {
  if (pb_charset_letter_is_common (c, language))
    return 3;
  if (is_kana (c))
    return language == PB_LANGUAGE_JAPANESE ? 2.5 : -2;
  if (is_between (c, 0x3001, 0x3011) || is_between (c, 0xff01, 0xff5e))
    return 1;
  if (is_between (c, 0x2010, 0x2026) || c == 0xb7)
    return 0.5;
  if (is_between (c, 0xac00, 0xd7a3))
    return pb_charset_letter_is_usual (c, language) ? 1.2 : -1.5;
  if (is_between (c, 0x4e00, 0x9fff) && language != PB_LANGUAGE_KOREAN)
    return pb_charset_letter_is_usual (c, language) ? 1 : -2;
  if (is_between (c, 0xff61, 0xff9f))
    return -1.5;
  if (is_between (c, 0x4e00, 0x9fff))
    return -1.5;
  return is_between (c, 0xe000, 0xf8ff) || c >= 0x10000 ? -6 : -1;
}

static double
judge_wide (const gunichar *text, glong length, PbLanguage language) {
  double sum = 0;
  guint count = 0;

  for (glong i = 0; i < length; i++) {
    if (text[i] < 0x80)
      continue;
    sum += weigh_wide (text[i], language);
    count++;
  }
  return count ? sum / count : IMPOSSIBLE;
}

static gboolean
is_mark_of_print (gunichar c) {
  return is_between (c, 0x2013, 0x2026) || c == 0xab || c == 0xbb || c == 0xa0 || c == 0x20ac ||
         c == 0x2116 || c == 0xb0 || c == 0x2122 || c == 0xa9 || c == 0xae || c == 0xa7 ||
         c == 0xb4 || c == 0x60c || c == 0x61f;
}

static gunichar
neighbour (const gunichar *text, glong length, glong i) {
  return i >= 0 && i < length ? text[i] : ' ';
}

/* How the case of a letter goes with that before it. */
static double
weigh_case (gunichar before, gunichar c, gunichar after) {
  if (!g_unichar_isupper (c))
    return 0;
  if (!g_unichar_isalpha (before))
    return g_unichar_isupper (after) || g_unichar_islower (after) || !g_unichar_isalpha (after)
             ? 0.5
             : 0;
  return g_unichar_islower (before) || g_unichar_islower (after) ? -3 : -0.4;
}

static double
weigh_letter (const gunichar *text, glong length, glong i, PbLanguage language) {
  gunichar c = text[i];
  gunichar before = neighbour (text, length, i - 1), after = neighbour (text, length, i + 1);
  gboolean joins =
    (g_unichar_isalpha (before) && before < 0x80) || (g_unichar_isalpha (after) && after < 0x80);
  double weight = -2;

  if (pb_charset_letter_is_common (c, language))
    weight = 2;
  else if (pb_charset_letter_is_usual (c, language))
    weight = 1;
  else if (is_mark_of_print (c))
    return g_unichar_isalpha (before) && g_unichar_isalpha (after) ? -2 : 0.3;
  /* Lone letters are rare words, or dots and dashes of another set. */
  if (!g_unichar_isalpha (before) && !g_unichar_isalpha (after))
    weight = MIN (weight, 0.6);
  /* Hebrew has letters that only end words. */
  if (language == PB_LANGUAGE_HEBREW && g_utf8_strchr ("ךםןףץ", -1, c))
    weight += g_unichar_isalpha (after) ? -2 : 1;
  if (g_unichar_ismark (c) && !(g_unichar_isalpha (before) || g_unichar_ismark (before)))
    weight -= 2;
  return weight + weigh_case (before, c, after) - (joins ? 2 : 0);
}

/* A script of its own, one byte a letter. */
static double
judge_letters (const gunichar *text, glong length, PbLanguage language) {
  double sum = 0;
  guint count = 0;

  for (glong i = 0; i < length; i++) {
    if (text[i] < 0x80)
      continue;
    sum += weigh_letter (text, length, i, language);
    count++;
  }
  return count ? sum / count : IMPOSSIBLE;
}

static double
weigh_accented (const gunichar *text, glong length, glong i, PbLanguage language) {
  gunichar c = text[i];
  gunichar before = neighbour (text, length, i - 1), after = neighbour (text, length, i + 1);
  gboolean inside = g_unichar_isalpha (before) && g_unichar_isalpha (after);

  if (!g_unichar_isalpha (c)) {
    if (c == 0x2019 || c == 0xad)
      return 1;
    return is_mark_of_print (c) && !inside ? 1 : inside ? -3 : -0.3;
  }
  double weight = pb_charset_letter_is_common (c, language)  ? 1.6
                  : pb_charset_letter_is_usual (c, language) ? 0.8
                                                             : -0.6;
  /* The accent of an Italian word is on its last letter. */
  if (language == PB_LANGUAGE_WESTERN && c == 0xec && !g_unichar_isalpha (after))
    weight = 1.6;
  /* Accented letters stand among plain ones; a long row of them is another script. */
  if (before >= 0x80 && g_unichar_isalpha (before))
    weight -= 1.3;
  if (after >= 0x80 && g_unichar_isalpha (after))
    weight -= 1.3;
  return weight + MIN (weigh_case (before, c, after), 0);
}

static double
judge_latin (const gunichar *text, glong length, PbLanguage language) {
  double sum = 0;
  guint count = 0;

  for (glong i = 0; i < length; i++) {
    if (text[i] < 0x80)
      continue;
    sum += weigh_accented (text, length, i, language);
    count++;
  }
  return count ? sum / count : IMPOSSIBLE;
}

/* ---- Reading ---- */

/* Opening one takes longer than reading a subject, so each thread keeps its own. */
typedef struct {
  GIConv converters[G_N_ELEMENTS (candidates)];
} Readers;

static void
readers_free (gpointer data) {
  Readers *readers = data;

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++) {
    if (readers->converters[i] != (GIConv) -1)
      g_iconv_close (readers->converters[i]);
  }
  g_free (readers);
}

static GPrivate readers_of_thread = G_PRIVATE_INIT (readers_free);

static Readers *
get_readers (void) {
  Readers *readers = g_private_get (&readers_of_thread);
  char buffer[64];

  if (readers)
    return readers;
  readers = g_new0 (Readers, 1);
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    readers->converters[i] =
      g_iconv_open ("UTF-8", pb_charset_find (candidates[i].name, buffer, sizeof buffer));
  g_private_set (&readers_of_thread, readers);
  return readers;
}

/* NULL where that cannot have been meant. What is cut off at the end is left out. */
static gunichar *
read_as (GIConv converter, const char *bytes, gsize length, glong *characters) {
  char utf8[SAMPLE * 4];
  char *in = (char *) bytes, *out = utf8;
  gsize left = length, room = sizeof utf8;

  if (converter == (GIConv) -1)
    return NULL;
  g_iconv (converter, NULL, NULL, NULL, NULL);
  if (g_iconv (converter, &in, &left, &out, &room) == (gsize) -1 && (length <= 16 || left > 4))
    return NULL;
  return g_utf8_to_ucs4_fast (utf8, (glong) (out - utf8), characters);
}

static char *
ask_uchardet (const char *bytes, gsize length) {
  uchardet_t detector = uchardet_new ();
  char *name = NULL;

  if (uchardet_handle_data (detector, bytes, length) == 0) {
    uchardet_data_end (detector);
    name = g_strdup (uchardet_get_charset (detector));
  }
  uchardet_delete (detector);
  return name;
}

static gboolean
is_same (const char *a, const char *b) {
  char buffer_a[64], buffer_b[64];

  return a && *a &&
         g_strcmp0 (pb_charset_find (a, buffer_a, sizeof buffer_a),
                    pb_charset_find (b, buffer_b, sizeof buffer_b)) == 0;
}

/* From the line of the first byte beyond ASCII on. */
static void
choose_sample (const char **bytes, gsize *length) {
  gsize first = 0;

  while (first < *length && (guchar) (*bytes)[first] < 0x80)
    first++;
  while (first > 0 && (*bytes)[first - 1] != '\n')
    first--;
  if (*length > SAMPLE) {
    *bytes += first;
    *length = MIN (*length - first, SAMPLE);
  }
}

const char *
pb_charset_guess (const char *bytes, gsize length) {
  double scores[G_N_ELEMENTS (candidates)], second = IMPOSSIBLE;
  Readers *readers = get_readers ();
  guint best = 0;

  choose_sample (&bytes, &length);
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++) {
    glong characters;
    g_autofree gunichar *text = read_as (readers->converters[i], bytes, length, &characters);

    scores[i] =
      text ? candidates[i].judge (text, characters, candidates[i].language) + candidates[i].prior
           : IMPOSSIBLE;
    if (i > 0 && scores[i] > scores[best]) {
      second = scores[best];
      best = i;
    } else if (i > 0) {
      second = MAX (second, scores[i]);
    }
  }
  if (scores[best] - second <= HEARSAY) {
    g_autofree char *hearsay = ask_uchardet (bytes, length);
    for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
      scores[i] += is_same (hearsay, candidates[i].name) ? HEARSAY : 0;
    for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
      best = scores[i] > scores[best] ? i : best;
  }
  return scores[best] > NONSENSE ? candidates[best].name : "windows-1252";
}
