/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Untrusted HTML as a stream of well-nested events, read by libxml2. No tree is built, so that
 * neither depth nor size of the input decides how much memory or stack is needed. Within this
 * layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_HTML_LIMIT (4 * 1024 * 1024)

/* Each returns FALSE to end the parsing. Names are lower case; comments, processing instructions
 * and document types are left out; text has its character references resolved, that of script and
 * style elements comes as it is. */
typedef struct {
  /* @attributes: name, value, …, NULL, or NULL without any; a value may be NULL. */
  gboolean (*start) (gpointer data, const char *name, const char *const *attributes);
  gboolean (*end) (gpointer data, const char *name);
  gboolean (*text) (gpointer data, const char *text, gsize length);
} PbHtmlHandler;

/* Reads at most PB_HTML_LIMIT bytes of @html, which is UTF-8. Elements that are still open at the
 * end, or when work of a hostile nesting grows out of hand, are not ended. */
void pb_html_parse (const char *html, const PbHtmlHandler *handler, gpointer data);

/* The value of an attribute, "" for one without a value, NULL where it is not there. */
const char *pb_html_get_attribute (const char *const *attributes, const char *name);

G_END_DECLS
