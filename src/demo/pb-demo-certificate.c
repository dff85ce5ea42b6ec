/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A certificate by GnuTLS, handed to GIO as PEM. Nothing of it touches the disk. */

#include "pb-demo-certificate.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#define HOUR_SECONDS (60 * 60)
#define DAY_SECONDS (24 * HOUR_SECONDS)

typedef struct {
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} Maker;

static int
set_names (gnutls_x509_crt_t certificate) {
  static const guint8 ipv4[] = { 127, 0, 0, 1 };
  static const guint8 ipv6[16] = { [15] = 1 };
  static const char name[] = "localhost";
  int status;

  status = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                          strlen (name));
  if (status == 0)
    status = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                   (unsigned) strlen (name), GNUTLS_FSAN_SET);
  if (status == 0)
    status = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, ipv4,
                                                   sizeof ipv4, GNUTLS_FSAN_APPEND);
  if (status == 0)
    status = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, ipv6,
                                                   sizeof ipv6, GNUTLS_FSAN_APPEND);
  return status;
}

static int
set_serial (gnutls_x509_crt_t certificate) {
  guint8 serial[16];
  int status = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] &= 0x7f; /* positive */
  serial[0] |= 0x01;
  return status == 0 ? gnutls_x509_crt_set_serial (certificate, serial, sizeof serial) : status;
}

static int
set_times (gnutls_x509_crt_t certificate) {
  time_t now = time (NULL);
  /* An hour back, for clocks that were just set. */
  int status = gnutls_x509_crt_set_activation_time (certificate, now - HOUR_SECONDS);

  return status == 0 ? gnutls_x509_crt_set_expiration_time (certificate, now + DAY_SECONDS)
                     : status;
}

static int
make (Maker *maker) {
  int status = gnutls_x509_privkey_generate (maker->key, GNUTLS_PK_ECDSA,
                                             GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);

  if (status == 0)
    status = gnutls_x509_crt_set_version (maker->certificate, 3);
  if (status == 0)
    status = set_serial (maker->certificate);
  if (status == 0)
    status = set_times (maker->certificate);
  if (status == 0)
    status = set_names (maker->certificate);
  if (status == 0)
    status = gnutls_x509_crt_set_key (maker->certificate, maker->key);
  if (status == 0)
    status = gnutls_x509_crt_sign2 (maker->certificate, maker->certificate, maker->key,
                                    GNUTLS_DIG_SHA256, 0);
  return status;
}

static int
append_pem (Maker *maker, GString *pem) {
  gnutls_datum_t text = { NULL, 0 };
  int status = gnutls_x509_crt_export2 (maker->certificate, GNUTLS_X509_FMT_PEM, &text);

  if (status != 0)
    return status;
  g_string_append_len (pem, (const char *) text.data, text.size);
  gnutls_free (text.data);
  status = gnutls_x509_privkey_export2_pkcs8 (maker->key, GNUTLS_X509_FMT_PEM, NULL, 0, &text);
  if (status != 0)
    return status;
  g_string_append_len (pem, (const char *) text.data, text.size);
  gnutls_free (text.data);
  return 0;
}

GTlsCertificate *
pb_demo_certificate_new (GError **error) {
  g_autoptr (GString) pem = g_string_new (NULL);
  Maker maker = { NULL, NULL };

  int status = gnutls_x509_privkey_init (&maker.key);
  if (status == 0)
    status = gnutls_x509_crt_init (&maker.certificate);
  if (status == 0)
    status = make (&maker);
  if (status == 0)
    status = append_pem (&maker, pem);
  gnutls_x509_crt_deinit (maker.certificate);
  gnutls_x509_privkey_deinit (maker.key);
  if (status != 0) {
    g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_MISC, "no certificate: %s",
                 gnutls_strerror (status));
    return NULL;
  }
  return g_tls_certificate_new_from_pem (pem->str, (gssize) pem->len, error);
}

char *
pb_demo_certificate_fingerprint (GTlsCertificate *certificate) {
  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  g_autoptr (GByteArray) der = NULL;
  g_object_get (certificate, "certificate", &der, NULL);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}
