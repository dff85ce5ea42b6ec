/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two files of the message view share. */

#pragma once

#include <adwaita.h>

#include "pb-attachment-bar.h"
#include "pb-document.h"
#include "pb-html-view.h"
#include "pb-message-header.h"
#include "pb-message-view.h"
#include "pb-partial-bar.h"

G_BEGIN_DECLS

struct _PbMessageView {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *tools;
  PbConversationStrip *strip;
  AdwStatusPage *nothing;
  GtkWidget *menu;
  GtkWidget *star;
  GtkStack *stack;
  AdwStatusPage *problem;
  PbMessageHeader *header;
  PbPartialBar *partial;
  GtkRevealer *remote;
  GtkLabel *remote_text;
  GtkWidget *remote_button;
  GtkWidget *colors;
  GtkRevealer *warning;
  GtkLabel *warning_text;
  PbHtmlView *body;
  PbAttachmentBar *attachments;

  PbProfile *profile;
  GSettings *settings; /* NULL where nothing is remembered */
  char *cache_dir;
  PbMessageItem *item; /* NULL also for a message that is in no list */
  GSignalGroup *item_signals;
  PbMessage *message;          /* once it was read */
  GBytes *bytes;               /* of it */
  GPtrArray *remote_addresses; /* of char *: pictures that could be fetched */
  GCancellable *cancellable;
  guint hold;
  int zoom;
  char *charset; /* chosen for the present message; "" for what it says */
  gboolean narrow;
  gboolean prefer_text;
  gboolean with_pictures;   /* of the web, for the present message */
  gboolean original_colors; /* the same */
};

/* Where pictures of the web are kept; NULL without a place. */
char *_pb_message_view_dup_pictures_dir (PbMessageView *self);

/* The present message once more, in another dress. */
void _pb_message_view_remake (PbMessageView *self);

/* The same from its bytes, in another character set. */
void _pb_message_view_reread (PbMessageView *self);

/* ---- In pb-message-view-actions.c ---- */

void _pb_message_view_install_actions (GtkWidgetClass *klass);

/* What the settings say about the sender of a message that was just read. */
void _pb_message_view_apply_rules (PbMessageView *self, PbMessage *message);

/* Fills the bars above the text from a document. */
void _pb_message_view_show_findings (PbMessageView *self, const PbDocument *document);

/* Opens a link outside, after a question where @odd is not NULL. */
void _pb_message_view_open_link (PbMessageView *self, const char *uri, const char *odd);

void _pb_message_view_failed (PbMessageView *self, const GError *error);

G_END_DECLS
