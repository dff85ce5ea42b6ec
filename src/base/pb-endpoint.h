/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a server is: host, port, and how the connection is protected. An immutable value. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* RFC 8314 prefers implicit TLS; STARTTLS is the STLS command of RFC 2595. */
typedef enum {
  PB_SECURITY_TLS,
  PB_SECURITY_STARTTLS,
  PB_SECURITY_NONE,
} PbSecurity;

typedef struct {
  char *host;   /* as typed, trimmed, lower case; a name, IPv4, or IPv6 without brackets */
  guint16 port; /* never 0 */
  PbSecurity security;
} PbEndpoint;

#define PB_TYPE_ENDPOINT (pb_endpoint_get_type ())
GType pb_endpoint_get_type (void);

/* @port 0 stands for the usual one: 995 with PB_SECURITY_TLS, else 110. */
PbEndpoint *pb_endpoint_new (const char *host, guint16 port, PbSecurity security);
PbEndpoint *pb_endpoint_copy (const PbEndpoint *self);
void pb_endpoint_free (PbEndpoint *self);
gboolean pb_endpoint_equal (const PbEndpoint *a, const PbEndpoint *b);

/* Reads "HOST", "HOST:PORT", "[IPV6]" or "[IPV6]:PORT". @text is untrusted. PB_ERROR_INVALID when
 * the host is empty, longer than 255 bytes, has white space or control characters, or the port is
 * not 1–65535. */
PbEndpoint *pb_endpoint_parse (const char *text, PbSecurity security, GError **error);

/* "host:port", with brackets around an IPv6 address. */
char *pb_endpoint_to_string (const PbEndpoint *self);

/* "tls", "starttls", "none" and back; FALSE and @security untouched for anything else. */
const char *pb_security_to_string (PbSecurity security);
gboolean pb_security_from_string (const char *text, PbSecurity *security);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbEndpoint, pb_endpoint_free)

G_END_DECLS
