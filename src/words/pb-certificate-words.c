/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sentences for each flag, and facts read from the certificate. Who issued what is not judged here:
 * the connector did that. */

#include "config.h"

#include "pb-certificate-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-error.h"
#include "pb-format.h"

#define CHAIN_MAX 10
#define NAMES_MAX 20
#define NAME_MAX_CHARS 256
#define SECONDS_PER_DAY (24 * 60 * 60)

/* ---- Facts ---- */

static void
facts_free (gpointer data) {
  PbCertificateFacts *facts = data;

  g_free (facts->subject);
  g_free (facts->issuer);
  g_free (facts->names);
  g_free (facts->valid_from);
  g_free (facts->valid_until);
  g_free (facts->sha256);
  g_free (facts->sha1);
  g_free (facts);
}

/* Takes @name, which may be NULL. */
static char *
clean_name (char *name) {
  g_autofree char *owned = g_utf8_make_valid (name ? name : "", -1);
  g_autofree char *cut =
    g_utf8_substring (owned, 0, MIN (g_utf8_strlen (owned, -1), NAME_MAX_CHARS));
  g_autofree char *clean = pb_format_clean (cut);

  g_free (name);
  return *clean ? pb_format_isolate (clean) : g_strdup ("");
}

/* "ab12" as "AB:12". */
static char *
with_colons (const char *digits) {
  GString *out = g_string_new (NULL);

  for (gsize i = 0; digits[i]; i++) {
    if (i > 0 && i % 2 == 0)
      g_string_append_c (out, ':');
    g_string_append_c (out, g_ascii_toupper (digits[i]));
  }
  return g_string_free (out, FALSE);
}

static char *
digest (GTlsCertificate *certificate, GChecksumType type) {
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return der ? g_compute_checksum_for_data (type, der->data, der->len) : g_strdup ("");
}

/* Takes @when, which may be NULL. */
static char *
format_day (GDateTime *when) {
  char *day = when ? g_date_time_format (when, "%Y-%m-%d") : NULL;

  g_clear_pointer (&when, g_date_time_unref);
  return day ? day : g_strdup ("");
}

static char *
list_names (GTlsCertificate *certificate) {
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; names && i < MIN (names->len, NAMES_MAX); i++) {
    gsize length;
    const char *bytes = g_bytes_get_data (names->pdata[i], &length);
    g_autofree char *name = clean_name (g_strndup (bytes ? bytes : "", length));
    g_string_append_printf (list, "%s%s", list->len ? ", " : "", name);
  }
  return g_strdup (list->str);
}

static PbCertificateFacts *
facts_new (GTlsCertificate *certificate) {
  PbCertificateFacts *facts = g_new0 (PbCertificateFacts, 1);
  g_autofree char *sha256 = digest (certificate, G_CHECKSUM_SHA256);
  g_autofree char *sha1 = digest (certificate, G_CHECKSUM_SHA1);

  facts->subject = clean_name (g_tls_certificate_get_subject_name (certificate));
  facts->issuer = clean_name (g_tls_certificate_get_issuer_name (certificate));
  facts->names = list_names (certificate);
  facts->valid_from = format_day (g_tls_certificate_get_not_valid_before (certificate));
  facts->valid_until = format_day (g_tls_certificate_get_not_valid_after (certificate));
  facts->sha256 = with_colons (sha256);
  facts->sha1 = with_colons (sha1);
  return facts;
}

static GPtrArray *
read_chain (GTlsCertificate *certificate) {
  GPtrArray *chain = g_ptr_array_new_with_free_func (facts_free);

  for (GTlsCertificate *one = certificate; one && chain->len < CHAIN_MAX;
       one = g_tls_certificate_get_issuer (one))
    g_ptr_array_add (chain, facts_new (one));
  return chain;
}

/* ---- Words ---- */

/* Whole days since, at least 0; takes @when, which may be NULL. */
static guint
days_between (GDateTime *when, gint64 now) {
  gint64 seconds = when ? now - g_date_time_to_unix (when) : 0;

  g_clear_pointer (&when, g_date_time_unref);
  return (guint) (MAX (seconds, 0) / SECONDS_PER_DAY);
}

static char *
say_expired (GTlsCertificate *certificate, gint64 now) {
  guint days = days_between (g_tls_certificate_get_not_valid_after (certificate), now);

  if (days == 0)
    return g_strdup (_ ("The certificate has expired."));
  return g_strdup_printf (
    ngettext ("The certificate expired %u day ago.", "The certificate expired %u days ago.", days),
    days);
}

