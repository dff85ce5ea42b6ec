/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Details of errors: kept by copies, harmless on errors of other domains, made safe to show. */

#include "pb-error.h"

static void
test_details (void) {
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, PB_ERROR_BUSY, "busy");

  pb_error_set_server_text (error, "mailbox \r\n locked\x1b[31m");
  pb_error_set_response_code (error, "in-use");
  pb_error_set_retry_after (error, 60);
  g_autoptr (GError) copy = g_error_copy (error);
  g_assert_cmpstr (pb_error_get_server_text (copy), ==, "mailbox    locked [31m");
  g_assert_cmpstr (pb_error_get_response_code (copy), ==, "IN-USE");
  g_assert_cmpuint (pb_error_get_retry_after (copy), ==, 60);
  g_assert_null (pb_error_get_certificate (copy));
}

static void
test_text_is_readable (void) {
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, PB_ERROR_BUSY, "busy");

  pb_error_set_server_text (error, "用户忙");
  g_assert_cmpstr (pb_error_get_server_text (error), ==, "用户忙");
  pb_error_set_server_text (error, "\xd3\xc3 raw");
  g_assert_true (g_utf8_validate (pb_error_get_server_text (error), -1, NULL));
  pb_error_set_server_text (error, "");
  g_assert_null (pb_error_get_server_text (error));
}

static void
test_other_domains (void) {
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  pb_error_set_server_text (error, "text");
  g_assert_null (pb_error_get_server_text (error));
  g_assert_null (pb_error_get_server_text (NULL));
  g_assert_cmpuint (pb_error_get_retry_after (error), ==, 0);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/details", test_details);
  g_test_add_func ("/error/text-is-readable", test_text_is_readable);
  g_test_add_func ("/error/other-domains", test_other_domains);
  return g_test_run ();
}
