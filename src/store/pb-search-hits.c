/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a text has what a query looks for: the same tokens as in the index, compared one by one. */

#include <string.h>

#include "pb-search-query-private.h"
#include "pb-search-tokens.h"

#define RANGE_LIMIT 1000
#define LEAD_CHARACTERS 40

/* Tokens of a text; a tail follows the word whose place it shares. */
typedef struct {
  GString *bytes;
  GArray *tokens; /* of Held */
} Tokens;

typedef struct {
  PbTokenKind kind;
  gsize text; /* in bytes */
  guint length;
  gsize start;
  gsize end;
} Held;

static gboolean
hold (const PbToken *token, gpointer data) {
  Tokens *self = data;
  Held held = { token->kind, self->bytes->len, token->length, token->start, token->end };

  g_string_append_len (self->bytes, token->text, token->length);
  g_array_append_val (self->tokens, held);
  return TRUE;
}

static void
tokens_init (Tokens *self, const char *text, gboolean query) {
  self->bytes = g_string_new (NULL);
  self->tokens = g_array_new (FALSE, FALSE, sizeof (Held));
  pb_search_tokenize (text, strlen (text), query, hold, self);
}

static void
tokens_clear (Tokens *self) {
  g_string_free (self->bytes, TRUE);
  g_array_unref (self->tokens);
}

static const Held *
token_at (const Tokens *self, guint i) {
  return &g_array_index (self->tokens, Held, i);
}

/* The next place. */
static guint
next_place (const Tokens *self, guint i) {
  do
    i++;
  while (i < self->tokens->len && token_at (self, i)->kind == PB_TOKEN_TAIL);
  return i;
}

static gboolean
equal (const Tokens *a, const Held *one, const Tokens *b, const Held *other, gboolean prefix) {
  return (prefix ? one->length <= other->length : one->length == other->length) &&
         memcmp (a->bytes->str + one->text, b->bytes->str + other->text, one->length) == 0;
}

/* One of what stands at the place @i of the query is at the place @at of the text. */
static gboolean
place_matches (const Tokens *query, guint i, const Tokens *text, guint at, gboolean prefix) {
  guint query_end = next_place (query, i), text_end = next_place (text, at);

  for (guint k = i; k < query_end; k++) {
    for (guint l = at; l < text_end; l++) {
      if (equal (query, token_at (query, k), text, token_at (text, l), prefix))
        return TRUE;
    }
  }
  return FALSE;
}

/* The sequence begins at @at; *@last is the token with which it ends. */
static gboolean
sequence_matches (const Tokens *query, gboolean prefix, const Tokens *text, guint at, guint *last) {
  for (guint i = 0; i < query->tokens->len; at = next_place (text, at)) {
    guint next = next_place (query, i);
    gboolean is_last = next == query->tokens->len;

    if (at >= text->tokens->len || !place_matches (query, i, text, at, prefix && is_last))
      return FALSE;
    *last = at;
    i = next;
  }
  return TRUE;
}

static void
find_term (const PbSearchTerm *term, const Tokens *text, GArray *ranges) {
  Tokens query;
  gboolean prefix = pb_search_term_is_prefix (term);
  guint last = 0;

  tokens_init (&query, term->text, TRUE);
  for (guint at = 0; at < text->tokens->len && ranges->len < RANGE_LIMIT;
       at = next_place (text, at)) {
    if (!sequence_matches (&query, prefix, text, at, &last))
      continue;
    PbTextRange range = { token_at (text, at)->start, token_at (text, last)->end };
    g_array_append_val (ranges, range);
  }
  tokens_clear (&query);
}

static int
compare_ranges (gconstpointer a, gconstpointer b) {
  const PbTextRange *one = a, *other = b;

  return (one->start > other->start) - (one->start < other->start);
}

/* Overlapping ones become one. */
static void
join_ranges (GArray *ranges) {
  guint count = 0;

  g_array_sort (ranges, compare_ranges);
  for (guint i = 0; i < ranges->len; i++) {
    PbTextRange range = g_array_index (ranges, PbTextRange, i);
    PbTextRange *before = count > 0 ? &g_array_index (ranges, PbTextRange, count - 1) : NULL;
    if (before && range.start <= before->end)
      before->end = MAX (before->end, range.end);
    else
      g_array_index (ranges, PbTextRange, count++) = range;
  }
  g_array_set_size (ranges, MIN (count, RANGE_LIMIT));
}

GArray *
pb_search_query_find (PbSearchQuery *self, const char *text, PbSearchFields field) {
  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (PbTextRange));
  Tokens tokens = { 0 };

  for (guint i = 0; i < self->groups->len; i++) {
    const GPtrArray *group = g_ptr_array_index (self->groups, i);
    for (guint k = 0; k < group->len; k++) {
      const PbSearchTerm *term = g_ptr_array_index (group, k);
      if (term->kind != PB_TERM_TEXT || term->negated || !(term->fields & field))
        continue;
      if (!tokens.tokens)
        tokens_init (&tokens, text, FALSE);
      find_term (term, &tokens, ranges);
    }
  }
  if (tokens.tokens)
    tokens_clear (&tokens);
  join_ranges (ranges);
  return ranges;
}

/* ---- Snippets ---- */

/* White space as single spaces. */
static void
append_line (GString *out, const char *from, const char *to) {
  gboolean space = FALSE;

  for (const char *p = from; p < to; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_isspace (c) || g_unichar_iscntrl (c)) {
      space = TRUE;
      continue;
    }
    if (space && out->len > 0)
      g_string_append_c (out, ' ');
    space = FALSE;
    g_string_append_unichar (out, c);
  }
}

/* Back from @at by some characters, then on to where a word begins, if that is near. */
static const char *
find_start (const char *text, const char *at) {
  const char *p = at;

  for (guint i = 0; i < LEAD_CHARACTERS && p > text; i++)
    p = g_utf8_prev_char (p);
  if (p == text)
    return text;
  for (const char *q = p; q < at; q = g_utf8_next_char (q)) {
    if (g_unichar_isspace (g_utf8_get_char (q)))
      return g_utf8_next_char (q);
  }
  return p;
}

char *
pb_search_query_dup_snippet (PbSearchQuery *self, const char *text, guint characters) {
  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  g_autoptr (GArray) ranges = pb_search_query_find (self, text, PB_SEARCH_BODY);

  if (ranges->len == 0)
    return NULL;
  const char *start = find_start (text, text + g_array_index (ranges, PbTextRange, 0).start);
  const char *end = start;
  for (guint i = 0; i < characters && *end; i++)
    end = g_utf8_next_char (end);
  GString *out = g_string_new (start > text ? "…" : NULL);
  append_line (out, start, end);
  if (*end)
    g_string_append (out, "…");
  return g_string_free (out, FALSE);
}
