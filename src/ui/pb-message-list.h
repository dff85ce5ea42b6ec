/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The middle pane: the messages of one place, any number of them selected. Decides nothing about
 * mail. */

#pragma once

#include <gtk/gtk.h>

#include "pb-message-model.h"

G_BEGIN_DECLS

#define PB_TYPE_MESSAGE_LIST (pb_message_list_get_type ())
G_DECLARE_FINAL_TYPE (PbMessageList, pb_message_list, PB, MESSAGE_LIST, GtkWidget)

/* Signals:
 * "selected" (PbMessageItem or NULL): another message is selected, or none, or several.
 * "opened" (PbMessageItem): a person opened this message (click, Return); it is selected already.
 * "read-on": Space was pressed: scroll the message, or go on to the next unread one.
 *
 * Properties: "folded" (the sidebar is hidden behind this pane), "narrow" (the pane is alone),
 * "grouped" (a row stands for a conversation; the selected messages are all of it then). */

/* Once, before a place is set. */
void pb_message_list_set_store (PbMessageList *self, PbMailStore *store);

void pb_message_list_set_place (PbMessageList *self, PbPlace *place);

/* Opens the search field, with the keys going to it. */
void pb_message_list_search (PbMessageList *self);

/* Closes it again; FALSE when it was not open. */
gboolean pb_message_list_end_search (PbMessageList *self);

/* TRUE while rows stand for conversations, which what was found by a search
 * never does. */
gboolean pb_message_list_get_grouped (PbMessageList *self);

/* Borrowed; NULL for a place that is not one folder. */
PbFolder *pb_message_list_get_folder (PbMessageList *self);

/* Borrowed; NULL unless exactly one message is selected. */
PbMessageItem *pb_message_list_get_selected (PbMessageList *self);

guint pb_message_list_get_n_selected (PbMessageList *self);

/* The ids of all selected messages, in order: a GArray of gint64. */
GArray *pb_message_list_get_selected_ids (PbMessageList *self);

/* Selects the message at @position and brings it into view; FALSE when there is none. */
gboolean pb_message_list_select (PbMessageList *self, guint position);

/* Opens the message @id as soon as it is listed here; forgotten when another place is. */
void pb_message_list_open_id (PbMessageList *self, gint64 id);

/* Before the selected messages go away: selects the one below, or above where there is none. */
void pb_message_list_step_aside (PbMessageList *self);

/* Selects and opens the next unread message, if there is one. */
void pb_message_list_open_next_unread (PbMessageList *self);

guint pb_message_list_get_count (PbMessageList *self);

G_END_DECLS
