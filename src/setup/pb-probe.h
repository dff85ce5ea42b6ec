/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Knocks at a server to see whether it speaks POP3 over TLS: connects, reads the greeting, with
 * STARTTLS also goes over to TLS, and leaves. Nothing is signed in. */

#pragma once

#include <gio/gio.h>

#include "pb-endpoint.h"

G_BEGIN_DECLS

/* @endpoint: TLS or STARTTLS. Finishes with TRUE when a POP3 server is there. PB_ERROR_CERTIFICATE
 * when there is one with a certificate that is not trusted (with TLS from the start nothing was
 * read then: it may be another kind of server), _CONNECT, _TIMEOUT, _PROTOCOL (no POP3),
 * _UNSUPPORTED (no STLS), G_IO_ERROR_CANCELLED. @seconds: the
 * longest that TCP with TLS may take; a server that says nothing is left by cancelling. */
void pb_probe_async (const PbEndpoint *endpoint,
                     const char *ca_file,
                     guint seconds,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
gboolean pb_probe_finish (GAsyncResult *result, GError **error);

G_END_DECLS
