/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message of a conversation in one line: who, how it begins, in which other folder, when. */

#pragma once

#include <gtk/gtk.h>

#include "pb-mail-store.h"
#include "pb-message-item.h"

G_BEGIN_DECLS

#define PB_TYPE_CONVERSATION_LINE (pb_conversation_line_get_type ())
G_DECLARE_FINAL_TYPE (PbConversationLine,
                      pb_conversation_line,
                      PB,
                      CONVERSATION_LINE,
                      GtkListBoxRow)

GtkWidget *pb_conversation_line_new (PbMailStore *store, PbMessageItem *item);

/* Borrowed. */
PbMessageItem *pb_conversation_line_get_item (PbConversationLine *self);

G_END_DECLS
