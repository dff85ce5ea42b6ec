/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A web view that shows the documents it is handed and nothing else. What is in them was cleaned
 * before; here are the second and third walls: no script of the document, no storage, no plug-in,
 * no navigation, no network; "cid:" is answered from the message. Scripts of the program run in a
 * world of their own. */

#pragma once

#include <gtk/gtk.h>

#include "pb-message.h"

G_BEGIN_DECLS

#define PB_TYPE_LOCKED_WEB (pb_locked_web_get_type ())
G_DECLARE_FINAL_TYPE (PbLockedWeb, pb_locked_web, PB, LOCKED_WEB, GtkWidget)

/* Signals:
 * "link-clicked" (char *uri): a person followed a link.
 * "link-hovered" (char *uri or NULL): the pointer is over a link, or the keyboard is on one; or
 *   on none.
 * "loaded" (): the document shown last is complete.
 * "failed" (): its web process ended, or did not finish within 10 s. */

/* @filter_dir: where the compiled rule "load nothing" is kept, or NULL for none. */
GtkWidget *pb_locked_web_new (const char *filter_dir);

/* Shows @html, a document of the message layer. @message answers its "cid:" pictures; may be
 * NULL. */
void pb_locked_web_show (PbLockedWeb *self, const char *html, PbMessage *message);

/* Where pictures of the web are that documents may show; NULL for none. */
void pb_locked_web_set_pictures_dir (PbLockedWeb *self, const char *pictures_dir);

/* The colour where a document has none. */
void pb_locked_web_set_background (PbLockedWeb *self, const GdkRGBA *color);

/* Runs a script of the program. Finishes with what it gives as TRUE or FALSE. */
void pb_locked_web_ask_async (PbLockedWeb *self,
                              const char *script,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pb_locked_web_ask_finish (PbLockedWeb *self, GAsyncResult *result, GError **error);

void pb_locked_web_set_zoom (PbLockedWeb *self, double zoom);

G_END_DECLS
