/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From the form to a PbAccount and back. The account in the list is not touched before everything
 * in the form can be used. */

#include "config.h"

#include "pb-account-dialog.h"

#include <glib/gi18n.h>

#include "pb-account-words.h"
#include "pb-error.h"
#include "pb-file-button.h"
#include "pb-oauth-group.h"
#include "pb-password-row.h"
#include "pb-policy-group.h"
#include "pb-provider-table.h"
#include "pb-trial-box.h"
#include "pb-typed-address.h"

struct _PbAccountDialog {
  AdwWindow parent;

  GtkWidget *save;
  GtkRevealer *banner;
  AdwPreferencesPage *page;
  GtkEditable *name;
  GtkEditable *address;
  GtkEditable *server;
  AdwComboRow *security;
  GtkEditable *port;
  GtkWidget *clear;
  GtkSwitch *allow_clear;
  GtkEditable *user;
  GtkEditable *password;
  GtkWidget *test;
  GtkWidget *trial_group;
  PbTrialBox *trial;
  AdwExpanderRow *sign_in;
  AdwComboRow *auth;
  PbFileButton *certificate;
  PbOauthGroup *oauth;
  PbPolicyGroup *policy;

  PbProfile *profile;
  PbAccount *account; /* the one that is changed; NULL for a new one */
  char *trusted;      /* fingerprint, or NULL */
  char *last_address; /* as long as the user name follows it */
  GCancellable *trying;
};

G_DEFINE_FINAL_TYPE (PbAccountDialog, pb_account_dialog, ADW_TYPE_WINDOW)

enum { SAVED, N_SIGNALS };
static guint signals[N_SIGNALS];

static char *
dup_text (GtkEditable *row) {
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

static void
mark (GtkEditable *row, gboolean good) {
  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
}

static void
stop_trying (PbAccountDialog *self) {
  if (self->trying)
    g_cancellable_cancel (self->trying);
  g_clear_object (&self->trying);
}

/* ---- The form ---- */

static gboolean
address_is_plausible (const char *address) {
  const char *at = strrchr (address, '@');

  return at && at != address && at[1] != '\0' && !strpbrk (address, " \t\r\n");
}

/* NULL when server or port cannot be used. */
static PbEndpoint *
read_endpoint (PbAccountDialog *self) {
  g_autofree char *server = dup_text (self->server);
  g_autofree char *port = dup_text (self->port);
  PbSecurity security = (PbSecurity) adw_combo_row_get_selected (self->security);
  g_autoptr (PbEndpoint) typed = pb_endpoint_parse (server, security, NULL);
  guint64 number = 0;
  gboolean port_is_good = g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL);

  mark (self->server, typed != NULL);
  mark (self->port, port_is_good);
  return typed && port_is_good ? pb_endpoint_new (typed->host, (guint16) number, security) : NULL;
}

/* Puts the form into @account; FALSE, with what is wrong marked, when it cannot be used. */
static gboolean
read_form (PbAccountDialog *self, PbAccount *account) {
  g_autofree char *name = dup_text (self->name);
  g_autofree char *address = dup_text (self->address);
  g_autofree char *user = dup_text (self->user);
  g_autoptr (PbEndpoint) endpoint = read_endpoint (self);
  gboolean address_is_good = address_is_plausible (address);

  mark (self->address, address_is_good);
  mark (self->user, *user != '\0');
  if (!address_is_good || !*user || !endpoint)
    return FALSE;
  g_object_set (account, "name", name, "address", address, "endpoint", endpoint, "user", user,
                "allow-clear-secret", gtk_switch_get_active (self->allow_clear),
                "trusted-certificate", self->trusted, "auth",
                pb_auth_to_string ((PbAuth) adw_combo_row_get_selected (self->auth)),
                "client-certificate", pb_file_button_get_path (self->certificate), NULL);
  pb_oauth_group_store (self->oauth, account);
  pb_policy_group_store (self->policy, account);
  return pb_account_validate (account, NULL);
}

static void
fill_endpoint (PbAccountDialog *self, const PbEndpoint *endpoint) {
  g_autofree char *port = g_strdup_printf ("%u", endpoint->port);

  gtk_editable_set_text (self->server, endpoint->host);
  adw_combo_row_set_selected (self->security, endpoint->security);
  gtk_editable_set_text (self->port, port);
}

