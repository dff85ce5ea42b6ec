/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates, sizes, counts and names for people. Nothing here knows a widget. */

#include "config.h"

#include "pb-format.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#define ISOLATE_BEGIN "\342\201\250" /* U+2068 FIRST STRONG ISOLATE */
#define ISOLATE_END "\342\201\251"   /* U+2069 POP DIRECTIONAL ISOLATE */

/* Below it a speed is not worth a number. */
#define SPEED_MIN 1.0

static GDateTime *
local_time (gint64 seconds) {
  return seconds == G_MININT64 ? NULL : g_date_time_new_from_unix_local (seconds);
}

static gboolean
is_same_day (GDateTime *a, GDateTime *b) {
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

char *
pb_format_date_short (gint64 when, gint64 now) {
  g_autoptr (GDateTime) then = local_time (when);
  g_autoptr (GDateTime) today = local_time (now);

  if (!then || !today)
    return g_strdup ("");
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (today, -1);
  if (is_same_day (then, today))
    /* Translators: the time of day in a list, as g_date_time_format () reads it; "%-I:%M %p" for
     * 2:32 PM. */
    return g_date_time_format (then, _ ("%H:%M"));
  if (yesterday && is_same_day (then, yesterday))
    return g_strdup (_ ("Yesterday"));
  if (g_date_time_get_year (then) == g_date_time_get_year (today))
    /* Translators: day and month in a list, as g_date_time_format () reads it: "12 Nov". */
    return g_date_time_format (then, _ ("%-e %b"));
  /* Translators: a date of another year in a list, as g_date_time_format () reads it. */
  return g_date_time_format (then, _ ("%Y-%m-%d"));
}

char *
pb_format_date_long (gint64 when) {
  g_autoptr (GDateTime) then = local_time (when);

  if (!then)
    return g_strdup ("");
  /* Translators: weekday, date and time in full, as g_date_time_format () reads it: "Thursday, 12
   * November 2026, 14:32". */
  return g_date_time_format (then, _ ("%A, %-e %B %Y, %H:%M"));
}

char *
pb_format_size (guint64 octets) {
  return g_format_size (octets);
}

char *
pb_format_speed (double octets_per_second) {
  if (!isfinite (octets_per_second) || octets_per_second < SPEED_MIN)
    octets_per_second = 0;
  g_autofree char *size = g_format_size ((guint64) MIN (octets_per_second, 1e18));
  /* Translators: %s is a size such as "1.2 MB"; the whole is a speed. */
  return g_strdup_printf (_ ("%s/s"), size);
}

char *
pb_format_time_left (guint64 octets, double octets_per_second) {
  if (!isfinite (octets_per_second) || octets_per_second < SPEED_MIN || octets == 0)
    return g_strdup ("");
  double seconds = (double) octets / octets_per_second;
  if (seconds > 24 * 60 * 60)
    return g_strdup ("");
  if (seconds < 60)
    /* Translators: time that a download still takes. */
    return g_strdup (_ ("less than a minute left"));
  guint minutes = (guint) (seconds / 60 + 0.5);
  if (minutes < 120)
    return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes),
                            minutes);
  guint hours = (minutes + 30) / 60;
  return g_strdup_printf (ngettext ("about %u hour left", "about %u hours left", hours), hours);
}

char *
pb_format_count (guint64 count) {
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, count);
}

/* LRM, RLM, ALM, embeddings, overrides and isolates: all that can turn the text around it. */
static gboolean
is_direction_control (gunichar c) {
  return c == 0x200e || c == 0x200f || c == 0x061c || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

/* Line and paragraph separators end an isolate early; other controls have no business in one
 * line. */
static gboolean
is_line_control (gunichar c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static void
append_clean (GString *out, const char *text) {
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (is_line_control (c))
      g_string_append_c (out, ' ');
    else if (!is_direction_control (c))
      g_string_append_unichar (out, c);
  }
}

char *
pb_format_clean (const char *text) {
  g_return_val_if_fail (text != NULL, NULL);

  GString *out = g_string_new (NULL);
  append_clean (out, text);
  return g_strstrip (g_string_free (out, FALSE));
}

char *
pb_format_isolate (const char *text) {
  g_return_val_if_fail (text != NULL, NULL);

  GString *out = g_string_new (ISOLATE_BEGIN);
  append_clean (out, text);
  g_string_append (out, ISOLATE_END);
  return g_string_free (out, FALSE);
}

char *
pb_format_person (const char *name, const char *address) {
  g_autofree char *clean_name = pb_format_clean (name ? name : "");
  g_autofree char *clean_address = pb_format_clean (address ? address : "");

  if (*clean_name)
    return g_steal_pointer (&clean_name);
  return *clean_address ? g_steal_pointer (&clean_address) : g_strdup (_ ("(unknown sender)"));
}
