/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing and comparing of server addresses. */

#include "pb-endpoint.h"

#include <string.h>

#include "pb-error.h"

G_DEFINE_BOXED_TYPE (PbEndpoint, pb_endpoint, pb_endpoint_copy, pb_endpoint_free)

static const char *const security_names[] = {
  [PB_SECURITY_TLS] = "tls",
  [PB_SECURITY_STARTTLS] = "starttls",
  [PB_SECURITY_NONE] = "none",
};

PbEndpoint *
pb_endpoint_new (const char *host, guint16 port, PbSecurity security) {
  g_return_val_if_fail (host != NULL, NULL);

  PbEndpoint *self = g_new0 (PbEndpoint, 1);
  self->host = g_ascii_strdown (host, -1);
  self->port = port ? port : security == PB_SECURITY_TLS ? 995 : 110;
  self->security = security;
  return self;
}

PbEndpoint *
pb_endpoint_copy (const PbEndpoint *self) {
  return self ? pb_endpoint_new (self->host, self->port, self->security) : NULL;
}

void
pb_endpoint_free (PbEndpoint *self) {
  if (!self)
    return;
  g_free (self->host);
  g_free (self);
}

gboolean
pb_endpoint_equal (const PbEndpoint *a, const PbEndpoint *b) {
  return a == b || (a && b && a->port == b->port && a->security == b->security &&
                    strcmp (a->host, b->host) == 0);
}

static gboolean
host_is_usable (const char *host) {
  gsize length = strlen (host);

  if (length == 0 || length > 255 || !g_utf8_validate (host, -1, NULL))
    return FALSE;
  for (const char *p = host; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_isspace (c) || g_unichar_iscntrl (c) ||
        (c < 0x80 && strchr ("/@[]\"'<>\\,;", (int) c)))
      return FALSE;
  }
  return TRUE;
}

/* Cuts @text in place; @port is NULL where none is given. */
static void
split (char *text, char **host, char **port) {
  char *colon = strrchr (text, ':');
  char *bracket = strrchr (text, ']');

  *host = text;
  *port = NULL;
  if (*text == '[' && bracket) {
    *host = text + 1;
    *bracket = '\0';
    if (bracket[1] == ':')
      *port = bracket + 2;
    else if (bracket[1] != '\0')
      *host = bracket + 1 + strlen (bracket + 1);
    return;
  }
  if (colon && strchr (text, ':') == colon) {
    *colon = '\0';
    *port = colon + 1;
  }
}

PbEndpoint *
pb_endpoint_parse (const char *text, PbSecurity security, GError **error) {
  g_return_val_if_fail (text != NULL, NULL);

  g_autofree char *copy = g_strstrip (g_strdup (text));
  char *host, *port;
  guint64 number = 0;

  split (copy, &host, &port);
  if (!host_is_usable (host) ||
      (port && !g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not a server address: “%s”", text);
    return NULL;
  }
  return pb_endpoint_new (host, (guint16) number, security);
}

char *
pb_endpoint_to_string (const PbEndpoint *self) {
  return g_strdup_printf (strchr (self->host, ':') ? "[%s]:%u" : "%s:%u", self->host, self->port);
}

const char *
pb_security_to_string (PbSecurity security) {
  return security_names[security];
}

gboolean
pb_security_from_string (const char *text, PbSecurity *security) {
  for (guint i = 0; i < G_N_ELEMENTS (security_names); i++) {
    if (g_strcmp0 (text, security_names[i]) == 0) {
      *security = (PbSecurity) i;
      return TRUE;
    }
  }
  return FALSE;
}
