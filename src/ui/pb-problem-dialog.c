/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message dialog whose buttons are actions of the application. */

#include "config.h"

#include "pb-problem-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-certificate-box.h"
#include "pb-remedy.h"

/* What a dialog is about. */
typedef struct {
  PbProfile *profile;
  PbAccount *account;
  GtkWindow *parent; /* goes with the dialog at the latest */
  PbRemedy remedy;
  char *fingerprint; /* of the certificate that was refused, or NULL */
} About;

static void
about_free (gpointer data, GClosure *closure) {
  About *about = data;

  g_object_unref (about->profile);
  g_object_unref (about->account);
  g_free (about->fingerprint);
  g_free (about);
}

/* What is trusted in memory holds for this run; where it cannot be kept, the next one asks
 * again. */
static void
trust (About *about) {
  g_object_set (about->account, "trusted-certificate", about->fingerprint, NULL);
  pb_profile_save_account_async (about->profile, about->account, NULL, NULL, NULL, NULL);
  pb_sync_service_force_check_async (pb_profile_get_sync (about->profile), about->account, NULL,
                                     NULL, NULL);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, About *about) {
  if (g_strcmp0 (response, "remedy") == 0)
    pb_remedy_apply (about->parent, about->account, about->remedy);
  if (g_strcmp0 (response, "log") == 0)
    pb_remedy_apply (about->parent, about->account, PB_REMEDY_LOG);
  if (g_strcmp0 (response, "trust") == 0)
    trust (about);
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

/* A chain may be long. */
static GtkWidget *
make_certificate (const PbCertificateWords *words) {
  GtkWidget *box = g_object_new (PB_TYPE_CERTIFICATE_BOX, NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  pb_certificate_box_show (PB_CERTIFICATE_BOX (box), words);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 360);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  return scroller;
}

static AdwMessageDialog *
make_dialog (GtkWindow *parent, const PbProblem *problem, const PbCertificateWords *words) {
  g_autofree char *body = g_strdup_printf ("%s\n\n%s", problem->effect, problem->advice);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
    adw_message_dialog_new (parent, words ? words->title : problem->title, words ? NULL : body));

  if (words)
    adw_message_dialog_set_extra_child (dialog, make_certificate (words));
  else if (problem->server)
    adw_message_dialog_set_extra_child (dialog, make_server_words (problem->server));
  return dialog;
}

static void
add_responses (AdwMessageDialog *dialog, PbRemedy remedy, gboolean can_trust) {
  const char *label = pb_remedy_label (remedy == PB_REMEDY_NONE ? PB_REMEDY_TRY : remedy);

  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  if (remedy != PB_REMEDY_LOG)
    adw_message_dialog_add_response (dialog, "log", pb_remedy_label (PB_REMEDY_LOG));
  if (can_trust) {
    adw_message_dialog_add_response (dialog, "trust", _ ("_Trust This Certificate"));
    adw_message_dialog_set_response_appearance (dialog, "trust", ADW_RESPONSE_DESTRUCTIVE);
  }
  adw_message_dialog_add_response (dialog, "remedy", label);
  adw_message_dialog_set_response_appearance (dialog, "remedy", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, "close");
  adw_message_dialog_set_default_response (dialog, "remedy");
}

void
pb_problem_dialog_present (GtkWindow *parent,
                           PbProfile *profile,
                           PbAccount *account,
                           const GError *error) {
  g_return_if_fail (PB_IS_PROFILE (profile));
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (error != NULL);

  g_autoptr (PbProblem) problem = pb_problem_new (error, pb_account_get_label (account));
  g_autoptr (PbCertificateWords) words = pb_certificate_box_make_words (error, account);
  AdwMessageDialog *dialog = make_dialog (parent, problem, words);
  PbRemedy remedy = pb_remedy_choose (problem, account);
  About *about = g_new0 (About, 1);

  add_responses (dialog, remedy, words != NULL);
  about->profile = g_object_ref (profile);
  about->account = g_object_ref (account);
  about->parent = parent;
  about->remedy = remedy;
  about->fingerprint = words ? g_strdup (words->fingerprint) : NULL;
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), about, about_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
