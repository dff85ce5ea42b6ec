/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A few labels that follow one PbMessageItem. Cheap to bind: a list binds two hundred of them at
 * a jump. */

#include "config.h"

#include "pb-message-list-row.h"

#include <glib/gi18n.h>

#include "pb-conversation-rows.h"
#include "pb-format.h"
#include "pb-search-marks.h"

struct _PbMessageListRow {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *dot;
  GtkLabel *sender;
  GtkLabel *count;
  GtkLabel *date;
  GtkLabel *subject;
  GtkLabel *preview;
  GtkWidget *partial;
  GtkWidget *answered;
  GtkWidget *attachment;
  GtkWidget *star;

  GtkListItem *around; /* not owned: it owns us */
  PbMessageItem *item;
  PbSearchQuery *query; /* NULL without a search */
  gulong row_handler;
};

G_DEFINE_FINAL_TYPE (PbMessageListRow, pb_message_list_row, GTK_TYPE_WIDGET)

static gint64
now_seconds (void) {
  return g_get_real_time () / G_USEC_PER_SEC;
}

static const char *
subject_of (const PbMessageRow *row) {
  return *row->summary->subject ? row->summary->subject : _ ("(no subject)");
}

/* When it was sent, or, where that cannot be read, when it came. */
static gint64
date_of (const PbMessageRow *row) {
  return row->summary->date == G_MININT64 ? row->received : row->summary->date;
}

static void
set_isolated (PbMessageListRow *self, GtkLabel *label, const char *text, PbSearchFields field) {
  g_autofree char *isolated = pb_format_isolate (text);
  g_autoptr (PangoAttrList) marks = pb_search_marks_new (self->query, isolated, field);

  gtk_label_set_label (label, isolated);
  gtk_label_set_attributes (label, marks);
}

static void
set_class (GtkWidget *widget, const char *name, gboolean on) {
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The list item around this row has no name of its own on the floor; ours is the only one it can
 * get. */
static void
set_accessible_label (PbMessageListRow *self, const char *text) {
  GtkWidget *around = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (around)
    gtk_accessible_update_property (GTK_ACCESSIBLE (around), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                    -1);
}

static void
show_blank (PbMessageListRow *self) {
  gtk_label_set_label (self->sender, "");
  gtk_label_set_label (self->date, "");
  gtk_label_set_label (self->subject, "");
  gtk_label_set_label (self->preview, "");
  gtk_widget_set_opacity (self->dot, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->count), FALSE);
  gtk_widget_set_visible (self->partial, FALSE);
  gtk_widget_set_visible (self->answered, FALSE);
  gtk_widget_set_visible (self->attachment, FALSE);
  gtk_widget_set_visible (self->star, FALSE);
}

static void
update_cb (PbMessageListRow *self) {
  const PbMessageRow *row = self->item ? pb_message_item_get_row (self->item) : NULL;
  gint64 now = now_seconds ();

  if (!row) {
    show_blank (self);
    return;
  }
  g_auto (PbConversationSummary) sum = { 0 };
  g_autofree char *date = pb_format_date_short (date_of (row), now);

  pb_conversation_summary_init (&sum, self->item);
  g_autofree char *sentence = pb_message_list_row_describe (row, &sum, now);
  g_autofree char *count = pb_format_count (sum.count);
  set_isolated (self, self->sender, sum.people, PB_SEARCH_FROM);
  gtk_label_set_label (self->count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->count), sum.count > 1);
  gtk_label_set_label (self->date, date);
  set_isolated (self, self->subject, subject_of (row), PB_SEARCH_SUBJECT);
  set_isolated (self, self->preview, row->summary->preview, PB_SEARCH_BODY);
  gtk_widget_set_opacity (self->dot, sum.unread ? 1 : 0);
  gtk_widget_set_visible (self->partial, sum.partial);
  gtk_widget_set_visible (self->answered, sum.answered);
  gtk_widget_set_visible (self->attachment, sum.attachment);
  gtk_widget_set_visible (self->star, sum.starred);
  set_class (GTK_WIDGET (self), "unread", sum.unread);
  set_accessible_label (self, sentence);
}

static void
clicked_cb (PbMessageListRow *self) {
  guint position = gtk_list_item_get_position (self->around);

  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self), "list.activate-item", "u", position);
}

static void
pb_message_list_row_dispose (GObject *object) {
  PbMessageListRow *self = PB_MESSAGE_LIST_ROW (object);

  if (self->item)
    g_clear_signal_handler (&self->row_handler, self->item);
  g_clear_object (&self->item);
  g_clear_pointer (&self->query, pb_search_query_unref);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_message_list_row_parent_class)->dispose (object);
}

static void
pb_message_list_row_class_init (PbMessageListRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_message_list_row_dispose;
  gtk_widget_class_set_css_name (widget_class, "messagerow");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-message-list-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, content);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, dot);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, sender);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, count);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, date);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, subject);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, preview);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, partial);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, answered);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, attachment);
  gtk_widget_class_bind_template_child (widget_class, PbMessageListRow, star);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
pb_message_list_row_init (PbMessageListRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  show_blank (self);
}

GtkWidget *
pb_message_list_row_new (GtkListItem *around) {
  g_return_val_if_fail (GTK_IS_LIST_ITEM (around), NULL);

  PbMessageListRow *self = g_object_new (PB_TYPE_MESSAGE_LIST_ROW, NULL);

  self->around = around;
  return GTK_WIDGET (self);
}

void
pb_message_list_row_set_item (PbMessageListRow *self, PbMessageItem *item, PbSearchQuery *query) {
  g_return_if_fail (PB_IS_MESSAGE_LIST_ROW (self));
  g_return_if_fail (item == NULL || PB_IS_MESSAGE_ITEM (item));

  if (self->item)
    g_clear_signal_handler (&self->row_handler, self->item);
  g_set_object (&self->item, item);
  g_clear_pointer (&self->query, pb_search_query_unref);
  self->query = query ? pb_search_query_ref (query) : NULL;
  if (item)
    self->row_handler =
      g_signal_connect_swapped (item, "notify::row", G_CALLBACK (update_cb), self);
  update_cb (self);
}

char *
pb_message_list_row_describe (const PbMessageRow *row,
                              const PbConversationSummary *sum,
                              gint64 now) {
  g_autofree char *date = pb_format_date_short (date_of (row), now);
  GString *text = g_string_new (NULL);

  if (sum->unread)
    g_string_append_printf (text, "%s, ", _ ("Unread"));
  /* Translators: a message in the list, read aloud: sender, subject, date. */
  g_string_append_printf (text, _ ("%s: %s, %s"), sum->people, subject_of (row), date);
  if (sum->count > 1) {
    g_string_append (text, ", ");
    /* Translators: of a row in the list, read aloud. */
    g_string_append_printf (
      text, ngettext ("conversation of %u message", "conversation of %u messages", sum->count),
      sum->count);
  }
  if (sum->starred)
    g_string_append_printf (text, ", %s", _ ("starred"));
  if (sum->answered)
    g_string_append_printf (text, ", %s", _ ("answered"));
  if (sum->attachment)
    g_string_append_printf (text, ", %s", _ ("with attachments"));
  if (sum->partial)
    g_string_append_printf (text, ", %s", _ ("not complete"));
  return g_string_free (text, FALSE);
}
