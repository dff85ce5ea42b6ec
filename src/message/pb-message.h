/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One parsed message, read-only, safe in every thread. The input is untrusted: nesting deeper than
 * 32 levels and parts beyond 1,000 are left unparsed and named in the problems. */

#pragma once

#include <gio/gio.h>

#include "pb-address.h"
#include "pb-attachment.h"

G_BEGIN_DECLS

#define PB_TYPE_MESSAGE (pb_message_get_type ())
G_DECLARE_FINAL_TYPE (PbMessage, pb_message, PB, MESSAGE, GObject)

/* Parses @bytes (kept by reference; a mapped file is fine). A leading mbox "From " line is
 * skipped. Blocking: a large message takes long, so not on the main thread. PB_ERROR_INVALID for
 * what is no message at all (empty input, or no header line). */
PbMessage *pb_message_new (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, with everything that is not plainly otherwise read in the character set @charset, which
 * a person chose: subject, names, body and file names. NULL for what the message says. */
PbMessage *
pb_message_new_as (GBytes *bytes, const char *charset, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE for a name that pb_message_new_as () can read by. */
gboolean pb_message_knows_charset (const char *charset);

/* The bytes it was made of. */
GBytes *pb_message_get_bytes (PbMessage *self);

/* The same as pb_message_new_as () in a worker thread. */
void pb_message_load_async (GBytes *bytes,
                            const char *charset,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
PbMessage *pb_message_load_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All returned values belong to the message. Strings are UTF-8. */
const char *pb_message_get_subject (PbMessage *self);    /* "" without one */
const char *pb_message_get_message_id (PbMessage *self); /* NULL without one */
gint64 pb_message_get_date (PbMessage *self); /* since 1970; G_MININT64 without a readable one */
GPtrArray *pb_message_get_from (PbMessage *self); /* of PbAddress, groups flattened */
GPtrArray *pb_message_get_to (PbMessage *self);
GPtrArray *pb_message_get_cc (PbMessage *self);
GPtrArray *pb_message_get_reply_to (PbMessage *self);

/* Decoded plain text: the plain one among alternatives, several text parts joined. NULL where the
 * message has only HTML. */
const char *pb_message_get_text (PbMessage *self);

/* TRUE when a text/html part is the body or an alternative of it. */
gboolean pb_message_has_html (PbMessage *self);

/* The decoded HTML as it came (untrusted!), joined where there are several parts; NULL without. */
const char *pb_message_get_html (PbMessage *self);

/* What counts as an attachment, in order (GPtrArray of PbAttachment): every part with
 * Content-Disposition: attachment, and every other leaf that is neither shown as body text nor a
 * signature. An attached message counts as one and is not entered. Parts of multipart/related and
 * pictures shown in place are "inline". */
GPtrArray *pb_message_get_attachments (PbMessage *self);

/* The part that "cid:@content_id" means; NULL when there is none. */
PbAttachment *pb_message_find_inline (PbMessage *self, const char *content_id);

/* Header block as it came, decoded only where it is not UTF-8; for "show source" and --headers. */
char *pb_message_dup_headers (PbMessage *self);

/* Oddities met while parsing (limits hit), for the reader; NULL-terminated, may be empty. */
const char *const *pb_message_get_problems (PbMessage *self);

G_END_DECLS
