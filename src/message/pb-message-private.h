/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the document is made of. Within this layer only. */

#pragma once

#include "pb-message.h"

G_BEGIN_DECLS

/* One decoded body part. */
typedef struct {
  char *text; /* UTF-8 with LF, untrusted */
  gboolean is_html;
  gboolean flowed; /* format=flowed (RFC 3676) */
  gboolean delsp;
  char *location; /* Content-Location, what other parts are named relative to; or NULL */
} PbShownPart;

/* A stretch of the body in one or both forms; the parts belong to the message. */
typedef struct {
  GPtrArray *plain; /* of PbShownPart, without HTML */
  GPtrArray
    *rich; /* of PbShownPart, HTML and the plain text between; empty where there is no HTML */
} PbShownBlock;

/* GPtrArray of PbShownBlock, in order; belongs to the message. */
GPtrArray *pb_message_get_blocks (PbMessage *self);

/* The id under which pb_message_find_inline () finds the attachment at @index, whether or not it
 * has one of its own. */
char *pb_message_dup_inline_id (PbMessage *self, guint index);

/* The same for the part that @address means to markup with the Content-Location @base (may be
 * NULL): by Content-Location. NULL for none. */
char *pb_message_dup_inline_id_of_location (PbMessage *self, const char *address, const char *base);

/* The message that the attachment at @index is, read; NULL for what is none, and for one too deep
 * inside. Its own pictures have ids of this message by pb_message_dup_nested_prefix (). */
PbMessage *pb_message_get_nested (PbMessage *self, guint index);
char *pb_message_dup_nested_prefix (guint index);

G_END_DECLS
