/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The message view with toasts around it. */

#include "config.h"

#include "pb-letter-window.h"

#include <glib/gi18n.h>

#include "pb-message-view.h"

struct _PbLetterWindow {
  AdwApplicationWindow parent;

  AdwToastOverlay *toasts;
  PbMessageView *view;
};

G_DEFINE_FINAL_TYPE (PbLetterWindow, pb_letter_window, ADW_TYPE_APPLICATION_WINDOW)

static void
notice_cb (PbLetterWindow *self, const char *text) {
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

static void
failed_cb (PbLetterWindow *self, const GError *error) {
  notice_cb (self, error->message);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  pb_message_view_zoom (PB_LETTER_WINDOW (widget)->view, g_variant_get_int32 (parameter));
}

static void
pb_letter_window_class_init (PbLetterWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_install_action (widget_class, "win.zoom", "i", zoom_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pb_letter_window_init (PbLetterWindow *self) {
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  self->view = g_object_new (PB_TYPE_MESSAGE_VIEW, NULL);
  g_signal_connect_swapped (self->view, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect_swapped (self->view, "failed", G_CALLBACK (failed_cb), self);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "pb-message-pane");
  adw_toast_overlay_set_child (self->toasts, GTK_WIDGET (self->view));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), GTK_WIDGET (self->toasts));
  gtk_window_set_default_size (GTK_WINDOW (self), 760, 720);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Message"));
  g_signal_connect_swapped (self->view, "body-shown", G_CALLBACK (gtk_widget_grab_focus),
                            self->view);
}

static PbLetterWindow *
make_window (GtkApplication *application, GSettings *settings, const char *cache_dir) {
  PbLetterWindow *self = g_object_new (PB_TYPE_LETTER_WINDOW, "application", application, NULL);

  pb_message_view_set_cache_dir (self->view, cache_dir);
  pb_message_view_set_settings (self->view, settings);
  return self;
}

PbLetterWindow *
pb_letter_window_new (GtkApplication *application,
                      GSettings *settings,
                      GBytes *bytes,
                      const char *cache_dir) {
  g_return_val_if_fail (bytes != NULL, NULL);

  PbLetterWindow *self = make_window (application, settings, cache_dir);
  pb_message_view_show_bytes (self->view, bytes);
  return self;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  GBytes *bytes = g_file_load_bytes (data, cancellable, NULL, &error);

  if (bytes)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded (GObject *source, GAsyncResult *result, gpointer unused) {
  PbLetterWindow *self = PB_LETTER_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (bytes)
    pb_message_view_show_bytes (self->view, bytes);
  else
    pb_message_view_show_error (self->view, error);
}

PbLetterWindow *
pb_letter_window_new_for_file (GtkApplication *application,
                               GSettings *settings,
                               GFile *file,
                               const char *cache_dir) {
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  PbLetterWindow *self = make_window (application, settings, cache_dir);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *title = name ? g_filename_display_name (name) : NULL;
  g_autoptr (GTask) task = g_task_new (self, NULL, loaded, NULL);

  if (title)
    gtk_window_set_title (GTK_WINDOW (self), title);
  g_task_set_source_tag (task, pb_letter_window_new_for_file);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_in_thread);
  return self;
}
