/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The beginning of a message that lies on a server, read there by TOP and decoded. */

#pragma once

#include <gtk/gtk.h>

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

#define PB_SERVER_PREVIEW_LINES 40

#define PB_TYPE_SERVER_PREVIEW (pb_server_preview_get_type ())
G_DECLARE_FINAL_TYPE (PbServerPreview, pb_server_preview, PB, SERVER_PREVIEW, GtkWidget)

/* What was asked for before and has not come yet is never shown. @row NULL for none. */
void pb_server_preview_show (PbServerPreview *self, PbServerMailbox *mailbox, PbServerRow *row);

G_END_DECLS
