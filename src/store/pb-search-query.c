/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The parser. Finding the terms in a text is in pb-search-hits.c. */

#include "pb-search-query-private.h"

#include <stdio.h>
#include <string.h>

#include "pb-message-row.h"
#include "pb-search-tokens.h"

#define TEXT_LIMIT 2000
#define TERM_LIMIT 32
#define LONG_AGO_YEARS 1000

/* What is between two spaces that are not in quotes. */
typedef struct {
  gboolean negated;
  char *key;   /* before a colon, or NULL */
  char *value; /* without its quotes */
  char *whole; /* all of it, as text */
  gboolean quoted;
} Piece;

static void
piece_clear (Piece *piece) {
  g_free (piece->key);
  g_free (piece->value);
  g_free (piece->whole);
}

void
pb_search_term_free (PbSearchTerm *term) {
  g_free (term->text);
  g_free (term);
}

/* ---- Values ---- */

static PbSearchTerm *
term_new (PbTermKind kind, gint64 number) {
  PbSearchTerm *term = g_new0 (PbSearchTerm, 1);

  term->kind = kind;
  term->number = number;
  return term;
}

static PbSearchTerm *
flag_term_new (guint flags, gboolean negated) {
  PbSearchTerm *term = term_new (PB_TERM_FLAG, 0);

  term->flags = flags;
  term->negated = negated;
  return term;
}

