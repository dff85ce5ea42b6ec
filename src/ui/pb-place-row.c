/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything it shows is bound in the template. */

#include "config.h"

#include "pb-place-row.h"

#include <glib/gi18n.h>

#include "pb-closures.h"

struct _PbPlaceRow {
  GtkListBoxRow parent;

  PbPlace *place;
};

G_DEFINE_FINAL_TYPE (PbPlaceRow, pb_place_row, GTK_TYPE_LIST_BOX_ROW)

enum { PROP_PLACE = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

/* "Inbox, 12 unread", for people who hear it. */
static void
update_name_cb (PbPlaceRow *self) {
  guint unread = pb_place_get_unread (self->place);
  g_autofree char *count = pb_closure_count (NULL, unread);
  g_autofree char *name =
    unread ? g_strdup_printf (_ ("%s, %s unread"), pb_place_get_title (self->place), count)
           : g_strdup (pb_place_get_title (self->place));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
pb_place_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_PLACE:
    g_value_set_object (value, PB_PLACE_ROW (object)->place);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_place_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_PLACE:
    PB_PLACE_ROW (object)->place = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_place_row_finalize (GObject *object) {
  g_clear_object (&PB_PLACE_ROW (object)->place);
  G_OBJECT_CLASS (pb_place_row_parent_class)->finalize (object);
}

static void
pb_place_row_class_init (PbPlaceRowClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pb_place_row_get_property;
  object_class->set_property = pb_place_row_set_property;
  object_class->finalize = pb_place_row_finalize;
  properties[PROP_PLACE] =
    g_param_spec_object ("place", NULL, NULL, PB_TYPE_PLACE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-place-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, pb_closure_count);
  gtk_widget_class_bind_template_callback (widget_class, pb_closure_some);
}

static void
pb_place_row_init (PbPlaceRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pb_place_row_new (PbPlace *place) {
  PbPlaceRow *self = g_object_new (PB_TYPE_PLACE_ROW, "place", place, NULL);

  g_signal_connect_object (place, "notify::unread", G_CALLBACK (update_name_cb), self,
                           G_CONNECT_SWAPPED);
  update_name_cb (self);
  return GTK_WIDGET (self);
}

PbPlace *
pb_place_row_get_place (PbPlaceRow *self) {
  g_return_val_if_fail (PB_IS_PLACE_ROW (self), NULL);
  return self->place;
}