static void
fill_form (PbAccountDialog *self) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (self->account);

  gtk_editable_set_text (self->name, pb_account_get_name (self->account));
  gtk_editable_set_text (self->address, pb_account_get_address (self->account));
  gtk_editable_set_text (self->user, pb_account_get_user (self->account));
  if (endpoint)
    fill_endpoint (self, endpoint);
  gtk_switch_set_active (self->allow_clear, pb_account_get_allow_clear_secret (self->account));
  adw_combo_row_set_selected (self->auth, pb_account_get_auth (self->account));
  pb_file_button_set_path (self->certificate, pb_account_get_client_certificate (self->account));
  adw_expander_row_set_expanded (self->sign_in,
                                 pb_account_get_auth (self->account) != PB_AUTH_AUTO ||
                                   pb_account_get_client_certificate (self->account));
  pb_oauth_group_load (self->oauth, self->account);
  pb_policy_group_load (self->policy, self->account);
  self->trusted = g_strdup (pb_account_get_trusted_certificate (self->account));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->password),
                                 _ ("Password (empty: unchanged)"));
}

/* To be kept; NULL when nothing was typed, and nobody signed in. */
static PbSecret *
read_secret (PbAccountDialog *self) {
  const char *text = gtk_editable_get_text (self->password);
  PbSecret *kept = pb_oauth_group_get_kept (self->oauth);

  if (pb_oauth_group_is_active (self->oauth))
    return kept ? pb_secret_ref (kept) : NULL;
  return *text ? pb_secret_new (text) : NULL;
}

/* To be sent in a trial: with the browser that is not what is kept. */
static PbSecret *
read_trial_secret (PbAccountDialog *self) {
  PbSecret *access = pb_oauth_group_get_access (self->oauth);

  if (pb_oauth_group_is_active (self->oauth))
    return access ? pb_secret_ref (access) : NULL;
  return read_secret (self);
}

static void
changed_cb (PbAccountDialog *self, GtkWidget *row) {
  gtk_widget_remove_css_class (row, "error");
  stop_trying (self);
  pb_trial_box_clear (self->trial);
}

/* For most people the user name is the address. */
static void
address_changed_cb (PbAccountDialog *self, GtkWidget *row) {
  const char *address = gtk_editable_get_text (self->address);

  if (g_strcmp0 (gtk_editable_get_text (self->user),
                 self->last_address ? self->last_address : "") == 0)
    gtk_editable_set_text (self->user, address);
  g_free (self->last_address);
  self->last_address = g_strdup (address);
  pb_oauth_group_set_user (self->oauth, address);
  changed_cb (self, row);
}

static void
security_changed_cb (PbAccountDialog *self) {
  PbSecurity security = (PbSecurity) adw_combo_row_get_selected (self->security);
  const char *port = gtk_editable_get_text (self->port);

  if (security == PB_SECURITY_TLS && g_strcmp0 (port, "110") == 0)
    gtk_editable_set_text (self->port, "995");
  if (security != PB_SECURITY_TLS && g_strcmp0 (port, "995") == 0)
    gtk_editable_set_text (self->port, "110");
  gtk_widget_set_visible (self->clear, security == PB_SECURITY_NONE);
  stop_trying (self);
  pb_trial_box_clear (self->trial);
}

/* Where there is no password, none is asked for. */
static void
auth_changed_cb (PbAccountDialog *self) {
  PbAuth auth = (PbAuth) adw_combo_row_get_selected (self->auth);

  gtk_widget_set_visible (GTK_WIDGET (self->password),
                          pb_auth_needs_secret (auth) && !pb_oauth_group_is_active (self->oauth));
  stop_trying (self);
  pb_trial_box_clear (self->trial);
}

static void
oauth_changed_cb (PbAccountDialog *self) {
  auth_changed_cb (self);
}

static void
update_banner_cb (PbAccountDialog *self) {
  PbSecrets *secrets = pb_profile_get_secrets (self->profile);

  gtk_revealer_set_reveal_child (self->banner, pb_secrets_get_keyring_problem (secrets) != NULL);
}

/* ---- Test ---- */

