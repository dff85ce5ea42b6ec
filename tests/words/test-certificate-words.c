/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Words for each fault of a certificate, and what a person can compare. */

#include "pb-certificate-words.h"

#include <string.h>

#include "pb-error.h"

#define NEW_YEAR_2021 1609459200
#define DAY (24 * 60 * 60)
#define OLD "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static PbCertificateWords *
make_words (const char *file, GTlsCertificateFlags flags, const char *accepted, gint64 now) {
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "net", "certificates", file, NULL);
  g_autoptr (GError) failure = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &failure);
  g_autoptr (GError) error = g_error_new (PB_ERROR, PB_ERROR_CERTIFICATE, "not trusted");

  g_assert_no_error (failure);
  pb_error_set_certificate (error, certificate, flags);
  return pb_certificate_words_new (error, "pop.example.org", 995, accepted, now);
}

static void
test_faults (void) {
  static const struct {
    GTlsCertificateFlags flags;
    const char *accepted;
    const char *title;
    const char *reason;
  } cases[] = {
    { G_TLS_CERTIFICATE_EXPIRED, NULL, "has expired", "expired 3 days ago" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, NULL, "Nobody vouches", "The server vouches for itself" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, NULL, "another server", "localhost" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, OLD, "another certificate", "not the certificate that you" },
    { G_TLS_CERTIFICATE_REVOKED, NULL, "revoked", "revoked" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, NULL, "cannot be trusted", "not valid yet" },
    { G_TLS_CERTIFICATE_INSECURE, NULL, "cannot be trusted", "not secure any more" },
    { G_TLS_CERTIFICATE_NO_FLAGS, NULL, "cannot be trusted", "could not be checked" },
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbCertificateWords) words =
      make_words ("expired.pem", cases[i].flags, cases[i].accepted, NEW_YEAR_2021 + 3 * DAY);
    g_assert_nonnull (strstr (words->title, cases[i].title));
    g_assert_nonnull (strstr (words->reasons[0], cases[i].reason));
    /* Each has words of its own. */
    g_assert_true (g_hash_table_add (seen, g_strdup (words->reasons[0])));
    g_assert_nonnull (strstr (words->binding, "pop.example.org"));
    g_assert_nonnull (strstr (words->binding, "995"));
    g_assert_cmpuint (strlen (words->fingerprint), ==, 64);
    g_assert_cmpint (words->accepted != NULL, ==, cases[i].accepted != NULL);
  }
}

static void
test_all_at_once (void) {
  g_autoptr (PbCertificateWords) words = make_words (
    "expired.pem",
    G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_BAD_IDENTITY | G_TLS_CERTIFICATE_UNKNOWN_CA, OLD,
    NEW_YEAR_2021 + DAY);

  g_assert_cmpuint (g_strv_length (words->reasons), ==, 4);
  g_assert_nonnull (strstr (words->reasons[3], "expired 1 day ago"));
}

static void
test_chain (void) {
  g_autoptr (PbCertificateWords) words =
    make_words ("expired.pem", G_TLS_CERTIFICATE_EXPIRED, OLD, NEW_YEAR_2021);
  const PbCertificateFacts *facts = words->chain->pdata[0];

  g_assert_cmpuint (words->chain->len, ==, 1);
  g_assert_nonnull (strstr (facts->subject, "localhost"));
  g_assert_nonnull (strstr (facts->names, "localhost"));
  g_assert_cmpstr (facts->valid_from, ==, "2020-01-01");
  g_assert_cmpstr (facts->valid_until, ==, "2020-12-31");
  g_assert_cmpuint (strlen (facts->sha256), ==, 95);
  g_assert_cmpuint (strlen (facts->sha1), ==, 59);
  g_assert_true (g_str_has_prefix (words->accepted, "00:11:22:33"));
  /* Only forgetfulness is told apart from what an attack looks like. */
  g_autoptr (PbCertificateWords) forgotten =
    make_words ("expired.pem", G_TLS_CERTIFICATE_EXPIRED, NULL, NEW_YEAR_2021);
  g_assert_cmpstr (words->risk, !=, forgotten->risk);
}

static void
test_no_certificate (void) {
  g_autoptr (GError) error = g_error_new (PB_ERROR, PB_ERROR_CONNECT, "no");

  g_assert_null (pb_certificate_words_new (error, "pop.example.org", 995, NULL, 0));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/certificate/faults", test_faults);
  g_test_add_func ("/words/certificate/all-at-once", test_all_at_once);
  g_test_add_func ("/words/certificate/chain", test_chain);
  g_test_add_func ("/words/certificate/no-certificate", test_no_certificate);
  return g_test_run ();
}
