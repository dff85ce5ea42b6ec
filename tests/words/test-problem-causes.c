/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What servers say leads to the cause that it should, and the table is in order. */

#include "pb-problem-cause.h"

#include <string.h>

static const struct {
  int code;
  const char *response;
  const char *said; /* bytes as they came */
  const char *id;
  PbRemedy remedy;
} said[] = {
  { PB_ERROR_SIGN_IN, NULL, "-ERR Application-specific password required", "app-password",
    PB_REMEDY_PROVIDER },
  { PB_ERROR_SIGN_IN, NULL, "\xc7\xeb\xca\xb9\xd3\xc3\xca\xda\xc8\xa8\xc2\xeb\xb5\xc7\xc2\xbc",
    "app-password", PB_REMEDY_PROVIDER }, /* GB 18030 */
  { PB_ERROR_SIGN_IN, NULL, "Your account is not enabled for POP access", "pop-off",
    PB_REMEDY_PROVIDER },
  { PB_ERROR_SIGN_IN, NULL, "Please log in via your web browser", "web-sign-in",
    PB_REMEDY_PROVIDER },
  { PB_ERROR_SIGN_IN, NULL, "account suspended", "account-locked", PB_REMEDY_PROVIDER },
  { PB_ERROR_SIGN_IN, NULL, "Too many failures, wait", "too-many-failures", PB_REMEDY_SIGN_IN },
  { PB_ERROR_SIGN_IN, NULL, "password expired", "password-expired", PB_REMEDY_PROVIDER },
  { PB_ERROR_SIGN_IN, NULL, "No such user", "unknown-user", PB_REMEDY_ACCOUNT },
  { PB_ERROR_SIGN_IN, "AUTH", "Nope", "sign-in", PB_REMEDY_SIGN_IN },
  { PB_ERROR_SIGN_IN, NULL, NULL, "sign-in", PB_REMEDY_SIGN_IN },
  { PB_ERROR_BUSY, "IN-USE", "Quota of sessions", "in-use", PB_REMEDY_TRY },
  { PB_ERROR_BUSY, "LOGIN-DELAY", "wait", "login-delay", PB_REMEDY_NONE },
  { PB_ERROR_BUSY, "SYS/PERM", "gone", "server-lasting", PB_REMEDY_PROVIDER },
  { PB_ERROR_BUSY, "SYS/TEMP", "no", "server-trouble", PB_REMEDY_NONE },
  { PB_ERROR_BUSY, NULL, "Download exceed", "download-limit", PB_REMEDY_NONE },
  { PB_ERROR_BUSY, NULL, "too many connections", "too-many-sessions", PB_REMEDY_TRY },
  { PB_ERROR_BUSY, NULL, "maildrop already locked", "in-use-words", PB_REMEDY_TRY },
  { PB_ERROR_BUSY, NULL, "Down for maintenance", "maintenance", PB_REMEDY_NONE },
  { PB_ERROR_BUSY, NULL, "later", "busy", PB_REMEDY_TRY },
  { PB_ERROR_PROTOCOL, NULL, "* OK IMAP4rev1 ready", "not-pop3", PB_REMEDY_ACCOUNT },
  { PB_ERROR_PROTOCOL, NULL, "220 mail.example.org ESMTP", "not-pop3", PB_REMEDY_ACCOUNT },
  { PB_ERROR_PROTOCOL, NULL, "\xff\xfe\xfd", "protocol", PB_REMEDY_LOG },
  { PB_ERROR_REFUSED, NULL, "Download exceed the limit", "refused-limit", PB_REMEDY_NONE },
  { PB_ERROR_REFUSED, NULL, "no such message", "refused-gone", PB_REMEDY_TRY },
  { PB_ERROR_REFUSED, NULL, "no", "refused", PB_REMEDY_LOG },
};

