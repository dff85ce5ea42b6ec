/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a search found, marked in a line of text. */

#pragma once

#include <pango/pango.h>

#include "pb-search-query.h"

G_BEGIN_DECLS

/* NULL where nothing is to be marked, or without @query. For short texts: see pb_search_query_find
 * (). */
PangoAttrList *pb_search_marks_new (PbSearchQuery *query,
                                    const char *text,
                                    PbSearchFields field) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
