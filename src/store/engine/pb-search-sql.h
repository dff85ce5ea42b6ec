/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A search as what SQLite is asked: an expression for FTS5 and a condition on rows. Whatever was
 * typed is in quotes or bound, so neither can be malformed. Pure. */

#pragma once

#include "pb-index.h"
#include "pb-search.h"

G_BEGIN_DECLS

typedef struct {
  char *match;          /* for "MATCH"; NULL where texts alone do not narrow the search */
  char *where;          /* on "m", a row of message; has a "?" for each of @arguments, in order */
  GPtrArray *arguments; /* of char * */
} PbSearchSql;

/* @folders: GPtrArray of PbIndexFolder, all there are. NULL when nothing can be found. */
PbSearchSql *pb_search_sql_new (PbSearchQuery *query,
                                const PbSearch *search,
                                GPtrArray *folders) G_GNUC_WARN_UNUSED_RESULT;
void pb_search_sql_free (PbSearchSql *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSearchSql, pb_search_sql_free)

G_END_DECLS
