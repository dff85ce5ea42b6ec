/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The summary before the marks of a server mailbox are applied: how many, how large, and what has
 * no copy here. */

#pragma once

#include <gtk/gtk.h>

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

/* @apply is called once when the person agrees. */
void pb_server_apply_dialog_present (GtkWindow *parent,
                                     PbServerMailbox *mailbox,
                                     void (*apply) (gpointer data),
                                     gpointer data);

G_END_DECLS
