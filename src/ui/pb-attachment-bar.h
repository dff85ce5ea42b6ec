/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The foot of a message: what is attached, to open and to save. Hidden when there is nothing. */

#pragma once

#include <gtk/gtk.h>

#include "pb-message.h"

G_BEGIN_DECLS

#define PB_TYPE_ATTACHMENT_BAR (pb_attachment_bar_get_type ())
G_DECLARE_FINAL_TYPE (PbAttachmentBar, pb_attachment_bar, PB, ATTACHMENT_BAR, GtkWidget)

/* Signals:
 * "done" (char *text): something was saved; a sentence for a toast.
 * "failed" (GError),
 * "open-message" (GBytes): an attached message is to be shown. */

/* NULL for none. */
void pb_attachment_bar_set_message (PbAttachmentBar *self, PbMessage *message);

/* Where files go that are opened in other programs. */
void pb_attachment_bar_set_cache_dir (PbAttachmentBar *self, const char *cache_dir);

G_END_DECLS
