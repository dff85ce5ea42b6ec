/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Command lines: what is sent, what is never sent, what is shown. */

#include <string.h>

#include "pb-error.h"
#include "pb-pop3-command.h"

typedef struct {
  PbPop3Verb verb;
  const char *argument;
  gssize length;    /* -1: as long as the string */
  const char *line; /* NULL: refused */
} LineCase;

static const LineCase line_cases[] = {
  { PB_POP3_CAPA, NULL, 0, "CAPA\r\n" },
  { PB_POP3_USER, "li.na@example.org", -1, "USER li.na@example.org\r\n" },
  { PB_POP3_PASS, "two words ", -1, "PASS two words \r\n" },
  { PB_POP3_PASS, "", -1, "PASS \r\n" },
  { PB_POP3_PASS, "\xc3\xa4\xff", -1, "PASS \xc3\xa4\xff\r\n" },
  { PB_POP3_USER, "a\rb", -1, NULL },
  { PB_POP3_USER, "a\nDELE 1", -1, NULL },
  { PB_POP3_USER, "a\r\n", -1, NULL },
  { PB_POP3_USER, "a\0b", 3, NULL },
};

static void
test_lines (void) {
  for (guint i = 0; i < G_N_ELEMENTS (line_cases); i++) {
    const LineCase *c = &line_cases[i];
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    gsize length = c->length >= 0 ? (gsize) c->length : strlen (c->argument);
    gboolean ok = pb_pop3_command_append (out, c->verb, c->argument, length, &error);

    g_assert_cmpint (ok, ==, c->line != NULL);
    if (c->line)
      g_assert_cmpmem (out->data, out->len, c->line, strlen (c->line));
    else
      g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
    g_assert_true (ok || out->len == 0);
  }
}

static void
test_too_long (void) {
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (PB_POP3_ARGUMENT_MAX + 1, 'a');

  g_assert_true (pb_pop3_command_append (out, PB_POP3_PASS, text, PB_POP3_ARGUMENT_MAX, &error));
  g_assert_no_error (error);
  g_assert_false (
    pb_pop3_command_append (out, PB_POP3_PASS, text, PB_POP3_ARGUMENT_MAX + 1, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
}

static void
test_numbered (void) {
  g_autoptr (GByteArray) out = g_byte_array_new ();

  pb_pop3_command_append_numbered (out, PB_POP3_RETR, 7, 0);
  pb_pop3_command_append_numbered (out, PB_POP3_TOP, G_MAXUINT, G_MAXUINT);
  pb_pop3_command_append_numbered (out, PB_POP3_DELE, 1, 0);
  g_assert_cmpmem (out->data, out->len, "RETR 7\r\nTOP 4294967295 4294967295\r\nDELE 1\r\n", 43);
}

static void
test_printable (void) {
  g_autofree char *user = pb_pop3_command_to_printable (PB_POP3_USER, "li.na");
  g_autofree char *pass = pb_pop3_command_to_printable (PB_POP3_PASS, "hunter2");
  g_autofree char *quit = pb_pop3_command_to_printable (PB_POP3_QUIT, NULL);
  g_autofree char *top = pb_pop3_command_to_printable_numbered (PB_POP3_TOP, 3, 20);
  g_autofree char *retr = pb_pop3_command_to_printable_numbered (PB_POP3_RETR, 3, 0);

  g_assert_cmpstr (user, ==, "USER li.na");
  g_assert_cmpstr (pass, ==, "PASS ****");
  g_assert_cmpstr (quit, ==, "QUIT");
  g_assert_cmpstr (top, ==, "TOP 3 20");
  g_assert_cmpstr (retr, ==, "RETR 3");
}

static void
check_printable (PbPop3Verb verb, const char *argument, const char *expected) {
  g_autofree char *text = pb_pop3_command_to_printable (verb, argument);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_printable_sign_in (void) {
  check_printable (PB_POP3_AUTH, "PLAIN AGxpLm5hAGh1bnRlcjI=", "AUTH PLAIN ****");
  check_printable (PB_POP3_AUTH, "EXTERNAL =", "AUTH EXTERNAL ****");
  check_printable (PB_POP3_AUTH, "CRAM-MD5", "AUTH CRAM-MD5");
  check_printable (PB_POP3_APOP, "li.na c4c9334bac560ecc979e58001b3e22fb", "APOP li.na ****");
  check_printable (PB_POP3_APOP, "li na c4c9334bac560ecc979e58001b3e22fb", "APOP li na ****");
  check_printable (PB_POP3_APOP, "c4c9334bac560ecc979e58001b3e22fb", "APOP ****");
  check_printable (PB_POP3_PASS, "two words", "PASS ****");
  check_printable (PB_POP3_LANG, "de", "LANG de");
  check_printable (PB_POP3_UTF8, NULL, "UTF8");
}

/* What decides about safety in the table. */
static void
test_table (void) {
  for (PbPop3Verb verb = PB_POP3_CAPA; verb <= PB_POP3_QUIT; verb++) {
    const PbPop3CommandInfo *info = pb_pop3_verb_get_info (verb);
    g_assert_cmpint (info->secret, ==,
                     verb == PB_POP3_PASS || verb == PB_POP3_APOP || verb == PB_POP3_AUTH);
    g_assert_cmpint (info->pipelined, ==, verb >= PB_POP3_STAT && verb <= PB_POP3_NOOP);
    g_assert_cmpuint (strlen (info->name), >=, 3);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/pop3-command/lines", test_lines);
  g_test_add_func ("/protocol/pop3-command/too-long", test_too_long);
  g_test_add_func ("/protocol/pop3-command/numbered", test_numbered);
  g_test_add_func ("/protocol/pop3-command/printable", test_printable);
  g_test_add_func ("/protocol/pop3-command/printable-sign-in", test_printable_sign_in);
  g_test_add_func ("/protocol/pop3-command/table", test_table);
  return g_test_run ();
}
