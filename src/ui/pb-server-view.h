/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The mailbox of an account as it lies on its server: what is there, what of it is here, what fills
 * it; and from here it is cleaned. Takes the place of the list and the message. */

#pragma once

#include <gtk/gtk.h>

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

#define PB_TYPE_SERVER_VIEW (pb_server_view_get_type ())
G_DECLARE_FINAL_TYPE (PbServerView, pb_server_view, PB, SERVER_VIEW, GtkWidget)

/* Properties: "folded" (the folders are hidden), "narrow" (one pane at a time). */

/* Whose mailbox; NULL for none. It is opened when the view is shown. */
void pb_server_view_set_mailbox (PbServerView *self, PbServerMailbox *mailbox);

G_END_DECLS
