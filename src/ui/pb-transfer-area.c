/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A question whether it is about a file or a folder, since a file dialog shows only one of them;
 * then the file dialog, which also asks where to or in which form. */

#include "config.h"

#include "pb-transfer-area.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-problem.h"
#include "pb-transfer-row.h"

struct _PbTransferArea {
  GtkBox parent;

  PbProfile *profile;
  GtkFileChooserNative *chooser; /* while it is open */
  char *account_id;              /* that the present questions are about */
};

G_DEFINE_FINAL_TYPE (PbTransferArea, pb_transfer_area, GTK_TYPE_BOX)

enum { NOTICE, N_SIGNALS };
static guint signals[N_SIGNALS];

static GtkWindow *
window_of (PbTransferArea *self) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

/* ---- Running ---- */

static void
tell_trouble (PbTransferArea *self, const char *summary, const GError *error) {
  g_autoptr (PbProblem) problem = error ? pb_problem_new (error, NULL) : NULL;
  GtkWidget *dialog = adw_message_dialog_new (
    window_of (self), problem ? problem->title : _ ("Not All of the Mail Could Be Read"), NULL);
  g_autofree char *text =
    problem ? g_strdup_printf ("%s\n%s\n\n%s", problem->effect, problem->advice, summary)
            : g_strdup (summary);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
finished_cb (PbTransferArea *self, const char *summary, const GError *error, PbTransferRow *row) {
  gboolean stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *text =
    stopped ? g_strdup_printf (_ ("Stopped: %s"), summary) : g_strdup (summary);

  if (!stopped && (error || !pb_transfer_row_is_complete (row)))
    tell_trouble (self, summary, error);
  else
    g_signal_emit (self, signals[NOTICE], 0, text);
  gtk_box_remove (GTK_BOX (self), GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self),
                          gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL);
}

static void
add_row (PbTransferArea *self, GtkWidget *row) {
  g_signal_connect_object (row, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), row);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
pb_transfer_area_start_import (PbTransferArea *self,
                               const char *account_id,
                               const char *path,
                               const char *folder) {
  g_return_if_fail (PB_IS_TRANSFER_AREA (self));
  g_return_if_fail (account_id != NULL && path != NULL && folder != NULL);

  PbImportOptions options = {
    .path = path,
    .format = PB_FORMAT_AUTO,
    .account_id = account_id,
    .folder = folder,
  };

  add_row (self, pb_transfer_row_new_import (pb_profile_get_store (self->profile), &options));
}

void
pb_transfer_area_start_export (PbTransferArea *self,
                               const char *account_id,
                               const char *path,
                               int format) {
  g_return_if_fail (PB_IS_TRANSFER_AREA (self));
  g_return_if_fail (account_id != NULL && path != NULL);

  PbMailStore *store = pb_profile_get_store (self->profile);
  GListModel *folders = pb_mail_store_get_folders (store);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < g_list_model_get_n_items (folders); i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (folders, i);
    gint64 id = pb_folder_get_id (folder);
    if (g_str_equal (pb_folder_get_account_id (folder), account_id))
      g_array_append_val (ids, id);
  }
  PbExportOptions options = {
    .path = path,
    .format = (PbMailFormat) format,
    .folder_ids = (const gint64 *) (gpointer) ids->data,
    .n_folders = ids->len,
  };
  add_row (self, pb_transfer_row_new_export (store, &options));
}

/* ---- Asking where ---- */

static char *
chosen_path (PbTransferArea *self, int response) {
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                             ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                             : NULL;

  return file ? g_file_get_path (file) : NULL;
}

static void
import_chosen_cb (PbTransferArea *self, int response) {
  g_autofree char *path = chosen_path (self, response);
  const char *into = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (self->chooser), "into");
  gboolean as_there = g_strcmp0 (into, "there") == 0;

  g_clear_object (&self->chooser);
  /* Translators: a folder for mail from other programs. */
  if (path)
    pb_transfer_area_start_import (self, self->account_id, path, as_there ? "" : _ ("Imported"));
}

/* A folder of its own below the chosen one, called so that there is none of that name. */
static void
folder_chosen_cb (PbTransferArea *self, int response) {
  g_autofree char *path = chosen_path (self, response);
  const char *form = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (self->chooser), "form");
  PbMailFormat format = g_strcmp0 (form, "eml") == 0 ? PB_FORMAT_EML : PB_FORMAT_MAILDIR;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "Postbag %Y-%m-%d %H.%M.%S");

  g_clear_object (&self->chooser);
  if (!path)
    return;
  g_autofree char *target = g_build_filename (path, name, NULL);
  pb_transfer_area_start_export (self, self->account_id, target, format);
}

static void
file_chosen_cb (PbTransferArea *self, int response) {
  g_autofree char *path = chosen_path (self, response);

  g_clear_object (&self->chooser);
  if (!path)
    return;
  g_autofree char *target =
    g_str_has_suffix (path, ".mbox") ? g_strdup (path) : g_strconcat (path, ".mbox", NULL);
  pb_transfer_area_start_export (self, self->account_id, target, PB_FORMAT_MBOX);
}

