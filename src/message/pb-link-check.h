/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a link leads where it seems to lead. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is odd about a link to @target under the text @text, as a sentence for people; NULL where
 * nothing is. Both are untrusted UTF-8; @text may be NULL. Pure. */
char *pb_link_check (const char *target, const char *text);

/* What is odd about the name of @host; NULL where nothing is: letters of several scripts in one
 * word, or letters of another script that all look like Latin ones. */
char *pb_link_check_host (const char *host);

G_END_DECLS
