/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Opens a connection to a server: names, addresses, proxies, TCP, TLS. Decides whether a
 * certificate is good enough; says nothing on the connection itself. */

#pragma once

#include <gio/gio.h>

#include "pb-endpoint.h"

G_BEGIN_DECLS

/* The I/O priority of everything on the network: below redrawing, above idle. */
#define PB_NET_PRIORITY (G_PRIORITY_HIGH_IDLE + 30)

#define PB_TYPE_CONNECTOR (pb_connector_get_type ())
G_DECLARE_FINAL_TYPE (PbConnector, pb_connector, PB, CONNECTOR, GObject)

/* @trusted_certificate: SHA-256 of a certificate (DER) in lower-case hex that is good whatever
 * is wrong with it; @ca_file: PEM with issuers that are trusted besides the system's. Both may
 * be NULL. @timeout seconds, not 0. */
PbConnector *pb_connector_new (const PbEndpoint *endpoint,
                               const char *trusted_certificate,
                               const char *ca_file,
                               guint timeout);

/* @path: a PEM file with a certificate and its key, which the server may ask for; NULL for none. To
 * be called before connecting; PB_ERROR_INVALID then says that the file cannot be used. */
void pb_connector_set_client_certificate (PbConnector *self, const char *path);

/* TCP, and TLS where the endpoint has PB_SECURITY_TLS, within the timeout. The streams of the
 * result are pollable. Fails with PB_ERROR_CONNECT, _TIMEOUT, _CERTIFICATE, _INVALID (a file),
 * _UNSUPPORTED (no TLS on this system), G_IO_ERROR_CANCELLED; nothing was sent but the
 * handshake. */
void pb_connector_connect_async (PbConnector *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GIOStream *pb_connector_connect_finish (PbConnector *self, GAsyncResult *result, GError **error);

/* The TLS half alone, over an open connection, within the timeout again. Nothing else may use
 * @plain from now on. */
void pb_connector_secure_async (PbConnector *self,
                                GIOStream *plain,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GIOStream *pb_connector_secure_finish (PbConnector *self, GAsyncResult *result, GError **error);

/* Ends a connection at once, in both directions, without waiting for anything. The reference
 * stays the caller's. */
void pb_connector_drop (GIOStream *stream);

/* "TLS 1.3, TLS_AES_256_GCM_SHA384", or NULL for a connection without TLS. */
char *pb_connector_describe (GIOStream *stream);

G_END_DECLS
