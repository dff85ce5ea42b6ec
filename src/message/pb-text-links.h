/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding of links and mail addresses in running text. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends one line of @text (UTF-8, untrusted, not NUL-terminated) as HTML: everything escaped,
 * links as links. */
void pb_text_links_append (GString *out, const char *text, gsize length);

G_END_DECLS
