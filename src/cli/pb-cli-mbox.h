/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages one after the other in the mboxrd format: a "From " line before each, a blank line
 * after it, and every line of a message that could be taken for a "From " line (">From " too)
 * with one ">" more, so that it can be undone. */

#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* @sender may be empty or anything; @received in seconds since 1970. Errors stay in @file
 * (ferror ()). */
void pb_cli_mbox_append (FILE *file, const char *sender, gint64 received, GBytes *message);

G_END_DECLS
