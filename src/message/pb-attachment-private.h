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

G_END_DECLS
