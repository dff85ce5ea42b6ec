/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages one after the other in the mboxrd format: a "From " line before each, a blank line
 * after it, and every line of a message that could be taken for a "From " line (">From " too)
 * with one ">" more, so that it can be undone. Only a missing line end at the end of a message
 * cannot be kept. */

#pragma once

#include <stdio.h>

#include "pb-mail-marks.h"

G_BEGIN_DECLS

/* @sender may be empty or anything; @received in seconds since 1970; @marks, which may be NULL,
 * stand in the "From " line, so that the bytes of the message stay what they are. Errors stay in
 * @file (ferror ()). */
void pb_mbox_append (FILE *file,
                     const char *sender,
                     gint64 received,
                     const PbMailMarks *marks,
                     GBytes *message);

G_END_DECLS
