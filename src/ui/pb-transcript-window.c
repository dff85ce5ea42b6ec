/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list of sessions bound to the log, and a text view for the one that is chosen. */

#include "config.h"

#include "pb-transcript-window.h"

#include <glib/gi18n.h>

#include "pb-dialogue.h"
#include "pb-error.h"
#include "pb-format.h"
#include "pb-problem.h"

struct _PbTranscriptWindow {
  AdwWindow parent;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkWidget *back;
  GtkDropDown *accounts;
  GtkStack *stack;
  AdwLeaflet *leaflet;
  GtkListBox *list;
  GtkTextView *text;

  PbProfile *profile;
  GListModel *entries; /* of the account that is shown; owned by the service */
  GCancellable *loading;
  char *shown; /* the dialogue, or NULL */
  guint update;
};

G_DEFINE_FINAL_TYPE (PbTranscriptWindow, pb_transcript_window, ADW_TYPE_WINDOW)

static void
show_toast (PbTranscriptWindow *self, const char *text) {
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

/* ---- Rows ---- */

static char *
describe_outcome (int outcome) {
  g_autoptr (GError) error = NULL;

  if (outcome == PB_TRANSCRIPT_WELL)
    return g_strdup (_ ("Went well"));
  if (outcome == PB_TRANSCRIPT_CANCELLED)
    return g_strdup (_ ("Stopped"));
  if (outcome == PB_TRANSCRIPT_OTHER)
    return g_strdup (_ ("Failed"));
  error = g_error_new_literal (PB_ERROR, outcome, "");
  g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);
  return g_steal_pointer (&problem->title);
}

static char *
describe_duration (gint64 microseconds) {
  double seconds = (double) microseconds / G_USEC_PER_SEC;

  if (seconds < 60)
    /* Translators: seconds */
    return g_strdup_printf (_ ("%.1f s"), seconds);
  /* Translators: minutes and seconds */
  return g_strdup_printf (_ ("%d min %d s"), (int) seconds / 60, (int) seconds % 60);
}

static char *
describe_time (gint64 started) {
  gint64 seconds = started / G_USEC_PER_SEC;
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (seconds);
  g_autofree char *clock = g_date_time_format (when, "%X");
  g_autofree char *day = pb_format_date_short (seconds, g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (g_date_time_get_day_of_year (now) == g_date_time_get_day_of_year (when) &&
      g_date_time_get_year (now) == g_date_time_get_year (when))
    return g_steal_pointer (&clock);
  /* Translators: a day, then a time */
  return g_strdup_printf (_ ("%s, %s"), day, clock);
}

static GtkWidget *
make_row (gpointer item, gpointer data) {
  PbTranscriptEntry *entry = item;
  int outcome = pb_transcript_entry_get_outcome (entry);
  gboolean well = outcome == PB_TRANSCRIPT_WELL;
  g_autofree char *time = describe_time (pb_transcript_entry_get_started (entry));
  g_autofree char *result = describe_outcome (outcome);
  g_autofree char *duration = describe_duration (pb_transcript_entry_get_duration (entry));
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon =
    g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, "icon-name",
                  well ? "emblem-ok-symbolic" : "dialog-warning-symbolic", NULL);
  GtkWidget *label = gtk_label_new (duration);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), time);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), result);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_autofree char *name = g_strdup_printf ("%s, %s, %s", time, result, duration);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

/* ---- The dialogue ---- */

static void
set_shown (PbTranscriptWindow *self, const char *text) {
  g_free (self->shown);
  self->shown = g_strdup (text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transcript.copy", text != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transcript.save", text != NULL);
  pb_dialogue_set_transcript (self->text, text ? text : "");
}

static void
loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbTranscriptWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
    pb_transcript_entry_load_finish (PB_TRANSCRIPT_ENTRY (source), result, &error);

  if (!self->list || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_shown (self, text);
  if (!text)
    show_toast (self, _ ("This session is not there any more"));
}

static void
row_selected_cb (PbTranscriptWindow *self, GtkListBoxRow *row) {
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (!row) {
    set_shown (self, NULL);
    return;
  }
  g_autoptr (PbTranscriptEntry) entry =
    g_list_model_get_item (self->entries, (guint) gtk_list_box_row_get_index (row));
  self->loading = g_cancellable_new ();
  pb_transcript_entry_load_async (entry, self->loading, loaded, g_object_ref (self));
}

static void
row_activated_cb (PbTranscriptWindow *self, GtkListBoxRow *row) {
  adw_leaflet_set_visible_child_name (self->leaflet, "dialogue");
}

