/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list box bound to a PbPlaceList, with the name of the account above its first folder. */

#include "config.h"

#include "pb-folder-sidebar.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-place-row.h"
#include "pb-status-area.h"
#include "pb-transfer-area.h"

struct _PbFolderSidebar {
  GtkWidget parent;

  GtkWidget *content;
  GtkListBox *list;
  PbStatusArea *status;
  PbTransferArea *transfers;
  PbPlaceList *places;
  PbPlace
    *selected; /* what the person chose; comes back into the selection when its row is made anew */
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (PbFolderSidebar, pb_folder_sidebar, GTK_TYPE_WIDGET)

enum { PROP_NARROW = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { SELECTED, ACTIVATED, NOTICE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
row_selected_cb (PbFolderSidebar *self, GtkListBoxRow *row) {
  PbPlace *place = row ? pb_place_row_get_place (PB_PLACE_ROW (row)) : NULL;

  if (place && g_set_object (&self->selected, place))
    g_signal_emit (self, signals[SELECTED], 0, place);
}

static void
row_activated_cb (PbFolderSidebar *self, GtkListBoxRow *row) {
  g_signal_emit (self, signals[ACTIVATED], 0, pb_place_row_get_place (PB_PLACE_ROW (row)));
}

static void
notice_cb (PbFolderSidebar *self, const char *text) {
  g_signal_emit (self, signals[NOTICE], 0, text);
}

static void
import_action (GtkWidget *widget, const char *name, GVariant *account) {
  pb_transfer_area_import (PB_FOLDER_SIDEBAR (widget)->transfers,
                           g_variant_get_string (account, NULL));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *account) {
  pb_transfer_area_export (PB_FOLDER_SIDEBAR (widget)->transfers,
                           g_variant_get_string (account, NULL));
}

static GtkWidget *
make_row (gpointer place, gpointer data) {
  return pb_place_row_new (place);
}

/* What can be done with the account whose folder @place is. */
static GtkWidget *
make_account_menu (PbPlace *place) {
  static const struct {
    const char *label;
    const char *action;
  } items[] = {
    { N_ ("Account _Settings"), "app.edit-account" },
    { N_ ("_Import Mail…"), "mail.import" },
    { N_ ("_Export…"), "mail.export" },
    { N_ ("Session _Log"), "app.session-log" },
    { N_ ("Server _Console…"), "app.server-console" },
  };
  const char *id = pb_folder_get_account_id (pb_place_get_folder (place));
  g_autofree char *name = g_strdup_printf (_ ("Menu of %s"), pb_place_get_account_label (place));
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (items); i++) {
    g_autoptr (GMenuItem) item = g_menu_item_new (_ (items[i].label), NULL);
    g_menu_item_set_action_and_target (item, items[i].action, "s", id);
    g_menu_append_item (menu, item);
  }
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_END);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "pb-account-menu");
  return button;
}

static GtkWidget *
make_account_header (PbPlace *place) {
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "pb-account-header");
  g_object_bind_property (place, "account-label", label, "label", G_BINDING_SYNC_CREATE);
  gtk_box_append (GTK_BOX (header), label);
  if (pb_place_get_folder (place))
    gtk_box_append (GTK_BOX (header), make_account_menu (place));
  return header;
}

static void
add_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data) {
  PbPlace *place = pb_place_row_get_place (PB_PLACE_ROW (row));
  PbPlace *above = before ? pb_place_row_get_place (PB_PLACE_ROW (before)) : NULL;
  const char *label = pb_place_get_account_label (place);

  if (!label || (above && g_strcmp0 (label, pb_place_get_account_label (above)) == 0)) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  gtk_list_box_row_set_header (row, make_account_header (place));
}

/* Rows came or went: the chosen place is selected again, or else the first inbox. */
static void
places_changed_cb (PbFolderSidebar *self) {
  guint position = 0;
  g_autoptr (PbPlace) first = g_list_model_get_item (G_LIST_MODEL (self->places), 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->places)); i++) {
    g_autoptr (PbPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);
    if (place == self->selected)
      position = i + 1;
  }
  if (position) {
    gtk_list_box_select_row (self->list,
                             gtk_list_box_get_row_at_index (self->list, (int) position - 1));
    return;
  }
  PbPlace *inbox = pb_place_list_find_inbox (self->places, NULL);
  if (inbox) {
    pb_folder_sidebar_select (self, first && !pb_place_get_folder (first) &&
                                        pb_place_get_query (first)->role == PB_FOLDER_INBOX
                                      ? first
                                      : inbox);
    return;
  }
  if (g_set_object (&self->selected, NULL))
    g_signal_emit (self, signals[SELECTED], 0, NULL);
}

