/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An account is switched off and on, detached for good, and not set up twice. */

#include "pb-preferences.h"

#include <adwaita.h>
#include <string.h>

#include "pb-account-dialog.h"
#include "pb-test.h"

typedef struct {
  PbProfile *profile;
  PbAccount *account;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new_in_memory ();
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("pop.example.org", 995, PB_SECURITY_TLS);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  fixture->profile = pb_profile_new (pb_paths_new_temporary (NULL), secrets);
  pb_profile_open_async (fixture->profile, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) opened = pb_test_wait (&done);
  g_assert_true (pb_profile_open_finish (fixture->profile, opened, &error));
  fixture->account = pb_account_new ("work");
  g_object_set (fixture->account, "address", "robin@example.org", "user", "robin", "endpoint",
                endpoint, NULL);
  pb_profile_save_account_async (fixture->profile, fixture->account, NULL, NULL, pb_test_done,
                                 &done);
  g_autoptr (GAsyncResult) saved = pb_test_wait (&done);
  g_assert_true (pb_profile_save_account_finish (fixture->profile, saved, &error));
}

static void
tear_down (Fixture *fixture, gconstpointer unused) {
  GAsyncResult *done = NULL;

  pb_test_pass_time (200);
  pb_profile_close_async (fixture->profile, pb_test_done, &done);
  g_autoptr (GAsyncResult) closed = pb_test_wait (&done);
  g_assert_true (pb_profile_close_finish (fixture->profile, closed, NULL));
  g_object_unref (fixture->account);
  g_clear_object (&closed);
  g_object_unref (fixture->profile);
}

/* The first widget of that type below, with that tooltip or label unless it is NULL. */
static GtkWidget *
find (GtkWidget *widget, GType type, const char *name) {
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) &&
      (!name || g_strcmp0 (gtk_widget_get_tooltip_text (widget), name) == 0 ||
       (GTK_IS_BUTTON (widget) &&
        g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0)))
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type, name);
  return found;
}

static gboolean
says (GtkWidget *widget, const char *text) {
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    if (says (child, text))
      return TRUE;
  }
  return FALSE;
}

static void
test_switch (Fixture *fixture, gconstpointer unused) {
  GtkWidget *window = GTK_WIDGET (pb_preferences_new (NULL, fixture->profile, NULL));
  GtkWidget *enabled = find (window, GTK_TYPE_SWITCH, "Fetch Mail");

  g_assert_true (gtk_switch_get_active (GTK_SWITCH (enabled)));
  g_assert_true (says (window, "pop.example.org"));
  gtk_switch_set_active (GTK_SWITCH (enabled), FALSE);
  g_assert_false (pb_account_get_enabled (fixture->account));
  g_assert_true (says (window, "Switched off"));
  gtk_switch_set_active (GTK_SWITCH (enabled), TRUE);
  g_assert_true (pb_account_get_enabled (fixture->account));
  g_assert_false (says (window, "Switched off"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWindow *
find_dialog (void) {
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
    if (ADW_IS_MESSAGE_DIALOG (window))
      return window;
  }
  return NULL;
}

static void
answer (GtkWidget *window, const char *response) {
  g_signal_emit_by_name (find (window, GTK_TYPE_BUTTON, "Detach"), "clicked");
  GtkWindow *dialog = find_dialog ();
  g_assert_true (says (GTK_WIDGET (dialog), "forgotten for good"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (dialog);
}

static void
test_detach (Fixture *fixture, gconstpointer unused) {
  GtkWidget *window = GTK_WIDGET (pb_preferences_new (NULL, fixture->profile, NULL));

  answer (window, "cancel");
  g_assert_false (pb_account_get_detached (fixture->account));
  answer (window, "detach");
  g_assert_true (pb_account_get_detached (fixture->account));
  g_assert_true (says (window, "Without a server"));
  g_assert_null (find (window, GTK_TYPE_SWITCH, "Fetch Mail"));
  g_assert_null (find (window, GTK_TYPE_BUTTON, "Detach"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
find_row (GtkWidget *widget, const char *title) {
  GtkWidget *found =
    ADW_IS_ENTRY_ROW (widget) &&
        g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0
      ? widget
      : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, title);
  return found;
}

static void
test_twice (Fixture *fixture, gconstpointer unused) {
  GtkWidget *window = GTK_WIDGET (pb_account_dialog_new (NULL, fixture->profile, NULL));
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (fixture->profile));

  pb_account_dialog_prefill (PB_ACCOUNT_DIALOG (window), "Robin", "robin@example.org");
  gtk_editable_set_text (GTK_EDITABLE (find_row (window, "POP3 Server")), "pop.example.org");
  gtk_editable_set_text (GTK_EDITABLE (find_row (window, "Port")), "995");
  g_signal_emit_by_name (find (window, GTK_TYPE_BUTTON, "_Save"), "clicked");
  g_assert_true (says (window, "This mailbox is fetched already"));
  g_assert_true (says (window, "fetches this mailbox already"));
  pb_test_pass_time (100);
  g_assert_cmpuint (g_list_model_get_n_items (accounts), ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/preferences/switch", Fixture, NULL, set_up, test_switch, tear_down);
  g_test_add ("/preferences/detach", Fixture, NULL, set_up, test_detach, tear_down);
  g_test_add ("/preferences/twice", Fixture, NULL, set_up, test_twice, tear_down);
  return g_test_run ();
}