/* What came of it may lie below the edge of the window. */
static gboolean
bring_trial_into_view (gpointer data) {
  g_autoptr (PbAccountDialog) self = data;
  GtkWidget *scroller =
    gtk_widget_get_ancestor (GTK_WIDGET (self->trial), GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t part;

  if (!scroller || !gtk_widget_compute_bounds (GTK_WIDGET (self->trial), scroller, &part))
    return G_SOURCE_REMOVE;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  double top = gtk_adjustment_get_value (adjustment) + part.origin.y;
  gtk_adjustment_clamp_page (adjustment, top, top + part.size.height + 12);
  return G_SOURCE_REMOVE;
}

/* After the frame in which it gets its place. */
static void
trial_shown (PbAccountDialog *self) {
  g_timeout_add_full (G_PRIORITY_DEFAULT, 60, bring_trial_into_view, g_object_ref (self), NULL);
}

/* Says why, where another account fetches that mailbox. */
static gboolean
is_taken (PbAccountDialog *self, PbAccount *typed) {
  PbAccount *same =
    pb_account_list_find_same_mailbox (pb_profile_get_accounts (self->profile), typed);

  if (!same)
    return FALSE;
  g_autofree char *text = pb_account_words_same_mailbox (same);
  pb_trial_box_show_refusal (self->trial, _ ("This mailbox is fetched already"), text);
  trial_shown (self);
  return TRUE;
}

typedef struct {
  PbAccountDialog *dialog;
  GCancellable *cancellable;
  PbAccount *account;
} Trial;

static void
trial_free (Trial *trial) {
  g_object_unref (trial->dialog);
  g_object_unref (trial->cancellable);
  g_object_unref (trial->account);
  g_free (trial);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trial, trial_free)

static void
tried (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Trial) trial = data;
  g_autoptr (GError) error = NULL;
  PbAccountDialog *self = trial->dialog;
  guint messages = 0;
  guint64 octets = 0;
  gboolean good =
    pb_sync_service_try_finish (PB_SYNC_SERVICE (source), result, &messages, &octets, &error);

  /* The form was changed or closed meanwhile. */
  if (self->trying != trial->cancellable)
    return;
  g_clear_object (&self->trying);
  if (good)
    pb_trial_box_show_success (self->trial, messages, octets);
  else
    pb_trial_box_show_error (self->trial, error, pb_account_get_endpoint (trial->account)->host,
                             trial->account);
  trial_shown (self);
}

static void
try_with (PbAccountDialog *self, PbAccount *account, PbSecret *secret) {
  Trial *trial = g_new0 (Trial, 1);

  trial->dialog = g_object_ref (self);
  trial->cancellable = g_object_ref (self->trying);
  trial->account = g_object_ref (account);
  pb_sync_service_try_async (pb_profile_get_sync (self->profile), account, secret, self->trying,
                             tried, trial);
}

/* The password of an account that is changed need not be typed again. */
static void
secret_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Trial) trial = data;
  g_autoptr (GError) error = NULL;
  PbAccountDialog *self = trial->dialog;
  g_autoptr (PbSecret) secret = pb_secrets_lookup_finish (PB_SECRETS (source), result, &error);

  if (self->trying != trial->cancellable)
    return;
  if (secret) {
    try_with (self, trial->account, secret);
    return;
  }
  g_clear_object (&self->trying);
  pb_trial_box_show_error (self->trial, error, NULL, NULL);
  trial_shown (self);
}

static void
test_cb (PbAccountDialog *self) {
  g_autoptr (PbAccount) account =
    self->account ? pb_account_copy (self->account) : pb_account_new ("trial");
  g_autoptr (PbSecret) secret = read_trial_secret (self);

  stop_trying (self);
  pb_trial_box_clear (self->trial);
  if (!read_form (self, account) || is_taken (self, account))
    return;
  gboolean needed = pb_auth_needs_secret (pb_account_get_auth (account));
  mark (self->password, secret != NULL || self->account != NULL || !needed);
  if (!secret && !self->account && needed)
    return;
  self->trying = g_cancellable_new ();
  pb_trial_box_show_busy (self->trial);
  if (secret || !needed) {
    try_with (self, account, secret);
    return;
  }
  Trial *trial = g_new0 (Trial, 1);
  trial->dialog = g_object_ref (self);
  trial->cancellable = g_object_ref (self->trying);
  trial->account = g_object_ref (account);
  pb_secrets_lookup_async (pb_profile_get_secrets (self->profile), self->account, self->trying,
                           secret_found, trial);
}

static void
trust_cb (PbAccountDialog *self, const char *fingerprint) {
  g_free (self->trusted);
  self->trusted = g_strdup (fingerprint);
  test_cb (self);
}

/* ---- Save ---- */

static void
saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Trial) trial = data;
  g_autoptr (GError) error = NULL;
  PbAccountDialog *self = trial->dialog;

  if (!pb_profile_save_account_finish (PB_PROFILE (source), result, &error)) {
    gtk_widget_set_sensitive (self->save, TRUE);
    pb_trial_box_show_error (self->trial, error, pb_account_get_label (trial->account), NULL);
    trial_shown (self);
    return;
  }
  g_signal_emit (self, signals[SAVED], 0, trial->account);
  gtk_window_destroy (GTK_WINDOW (self));
}

