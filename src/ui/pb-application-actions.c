/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands that belong to no single window, and the keys of all commands. */

#include "config.h"

#include <glib/gi18n.h>

#include "pb-account-assistant.h"
#include "pb-account-dialog.h"
#include "pb-application-private.h"
#include "pb-console-window.h"
#include "pb-password-dialog.h"
#include "pb-preferences.h"
#include "pb-problem-dialog.h"
#include "pb-receiving-page.h"
#include "pb-server-window.h"
#include "pb-transcript-window.h"

static GtkWindow *
parent_window (PbApplication *self) {
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));

  return active ? active : GTK_WINDOW (_pb_application_get_window (self));
}

static PbAccount *
find_account (PbApplication *self, GVariant *id) {
  PbProfile *profile = _pb_application_get_profile (self);

  return profile ? pb_account_list_find (pb_profile_get_accounts (profile),
                                         g_variant_get_string (id, NULL))
                 : NULL;
}

static void
check_mail_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbProfile *profile = _pb_application_get_profile (data);

  if (profile)
    pb_sync_service_check_all (pb_profile_get_sync (profile));
}

/* By hand: a mailbox that was in use a moment ago is tried again. */
static void
check_account_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbAccount *account = find_account (data, parameter);

  if (account)
    pb_sync_service_force_check_async (pb_profile_get_sync (_pb_application_get_profile (data)),
                                       account, NULL, NULL, NULL);
}

static void
stop_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbProfile *profile = _pb_application_get_profile (data);

  if (!profile)
    return;
  GListModel *operations = pb_sync_service_get_operations (pb_profile_get_sync (profile));
  for (guint i = g_list_model_get_n_items (operations); i > 0; i--) {
    g_autoptr (PbOperation) operation = g_list_model_get_item (operations, i - 1);
    if (operation)
      pb_operation_cancel (operation);
  }
}

/* A new account is checked as soon as it is there; a changed one shows whether it works now. */
static void
account_saved_cb (PbApplication *self, PbAccount *account) {
  PbProfile *profile = _pb_application_get_profile (self);

  pb_sync_service_force_check_async (pb_profile_get_sync (profile), account, NULL, NULL, NULL);
}

static PbAccountDialog *
present_form (PbApplication *self, PbAccount *account) {
  PbAccountDialog *dialog =
    pb_account_dialog_new (parent_window (self), _pb_application_get_profile (self), account);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (account_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

static void
by_hand_cb (PbApplication *self, const char *name, const char *address) {
  pb_account_dialog_prefill (present_form (self, NULL), name, address);
}

static void
add_account_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbApplication *self = data;

  if (!_pb_application_get_profile (self))
    return;
  PbAccountAssistant *assistant =
    pb_account_assistant_new (parent_window (self), _pb_application_get_profile (self));
  g_signal_connect_object (assistant, "saved", G_CALLBACK (account_saved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (assistant, "by-hand", G_CALLBACK (by_hand_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (assistant));
}

static void
edit_account_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbAccount *account = find_account (data, parameter);

  if (account)
    present_form (data, account);
}

static void
enter_password_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbAccount *account = find_account (data, parameter);
  g_autofree char *oauth = account ? pb_account_dup_oauth (account) : NULL;

  if (oauth)
    present_form (data, account);
  else if (account)
    pb_password_dialog_present (parent_window (data), _pb_application_get_profile (data), account);
}

static void
show_problem_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbAccount *account = find_account (data, parameter);
  PbProfile *profile = _pb_application_get_profile (data);
  const GError *error =
    account ? pb_sync_service_get_error (pb_profile_get_sync (profile), account) : NULL;

  if (error)
    pb_problem_dialog_present (parent_window (data), profile, account, error);
}

/* An empty id stands for the first account. */
static PbAccount *
find_account_or_first (PbApplication *self, GVariant *id) {
  PbProfile *profile = _pb_application_get_profile (self);
  PbAccount *account = find_account (self, id);

  if (account || !profile || *g_variant_get_string (id, NULL))
    return account;
  g_autoptr (PbAccount) first =
    g_list_model_get_item (G_LIST_MODEL (pb_profile_get_accounts (profile)), 0);
  return first;
}

static void
present_beside (PbApplication *self, GtkWindow *window) {
  GtkWindow *main_window = GTK_WINDOW (_pb_application_get_window (self));

  /* With the mail's window they all go. */
  gtk_window_set_transient_for (window, main_window);
  gtk_window_set_destroy_with_parent (window, TRUE);
  gtk_window_present (window);
}

static void
session_log_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbAccount *account = find_account_or_first (data, parameter);

  if (account)
    present_beside (
      data, GTK_WINDOW (pb_transcript_window_new (_pb_application_get_profile (data), account)));
}

