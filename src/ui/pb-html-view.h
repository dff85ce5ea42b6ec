/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The body of a message: the locked web view, the target of the link under the pointer, and,
 * where the web process fails, the plain text instead. */

#pragma once

#include <gtk/gtk.h>

#include "pb-document.h"

G_BEGIN_DECLS

#define PB_TYPE_HTML_VIEW (pb_html_view_get_type ())
G_DECLARE_FINAL_TYPE (PbHtmlView, pb_html_view, PB, HTML_VIEW, GtkWidget)

/* Signals:
 * "link-clicked" (char *uri, char *odd): to be opened outside; @odd, which may be NULL, is what is
 *   odd about the link, a sentence.
 * "blank" (): the web view paints nothing on this machine; the text is shown instead.
 * "shown" (): the document is complete, in one form or the other.
 * "at-end" (): pb_html_view_read_on () had nothing left to scroll. */

/* Starts the web process, which takes a quarter of a second of another processor: to be called
 * once, when the first frame is on the screen. A document that comes earlier calls it itself. */
void pb_html_view_warm_up (PbHtmlView *self);

/* Where compiled content filters are kept; before the web view is made. */
void pb_html_view_set_cache_dir (PbHtmlView *self, const char *cache_dir);

/* Where pictures of the web are kept. */
void pb_html_view_set_pictures_dir (PbHtmlView *self, const char *pictures_dir);

/* TRUE: no web view, only our own text. */
void pb_html_view_set_text_only (PbHtmlView *self, gboolean text_only);

/* @message and @document belong together. Copies what it needs. */
void pb_html_view_show (PbHtmlView *self, PbMessage *message, const PbDocument *document);

/* Nothing. */
void pb_html_view_clear (PbHtmlView *self);

/* Scrolls on by a page. */
void pb_html_view_read_on (PbHtmlView *self);

/* 0.5 to 3. */
void pb_html_view_set_zoom (PbHtmlView *self, double zoom);
double pb_html_view_get_zoom (PbHtmlView *self);

G_END_DECLS