static void
test_said (void) {
  for (guint i = 0; i < G_N_ELEMENTS (said); i++) {
    g_autoptr (GError) error = g_error_new (PB_ERROR, said[i].code, "for logs");
    pb_error_set_response_code (error, said[i].response);
    pb_error_set_server_text (error, said[i].said);
    if (said[i].said)
      pb_error_set_server_bytes (error, (const guint8 *) said[i].said, strlen (said[i].said));
    g_autoptr (PbProblem) problem = pb_problem_new (error, "Work");
    g_test_message ("%s", said[i].said ? problem->server : "(nothing)");
    g_assert_cmpstr (problem->id, ==, said[i].id);
    g_assert_cmpint (problem->remedy, ==, said[i].remedy);
    g_assert_true (!problem->server || g_utf8_validate (problem->server, -1, NULL));
  }
}

static void
test_certificates (void) {
  const struct {
    GTlsCertificateFlags flags;
    const char *id;
  } cases[] = {
    { G_TLS_CERTIFICATE_EXPIRED, "certificate-expired" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, "certificate-future" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, "certificate-name" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY | G_TLS_CERTIFICATE_EXPIRED, "certificate-name" },
    { G_TLS_CERTIFICATE_REVOKED | G_TLS_CERTIFICATE_BAD_IDENTITY, "certificate-revoked" },
    { G_TLS_CERTIFICATE_INSECURE, "certificate-weak" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, "certificate" },
    { 0, "certificate" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = g_error_new (PB_ERROR, PB_ERROR_CERTIFICATE, "for logs");
    pb_error_set_certificate (error, NULL, cases[i].flags);
    g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);
    g_assert_cmpstr (problem->id, ==, cases[i].id);
    g_assert_cmpint (problem->remedy, ==, PB_REMEDY_CERTIFICATE);
  }
}

static void
test_network (void) {
  const struct {
    GQuark domain;
    int code;
    const char *id;
    gboolean network;
  } cases[] = {
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "name", TRUE },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "name-service", TRUE },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, "offline", TRUE },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "connection-refused", FALSE },
    { G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH, "proxy", TRUE },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped", FALSE },
    { G_TLS_ERROR, G_TLS_ERROR_NOT_TLS, "not-tls", FALSE },
    { G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, "handshake", FALSE },
    { PB_ERROR, PB_ERROR_TIMEOUT, "timeout", TRUE },
    { PB_ERROR, PB_ERROR_STORAGE_FULL, "storage-full", FALSE },
    { G_MARKUP_ERROR, 0, "unknown", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = g_error_new_literal (cases[i].domain, cases[i].code, "x");
    g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);
    g_assert_cmpstr (problem->id, ==, cases[i].id);
    g_assert_cmpint (problem->network, ==, cases[i].network);
  }
}

/* Nothing stands behind what fits always; each button has a label. */
static void
test_table (void) {
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) closed = g_hash_table_new (NULL, NULL);

  for (const PbProblemCause *cause = pb_problem_causes; cause->id; cause++) {
    g_assert_true (g_hash_table_add (ids, (gpointer) cause->id));
    g_assert_false (g_hash_table_contains (closed, GINT_TO_POINTER (cause->kind)));
    if (!cause->response_code && !cause->phrases && !cause->flags)
      g_hash_table_add (closed, GINT_TO_POINTER (cause->kind));
    if (cause->phrases) {
      g_autofree char *lower = g_utf8_strdown (cause->phrases, -1);
      g_assert_cmpstr (cause->phrases, ==, lower);
      g_assert_null (strstr (cause->phrases, "||"));
    }
    g_assert_cmpint (pb_remedy_label (cause->remedy) == NULL, ==, cause->remedy == PB_REMEDY_NONE);
    g_assert_true (g_str_has_suffix (cause->effect, "."));
    g_assert_true (g_str_has_suffix (cause->advice, "."));
    g_assert_false (g_str_has_suffix (cause->title, "."));
    g_assert_nonnull (strstr (cause->title_where, "%s"));
  }
  g_assert_cmpuint (g_hash_table_size (ids), >=, 40);
  for (int code = PB_ERROR_SIGN_IN; code <= PB_ERROR_TOO_LARGE; code++)
    g_assert_true (g_hash_table_contains (closed, GINT_TO_POINTER (code)));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problem-causes/said", test_said);
  g_test_add_func ("/problem-causes/certificates", test_certificates);
  g_test_add_func ("/problem-causes/network", test_network);
  g_test_add_func ("/problem-causes/table", test_table);
  return g_test_run ();
}
