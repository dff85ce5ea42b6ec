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

/* What the present thread knows of the message it reads, until pb_text_hints_end (): @implied is
 * the character set of text without a declaration, where that does not contradict the bytes;
 * @chosen the one a person chose for everything, whatever is declared. Either may be NULL. Kept
 * beside the calls because every value of a message, from the subject to the names of files, is
 * read with the same hints. */
void pb_text_hints_begin (const char *implied, const char *chosen);
void pb_text_hints_end (void);

/* The name for iconv by which text declared as @declared is to be read in the present message; in
 * @buffer or static. NULL where iconv alone does not do it, or nothing usable is declared. */
const char *pb_text_real_charset (const char *declared, char *buffer, gsize size);

/* TRUE for a name that text can be read by. */
gboolean pb_text_knows_charset (const char *name);

/* TRUE where no byte of @bytes is above 0x7f. */
gboolean pb_text_is_ascii (const char *bytes, gsize length);

G_END_DECLS
