/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Every error has words, and an exit code. */

#include "pb-problem.h"

#include <string.h>

#include "pb-error.h"

static void
assert_readable (const PbProblem *problem) {
  g_assert_true (g_utf8_validate (problem->title, -1, NULL));
  g_assert_cmpuint (strlen (problem->title), >, 5);
  g_assert_false (g_str_has_suffix (problem->title, "."));
  g_assert_true (g_str_has_suffix (problem->effect, "."));
  g_assert_true (g_str_has_suffix (problem->advice, "."));
  g_assert_null (strstr (problem->title, "%s"));
}

static void
test_every_code (void) {
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int code = PB_ERROR_SIGN_IN; code <= PB_ERROR_TOO_LARGE; code++) {
    g_autoptr (GError) error = g_error_new (PB_ERROR, code, "for logs");
    g_autoptr (PbProblem) plain = pb_problem_new (error, NULL);
    g_autoptr (PbProblem) somewhere = pb_problem_new (error, "li.na@example.org %n%s");

    g_test_message ("%d: %s", code, plain->title);
    assert_readable (plain);
    g_assert_nonnull (strstr (somewhere->title, "li.na@example.org %n%s"));
    g_assert_cmpstr (plain->effect, ==, somewhere->effect);
    g_assert_null (plain->server);
    /* No two codes say the same. */
    g_assert_true (g_hash_table_add (titles, g_strdup (plain->title)));
    g_assert_null (strstr (plain->title, "for logs"));
    int exit_code = pb_problem_exit_code (error);
    g_assert_cmpint (exit_code, >=, 1);
    g_assert_cmpint (exit_code, <=, 7);
  }
}

static void
test_exit_codes (void) {
  const struct {
    GQuark domain;
    int code;
    int exit_code;
  } cases[] = {
    { PB_ERROR, PB_ERROR_SIGN_IN, 3 },
    { PB_ERROR, PB_ERROR_NO_SECRET, 3 },
    { PB_ERROR, PB_ERROR_CONNECT, 4 },
    { PB_ERROR, PB_ERROR_TIMEOUT, 4 },
    { PB_ERROR, PB_ERROR_PROTOCOL, 4 },
    { PB_ERROR, PB_ERROR_INSECURE, 4 },
    { PB_ERROR, PB_ERROR_CERTIFICATE, 5 },
    { PB_ERROR, PB_ERROR_STORAGE, 6 },
    { PB_ERROR, PB_ERROR_STORAGE_FULL, 6 },
    { PB_ERROR, PB_ERROR_STORAGE_READ_ONLY, 6 },
    { PB_ERROR, PB_ERROR_BUSY, 7 },
    { PB_ERROR, PB_ERROR_LOCKED, 7 },
    { PB_ERROR, PB_ERROR_INVALID, 2 },
    { PB_ERROR, PB_ERROR_NOT_FOUND, 2 },
    { PB_ERROR, PB_ERROR_REFUSED, 1 },
    { PB_ERROR, PB_ERROR_UNSUPPORTED, 1 },
    { PB_ERROR, PB_ERROR_TOO_LARGE, 1 },
    { PB_ERROR, 9999, 1 },
    { PB_ERROR, -1, 1 },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, 1 },
    { G_IO_ERROR, G_IO_ERROR_FAILED, 1 },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, 4 },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, 4 },
    { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, 4 },
    { G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, 4 },
    { G_IO_ERROR, G_IO_ERROR_NO_SPACE, 6 },
    { G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, 6 },
    { G_IO_ERROR, G_IO_ERROR_NOT_FOUND, 2 },
    { G_FILE_ERROR, G_FILE_ERROR_NOSPC, 6 },
    { G_FILE_ERROR, G_FILE_ERROR_ACCES, 6 },
    { G_FILE_ERROR, G_FILE_ERROR_IO, 6 },
    { G_FILE_ERROR, G_FILE_ERROR_NOENT, 2 },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, 5 },
    { G_TLS_ERROR, G_TLS_ERROR_EOF, 4 },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, 4 },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, 4 },
    { G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, 2 },
    { G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE, 2 },
    { G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = g_error_new (cases[i].domain, cases[i].code, "x");
    g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);

    g_test_message ("%s %d: %s", g_quark_to_string (cases[i].domain), cases[i].code,
                    problem->title);
    g_assert_cmpint (pb_problem_exit_code (error), ==, cases[i].exit_code);
    assert_readable (problem);
  }
}

static void
test_server_words (void) {
  g_autoptr (GError) error = g_error_new (PB_ERROR, PB_ERROR_BUSY, "for logs");

  pb_error_set_response_code (error, "in-use");
  pb_error_set_server_text (error, "[IN-USE] maildrop\342\200\256 locked");
  g_autoptr (PbProblem) problem = pb_problem_new (error, "Work");
  g_autofree char *line = pb_problem_to_line (problem);
  g_assert_cmpstr (
    line, ==,
    "Work is in use by another program (the server says: “[IN-USE] maildrop locked”). No mail "
    "was lost; it waits on the server. Close other mail programs that use this mailbox, or try "
    "again in a few minutes.");
  g_assert_cmpint (pb_problem_exit_code (error), ==, 7);
}

static void
test_retry_after (void) {
  static const struct {
    guint seconds;
    const char *advice;
  } cases[] = {
    { 1, "Try again in 1 minute." },
    { 60, "Try again in 1 minute." },
    { 61, "Try again in 2 minutes." },
    { 900, "Try again in 15 minutes." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = g_error_new (PB_ERROR, PB_ERROR_BUSY, "for logs");
    pb_error_set_response_code (error, "LOGIN-DELAY");
    pb_error_set_retry_after (error, cases[i].seconds);
    g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);
    g_assert_cmpstr (problem->title, ==, "The server wants more time between two checks");
    g_assert_cmpstr (problem->advice, ==, cases[i].advice);
  }
}

static void
test_line (void) {
  g_autoptr (GError) error = g_error_new (PB_ERROR, PB_ERROR_NO_SECRET, "for logs");
  g_autoptr (PbProblem) problem = pb_problem_new (error, "");
  g_autofree char *line = pb_problem_to_line (problem);

  g_assert_cmpstr (
    line, ==,
    "The password is not known. No mail was fetched; it waits on the server. Enter the password.");
  pb_problem_free (NULL);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problem/every-code", test_every_code);
  g_test_add_func ("/problem/exit-codes", test_exit_codes);
  g_test_add_func ("/problem/server-words", test_server_words);
  g_test_add_func ("/problem/retry-after", test_retry_after);
  g_test_add_func ("/problem/line", test_line);
  return g_test_run ();
}
