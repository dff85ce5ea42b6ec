/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GMime reads the date, in all the forms it is sent in; here is only the frame around that. */

#include "pb-date.h"

#include <gmime/gmime.h>
#include <string.h>

#include "pb-gmime.h"

#define DATE_LIMIT 200

gint64
pb_date_parse (const char *raw, gsize length) {
  char text[DATE_LIMIT + 1];
  gsize size = 0;

  for (gsize i = 0; i < length && size < DATE_LIMIT; i++) {
    char c = raw[i];

    /* "10:30+0000": with the zone right behind it GMime misreads the minute. */
    if ((c == '+' || c == '-') && size > 2 && size + 1 < DATE_LIMIT && text[size - 3] == ':')
      text[size++] = ' ';
    text[size++] = g_ascii_isgraph (c) ? c : ' ';
  }
  text[size] = '\0';
  /* "10.30.00", as some clocks write it. */
  if (!strchr (text, ':'))
    g_strdelimit (text, ".", ':');

  pb_gmime_init ();
  g_autoptr (GDateTime) date = g_mime_utils_header_decode_date (text);
  return date ? g_date_time_to_unix (date) : G_MININT64;
}
