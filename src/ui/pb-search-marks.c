/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A marker's yellow that is thin enough for dark text and light text alike. */

#include "config.h"

#include "pb-search-marks.h"

#define RED 0xf8f8
#define GREEN 0xc8c8
#define BLUE 0x2020
#define ALPHA 0x6600

PangoAttrList *
pb_search_marks_new (PbSearchQuery *query, const char *text, PbSearchFields field) {
  g_autoptr (GArray) ranges = query ? pb_search_query_find (query, text, field) : NULL;

  if (!ranges || ranges->len == 0)
    return NULL;
  PangoAttrList *marks = pango_attr_list_new ();
  for (guint i = 0; i < ranges->len; i++) {
    const PbTextRange *range = &g_array_index (ranges, PbTextRange, i);
    PangoAttribute *colour = pango_attr_background_new (RED, GREEN, BLUE);
    PangoAttribute *alpha = pango_attr_background_alpha_new (ALPHA);
    colour->start_index = alpha->start_index = (guint) range->start;
    colour->end_index = alpha->end_index = (guint) range->end;
    pango_attr_list_insert (marks, colour);
    pango_attr_list_insert (marks, alpha);
  }
  return marks;
}
