/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The cutter: one pass, no memory of its own. */

#include "pb-search-tokens.h"

#include <string.h>

#include "pb-search-fold.h"

#define WORD_BYTES 64
#define TAILS 32
/* Of a long gap only its two ends count, and that something is between them. */
#define GAP_END 3

/* Kept apart from each other and from words by a first byte that no text has. */
#define GAP_MARK '\001'
#define TAIL_MARK '\002'

typedef enum {
  AFTER_NOTHING,
  AFTER_WORD,
  AFTER_SIGN,
} After;

typedef struct {
  gunichar c;
  gsize start;
  gsize end;
} GapCharacter;

typedef struct {
  PbTokenFunc func;
  gpointer data;
  gboolean query;
  gboolean stopped;
  After after;
  char word[1 + WORD_BYTES]; /* with room for the mark before it */
  guint word_length;
  gsize word_start;
  gsize word_end;
  gboolean in_word;
  gboolean word_is_cut;
  guint gap_length;
  GapCharacter first[GAP_END];
  GapCharacter last[GAP_END];
} Cutter;

static const struct {
  gunichar first;
  gunichar last;
} signs[] = {
  { 0x0e00, 0x0eff }, /* Thai, Lao */
  { 0x1000, 0x109f }, /* Burmese */
  { 0x1100, 0x11ff }, /* Hangul letters */
  { 0x1780, 0x17ff }, /* Khmer */
  { 0x1950, 0x19ff }, /* Tai Le, New Tai Lue, Khmer symbols */
  { 0x1a20, 0x1aaf }, /* Tai Tham */
  { 0x2e80, 0x2fdf }, /* radicals */
  { 0x3005, 0x3007 }, /* ideographs that look like marks */
  { 0x3021, 0x302f }, { 0x3031, 0x303c },   { 0x3041, 0x30fa }, /* kana */
  { 0x30fc, 0x31bf },                                           /* kana, bopomofo, Hangul letters */
  { 0x31f0, 0x31ff }, { 0x3400, 0x4dbf },   { 0x4e00, 0x9fff }, /* ideographs */
  { 0xa960, 0xa97f }, { 0xa9e0, 0xa9ff },   { 0xaa60, 0xaadf }, /* Burmese, Tai Viet */
  { 0xac00, 0xd7ff },                                           /* Hangul */
  { 0xf900, 0xfaff }, { 0x1aff0, 0x1b16f }, { 0x20000, 0x3ffff },
};

gboolean
pb_search_is_sign (gunichar c) {
  if (c < signs[0].first)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (signs) && c >= signs[i].first; i++) {
    if (c <= signs[i].last)
      return g_unichar_isalnum (c) || g_unichar_ismark (c);
  }
  return FALSE;
}

static void
emit (Cutter *self, PbTokenKind kind, const char *text, guint length, gsize start, gsize end) {
  const PbToken token = { kind, text, length, start, end };

  if (!self->stopped)
    self->stopped = !self->func (&token, self->data);
}

/* Ends of the word, without the whole; in a query only the whole, as an end. */
static void
emit_tails (Cutter *self) {
  char *start = self->word + 1, *end = start + self->word_length;
  guint count = 0;

  if (self->word_is_cut)
    return;
  if (self->query) {
    self->word[0] = TAIL_MARK;
    emit (self, PB_TOKEN_TAIL, self->word, self->word_length + 1, self->word_start, self->word_end);
    return;
  }
  for (char *p = g_utf8_find_prev_char (start, end); p && p > start && count < TAILS; count++) {
    char saved = p[-1];
    p[-1] = TAIL_MARK;
    emit (self, PB_TOKEN_TAIL, p - 1, (guint) (end - p) + 1, self->word_start, self->word_end);
    p[-1] = saved;
    p = g_utf8_find_prev_char (start, p);
  }
}

static void
end_word (Cutter *self, gboolean before_sign) {
  gboolean is_first = self->after == AFTER_NOTHING;

  if (!self->in_word)
    return;
  self->in_word = FALSE;
  emit (self, PB_TOKEN_WORD, self->word + 1, self->word_length, self->word_start, self->word_end);
  if (before_sign && (!self->query || is_first))
    emit_tails (self);
  self->after = AFTER_WORD;
}

