/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Chips, and the questions where to save. The files themselves are written elsewhere
 * (pb-attachment-files.c), in threads. */

#include "config.h"

#include "pb-attachment-bar.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-attachment-chip.h"
#include "pb-attachment-danger.h"
#include "pb-attachment-files.h"
#include "pb-format.h"

struct _PbAttachmentBar {
  GtkWidget parent;

  GtkWidget *content;
  GtkFlowBox *chips;
  GtkWidget *save_all;

  GPtrArray *attachments; /* those that are shown here */
  char *cache_dir;
  GtkFileChooserNative *chooser; /* a native dialog lives only as long as somebody holds it */
};

G_DEFINE_FINAL_TYPE (PbAttachmentBar, pb_attachment_bar, GTK_TYPE_WIDGET)

enum { DONE, FAILED, OPEN_MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
report (PbAttachmentBar *self, GError *error, const char *done) {
  if (!error)
    g_signal_emit (self, signals[DONE], 0, done);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* ---- Opening ---- */

static void
shown (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbAttachmentBar) self = data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    report (self, error, NULL);
}

static void
ready_to_open (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbAttachmentBar) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = pb_attachment_files_prepare_finish (result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!file) {
    report (self, error, NULL);
    return;
  }
  if (!root)
    return;
  g_autofree char *uri = g_file_get_uri (file);
  gtk_show_uri_full (GTK_WINDOW (root), uri, GDK_CURRENT_TIME, NULL, shown, g_object_ref (self));
}

static void
open_outside (PbAttachmentBar *self, PbAttachment *attachment) {
  pb_attachment_files_prepare_async (attachment, self->cache_dir, NULL, ready_to_open,
                                     g_object_ref (self));
}

static void save_cb (PbAttachmentBar *self, PbAttachment *attachment);

static void
danger_response_cb (AdwMessageDialog *dialog, const char *response, PbAttachmentBar *self) {
  PbAttachment *attachment = g_object_get_data (G_OBJECT (dialog), "attachment");

  if (g_strcmp0 (response, "open") == 0)
    open_outside (self, attachment);
  else if (g_strcmp0 (response, "save") == 0)
    save_cb (self, attachment);
}

/* A program is never opened from here; whoever wants it can save it and knows what it is. */
static void
ask (PbAttachmentBar *self, PbAttachment *attachment, PbDanger danger, const char *sentence) {
  g_autofree char *name = pb_format_isolate (pb_attachment_get_safe_name (attachment));
  g_autofree char *heading =
    g_strdup_printf (danger == PB_DANGER_PROGRAM ? _ ("%s Is a Program") : _ ("Open %s?"), name);
  g_autofree char *body =
    g_strdup_printf ("%s %s", sentence, _ ("Go on only if you expected it from this sender."));
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "save",
                                    _ ("_Save…"), NULL);
  if (danger != PB_DANGER_PROGRAM) {
    adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "open", _ ("_Open"));
    adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "open",
                                                ADW_RESPONSE_DESTRUCTIVE);
  }
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "attachment", g_object_ref (attachment),
                          g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (danger_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
bytes_decoded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbAttachmentBar) self = data;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), NULL);

  if (bytes)
    g_signal_emit (self, signals[OPEN_MESSAGE], 0, bytes);
}

static void
decode_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  g_task_return_pointer (task, pb_attachment_dup_bytes (data), (GDestroyNotify) g_bytes_unref);
}

static void
open_message (PbAttachmentBar *self, PbAttachment *attachment) {
  g_autoptr (GTask) task = g_task_new (NULL, NULL, bytes_decoded, g_object_ref (self));

  g_task_set_source_tag (task, open_message);
  g_task_set_task_data (task, g_object_ref (attachment), g_object_unref);
  g_task_run_in_thread (task, decode_in_thread);
}

static void
open_cb (PbAttachmentBar *self, PbAttachment *attachment) {
  g_autofree char *sentence = NULL;
  PbDanger danger = pb_attachment_judge (attachment, &sentence);

  if (g_strcmp0 (pb_attachment_get_content_type (attachment), "message/rfc822") == 0)
    open_message (self, attachment);
  else if (danger != PB_DANGER_NONE)
    ask (self, attachment, danger, sentence);
  else
    open_outside (self, attachment);
}

/* ---- Saving one ---- */

static void
saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbAttachmentBar) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = pb_format_isolate (pb_attachment_get_safe_name (PB_ATTACHMENT (source)));
  g_autofree char *done = g_strdup_printf (_ ("%s was saved"), name);

  pb_attachment_save_finish (PB_ATTACHMENT (source), result, &error);
  report (self, error, done);
}

static void
save_response_cb (GtkFileChooserNative *chooser, int response, PbAttachmentBar *self) {
  PbAttachment *attachment = g_object_get_data (G_OBJECT (chooser), "attachment");
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file)
    pb_attachment_save_async (attachment, file, NULL, saved, g_object_ref (self));
  g_clear_object (&self->chooser);
}

