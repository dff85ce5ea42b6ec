/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates of "From " lines come as asctime () writes them, with and without seconds, weekday and
 * time zone. */

#include "pb-mbox-line.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define START "From "

char *
pb_mbox_line_new (const char *sender, gint64 when, const PbMailMarks *marks) {
  time_t seconds = (time_t) when;
  struct tm parts = { .tm_mday = 1 };
  char date[64];
  gboolean usable =
    *sender && g_str_is_ascii (sender) && strlen (sender) < 500 && !strpbrk (sender, " \t\r\n");
  g_autofree char *word = marks ? pb_mail_marks_to_word (marks) : NULL;

  if (!gmtime_r (&seconds, &parts) || !asctime_r (&parts, date))
    g_strlcpy (date, "Thu Jan  1 00:00:00 1970\n", sizeof date);
  date[strcspn (date, "\n")] = '\0';
  return g_strconcat (START, usable ? sender : "MAILER-DAEMON", " ", date, word ? " " : "",
                      word ? word : "", "\n", NULL);
}

static GStrv
split (const char *line, gsize length) {
  const char *end = memchr (line, '\n', length);
  g_autofree char *text =
    g_strndup (line, MIN (end ? (gsize) (end - line) : length, PB_MBOX_LINE_LIMIT));

  g_strchomp (text);
  return g_strsplit_set (text, " \t", 200);
}

static int
find_month (const char *word) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

  for (int month = 0; month < 12; month++) {
    if (strncmp (word, months + 3 * month, 3) == 0 && word[3] == '\0')
      return month + 1;
  }
  return 0;
}

static gboolean
is_number (const char *word, guint digits) {
  return strlen (word) == digits && strspn (word, "0123456789") == digits;
}

static gint64
zone_seconds (const char *word) {
  if ((*word != '+' && *word != '-') || !is_number (word + 1, 4))
    return 0;
  int number = atoi (word + 1);
  int seconds = (number / 100 * 60 + number % 100) * 60;
  return *word == '-' ? -seconds : seconds;
}

typedef struct {
  int year, month, day, hour, minute, second;
  gboolean timed;
  gint64 zone;
} Parts;

static void
read_part (Parts *parts, const char *word) {
  int hour, minute, second = 0, month = find_month (word);

  if (month)
    parts->month = month;
  else if (strchr (word, ':') && sscanf (word, "%2d:%2d:%2d", &hour, &minute, &second) >= 2) {
    parts->hour = hour;
    parts->minute = minute;
    parts->second = MIN (second, 59);
    parts->timed = TRUE;
  } else if (is_number (word, 4))
    parts->year = atoi (word);
  else if (parts->day == 0 && (is_number (word, 1) || is_number (word, 2)))
    parts->day = atoi (word);
  else if (parts->timed)
    parts->zone += zone_seconds (word);
}

gint64
pb_mbox_line_get_time (const char *line, gsize length) {
  g_auto (GStrv) words = split (line, length);
  Parts parts = { 0 };

  for (guint i = 1; words[0] && words[i]; i++)
    read_part (&parts, words[i]);
  if (!parts.timed || !parts.month || !parts.day || !parts.year)
    return G_MININT64;
  g_autoptr (GDateTime) time = g_date_time_new_utc (parts.year, parts.month, parts.day, parts.hour,
                                                    parts.minute, parts.second);
  return time ? g_date_time_to_unix (time) - parts.zone : G_MININT64;
}

gboolean
pb_mbox_line_get_marks (const char *line, gsize length, PbMailMarks *marks) {
  g_auto (GStrv) words = split (line, length);
  guint count = g_strv_length (words);

  return count > 1 && pb_mail_marks_read_word (marks, words[count - 1]);
}

/* "Name:", or the end, or a second "From " line as some programs quote it. */
static gboolean
begins_header (const char *data, gsize length) {
  gsize at = 0;

  if (length == 0 || (length >= 6 && memcmp (data, ">From ", 6) == 0))
    return TRUE;
  while (at < length && at < 80 && data[at] > ' ' && data[at] < 0x7f && data[at] != ':')
    at++;
  return at > 0 && at < length && data[at] == ':';
}

static gboolean
is_bare (const char *line, gsize length) {
  g_auto (GStrv) words = split (line, length);

  return g_strv_length (words) == 2 && strchr (words[1], '@');
}

gboolean
pb_mbox_line_divides (const char *data, gsize length) {
  if (length < strlen (START) || memcmp (data, START, strlen (START)) != 0)
    return FALSE;
  const char *end = memchr (data, '\n', MIN (length, PB_MBOX_LINE_LIMIT / 2));
  gsize line = end ? (gsize) (end - data) + 1 : length;
  if (!end && length >= PB_MBOX_LINE_LIMIT / 2)
    return FALSE;
  g_auto (PbMailMarks) marks = { 0 };
  gboolean dated = pb_mbox_line_get_time (data, line) != G_MININT64;
  gboolean empty = line < length && (data[line] == '\n' || data[line] == '\r');
  if (dated && pb_mbox_line_get_marks (data, line, &marks))
    return TRUE;
  return (dated || is_bare (data, line)) &&
         ((dated && empty) || begins_header (data + line, length - line));
}
