/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Each mechanism against the examples of its standard, and against servers that are wrong. */

#include <string.h>

#include "pb-error.h"
#include "pb-sasl.h"
#include "scram-server.h"

static PbSasl *
sasl_for (PbAuth mechanism, const char *user, const char *secret_text) {
  g_autoptr (PbSecret) secret = secret_text ? pb_secret_new (secret_text) : NULL;
  const PbSaslConfig config = { .mechanism = mechanism,
                                .user = user,
                                .secret = secret,
                                .host = "server.example.org",
                                .port = 995,
                                .encrypted = TRUE };
  g_autoptr (GError) error = NULL;
  PbSasl *sasl = pb_sasl_new (&config, &error);

  g_assert_no_error (error);
  return sasl;
}

/* The answer to @challenge (as it is, NULL to begin), decoded. */
static char *
step (PbSasl *sasl, const char *challenge, GError **error) {
  g_autofree char *encoded =
    challenge ? g_base64_encode ((const guchar *) challenge, strlen (challenge)) : NULL;
  char *response =
    pb_sasl_step (sasl, (const guint8 *) encoded, encoded ? strlen (encoded) : 0, error);
  gsize length;

  if (!response)
    return NULL;
  guchar *bytes = *response ? g_base64_decode (response, &length) : NULL;
  char *text = bytes ? g_strndup ((const char *) bytes, length) : g_strdup ("");
  g_free (bytes);
  pb_sasl_response_free (response);
  return text;
}

static void
check_step (PbSasl *sasl, const char *challenge, const char *expected) {
  g_autoptr (GError) error = NULL;
  g_autofree char *response = step (sasl, challenge, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (response, ==, expected);
}

static void
check_step_fails (PbSasl *sasl, const char *challenge, PbError code) {
  g_autoptr (GError) error = NULL;
  g_autofree char *response = step (sasl, challenge, &error);

  g_assert_null (response);
  g_assert_error (error, PB_ERROR, (int) code);
}

static void
check_encoded (PbSasl *sasl, const char *expected) {
  g_autoptr (GError) error = NULL;
  char *response = pb_sasl_step (sasl, NULL, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (response, ==, expected);
  pb_sasl_response_free (response);
}

static void
test_names (void) {
  static const struct {
    PbAuth auth;
    const char *name;
  } cases[] = {
    { PB_AUTH_PLAIN, "PLAIN" },
    { PB_AUTH_LOGIN, "LOGIN" },
    { PB_AUTH_CRAM_MD5, "CRAM-MD5" },
    { PB_AUTH_SCRAM_SHA_1, "SCRAM-SHA-1" },
    { PB_AUTH_SCRAM_SHA_256, "SCRAM-SHA-256" },
    { PB_AUTH_XOAUTH2, "XOAUTH2" },
    { PB_AUTH_OAUTHBEARER, "OAUTHBEARER" },
    { PB_AUTH_EXTERNAL, "EXTERNAL" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpstr (pb_sasl_get_name (cases[i].auth), ==, cases[i].name);
    g_assert_true (pb_sasl_is_supported (cases[i].auth));
  }
  g_assert_null (pb_sasl_get_name (PB_AUTH_USER_PASS));
  g_assert_false (pb_sasl_is_supported (PB_AUTH_APOP));
  g_assert_false (pb_sasl_is_supported (PB_AUTH_AUTO));
}

/* RFC 4616, section 4. */
static void
test_plain (void) {
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_PLAIN, "tim", "tanstaaftanstaaf");

  g_assert_true (pb_sasl_speaks_first (sasl));
  g_assert_false (pb_sasl_is_done (sasl));
  g_assert_false (pb_sasl_has_proven (sasl));
  check_encoded (sasl, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
  g_assert_true (pb_sasl_is_done (sasl));
  g_assert_true (pb_sasl_has_proven (sasl));
  check_step_fails (sasl, "more?", PB_ERROR_PROTOCOL);
}

static void
test_plain_in_other_letters (void) {
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_PLAIN, "李娜", "pässwörd 密码");
  static const char expected[] = "\0李娜\0pässwörd 密码";
  g_autofree char *encoded = g_base64_encode ((const guchar *) expected, sizeof expected - 1);

  check_encoded (sasl, encoded);
}

static void
test_login (void) {
  static const char *const questions[][2] = {
    { "Username:", "Password:" },
    { "User Name", "Password" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_LOGIN, "li.na", "hunter2");
    g_assert_false (pb_sasl_speaks_first (sasl));
    check_step (sasl, questions[i][0], "li.na");
    g_assert_false (pb_sasl_is_done (sasl));
    check_step (sasl, questions[i][1], "hunter2");
    g_assert_true (pb_sasl_is_done (sasl));
    check_step_fails (sasl, "Domain:", PB_ERROR_PROTOCOL);
  }
}

/* RFC 2195, section 2. */
static void
test_cram_md5 (void) {
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_CRAM_MD5, "tim", "tanstaaftanstaaf");

  g_assert_false (pb_sasl_speaks_first (sasl));
  check_step (sasl, "<1896.697170952@postoffice.reston.mci.net>",
              "tim b913a602c7eda7a495b4e6e7334d3890");
  g_assert_true (pb_sasl_is_done (sasl));
}

static void
test_cram_md5_without_challenge (void) {
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_CRAM_MD5, "tim", "tanstaaftanstaaf");

  check_step_fails (sasl, "", PB_ERROR_PROTOCOL);
}

