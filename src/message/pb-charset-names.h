/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of character sets as mail declares them, and what is really sent under them. Within this
 * layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Forms of text that iconv does not read, or reads too strictly. */
#define PB_CHARSET_ISO_2022_JP "pb-iso-2022-jp"
#define PB_CHARSET_HZ "pb-hz"

/* The name for iconv (or one of the two above) of the superset that is really sent under the
 * untrusted name @declared; @buffer holds names that are not in the list. NULL where nothing usable
 * is declared: no name, or one that says nothing ("us-ascii" over 8-bit text is none). */
const char *pb_charset_find (const char *declared, char *buffer, gsize size);

G_END_DECLS
