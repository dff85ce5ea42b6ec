/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes out of untrusted HTML what would keep the parser busy for hours. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_HTML_ATTRIBUTE_LIMIT 128

/* Appends @html (UTF-8, not NUL-terminated) to @out. The "<" of a tag with more than
 * PB_HTML_ATTRIBUTE_LIMIT attributes is escaped: the parser compares each attribute of a tag with
 * all the others. Where even looking for such tags takes too long the rest is cut off. Pure. */
void pb_html_guard_append (GString *out, const char *html, gsize length);

G_END_DECLS