/* The judge is judged: RFC 5802, section 5, and RFC 7677, section 3. */
static void
test_scram_examples (void) {
  static const struct {
    GChecksumType digest;
    const char *salt, *nonce, *client_first, *server_first, *client_final, *server_final;
  } cases[] = {
    { G_CHECKSUM_SHA1, "QSXCR+Q6sek8bf92", "3rfcNHYJY1ZVvWVs7j",
      "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=" },
    { G_CHECKSUM_SHA256, "W22ZaJ0SNY7soEsUEjb6gQ==", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
      "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    ScramServer server = { cases[i].digest, "pencil", cases[i].salt, 4096,
                           cases[i].nonce,  NULL,     NULL };
    g_autofree char *first = scram_server_first (&server, cases[i].client_first);
    g_assert_cmpstr (first, ==, cases[i].server_first);
    g_autofree char *final = scram_server_final (&server, cases[i].client_final);
    g_assert_cmpstr (final, ==, cases[i].server_final);
    scram_server_clear (&server);
  }
}

/* Up to the server's last word, which is returned. */
static char *
exchange (PbSasl *sasl, ScramServer *server) {
  g_autoptr (GError) error = NULL;
  g_autofree char *client_first = step (sasl, NULL, &error);

  g_assert_no_error (error);
  g_assert_false (pb_sasl_is_done (sasl));
  g_assert_false (pb_sasl_has_proven (sasl));
  g_autofree char *server_first = scram_server_first (server, client_first);
  g_autofree char *client_final = step (sasl, server_first, &error);
  g_assert_no_error (error);
  g_assert_false (pb_sasl_is_done (sasl));
  g_assert_true (pb_sasl_has_proven (sasl));
  char *server_final = scram_server_final (server, client_final);
  scram_server_clear (server);
  return server_final;
}

static void
test_scram (void) {
  static const struct {
    PbAuth mechanism;
    GChecksumType digest;
    const char *password;
    guint iterations;
  } cases[] = {
    { PB_AUTH_SCRAM_SHA_1, G_CHECKSUM_SHA1, "pencil", 4096 },
    { PB_AUTH_SCRAM_SHA_256, G_CHECKSUM_SHA256, "pencil", 4096 },
    { PB_AUTH_SCRAM_SHA_256, G_CHECKSUM_SHA256, "密码, with = signs", 10000 },
    { PB_AUTH_SCRAM_SHA_256, G_CHECKSUM_SHA256, "p", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    ScramServer server = { cases[i].digest,
                           cases[i].password,
                           "W22ZaJ0SNY7soEsUEjb6gQ==",
                           cases[i].iterations,
                           "%hvYDpWUa2R",
                           NULL,
                           NULL };
    g_autoptr (PbSasl) sasl = sasl_for (cases[i].mechanism, "li.na", cases[i].password);
    g_autofree char *server_final = exchange (sasl, &server);
    g_assert_nonnull (server_final);
    check_step (sasl, server_final, "");
    g_assert_true (pb_sasl_is_done (sasl));
    check_step_fails (sasl, server_final, PB_ERROR_PROTOCOL);
  }
}

static void
test_scram_wrong_password (void) {
  ScramServer server = {
    G_CHECKSUM_SHA256, "pencil", "W22ZaJ0SNY7soEsUEjb6gQ==", 4096, "x", NULL, NULL
  };
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_SCRAM_SHA_256, "li.na", "pen");
  g_autofree char *server_final = exchange (sasl, &server);

  g_assert_null (server_final);
  check_step_fails (sasl, "e=invalid-proof", PB_ERROR_SIGN_IN);
}

