/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message dialog whose buttons are actions of the application. */

#include "config.h"

#include "pb-problem-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-remedy.h"

/* What a dialog is about. */
typedef struct {
  PbAccount *account;
  GtkWindow *parent; /* goes with the dialog at the latest */
  PbRemedy remedy;
} About;

static void
about_free (gpointer data, GClosure *closure) {
  About *about = data;

  g_object_unref (about->account);
  g_free (about);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, About *about) {
  if (g_strcmp0 (response, "remedy") == 0)
    pb_remedy_apply (about->parent, about->account, about->remedy);
  if (g_strcmp0 (response, "log") == 0)
    pb_remedy_apply (about->parent, about->account, PB_REMEDY_LOG);
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
  PbRemedy remedy = pb_remedy_choose (problem, account);
  const char *label = pb_remedy_label (remedy == PB_REMEDY_NONE ? PB_REMEDY_TRY : remedy);
  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  if (remedy != PB_REMEDY_LOG)
    adw_message_dialog_add_response (dialog, "log", pb_remedy_label (PB_REMEDY_LOG));
  adw_message_dialog_add_response (dialog, "remedy", label);
  adw_message_dialog_set_response_appearance (dialog, "remedy", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, "close");
  adw_message_dialog_set_default_response (dialog, "remedy");
  About *about = g_new (About, 1);
  *about = (About){ g_object_ref (account), parent, remedy };
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), about, about_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
