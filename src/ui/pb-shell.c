/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A leaflet in a leaflet: the inner one holds sidebar and list, the outer one that and the
 * message. The inner one folds first; while the outer one is folded it stays folded, so that one
 * pane is one pane. */

#include "pb-shell.h"

#include <adwaita.h>

#include "pb-pane.h"

struct _PbShell {
  GtkWidget parent;

  AdwLeaflet *outer;
  AdwLeaflet *inner;
  GtkWidget *sidebar_pane;
  GtkWidget *list_pane;
  GtkWidget *message_pane;

  PbPaneName wanted; /* what comes into view when there is room for less */
  gboolean applying;
  gboolean wide; /* without the list */
};

G_DEFINE_FINAL_TYPE (PbShell, pb_shell, GTK_TYPE_WIDGET)

enum { PROP_SIDEBAR = 1, PROP_LIST, PROP_MESSAGE, PROP_FOLDED, PROP_NARROW, PROP_PANE, N_PROPS };
static GParamSpec *properties[N_PROPS];

/* Panes that are in view anyway are left alone: bringing one into view takes the focus there. */
static void
apply (PbShell *self) {
  self->applying = TRUE;
  if (adw_leaflet_get_folded (self->outer))
    adw_leaflet_set_visible_child (
      self->outer, self->wanted == PB_PANE_MESSAGE ? self->message_pane : GTK_WIDGET (self->inner));
  if (adw_leaflet_get_folded (self->inner))
    adw_leaflet_set_visible_child (self->inner, self->wanted == PB_PANE_SIDEBAR || self->wide
                                                  ? self->sidebar_pane
                                                  : self->list_pane);
  self->applying = FALSE;
}

static void
folded_changed_cb (PbShell *self) {
  apply (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

/* Also when a person swiped. */
static void
visible_changed_cb (PbShell *self) {
  if (!self->applying && adw_leaflet_get_folded (self->inner))
    self->wanted = pb_shell_get_pane (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PANE]);
}

static GtkWidget *
pane_of (PbShell *self, guint property) {
  return property == PROP_SIDEBAR ? self->sidebar_pane
         : property == PROP_LIST  ? self->list_pane
                                  : self->message_pane;
}

static void
pb_shell_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbShell *self = PB_SHELL (object);

  switch (id) {
  case PROP_SIDEBAR:
  case PROP_LIST:
  case PROP_MESSAGE:
    g_object_get_property (G_OBJECT (pane_of (self, id)), "child", value);
    break;
  case PROP_FOLDED:
    g_value_set_boolean (value, pb_shell_get_folded (self));
    break;
  case PROP_NARROW:
    g_value_set_boolean (value, pb_shell_get_narrow (self));
    break;
  case PROP_PANE:
    g_value_set_int (value, (int) pb_shell_get_pane (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_shell_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  PbShell *self = PB_SHELL (object);

  switch (id) {
  case PROP_SIDEBAR:
  case PROP_LIST:
  case PROP_MESSAGE:
    g_object_set_property (G_OBJECT (pane_of (self, id)), "child", value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_shell_dispose (GObject *object) {
  PbShell *self = PB_SHELL (object);

  if (self->outer) {
    g_signal_handlers_disconnect_by_data (self->outer, self);
    g_signal_handlers_disconnect_by_data (self->inner, self);
    g_clear_pointer ((GtkWidget **) &self->outer, gtk_widget_unparent);
  }
  G_OBJECT_CLASS (pb_shell_parent_class)->dispose (object);
}

static void
pb_shell_class_init (PbShellClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags both = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = pb_shell_dispose;
  object_class->get_property = pb_shell_get_property;
  object_class->set_property = pb_shell_set_property;

  properties[PROP_SIDEBAR] = g_param_spec_object ("sidebar", NULL, NULL, GTK_TYPE_WIDGET, both);
  properties[PROP_LIST] = g_param_spec_object ("list", NULL, NULL, GTK_TYPE_WIDGET, both);
  properties[PROP_MESSAGE] = g_param_spec_object ("message", NULL, NULL, GTK_TYPE_WIDGET, both);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, read);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, read);
  properties[PROP_PANE] = g_param_spec_int ("pane", NULL, NULL, 0, 2, 0, read);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PB_TYPE_PANE);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/postbag/Postbag/pb-shell.ui");
  gtk_widget_class_bind_template_child (widget_class, PbShell, outer);
  gtk_widget_class_bind_template_child (widget_class, PbShell, inner);
  gtk_widget_class_bind_template_child (widget_class, PbShell, sidebar_pane);
  gtk_widget_class_bind_template_child (widget_class, PbShell, list_pane);
  gtk_widget_class_bind_template_child (widget_class, PbShell, message_pane);
  gtk_widget_class_bind_template_callback (widget_class, folded_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_changed_cb);
}

static void
pb_shell_init (PbShell *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  self->wanted = PB_PANE_LIST;
  adw_leaflet_set_visible_child (self->inner, self->list_pane);
  adw_leaflet_set_visible_child (self->outer, GTK_WIDGET (self->inner));
}

gboolean
pb_shell_get_folded (PbShell *self) {
  g_return_val_if_fail (PB_IS_SHELL (self), FALSE);
  return adw_leaflet_get_folded (self->inner);
}

gboolean
pb_shell_get_narrow (PbShell *self) {
  g_return_val_if_fail (PB_IS_SHELL (self), FALSE);
  return adw_leaflet_get_folded (self->outer);
}

void
pb_shell_set_wide (PbShell *self, gboolean wide) {
  g_return_if_fail (PB_IS_SHELL (self));

  if (self->wide == wide)
    return;
  self->wide = wide;
  gtk_widget_set_visible (self->list_pane, !wide);
  if (self->wanted != PB_PANE_SIDEBAR)
    self->wanted = wide ? PB_PANE_MESSAGE : PB_PANE_LIST;
  apply (self);
}

gboolean
pb_shell_get_wide (PbShell *self) {
  g_return_val_if_fail (PB_IS_SHELL (self), FALSE);
  return self->wide;
}

void
pb_shell_show_pane (PbShell *self, PbPaneName pane) {
  g_return_if_fail (PB_IS_SHELL (self));

  self->wanted = self->wide && pane == PB_PANE_LIST ? PB_PANE_MESSAGE : pane;
  apply (self);
}

PbPaneName
pb_shell_get_pane (PbShell *self) {
  g_return_val_if_fail (PB_IS_SHELL (self), PB_PANE_LIST);

  if (adw_leaflet_get_folded (self->outer) &&
      adw_leaflet_get_visible_child (self->outer) == self->message_pane)
    return PB_PANE_MESSAGE;
  if (!adw_leaflet_get_folded (self->inner))
    return self->wanted;
  return adw_leaflet_get_visible_child (self->inner) == self->sidebar_pane ? PB_PANE_SIDEBAR
                                                                           : PB_PANE_LIST;
}

gboolean
pb_shell_go_back (PbShell *self) {
  g_return_val_if_fail (PB_IS_SHELL (self), FALSE);

  if (pb_shell_get_narrow (self) && pb_shell_get_pane (self) == PB_PANE_MESSAGE)
    return adw_leaflet_navigate (self->outer, ADW_NAVIGATION_DIRECTION_BACK);
  if (pb_shell_get_folded (self) && pb_shell_get_pane (self) != PB_PANE_SIDEBAR)
    return adw_leaflet_navigate (self->inner, ADW_NAVIGATION_DIRECTION_BACK);
  return FALSE;
}