/* A server that does not know the password cannot say what must be said last. */
static void
test_scram_false_server (void) {
  static const struct {
    const char *final;
    PbError code;
  } cases[] = {
    { "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", PB_ERROR_PROTOCOL },
    { "v=AAAA", PB_ERROR_PROTOCOL },
    { "v=", PB_ERROR_PROTOCOL },
    { "", PB_ERROR_PROTOCOL },
    { "v", PB_ERROR_PROTOCOL },
    { "nonsense", PB_ERROR_PROTOCOL },
    { "e=invalid-proof", PB_ERROR_SIGN_IN },
    { "e=unknown-user", PB_ERROR_SIGN_IN },
    { "e=other-error", PB_ERROR_UNSUPPORTED },
    { "e=", PB_ERROR_UNSUPPORTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    ScramServer server = {
      G_CHECKSUM_SHA256, "pencil", "W22ZaJ0SNY7soEsUEjb6gQ==", 4096, "x", NULL, NULL
    };
    g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_SCRAM_SHA_256, "li.na", "pencil");
    g_autofree char *server_final = exchange (sasl, &server);
    g_test_message ("%s", cases[i].final);
    g_assert_nonnull (server_final);
    check_step_fails (sasl, cases[i].final, cases[i].code);
    g_assert_false (pb_sasl_is_done (sasl));
  }
}

/* %s stands for the client's nonce. */
static void
test_scram_false_first (void) {
  static const struct {
    const char *first;
    gboolean encrypted;
    PbError code;
  } cases[] = {
    { "r=%sx,s=QSXCR+Q6sek8bf92,i=200001", TRUE, PB_ERROR_UNSUPPORTED },
    { "r=%sx,s=QSXCR+Q6sek8bf92,i=99999999999", TRUE, PB_ERROR_UNSUPPORTED },
    { "r=%sx,s=QSXCR+Q6sek8bf92,i=4095", FALSE, PB_ERROR_UNSUPPORTED },
    { "r=%sx,s=QSXCR+Q6sek8bf92,i=0", TRUE, PB_ERROR_PROTOCOL },
    { "r=%sx,s=QSXCR+Q6sek8bf92,i=-1", TRUE, PB_ERROR_PROTOCOL },
    { "r=%sx,s=QSXCR+Q6sek8bf92,i=", TRUE, PB_ERROR_PROTOCOL },
    { "r=%sx,s=QSXCR+Q6sek8bf92", TRUE, PB_ERROR_PROTOCOL },
    { "r=other,s=QSXCR+Q6sek8bf92,i=4096", TRUE, PB_ERROR_PROTOCOL },
    { "r=x%s,s=QSXCR+Q6sek8bf92,i=4096", TRUE, PB_ERROR_PROTOCOL },
    { "s=QSXCR+Q6sek8bf92,i=4096", TRUE, PB_ERROR_PROTOCOL },
    { "m=ext,r=%sx,s=QSXCR+Q6sek8bf92,i=4096", TRUE, PB_ERROR_PROTOCOL },
    { "r=%sx,i=4096,s=QSXCR+Q6sek8bf92", TRUE, PB_ERROR_PROTOCOL },
    { "", TRUE, PB_ERROR_PROTOCOL },
    { "e=unknown-user", TRUE, PB_ERROR_PROTOCOL },
  };
  g_autoptr (PbSecret) secret = pb_secret_new ("pencil");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const PbSaslConfig config = { .mechanism = PB_AUTH_SCRAM_SHA_256,
                                  .user = "li.na",
                                  .secret = secret,
                                  .encrypted = cases[i].encrypted };
    g_autoptr (PbSasl) sasl = pb_sasl_new (&config, NULL);
    g_autofree char *first = step (sasl, NULL, NULL);
    g_auto (GStrv) halves = g_strsplit (cases[i].first, "%s", 2);
    g_autofree char *answer = halves[0] && halves[1]
                                ? g_strconcat (halves[0], strstr (first, "r=") + 2, halves[1], NULL)
                                : g_strdup (cases[i].first);
    g_test_message ("%s", cases[i].first);
    check_step_fails (sasl, answer, cases[i].code);
  }
}

