/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates, sizes, counts and names as people read them (in English, UTC). */

#include "pb-format.h"

#include <math.h>

static gint64
at (int year, int month, int day, int hour, int minute) {
  g_autoptr (GDateTime) time = g_date_time_new_local (year, month, day, hour, minute, 0);

  return g_date_time_to_unix (time);
}

static void
test_date_short (void) {
  const struct {
    gint64 when, now;
    const char *text;
  } cases[] = {
    { at (2026, 11, 12, 14, 32), at (2026, 11, 12, 18, 0), "14:32" },
    { at (2026, 11, 12, 0, 0), at (2026, 11, 12, 18, 0), "00:00" },
    { at (2026, 11, 12, 23, 59), at (2026, 11, 12, 18, 0), "23:59" },
    { at (2026, 11, 11, 23, 59), at (2026, 11, 12, 0, 1), "Yesterday" },
    { at (2026, 11, 11, 0, 0), at (2026, 11, 12, 23, 59), "Yesterday" },
    { at (2026, 11, 10, 23, 59), at (2026, 11, 12, 0, 1), "10 Nov" },
    { at (2026, 1, 1, 0, 0), at (2026, 11, 12, 0, 1), "1 Jan" },
    { at (2025, 12, 31, 23, 0), at (2026, 1, 1, 1, 0), "Yesterday" },
    { at (2025, 12, 30, 23, 0), at (2026, 1, 1, 1, 0), "2025-12-30" },
    { at (2023, 5, 1, 8, 0), at (2026, 11, 12, 0, 1), "2023-05-01" },
    { at (2024, 2, 28, 8, 0), at (2024, 2, 29, 0, 1), "Yesterday" },
    /* From the future: a wrong clock somewhere. */
    { at (2026, 11, 13, 8, 0), at (2026, 11, 12, 0, 1), "13 Nov" },
    { at (2027, 1, 2, 8, 0), at (2026, 11, 12, 0, 1), "2027-01-02" },
    { 0, at (2026, 11, 12, 0, 1), "1970-01-01" },
    { G_MININT64, at (2026, 11, 12, 0, 1), "" },
    { G_MAXINT64, at (2026, 11, 12, 0, 1), "" },
    { 0, G_MAXINT64, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = pb_format_date_short (cases[i].when, cases[i].now);
    g_test_message ("case %u", i);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_date_long (void) {
  g_autofree char *text = pb_format_date_long (at (2026, 11, 12, 14, 32));
  g_autofree char *none = pb_format_date_long (G_MININT64);
  g_autofree char *never = pb_format_date_long (G_MAXINT64);

  g_assert_cmpstr (text, ==, "Thursday, 12 November 2026, 14:32");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (never, ==, "");
}

static void
test_numbers (void) {
  g_autofree char *nothing = pb_format_size (0);
  g_autofree char *size = pb_format_size (48000);
  g_autofree char *huge = pb_format_size (G_MAXUINT64);
  g_autofree char *count = pb_format_count (0);
  g_autofree char *large = pb_format_count (G_MAXUINT64);

  g_assert_cmpstr (nothing, ==, "0 bytes");
  g_assert_cmpstr (size, ==, "48.0\302\240kB");
  g_assert_cmpstr (huge, ==, "18.4\302\240EB");
  g_assert_cmpstr (count, ==, "0");
  /* The C locale has no grouping. */
  g_assert_cmpstr (large, ==, "18446744073709551615");
}

static void
test_speed (void) {
  static const struct {
    double speed;
    const char *text;
  } cases[] = {
    { 1200000, "1.2\302\240MB/s" },
    { 0, "0 bytes/s" },
    { 0.4, "0 bytes/s" },
    { -5, "0 bytes/s" },
    { NAN, "0 bytes/s" },
    { INFINITY, "0 bytes/s" },
    { 1, "1 byte/s" },
    { 1e300, "1.0\302\240EB/s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = pb_format_speed (cases[i].speed);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_clean (void) {
  static const struct {
    const char *text;
    const char *clean;
  } cases[] = {
    { "Li Na", "Li Na" },
    { "  Li\tNa\r\n", "Li Na" },
    { "李娜", "李娜" },
    { "שלום", "שלום" },
    { "invoice\342\200\256gpj.exe", "invoicegpj.exe" },
    { "\342\201\250a\342\201\251b\342\201\246c\342\200\217d\330\234e", "abcde" },
    { "a\342\200\251b", "a b" },
    { "a\342\200\250b", "a b" },
    { "a\302\205b\177c\033[31m", "a b c [31m" },
    { "a\xff\xfe", "a\357\277\275\357\277\275" },
    { "👩‍👧", "👩‍👧" }, /* joiners stay */
    { "", "" },
    { "\342\200\256", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *clean = pb_format_clean (cases[i].text);
    g_autofree char *isolate = pb_format_isolate (cases[i].text);
    g_test_message ("case %u", i);
    g_assert_cmpstr (clean, ==, cases[i].clean);
    g_assert_true (g_str_has_prefix (isolate, "\342\201\250"));
    g_assert_true (g_str_has_suffix (isolate, "\342\201\251"));
    /* Exactly one of each: nothing inside can close it. */
    g_auto (GStrv) parts = g_strsplit (isolate, "\342\201\251", -1);
    g_assert_cmpuint (g_strv_length (parts), ==, 2);
  }
}

static void
test_person (void) {
  static const struct {
    const char *name, *address, *text;
  } cases[] = {
    { "Li Na", "li.na@example.org", "Li Na" },
    { NULL, "li.na@example.org", "li.na@example.org" },
    { "", "li.na@example.org", "li.na@example.org" },
    { "  ", "li.na@example.org", "li.na@example.org" },
    { "\342\200\256", "li.na@example.org", "li.na@example.org" },
    { "Li\342\200\256 Na", NULL, "Li Na" },
    { NULL, NULL, "(unknown sender)" },
    { "", " ", "(unknown sender)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = pb_format_person (cases[i].name, cases[i].address);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/date-short", test_date_short);
  g_test_add_func ("/format/date-long", test_date_long);
  g_test_add_func ("/format/numbers", test_numbers);
  g_test_add_func ("/format/speed", test_speed);
  g_test_add_func ("/format/clean", test_clean);
  g_test_add_func ("/format/person", test_person);
  return g_test_run ();
}
