/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels, and one grid of facts for each certificate of the chain. */

#include "config.h"

#include "pb-certificate-box.h"

#include <glib/gi18n.h>

#include "pb-error.h"

struct _PbCertificateBox {
  GtkWidget parent;

  GtkWidget *content;
  GtkLabel *reasons;
  GtkLabel *risk;
  GtkLabel *binding;
  GtkLabel *fingerprint;
  GtkWidget *accepted_heading;
  GtkLabel *accepted;
  GtkBox *chain;
};

G_DEFINE_FINAL_TYPE (PbCertificateBox, pb_certificate_box, GTK_TYPE_WIDGET)

static GtkWidget *
make_label (const char *text, const char *class) {
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, class);
  return label;
}

/* A fact that is not known has no line. */
static void
append_fact (GtkBox *box, const char *name, const char *value, gboolean monospace) {
  if (!*value)
    return;
  GtkWidget *label = make_label (value, "caption");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (monospace)
    gtk_widget_add_css_class (label, "monospace");
  gtk_box_append (box, make_label (name, "caption-heading"));
  gtk_box_append (box, label);
}

static GtkWidget *
make_facts (const PbCertificateFacts *facts) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  /* Translators: the first and the last day of a certificate. */
  g_autofree char *days =
    *facts->valid_from && *facts->valid_until
      ? g_strdup_printf (_ ("%s to %s"), facts->valid_from, facts->valid_until)
      : g_strdup ("");

  append_fact (GTK_BOX (box), _ ("Issued to"), facts->subject, FALSE);
  append_fact (GTK_BOX (box), _ ("Issued by"), facts->issuer, FALSE);
  append_fact (GTK_BOX (box), _ ("For the names"), facts->names, FALSE);
  append_fact (GTK_BOX (box), _ ("Valid"), days, FALSE);
  append_fact (GTK_BOX (box), "SHA-256", facts->sha256, TRUE);
  append_fact (GTK_BOX (box), "SHA-1", facts->sha1, TRUE);
  return box;
}

static void
show_chain (PbCertificateBox *self, GPtrArray *chain) {
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->chain))))
    gtk_box_remove (self->chain, child);
  for (guint i = 0; i < chain->len; i++) {
    if (i > 0)
      gtk_box_append (self->chain, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append (self->chain, make_facts (chain->pdata[i]));
  }
}

static void
pb_certificate_box_dispose (GObject *object) {
  PbCertificateBox *self = PB_CERTIFICATE_BOX (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_certificate_box_parent_class)->dispose (object);
}

static void
pb_certificate_box_class_init (PbCertificateBoxClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_certificate_box_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-certificate-box.ui");
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, content);
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, reasons);
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, risk);
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, binding);
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, accepted_heading);
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, accepted);
  gtk_widget_class_bind_template_child (widget_class, PbCertificateBox, chain);
}

static void
pb_certificate_box_init (PbCertificateBox *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

PbCertificateWords *
pb_certificate_box_make_words (const GError *error, PbAccount *account) {
  g_return_val_if_fail (error != NULL, NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  const PbEndpoint *endpoint = pb_account_get_endpoint (account);

  if (!endpoint || !g_error_matches (error, PB_ERROR, PB_ERROR_CERTIFICATE))
    return NULL;
  return pb_certificate_words_new (error, endpoint->host, endpoint->port,
                                   pb_account_get_trusted_certificate (account),
                                   g_get_real_time () / G_USEC_PER_SEC);
}

void
pb_certificate_box_show (PbCertificateBox *self, const PbCertificateWords *words) {
  g_return_if_fail (PB_IS_CERTIFICATE_BOX (self));
  g_return_if_fail (words != NULL);

  const PbCertificateFacts *own = words->chain->pdata[0];
  g_autofree char *reasons = g_strjoinv ("\n", words->reasons);

  gtk_label_set_label (self->reasons, reasons);
  gtk_label_set_label (self->risk, words->risk);
  gtk_label_set_label (self->binding, words->binding);
  gtk_label_set_label (self->fingerprint, own->sha256);
  gtk_label_set_label (self->accepted, words->accepted ? words->accepted : "");
  gtk_widget_set_visible (self->accepted_heading, words->accepted != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->accepted), words->accepted != NULL);
  show_chain (self, words->chain);
}
