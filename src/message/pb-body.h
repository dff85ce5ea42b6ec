/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which parts of a message are its body, in which order and with which alternatives, and which are
 * attachments. Chooses, decodes nothing but what it is asked for. Within this layer only. */

#pragma once

#include "pb-part.h"

G_BEGIN_DECLS

/* A stretch of the body in one or both forms. The parts are borrowed from the tree. */
typedef struct {
  GPtrArray *plain; /* of PbPart, text/plain, may be empty */
  GPtrArray
    *rich; /* of PbPart, text/html with the text/plain between them; empty where there is no HTML */
} PbBodyBlock;

typedef struct {
  PbPart *part;
  gboolean is_related; /* belongs to a multipart/related and is not its root */
} PbBodyAttachment;

typedef struct {
  GPtrArray *blocks;   /* of PbBodyBlock */
  GArray *attachments; /* of PbBodyAttachment, in the order of the message */
} PbBody;

PbBody *pb_body_choose (PbPart *root) G_GNUC_WARN_UNUSED_RESULT;
void pb_body_free (PbBody *self);

/* A signature that some other part carries, not a thing of its own. */
gboolean pb_body_is_signature (const PbPart *part);

/* TRUE for text/html. */
gboolean pb_body_is_html (const PbPart *part);

/* The text of a body part of the message @data as UTF-8 with LF, at most @limit octets of it
 * decoded; *@cut, which may be NULL, tells whether there are more. */
char *pb_body_dup_text (const PbPart *part, const char *data, gsize limit, gboolean *cut);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbBody, pb_body_free)

G_END_DECLS
