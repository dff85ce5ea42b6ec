/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Folding for search: what differs only in case, width, accents or spelling of the same character
 * becomes the same; invisible characters go. Traditional and simplified Chinese stay apart. Pure.
 * */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Marks of one base character that are looked at, and the most that one of them folds to. */
#define PB_FOLD_CLUSTER 8
#define PB_FOLD_CHARACTERS (PB_FOLD_CLUSTER * 19)

/* One character of a text with the marks that belong to it, and what they are folded to, which may
 * be nothing. */
typedef struct {
  const char *start;
  const char *end;
  gunichar characters[PB_FOLD_CHARACTERS];
  guint count;
} PbFoldStep;

/* Takes the next step from *@p; FALSE at @end. The text is valid UTF-8. */
gboolean pb_fold_next (const char **p, const char *end, PbFoldStep *step);

/* The whole text, folded. */
char *pb_fold_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
