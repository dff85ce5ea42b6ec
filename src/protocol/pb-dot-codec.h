/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes the transport form off a dot-terminated body (RFC 1939, section 3): removes stuffed
 * dots, makes CRLF an LF, finds the end. Works in place on the bytes as they came, one pass, no
 * allocation. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is remembered between two runs. */
typedef struct {
  gboolean bare_lf;
  gboolean at_line_start;
} PbDotDecoder;

/* For a new body. Lines end in CRLF; CR and LF by themselves, NUL and 8-bit bytes are content
 * and stay. With @bare_lf (a server whose status line ended in a bare LF) an LF alone ends a
 * line, too. */
void pb_dot_decoder_init (PbDotDecoder *self, gboolean bare_lf);

/* Decodes from the front of @buffer. The first *@produced bytes of @buffer are then content; the
 * first *@consumed were used up; the rest (at most 2 bytes unless the end was reached) is
 * untouched and must be the beginning of the next run. TRUE when the terminator was reached;
 * what follows *@consumed is then no part of the body. The line end before the terminator
 * belongs to the content. */
gboolean pb_dot_decoder_run (PbDotDecoder *self,
                             guint8 *buffer,
                             gsize length,
                             gsize *consumed,
                             gsize *produced);

G_END_DECLS
