/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Every widget can be made, put in a window and let go without leaving anything behind; the shell
 * folds; a message is shown, another asked for meanwhile is not. */

#include <adwaita.h>

#include "pb-account-dialog.h"
#include "pb-attachment-bar.h"
#include "pb-fill-bar.h"
#include "pb-folder-sidebar.h"
#include "pb-html-view.h"
#include "pb-message-header.h"
#include "pb-message-list.h"
#include "pb-message-view.h"
#include "pb-preferences.h"
#include "pb-server-view.h"
#include "pb-shell.h"
#include "pb-status-area.h"
#include "pb-test.h"
#include "pb-transfer-area.h"
#include "pb-transfer-row.h"
#include "pb-trial-box.h"
#include "pb-window.h"

/* ---- A profile with one account and three letters ---- */

typedef struct {
  PbProfile *profile;
  PbAccount *account;
} Fixture;

static void
deliver (PbMailStore *store) {
  PbDelivery *delivery = pb_mail_store_deliver (store, "work");
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  for (guint i = 1; i <= 3; i++) {
    g_autofree char *name = g_strdup_printf ("letter-%u", i);
    g_autofree char *mail =
      g_strdup_printf ("From: Li Na <li.na@example.org>\nTo: robin@example.org\n"
                       "Subject: Letter %u\nDate: Sat, 0%u Mar 2025 10:00:00 +0000\n\n"
                       "This is letter %u.\n",
                       i, i, i);
    g_autoptr (GBytes) identity = g_bytes_new (name, strlen (name));
    pb_delivery_begin (delivery, i, identity, FALSE);
    pb_delivery_write (delivery, (const guint8 *) mail, strlen (mail));
    pb_delivery_end (delivery);
  }
  pb_delivery_finish_async (delivery, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_delivery_finish_finish (delivery, result, &error));
  g_assert_no_error (error);
  g_object_unref (delivery);
}

static void
set_up (Fixture *fixture, gconstpointer unused) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new_in_memory ();
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("pop.example.org", 0, PB_SECURITY_TLS);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  fixture->profile = pb_profile_new (pb_paths_new_temporary (NULL), secrets);
  pb_profile_open_async (fixture->profile, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) opened = pb_test_wait (&done);
  g_assert_true (pb_profile_open_finish (fixture->profile, opened, &error));
  g_assert_no_error (error);

  fixture->account = pb_account_new ("work");
  g_object_set (fixture->account, "address", "robin@example.org", "user", "robin", "endpoint",
                endpoint, NULL);
  pb_profile_save_account_async (fixture->profile, fixture->account, NULL, NULL, pb_test_done,
                                 &done);
  g_autoptr (GAsyncResult) saved = pb_test_wait (&done);
  g_assert_true (pb_profile_save_account_finish (fixture->profile, saved, &error));
  g_assert_no_error (error);
  deliver (pb_profile_get_store (fixture->profile));
}

