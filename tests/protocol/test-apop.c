/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The example of the standard, and stamps that must not be used. */

#include <string.h>

#include "pb-apop.h"
#include "pb-error.h"

#define STAMP "<1896.697170952@dbc.mtview.ca.us>"

/* RFC 1939, section 7. */
static void
test_example (void) {
  g_autoptr (PbSecret) secret = pb_secret_new ("tanstaaf");
  g_autofree char *digest = pb_apop_digest (STAMP, secret);

  g_assert_cmpstr (digest, ==, "c4c9334bac560ecc979e58001b3e22fb");
}

typedef struct {
  const char *greeting;
  const char *stamp;
  PbError error;
} StampCase;

static const StampCase stamp_cases[] = {
  { "POP3 server ready " STAMP, STAMP, 0 },
  { STAMP, STAMP, 0 },
  { STAMP " ready", STAMP, 0 },
  { "ready <1.2@[192.0.2.1]>", "<1.2@[192.0.2.1]>", 0 },
  { "ready <1-2_3+4@host.example.org:110>", "<1-2_3+4@host.example.org:110>", 0 },
  { "ready " STAMP " <other@example.org>", STAMP, 0 },
  { "ready", NULL, PB_ERROR_UNSUPPORTED },
  { "", NULL, PB_ERROR_UNSUPPORTED },
  { "ready 1896@example.org>", NULL, PB_ERROR_UNSUPPORTED },
  { "ready <>", NULL, PB_ERROR_PROTOCOL },
  { "ready <1896>", NULL, PB_ERROR_PROTOCOL },
  { "ready <@example.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <1896@>", NULL, PB_ERROR_PROTOCOL },
  { "ready <18@96@example.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <1896@example.org", NULL, PB_ERROR_PROTOCOL },
  { "ready <18 96@example.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <18<96@example.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <1896@ex\001mple.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <1896@ex\177mple.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <\321\013@example.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <1896\303\244@example.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <18\"96@example.org>", NULL, PB_ERROR_PROTOCOL },
  { "ready <x> " STAMP, NULL, PB_ERROR_PROTOCOL },
};

static void
test_stamps (void) {
  for (guint i = 0; i < G_N_ELEMENTS (stamp_cases); i++) {
    const StampCase *c = &stamp_cases[i];
    PbPop3Span span = { (const guint8 *) c->greeting, strlen (c->greeting) };
    g_autoptr (GError) error = NULL;
    g_autofree char *stamp = pb_apop_find_stamp (&span, &error);

    g_test_message ("case %u", i);
    g_assert_cmpstr (stamp, ==, c->stamp);
    if (!c->stamp)
      g_assert_error (error, PB_ERROR, (int) c->error);
  }
}

static void
check_length (gsize local, gboolean fine) {
  g_autofree char *filler = g_strnfill (local, 'x');
  g_autofree char *greeting = g_strconcat ("<", filler, "@example.org>", NULL);
  PbPop3Span span = { (const guint8 *) greeting, strlen (greeting) };
  g_autofree char *stamp = pb_apop_find_stamp (&span, NULL);

  g_assert_true (fine == (stamp != NULL));
}

static void
test_lengths (void) {
  check_length (255 - strlen ("@example.org"), TRUE);
  check_length (256 - strlen ("@example.org"), FALSE);
}

/* A NUL would end the text that is digested. */
static void
test_nul (void) {
  PbPop3Span span = { (const guint8 *) "<a\0b@example.org>", 17 };

  g_assert_null (pb_apop_find_stamp (&span, NULL));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/apop/example", test_example);
  g_test_add_func ("/protocol/apop/stamps", test_stamps);
  g_test_add_func ("/protocol/apop/lengths", test_lengths);
  g_test_add_func ("/protocol/apop/nul", test_nul);
  return g_test_run ();
}
