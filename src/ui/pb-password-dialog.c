/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message dialog with one row in it. */

#include "config.h"

#include "pb-password-dialog.h"

#include <glib/gi18n.h>

#include "pb-error.h"
#include "pb-format.h"
#include "pb-password-row.h"

/* The secret follows what is typed: when the dialog answers, its widgets are gone already. */
typedef struct {
  PbProfile *profile;
  PbAccount *account;
  PbSecret *secret; /* NULL while nothing is typed */
} Question;

static void
question_free (Question *question) {
  g_object_unref (question->profile);
  g_object_unref (question->account);
  g_clear_pointer (&question->secret, pb_secret_unref);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Question *question) {
  if (g_strcmp0 (response, "ok") != 0 || !question->secret)
    return;
  /* Known at once; the keyring may take its time. How the check ends is told by the service's
   * "finished", as for every check. */
  pb_secrets_store_async (pb_profile_get_secrets (question->profile), question->account,
                          question->secret, NULL, NULL, NULL);
  pb_sync_service_force_check_async (pb_profile_get_sync (question->profile), question->account,
                                     NULL, NULL, NULL);
}

static void
changed_cb (GtkEditable *password, Question *question) {
  GtkRoot *dialog = gtk_widget_get_root (GTK_WIDGET (password));

  /* The row loses its text when it goes; that is no answer. */
  if (!dialog || gtk_widget_in_destruction (GTK_WIDGET (password)))
    return;
  const char *text = gtk_editable_get_text (password);
  g_clear_pointer (&question->secret, pb_secret_unref);
  if (*text)
    question->secret = pb_secret_new (text);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "ok", *text != '\0');
}

static void
activated_cb (AdwMessageDialog *dialog) {
  if (adw_message_dialog_get_response_enabled (dialog, "ok"))
    adw_message_dialog_response (dialog, "ok");
}

static GtkWidget *
make_rows (GtkWidget **password) {
  GtkWidget *list = gtk_list_box_new ();

  *password = adw_password_entry_row_new ();
  pb_password_row_guard (*password);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (*password), _ ("Password"));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), *password);
  return list;
}

void
pb_password_dialog_present (GtkWindow *parent, PbProfile *profile, PbAccount *account) {
  g_return_if_fail (PB_IS_PROFILE (profile));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  g_autofree char *label = pb_format_isolate (pb_account_get_label (account));
  g_autofree char *body = g_strdup_printf (_ ("The server wants the password of %s."), label);
  AdwMessageDialog *dialog =
    ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, _ ("Enter Password"), body));
  Question *question = g_new0 (Question, 1);
  GtkWidget *password;

  adw_message_dialog_set_extra_child (dialog, make_rows (&password));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "ok", _ ("_Sign In"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "ok", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (dialog, "ok", FALSE);
  adw_message_dialog_set_default_response (dialog, "ok");
  question->profile = g_object_ref (profile);
  question->account = g_object_ref (account);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question,
                         (GClosureNotify) (void (*) (void)) question_free, 0);
  g_signal_connect (password, "changed", G_CALLBACK (changed_cb), question);
  g_signal_connect_object (password, "entry-activated", G_CALLBACK (activated_cb), dialog,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (password);
}
