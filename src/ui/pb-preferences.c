/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings are bound; an account's row opens its form or takes it off the list. */

#include "config.h"

#include "pb-preferences.h"

#include <glib/gi18n.h>

#include "pb-account-words.h"
#include "pb-format.h"
#include "pb-reading-rules.h"

struct _PbPreferences {
  AdwPreferencesWindow parent;

  AdwPreferencesGroup *accounts;
  GtkWidget *general;
  GtkSwitch *prefer_text;
  GtkSwitch *text_only;
  AdwPreferencesGroup *pictures;

  PbProfile *profile;
  GSettings *settings;     /* may be NULL */
  GPtrArray *picture_rows; /* owned by the group */
  GPtrArray *rows;         /* of the accounts, owned by the group */
};

G_DEFINE_FINAL_TYPE (PbPreferences, pb_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void update_accounts_cb (PbPreferences *self);

/* ---- Removing and detaching ---- */

static void
removed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbPreferences) self = data;
  g_autoptr (GError) error = NULL;

  if (!pb_profile_remove_account_finish (PB_PROFILE (source), result, &error))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self),
                                      adw_toast_new (_ ("The account could not be removed")));
}

/* What fails is told by the rows, which show the account as it is. */
static void
detach (PbPreferences *self, PbAccount *account) {
  pb_secrets_clear_async (pb_profile_get_secrets (self->profile), account, NULL, NULL, NULL);
  pb_account_detach (account);
  pb_profile_save_account_async (self->profile, account, NULL, NULL, NULL, NULL);
  update_accounts_cb (self);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, PbPreferences *self) {
  PbAccount *account = g_object_get_data (G_OBJECT (dialog), "account");

  if (g_strcmp0 (response, "remove") == 0)
    pb_profile_remove_account_async (self->profile, account, removed, g_object_ref (self));
  if (g_strcmp0 (response, "detach") == 0)
    detach (self, account);
}

/* There is no way back from @response. */
static void
ask (GtkWidget *button,
     PbAccount *account,
     const char *heading,
     const char *body,
     const char *response,
     const char *label) {
  GtkRoot *root = gtk_widget_get_root (button);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), response,
                                    label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), response,
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "account", g_object_ref (account), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), root, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
remove_cb (GtkWidget *button, PbAccount *account) {
  g_autofree char *label = pb_format_isolate (pb_account_get_label (account));
  g_autofree char *heading = g_strdup_printf (_ ("Remove %s?"), label);

  ask (button, account, heading,
       _ ("Its mail stays in its folder on this computer and on the server. The password is "
          "forgotten."),
       "remove", _ ("_Remove"));
}

static void
detach_cb (GtkWidget *button, PbAccount *account) {
  g_autofree char *label = pb_format_isolate (pb_account_get_label (account));
  g_autofree char *heading = g_strdup_printf (_ ("Detach %s from Its Server?"), label);

  ask (button, account, heading,
       _ ("Its mail stays here and can be read and searched. Nothing is fetched any more; server, "
          "user name and password are forgotten for good."),
       "detach", _ ("_Detach"));
}

/* ---- Rows ---- */

static GtkWidget *
make_button (const char *icon_name, const char *tooltip) {
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static void
show_state (AdwActionRow *row, PbAccount *account) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);
  g_autofree char *state = pb_account_words_state (account);

  adw_action_row_set_subtitle (row, state ? state : endpoint ? endpoint->host : "");
}

static void
switched_cb (GtkSwitch *enabled, GParamSpec *pspec, PbAccount *account) {
  PbPreferences *self = PB_PREFERENCES (gtk_widget_get_root (GTK_WIDGET (enabled)));
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (enabled), ADW_TYPE_ACTION_ROW);

  g_object_set (account, "enabled", gtk_switch_get_active (enabled), NULL);
  pb_profile_save_account_async (self->profile, account, NULL, NULL, NULL, NULL);
  show_state (ADW_ACTION_ROW (row), account);
}

