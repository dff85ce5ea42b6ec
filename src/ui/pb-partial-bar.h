/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A quiet line above a message of which only the beginning is here, with a button that fetches the
 * rest. Hides itself for every other message. */

#pragma once

#include <gtk/gtk.h>

#include "pb-message-item.h"
#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_PARTIAL_BAR (pb_partial_bar_get_type ())
G_DECLARE_FINAL_TYPE (PbPartialBar, pb_partial_bar, PB, PARTIAL_BAR, GtkWidget)

/* Signals:
 * "completed": the whole of the message is here now; what is shown of it is out of date.
 * "failed" (GError): the rest did not come; the next checks try again. */

/* Once, before an item is set. */
void pb_partial_bar_set_profile (PbPartialBar *self, PbProfile *profile);

/* NULL for none. */
void pb_partial_bar_set_item (PbPartialBar *self, PbMessageItem *item);

G_END_DECLS