static PbAccount *
make_account (PbAccountDialog *self) {
  g_autofree char *address = dup_text (self->address);
  g_autofree char *id = pb_account_list_make_id (pb_profile_get_accounts (self->profile), address);

  return pb_account_new (id);
}

static void
save_cb (PbAccountDialog *self) {
  g_autoptr (PbAccount) typed =
    self->account ? pb_account_copy (self->account) : make_account (self);
  g_autoptr (PbSecret) secret = read_secret (self);
  Trial *saving;

  if (!read_form (self, typed) || is_taken (self, typed))
    return;
  stop_trying (self);
  gtk_widget_set_sensitive (self->save, FALSE);
  if (self->account)
    pb_account_assign (self->account, typed);
  saving = g_new0 (Trial, 1);
  saving->dialog = g_object_ref (self);
  saving->cancellable = g_cancellable_new ();
  saving->account = g_object_ref (self->account ? self->account : typed);
  pb_profile_save_account_async (self->profile, saving->account, secret, NULL, saved, saving);
}

/* ---- Object ---- */

static void
pb_account_dialog_dispose (GObject *object) {
  PbAccountDialog *self = PB_ACCOUNT_DIALOG (object);

  stop_trying (self);
  g_clear_object (&self->profile);
  g_clear_object (&self->account);
  g_clear_pointer (&self->trusted, g_free);
  g_clear_pointer (&self->last_address, g_free);
  G_OBJECT_CLASS (pb_account_dialog_parent_class)->dispose (object);
}

static void
pb_account_dialog_class_init (PbAccountDialogClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_account_dialog_dispose;
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, PB_TYPE_ACCOUNT);
  g_type_ensure (PB_TYPE_TRIAL_BOX);
  g_type_ensure (PB_TYPE_POLICY_GROUP);
  g_type_ensure (PB_TYPE_FILE_BUTTON);
  g_type_ensure (PB_TYPE_OAUTH_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, save);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, page);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, name);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, address);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, server);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, security);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, port);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, clear);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, allow_clear);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, user);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, password);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, test);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, trial_group);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, trial);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, sign_in);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, auth);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, certificate);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, oauth);
  gtk_widget_class_bind_template_child (widget_class, PbAccountDialog, policy);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, security_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, auth_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, oauth_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
  gtk_widget_class_bind_template_callback (widget_class, trust_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
pb_account_dialog_init (PbAccountDialog *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  pb_password_row_guard (GTK_WIDGET (self->password));
}

PbAccountDialog *
pb_account_dialog_new (GtkWindow *parent, PbProfile *profile, PbAccount *account) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (account == NULL || PB_IS_ACCOUNT (account), NULL);

  PbAccountDialog *self = g_object_new (PB_TYPE_ACCOUNT_DIALOG, "transient-for", parent, NULL);

  self->profile = g_object_ref (profile);
  g_set_object (&self->account, account);
  gtk_window_set_title (GTK_WINDOW (self), account ? _ ("Edit Account") : _ ("Set Up by Hand"));
  if (account)
    fill_form (self);
  else if (strchr (g_get_real_name (), ' '))
    gtk_editable_set_text (self->name, g_get_real_name ());
  g_signal_connect_object (pb_profile_get_secrets (profile), "notify::keyring-problem",
                           G_CALLBACK (update_banner_cb), self, G_CONNECT_SWAPPED);
  update_banner_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
  return self;
}

/* Where the provider signs in with the browser only, that is what is offered first. */
static void
prefill_provider (PbAccountDialog *self, const char *address) {
  g_autoptr (PbTypedAddress) typed = pb_typed_address_new (address, NULL);
  const PbProvider *provider =
    typed ? pb_provider_table_find_domain (pb_provider_table_get_default (), typed->domain) : NULL;

  if (!pb_provider_needs_browser (provider))
    return;
  g_autoptr (GPtrArray) endpoints = pb_provider_list_endpoints (provider, typed->domain);
  if (endpoints->len > 0)
    fill_endpoint (self, endpoints->pdata[0]);
  pb_oauth_group_set_service (self->oauth, provider->oauth);
}

void
pb_account_dialog_prefill (PbAccountDialog *self, const char *name, const char *address) {
  g_return_if_fail (PB_IS_ACCOUNT_DIALOG (self));

  gtk_editable_set_text (self->name, name);
  gtk_editable_set_text (self->address, address);
  prefill_provider (self, address);
}
