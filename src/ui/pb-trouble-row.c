/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A flat button over the whole line; what it does is an action of the application. */

#include "config.h"

#include "pb-trouble-row.h"

#include <glib/gi18n.h>

#include "pb-error.h"
#include "pb-format.h"
#include "pb-problem.h"

struct _PbTroubleRow {
  GtkWidget parent;

  GtkWidget *button;
  GtkImage *icon;
  GtkLabel *account;
  GtkLabel *what;
};

G_DEFINE_FINAL_TYPE (PbTroubleRow, pb_trouble_row, GTK_TYPE_WIDGET)

static void
pb_trouble_row_dispose (GObject *object) {
  g_clear_pointer (&PB_TROUBLE_ROW (object)->button, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_trouble_row_parent_class)->dispose (object);
}

static void
pb_trouble_row_class_init (PbTroubleRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_trouble_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-trouble-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PbTroubleRow, button);
  gtk_widget_class_bind_template_child (widget_class, PbTroubleRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PbTroubleRow, account);
  gtk_widget_class_bind_template_child (widget_class, PbTroubleRow, what);
}

static void
pb_trouble_row_init (PbTroubleRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pb_trouble_row_new (PbAccount *account, const GError *error, gboolean asks) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (error != NULL, NULL);

  PbTroubleRow *self = g_object_new (PB_TYPE_TROUBLE_ROW, NULL);
  g_autofree char *label = pb_format_isolate (pb_account_get_label (account));
  g_autoptr (PbProblem) problem = pb_problem_new (error, pb_account_get_label (account));

  gtk_label_set_label (self->account, label);
  gtk_label_set_label (self->what, asks ? _ ("Password needed: enter it here") : problem->title);
  gtk_image_set_from_icon_name (self->icon,
                                asks ? "dialog-password-symbolic" : "dialog-warning-symbolic");
  gtk_widget_set_tooltip_text (self->button, problem->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  problem->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  gtk_label_get_label (self->what), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button),
                                  asks ? "app.enter-password" : "app.show-problem");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s",
                                    pb_account_get_id (account));
  return GTK_WIDGET (self);
}
