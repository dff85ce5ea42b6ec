/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail on its way into one account's inbox, in the commit order that is the promise of Postbag.
 *
 * The owner writes messages one after the other; a store thread puts them into files. A batch (256
 * messages, or up to 1,024 while more wait for the disk, 32 MiB or 500 ms, whichever is first)
 * becomes durable in this order: every file written and synced → renamed into the Maildir → folder
 * synced → ledger durable → index. Then, and only then, "committed" is emitted. What is not
 * committed when the delivery ends in any way leaves no trace.
 *
 * Lives in the main context in which it was made; no call waits for the disk. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PB_TYPE_DELIVERY (pb_delivery_get_type ())
G_DECLARE_FINAL_TYPE (PbDelivery, pb_delivery, PB, DELIVERY, GObject)

/* Signals:
 * "committed" (GArray of guint: numbers; guint duplicates): these messages are durable here, or
 * were already: @duplicates of them had been stored before, recognised by their content, and were
 * not stored again.
 * "room" (): pb_delivery_is_full () became FALSE again.
 * "failed" (GError): disk or database failed; once; later writes are ignored. PB_ERROR_STORAGE…. */

/* Begins a message. @identity is what the server calls it (the bytes of its UIDL, or a fingerprint
 * as an identity, see pb-fingerprint.h; one that is not that of the message counts as none), or
 * NULL where it has no name; then the digest of its content stands for it. A complete message whose
 * content is here already, or was deleted here for good, is a duplicate, and @identity a further
 * name of it. @number comes back in "committed". */
void pb_delivery_begin (PbDelivery *self, guint number, GBytes *identity, gboolean partial);

/* TRUE when @number was ever begun with @partial: then "committed" does not tell whether all of it
 * is here. */
gboolean pb_delivery_began_partial (PbDelivery *self, guint number);

/* Bytes of the message begun last, line ends LF. Copied. */
void pb_delivery_write (PbDelivery *self, const guint8 *data, gsize length);

/* The message is complete; it will be in one of the next "committed". */
void pb_delivery_end (PbDelivery *self);

/* Forgets the message begun last; nothing when none is open. */
void pb_delivery_discard (PbDelivery *self);

/* More than 12 MiB wait for the disk: stop writing until "room". */
gboolean pb_delivery_is_full (PbDelivery *self);

/* Commits everything that was ended, emits what is left to emit, then completes. A message still
 * open is discarded. Cancelling does not stop the commit. After it the delivery takes nothing
 * more. */
void pb_delivery_finish_async (PbDelivery *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_delivery_finish_finish (PbDelivery *self, GAsyncResult *result, GError **error);

G_END_DECLS
