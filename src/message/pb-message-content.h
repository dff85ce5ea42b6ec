/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Body and attachments of a message, read. Within this layer only. */

#pragma once

#include "pb-message-private.h"
#include "pb-part.h"

G_BEGIN_DECLS

typedef struct {
  char *text;             /* NULL without plain text */
  char *html;             /* NULL without HTML; as it came */
  GPtrArray *blocks;      /* of PbShownBlock */
  GPtrArray *attachments; /* of PbAttachment */
  gboolean cut;           /* there is more text than is shown */
  GPtrArray *shown;       /* of PbShownPart, which the blocks borrow */
} PbMessageContent;

/* @root was parsed from @bytes. */
PbMessageContent *pb_message_content_read (GBytes *bytes, PbPart *root) G_GNUC_WARN_UNUSED_RESULT;
void pb_message_content_free (PbMessageContent *self);

G_END_DECLS
