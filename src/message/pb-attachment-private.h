/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making of attachments. Within this layer only. */

#pragma once

#include "pb-attachment.h"
#include "pb-part.h"

G_BEGIN_DECLS

/* @part is a leaf of the message @bytes, which are kept by reference. Decodes the part to count
 * its octets. */
PbAttachment *
pb_attachment_new (GBytes *bytes, const PbPart *part, gboolean is_inline) G_GNUC_WARN_UNUSED_RESULT;

/* An attachment that is no part of its own: @length bytes of @bytes from @start. Strings are
 * copied; @type is a MIME type, lower case. */
typedef struct {
  GBytes *bytes;
  gsize start;
  gsize length;
  PbEncoding encoding;
  const char *name;
  const char *type;
} PbAttachmentSource;

PbAttachment *
pb_attachment_new_from_source (const PbAttachmentSource *source) G_GNUC_WARN_UNUSED_RESULT;

/* What is in it was made attachments and text of the message. */
void pb_attachment_set_opened (PbAttachment *self);

/* At most @limit octets of the decoded content. */
GBytes *pb_attachment_dup_start (PbAttachment *self, gsize limit);

/* Content-Location, or NULL. */
const char *pb_attachment_get_location (PbAttachment *self);

G_END_DECLS
