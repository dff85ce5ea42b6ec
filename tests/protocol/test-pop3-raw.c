/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines that a person types: what of them is sent, and that nothing else ever is. */

#include "pb-error.h"
#include "pb-pop3-raw.h"

#include <string.h>

static void
test_good (void) {
  static const struct {
    const char *line;
    PbPop3Verb verb;
    const char *argument;
    gboolean multi_line;
  } cases[] = {
    { "STAT", PB_POP3_STAT, "", FALSE },
    { "list", PB_POP3_LIST, "", TRUE },
    { "LIST 3", PB_POP3_LIST, "3", FALSE },
    { "uidl\t3 ", PB_POP3_UIDL, "3", FALSE },
    { " UIDL ", PB_POP3_UIDL, "", TRUE },
    { "RETR 007", PB_POP3_RETR, "7", TRUE },
    { "top 2147483647 0", PB_POP3_TOP, "2147483647 0", TRUE },
    { "DELE 1", PB_POP3_DELE, "1", FALSE },
    { "RSET", PB_POP3_RSET, "", FALSE },
    { "NOOP", PB_POP3_NOOP, "", FALSE },
    { "Quit", PB_POP3_QUIT, "", FALSE },
    { "CAPA", PB_POP3_CAPA, "", TRUE },
    { "LANG", PB_POP3_LANG, "", TRUE },
    { "LANG zh-Hant-TW", PB_POP3_LANG, "zh-Hant-TW", FALSE },
    { "LANG *", PB_POP3_LANG, "*", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    PbPop3Raw raw;
    g_assert_true (pb_pop3_raw_parse (&raw, cases[i].line, strlen (cases[i].line), &error));
    g_assert_no_error (error);
    g_assert_cmpint (raw.verb, ==, cases[i].verb);
    g_assert_cmpstr (raw.argument, ==, cases[i].argument);
    g_assert_cmpint (raw.multi_line, ==, cases[i].multi_line);
  }
}

#define LINE(text) text, sizeof text - 1

static void
test_bad (void) {
  static const struct {
    const char *line;
    gsize length;
    PbError code;
  } cases[] = {
    { LINE (""), PB_ERROR_UNSUPPORTED },
    { LINE ("PASS secret"), PB_ERROR_UNSUPPORTED },
    { LINE ("USER li.na"), PB_ERROR_UNSUPPORTED },
    { LINE ("APOP li.na c4c9"), PB_ERROR_UNSUPPORTED },
    { LINE ("AUTH PLAIN"), PB_ERROR_UNSUPPORTED },
    { LINE ("STLS"), PB_ERROR_UNSUPPORTED },
    { LINE ("UTF8"), PB_ERROR_UNSUPPORTED },
    { LINE ("STATS"), PB_ERROR_UNSUPPORTED },
    { LINE ("STAT 1"), PB_ERROR_INVALID },
    { LINE ("RETR"), PB_ERROR_INVALID },
    { LINE ("RETR 0"), PB_ERROR_INVALID },
    { LINE ("RETR +1"), PB_ERROR_INVALID },
    { LINE ("RETR -1"), PB_ERROR_INVALID },
    { LINE ("RETR 1x"), PB_ERROR_INVALID },
    { LINE ("RETR 2147483648"), PB_ERROR_INVALID },
    { LINE ("DELE 1 2"), PB_ERROR_INVALID },
    { LINE ("TOP 1"), PB_ERROR_INVALID },
    { LINE ("TOP 1 -1"), PB_ERROR_INVALID },
    { LINE ("LANG a b"), PB_ERROR_INVALID },
    { LINE ("LANG d\303\251"), PB_ERROR_INVALID },
    { LINE ("LANG abcdefghijklmnopqrstuvwxyz-abcdefghij"), PB_ERROR_INVALID },
    { LINE ("NOOP\r\nDELE 1"), PB_ERROR_INVALID },
    { LINE ("NOOP\n"), PB_ERROR_INVALID },
    { LINE ("NOOP\r"), PB_ERROR_INVALID },
    { LINE ("NOOP\0DELE 1"), PB_ERROR_INVALID },
    { LINE ("RETR 1\0"), PB_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    PbPop3Raw raw;
    g_assert_false (pb_pop3_raw_parse (&raw, cases[i].line, cases[i].length, &error));
    g_assert_error (error, PB_ERROR, (int) cases[i].code);
  }
}

static void
test_too_long (void) {
  g_autofree char *line = g_strdup_printf ("NOOP%*s", PB_POP3_RAW_MAX, "");
  g_autoptr (GError) error = NULL;
  PbPop3Raw raw;

  g_assert_false (pb_pop3_raw_parse (&raw, line, strlen (line), &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  g_assert_true (pb_pop3_raw_parse (&raw, line, PB_POP3_RAW_MAX, NULL));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-raw/good", test_good);
  g_test_add_func ("/pop3-raw/bad", test_bad);
  g_test_add_func ("/pop3-raw/too-long", test_too_long);
  return g_test_run ();
}
