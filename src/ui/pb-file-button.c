/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog is the desktop's own, which inside a sandbox also hands the file over. */

#include "config.h"

#include "pb-file-button.h"

#include <glib/gi18n.h>

struct _PbFileButton {
  GtkBox parent;

  GtkWidget *choose;
  GtkWidget *clear;
  GtkFileChooserNative *chooser; /* while it is open */
  char *path;
};

G_DEFINE_FINAL_TYPE (PbFileButton, pb_file_button, GTK_TYPE_BOX)

static void
update (PbFileButton *self) {
  g_autofree char *name = self->path ? g_path_get_basename (self->path) : NULL;
  g_autofree char *shown = name ? g_filename_display_name (name) : g_strdup (_ ("Choose…"));

  gtk_button_set_label (GTK_BUTTON (self->choose), shown);
  gtk_widget_set_visible (self->clear, self->path != NULL);
}

static void
response_cb (PbFileButton *self, int response) {
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                             ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                             : NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  g_clear_object (&self->chooser);
  if (path)
    pb_file_button_set_path (self, path);
}

static void
choose_cb (PbFileButton *self) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Choose a File"),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
clear_cb (PbFileButton *self) {
  pb_file_button_set_path (self, NULL);
}

static void
pb_file_button_dispose (GObject *object) {
  g_clear_object (&PB_FILE_BUTTON (object)->chooser);
  G_OBJECT_CLASS (pb_file_button_parent_class)->dispose (object);
}

static void
pb_file_button_finalize (GObject *object) {
  g_free (PB_FILE_BUTTON (object)->path);
  G_OBJECT_CLASS (pb_file_button_parent_class)->finalize (object);
}

static void
pb_file_button_class_init (PbFileButtonClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_file_button_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_file_button_finalize;
}

static void
pb_file_button_init (PbFileButton *self) {
  self->choose = gtk_button_new ();
  self->clear = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_widget_set_tooltip_text (self->clear, _ ("No File"));
  gtk_widget_add_css_class (self->clear, "flat");
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_box_append (GTK_BOX (self), self->clear);
  gtk_box_append (GTK_BOX (self), self->choose);
  g_signal_connect_swapped (self->choose, "clicked", G_CALLBACK (choose_cb), self);
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  update (self);
}

const char *
pb_file_button_get_path (PbFileButton *self) {
  g_return_val_if_fail (PB_IS_FILE_BUTTON (self), NULL);
  return self->path;
}

void
pb_file_button_set_path (PbFileButton *self, const char *path) {
  g_return_if_fail (PB_IS_FILE_BUTTON (self));

  g_autofree char *copy = path && *path ? g_strdup (path) : NULL;

  g_free (self->path);
  self->path = g_steal_pointer (&copy);
  update (self);
}
