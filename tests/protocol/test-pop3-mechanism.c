/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is chosen on which line, and what after a refusal. */

#include "pb-pop3-mechanism.h"

#define ALL \
  "SASL PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 GSSAPI EXTERNAL XOAUTH2 OAUTHBEARER"

typedef enum {
  TLS,        /* encrypted */
  OPEN,       /* not, and the password may not be seen */
  OPEN_BY_US, /* not, and it may */
  TOKEN,      /* encrypted, with a token */
  OPEN_TOKEN,
} Line;

typedef struct {
  Line line;
  const char *sasl; /* NULL: no CAPA at all */
  gboolean user;    /* USER is listed */
  PbAuth chosen;
  PbAuth then;
} Case;

static const Case cases[] = {
  { TLS, ALL, TRUE, PB_AUTH_SCRAM_SHA_256, PB_AUTH_PLAIN },
  { TLS, "SASL PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1", TRUE, PB_AUTH_SCRAM_SHA_1, PB_AUTH_PLAIN },
  { TLS, "SASL scram-sha-256", TRUE, PB_AUTH_SCRAM_SHA_256, PB_AUTH_USER_PASS },
  { TLS, "SASL SCRAM-SHA-256", FALSE, PB_AUTH_SCRAM_SHA_256, PB_AUTH_AUTO },
  { TLS, "SASL SCRAM-SHA-256 SCRAM-SHA-1", FALSE, PB_AUTH_SCRAM_SHA_256, PB_AUTH_SCRAM_SHA_1 },
  { TLS, "SASL LOGIN PLAIN", TRUE, PB_AUTH_PLAIN, PB_AUTH_LOGIN },
  { TLS, "SASL PLAIN", TRUE, PB_AUTH_PLAIN, PB_AUTH_USER_PASS },
  { TLS, "SASL PLAIN", FALSE, PB_AUTH_PLAIN, PB_AUTH_AUTO },
  { TLS, "SASL LOGIN", TRUE, PB_AUTH_LOGIN, PB_AUTH_USER_PASS },
  { TLS, "SASL CRAM-MD5", TRUE, PB_AUTH_USER_PASS, PB_AUTH_AUTO },
  { TLS, "SASL CRAM-MD5", FALSE, PB_AUTH_CRAM_MD5, PB_AUTH_AUTO },
  { TLS, "SASL CRAM-MD5 PLAIN", FALSE, PB_AUTH_PLAIN, PB_AUTH_AUTO },
  { TLS, "SASL GSSAPI EXTERNAL XOAUTH2", FALSE, PB_AUTH_USER_PASS, PB_AUTH_AUTO },
  { TLS, "SASL DIGEST-MD5 NTLM PLAINER", TRUE, PB_AUTH_USER_PASS, PB_AUTH_AUTO },
  { TLS, "SASL", FALSE, PB_AUTH_USER_PASS, PB_AUTH_AUTO },
  { TLS, NULL, FALSE, PB_AUTH_USER_PASS, PB_AUTH_AUTO },

  { OPEN, ALL, TRUE, PB_AUTH_SCRAM_SHA_256, PB_AUTH_SCRAM_SHA_1 },
  { OPEN, "SASL SCRAM-SHA-256 CRAM-MD5 PLAIN", TRUE, PB_AUTH_SCRAM_SHA_256, PB_AUTH_AUTO },
  { OPEN, "SASL SCRAM-SHA-1 CRAM-MD5", TRUE, PB_AUTH_SCRAM_SHA_1, PB_AUTH_AUTO },
  { OPEN, "SASL PLAIN LOGIN CRAM-MD5", TRUE, PB_AUTH_CRAM_MD5, PB_AUTH_AUTO },
  { OPEN, "SASL PLAIN LOGIN", TRUE, PB_AUTH_AUTO, PB_AUTH_AUTO },
  { OPEN, NULL, FALSE, PB_AUTH_AUTO, PB_AUTH_AUTO },

  { OPEN_BY_US, ALL, TRUE, PB_AUTH_SCRAM_SHA_256, PB_AUTH_SCRAM_SHA_1 },
  { OPEN_BY_US, "SASL SCRAM-SHA-1 PLAIN", TRUE, PB_AUTH_SCRAM_SHA_1, PB_AUTH_AUTO },
  { OPEN_BY_US, "SASL CRAM-MD5 PLAIN", TRUE, PB_AUTH_CRAM_MD5, PB_AUTH_AUTO },
  { OPEN_BY_US, "SASL PLAIN", TRUE, PB_AUTH_PLAIN, PB_AUTH_USER_PASS },
  { OPEN_BY_US, NULL, FALSE, PB_AUTH_USER_PASS, PB_AUTH_AUTO },

  { TOKEN, ALL, TRUE, PB_AUTH_OAUTHBEARER, PB_AUTH_XOAUTH2 },
  { TOKEN, "SASL PLAIN OAUTHBEARER", TRUE, PB_AUTH_OAUTHBEARER, PB_AUTH_AUTO },
  { TOKEN, "SASL PLAIN XOAUTH2", TRUE, PB_AUTH_XOAUTH2, PB_AUTH_AUTO },
  { TOKEN, "SASL PLAIN", TRUE, PB_AUTH_XOAUTH2, PB_AUTH_AUTO },
  { TOKEN, NULL, TRUE, PB_AUTH_XOAUTH2, PB_AUTH_AUTO },
  { OPEN_TOKEN, ALL, TRUE, PB_AUTH_AUTO, PB_AUTH_AUTO },
};

