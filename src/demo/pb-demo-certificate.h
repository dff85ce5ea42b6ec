/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Certificates that are made on the spot and trusted by nobody who was not told to. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A new self-signed certificate with its key for "localhost", 127.0.0.1 and ::1, valid for a day.
 * NULL and G_TLS_ERROR_MISC when it cannot be made. */
GTlsCertificate *pb_demo_certificate_new (GError **error);

/* Its SHA-256 in lower-case hex, as accounts keep it. */
char *pb_demo_certificate_fingerprint (GTlsCertificate *certificate);

G_END_DECLS
