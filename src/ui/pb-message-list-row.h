/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message in the list: unread dot, sender, date, subject, one line of preview, small marks. */

#pragma once

#include <gtk/gtk.h>

#include "pb-conversation-rows.h"
#include "pb-message-item.h"
#include "pb-search-query.h"

G_BEGIN_DECLS

#define PB_TYPE_MESSAGE_LIST_ROW (pb_message_list_row_get_type ())
G_DECLARE_FINAL_TYPE (PbMessageListRow, pb_message_list_row, PB, MESSAGE_LIST_ROW, GtkWidget)

/* @around is the item of the list view that holds the row as long as it lives; a click activates
 * it. */
GtkWidget *pb_message_list_row_new (GtkListItem *around);

/* NULL clears it. */
/* @query: what was searched for, to be marked; NULL for nothing. */
void
pb_message_list_row_set_item (PbMessageListRow *self, PbMessageItem *item, PbSearchQuery *query);

/* The whole row, which stands for @sum, as one sentence, for people who hear it. @now in seconds
 * since 1970. Pure. */
char *pb_message_list_row_describe (const PbMessageRow *row,
                                    const PbConversationSummary *sum,
                                    gint64 now);

G_END_DECLS
