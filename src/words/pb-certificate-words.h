/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong with the certificate of a server, in words, and everything that a person can
 * compare before making an exception: the chain with names, dates and fingerprints. All names in a
 * certificate are its maker's choice: they come cleaned, in isolates. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One certificate of the chain. */
typedef struct {
  char *subject;
  char *issuer;
  char *names;      /* what it is for ("mail.example.org, example.org"), "" for none */
  char *valid_from; /* "2026-11-22", "" where unknown */
  char *valid_until;
  char *sha256; /* pairs of digits with colons */
  char *sha1;
} PbCertificateFacts;

typedef struct {
  char *title;       /* what is wrong most, without a full stop */
  GStrv reasons;     /* one sentence for each thing that is wrong, the worst first */
  char *risk;        /* what would be at risk with an exception, one sentence */
  char *binding;     /* what an exception would hold for, one sentence */
  GPtrArray *chain;  /* of PbCertificateFacts, the server's own first, at most 10 */
  char *fingerprint; /* SHA-256 of the server's own, lower-case hex: what an account keeps */
  char *accepted;    /* the one that was accepted before, with colons; NULL where none was */
} PbCertificateWords;

/* NULL when @error carries no certificate. @host and @port: the server; @accepted: the fingerprint
 * that the account keeps, or NULL; @now: seconds since 1970. */
PbCertificateWords *pb_certificate_words_new (const GError *error,
                                              const char *host,
                                              guint port,
                                              const char *accepted,
                                              gint64 now) G_GNUC_WARN_UNUSED_RESULT;
void pb_certificate_words_free (PbCertificateWords *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbCertificateWords, pb_certificate_words_free)

G_END_DECLS