/* A proof for one's own nonce is good for nothing: it is a new one each time. */
static void
test_scram_nonce (void) {
  g_autoptr (PbSasl) one = sasl_for (PB_AUTH_SCRAM_SHA_256, "li.na", "pencil");
  g_autoptr (PbSasl) other = sasl_for (PB_AUTH_SCRAM_SHA_256, "li.na", "pencil");
  g_autofree char *a = step (one, NULL, NULL);
  g_autofree char *b = step (other, NULL, NULL);

  g_assert_true (g_str_has_prefix (a, "n,,n=li.na,r="));
  g_assert_cmpuint (strlen (a), >=, strlen ("n,,n=li.na,r=") + 18);
  g_assert_cmpstr (a, !=, b);
}

/* Bytes that SASLprep forbids: not this way, but perhaps another. */
static void
test_scram_unusable_password (void) {
  g_autoptr (PbSecret) secret = pb_secret_new ("a\007b");
  const PbSaslConfig config = { .mechanism = PB_AUTH_SCRAM_SHA_256,
                                .user = "li.na",
                                .secret = secret };
  g_autoptr (GError) error = NULL;

  g_assert_null (pb_sasl_new (&config, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED);
}

static void
test_xoauth2 (void) {
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_XOAUTH2, "li.na@example.org", "ya29.t0ken");

  check_step (sasl, NULL, "user=li.na@example.org\001auth=Bearer ya29.t0ken\001\001");
  g_assert_true (pb_sasl_is_done (sasl));
  g_assert_null (pb_sasl_get_failure (sasl));
  check_step (sasl, "{\"status\":\"401\",\n\"schemes\":\"Bearer\"}", "");
  g_assert_cmpstr (pb_sasl_get_failure (sasl), ==, "{\"status\":\"401\", \"schemes\":\"Bearer\"}");
  g_assert_false (pb_sasl_is_done (sasl));
  check_step_fails (sasl, "again", PB_ERROR_PROTOCOL);
}

/* RFC 7628, section 4.1, and 3.2.3 for the error. */
static void
test_oauthbearer (void) {
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_OAUTHBEARER, "li,na=x@example.org", "vF9dft4qmT==");

  check_step (sasl, NULL,
              "n,a=li=2Cna=3Dx@example.org,\001host=server.example.org\001port=995\001auth=Bearer "
              "vF9dft4qmT==\001\001");
  check_step (sasl, "{\"status\":\"invalid_token\"}", "\001");
  g_assert_cmpstr (pb_sasl_get_failure (sasl), ==, "{\"status\":\"invalid_token\"}");
  g_assert_false (pb_sasl_is_done (sasl));
}

static void
test_long_tokens (void) {
  static const struct {
    gsize length;
    gboolean fine;
  } cases[] = { { 8192, TRUE }, { 12288, TRUE }, { 17 * 1024, TRUE }, { 19 * 1024, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *token = g_strnfill (cases[i].length, 't');
    g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_XOAUTH2, "li.na", token);
    g_autofree char *expected = g_strconcat ("user=li.na\001auth=Bearer ", token, "\001\001", NULL);
    if (cases[i].fine)
      check_step (sasl, NULL, expected);
    else
      check_step_fails (sasl, NULL, PB_ERROR_INVALID);
  }
}