static gboolean
is_gone (gpointer pointer) {
  return *(gpointer *) pointer == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer unused) {
  g_autofree char *data = g_strdup (pb_profile_get_paths (fixture->profile)->data);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_profile_close_async (fixture->profile, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_profile_close_finish (fixture->profile, result, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (data, G_FILE_TEST_EXISTS));
  g_clear_object (&result);
  gpointer left = fixture->profile;
  g_object_add_weak_pointer (G_OBJECT (left), &left);
  g_object_unref (left);
  pb_test_until (is_gone, &left);
  g_object_unref (fixture->account);
}

/* ---- Made and let go ---- */

/* @widget is put into a window, drawn, and must vanish with it. */
static void
assert_vanishes (GtkWidget *widget) {
  GtkWidget *window = gtk_window_new ();
  gpointer left = widget;

  g_object_add_weak_pointer (G_OBJECT (widget), &left);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_present (GTK_WINDOW (window));
  pb_test_pass_time (60);
  gtk_window_destroy (GTK_WINDOW (window));
  pb_test_until (is_gone, &left);
}

static void
test_plain_widgets (void) {
  const GType types[] = {
    PB_TYPE_ATTACHMENT_BAR, PB_TYPE_FOLDER_SIDEBAR, PB_TYPE_HTML_VIEW,   PB_TYPE_MESSAGE_HEADER,
    PB_TYPE_MESSAGE_LIST,   PB_TYPE_MESSAGE_VIEW,   PB_TYPE_STATUS_AREA, PB_TYPE_TRIAL_BOX,
    PB_TYPE_SHELL,          PB_TYPE_SERVER_VIEW,    PB_TYPE_FILL_BAR,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_test_message ("%s", g_type_name (types[i]));
    assert_vanishes (g_object_new (types[i], NULL));
  }
}

static void
test_with_profile (Fixture *fixture, gconstpointer unused) {
  GtkWidget *sidebar = g_object_new (PB_TYPE_FOLDER_SIDEBAR, NULL);
  GtkWidget *list = g_object_new (PB_TYPE_MESSAGE_LIST, NULL);
  GtkWidget *view = g_object_new (PB_TYPE_MESSAGE_VIEW, NULL);

  pb_folder_sidebar_set_profile (PB_FOLDER_SIDEBAR (sidebar), fixture->profile);
  pb_message_list_set_store (PB_MESSAGE_LIST (list), pb_profile_get_store (fixture->profile));
  pb_message_view_set_profile (PB_MESSAGE_VIEW (view), fixture->profile);
  GtkWidget *server = g_object_new (PB_TYPE_SERVER_VIEW, NULL);
  pb_server_view_set_mailbox (
    PB_SERVER_VIEW (server),
    pb_sync_service_get_server_mailbox (pb_profile_get_sync (fixture->profile), fixture->account));
  assert_vanishes (server);
  assert_vanishes (sidebar);
  assert_vanishes (list);
  assert_vanishes (view);
}

static void
assert_window_vanishes (GtkWindow *window) {
  gpointer left = window;

  g_object_add_weak_pointer (G_OBJECT (window), &left);
  gtk_window_present (window);
  pb_test_pass_time (100);
  gtk_window_destroy (window);
  pb_test_until (is_gone, &left);
}

static void
test_windows (Fixture *fixture, gconstpointer unused) {
  PbWindow *window = pb_window_new (NULL, NULL);

  pb_window_set_profile (window, fixture->profile);
  assert_window_vanishes (GTK_WINDOW (window));
  assert_window_vanishes (GTK_WINDOW (pb_account_dialog_new (NULL, fixture->profile, NULL)));
  assert_window_vanishes (
    GTK_WINDOW (pb_account_dialog_new (NULL, fixture->profile, fixture->account)));
  assert_window_vanishes (GTK_WINDOW (pb_preferences_new (NULL, fixture->profile, NULL)));
}

/* ---- Folding ---- */

static GtkWidget *
make_pane (void) {
  GtkWidget *label =
    gtk_label_new ("a very long label that would like to push all else out of the window");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

static void
assert_folds (int width, gboolean folded, gboolean narrow) {
  GtkWidget *window = gtk_window_new ();
  GtkWidget *shell = g_object_new (PB_TYPE_SHELL, NULL);

  g_object_set (shell, "sidebar", make_pane (), "list", make_pane (), "message", make_pane (),
                NULL);
  gtk_window_set_child (GTK_WINDOW (window), shell);
  gtk_window_set_default_size (GTK_WINDOW (window), width, 400);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));
  pb_test_pass_time (100);
  g_assert_cmpint (pb_shell_get_folded (PB_SHELL (shell)), ==, folded);
  g_assert_cmpint (pb_shell_get_narrow (PB_SHELL (shell)), ==, narrow);

  pb_shell_show_pane (PB_SHELL (shell), PB_PANE_MESSAGE);
  g_assert_cmpint (pb_shell_get_pane (PB_SHELL (shell)), ==,
                   folded && !narrow ? PB_PANE_LIST : PB_PANE_MESSAGE);
  g_assert_cmpint (pb_shell_go_back (PB_SHELL (shell)), ==, folded);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_folding (void) {
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-enable-animations");
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  assert_folds (1200, FALSE, FALSE);
  assert_folds (920, FALSE, FALSE);
  assert_folds (760, TRUE, FALSE);
  assert_folds (620, TRUE, FALSE);
  assert_folds (560, TRUE, TRUE);
  assert_folds (360, TRUE, TRUE);
}

/* ---- Showing ---- */

static void
shown_cb (PbMessageView *view, PbMessageItem *item, GString *shown) {
  g_string_append_printf (shown, "%" G_GINT64_FORMAT " ", pb_message_item_get_id (item));
}

static gboolean
is_loaded (gpointer model) {
  return !pb_message_model_get_loading (model);
}

static gboolean
has_row (gpointer item) {
  return pb_message_item_get_row (item) != NULL;
}

static gboolean
has_text (gpointer text) {
  return ((GString *) text)->len > 0;
}

/* Three messages asked for in one breath: only the last is shown. */
static void
test_stale_results (Fixture *fixture, gconstpointer unused) {
  PbMailStore *store = pb_profile_get_store (fixture->profile);
  g_autoptr (PbPlace) place = pb_place_new_folder (
    pb_mail_store_find_folder (store, "work", PB_FOLDER_INBOX), fixture->account);
  g_autoptr (PbMessageModel) model = pb_message_model_new (store);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = g_object_new (PB_TYPE_MESSAGE_VIEW, NULL);
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (PbMessageItem) last = NULL;

  pb_message_model_set_place (model, place);
  pb_test_until (is_loaded, model);
  pb_message_view_set_profile (PB_MESSAGE_VIEW (view), fixture->profile);
  g_signal_connect (view, "shown", G_CALLBACK (shown_cb), shown);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < 3; i++) {
    g_clear_object (&last);
    last = g_list_model_get_item (G_LIST_MODEL (model), i);
    pb_test_until (has_row, last);
    pb_message_view_set_item (PB_MESSAGE_VIEW (view), last);
  }
  pb_test_until (has_text, shown);
  pb_test_pass_time (200);
  g_autofree char *wanted =
    g_strdup_printf ("%" G_GINT64_FORMAT " ", pb_message_item_get_id (last));
  g_assert_cmpstr (shown->str, ==, wanted);
  gtk_window_destroy (GTK_WINDOW (window));
  pb_test_pass_time (100);
}

