/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The file in which a domain describes its mail servers ("config-v1.1.xml"): where it is, getting
 * it over HTTPS, and what it says of POP3. */

#pragma once

#include <gio/gio.h>

#include "pb-endpoint.h"

G_BEGIN_DECLS

typedef struct {
  PbEndpoint *endpoint;
  char *user; /* of the address it was asked for */
} PbAutoconfigServer;

void pb_autoconfig_server_free (PbAutoconfigServer *self);

/* Reads the POP3 servers that are protected: GPtrArray of PbAutoconfigServer, in the order of the
 * file, at most 16. @xml is untrusted; no entity is expanded, nothing is loaded. PB_ERROR_INVALID
 * when it is no such file. */
GPtrArray *pb_autoconfig_parse (const char *xml, gsize length, const char *address, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Where the file may be, NULL-terminated, best first. The address is not in it: a file for the
 * whole domain is enough. @port 0 for the usual one. */
GStrv pb_autoconfig_make_urls (const char *domain, guint16 port) G_GNUC_WARN_UNUSED_RESULT;

/* Gets @url. At most 5 s, 256 KiB, three redirections, HTTPS all the way. @ca_file: further trusted
 * issuers, or NULL. PB_ERROR_NOT_FOUND when the server has no such file, _CONNECT, _TIMEOUT,
 * _CERTIFICATE, _TOO_LARGE, _INSECURE (a redirection out of HTTPS), G_IO_ERROR_CANCELLED. */
void pb_autoconfig_fetch_async (const char *url,
                                const char *ca_file,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GBytes *pb_autoconfig_fetch_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbAutoconfigServer, pb_autoconfig_server_free)

G_END_DECLS
