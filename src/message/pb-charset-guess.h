/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which character set text without a declaration is in. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TRUE for UTF-8 with at most a few scratches; a character cut off at the end is no scratch. FALSE
 * for ASCII only where @bytes is empty. */
gboolean pb_charset_looks_like_utf8 (const char *bytes, gsize length);

/* The name for pb_text_decode () of what @bytes, which is neither ASCII nor UTF-8, most likely is;
 * static. Never NULL: "windows-1252" where nothing fits. Reads at most the first 4 KiB. Pure. */
const char *pb_charset_guess (const char *bytes, gsize length);

G_END_DECLS