static void
test_unsendable_tokens (void) {
  static const struct {
    const char *user;
    const char *token;
  } cases[] = {
    { "li.na", "tok\001auth=Bearer other" },
    { "li.na", "tok\r\nDELE 1" },
    { "li.na", "t\303\266ken" },
    { "li\001auth=Bearer x", "token" },
    { "li\n", "token" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbSecret) secret = pb_secret_new (cases[i].token);
    const PbSaslConfig config = { .mechanism = PB_AUTH_XOAUTH2,
                                  .user = cases[i].user,
                                  .secret = secret };
    g_autoptr (GError) error = NULL;
    g_assert_null (pb_sasl_new (&config, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
    g_assert_null (strstr (error->message, cases[i].token));
  }
}

static void
test_external (void) {
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_EXTERNAL, "li.na", NULL);
  g_autoptr (PbSasl) nameless = sasl_for (PB_AUTH_EXTERNAL, "", NULL);

  check_step (sasl, NULL, "li.na");
  g_assert_true (pb_sasl_is_done (sasl));
  check_encoded (nameless, "");
  g_assert_true (pb_sasl_is_done (nameless));
}

/* There is no ticket here. Whatever the system says to that, it is no wrong password. */
static void
test_gssapi (void) {
  g_autoptr (GError) error = NULL;

  if (!pb_sasl_is_supported (PB_AUTH_GSSAPI)) {
    const PbSaslConfig config = { .mechanism = PB_AUTH_GSSAPI, .user = "li.na" };
    g_assert_null (pb_sasl_new (&config, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED);
    return;
  }
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_GSSAPI, "li.na", NULL);
  g_assert_true (pb_sasl_speaks_first (sasl));
  check_step_fails (sasl, NULL, PB_ERROR_UNSUPPORTED);
}

static void
test_malformed_base64 (void) {
  static const char *const challenges[] = {
    "dGVz dA==",
    "dGVzdA",
    "dGVzdA=",
    "dGVzdA===",
    "====",
    "=",
    "dG=zdA==",
    "dGVz\tA==",
    "dGVzd-_=",
    "\xff\xff\xff\xff",
    "dGVzdA==dGVzdA==",
    "<1@example.org>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++) {
    g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_CRAM_MD5, "tim", "tanstaaftanstaaf");
    g_autoptr (GError) error = NULL;
    g_assert_null (
      pb_sasl_step (sasl, (const guint8 *) challenges[i], strlen (challenges[i]), &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_PROTOCOL);
  }
}

static void
test_oversized_challenge (void) {
  g_autofree char *most = g_strnfill (PB_SASL_CHALLENGE_MAX, 'A');
  g_autofree char *more = g_strnfill (PB_SASL_CHALLENGE_MAX + 4, 'A');
  g_autoptr (PbSasl) sasl = sasl_for (PB_AUTH_CRAM_MD5, "tim", "tanstaaftanstaaf");
  g_autoptr (PbSasl) other = sasl_for (PB_AUTH_CRAM_MD5, "tim", "tanstaaftanstaaf");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) too_long = NULL;

  char *response = pb_sasl_step (sasl, (const guint8 *) most, strlen (most), &error);
  g_assert_no_error (error);
  pb_sasl_response_free (response);
  g_assert_null (pb_sasl_step (other, (const guint8 *) more, strlen (more), &too_long));
  g_assert_error (too_long, PB_ERROR, PB_ERROR_PROTOCOL);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/sasl/names", test_names);
  g_test_add_func ("/protocol/sasl/plain", test_plain);
  g_test_add_func ("/protocol/sasl/plain-in-other-letters", test_plain_in_other_letters);
  g_test_add_func ("/protocol/sasl/login", test_login);
  g_test_add_func ("/protocol/sasl/cram-md5", test_cram_md5);
  g_test_add_func ("/protocol/sasl/cram-md5-without-challenge", test_cram_md5_without_challenge);
  g_test_add_func ("/protocol/sasl/scram/examples", test_scram_examples);
  g_test_add_func ("/protocol/sasl/scram/exchange", test_scram);
  g_test_add_func ("/protocol/sasl/scram/wrong-password", test_scram_wrong_password);
  g_test_add_func ("/protocol/sasl/scram/false-server", test_scram_false_server);
  g_test_add_func ("/protocol/sasl/scram/false-first", test_scram_false_first);
  g_test_add_func ("/protocol/sasl/scram/nonce", test_scram_nonce);
  g_test_add_func ("/protocol/sasl/scram/unusable-password", test_scram_unusable_password);
  g_test_add_func ("/protocol/sasl/xoauth2", test_xoauth2);
  g_test_add_func ("/protocol/sasl/oauthbearer", test_oauthbearer);
  g_test_add_func ("/protocol/sasl/long-tokens", test_long_tokens);
  g_test_add_func ("/protocol/sasl/unsendable-tokens", test_unsendable_tokens);
  g_test_add_func ("/protocol/sasl/external", test_external);
  g_test_add_func ("/protocol/sasl/gssapi", test_gssapi);
  g_test_add_func ("/protocol/sasl/malformed-base64", test_malformed_base64);
  g_test_add_func ("/protocol/sasl/oversized-challenge", test_oversized_challenge);
  return g_test_run ();
}