static void
test_choices (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    const char *const capabilities[] = { "TOP", c->sasl ? c->sasl : "", c->user ? "USER" : NULL,
                                         NULL };
    const PbPop3Offer offer = {
      .capabilities = c->sasl ? capabilities : NULL,
      .encrypted = c->line == TLS || c->line == TOKEN,
      .allow_clear_secret = c->line == OPEN_BY_US,
      .secret_is_token = c->line == TOKEN || c->line == OPEN_TOKEN,
    };

    g_test_message ("case %u: %s", i, c->sasl);
    g_assert_cmpint (pb_pop3_mechanism_choose (&offer), ==, c->chosen);
    g_assert_cmpint (pb_pop3_mechanism_step_down (&offer, c->chosen), ==, c->then);
  }
}

/* Whatever a server offers: the secret is not shown on an open line, and APOP is not used. */
static void
test_never (void) {
  static const char *const names[] = { "PLAIN",       "LOGIN",         "CRAM-MD5",
                                       "SCRAM-SHA-1", "SCRAM-SHA-256", "OAUTHBEARER" };

  for (guint set = 0; set < 1u << G_N_ELEMENTS (names); set++) {
    g_autoptr (GString) sasl = g_string_new ("SASL");
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
      if (set >> i & 1)
        g_string_append_printf (sasl, " %s", names[i]);
    }
    const char *const capabilities[] = { sasl->str, "USER", NULL };
    for (guint token = 0; token < 2; token++) {
      PbPop3Offer offer = { .capabilities = capabilities, .secret_is_token = token };
      PbAuth first = pb_pop3_mechanism_choose (&offer);
      PbAuth second = pb_pop3_mechanism_step_down (&offer, first);
      g_assert_false (pb_auth_reveals_secret (first) || pb_auth_reveals_secret (second));
      offer.encrypted = TRUE;
      first = pb_pop3_mechanism_choose (&offer);
      g_assert_cmpint (first, !=, PB_AUTH_AUTO);
      g_assert_cmpint (first, !=, PB_AUTH_APOP);
      g_assert_cmpint (pb_pop3_mechanism_step_down (&offer, first), !=, first);
    }
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/pop3-mechanism/choices", test_choices);
  g_test_add_func ("/protocol/pop3-mechanism/never", test_never);
  return g_test_run ();
}
