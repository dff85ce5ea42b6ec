/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The error domain with its details. Turning an error into words for people is not done here. */

#include "pb-error.h"

#define SERVER_BYTES_MAX 512

typedef struct {
  char *server_text;
  char *server_bytes;
  char *response_code;
  GTlsCertificate *certificate;
  GTlsCertificateFlags certificate_flags;
  guint retry_after;
} PbErrorPrivate;

static void
pb_error_private_init (PbErrorPrivate *priv) {}

static void
pb_error_private_copy (const PbErrorPrivate *from, PbErrorPrivate *to) {
  to->server_text = g_strdup (from->server_text);
  to->server_bytes = g_strdup (from->server_bytes);
  to->response_code = g_strdup (from->response_code);
  g_set_object (&to->certificate, from->certificate);
  to->certificate_flags = from->certificate_flags;
  to->retry_after = from->retry_after;
}

static void
pb_error_private_clear (PbErrorPrivate *priv) {
  g_clear_pointer (&priv->server_text, g_free);
  g_clear_pointer (&priv->server_bytes, g_free);
  g_clear_pointer (&priv->response_code, g_free);
  g_clear_object (&priv->certificate);
}

G_DEFINE_EXTENDED_ERROR (PbError, pb_error)

static PbErrorPrivate *
details (const GError *error) {
  return error && error->domain == PB_ERROR ? pb_error_get_private (error) : NULL;
}

static char *
readable (const char *text) {
  GString *out = g_string_new (NULL);
  gboolean utf8 = g_utf8_validate (text, -1, NULL);

  for (const guchar *p = (const guchar *) text; *p; p++) {
    if (*p < 0x20 || *p == 0x7f)
      g_string_append_c (out, ' ');
    else if (*p < 0x80 || utf8)
      g_string_append_c (out, (char) *p);
    else
      g_string_append (out, "\357\277\275");
  }
  return g_strstrip (g_string_free (out, FALSE));
}

const char *
pb_error_get_server_text (const GError *error) {
  PbErrorPrivate *priv = details (error);
  return priv ? priv->server_text : NULL;
}

const char *
pb_error_get_server_bytes (const GError *error) {
  PbErrorPrivate *priv = details (error);
  return priv ? priv->server_bytes : NULL;
}

const char *
pb_error_get_response_code (const GError *error) {
  PbErrorPrivate *priv = details (error);
  return priv ? priv->response_code : NULL;
}

GTlsCertificate *
pb_error_get_certificate (const GError *error) {
  PbErrorPrivate *priv = details (error);
  return priv ? priv->certificate : NULL;
}

GTlsCertificateFlags
pb_error_get_certificate_flags (const GError *error) {
  PbErrorPrivate *priv = details (error);
  return priv ? priv->certificate_flags : 0;
}

guint
pb_error_get_retry_after (const GError *error) {
  PbErrorPrivate *priv = details (error);
  return priv ? priv->retry_after : 0;
}

void
pb_error_set_server_text (GError *error, const char *text) {
  PbErrorPrivate *priv = details (error);

  if (!priv)
    return;
  g_free (priv->server_text);
  priv->server_text = text && *text ? readable (text) : NULL;
}

void
pb_error_set_server_bytes (GError *error, const guint8 *bytes, gsize length) {
  PbErrorPrivate *priv = details (error);

  if (!priv)
    return;
  g_free (priv->server_bytes);
  priv->server_bytes = g_strndup ((const char *) bytes, MIN (length, SERVER_BYTES_MAX));
}

void
pb_error_set_response_code (GError *error, const char *code) {
  PbErrorPrivate *priv = details (error);

  if (!priv)
    return;
  g_free (priv->response_code);
  priv->response_code = code ? g_ascii_strup (code, -1) : NULL;
}

void
pb_error_set_certificate (GError *error, GTlsCertificate *certificate, GTlsCertificateFlags flags) {
  PbErrorPrivate *priv = details (error);

  if (!priv)
    return;
  g_set_object (&priv->certificate, certificate);
  priv->certificate_flags = flags;
}

void
pb_error_set_retry_after (GError *error, guint seconds) {
  PbErrorPrivate *priv = details (error);

  if (priv)
    priv->retry_after = seconds;
}
