/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a refusal means, by its code or by its wording. */

#include <string.h>

#include "pb-pop3-refusal.h"

#define BYTES(text) (const guint8 *) (text), strlen (text)

typedef struct {
  const char *line;
  gboolean encrypted;
  PbError error;
  guint retry_after;
} RefusalCase;

static const RefusalCase refusal_cases[] = {
  { "-ERR [IN-USE] Do you have another POP session running?", TRUE, PB_ERROR_BUSY },
  { "-ERR [in-use]", TRUE, PB_ERROR_BUSY },
  { "-ERR [LOGIN-DELAY] too soon", TRUE, PB_ERROR_BUSY, 60 },
  { "-ERR [SYS/TEMP] wrong password or so", TRUE, PB_ERROR_BUSY },
  { "-ERR [SYS/PERM] broken", TRUE, PB_ERROR_BUSY },
  { "-ERR [AUTH] mailbox locked", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR [SYSTEM] no", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR Authentication failed.", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR error in username or password", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR Invalid login, please try again", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR wrong password; try again later", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR this user is blocked", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR maildrop already locked", TRUE, PB_ERROR_BUSY },
  { "-ERR Mailbox is in use by another client", TRUE, PB_ERROR_BUSY },
  { "-ERR unable to lock maildrop", TRUE, PB_ERROR_BUSY },
  { "-ERR can't get lock, mailbox in use?", TRUE, PB_ERROR_BUSY },
  { "-ERR Too many concurrent connections", TRUE, PB_ERROR_BUSY },
  { "-ERR You are already logged in elsewhere", TRUE, PB_ERROR_BUSY },
  { "-ERR Temporary authentication failure", TRUE, PB_ERROR_BUSY },
  { "-ERR login frequency limited", TRUE, PB_ERROR_BUSY, 900 },
  { "-ERR Please try again later", TRUE, PB_ERROR_BUSY },
  { "-ERR number of connections exceeded", TRUE, PB_ERROR_BUSY, 900 },
  { "-ERR Too many login attempts", TRUE, PB_ERROR_BUSY, 900 },
  { "-ERR [SYS/TEMP] rate limit", TRUE, PB_ERROR_BUSY, 900 },
  { "-ERR [LOGIN-DELAY] too often", TRUE, PB_ERROR_BUSY, 60 },
  { "-ERR [AUTH] too many attempts", TRUE, PB_ERROR_SIGN_IN },
  { "-ERR POP3 service unavailable for now", TRUE, PB_ERROR_BUSY },
  { "-ERR Plaintext authentication disallowed on non-secure (SSL/TLS) connections.", FALSE,
    PB_ERROR_INSECURE },
  { "-ERR Must issue a STLS command first", FALSE, PB_ERROR_INSECURE },
  { "-ERR encryption required", FALSE, PB_ERROR_INSECURE },
  { "-ERR Must issue a STLS command first", TRUE, PB_ERROR_SIGN_IN },
};

static void
test_sign_in (void) {
  for (guint i = 0; i < G_N_ELEMENTS (refusal_cases); i++) {
    const RefusalCase *c = &refusal_cases[i];
    PbPop3Status status;

    g_test_message ("%s", c->line);
    g_assert_true (pb_pop3_status_parse (&status, BYTES (c->line)));
    g_autoptr (GError) error = pb_pop3_refusal_new_sign_in (&status, "PASS", c->encrypted, 60);
    g_assert_error (error, PB_ERROR, (int) c->error);
    g_assert_cmpuint (pb_error_get_retry_after (error), ==, c->retry_after);
  }
}

static void
test_mechanism (void) {
  static const struct {
    const char *line;
    gboolean of_mechanism;
  } cases[] = {
    { "-ERR unsupported authentication mechanism", TRUE },
    { "-ERR Unknown AUTH type", TRUE },
    { "-ERR Unrecognized authentication type", TRUE },
    { "-ERR unknown command", TRUE },
    { "-ERR not implemented", TRUE },
    { "-ERR no", FALSE },
    { "-ERR authentication failed", FALSE },
    { "-ERR Invalid user name or password", FALSE },
    { "-ERR [AUTH] no mechanism will do", FALSE },
    { "-ERR [SYS/TEMP] mechanism broken", FALSE },
    { "-ERR", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    PbPop3Status status;
    g_test_message ("%s", cases[i].line);
    g_assert_true (pb_pop3_status_parse (&status, BYTES (cases[i].line)));
    g_assert_true (pb_pop3_refusal_is_of_mechanism (&status) == cases[i].of_mechanism);
  }
}

static void
test_details (void) {
  PbPop3Status status;

  g_assert_true (pb_pop3_status_parse (&status, BYTES ("-ERR [sys/temp] \xfcml\x07")));
  g_autoptr (GError) error = pb_pop3_refusal_new (PB_ERROR_REFUSED, &status, "RETR");
  g_assert_error (error, PB_ERROR, PB_ERROR_REFUSED);
  g_assert_cmpstr (pb_error_get_response_code (error), ==, "SYS/TEMP");
  g_assert_cmpstr (pb_error_get_server_text (error), ==, "[sys/temp] \xef\xbf\xbdml");
  g_assert_cmpuint (pb_error_get_retry_after (error), ==, 0);
  g_assert_true (pb_pop3_status_parse (&status, BYTES ("-ERR Download exceed")));
  g_autoptr (GError) limit = pb_pop3_refusal_new (PB_ERROR_REFUSED, &status, "RETR");
  g_assert_cmpuint (pb_error_get_retry_after (limit), ==, PB_POP3_LIMIT_SECONDS);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/pop3-refusal/sign-in", test_sign_in);
  g_test_add_func ("/protocol/pop3-refusal/mechanism", test_mechanism);
  g_test_add_func ("/protocol/pop3-refusal/details", test_details);
  return g_test_run ();
}