static GtkWidget *
make_switch (PbAccount *account) {
  GtkWidget *enabled = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (enabled), pb_account_get_enabled (account));
  gtk_widget_set_tooltip_text (enabled, _ ("Fetch Mail"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (enabled), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Fetch Mail"), -1);
  gtk_widget_set_valign (enabled, GTK_ALIGN_CENTER);
  g_signal_connect_object (enabled, "notify::active", G_CALLBACK (switched_cb), account, 0);
  return enabled;
}

/* What only means something while there is a server. */
static void
add_server_suffixes (AdwActionRow *row, PbAccount *account) {
  GtkWidget *edit = make_button ("document-edit-symbolic", _ ("Edit"));
  GtkWidget *detach_button = make_button ("network-offline-symbolic", _ ("Detach"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (edit), "app.edit-account");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (edit), "s", pb_account_get_id (account));
  g_signal_connect_object (detach_button, "clicked", G_CALLBACK (detach_cb), account, 0);
  adw_action_row_add_suffix (row, make_switch (account));
  adw_action_row_add_suffix (row, edit);
  adw_action_row_add_suffix (row, detach_button);
  adw_action_row_set_activatable_widget (row, edit);
}

static GtkWidget *
make_row (PbAccount *account) {
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *remove = make_button ("user-trash-symbolic", _ ("Remove"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pb_account_get_label (account));
  show_state (ADW_ACTION_ROW (row), account);
  if (!pb_account_get_detached (account))
    add_server_suffixes (ADW_ACTION_ROW (row), account);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_cb), account, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  return row;
}

static void
update_accounts_cb (PbPreferences *self) {
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (self->profile));

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->accounts, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (accounts, i);
    GtkWidget *row = make_row (account);
    adw_preferences_group_add (self->accounts, row);
    g_ptr_array_add (self->rows, row);
  }
}

/* ---- Senders whose pictures are shown ---- */

static void
forbid_cb (GtkWidget *button, gpointer unused) {
  PbPreferences *self = PB_PREFERENCES (gtk_widget_get_root (button));
  const char *entry = g_object_get_data (G_OBJECT (button), "entry");

  pb_reading_rules_set (self->settings, PB_RULE_PICTURES, entry, *entry == '@', FALSE);
}

static void
add_picture_row (PbPreferences *self, const char *entry) {
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *remove = make_button ("user-trash-symbolic", _ ("Remove"));
  g_autofree char *name = pb_format_isolate (entry);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  g_object_set_data_full (G_OBJECT (remove), "entry", g_strdup (entry), g_free);
  g_signal_connect (remove, "clicked", G_CALLBACK (forbid_cb), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  adw_preferences_group_add (self->pictures, row);
  g_ptr_array_add (self->picture_rows, row);
}

static void
update_pictures_cb (PbPreferences *self) {
  g_auto (GStrv) list = g_settings_get_strv (self->settings, PB_RULE_PICTURES);

  for (guint i = 0; i < self->picture_rows->len; i++)
    adw_preferences_group_remove (self->pictures, self->picture_rows->pdata[i]);
  g_ptr_array_set_size (self->picture_rows, 0);
  for (guint i = 0; list[i]; i++)
    add_picture_row (self, list[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->pictures), list[0] != NULL);
}

static void
bind_settings (PbPreferences *self, GSettings *settings) {
  GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT;

  self->settings = g_object_ref (settings);
  g_settings_bind (settings, "prefer-text", self->prefer_text, "active", flags);
  g_settings_bind (settings, "text-only", self->text_only, "active", flags);
  g_signal_connect_object (settings, "changed::" PB_RULE_PICTURES, G_CALLBACK (update_pictures_cb),
                           self, G_CONNECT_SWAPPED);
  update_pictures_cb (self);
}

static void
pb_preferences_finalize (GObject *object) {
  PbPreferences *self = PB_PREFERENCES (object);

  g_clear_object (&self->profile);
  g_clear_object (&self->settings);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->picture_rows);
  G_OBJECT_CLASS (pb_preferences_parent_class)->finalize (object);
}

static void
pb_preferences_class_init (PbPreferencesClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pb_preferences_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PbPreferences, accounts);
  gtk_widget_class_bind_template_child (widget_class, PbPreferences, general);
  gtk_widget_class_bind_template_child (widget_class, PbPreferences, prefer_text);
  gtk_widget_class_bind_template_child (widget_class, PbPreferences, text_only);
  gtk_widget_class_bind_template_child (widget_class, PbPreferences, pictures);
}

static void
pb_preferences_init (PbPreferences *self) {
  self->rows = g_ptr_array_new ();
  self->picture_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

PbPreferences *
pb_preferences_new (GtkWindow *parent, PbProfile *profile, GSettings *settings) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);

  /* Of the application, so that its actions can be used here. */
  PbPreferences *self = g_object_new (PB_TYPE_PREFERENCES, "transient-for", parent, "application",
                                      parent ? gtk_window_get_application (parent) : NULL, NULL);

  self->profile = g_object_ref (profile);
  g_signal_connect_object (pb_profile_get_accounts (profile), "items-changed",
                           G_CALLBACK (update_accounts_cb), self, G_CONNECT_SWAPPED);
  update_accounts_cb (self);
  gtk_widget_set_visible (self->general, settings != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->pictures), FALSE);
  if (settings)
    bind_settings (self, settings);
  return self;
}
