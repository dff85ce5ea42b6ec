/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A cell is a label (or two) that follows its row; the sentence for a screen reader goes to the row
 * around the cells. */

#include "config.h"

#include "pb-server-columns.h"

#include <glib/gi18n.h>

#include "pb-format.h"
#include "pb-server-text.h"

typedef char *(*TextFunc) (PbServerRow *row);

typedef struct {
  const char *title;
  TextFunc text;
  TextFunc second; /* for two lines */
  GCompareDataFunc compare;
  gboolean expand;
  gboolean numeric;
  gboolean narrow; /* only where there is little room */
  int width;
} Column;

static char *
narrow_first (PbServerRow *row) {
  g_autofree char *sender = pb_server_text_sender (row);
  g_autofree char *subject = pb_server_text_subject (row);
  g_autofree char *one = pb_format_isolate (sender);
  g_autofree char *other = pb_format_isolate (subject);

  return pb_server_row_get_head (row) ? g_strdup_printf ("%s: %s", one, other) : g_strdup (subject);
}

static char *
narrow_second (PbServerRow *row) {
  g_autofree char *date = pb_server_text_date (row);
  g_autofree char *size = pb_server_text_size (row);
  g_autofree char *state = pb_server_text_row_state (row);

  return g_strdup_printf ("%s%s%s · %s", date, *date ? " · " : "", size, state);
}

/* ---- Sorting ---- */

static int
compare_texts (TextFunc text, gconstpointer a, gconstpointer b) {
  g_autofree char *left = text ((PbServerRow *) a);
  g_autofree char *right = text ((PbServerRow *) b);

  return g_utf8_collate (left, right);
}

static int
compare_senders (gconstpointer a, gconstpointer b, gpointer data) {
  return compare_texts (pb_server_text_sender, a, b);
}

static int
compare_subjects (gconstpointer a, gconstpointer b, gpointer data) {
  return compare_texts (pb_server_text_subject, a, b);
}

static int
compare_dates (gconstpointer a, gconstpointer b, gpointer data) {
  gint64 left = pb_server_text_time ((PbServerRow *) a);
  gint64 right = pb_server_text_time ((PbServerRow *) b);

  return (left > right) - (left < right);
}

static int
compare_sizes (gconstpointer a, gconstpointer b, gpointer data) {
  guint64 left = pb_server_row_get_size ((PbServerRow *) a);
  guint64 right = pb_server_row_get_size ((PbServerRow *) b);

  return (left > right) - (left < right);
}

static int
compare_states (gconstpointer a, gconstpointer b, gpointer data) {
  return (int) pb_server_row_get_state ((PbServerRow *) a) -
         (int) pb_server_row_get_state ((PbServerRow *) b);
}

static const Column columns[] = {
  { N_ ("Message"), narrow_first, narrow_second, NULL, TRUE, FALSE, TRUE, -1 },
  { N_ ("Sender"), pb_server_text_sender, NULL, compare_senders, FALSE, FALSE, FALSE, 190 },
  { N_ ("Subject"), pb_server_text_subject, NULL, compare_subjects, TRUE, FALSE, FALSE, -1 },
  { N_ ("Date"), pb_server_text_date, NULL, compare_dates, FALSE, TRUE, FALSE, 100 },
  { N_ ("Size"), pb_server_text_size, NULL, compare_sizes, FALSE, TRUE, FALSE, 90 },
  { N_ ("State"), pb_server_text_row_state, NULL, compare_states, FALSE, FALSE, FALSE, 190 },
};

/* ---- Cells ---- */

static GtkWidget *
make_label (const Column *column) {
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->numeric ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  if (column->numeric)
    gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, const Column *column) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), make_label (column));
  if (column->second) {
    GtkWidget *second = make_label (column);
    gtk_widget_add_css_class (second, "caption");
    gtk_widget_add_css_class (second, "dim-label");
    gtk_box_append (GTK_BOX (box), second);
  }
  gtk_list_item_set_child (item, box);
}

