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
  gboolean prefer_text;     /* show the plain text where there is a choice */
  gboolean dark;            /* for a dark window */
  gboolean original_colors; /* in a dark window, on white paper as it was made */
  /* Where remote pictures are kept that may be shown; NULL: show none. Must outlive the call; the
   * asynchronous one copies it. */
  const char *pictures_dir;
} PbDocumentOptions;

/* A remote picture that was left out. */
typedef struct {
  char *address;
  gboolean is_tracker; /* made to tell that the message is read; never to be fetched */
} PbRemotePicture;

typedef struct {
  char *html;            /* a whole document, UTF-8 */
  guint remote_images;   /* references to remote pictures that were left out */
  GPtrArray *remote;     /* of PbRemotePicture: those of them that could be fetched, and trackers */
  guint trackers;        /* how many of them are trackers */
  gboolean is_recolored; /* light colours were turned into dark ones, or could be */
  GHashTable *odd_links; /* target of a link → what is odd about it, a sentence for people */
} PbDocument;

/* Where the picture of @address is kept in @pictures_dir. Pure. */
char *pb_document_picture_path (const char *pictures_dir, const char *address);

/* The same for what stands behind "cid:" in a document; NULL for what is no remote picture. */
char *pb_document_picture_path_of_id (const char *pictures_dir, const char *id);

/* "image/png" and so on for the beginning of a picture that a document may show; NULL for all
 * else. */
const char *pb_document_picture_type (const guint8 *data, gsize length);

/* Blocking; looks only at the message and into the folder of pictures; for a worker thread. Never
 * fails: a message without anything to show gives a document that says so in the language of the
 * locale. */
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