static PbSearchTerm *
parse_is (const char *value) {
  static const struct {
    const char *name;
    PbFlags flag;
    gboolean negated;
  } states[] = {
    { "read", PB_FLAG_READ, FALSE },           { "seen", PB_FLAG_READ, FALSE },
    { "unread", PB_FLAG_READ, TRUE },          { "unseen", PB_FLAG_READ, TRUE },
    { "starred", PB_FLAG_STARRED, FALSE },     { "flagged", PB_FLAG_STARRED, FALSE },
    { "answered", PB_FLAG_ANSWERED, FALSE },   { "replied", PB_FLAG_ANSWERED, FALSE },
    { "forwarded", PB_FLAG_FORWARDED, FALSE }, { "draft", PB_FLAG_DRAFT, FALSE },
    { "partial", PB_FLAG_PARTIAL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    if (g_ascii_strcasecmp (value, states[i].name) == 0)
      return flag_term_new (states[i].flag, states[i].negated);
  }
  return NULL;
}

static PbSearchTerm *
parse_has (const char *value) {
  return g_ascii_strcasecmp (value, "attachment") == 0 ||
             g_ascii_strcasecmp (value, "attachments") == 0
           ? term_new (PB_TERM_ATTACHMENT, 0)
           : NULL;
}

static PbSearchTerm *
parse_size (const char *value, PbTermKind kind) {
  char *end;
  guint64 number = g_ascii_strtoull (value, &end, 10);
  guint shift = 0;

  if (end == value || !g_ascii_isdigit (*value) || number > G_MAXINT64 >> 31)
    return NULL;
  if (*end && strchr ("kKmMgG", *end))
    shift = *end == 'k' || *end == 'K' ? 10 : *end == 'm' || *end == 'M' ? 20 : 30, end++;
  if (*end == 'b' || *end == 'B')
    end++;
  return *end ? NULL : term_new (kind, (gint64) (number << shift));
}

/* ---- Dates ---- */

/* A day, a month or a year: where it begins, and where the next one begins. */
static gboolean
parse_calendar (const char *value, gint64 now, GDateTime **begin, GDateTime **end) {
  guint year, month = 1, day = 1, count;
  char rest;

  count = (guint) MAX (0, sscanf (value, "%4u-%2u-%2u%c", &year, &month, &day, &rest));
  gsize length = strspn (value, "0123456789-");
  if (value[length] || count < 1 || count > 3 || length != (count == 1 ? 4 : count == 2 ? 7 : 10))
    return FALSE;
  *begin = g_date_time_new_local ((int) year, (int) month, (int) day, 0, 0, 0);
  if (!*begin)
    return FALSE;
  *end = count == 1   ? g_date_time_add_years (*begin, 1)
         : count == 2 ? g_date_time_add_months (*begin, 1)
                      : g_date_time_add_days (*begin, 1);
  return TRUE;
}

static GDateTime *
midnight (GDateTime *time) {
  return g_date_time_new_local (g_date_time_get_year (time), g_date_time_get_month (time),
                                g_date_time_get_day_of_month (time), 0, 0, 0);
}

static GDateTime *
go_back (GDateTime *from, guint64 count, char unit) {
  int steps = -(int) MIN (count, unit == 'd'   ? LONG_AGO_YEARS * 365
                                 : unit == 'w' ? LONG_AGO_YEARS * 52
                                 : unit == 'm' ? LONG_AGO_YEARS * 12
                                               : LONG_AGO_YEARS);

  switch (unit) {
  case 'd':
    return g_date_time_add_days (from, steps);
  case 'w':
    return g_date_time_add_weeks (from, steps);
  case 'm':
    return g_date_time_add_months (from, steps);
  default:
    return g_date_time_add_years (from, steps);
  }
}

static gboolean
parse_relative (const char *value, gint64 now, GDateTime **begin, GDateTime **end) {
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_local (now);
  g_autoptr (GDateTime) today = moment ? midnight (moment) : NULL;
  guint64 count = 0;
  char unit = 'd', *rest;

  if (!today)
    return FALSE;
  if (g_ascii_strcasecmp (value, "yesterday") == 0) {
    count = 1;
  } else if (g_ascii_strcasecmp (value, "today") != 0) {
    count = g_ascii_strtoull (value, &rest, 10);
    unit = g_ascii_tolower (*rest);
    if (!g_ascii_isdigit (*value) || !unit || !strchr ("dwmy", unit) || rest[1])
      return FALSE;
  }
  *begin = go_back (today, count, unit);
  *end = *begin ? g_date_time_add_days (*begin, 1) : NULL;
  return *begin != NULL;
}

/* Adds one or two terms to @terms. */
static gboolean
parse_date (const char *key, const char *value, gint64 now, GPtrArray *terms) {
  g_autoptr (GDateTime) begin = NULL;
  g_autoptr (GDateTime) end = NULL;

  if (!parse_calendar (value, now, &begin, &end) && !parse_relative (value, now, &begin, &end))
    return FALSE;
  if (!end)
    return FALSE;
  if (g_str_equal (key, "before"))
    g_ptr_array_add (terms, term_new (PB_TERM_BEFORE, g_date_time_to_unix (begin)));
  else
    g_ptr_array_add (terms, term_new (PB_TERM_SINCE, g_date_time_to_unix (begin)));
  if (g_str_equal (key, "on"))
    g_ptr_array_add (terms, term_new (PB_TERM_BEFORE, g_date_time_to_unix (end)));
  return TRUE;
}

/* ---- Terms ---- */

static gboolean
note_token (const PbToken *token, gpointer data) {
  *(gboolean *) data = TRUE;
  return FALSE;
}

/* NULL for what has nothing to look for in it, punctuation for instance. */
static PbSearchTerm *
text_term_new (PbSearchFields fields, const char *text, gboolean quoted) {
  gboolean any = FALSE;

  pb_search_tokenize (text, strlen (text), TRUE, note_token, &any);
  if (!any)
    return NULL;
  PbSearchTerm *term = term_new (PB_TERM_TEXT, 0);
  term->fields = fields;
  term->quoted = quoted;
  term->text = g_strdup (text);
  return term;
}

typedef struct {
  guint count;
  PbTokenKind kind; /* of the last one */
  guint length;
} Tokens;

static gboolean
count_token (const PbToken *token, gpointer data) {
  Tokens *tokens = data;

  tokens->count += token->kind != PB_TOKEN_TAIL;
  tokens->kind = token->kind;
  tokens->length = (guint) g_utf8_strlen (token->text, token->length);
  return TRUE;
}

/* A single letter would be the beginning of nearly everything. */
gboolean
pb_search_term_is_prefix (const PbSearchTerm *term) {
  Tokens tokens = { 0 };

  if (term->quoted)
    return FALSE;
  pb_search_tokenize (term->text, strlen (term->text), TRUE, count_token, &tokens);
  return tokens.kind == PB_TOKEN_WORD && tokens.count > 0 &&
         (tokens.count > 1 || tokens.length > 1);
}

static PbSearchFields
find_fields (const char *key) {
  static const struct {
    const char *name;
    PbSearchFields fields;
  } names[] = {
    { "from", PB_SEARCH_FROM },
    { "to", PB_SEARCH_TO },
    { "cc", PB_SEARCH_TO },
    { "subject", PB_SEARCH_SUBJECT },
    { "body", PB_SEARCH_BODY },
    { "attachment", PB_SEARCH_ATTACHMENT },
    { "filename", PB_SEARCH_ATTACHMENT },
    { "name", PB_SEARCH_ATTACHMENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_equal (key, names[i].name))
      return names[i].fields;
  }
  return 0;
}

static PbSearchTerm *
place_term_new (PbTermKind kind, const char *name) {
  PbSearchTerm *term = term_new (kind, 0);

  term->text = g_strdup (name);
  return term;
}

/* A key with a value that makes sense for it, else NULL. */
static PbSearchTerm *
parse_key (const char *key, const Piece *piece) {
  PbSearchFields fields = find_fields (key);

  if (fields)
    return text_term_new (fields, piece->value, piece->quoted);
  if (g_str_equal (key, "is"))
    return parse_is (piece->value);
  if (g_str_equal (key, "has"))
    return parse_has (piece->value);
  if (g_str_equal (key, "in"))
    return g_ascii_strcasecmp (piece->value, "anywhere") == 0
             ? term_new (PB_TERM_ANYWHERE, 0)
             : place_term_new (PB_TERM_FOLDER, piece->value);
  if (g_str_equal (key, "account"))
    return place_term_new (PB_TERM_ACCOUNT, piece->value);
  if (g_str_equal (key, "larger"))
    return parse_size (piece->value, PB_TERM_LARGER);
  if (g_str_equal (key, "smaller"))
    return parse_size (piece->value, PB_TERM_SMALLER);
  return NULL;
}

/* One piece may be two terms (a day), which then both have to hold. */
static void
parse_piece (const Piece *piece, gint64 now, GPtrArray *terms) {
  PbSearchTerm *term = NULL;

  if (piece->key && *piece->value) {
    g_autofree char *key = g_ascii_strdown (piece->key, -1);
    gboolean dated = g_str_equal (key, "before") || g_str_equal (key, "after") ||
                     g_str_equal (key, "on") || g_str_equal (key, "since");
    if (dated && parse_date (key, piece->value, now, terms))
      return;
    term = parse_key (key, piece);
  }
  if (!term)
    term = text_term_new (PB_SEARCH_EVERYWHERE, piece->key ? piece->whole : piece->value,
                          piece->quoted && !piece->key);
  if (term)
    g_ptr_array_add (terms, term);
}

/* ---- Pieces ---- */

static gboolean
is_space (const char *p) {
  return g_unichar_isspace (g_utf8_get_char (p));
}

/* A key is letters before a colon. */
static gsize
measure_key (const char *p) {
  gsize length = 0;

  while (g_ascii_isalpha (p[length]))
    length++;
  return length > 0 && p[length] == ':' ? length : 0;
}

/* Moves *@p behind the value: up to a space, or what is between quotes (the last may be missing).
 * */
static char *
read_value (const char **p, gboolean *quoted) {
  const char *start = *p, *end = *p;

  *quoted = *start == '"';
  if (*quoted) {
    end = strchr (++start, '"');
    if (!end)
      end = start + strlen (start);
    *p = *end ? end + 1 : end;
  } else {
    while (*end && !is_space (end))
      end = g_utf8_next_char (end);
    *p = end;
  }
  return g_strndup (start, (gsize) (end - start));
}

/* FALSE at the end. */
static gboolean
next_piece (const char **p, Piece *piece) {
  *piece = (Piece){ 0 };
  while (**p && is_space (*p))
    *p = g_utf8_next_char (*p);
  if (!**p)
    return FALSE;
  if (**p == '-' && (*p)[1] && !is_space (*p + 1)) {
    piece->negated = TRUE;
    (*p)++;
  }
  const char *start = *p;
  gsize key = measure_key (start);
  if (key > 0) {
    piece->key = g_strndup (start, key);
    *p += key + 1;
  }
  piece->value = read_value (p, &piece->quoted);
  piece->whole = g_strndup (start, (gsize) (*p - start));
  return TRUE;
}

static void
add_terms (PbSearchQuery *self, GPtrArray *terms, gboolean negated, gboolean join) {
  GPtrArray *group = NULL;

  if (self->count + terms->len > TERM_LIMIT) {
    g_ptr_array_foreach (terms, (GFunc) (void (*) (void)) pb_search_term_free, NULL);
    return;
  }
  self->count += terms->len;
  /* "a OR a day", "-on:today": what needs a group of its own is not put into another. */
  join = join && self->groups->len > 0 && terms->len == 1;
  if (join)
    group = g_ptr_array_index (self->groups, self->groups->len - 1);
  for (guint i = 0; i < terms->len; i++) {
    PbSearchTerm *term = g_ptr_array_index (terms, i);
    term->negated ^= negated;
    if (!group || (!join && !negated)) {
      group = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_search_term_free);
      g_ptr_array_add (self->groups, group);
    }
    g_ptr_array_add (group, term);
  }
}

