/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Undoing of Content-Transfer-Encoding in slices. Within this layer only. */

#pragma once

#include <gio/gio.h>

#include "pb-part.h"

G_BEGIN_DECLS

/* FALSE with @error set ends the decoding. */
typedef gboolean (*PbTransferSink) (const guint8 *bytes,
                                    gsize length,
                                    gpointer data,
                                    GError **error);

/* Hands the decoded octets to @sink, at most 64 KiB at a time. Bytes are untrusted; bad ones are
 * passed over. Fails only as @sink or @cancellable do. */
gboolean pb_transfer_decode (PbEncoding encoding,
                             const char *bytes,
                             gsize length,
                             PbTransferSink sink,
                             gpointer sink_data,
                             GCancellable *cancellable,
                             GError **error);

/* The first @limit decoded octets (G_MAXSSIZE: all); *@cut, which may be NULL, tells whether there
 * are more. */
GString *pb_transfer_decode_all (PbEncoding encoding,
                                 const char *bytes,
                                 gsize length,
                                 gsize limit,
                                 gboolean *cut);

/* How many octets decoding gives. */
guint64 pb_transfer_count (PbEncoding encoding, const char *bytes, gsize length);

G_END_DECLS