static char *
say_other_name (const char *host, const PbCertificateFacts *facts) {
  g_autofree char *server = pb_format_isolate (host);
  const char *names = *facts->names ? facts->names : facts->subject;

  /* Translators: the names in the certificate, then the name of the server. */
  return g_strdup_printf (_ ("The certificate is for %s, not for %s."), names, server);
}

static char *
say_unknown_issuer (const PbCertificateFacts *facts) {
  if (strcmp (facts->subject, facts->issuer) == 0)
    return g_strdup (_ ("The server vouches for itself: nobody that this computer trusts has "
                        "issued the certificate."));
  return g_strdup_printf (_ ("It was issued by %s, whom this computer does not trust."),
                          facts->issuer);
}

static GStrv
list_reasons (GTlsCertificate *certificate,
              GTlsCertificateFlags flags,
              const char *host,
              const PbCertificateFacts *facts,
              gboolean changed,
              gint64 now) {
  g_autoptr (GStrvBuilder) reasons = g_strv_builder_new ();
  g_autofree char *expired = say_expired (certificate, now);
  g_autofree char *name = say_other_name (host, facts);
  g_autofree char *issuer = say_unknown_issuer (facts);
  const struct {
    gboolean given;
    const char *sentence;
  } all[] = {
    { changed, _ ("It is not the certificate that you accepted before for this server.") },
    { flags & G_TLS_CERTIFICATE_REVOKED, _ ("Its issuer has revoked the certificate.") },
    { flags & G_TLS_CERTIFICATE_BAD_IDENTITY, name },
    { flags & G_TLS_CERTIFICATE_UNKNOWN_CA, issuer },
    { flags & G_TLS_CERTIFICATE_EXPIRED, expired },
    { flags & G_TLS_CERTIFICATE_NOT_ACTIVATED,
      _ ("The certificate is not valid yet; check the clock of this computer.") },
    { flags & G_TLS_CERTIFICATE_INSECURE, _ ("It uses a method that is not secure any more.") },
    { flags & G_TLS_CERTIFICATE_GENERIC_ERROR, _ ("It could not be checked.") },
  };
  gboolean any = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    if (all[i].given)
      g_strv_builder_add (reasons, all[i].sentence);
    any |= all[i].given != 0;
  }
  if (!any)
    g_strv_builder_add (reasons, _ ("It could not be checked."));
  return g_strv_builder_end (reasons);
}

static const char *
choose_title (GTlsCertificateFlags flags, gboolean changed) {
  if (changed)
    return _ ("The server has another certificate than the one you accepted");
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return _ ("The certificate of the server was revoked");
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _ ("The certificate belongs to another server");
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _ ("Nobody vouches for the certificate of the server");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return _ ("The certificate of the server has expired");
  return _ ("The certificate of the server cannot be trusted");
}

/* Expiry alone is most often somebody's forgetfulness; the rest is what an attack looks like. */
static const char *
choose_risk (GTlsCertificateFlags flags, gboolean changed) {
  if (!changed && flags == G_TLS_CERTIFICATE_EXPIRED)
    return _ ("Most often somebody forgot to renew it; but nobody can tell any more whether the "
              "key is still safe, and whoever has it could read your password and all your "
              "mail.");
  return _ ("This is also what it looks like when somebody between you and the server wants to "
            "read your password and all your mail.");
}

PbCertificateWords *
pb_certificate_words_new (const GError *error,
                          const char *host,
                          guint port,
                          const char *accepted,
                          gint64 now) {
  g_return_val_if_fail (host != NULL, NULL);

  GTlsCertificate *certificate = pb_error_get_certificate (error);
  GTlsCertificateFlags flags = pb_error_get_certificate_flags (error);
  if (!certificate)
    return NULL;
  PbCertificateWords *self = g_new0 (PbCertificateWords, 1);
  gboolean changed = accepted && *accepted;
  g_autofree char *server = pb_format_isolate (host);
  self->chain = read_chain (certificate);
  self->fingerprint = digest (certificate, G_CHECKSUM_SHA256);
  self->accepted = changed ? with_colons (accepted) : NULL;
  self->title = g_strdup (choose_title (flags, changed));
  self->reasons = list_reasons (certificate, flags, host, self->chain->pdata[0], changed, now);
  self->risk = g_strdup (choose_risk (flags, changed));
  self->binding = g_strdup_printf (
    _ ("Nothing was sent yet. An exception holds for %s, port %u, and this one certificate."),
    server, port);
  return self;
}

void
pb_certificate_words_free (PbCertificateWords *self) {
  if (!self)
    return;
  g_free (self->title);
  g_strfreev (self->reasons);
  g_free (self->risk);
  g_free (self->binding);
  g_ptr_array_unref (self->chain);
  g_free (self->fingerprint);
  g_free (self->accepted);
  g_free (self);
}
