/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The summary before the marks of a server mailbox are applied: how many, how large, and what has
 * no copy here. */

#pragma once

#include <gtk/gtk.h>

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

/* @apply is called when the person agrees, with @owner, a GObject that is kept until then. */
void pb_server_apply_dialog_present (GtkWindow *parent,
                                     PbServerMailbox *mailbox,
                                     void (*apply) (gpointer owner),
                                     gpointer owner);

G_END_DECLS
