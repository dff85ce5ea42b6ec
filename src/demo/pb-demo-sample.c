/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The sample mail, from resources: files in mail/, in the order of their names, oldest first. In
 * their Date header stands how long ago they came ("@AGO 1d3h20m@") instead of a date. */

#include <string.h>

#include "pb-demo-mail.h"
#include "pb-demo-server.h"

#define FOLDER "/app/postbag/Postbag/demo/mail/"
#define MARK "@AGO "

/* Of "1d3h20m@": @rest is set behind the "@". These are files of ours; what is no such text is a
 * bug. */
static gint64
read_minutes (const char *text, const char **rest) {
  gint64 minutes = 0;

  while (*text != '@') {
    char *unit;
    gint64 number = (gint64) g_ascii_strtoull (text, &unit, 10);
    g_assert (unit != text && strchr ("dhm", *unit));
    minutes += number * (*unit == 'd' ? 24 * 60 : *unit == 'h' ? 60 : 1);
    text = unit + 1;
  }
  *rest = text + 1;
  return minutes;
}

/* As in RFC 5322, whatever the language of the locale is. */
static char *
format_date (GDateTime *date) {
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autofree char *time = g_date_time_format (date, "%Y %H:%M:%S %z");

  return g_strdup_printf ("%s, %d %s %s", days[g_date_time_get_day_of_week (date) - 1],
                          g_date_time_get_day_of_month (date),
                          months[g_date_time_get_month (date) - 1], time);
}

/* A copy of @file with its date. */
static GBytes *
dated (GBytes *file, GDateTime *now) {
  gsize length;
  const char *data = g_bytes_get_data (file, &length);
  const char *mark = memmem (data, length, MARK, strlen (MARK));
  const char *rest;

  g_assert (mark != NULL);
  g_autoptr (GDateTime) date =
    g_date_time_add_minutes (now, -(int) read_minutes (mark + strlen (MARK), &rest));
  g_autofree char *text = format_date (date);
  GByteArray *out = g_byte_array_sized_new ((guint) length + 32);
  g_byte_array_append (out, (const guint8 *) data, (guint) (mark - data));
  g_byte_array_append (out, (const guint8 *) text, (guint) strlen (text));
  g_byte_array_append (out, (const guint8 *) rest, (guint) (data + length - rest));
  return g_byte_array_free_to_bytes (out);
}

static int
compare_names (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
pb_demo_server_add_sample_mail (PbDemoServer *self) {
  g_return_if_fail (PB_IS_DEMO_SERVER (self));

  /* Asked for by name: the linker drops what only a constructor would reach. */
  GResource *resource = pb_demo_mail_get_resource ();
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_auto (GStrv) names = g_resource_enumerate_children (resource, FOLDER, 0, NULL);

  g_assert (names != NULL);
  qsort (names, g_strv_length (names), sizeof *names, compare_names);
  for (guint i = 0; names[i]; i++) {
    g_autofree char *path = g_strconcat (FOLDER, names[i], NULL);
    g_autoptr (GBytes) file = g_resource_lookup_data (resource, path, 0, NULL);
    g_autoptr (GBytes) message = dated (file, now);
    /* The same id however often the demo starts, so that nothing comes twice into a kept
     * profile. */
    pb_demo_server_add_message (self, message, names[i]);
  }
}
