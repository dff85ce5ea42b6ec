/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One card with a sign, words and, at times, a fingerprint. */

#include "config.h"

#include "pb-trial-box.h"

#include <glib/gi18n.h>

#include "pb-certificate-box.h"
#include "pb-format.h"
#include "pb-problem.h"

struct _PbTrialBox {
  GtkWidget parent;

  GtkWidget *content;
  GtkStack *sign;
  GtkSpinner *spinner;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *text;
  GtkLabel *server;
  GtkWidget *certificate;
  PbCertificateBox *details;

  char *fingerprint; /* of the certificate that is shown, or NULL */
};

G_DEFINE_FINAL_TYPE (PbTrialBox, pb_trial_box, GTK_TYPE_WIDGET)

enum { TRUST, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
set_text (GtkLabel *label, const char *text) {
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

static void
set_sign (PbTrialBox *self, const char *icon_name, const char *class) {
  gtk_spinner_set_spinning (self->spinner, icon_name == NULL);
  gtk_stack_set_visible_child (self->sign,
                               icon_name ? GTK_WIDGET (self->icon) : GTK_WIDGET (self->spinner));
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "success");
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "warning");
  if (class)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), class);
}

static void
show (PbTrialBox *self, const char *title, const char *text, const char *server) {
  set_text (self->title, title);
  set_text (self->text, text);
  set_text (self->server, server);
  gtk_widget_set_visible (self->certificate, self->fingerprint != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
trust_cb (PbTrialBox *self) {
  g_autofree char *fingerprint = g_strdup (self->fingerprint);

  g_signal_emit (self, signals[TRUST], 0, fingerprint);
}

static void
pb_trial_box_dispose (GObject *object) {
  PbTrialBox *self = PB_TRIAL_BOX (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->fingerprint, g_free);
  G_OBJECT_CLASS (pb_trial_box_parent_class)->dispose (object);
}

static void
pb_trial_box_class_init (PbTrialBoxClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_trial_box_dispose;
  g_type_ensure (PB_TYPE_CERTIFICATE_BOX);
  signals[TRUST] = g_signal_new ("trust", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-trial-box.ui");
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, content);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, sign);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, spinner);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, icon);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, title);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, text);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, server);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, certificate);
  gtk_widget_class_bind_template_child (widget_class, PbTrialBox, details);
  gtk_widget_class_bind_template_callback (widget_class, trust_cb);
}

static void
pb_trial_box_init (PbTrialBox *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pb_trial_box_clear (PbTrialBox *self) {
  g_return_if_fail (PB_IS_TRIAL_BOX (self));

  g_clear_pointer (&self->fingerprint, g_free);
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
pb_trial_box_show_busy (PbTrialBox *self) {
  g_return_if_fail (PB_IS_TRIAL_BOX (self));

  g_clear_pointer (&self->fingerprint, g_free);
  set_sign (self, NULL, NULL);
  show (self, _ ("Signing in…"), NULL, NULL);
}

void
pb_trial_box_show_success (PbTrialBox *self, guint messages, guint64 octets) {
  g_return_if_fail (PB_IS_TRIAL_BOX (self));

  g_autofree char *count = pb_format_count (messages);
  g_autofree char *size = pb_format_size (octets);
  /* Translators: how many messages wait on the server, and how big they are together. */
  g_autofree char *text =
    messages
      ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s message waits on the server (%s).",
                                      "%s messages wait on the server (%s).", messages),
                         count, size)
      : g_strdup (_ ("No messages wait on the server."));

  g_clear_pointer (&self->fingerprint, g_free);
  set_sign (self, "object-select-symbolic", "success");
  show (self, _ ("It works"), text, NULL);
}

void
pb_trial_box_show_refusal (PbTrialBox *self, const char *title, const char *text) {
  g_return_if_fail (PB_IS_TRIAL_BOX (self));

  g_clear_pointer (&self->fingerprint, g_free);
  set_sign (self, "dialog-warning-symbolic", "warning");
  show (self, title, text, NULL);
}

/* The words about the certificate, instead of those that any error gets. */
static void
show_certificate (PbTrialBox *self, const PbCertificateWords *words) {
  self->fingerprint = g_strdup (words->fingerprint);
  pb_certificate_box_show (self->details, words);
  show (self, words->title, NULL, NULL);
}

void
pb_trial_box_show_error (PbTrialBox *self,
                         const GError *error,
                         const char *where,
                         PbAccount *account) {
  g_return_if_fail (PB_IS_TRIAL_BOX (self));
  g_return_if_fail (error != NULL);

  g_autoptr (PbProblem) problem = pb_problem_new (error, where);
  g_autofree char *text = g_strdup_printf ("%s %s", problem->effect, problem->advice);
  g_autofree char *server =
    problem->server ? g_strdup_printf (_ ("The server said: “%s”"), problem->server) : NULL;
  g_autoptr (PbCertificateWords) words =
    account ? pb_certificate_box_make_words (error, account) : NULL;

  g_clear_pointer (&self->fingerprint, g_free);
  set_sign (self, "dialog-warning-symbolic", "warning");
  if (words)
    show_certificate (self, words);
  else
    show (self, problem->title, text, server);
}
