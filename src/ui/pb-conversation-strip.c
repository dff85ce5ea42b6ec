/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list box over a PbConversation, four lines high and then scrolled. */

#include "config.h"

#include "pb-conversation-strip.h"

#include <glib/gi18n.h>

#include "pb-conversation-line.h"
#include "pb-conversation-rows.h"
#include "pb-conversation.h"

#define MOST_HEIGHT 132

struct _PbConversationStrip {
  GtkWidget parent;

  GtkWidget *scroller;
  GtkListBox *list;

  PbMailStore *store;
  PbConversation *conversation; /* NULL without one */
  PbMessageItem *awaited; /* its conversation tells what to show, once it was read; else NULL */
  PbMessageItem *shown;
};

G_DEFINE_FINAL_TYPE (PbConversationStrip, pb_conversation_strip, GTK_TYPE_WIDGET)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
choose (PbConversationStrip *self, PbMessageItem *item) {
  gboolean other = g_set_object (&self->shown, item);

  g_clear_object (&self->awaited);
  if (other)
    g_signal_emit (self, signals[CHOSEN], 0, self->shown);
}

static void
row_selected_cb (PbConversationStrip *self, GtkListBoxRow *row) {
  if (row)
    choose (self, pb_conversation_line_get_item (PB_CONVERSATION_LINE (row)));
}

static void
bring_into_view (GtkScrolledWindow *scroller, GtkWidget *row) {
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (scroller);
  GtkWidget *list = gtk_widget_get_parent (row);
  double x, y;

  if (list && gtk_widget_translate_coordinates (row, list, 0, 0, &x, &y))
    gtk_adjustment_clamp_page (adjustment, y, y + gtk_widget_get_height (row));
}

static gboolean
bring_into_view_cb (gpointer data) {
  g_autoptr (PbConversationStrip) self = data;
  GtkListBoxRow *row = self->list ? gtk_list_box_get_selected_row (self->list) : NULL;

  if (row)
    bring_into_view (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (row));
  return G_SOURCE_REMOVE;
}

/* The line of the message that is shown is the selected one. */
static void
mark_shown (PbConversationStrip *self) {
  GListModel *messages = pb_conversation_get_messages (self->conversation);

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++) {
    g_autoptr (PbMessageItem) item = g_list_model_get_item (messages, i);
    if (item == self->shown)
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
  }
  g_idle_add (bring_into_view_cb, g_object_ref (self));
}

/* The oldest of those that the awaited item stands for; else that item. Borrowed. */
static PbMessageItem *
first_unread (PbConversationStrip *self) {
  guint count = 0;
  const gint64 *ids = pb_message_item_get_conversation (self->awaited, &count);

  for (guint i = count; ids && i > 0; i--) {
    PbMessageItem *item = pb_conversation_find (self->conversation, ids[i - 1]);
    if (item && !pb_message_item_has_flag (item, PB_FLAG_READ))
      return item;
  }
  return self->awaited;
}

/* An item of the same message may be another object than the one that is shown. */
static void
messages_changed_cb (PbConversationStrip *self) {
  GListModel *messages = pb_conversation_get_messages (self->conversation);
  guint count = g_list_model_get_n_items (messages);
  PbMessageItem *same =
    self->shown ? pb_conversation_find (self->conversation, pb_message_item_get_id (self->shown))
                : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), count > 1);
  if (same) {
    g_set_object (&self->shown, same);
    mark_shown (self);
  } else if (count && self->awaited) {
    choose (self, first_unread (self));
    mark_shown (self);
  } else if (count) {
    g_autoptr (PbMessageItem) last = g_list_model_get_item (messages, count - 1);
    choose (self, last);
    mark_shown (self);
  }
}

static GtkWidget *
make_line (gpointer item, gpointer store) {
  return pb_conversation_line_new (store, item);
}

static void
set_conversation (PbConversationStrip *self, PbConversation *conversation) {
  if (self->conversation)
    g_signal_handlers_disconnect_by_data (pb_conversation_get_messages (self->conversation), self);
  g_set_object (&self->conversation, conversation);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_list_box_bind_model (self->list,
                           conversation ? pb_conversation_get_messages (conversation) : NULL,
                           make_line, self->store, NULL);
  if (conversation)
    g_signal_connect_object (pb_conversation_get_messages (conversation), "items-changed",
                             G_CALLBACK (messages_changed_cb), self,
                             G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static void
pb_conversation_strip_dispose (GObject *object) {
  PbConversationStrip *self = PB_CONVERSATION_STRIP (object);

  if (self->list) {
    g_signal_handlers_disconnect_by_data (self->list, self);
    set_conversation (self, NULL);
  }
  self->list = NULL;
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->awaited);
  g_clear_object (&self->shown);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (pb_conversation_strip_parent_class)->dispose (object);
}

static void
pb_conversation_strip_class_init (PbConversationStripClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_conversation_strip_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, PB_TYPE_MESSAGE_ITEM);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pb_conversation_strip_init (PbConversationStrip *self) {
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());

  self->scroller = GTK_WIDGET (scroller);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Conversation"), -1);
  g_signal_connect_swapped (self->list, "row-selected", G_CALLBACK (row_selected_cb), self);
  gtk_scrolled_window_set_policy (scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (scroller, TRUE);
  gtk_scrolled_window_set_max_content_height (scroller, MOST_HEIGHT);
  gtk_scrolled_window_set_child (scroller, GTK_WIDGET (self->list));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "pb-conversation");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
pb_conversation_strip_set_store (PbConversationStrip *self, PbMailStore *store) {
  g_return_if_fail (PB_IS_CONVERSATION_STRIP (self));
  g_return_if_fail (PB_IS_MAIL_STORE (store));
  g_set_object (&self->store, store);
}

void
pb_conversation_strip_set_item (PbConversationStrip *self, PbMessageItem *item, gboolean grouped) {
  g_return_if_fail (PB_IS_CONVERSATION_STRIP (self));
  g_return_if_fail (item == NULL || PB_IS_MESSAGE_ITEM (item));

  if (!item || !grouped) {
    set_conversation (self, NULL);
    choose (self, item);
    return;
  }
  if (self->conversation && self->shown && pb_conversation_matches (self->conversation, item)) {
    pb_conversation_set_lead (self->conversation, item);
    return;
  }
  g_autoptr (PbConversation) conversation = pb_conversation_new (self->store, item);
  guint count;
  gboolean known =
    pb_message_item_get_rows (item) || !pb_message_item_get_conversation (item, &count);
  PbMessageItem *picked = pb_conversation_find (conversation, pb_conversation_rows_pick (item));
  set_conversation (self, conversation);
  if (known) {
    choose (self, picked ? picked : item);
    messages_changed_cb (self);
  } else {
    choose (self, NULL);
    g_set_object (&self->awaited, item);
  }
}

gboolean
pb_conversation_strip_next_unread (PbConversationStrip *self) {
  g_return_val_if_fail (PB_IS_CONVERSATION_STRIP (self), FALSE);

  PbMessageItem *next =
    self->conversation && self->shown
      ? pb_conversation_next_unread (self->conversation, pb_message_item_get_id (self->shown))
      : NULL;

  if (!next)
    return FALSE;
  choose (self, next);
  mark_shown (self);
  return TRUE;
}