static void
parse (PbSearchQuery *self, const char *text, gint64 now) {
  gboolean join = FALSE;
  Piece piece;

  while (next_piece (&text, &piece)) {
    g_autoptr (GPtrArray) terms = g_ptr_array_new ();
    gboolean is_or = !piece.quoted && !piece.negated && g_str_equal (piece.whole, "OR");
    if (!is_or)
      parse_piece (&piece, now, terms);
    if (terms->len > 0)
      add_terms (self, terms, piece.negated, join);
    join = is_or;
    piece_clear (&piece);
  }
}

PbSearchQuery *
pb_search_query_new (const char *text, gint64 now) {
  g_return_val_if_fail (text != NULL, NULL);

  PbSearchQuery *self = g_new0 (PbSearchQuery, 1);
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) strnlen (text, TEXT_LIMIT));

  g_atomic_ref_count_init (&self->refs);
  self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  parse (self, valid, now);
  return self;
}

PbSearchQuery *
pb_search_query_ref (PbSearchQuery *self) {
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_search_query_unref (PbSearchQuery *self) {
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->groups);
  g_free (self);
}

GPtrArray *
pb_search_query_get_groups (PbSearchQuery *self) {
  g_return_val_if_fail (self != NULL, NULL);

  return self->groups;
}

gboolean
pb_search_query_is_empty (PbSearchQuery *self) {
  g_return_val_if_fail (self != NULL, TRUE);

  return self->groups->len == 0;
}
