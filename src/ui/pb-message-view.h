/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The right pane: one message, read, parsed and made into a document by others, shown here. */

#pragma once

#include <gtk/gtk.h>

#include "pb-conversation-strip.h"
#include "pb-message-item.h"
#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_MESSAGE_VIEW (pb_message_view_get_type ())
G_DECLARE_FINAL_TYPE (PbMessageView, pb_message_view, PB, MESSAGE_VIEW, GtkWidget)

/* Signals:
 * "shown" (PbMessageItem): this message is complete on the screen.
 * "body-shown" (): the same, also for a message that is in no list.
 * "at-end" (): nothing is left to scroll.
 * "notice" (char *text): something was done; for a toast.
 * "failed" (GError): something else than showing the message failed.
 *
 * Properties: "narrow" (the pane is alone), "prefer-text" (plain text where there is a choice),
 * "charset" (chosen for the present message, "" for what it says), "zoom" (tenths above or below
 * the usual size). */

void pb_message_view_set_profile (PbMessageView *self, PbProfile *profile);

/* Without a profile: where files are kept that may be thrown away. */
void pb_message_view_set_cache_dir (PbMessageView *self, const char *cache_dir);

/* What is remembered of reading; NULL for nothing. Once. */
void pb_message_view_set_settings (PbMessageView *self, GSettings *settings);

/* Says why there is no message. */
void pb_message_view_show_error (PbMessageView *self, const GError *error);

/* A message that is in no list. */
void pb_message_view_show_bytes (PbMessageView *self, GBytes *bytes);

/* The lines above the message; borrowed. What they choose is set by whoever listens. */
PbConversationStrip *pb_message_view_get_strip (PbMessageView *self);

/* Which message; NULL for none. What was asked for before and has not come yet is never shown. */
void pb_message_view_set_item (PbMessageView *self, PbMessageItem *item);
PbMessageItem *pb_message_view_get_item (PbMessageView *self);

/* While no message is shown: how many are selected, to which the buttons then apply. */
void pb_message_view_set_count (PbMessageView *self, guint count);

/* See pb_html_view_warm_up (). */
void pb_message_view_warm_up (PbMessageView *self);

void pb_message_view_read_on (PbMessageView *self);

/* Steps of a tenth; 0 is as large as usual. */
void pb_message_view_zoom (PbMessageView *self, int steps);

G_END_DECLS
