/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two files of PbSearchQuery share. */

#pragma once

#include "pb-search-query.h"

G_BEGIN_DECLS

struct _PbSearchQuery {
  gatomicrefcount refs;
  GPtrArray *groups;
  guint count; /* of terms */
};

void pb_search_term_free (PbSearchTerm *term);

/* A text whose last word is the beginning of one. */
gboolean pb_search_term_is_prefix (const PbSearchTerm *term);

G_END_DECLS
