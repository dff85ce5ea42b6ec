/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of the ways to sign in, and which of them show the secret. */

#include "pb-auth.h"

static void
test_names (void) {
  PbAuth auth = PB_AUTH_LOGIN;

  for (PbAuth each = PB_AUTH_AUTO; each <= PB_AUTH_EXTERNAL; each++) {
    g_assert_true (pb_auth_from_string (pb_auth_to_string (each), &auth));
    g_assert_cmpint (auth, ==, each);
  }
  g_assert_cmpstr (pb_auth_to_string (PB_AUTH_SCRAM_SHA_256), ==, "scram-sha-256");
  g_assert_cmpstr (pb_auth_to_string (PB_AUTH_USER_PASS), ==, "user-pass");
}

static void
test_foreign_names (void) {
  static const char *const foreign[] = { NULL, "", "PLAIN", "plain ", "digest-md5", "scram" };
  PbAuth auth = PB_AUTH_APOP;

  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    g_assert_false (pb_auth_from_string (foreign[i], &auth));
  g_assert_cmpint (auth, ==, PB_AUTH_APOP);
}

static void
test_natures (void) {
  static const PbAuth revealing[] = { PB_AUTH_USER_PASS, PB_AUTH_PLAIN, PB_AUTH_LOGIN,
                                      PB_AUTH_XOAUTH2, PB_AUTH_OAUTHBEARER };
  static const PbAuth safe[] = { PB_AUTH_AUTO,        PB_AUTH_APOP,          PB_AUTH_CRAM_MD5,
                                 PB_AUTH_SCRAM_SHA_1, PB_AUTH_SCRAM_SHA_256, PB_AUTH_GSSAPI,
                                 PB_AUTH_EXTERNAL };

  for (guint i = 0; i < G_N_ELEMENTS (revealing); i++)
    g_assert_true (pb_auth_reveals_secret (revealing[i]));
  for (guint i = 0; i < G_N_ELEMENTS (safe); i++)
    g_assert_false (pb_auth_reveals_secret (safe[i]));
  for (PbAuth each = PB_AUTH_AUTO; each <= PB_AUTH_EXTERNAL; each++)
    g_assert_true (pb_auth_needs_secret (each) ==
                   (each != PB_AUTH_GSSAPI && each != PB_AUTH_EXTERNAL));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/auth/names", test_names);
  g_test_add_func ("/base/auth/foreign-names", test_foreign_names);
  g_test_add_func ("/base/auth/natures", test_natures);
  return g_test_run ();
}
