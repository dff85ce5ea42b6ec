/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Two linked buttons. The file that is dragged out is written in a thread once the button is held
 * down, which is earlier than a drag begins. */

#include "config.h"

#include "pb-attachment-chip.h"

#include <glib/gi18n.h>

#include "pb-attachment-danger.h"
#include "pb-attachment-files.h"
#include "pb-format.h"

struct _PbAttachmentChip {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *open;
  GtkWidget *save;
  GtkImage *icon;
  GtkLabel *name;
  GtkLabel *size;

  PbAttachment *attachment;
  char *cache_dir;
  GFile *file; /* to be dragged; NULL until it is written */
  gboolean preparing;
};

G_DEFINE_FINAL_TYPE (PbAttachmentChip, pb_attachment_chip, GTK_TYPE_WIDGET)

enum { OPEN, SAVE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
open_cb (PbAttachmentChip *self) {
  g_signal_emit (self, signals[OPEN], 0, self->attachment);
}

static void
save_cb (PbAttachmentChip *self) {
  g_signal_emit (self, signals[SAVE], 0, self->attachment);
}

/* ---- Dragging out ---- */

static void
prepared (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbAttachmentChip) self = data;

  self->preparing = FALSE;
  g_clear_object (&self->file);
  self->file = pb_attachment_files_prepare_finish (result, NULL);
}

static void
pressed_cb (PbAttachmentChip *self) {
  if (self->file || self->preparing)
    return;
  self->preparing = TRUE;
  pb_attachment_files_prepare_async (self->attachment, self->cache_dir, NULL, prepared,
                                     g_object_ref (self));
}

/* A large file may not be there yet: the next try will have it. */
static GdkContentProvider *
drag_prepare_cb (PbAttachmentChip *self) {
  return self->file ? gdk_content_provider_new_typed (G_TYPE_FILE, self->file) : NULL;
}

static void
make_draggable (PbAttachmentChip *self) {
  GtkGesture *press = gtk_gesture_click_new ();
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (self->open, GTK_EVENT_CONTROLLER (press));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (source), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (source, "prepare", G_CALLBACK (drag_prepare_cb), self);
  gtk_widget_add_controller (self->open, GTK_EVENT_CONTROLLER (source));
}

static void
pb_attachment_chip_dispose (GObject *object) {
  PbAttachmentChip *self = PB_ATTACHMENT_CHIP (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->attachment);
  g_clear_object (&self->file);
  g_clear_pointer (&self->cache_dir, g_free);
  G_OBJECT_CLASS (pb_attachment_chip_parent_class)->dispose (object);
}

static void
pb_attachment_chip_class_init (PbAttachmentChipClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_attachment_chip_dispose;
  signals[OPEN] = g_signal_new ("open", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, PB_TYPE_ATTACHMENT);
  signals[SAVE] = g_signal_new ("save", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, PB_TYPE_ATTACHMENT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-attachment-chip.ui");
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentChip, content);
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentChip, open);
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentChip, save);
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentChip, icon);
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentChip, name);
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentChip, size);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
pb_attachment_chip_init (PbAttachmentChip *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
name_for_listeners (PbAttachmentChip *self, const char *name) {
  g_autofree char *open = g_strdup_printf (_ ("Open %s"), name);
  g_autofree char *save = g_strdup_printf (_ ("Save %s"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->open), GTK_ACCESSIBLE_PROPERTY_LABEL, open,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->save), GTK_ACCESSIBLE_PROPERTY_LABEL, save,
                                  -1);
}

GtkWidget *
pb_attachment_chip_new (PbAttachment *attachment, const char *cache_dir) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (attachment), NULL);

  PbAttachmentChip *self = g_object_new (PB_TYPE_ATTACHMENT_CHIP, NULL);
  const char *name = pb_attachment_get_safe_name (attachment);
  g_autofree char *size = pb_format_size (pb_attachment_get_size (attachment));
  g_autofree char *type =
    g_content_type_from_mime_type (pb_attachment_get_content_type (attachment));
  g_autofree char *danger = NULL;
  g_autoptr (GIcon) icon =
    g_content_type_get_symbolic_icon (type ? type : "application/octet-stream");

  self->attachment = g_object_ref (attachment);
  self->cache_dir = g_strdup (cache_dir);
  make_draggable (self);
  if (G_IS_THEMED_ICON (icon))
    g_themed_icon_append_name (G_THEMED_ICON (icon), "text-x-generic-symbolic");
  if (pb_attachment_judge (attachment, &danger) == PB_DANGER_PROGRAM)
    gtk_image_set_from_icon_name (self->icon, "dialog-warning-symbolic");
  else
    gtk_image_set_from_gicon (self->icon, icon);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->size, size);
  g_autofree char *tooltip =
    g_strdup_printf ("%s%s%s", name, danger ? "\n" : "", danger ? danger : "");
  gtk_widget_set_tooltip_text (self->open, tooltip);
  name_for_listeners (self, name);
  return GTK_WIDGET (self);
}