static void
pb_folder_sidebar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_NARROW:
    g_value_set_boolean (value, PB_FOLDER_SIDEBAR (object)->narrow);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_folder_sidebar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_NARROW:
    PB_FOLDER_SIDEBAR (object)->narrow = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static gboolean
pb_folder_sidebar_grab_focus (GtkWidget *widget) {
  PbFolderSidebar *self = PB_FOLDER_SIDEBAR (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return gtk_widget_grab_focus (row ? GTK_WIDGET (row) : GTK_WIDGET (self->list));
}

static void
pb_folder_sidebar_dispose (GObject *object) {
  PbFolderSidebar *self = PB_FOLDER_SIDEBAR (object);

  if (self->list)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  self->list = NULL;
  g_clear_object (&self->places);
  g_clear_object (&self->selected);
  G_OBJECT_CLASS (pb_folder_sidebar_parent_class)->dispose (object);
}

static void
pb_folder_sidebar_class_init (PbFolderSidebarClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pb_folder_sidebar_dispose;
  object_class->get_property = pb_folder_sidebar_get_property;
  object_class->set_property = pb_folder_sidebar_set_property;
  widget_class->grab_focus = pb_folder_sidebar_grab_focus;

  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, PB_TYPE_PLACE);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, PB_TYPE_PLACE);

  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "mail.import", "s", import_action);
  gtk_widget_class_install_action (widget_class, "mail.export", "s", export_action);

  g_type_ensure (PB_TYPE_STATUS_AREA);
  g_type_ensure (PB_TYPE_TRANSFER_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-folder-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, PbFolderSidebar, content);
  gtk_widget_class_bind_template_child (widget_class, PbFolderSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, PbFolderSidebar, status);
  gtk_widget_class_bind_template_child (widget_class, PbFolderSidebar, transfers);
  gtk_widget_class_bind_template_callback (widget_class, notice_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
pb_folder_sidebar_init (PbFolderSidebar *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, add_header, NULL, NULL);
}

void
pb_folder_sidebar_set_profile (PbFolderSidebar *self, PbProfile *profile) {
  g_return_if_fail (PB_IS_FOLDER_SIDEBAR (self));
  g_return_if_fail (PB_IS_PROFILE (profile));
  g_return_if_fail (self->places == NULL);

  self->places = pb_place_list_new (pb_mail_store_get_folders (pb_profile_get_store (profile)),
                                    pb_profile_get_accounts (profile));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->places), make_row, NULL, NULL);
  g_signal_connect_object (self->places, "items-changed", G_CALLBACK (places_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  pb_status_area_set_profile (self->status, profile);
  pb_transfer_area_set_profile (self->transfers, profile);
  places_changed_cb (self);
}

void
pb_folder_sidebar_select (PbFolderSidebar *self, PbPlace *place) {
  g_return_if_fail (PB_IS_FOLDER_SIDEBAR (self));
  g_return_if_fail (PB_IS_PLACE (place));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->places)); i++) {
    g_autoptr (PbPlace) candidate = g_list_model_get_item (G_LIST_MODEL (self->places), i);
    if (candidate == place)
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
  }
}

gboolean
pb_folder_sidebar_select_index (PbFolderSidebar *self, guint index) {
  g_return_val_if_fail (PB_IS_FOLDER_SIDEBAR (self), FALSE);

  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) index);

  if (!row)
    return FALSE;
  gtk_list_box_select_row (self->list, row);
  g_signal_emit (self, signals[ACTIVATED], 0, pb_place_row_get_place (PB_PLACE_ROW (row)));
  return TRUE;
}

gboolean
pb_folder_sidebar_select_server (PbFolderSidebar *self) {
  g_return_val_if_fail (PB_IS_FOLDER_SIDEBAR (self), FALSE);

  guint count = self->places ? g_list_model_get_n_items (G_LIST_MODEL (self->places)) : 0;
  for (guint i = 0; i < count; i++) {
    g_autoptr (PbPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);
    if (pb_place_get_server (place))
      return pb_folder_sidebar_select_index (self, i);
  }
  return FALSE;
}
