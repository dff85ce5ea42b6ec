/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Draws the stretches itself; the legend is made of ordinary buttons. */

#include "config.h"

#include "pb-fill-bar.h"

#define HEIGHT 8
#define GAP 8

struct _PbFillBar {
  GtkWidget parent;

  GtkWidget *legend;
  double shares[PB_FILL_BAR_MOST];
  guint count;
};

G_DEFINE_FINAL_TYPE (PbFillBar, pb_fill_bar, GTK_TYPE_WIDGET)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

/* Readable on light and dark; the last one is for the rest. */
static const char *const colors[PB_FILL_BAR_MOST] = { "#3584e4", "#2ec27e", "#e5a50a",
                                                      "#c061cb", "#e66100", "#9a9996" };

static GdkRGBA
color_at (guint i) {
  GdkRGBA color;

  gdk_rgba_parse (&color, colors[i]);
  return color;
}

static void
pb_fill_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  PbFillBar *self = PB_FILL_BAR (widget);
  float width = (float) gtk_widget_get_width (widget), x = 0;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GskRoundedRect frame;

  gsk_rounded_rect_init_from_rect (&frame, &GRAPHENE_RECT_INIT (0, 0, width, HEIGHT), HEIGHT / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  for (guint i = 0; i < self->count; i++) {
    GdkRGBA color = color_at (i);
    float length = (float) self->shares[i] * width;
    float start = mirrored ? width - x - length : x;
    gtk_snapshot_append_color (snapshot, &color,
                               &GRAPHENE_RECT_INIT (start, 0, MAX (length - 1, 1), HEIGHT));
    x += length;
  }
  gtk_snapshot_pop (snapshot);
  gtk_widget_snapshot_child (widget, self->legend, snapshot);
}

static void
pb_fill_bar_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline) {
  gtk_widget_measure (PB_FILL_BAR (widget)->legend, orientation, for_size, minimum, natural, NULL,
                      NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum += HEIGHT + GAP;
    *natural += HEIGHT + GAP;
  }
}

static void
pb_fill_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline) {
  const GtkAllocation below = { 0, HEIGHT + GAP, width, height - HEIGHT - GAP };

  gtk_widget_size_allocate (PB_FILL_BAR (widget)->legend, &below, -1);
}

static GtkSizeRequestMode
pb_fill_bar_get_request_mode (GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pb_fill_bar_dispose (GObject *object) {
  g_clear_pointer (&PB_FILL_BAR (object)->legend, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_fill_bar_parent_class)->dispose (object);
}

static void
pb_fill_bar_class_init (PbFillBarClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_fill_bar_dispose;
  widget_class->snapshot = pb_fill_bar_snapshot;
  widget_class->measure = pb_fill_bar_measure;
  widget_class->size_allocate = pb_fill_bar_size_allocate;
  widget_class->get_request_mode = pb_fill_bar_get_request_mode;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pb_fill_bar_init (PbFillBar *self) {
  self->legend = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->legend), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->legend), PB_FILL_BAR_MOST);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->legend), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->legend), 6);
  gtk_widget_set_parent (self->legend, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "pb-fill-bar");
}

static void
clicked_cb (PbFillBar *self, GtkButton *button) {
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (button), "key"));
}

static GtkWidget *
make_button (PbFillBar *self, const PbFillStretch *stretch, guint i) {
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *markup =
    g_markup_printf_escaped ("<span foreground=\"%s\">●</span> \u2068%s\u2069 %.0f %%", colors[i],
                             stretch->label, stretch->share * 100);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (GTK_LABEL (label)), -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_sensitive (button, *stretch->key != '\0');
  g_object_set_data_full (G_OBJECT (button), "key", g_strdup (stretch->key), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  return button;
}

void
pb_fill_bar_set (PbFillBar *self, const PbFillStretch *stretches, guint count) {
  g_return_if_fail (PB_IS_FILL_BAR (self));
  g_return_if_fail (count <= PB_FILL_BAR_MOST);

  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->legend)))
    gtk_flow_box_remove (GTK_FLOW_BOX (self->legend), child);
  self->count = count;
  for (guint i = 0; i < count; i++) {
    self->shares[i] = stretches[i].share;
    gtk_flow_box_append (GTK_FLOW_BOX (self->legend), make_button (self, &stretches[i], i));
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
