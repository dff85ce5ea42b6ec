/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names in a certificate are the server's choice: the transcript makes them fit to be shown. */

#include "pb-tls-facts.h"

#include "pb-connector.h"

#define NAME_MAX_LENGTH 256

G_GNUC_PRINTF (2, 3)
static void
note (PbTranscript *transcript, const char *format, ...) {
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  for (char *c = text; *c; c++) {
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  }
  pb_transcript_add_note (transcript, text);
}

/* Takes @name. */
static void
note_name (PbTranscript *transcript, const char *what, char *name) {
  g_autofree char *owned = name;

  if (name)
    note (transcript, "%s %.*s", what, NAME_MAX_LENGTH, name);
}

static void
note_validity (PbTranscript *transcript, GTlsCertificate *certificate) {
  g_autoptr (GDateTime) from = g_tls_certificate_get_not_valid_before (certificate);
  g_autoptr (GDateTime) until = g_tls_certificate_get_not_valid_after (certificate);
  g_autofree char *first = from ? g_date_time_format (from, "%Y-%m-%d") : NULL;
  g_autofree char *last = until ? g_date_time_format (until, "%Y-%m-%d") : NULL;

  if (first && last)
    note (transcript, "valid from %s to %s", first, last);
}

static void
note_fingerprint (PbTranscript *transcript, GTlsCertificate *certificate) {
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (!der)
    return;
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  note (transcript, "SHA-256 fingerprint %s", digest);
}

void
pb_tls_facts_note (PbTranscript *transcript, GIOStream *stream) {
  g_autofree char *description = pb_connector_describe (stream);

  pb_transcript_add_note (transcript, description ? description : "connected, not encrypted");
  if (!G_IS_TLS_CONNECTION (stream))
    return;
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (stream));
  if (!certificate)
    return;
  note_name (transcript, "certificate of", g_tls_certificate_get_subject_name (certificate));
  note_name (transcript, "issued by", g_tls_certificate_get_issuer_name (certificate));
  note_validity (transcript, certificate);
  note_fingerprint (transcript, certificate);
}
