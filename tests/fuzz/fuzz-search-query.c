/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is typed into a search field, and the text it is looked for in: a line, then the text. */

#include <string.h>

#include "pb-search-query.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
look_for (PbSearchQuery *query, const char *text) {
  g_autoptr (GArray) ranges = pb_search_query_find (query, text, PB_SEARCH_BODY);
  g_autofree char *snippet = pb_search_query_dup_snippet (query, text, 200);
  gsize end = 0;

  for (guint i = 0; i < ranges->len; i++) {
    const PbTextRange *range = &g_array_index (ranges, PbTextRange, i);
    g_assert_cmpuint (range->start, >=, end);
    g_assert_cmpuint (range->end, >, range->start);
    end = range->end;
  }
  g_assert_cmpuint (end, <=, strlen (text));
  g_assert_true ((snippet != NULL) == (ranges->len > 0));
  g_assert_true (!snippet || g_utf8_validate (snippet, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  g_autofree char *typed = g_strndup ((const char *) data, size);
  char *rest = strchr (typed, '\n');
  g_autofree char *text = g_utf8_make_valid (rest ? rest + 1 : typed, -1);

  if (rest)
    *rest = '\0';
  g_autoptr (PbSearchQuery) query = pb_search_query_new (typed, 1773576000);
  g_assert_cmpuint (pb_search_query_get_groups (query)->len, <=, 32);
  look_for (query, text);
  return 0;
}
