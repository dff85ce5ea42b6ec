/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A row for each fact; the facts are made anew after each check. */

#include "config.h"

#include "pb-server-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-server-words.h"

struct _PbServerWindow {
  AdwWindow parent;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  AdwPreferencesGroup *facts;
  GtkWidget *log;
  GtkWidget *console;

  PbProfile *profile;
  PbAccount *account;
  GPtrArray *rows; /* owned by the group */
  char *text;      /* all of it */
};

G_DEFINE_FINAL_TYPE (PbServerWindow, pb_server_window, ADW_TYPE_WINDOW)

static GtkWidget *
make_row (const PbServerFact *fact) {
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *value = gtk_label_new (fact->value);
  gboolean many = strchr (fact->value, '\n') != NULL;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), fact->title);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (value), many ? 0 : 1);
  gtk_label_set_max_width_chars (GTK_LABEL (value), 36);
  gtk_widget_set_margin_top (value, 12);
  gtk_widget_set_margin_bottom (value, 12);
  gtk_widget_add_css_class (value, "dim-label");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, row,
                                  NULL, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
  return row;
}

static void
update_cb (PbServerWindow *self) {
  PbServerNotes *notes = pb_sync_service_get_notes (pb_profile_get_sync (self->profile));
  g_autoptr (GPtrArray) facts =
    pb_server_words_new (notes, self->account, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *text = pb_server_words_to_text (facts);

  if (g_strcmp0 (text, self->text) == 0)
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&text);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->facts, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < facts->len; i++) {
    GtkWidget *row = make_row (facts->pdata[i]);
    adw_preferences_group_add (self->facts, row);
    g_ptr_array_add (self->rows, row);
  }
}

/* ---- Taking it away ---- */

static void
show_toast (PbServerWindow *self, const char *text) {
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbServerWindow *self = PB_SERVER_WINDOW (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->text);
  show_toast (self, _ ("Copied. There are no passwords in it."));
}

static void
saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerWindow) self = data;
  gboolean good = g_file_replace_contents_finish (G_FILE (source), result, NULL, NULL);

  if (self->toasts)
    show_toast (self, good ? _ ("Saved") : _ ("The file could not be written"));
}

static void
save_response_cb (GtkNativeDialog *dialog, int response, PbServerWindow *self) {
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    g_autoptr (GBytes) bytes = g_bytes_new (self->text, strlen (self->text));
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                         saved, g_object_ref (self));
  }
  g_object_unref (dialog);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_ ("Save What Is Known of the Server"), GTK_WINDOW (widget),
                                 GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _ ("server.txt"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_response_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* ---- Object ---- */

static void
pb_server_window_dispose (GObject *object) {
  PbServerWindow *self = PB_SERVER_WINDOW (object);

  self->toasts = NULL;
  g_clear_object (&self->profile);
  g_clear_object (&self->account);
  G_OBJECT_CLASS (pb_server_window_parent_class)->dispose (object);
}

static void
pb_server_window_finalize (GObject *object) {
  PbServerWindow *self = PB_SERVER_WINDOW (object);

  g_ptr_array_unref (self->rows);
  g_free (self->text);
  G_OBJECT_CLASS (pb_server_window_parent_class)->finalize (object);
}

static void
pb_server_window_class_init (PbServerWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_server_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_server_window_finalize;
  gtk_widget_class_install_action (widget_class, "server.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "server.save", NULL, save_action);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-server-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PbServerWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PbServerWindow, title);
  gtk_widget_class_bind_template_child (widget_class, PbServerWindow, facts);
  gtk_widget_class_bind_template_child (widget_class, PbServerWindow, log);
  gtk_widget_class_bind_template_child (widget_class, PbServerWindow, console);
}

static void
pb_server_window_init (PbServerWindow *self) {
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

PbServerWindow *
pb_server_window_new (PbProfile *profile, PbAccount *account) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  PbServerWindow *self = g_object_new (PB_TYPE_SERVER_WINDOW, NULL);
  const char *id = pb_account_get_id (account);

  self->profile = g_object_ref (profile);
  self->account = g_object_ref (account);
  adw_window_title_set_subtitle (self->title, pb_account_get_label (account));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->log), "s", id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->console), "s", id);
  g_signal_connect_object (pb_profile_get_sync (profile), "finished", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  update_cb (self);
  return self;
}
