/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message dialog whose buttons are actions of the application. */

#include "config.h"

#include "pb-problem-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-problem.h"

static void
response_cb (AdwMessageDialog *dialog, const char *response, GtkWidget *parent) {
  const char *id = g_object_get_data (G_OBJECT (dialog), "account-id");

  if (g_strcmp0 (response, "again") == 0)
    gtk_widget_activate_action (parent, "app.check-account", "s", id);
  if (g_strcmp0 (response, "edit") == 0)
    gtk_widget_activate_action (parent, "app.edit-account", "s", id);
  if (g_strcmp0 (response, "log") == 0)
    gtk_widget_activate_action (parent, "app.session-log", "s", id);
}

static GtkWidget *
make_server_words (const char *words) {
  g_autofree char *text = g_strdup_printf (_ ("The server said: “%s”"), words);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  return label;
}

void
pb_problem_dialog_present (GtkWindow *parent, PbAccount *account, const GError *error) {
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (error != NULL);

  g_autoptr (PbProblem) problem = pb_problem_new (error, pb_account_get_label (account));
  g_autofree char *body = g_strdup_printf ("%s\n\n%s", problem->effect, problem->advice);
  AdwMessageDialog *dialog =
    ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, problem->title, body));

  if (problem->server)
    adw_message_dialog_set_extra_child (dialog, make_server_words (problem->server));
  adw_message_dialog_add_responses (dialog, "close", _ ("_Close"), "log", _ ("_Session Log"),
                                    "edit", _ ("_Account Settings"), "again", _ ("_Try Again"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "again", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, "close");
  adw_message_dialog_set_default_response (dialog, "again");
  g_object_set_data_full (G_OBJECT (dialog), "account-id", g_strdup (pb_account_get_id (account)),
                          g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), parent, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
