/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes in whatever character set a message claims, or claims wrongly, as UTF-8. The one place
 * that knows names of character sets and guesses where there is none. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Always valid UTF-8: what cannot be converted becomes U+FFFD, NUL and a leading byte order mark
 * are dropped. @bytes is untrusted; @charset is the declared name, or NULL. Pure. */
char *
pb_text_decode (const char *bytes, gsize length, const char *charset) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where no byte of @bytes is above 0x7f. */
gboolean pb_text_is_ascii (const char *bytes, gsize length);

G_END_DECLS
