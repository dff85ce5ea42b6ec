/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One attachment of a message. Keeps the message's bytes alive. Immutable; safe in every thread. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PB_TYPE_ATTACHMENT (pb_attachment_get_type ())
G_DECLARE_FINAL_TYPE (PbAttachment, pb_attachment, PB, ATTACHMENT, GObject)

/* The name as sent, decoded, never NULL ("" without one); untrusted: for --json only. */
const char *pb_attachment_get_name (PbAttachment *self);

/* A name safe to show and to save under: no path, no control or direction characters, not hidden,
 * not empty (made up from the type where the message gives none), at most 200 bytes, its ending
 * kept. */
const char *pb_attachment_get_safe_name (PbAttachment *self);

/* "type/subtype", lower case. */
const char *pb_attachment_get_content_type (PbAttachment *self);

/* Decoded octets, counted when the message was read. */
guint64 pb_attachment_get_size (PbAttachment *self);

gboolean pb_attachment_is_inline (PbAttachment *self);
const char *pb_attachment_get_content_id (PbAttachment *self); /* without brackets, or NULL */

/* TRUE for an envelope (winmail.dat) whose content is among the attachments too. */
gboolean pb_attachment_is_opened (PbAttachment *self);

/* The decoded content. Blocking. */
GBytes *pb_attachment_dup_bytes (PbAttachment *self);

/* Decodes into @stream, in slices, never whole in memory. Blocking. */
gboolean pb_attachment_write (PbAttachment *self,
                              GOutputStream *stream,
                              GCancellable *cancellable,
                              GError **error);

/* Writes into @file in a worker thread, replacing what is there; on failure or cancel what was
 * there before is untouched. */
void pb_attachment_save_async (PbAttachment *self,
                               GFile *file,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pb_attachment_save_finish (PbAttachment *self, GAsyncResult *result, GError **error);

G_END_DECLS
