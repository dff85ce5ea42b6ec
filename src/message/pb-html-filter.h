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

/* What the caller wants to know or say about a message's pictures and links. Any may be NULL. */
typedef struct {
  /* Where a picture is to be had: a "cid:" address of the program's, or NULL for what the filter
   * would do itself. @address is trimmed; @is_remote: it would be fetched from the network;
   * @is_tiny: it is made to be not seen. */
  char *(*picture) (const char *address, gboolean is_remote, gboolean is_tiny, gpointer data);
  /* Each link that stays, with its text, at most 4 KiB of it. */
  void (*link) (const char *target, const char *text, gpointer data);
  gpointer data;
  const char *fold; /* label under which quotes of other letters are folded away */
} PbHtmlHooks;

/* @html is UTF-8; @hooks may be NULL. Input beyond 4 MiB is cut, nesting beyond 256 levels
 * flattened. Pure but for the hooks. */
PbFilteredHtml *pb_html_filter_with (const char *html,
                                     const PbHtmlHooks *hooks) G_GNUC_WARN_UNUSED_RESULT;

/* The same without hooks. Input beyond 4 MiB is cut, nesting beyond 256 levels flattened. Pure. */
PbFilteredHtml *pb_html_filter (const char *html) G_GNUC_WARN_UNUSED_RESULT;
void pb_filtered_html_free (PbFilteredHtml *self);

/* HTML to readable plain text (for search, previews, quoting). @limit: bytes at most. Pure. */
char *pb_html_to_text (const char *html, gsize limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbFilteredHtml, pb_filtered_html_free)

G_END_DECLS
