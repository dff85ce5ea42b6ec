/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows and properties one to one; megabytes of people are 1,000,000 octets. */

#include "config.h"

#include "pb-policy-group.h"

#define MEGABYTE 1000000

struct _PbPolicyGroup {
  AdwPreferencesGroup parent;

  AdwComboRow *on_server;
  GtkWidget *days_row;
  GtkSpinButton *days;
  GtkSwitch *with_local;
  AdwExpanderRow *limits;
  GtkSwitch *headers_only;
  GtkSpinButton *max_size;
  GtkSpinButton *keep_messages;
  GtkSpinButton *keep_megabytes;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (PbPolicyGroup, pb_policy_group, ADW_TYPE_PREFERENCES_GROUP)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
changed_cb (PbPolicyGroup *self) {
  gtk_widget_set_visible (self->days_row, adw_combo_row_get_selected (self->on_server) ==
                                            PB_ON_SERVER_DELETE_AFTER);
  if (!self->loading)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
pb_policy_group_class_init (PbPolicyGroupClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-policy-group.ui");
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, on_server);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, days_row);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, days);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, with_local);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, limits);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, headers_only);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, max_size);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, keep_messages);
  gtk_widget_class_bind_template_child (widget_class, PbPolicyGroup, keep_megabytes);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
pb_policy_group_init (PbPolicyGroup *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pb_policy_group_load (PbPolicyGroup *self, PbAccount *account) {
  g_return_if_fail (PB_IS_POLICY_GROUP (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  guint64 max_size = pb_account_get_max_size (account);
  guint64 keep_bytes = pb_account_get_keep_bytes (account);
  guint keep_messages = pb_account_get_keep_messages (account);
  gboolean headers_only = pb_account_get_headers_only (account);

  self->loading = TRUE;
  adw_combo_row_set_selected (self->on_server, pb_account_get_on_server (account));
  gtk_spin_button_set_value (self->days, pb_account_get_delete_after_days (account));
  gtk_switch_set_active (self->with_local, pb_account_get_delete_with_local (account));
  gtk_switch_set_active (self->headers_only, headers_only);
  gtk_spin_button_set_value (self->max_size, (double) max_size / MEGABYTE);
  gtk_spin_button_set_value (self->keep_messages, keep_messages);
  gtk_spin_button_set_value (self->keep_megabytes, (double) (keep_bytes / MEGABYTE));
  adw_expander_row_set_expanded (self->limits,
                                 headers_only || max_size || keep_messages || keep_bytes);
  self->loading = FALSE;
}

void
pb_policy_group_store (PbPolicyGroup *self, PbAccount *account) {
  g_return_if_fail (PB_IS_POLICY_GROUP (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  g_object_set (account, "on-server", (PbOnServer) adw_combo_row_get_selected (self->on_server),
                "delete-after-days", (guint) gtk_spin_button_get_value_as_int (self->days),
                "delete-with-local", gtk_switch_get_active (self->with_local), "headers-only",
                gtk_switch_get_active (self->headers_only), "max-size",
                (guint64) (gtk_spin_button_get_value (self->max_size) * MEGABYTE), "keep-messages",
                (guint64) gtk_spin_button_get_value_as_int (self->keep_messages), "keep-bytes",
                (guint64) gtk_spin_button_get_value_as_int (self->keep_megabytes) * MEGABYTE, NULL);
}
