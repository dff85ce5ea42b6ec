/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Three labels that follow one PbMessageItem. */

#include "config.h"

#include "pb-conversation-line.h"

#include <glib/gi18n.h>

#include "pb-conversation-rows.h"
#include "pb-format.h"
#include "pb-message-list-row.h"

struct _PbConversationLine {
  GtkListBoxRow parent;

  GtkLabel *sender;
  GtkLabel *preview;
  GtkLabel *date;
  PbMailStore *store;
  PbMessageItem *item;
};

G_DEFINE_FINAL_TYPE (PbConversationLine, pb_conversation_line, GTK_TYPE_LIST_BOX_ROW)

/* Where it is, when that is another place than where mail comes in. */
static const char *
folder_name (PbConversationLine *self, const PbMessageRow *row) {
  static const struct {
    PbFolderRole role;
    const char *name;
  } names[] = {
    { PB_FOLDER_SENT, N_ ("Sent") },
    { PB_FOLDER_ARCHIVE, N_ ("Archive") },
    { PB_FOLDER_DRAFTS, N_ ("Drafts") },
    { PB_FOLDER_TRASH, N_ ("Trash") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    PbFolder *folder = pb_mail_store_find_folder (self->store, row->account_id, names[i].role);
    if (folder && pb_folder_get_id (folder) == row->folder_id)
      return _ (names[i].name);
  }
  return NULL;
}

static void
update_cb (PbConversationLine *self) {
  const PbMessageRow *row = pb_message_item_get_row (self->item);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (!row)
    return;
  g_auto (PbConversationSummary) sum = { 0 };
  pb_conversation_summary_init_row (&sum, row);
  const char *folder = folder_name (self, row);
  gint64 when = row->summary->date == G_MININT64 ? row->received : row->summary->date;
  g_autofree char *sender = pb_format_isolate (sum.people);
  g_autofree char *preview = pb_format_isolate (row->summary->preview);
  g_autofree char *date = pb_format_date_short (when, now);
  g_autofree char *place = folder ? g_strdup_printf ("%s · %s", folder, date) : g_strdup (date);
  g_autofree char *sentence = pb_message_list_row_describe (row, &sum, now);

  gtk_label_set_label (self->sender, sender);
  gtk_label_set_label (self->preview, preview);
  gtk_label_set_label (self->date, place);
  if (sum.unread)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unread");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "unread");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}

static void
pb_conversation_line_finalize (GObject *object) {
  PbConversationLine *self = PB_CONVERSATION_LINE (object);

  g_clear_object (&self->item);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (pb_conversation_line_parent_class)->finalize (object);
}

static void
pb_conversation_line_class_init (PbConversationLineClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_conversation_line_finalize;
}

static GtkLabel *
add_label (GtkWidget *box, const char *style, gboolean shrinks) {
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (shrinks)
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
pb_conversation_line_init (PbConversationLine *self) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->sender = add_label (box, "pb-sender", TRUE);
  gtk_label_set_width_chars (self->sender, 14);
  gtk_label_set_max_width_chars (self->sender, 14);
  self->preview = add_label (box, "pb-preview", TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->preview), TRUE);
  self->date = add_label (box, "caption", FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->date), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->date), "numeric");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
}

GtkWidget *
pb_conversation_line_new (PbMailStore *store, PbMessageItem *item) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (item), NULL);

  PbConversationLine *self = g_object_new (PB_TYPE_CONVERSATION_LINE, NULL);

  self->store = g_object_ref (store);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "notify::row", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  update_cb (self);
  return GTK_WIDGET (self);
}

PbMessageItem *
pb_conversation_line_get_item (PbConversationLine *self) {
  g_return_val_if_fail (PB_IS_CONVERSATION_LINE (self), NULL);
  return self->item;
}
