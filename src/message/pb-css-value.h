/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Single declarations of style text: which properties and values are allowed. Within this layer
 * only. */

#pragma once

#include "pb-css-filter.h"

G_BEGIN_DECLS

/* Behind the piece at @p: a quoted string, a function or brackets with their content, or one
 * character. */
const char *pb_css_skip_piece (const char *p, const char *end);

/* Appends "name:value;" when the declaration is allowed. @text is without comments, not
 * NUL-terminated. */
void
pb_css_append_declaration (GString *out, const char *text, gsize length, PbCssFindings *findings);

G_END_DECLS
