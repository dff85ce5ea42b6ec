/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Any text as HTML: what comes out is judged. */

#include "html-judge.h"
#include "pb-html-filter.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  g_autofree char *html = g_utf8_make_valid (size > 0 ? (const char *) data : "", (gssize) size);
  g_autoptr (PbFilteredHtml) filtered = pb_html_filter (html);
  g_autofree char *text = pb_html_to_text (html, 10000);

  html_judge_markup (filtered->markup->str);
  html_judge_style (filtered->style->str);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  return 0;
}
