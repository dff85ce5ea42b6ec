/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The HTML document that the reading pane shows for a message: made of cleaned markup or of plain
 * text, with its own style and content security policy. Safe by construction: whatever the message
 * holds, the document has no script, form, frame, object, base, meta refresh, link element, event
 * handler, or reference to anything but cid: (answered by the program) and links that a person
 * follows. */

#pragma once

#include "pb-message.h"

G_BEGIN_DECLS

typedef struct {
  gboolean prefer_text; /* show the plain text where there is a choice */
  gboolean dark;        /* for a dark window */
} PbDocumentOptions;

typedef struct {
  char *html;          /* a whole document, UTF-8 */
  guint remote_images; /* references to remote pictures that were left out */
} PbDocument;

/* Blocking and pure; for a worker thread. Never fails: a message without anything to show gives a
 * document that says so in the language of the locale. */
PbDocument *pb_document_new (PbMessage *message,
                             const PbDocumentOptions *options) G_GNUC_WARN_UNUSED_RESULT;
void pb_document_free (PbDocument *self);

void pb_document_load_async (PbMessage *message,
                             const PbDocumentOptions *options,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
PbDocument *pb_document_load_finish (GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbDocument, pb_document_free)

G_END_DECLS
