/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Every command and every reply has its explanation. */

#include <string.h>

#include "pb-console-words.h"
#include "pb-error.h"

static void
test_commands (void) {
  static const char *const names[] = { "STAT", "LIST", "UIDL", "TOP",  "RETR", "DELE",
                                       "RSET", "NOOP", "QUIT", "CAPA", "LANG", "UTF8",
                                       "STLS", "USER", "PASS", "APOP", "AUTH" };
  PbConsoleCommand command;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *line = g_strdup_printf (" %s 1", names[i]);
    g_assert_true (pb_console_words_find_command (line, &command));
    g_assert_cmpstr (command.name, ==, names[i]);
    g_assert_true (g_str_has_prefix (command.syntax, names[i]));
    g_assert_cmpuint (strlen (command.summary), >, 4);
    g_assert_true (g_str_has_suffix (command.explanation, "."));
    g_assert_true (command.usable == (i < 11));
    const PbConsoleEvent sent = { .kind = PB_CONSOLE_COMMAND, .command = names[i] };
    g_autofree char *before = pb_console_words_explain (&sent);
    g_assert_cmpstr (before, ==, command.explanation);
    const PbConsoleEvent good = { .kind = PB_CONSOLE_STATUS, .command = names[i], .ok = TRUE };
    g_autofree char *after = pb_console_words_explain (&good);
    g_assert_true (g_str_has_prefix (after, "+OK: "));
  }
  g_assert_false (pb_console_words_find_command ("STATS", &command));
  g_assert_false (pb_console_words_find_command ("", &command));
  g_assert_false (pb_console_words_get_command (G_N_ELEMENTS (names), &command));
}

static void
test_codes (void) {
  static const char *const codes[] = { "IN-USE",   "LOGIN-DELAY", "SYS/TEMP",
                                       "SYS/PERM", "AUTH",        "UTF8" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autofree char *named = g_strdup_printf ("[%s]", codes[i]);
    const PbConsoleEvent event = { .kind = PB_CONSOLE_STATUS, .code = codes[i] };
    g_autofree char *text = pb_console_words_explain (&event);
    g_assert_nonnull (strstr (text, named));
  }
  const PbConsoleEvent odd = { .kind = PB_CONSOLE_STATUS, .code = "X-ODD" };
  g_autofree char *text = pb_console_words_explain (&odd);
  g_assert_true (g_str_has_prefix (text, "-ERR: no."));
}

static void
test_every_event (void) {
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, PB_ERROR_CONNECT, "lost");

  for (int kind = PB_CONSOLE_OPENED; kind <= PB_CONSOLE_CLOSED; kind++) {
    const PbConsoleEvent event = { .kind = kind, .text = "text", .count = 12345, .number = 3 };
    g_autofree char *line = pb_console_words_line (&event);
    g_assert_cmpuint (strlen (line), >, 0);
  }
  for (int refusal = PB_CONSOLE_REFUSED_UNKNOWN; refusal <= PB_CONSOLE_REFUSED_CLOSED; refusal++) {
    const PbConsoleEvent event = {
      .kind = PB_CONSOLE_NOT_SENT, .command = "RETR", .text = "RETR", .refusal = refusal
    };
    g_autofree char *text = pb_console_words_explain (&event);
    g_assert_true (g_str_has_prefix (text, "Nothing was sent"));
  }
  const PbConsoleEvent closed = { .kind = PB_CONSOLE_CLOSED, .error = error };
  g_autofree char *why = pb_console_words_line (&closed);
  g_assert_true (g_str_has_prefix (why, "Closed: "));
}

/* The question tells what would be lost. */
static void
test_questions (void) {
  for (int copy = PB_CONSOLE_COPY_HERE; copy <= PB_CONSOLE_COPY_UNKNOWN; copy++) {
    const PbConsoleEvent event = { .kind = PB_CONSOLE_ASK_DELETE, .number = 7, .copy = copy };
    g_autofree char *text = pb_console_words_line (&event);
    g_assert_nonnull (strstr (text, "message 7"));
    g_assert_true ((strstr (text, "only one") == NULL) ==
                   (copy == PB_CONSOLE_COPY_HERE || copy == PB_CONSOLE_COPY_DELETED));
  }
  const PbConsoleEvent quit = { .kind = PB_CONSOLE_ASK_QUIT, .count = 3 };
  g_autofree char *text = pb_console_words_line (&quit);
  g_assert_nonnull (strstr (text, "3 messages will be deleted for good"));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console-words/commands", test_commands);
  g_test_add_func ("/console-words/codes", test_codes);
  g_test_add_func ("/console-words/every-event", test_every_event);
  g_test_add_func ("/console-words/questions", test_questions);
  return g_test_run ();
}
