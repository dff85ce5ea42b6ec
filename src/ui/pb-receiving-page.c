/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings are bound; the rows of an account hold its settings. */

#include "config.h"

#include "pb-receiving-page.h"

#include <glib/gi18n.h>

#include "pb-settings.h"

struct _PbReceivingPage {
  AdwPreferencesPage parent;

  GtkSwitch *check_at_start;
  GtkSpinButton *check_interval;
  AdwActionRow *background_row;
  GtkSwitch *background;
  AdwPreferencesGroup *accounts;
  AdwExpanderRow *quiet_hours;
  GtkSpinButton *quiet_from;
  GtkSpinButton *quiet_to;
};

G_DEFINE_FINAL_TYPE (PbReceivingPage, pb_receiving_page, ADW_TYPE_PREFERENCES_PAGE)

/* What the intervals to choose from are, in minutes; -1 for as all accounts. */
static const int intervals[] = { -1, 0, 1, 5, 10, 15, 30, 60, 180, 720, 1440 };

/* ---- What the desktop says ---- */

static const char *
describe (PbBackgroundState state) {
  switch (state) {
  case PB_BACKGROUND_ASKING:
    return _ ("Asking the desktop…");
  case PB_BACKGROUND_ON:
    return _ ("Postbag starts when you log in.");
  case PB_BACKGROUND_NO_AUTOSTART:
    return _ ("Postbag goes on, but the desktop does not start it when you log in.");
  case PB_BACKGROUND_REFUSED:
    return _ ("The desktop refused. You can allow it in its settings, under Applications.");
  case PB_BACKGROUND_UNAVAILABLE:
    return _ ("This desktop has no way to allow it.");
  case PB_BACKGROUND_OFF:
  default:
    return _ ("From log-in on, and with notifications.");
  }
}

static void
state_changed_cb (PbReceivingPage *self, GParamSpec *pspec, PbBackground *background) {
  adw_action_row_set_subtitle (self->background_row,
                               describe (pb_background_get_state (background)));
}

/* ---- Accounts ---- */

static char *
interval_name (int minutes) {
  if (minutes < 0)
    return g_strdup (_ ("As Often as Usual"));
  if (minutes == 0)
    return g_strdup (_ ("Only When Asked To"));
  if (minutes % 60 == 0)
    return g_strdup_printf (ngettext ("Every Hour", "Every %d Hours", (gulong) minutes / 60),
                            minutes / 60);
  return g_strdup_printf (ngettext ("Every Minute", "Every %d Minutes", (gulong) minutes), minutes);
}

static gboolean
interval_to_index (GValue *value, GVariant *variant, gpointer unused) {
  guint index = 0;

  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++) {
    if (intervals[i] <= g_variant_get_int32 (variant))
      index = i;
  }
  g_value_set_uint (value, index);
  return TRUE;
}

static GVariant *
index_to_interval (const GValue *value, const GVariantType *type, gpointer unused) {
  guint index = g_value_get_uint (value);

  return g_variant_new_int32 (index < G_N_ELEMENTS (intervals) ? intervals[index] : -1);
}

static GtkWidget *
make_interval_row (GSettings *settings) {
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++)
    gtk_string_list_take (names, interval_name (intervals[i]));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Check"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (names));
  g_settings_bind_with_mapping (settings, "check-interval", row, "selected",
                                G_SETTINGS_BIND_DEFAULT, interval_to_index, index_to_interval, NULL,
                                NULL);
  return row;
}

static GtkWidget *
make_notify_row (GSettings *settings) {
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Notify of New Mail"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  g_settings_bind (settings, "notify", toggle, "active", G_SETTINGS_BIND_DEFAULT);
  return row;
}

static void
add_account (PbReceivingPage *self, PbAccount *account) {
  GSettings *settings = pb_settings_new_for_account (pb_account_get_id (account));
  GtkWidget *row = adw_expander_row_new ();

  if (!settings)
    return;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pb_account_get_label (account));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), make_interval_row (settings));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), make_notify_row (settings));
  g_object_set_data_full (G_OBJECT (row), "settings", settings, g_object_unref);
  adw_preferences_group_add (self->accounts, row);
}

/* ---- Object ---- */

static void
pb_receiving_page_class_init (PbReceivingPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-receiving-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, check_at_start);
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, check_interval);
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, background_row);
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, background);
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, accounts);
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, quiet_hours);
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, quiet_from);
  gtk_widget_class_bind_template_child (widget_class, PbReceivingPage, quiet_to);
}

static void
pb_receiving_page_init (PbReceivingPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pb_receiving_page_new (PbProfile *profile, GSettings *settings, PbBackground *background) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (PB_IS_BACKGROUND (background), NULL);

  PbReceivingPage *self = g_object_new (PB_TYPE_RECEIVING_PAGE, NULL);
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (profile));
  GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT;

  g_settings_bind (settings, "check-at-start", self->check_at_start, "active", flags);
  g_settings_bind (settings, "check-interval", self->check_interval, "value", flags);
  g_settings_bind (settings, "run-in-background", self->background, "active", flags);
  g_settings_bind (settings, "quiet-hours", self->quiet_hours, "enable-expansion", flags);
  g_settings_bind (settings, "quiet-from", self->quiet_from, "value", flags);
  g_settings_bind (settings, "quiet-to", self->quiet_to, "value", flags);
  g_signal_connect_object (background, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  state_changed_cb (self, NULL, background);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (accounts, i);
    add_account (self, account);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->accounts), g_list_model_get_n_items (accounts) > 0);
  return GTK_WIDGET (self);
}
