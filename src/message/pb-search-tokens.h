/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A text cut into what is looked for, folded (pb-search-fold.h). Scripts that put spaces between
 * words give words. Those that do not (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese and
 * relatives; Korean for its compounds) give each character as a sign of its own, and what stands
 * between two signs, or a sign and a word, counts too: so a sequence of tokens is found exactly
 * where the characters are found in the folded text. A word that runs into a sign also gives its
 * ends, so that a part of a mixed run such as "GTK程序" is found as well. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PB_TOKEN_WORD, /* cut after 64 bytes */
  PB_TOKEN_SIGN,
  PB_TOKEN_GAP,  /* a character between */
  PB_TOKEN_TAIL, /* in the same place as the word before it: an end of it */
} PbTokenKind;

typedef struct {
  PbTokenKind kind;
  const char *text; /* folded, valid during the call */
  guint length;
  gsize start; /* where it stands in the text, in bytes */
  gsize end;
} PbToken;

/* FALSE ends it. */
typedef gboolean (*PbTokenFunc) (const PbToken *token, gpointer data);

/* @query: the text is to be looked for, so a word at its beginning may be the end of one. FALSE
 * when @func ended it. The text is valid UTF-8. */
gboolean pb_search_tokenize (const char *text,
                             gsize length,
                             gboolean query,
                             PbTokenFunc func,
                             gpointer data);

/* TRUE for a character of a script without spaces. */
gboolean pb_search_is_sign (gunichar c);

G_END_DECLS