static void
emit_gap_character (Cutter *self, const GapCharacter *character) {
  char token[1 + 6] = { GAP_MARK };
  guint length = 1 + (guint) g_unichar_to_utf8 (character->c, token + 1);

  emit (self, PB_TOKEN_GAP, token, length, character->start, character->end);
}

/* @next: what follows it. Only beside a sign it counts. */
static void
end_gap (Cutter *self, After next) {
  static const char mark = GAP_MARK;
  guint length = self->gap_length;

  self->gap_length = 0;
  /* What begins here is no end of something longer. */
  if (length > 0 && self->after == AFTER_NOTHING && next == AFTER_WORD)
    self->after = AFTER_WORD;
  if (length == 0 || (self->after != AFTER_SIGN && next != AFTER_SIGN))
    return;
  if (self->after != AFTER_NOTHING) {
    for (guint i = 0; i < MIN (length, GAP_END); i++)
      emit_gap_character (self, &self->first[i]);
    length -= MIN (length, GAP_END);
  }
  if (next == AFTER_NOTHING)
    return;
  if (self->after != AFTER_NOTHING && length > GAP_END)
    emit (self, PB_TOKEN_GAP, &mark, 1, self->first[0].start, self->last[GAP_END - 1].end);
  for (guint i = GAP_END - MIN (length, GAP_END); i < GAP_END; i++)
    emit_gap_character (self, &self->last[i]);
}

static void
take_gap (Cutter *self, gunichar c, gsize start, gsize end) {
  const GapCharacter character = { c, start, end };

  end_word (self, FALSE);
  if (self->gap_length < GAP_END)
    self->first[self->gap_length] = character;
  memmove (self->last, self->last + 1, sizeof self->last - sizeof self->last[0]);
  self->last[GAP_END - 1] = character;
  self->gap_length++;
}

static void
take_sign (Cutter *self, gunichar c, gsize start, gsize end) {
  char token[6];

  end_word (self, TRUE);
  end_gap (self, AFTER_SIGN);
  emit (self, PB_TOKEN_SIGN, token, (guint) g_unichar_to_utf8 (c, token), start, end);
  self->after = AFTER_SIGN;
}

static void
take_letter (Cutter *self, gunichar c, gsize start, gsize end) {
  char bytes[6];

  if (!self->in_word) {
    end_gap (self, AFTER_WORD);
    self->in_word = TRUE;
    self->word_is_cut = FALSE;
    self->word_length = 0;
    self->word_start = start;
  }
  self->word_end = end;
  if (c < 0x80 && self->word_length < WORD_BYTES && !self->word_is_cut) {
    self->word[1 + self->word_length++] = (char) c;
    return;
  }
  guint length = (guint) g_unichar_to_utf8 (c, bytes);
  self->word_is_cut |= self->word_length + length > WORD_BYTES;
  if (self->word_is_cut)
    return;
  memcpy (self->word + 1 + self->word_length, bytes, length);
  self->word_length += length;
}

static void
take (Cutter *self, gunichar c, gsize start, gsize end) {
  if (c < 0x80) {
    if (g_ascii_isalnum ((char) c))
      take_letter (self, c, start, end);
    else
      take_gap (self, c, start, end);
  } else if (pb_search_is_sign (c)) {
    take_sign (self, c, start, end);
  } else if (g_unichar_isalnum (c) || g_unichar_ismark (c)) {
    take_letter (self, c, start, end);
  } else {
    take_gap (self, c, start, end);
  }
}

gboolean
pb_search_tokenize (const char *text,
                    gsize length,
                    gboolean query,
                    PbTokenFunc func,
                    gpointer data) {
  g_return_val_if_fail (text != NULL || length == 0, FALSE);

  Cutter self = { .func = func, .data = data, .query = query };
  const char *p = text, *end = text + length;
  PbFoldStep step;

  while (!self.stopped && pb_fold_next (&p, end, &step)) {
    gsize from = (gsize) (step.start - text), to = (gsize) (step.end - text);
    for (guint i = 0; i < step.count; i++)
      take (&self, step.characters[i], from, to);
  }
  end_word (&self, FALSE);
  end_gap (&self, AFTER_NOTHING);
  return !self.stopped;
}