/* The last dialog is forgotten: there is one question at a time. */
static GtkFileChooserNative *
make_chooser (PbAttachmentBar *self, const char *title, GtkFileChooserAction action) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (root), action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (downloads) {
    g_autoptr (GFile) folder = g_file_new_for_path (downloads);
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  }
  return self->chooser;
}

static void
save_cb (PbAttachmentBar *self, PbAttachment *attachment) {
  GtkFileChooserNative *chooser =
    make_chooser (self, _ ("Save Attachment"), GTK_FILE_CHOOSER_ACTION_SAVE);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser),
                                     pb_attachment_get_safe_name (attachment));
  g_object_set_data_full (G_OBJECT (chooser), "attachment", g_object_ref (attachment),
                          g_object_unref);
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- Saving all ---- */

static void
all_saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbAttachmentBar) self = data;
  g_autoptr (GError) error = NULL;
  gssize count = pb_attachment_files_save_all_finish (result, &error);
  g_autofree char *done =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d attachment was saved",
                                  "%d attachments were saved", (gulong) MAX (count, 0)),
                     (int) count);

  report (self, error, done);
}

static void
save_all_response_cb (GtkFileChooserNative *chooser, int response, PbAttachmentBar *self) {
  GPtrArray *attachments = g_object_get_data (G_OBJECT (chooser), "attachments");
  g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && folder)
    pb_attachment_files_save_all_async (attachments, folder, NULL, all_saved, g_object_ref (self));
  g_clear_object (&self->chooser);
}

static void
save_all_cb (PbAttachmentBar *self) {
  GtkFileChooserNative *chooser =
    make_chooser (self, _ ("Save All Attachments"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);

  g_object_set_data_full (G_OBJECT (chooser), "attachments", g_ptr_array_ref (self->attachments),
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_all_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- Object ---- */

static void
pb_attachment_bar_dispose (GObject *object) {
  PbAttachmentBar *self = PB_ATTACHMENT_BAR (object);

  g_clear_object (&self->chooser);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_clear_pointer (&self->cache_dir, g_free);
  G_OBJECT_CLASS (pb_attachment_bar_parent_class)->dispose (object);
}

static void
pb_attachment_bar_class_init (PbAttachmentBarClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_attachment_bar_dispose;
  signals[DONE] = g_signal_new ("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[OPEN_MESSAGE] = g_signal_new ("open-message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-attachment-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentBar, content);
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentBar, chips);
  gtk_widget_class_bind_template_child (widget_class, PbAttachmentBar, save_all);
  gtk_widget_class_bind_template_callback (widget_class, save_all_cb);
}

static void
pb_attachment_bar_init (PbAttachmentBar *self) {
  self->attachments = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_chip (PbAttachmentBar *self, PbAttachment *attachment) {
  GtkWidget *chip = pb_attachment_chip_new (attachment, self->cache_dir);

  g_signal_connect_object (chip, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (chip, "save", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
  gtk_flow_box_append (self->chips, chip);
  /* The chip has buttons of its own; the box around it is no stop on the way. */
  gtk_widget_set_focusable (gtk_widget_get_parent (chip), FALSE);
}

/* A picture that the message itself shows needs no chip. */
static gboolean
is_shown_in_place (PbAttachment *attachment) {
  static const char *const types[] = { "image/png",  "image/jpeg", "image/jpg", "image/gif",
                                       "image/webp", "image/bmp",  NULL };

  return pb_attachment_is_inline (attachment) &&
         g_strv_contains (types, pb_attachment_get_content_type (attachment));
}

void
pb_attachment_bar_set_message (PbAttachmentBar *self, PbMessage *message) {
  g_return_if_fail (PB_IS_ATTACHMENT_BAR (self));
  g_return_if_fail (message == NULL || PB_IS_MESSAGE (message));

  GPtrArray *all = message ? pb_message_get_attachments (message) : NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->chips))))
    gtk_flow_box_remove (self->chips, child);
  g_ptr_array_unref (self->attachments);
  self->attachments = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; all && i < all->len; i++) {
    if (is_shown_in_place (all->pdata[i]) || pb_attachment_is_opened (all->pdata[i]))
      continue;
    g_ptr_array_add (self->attachments, g_object_ref (all->pdata[i]));
    add_chip (self, all->pdata[i]);
  }
  gtk_widget_set_visible (self->save_all, self->attachments->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self), self->attachments->len > 0);
}

void
pb_attachment_bar_set_cache_dir (PbAttachmentBar *self, const char *cache_dir) {
  g_return_if_fail (PB_IS_ATTACHMENT_BAR (self));

  g_free (self->cache_dir);
  self->cache_dir = g_strdup (cache_dir);
}
