/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Measures itself by its own numbers and gives its child all the room. */

#include "pb-pane.h"

struct _PbPane {
  GtkWidget parent;

  GtkWidget *child;
  int minimum_width;
  int natural_width;
};

G_DEFINE_FINAL_TYPE (PbPane, pb_pane, GTK_TYPE_WIDGET)

enum { PROP_CHILD = 1, PROP_MINIMUM_WIDTH, PROP_NATURAL_WIDTH, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
set_child (PbPane *self, GtkWidget *child) {
  if (self->child)
    gtk_widget_unparent (self->child);
  self->child = child;
  if (child)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
pb_pane_measure (GtkWidget *widget,
                 GtkOrientation orientation,
                 int for_size,
                 int *minimum,
                 int *natural,
                 int *minimum_baseline,
                 int *natural_baseline) {
  PbPane *self = PB_PANE (widget);

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (self->child)
    gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MAX (*minimum, self->minimum_width);
    *natural = MAX (*minimum, self->natural_width);
  }
}

static void
pb_pane_size_allocate (GtkWidget *widget, int width, int height, int baseline) {
  PbPane *self = PB_PANE (widget);

  if (self->child)
    gtk_widget_allocate (self->child, width, height, baseline, NULL);
}

static void
pb_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbPane *self = PB_PANE (object);

  switch (id) {
  case PROP_CHILD:
    g_value_set_object (value, self->child);
    break;
  case PROP_MINIMUM_WIDTH:
    g_value_set_int (value, self->minimum_width);
    break;
  case PROP_NATURAL_WIDTH:
    g_value_set_int (value, self->natural_width);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  PbPane *self = PB_PANE (object);

  switch (id) {
  case PROP_CHILD:
    set_child (self, g_value_get_object (value));
    break;
  case PROP_MINIMUM_WIDTH:
    self->minimum_width = g_value_get_int (value);
    break;
  case PROP_NATURAL_WIDTH:
    self->natural_width = g_value_get_int (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
pb_pane_dispose (GObject *object) {
  set_child (PB_PANE (object), NULL);
  G_OBJECT_CLASS (pb_pane_parent_class)->dispose (object);
}

static void
pb_pane_class_init (PbPaneClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = pb_pane_dispose;
  object_class->get_property = pb_pane_get_property;
  object_class->set_property = pb_pane_set_property;
  widget_class->measure = pb_pane_measure;
  widget_class->size_allocate = pb_pane_size_allocate;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_MINIMUM_WIDTH] =
    g_param_spec_int ("minimum-width", NULL, NULL, 0, G_MAXINT16, 0, flags);
  properties[PROP_NATURAL_WIDTH] =
    g_param_spec_int ("natural-width", NULL, NULL, 0, G_MAXINT16, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pb_pane_init (PbPane *self) {
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