static void
show_look (GtkWidget *box, PbServerRow *row) {
  PbServerState state = pb_server_row_get_state (row);

  gtk_widget_remove_css_class (box, "pb-going");
  gtk_widget_remove_css_class (box, "dim-label");
  if (state == PB_SERVER_WAITING)
    gtk_widget_add_css_class (box, "pb-going");
  if (state == PB_SERVER_GONE)
    gtk_widget_add_css_class (box, "dim-label");
}

/* The row around the cells is GTK's own; it is there once the cell has been put into it. */
static void
name_row (GtkWidget *box, PbServerRow *row) {
  GtkWidget *cell = gtk_widget_get_parent (box);
  GtkWidget *around = cell ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *sentence = pb_server_text_sentence (row);

  if (around)
    gtk_accessible_update_property (GTK_ACCESSIBLE (around), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    sentence, -1);
}

static void
update_cb (GtkWidget *box, PbServerRow *row) {
  const Column *column = g_object_get_data (G_OBJECT (box), "column");
  GtkWidget *label = gtk_widget_get_first_child (box);
  g_autofree char *first = column->text (row);

  gtk_label_set_text (GTK_LABEL (label), first);
  gtk_widget_set_tooltip_text (label, column->expand ? first : NULL);
  if (column->second) {
    g_autofree char *second = column->second (row);
    gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (label)), second);
  }
  show_look (box, row);
  name_row (box, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, const Column *column) {
  GtkWidget *box = gtk_list_item_get_child (item);
  PbServerRow *row = gtk_list_item_get_item (item);
  GtkWidget *view = g_object_get_data (G_OBJECT (factory), "view");
  PbServerMailbox *mailbox = g_object_get_data (G_OBJECT (view), "mailbox");

  g_object_set_data (G_OBJECT (box), "column", (gpointer) column);
  g_signal_connect_object (row, "changed", G_CALLBACK (update_cb), box, G_CONNECT_SWAPPED);
  update_cb (box, row);
  if (mailbox)
    pb_server_mailbox_want_head (mailbox, row);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, const Column *column) {
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item),
                                        gtk_list_item_get_child (item));
}

/* ---- Columns ---- */

static GtkColumnViewColumn *
make_column (GtkColumnView *view, const Column *column) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *made = gtk_column_view_column_new (_ (column->title), factory);

  g_object_set_data (G_OBJECT (factory), "view", view);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) column);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), (gpointer) column);
  gtk_column_view_column_set_expand (made, column->expand);
  gtk_column_view_column_set_fixed_width (made, column->width);
  gtk_column_view_column_set_resizable (made, !column->narrow);
  if (column->compare) {
    g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (column->compare, NULL, NULL));
    gtk_column_view_column_set_sorter (made, sorter);
  }
  return made;
}

void
pb_server_columns_add (GtkColumnView *view) {
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  GPtrArray *made = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_ptr_array_add (made, make_column (view, &columns[i]));
  g_object_set_data_full (G_OBJECT (view), "columns", made, (GDestroyNotify) g_ptr_array_unref);
  pb_server_columns_set_narrow (view, TRUE);
}

void
pb_server_columns_set_mailbox (GtkColumnView *view, PbServerMailbox *mailbox) {
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  g_object_set_data (G_OBJECT (view), "mailbox", mailbox);
}

/* Hidden columns would still take their width from the others, on this floor. */
void
pb_server_columns_set_narrow (GtkColumnView *view, gboolean narrow) {
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  GListModel *present = gtk_column_view_get_columns (view);
  GPtrArray *made = g_object_get_data (G_OBJECT (view), "columns");
  while (g_list_model_get_n_items (present) > 0) {
    g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (present, 0);
    gtk_column_view_remove_column (view, column);
  }
  for (guint i = 0; i < made->len; i++) {
    if (columns[i].narrow == narrow)
      gtk_column_view_append_column (view, made->pdata[i]);
  }
}
