/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Untrusted HTML in, safe markup for a body element out. A list of what is allowed, not of what is
 * not. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GString *markup;      /* allowed elements only, well-formed, escaped */
  GString *style;       /* text for one style element: the message's own rules, cleaned */
  guint remote_images;  /* how many references to remote pictures were taken out */
  gboolean sets_colors; /* the message brings colours of its own, made for a light page */
} PbFilteredHtml;

/* @html is UTF-8. Input beyond 4 MiB is cut, nesting beyond 256 levels flattened. Pure. */
PbFilteredHtml *pb_html_filter (const char *html) G_GNUC_WARN_UNUSED_RESULT;
void pb_filtered_html_free (PbFilteredHtml *self);

/* HTML to readable plain text (for search, previews, quoting). @limit: bytes at most. Pure. */
char *pb_html_to_text (const char *html, gsize limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbFilteredHtml, pb_filtered_html_free)

G_END_DECLS