static GtkFileChooser *
make_chooser (PbTransferArea *self,
              const char *title,
              GtkFileChooserAction action,
              const char *accept,
              GCallback chosen) {
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, window_of (self), action, accept, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", chosen, self, G_CONNECT_SWAPPED);
  return GTK_FILE_CHOOSER (self->chooser);
}

static void
import_answer_cb (PbTransferArea *self, const char *response) {
  const char *ids[] = { "new", "there", NULL };
  const char *labels[] = { _ ("The folder “Imported”"), _ ("The folders where they were"), NULL };
  gboolean folder = g_str_equal (response, "folder");

  if (g_str_equal (response, "cancel"))
    return;
  GtkFileChooser *chooser =
    make_chooser (self, _ ("Import Mail"),
                  folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN,
                  _ ("_Import"), G_CALLBACK (import_chosen_cb));
  gtk_file_chooser_add_choice (chooser, "into", _ ("Put the messages into"), ids, labels);
  gtk_file_chooser_set_choice (chooser, "into", "new");
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_answer_cb (PbTransferArea *self, const char *response) {
  const char *ids[] = { "maildir", "eml", NULL };
  const char *labels[] = { _ ("Maildir: with stars, tags and read marks"),
                           _ ("One .eml file for each message"), NULL };
  GtkFileChooser *chooser;

  if (g_str_equal (response, "cancel"))
    return;
  if (g_str_equal (response, "folder")) {
    chooser = make_chooser (self, _ ("Export Mail Into"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                            _ ("_Export"), G_CALLBACK (folder_chosen_cb));
    gtk_file_chooser_add_choice (chooser, "form", _ ("Form"), ids, labels);
    gtk_file_chooser_set_choice (chooser, "form", "maildir");
  } else {
    chooser = make_chooser (self, _ ("Export Mail To"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"),
                            G_CALLBACK (file_chosen_cb));
    gtk_file_chooser_set_current_name (chooser, _ ("Mail.mbox"));
  }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- Asking what ---- */

/* FALSE when there is no such account. */
static gboolean
take_account (PbTransferArea *self, const char *id, char **label) {
  PbAccountList *accounts = self->profile ? pb_profile_get_accounts (self->profile) : NULL;
  g_autoptr (PbAccount) first =
    accounts ? g_list_model_get_item (G_LIST_MODEL (accounts), 0) : NULL;
  PbAccount *account = accounts && *id ? pb_account_list_find (accounts, id) : first;

  if (!account)
    return FALSE;
  g_free (self->account_id);
  self->account_id = g_strdup (pb_account_get_id (account));
  *label = g_strdup (pb_account_get_label (account));
  return TRUE;
}

static void
ask (PbTransferArea *self,
     const char *title,
     const char *text,
     const char *file,
     GCallback answer) {
  GtkWidget *dialog = adw_message_dialog_new (window_of (self), title, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), text);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "file",
                                    file, "folder", _ ("_Folder…"), NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", answer, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
pb_transfer_area_import (PbTransferArea *self, const char *account_id) {
  g_return_if_fail (PB_IS_TRANSFER_AREA (self));
  g_return_if_fail (account_id != NULL);

  g_autofree char *label = NULL;

  if (!take_account (self, account_id, &label))
    return;
  g_autofree char *text = g_strdup_printf (
    _ ("Mail of other programs is copied into “%s”: an mbox file, or a folder of mbox files, "
       "Maildir, MH or .eml files. Nothing is changed there, and what is here already is passed "
       "over."),
    label);
  ask (self, _ ("Import Mail"), text, _ ("_File…"), G_CALLBACK (import_answer_cb));
}

void
pb_transfer_area_export (PbTransferArea *self, const char *account_id) {
  g_return_if_fail (PB_IS_TRANSFER_AREA (self));
  g_return_if_fail (account_id != NULL);

  g_autofree char *label = NULL;

  if (!take_account (self, account_id, &label))
    return;
  g_autofree char *text =
    g_strdup_printf (_ ("All mail of “%s” is copied, into one mbox file or into a new folder that "
                        "other programs can read. Nothing is overwritten."),
                     label);
  ask (self, _ ("Export Mail"), text, _ ("_One File…"), G_CALLBACK (export_answer_cb));
}

/* ---- Object ---- */

static void
pb_transfer_area_dispose (GObject *object) {
  PbTransferArea *self = PB_TRANSFER_AREA (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->account_id, g_free);
  G_OBJECT_CLASS (pb_transfer_area_parent_class)->dispose (object);
}

static void
pb_transfer_area_class_init (PbTransferAreaClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_transfer_area_dispose;
  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pb_transfer_area_init (PbTransferArea *self) {
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
pb_transfer_area_set_profile (PbTransferArea *self, PbProfile *profile) {
  g_return_if_fail (PB_IS_TRANSFER_AREA (self));
  g_return_if_fail (PB_IS_PROFILE (profile));
  g_set_object (&self->profile, profile);
}
