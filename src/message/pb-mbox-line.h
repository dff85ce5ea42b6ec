/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The "From " lines that divide an mbox. Pure functions on untrusted bytes. */

#pragma once

#include "pb-mail-marks.h"

G_BEGIN_DECLS

#define PB_MBOX_LINE_LIMIT 2000

/* "From SENDER DATE[ MARKS]\n"; @sender may be anything, @when is seconds since 1970, @marks may be
 * NULL. The same in every language. */
char *pb_mbox_line_new (const char *sender, gint64 when, const PbMailMarks *marks);

/* The time in the line (of @length bytes), seconds since 1970; G_MININT64 where it has none. */
gint64 pb_mbox_line_get_time (const char *line, gsize length);

/* Sets @marks and returns TRUE where the line has them. */
gboolean pb_mbox_line_get_marks (const char *line, gsize length, PbMailMarks *marks);

/* Whether a message begins at @data, which is the start of a line: a line with a date or a bare
 * address, and behind it a header field. Text that begins with "From " and was not quoted is not
 * taken for one; a line with marks, which only Postbag writes and then quotes all others, always
 * is. @data ought to have PB_MBOX_LINE_LIMIT bytes, or all that is left. */
gboolean pb_mbox_line_divides (const char *data, gsize length);

G_END_DECLS