static void
server_console_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbAccount *account = find_account_or_first (data, parameter);

  if (account)
    present_beside (
      data, GTK_WINDOW (pb_console_window_new (_pb_application_get_profile (data), account)));
}

static void
about_server_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbAccount *account = find_account_or_first (data, parameter);

  if (account)
    present_beside (
      data, GTK_WINDOW (pb_server_window_new (_pb_application_get_profile (data), account)));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  PbProfile *profile = _pb_application_get_profile (data);
  GSettings *settings = _pb_application_get_settings (data);

  if (!profile)
    return;
  PbPreferences *preferences = pb_preferences_new (parent_window (data), profile, settings);
  if (settings)
    adw_preferences_window_add (ADW_PREFERENCES_WINDOW (preferences),
                                ADW_PREFERENCES_PAGE (pb_receiving_page_new (
                                  profile, settings, _pb_application_get_background (data))));
  gtk_window_present (GTK_WINDOW (preferences));
}

/* A second Postbag beside this one, with a profile of its own. */
static void
demo_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "/proc/self/exe", "--demo", NULL);

  if (!process)
    pb_window_show_toast (_pb_application_get_window (data),
                          _ ("The sample mail could not be opened"));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  static const char *const developers[] = { "The Postbag contributors", NULL };

  adw_show_about_window (
    parent_window (data), "application-name", "Postbag", "application-icon", PB_APP_ID, "version",
    PB_VERSION, "developer-name", _ ("The Postbag contributors"), "developers", developers,
    "license-type", GTK_LICENSE_GPL_3_0, "comments", _ ("Receive, read and keep your mail."), NULL);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  _pb_application_quit (data);
}

static const GActionEntry actions[] = {
  { "check-mail", check_mail_action },
  { "check-account", check_account_action, "s" },
  { "stop", stop_action },
  { "add-account", add_account_action },
  { "edit-account", edit_account_action, "s" },
  { "enter-password", enter_password_action, "s" },
  { "show-problem", show_problem_action, "s" },
  { "session-log", session_log_action, "s" },
  { "server-console", server_console_action, "s" },
  { "about-server", about_server_action, "s" },
  { "preferences", preferences_action },
  { "demo", demo_action },
  { "about", about_action },
  { "quit", quit_action },
};

static const struct {
  const char *action;
  const char *keys[4];
} keys[] = {
  { "app.check-mail", { "F5", "<Control>r" } },
  { "app.stop", { "<Control>period" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.trash", { "Delete", "KP_Delete" } },
  { "win.archive", { "<Control>e" } },
  { "win.star", { "<Control>d" } },
  { "win.mark-read", { "<Control>i" } },
  { "win.mark-unread", { "<Control>u" } },
  { "win.undo", { "<Control>z" } },
  { "win.back", { "<Alt>Left", "Escape" } },
  { "win.search", { "<Control>f" } },
  { "win.next-unread", { "<Alt>Down" } },
  { "win.next-pane(1)", { "F6" } },
  { "win.next-pane(-1)", { "<Shift>F6" } },
  { "win.zoom(1)", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
  { "win.zoom(-1)", { "<Control>minus", "<Control>KP_Subtract" } },
  { "win.zoom(0)", { "<Control>0" } },
};

static const char *const needing_profile[] = { "check-mail", "stop", "add-account", "preferences" };

static void
set_enabled (PbApplication *self, gboolean enabled) {
  for (guint i = 0; i < G_N_ELEMENTS (needing_profile); i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), needing_profile[i]);
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
  }
}

void
_pb_application_add_actions (PbApplication *self) {
  GtkApplication *application = GTK_APPLICATION (self);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (application, keys[i].action, keys[i].keys);
  for (int i = 1; i <= 9; i++) {
    g_autofree char *action = g_strdup_printf ("win.go-to-folder(%d)", i);
    g_autofree char *key = g_strdup_printf ("<Control>%d", i);
    const char *accels[] = { key, NULL };
    gtk_application_set_accels_for_action (application, action, accels);
  }
  _pb_application_add_new_mail_actions (self);
  set_enabled (self, FALSE);
}

void
_pb_application_enable_actions (PbApplication *self) {
  set_enabled (self, TRUE);
}
