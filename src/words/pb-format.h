/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates, sizes, counts and names as people read them. Pure functions, in the language of the
 * locale. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "14:32" today, "Yesterday", "12 Nov" this year, "2023-05-01" before. Both in seconds since 1970;
 *   G_MININT64 gives "". */
char *pb_format_date_short (gint64 when, gint64 now);

/* Weekday, date and time in full, local zone. */
char *pb_format_date_long (gint64 when);

/* "48 kB". */
char *pb_format_size (guint64 octets);

/* "1.2 MB/s". */
char *pb_format_speed (double octets_per_second);

/* "about 2 min left"; "" where nobody can tell, or for more than a day. */
char *pb_format_time_left (guint64 octets, double octets_per_second);

/* "1,204" with the grouping of the locale. */
char *pb_format_count (guint64 count);

/* @text (untrusted) in one line: direction controls are taken out, other control characters become
 * blanks, what is no UTF-8 becomes U+FFFD; no blanks at its ends. */
char *pb_format_clean (const char *text);

/* The same, with its blanks, between isolates (U+2068, U+2069), so that it cannot reorder what
 * stands around it. */
char *pb_format_isolate (const char *text);

/* What stands for a sender: name, else the address (each may be NULL), else "(unknown sender)".
 * Direction and line controls are taken out; the isolates are left to who shows it. */
char *pb_format_person (const char *name, const char *address);

G_END_DECLS
