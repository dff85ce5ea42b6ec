/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of header fields as people read them: unfolded, encoded words (RFC 2047) and raw 8-bit
 * text decoded. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One line of valid UTF-8, trimmed, every control character and line separator a space. @raw is
 * untrusted and need not end in NUL. Pure. */
char *pb_header_text_decode (const char *raw, gsize length) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a list of addresses: what was in encoded words comes out quoted, so that a comma or
 * an angle bracket in a name does not change what the list means. */
char *pb_header_text_decode_addresses (const char *raw, gsize length) G_GNUC_WARN_UNUSED_RESULT;

/* Makes a line of @text (valid UTF-8) in place: control characters and line separators to spaces,
 * ends trimmed. */
char *pb_header_text_clean (char *text);

G_END_DECLS