/* Not while the leaflet is being laid out, which is when it tells. */
static gboolean
update_back_later_cb (gpointer data) {
  PbTranscriptWindow *self = data;
  gboolean away = adw_leaflet_get_folded (self->leaflet) &&
                  g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "dialogue") == 0;

  self->update = 0;
  gtk_widget_set_visible (self->back, away);
  if (away)
    gtk_widget_grab_focus (GTK_WIDGET (self->text));
  return G_SOURCE_REMOVE;
}

static void
update_back_cb (PbTranscriptWindow *self) {
  if (!self->update)
    self->update = g_idle_add (update_back_later_cb, self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbTranscriptWindow *self = PB_TRANSCRIPT_WINDOW (widget);

  adw_leaflet_set_visible_child_name (self->leaflet, "sessions");
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* ---- Taking it away ---- */

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbTranscriptWindow *self = PB_TRANSCRIPT_WINDOW (widget);

  if (!self->shown)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->shown);
  show_toast (self, _ ("Copied. There are no passwords in it."));
}

static void
saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbTranscriptWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    show_toast (self, _ ("Saved"));
  else
    show_toast (self, _ ("The file could not be written"));
}

static void
save_response_cb (GtkNativeDialog *dialog, int response, PbTranscriptWindow *self) {
  if (response == GTK_RESPONSE_ACCEPT && self->shown) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    g_autoptr (GBytes) bytes = g_bytes_new (self->shown, strlen (self->shown));
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                         saved, g_object_ref (self));
  }
  g_object_unref (dialog);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    _ ("Save the Dialogue"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _ ("session.txt"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_response_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* ---- Accounts ---- */

/* What is newest is shown until somebody chooses. */
static void
entries_changed_cb (PbTranscriptWindow *self) {
  gboolean any = g_list_model_get_n_items (self->entries) > 0;

  gtk_stack_set_visible_child_name (self->stack, any ? "log" : "empty");
  if (any && !gtk_list_box_get_selected_row (self->list))
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
show_account (PbTranscriptWindow *self, PbAccount *account) {
  if (self->entries)
    g_signal_handlers_disconnect_by_data (self->entries, self);
  self->entries = pb_sync_service_get_transcripts (pb_profile_get_sync (self->profile), account);
  set_shown (self, NULL);
  adw_window_title_set_subtitle (self->title, pb_account_get_label (account));
  gtk_list_box_bind_model (self->list, self->entries, make_row, NULL, NULL);
  g_signal_connect_object (self->entries, "items-changed", G_CALLBACK (entries_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  entries_changed_cb (self);
}

static void
account_chosen_cb (PbTranscriptWindow *self) {
  PbAccount *account = gtk_drop_down_get_selected_item (self->accounts);

  if (account && self->profile)
    show_account (self, account);
}

static char *
label_of (PbAccount *account, gpointer data) {
  return g_strdup (pb_account_get_label (account));
}

static void
choose_account (PbTranscriptWindow *self, PbAccount *account) {
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (self->profile));
  g_autoptr (GtkExpression) label =
    gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (label_of), NULL, NULL);

  gtk_drop_down_set_expression (self->accounts, label);
  gtk_drop_down_set_model (self->accounts, accounts);
  gtk_widget_set_visible (GTK_WIDGET (self->accounts), g_list_model_get_n_items (accounts) > 1);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (PbAccount) candidate = g_list_model_get_item (accounts, i);
    if (candidate == account)
      gtk_drop_down_set_selected (self->accounts, i);
  }
  show_account (self, account);
}

/* ---- Object ---- */

static void
pb_transcript_window_dispose (GObject *object) {
  PbTranscriptWindow *self = PB_TRANSCRIPT_WINDOW (object);

  if (self->list)
    g_signal_handlers_disconnect_by_data (self->list, self);
  self->list = NULL;
  g_clear_handle_id (&self->update, g_source_remove);
  if (self->loading)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (pb_transcript_window_parent_class)->dispose (object);
}

static void
pb_transcript_window_class_init (PbTranscriptWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_transcript_window_dispose;
  gtk_widget_class_install_action (widget_class, "transcript.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "transcript.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "transcript.back", NULL, back_action);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-transcript-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, title);
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, back);
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, accounts);
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, list);
  gtk_widget_class_bind_template_child (widget_class, PbTranscriptWindow, text);
  gtk_widget_class_bind_template_callback (widget_class, account_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_back_cb);
}

static void
pb_transcript_window_init (PbTranscriptWindow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  pb_dialogue_prepare (self->text);
}

PbTranscriptWindow *
pb_transcript_window_new (PbProfile *profile, PbAccount *account) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  PbTranscriptWindow *self = g_object_new (PB_TYPE_TRANSCRIPT_WINDOW, NULL);
  self->profile = g_object_ref (profile);
  choose_account (self, account);
  return self;
}
