/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The head of a message: subject, who, to whom, when. Everything that came from outside is
 * direction-isolated. */

#pragma once

#include <gtk/gtk.h>

#include "pb-message-row.h"
#include "pb-message.h"

G_BEGIN_DECLS

#define PB_TYPE_MESSAGE_HEADER (pb_message_header_get_type ())
G_DECLARE_FINAL_TYPE (PbMessageHeader, pb_message_header, PB, MESSAGE_HEADER, GtkWidget)

/* What is known from the list alone, while the message is read. */
void pb_message_header_set_row (PbMessageHeader *self, const PbMessageRow *row);

/* Everything. @received: when it came, for a message without a readable date. @own_address
 * becomes "me"; may be NULL. */
void pb_message_header_set_message (PbMessageHeader *self,
                                    PbMessage *message,
                                    gint64 received,
                                    const char *own_address);

/* Nothing selected: a label that is given the focus selects itself. */
void pb_message_header_unselect (PbMessageHeader *self);

/* "to me, Wei Chen and 3 others" from a GPtrArray of PbAddress; NULL for nobody. Pure. */
char *pb_message_header_describe_recipients (GPtrArray *addresses, const char *own_address);

G_END_DECLS
