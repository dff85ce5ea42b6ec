/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Compatibility decomposition, of which kana and Hangul are put together again, because their marks
 * and letters are not accents. Characters that fold to themselves, most of all text, are passed
 * through without a look into the tables. */

#include "pb-search-fold.h"

#include <string.h>

/* Letters that are spelt with marks or letters that follow. */
static gboolean
is_hangul_letter (gunichar c) {
  return (c >= 0x1100 && c <= 0x11ff) || (c >= 0x3131 && c <= 0x318e) ||
         (c >= 0xa960 && c <= 0xa97f) || (c >= 0xd7b0 && c <= 0xd7ff) ||
         (c >= 0xffa0 && c <= 0xffdc);
}

static gboolean
is_halfwidth_voicing (gunichar c) {
  return c == 0xff9e || c == 0xff9f;
}

/* Belongs to the character before it. */
static gboolean
extends (gunichar c, gunichar before) {
  if (c < 0x300)
    return FALSE;
  if (is_hangul_letter (c))
    return is_hangul_letter (before) || (before >= 0xac00 && before <= 0xd7a3);
  return is_halfwidth_voicing (c) || g_unichar_combining_class (c) != 0;
}

/* Ideographs, kana and Hangul syllables in their usual form. */
static gboolean
is_settled (gunichar c) {
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3041 && c <= 0x3096) ||
         (c >= 0x30a1 && c <= 0x30fc) || (c >= 0xac00 && c <= 0xd7a3) ||
         (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x0e01 && c <= 0x0e30);
}

/* Marks that are accents, or vowels that are often left out. */
static gboolean
is_accent (gunichar c) {
  return (c >= 0x0300 && c <= 0x036f) || (c >= 0x0591 && c <= 0x05bd) ||
         (c >= 0x064b && c <= 0x065f) || (c >= 0x1ab0 && c <= 0x1aff) ||
         (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
         (c >= 0xfe20 && c <= 0xfe2f);
}

static gboolean
is_invisible (gunichar c) {
  return c == 0xad || c == 0x34f || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
         (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

static void
add (PbFoldStep *step, gunichar c) {
  gunichar composed;

  if (is_accent (c) || is_invisible (c))
    return;
  if (step->count > 0 && (c == 0x3099 || c == 0x309a || (c >= 0x1160 && c <= 0x11ff)) &&
      g_unichar_compose (step->characters[step->count - 1], c, &composed)) {
    step->characters[step->count - 1] = composed;
    return;
  }
  c = g_unichar_tolower (c);
  if (c == 0xdf) { /* ß */
    step->characters[step->count++] = 's';
    c = 's';
  } else if (c == 0x3c2) { /* the sigma at the end of a word */
    c = 0x3c3;
  }
  step->characters[step->count++] = c;
}

static void
fold_cluster (PbFoldStep *step, const gunichar *cluster, guint count) {
  gunichar all[PB_FOLD_CLUSTER * G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize length = 0;

  for (guint i = 0; i < count; i++)
    length += g_unichar_fully_decompose (cluster[i], TRUE, all + length,
                                         G_UNICHAR_MAX_DECOMPOSITION_LENGTH);
  if (count > 1)
    g_unicode_canonical_ordering (all, length);
  for (gsize i = 0; i < length; i++)
    add (step, all[i]);
}

gboolean
pb_fold_next (const char **p, const char *end, PbFoldStep *step) {
  gunichar cluster[PB_FOLD_CLUSTER];
  const char *next = *p;
  guint count = 1;

  if (next >= end)
    return FALSE;
  step->start = next;
  step->count = 0;
  cluster[0] = g_utf8_get_char (next);
  next = g_utf8_next_char (next);
  for (gunichar c; next < end && (guchar) *next >= 0x80 && count < PB_FOLD_CLUSTER; count++) {
    c = g_utf8_get_char (next);
    if (!extends (c, cluster[count - 1]))
      break;
    cluster[count] = c;
    next = g_utf8_next_char (next);
  }
  step->end = *p = MIN (next, end);
  if (count == 1 && cluster[0] < 0x80)
    step->characters[step->count++] = (gunichar) g_ascii_tolower ((char) cluster[0]);
  else if (count == 1 && is_settled (cluster[0]))
    step->characters[step->count++] = cluster[0];
  else
    fold_cluster (step, cluster, count);
  return TRUE;
}

char *
pb_fold_text (const char *text) {
  g_return_val_if_fail (text != NULL, NULL);

  const char *end = text + strlen (text);
  GString *out = g_string_sized_new ((gsize) (end - text));
  PbFoldStep step;

  while (pb_fold_next (&text, end, &step)) {
    for (guint i = 0; i < step.count; i++)
      g_string_append_unichar (out, step.characters[i]);
  }
  return g_string_free (out, FALSE);
}
