/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What people type, paste, and get out of their input methods. */

#include "pb-typed-address.h"

#include "pb-error.h"

#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
  const char *text;
  const char *address; /* NULL: refused */
  const char *domain;
  const char *name;
} cases[] = {
  { "li@example.org", "li@example.org", "example.org", "" },
  { "  li@example.org  ", "li@example.org", "example.org", "" },
  { "\xc2\xa0li@example.org\xe3\x80\x80", "li@example.org", "example.org", "" },
  { "Li.Na@Example.ORG", "Li.Na@example.org", "example.org", "" },
  { "li@example.org.", "li@example.org", "example.org", "" },
  { "li＠example。org", "li@example.org", "example.org", "" },
  { "ｌｉ＠ｅｘａｍｐｌｅ．ｏｒｇ　", "li@example.org", "example.org", "" },
  { "Li Na <li@example.org>", "li@example.org", "example.org", "Li Na" },
  { "\"Li, Na\" <li@example.org>", "li@example.org", "example.org", "Li, Na" },
  { "李娜＜li＠example.org＞", "li@example.org", "example.org", "李娜" },
  { "<li@example.org>", "li@example.org", "example.org", "" },
  { "li@example.org (Li Na)", "li@example.org", "example.org", "Li Na" },
  { "mailto:li@example.org?subject=x", "li@example.org", "example.org", "" },
  { "李@例子.example.org", "李@例子.example.org", "xn--fsqu00a.example.org", "" },
  { "li@XN--FSQU00A.example.org", "li@例子.example.org", "xn--fsqu00a.example.org", "" },
  { "a+b@example.org", "a+b@example.org", "example.org", "" },
  { "" },
  { " " },
  { "li" },
  { "@example.org" },
  { "li@" },
  { "li@example" },
  { "li@.org" },
  { "li@example..org" },
  { "li@-example.org" },
  { "li@exa mple.org" },
  { "li na@example.org" },
  { "li@example.org\r\nDELE 1" },
  { "li@example.org\n" },
  { "li\t@example.org" },
  { "li@example.org\xe2\x80\xa8" },
  { "li@\xff.org" },
  { "li@exa/mple.org" },
  { ".li@example.org" },
  { A63 "aa@example.org" },
  { "li@" A63 "a.org" },
  { "li@" A63 "." A63 "." A63 "." A63 ".org" },
};

static void
test_case (gconstpointer data) {
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PbTypedAddress) typed = pb_typed_address_new (cases[i].text, &error);

  if (!cases[i].address) {
    g_assert_null (typed);
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpstr (typed->address, ==, cases[i].address);
  g_assert_cmpstr (typed->domain, ==, cases[i].domain);
  g_assert_cmpstr (typed->name, ==, cases[i].name);
}

static void
test_server (void) {
  static const char *const servers[][2] = {
    { "pop.example.org", "pop.example.org" },
    { " ｐｏｐ。example．org：995 ", "pop.example.org:995" },
    { "[::1]:110", "[::1]:110" },
    { "例子.example.org:995", "xn--fsqu00a.example.org:995" },
    { "", "" },
    { "\xff", "\xff" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autofree char *clean = pb_typed_server_clean (servers[i][0]);
    g_assert_cmpstr (clean, ==, servers[i][1]);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/typed-address/%u", i);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/typed-address/server", test_server);
  return g_test_run ();
}