/* ---- Import and export ---- */

static void
notice_cb (GtkWidget *area, const char *text, char **notice) {
  g_free (*notice);
  *notice = g_strdup (text);
}

static gboolean
is_set (gpointer pointer) {
  return *(gpointer *) pointer != NULL;
}

/* What is written out and read in again is here already; the area is there only meanwhile. */
static void
test_transfers (Fixture *fixture, gconstpointer unused) {
  const char *data = pb_profile_get_paths (fixture->profile)->data;
  g_autofree char *target = g_build_filename (data, "export", NULL);
  PbTransferArea *area = g_object_ref_sink (g_object_new (PB_TYPE_TRANSFER_AREA, NULL));
  g_autofree char *notice = NULL;

  pb_transfer_area_set_profile (area, fixture->profile);
  g_signal_connect (area, "notice", G_CALLBACK (notice_cb), &notice);
  pb_transfer_area_start_export (area, "work", target, PB_FORMAT_EML);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (area)));
  pb_test_until (is_set, &notice);
  g_assert_cmpstr (notice, ==, "3 messages exported");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (area)));

  g_clear_pointer (&notice, g_free);
  pb_transfer_area_start_import (area, "work", target, "Imported");
  pb_test_until (is_set, &notice);
  g_assert_cmpstr (notice, ==, "0 messages imported · 3 were here already");
  g_assert_null (gtk_widget_get_first_child (GTK_WIDGET (area)));
  g_assert_finalize_object (area);
}

static void
test_transfer_words (void) {
  PbTransferProgress all = { .messages = 1204, .duplicates = 1, .skipped = 2, .unreadable = 1 };
  PbTransferProgress one = { .messages = 1 };
  g_autofree char *import = pb_transfer_describe (&all, TRUE);
  g_autofree char *export = pb_transfer_describe (&one, FALSE);

  g_assert_cmpstr (
    import, ==,
    "1204 messages imported · 1 was here already · 2 were deleted there and are left "
    "out · 1 file could not be read");
  g_assert_cmpstr (export, ==, "1 message exported");
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/widgets/plain", test_plain_widgets);
  g_test_add ("/widgets/with-profile", Fixture, NULL, set_up, test_with_profile, tear_down);
  g_test_add ("/widgets/windows", Fixture, NULL, set_up, test_windows, tear_down);
  g_test_add_func ("/widgets/folding", test_folding);
  g_test_add ("/widgets/stale-results", Fixture, NULL, set_up, test_stale_results, tear_down);
  g_test_add ("/widgets/transfers", Fixture, NULL, set_up, test_transfers, tear_down);
  g_test_add_func ("/widgets/transfer-words", test_transfer_words);
  return g_test_run ();
}
