/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window says about a certificate that was refused, for each fault, when an account is
 * tried and later; and what trusting it does. */

#include "pb-trial-box.h"

#include <adwaita.h>
#include <string.h>

#include "pb-certificate-words.h"
#include "pb-error.h"
#include "pb-problem-dialog.h"
#include "pb-test.h"

#define OLD "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static GError *
make_error (const char *file, GTlsCertificateFlags flags) {
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "net", "certificates", file, NULL);
  g_autoptr (GError) failure = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &failure);
  GError *error = g_error_new (PB_ERROR, PB_ERROR_CERTIFICATE, "not trusted");

  g_assert_no_error (failure);
  pb_error_set_certificate (error, certificate, flags);
  return error;
}

static PbAccount *
make_account (const char *accepted) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("pop.example.org", 995, PB_SECURITY_TLS);
  PbAccount *account = pb_account_new ("work");

  g_object_set (account, "address", "robin@example.org", "user", "robin", "endpoint", endpoint,
                "trusted-certificate", accepted, NULL);
  return account;
}

/* Everything that can be read in @widget, folded or not. */
static void
collect (GtkWidget *widget, GString *text) {
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget))
    g_string_append_printf (text, "%s\n", gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_EXPANDER (widget))
    gtk_expander_set_expanded (GTK_EXPANDER (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    collect (child, text);
}

static GtkWidget *
find (GtkWidget *widget, GType type) {
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static void
test_faults (void) {
  static const struct {
    const char *file;
    GTlsCertificateFlags flags;
    const char *accepted;
    const char *texts[5];
  } cases[] = {
    { "expired.pem",
      G_TLS_CERTIFICATE_EXPIRED,
      NULL,
      { "The certificate of the server has expired", "expired", "forgot to renew", "SHA-1" } },
    { "elsewhere.pem",
      G_TLS_CERTIFICATE_BAD_IDENTITY,
      NULL,
      { "belongs to another server", "pop.example.org", "read your password", "Issued by" } },
    { "localhost.pem",
      G_TLS_CERTIFICATE_UNKNOWN_CA,
      NULL,
      { "Nobody vouches", "vouches for itself", "port 995", "For the names", "localhost" } },
    { "localhost.pem",
      G_TLS_CERTIFICATE_UNKNOWN_CA,
      OLD,
      { "another certificate than the one you accepted", "accepted before", "00:11:22:33" } },
  };
  g_autoptr (GtkWidget) box = g_object_ref_sink (g_object_new (PB_TYPE_TRIAL_BOX, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = make_error (cases[i].file, cases[i].flags);
    g_autoptr (PbAccount) account = make_account (cases[i].accepted);
    g_autoptr (GString) text = g_string_new (NULL);
    pb_trial_box_show_error (PB_TRIAL_BOX (box), error, "pop.example.org", account);
    collect (box, text);
    for (guint j = 0; j < G_N_ELEMENTS (cases[i].texts) && cases[i].texts[j]; j++) {
      g_test_message ("%s", cases[i].texts[j]);
      g_assert_nonnull (strstr (text->str, cases[i].texts[j]));
    }
    g_assert_cmpint (strstr (text->str, "00:11:22:33") != NULL, ==, cases[i].accepted != NULL);
  }
}

static void
trust_cb (PbTrialBox *box, const char *fingerprint, char **trusted) {
  g_free (*trusted);
  *trusted = g_strdup (fingerprint);
}

/* Another error has no certificate to trust. */
static void
test_trust (void) {
  g_autoptr (GtkWidget) box = g_object_ref_sink (g_object_new (PB_TYPE_TRIAL_BOX, NULL));
  g_autoptr (GError) error = make_error ("localhost.pem", G_TLS_CERTIFICATE_UNKNOWN_CA);
  g_autoptr (GError) other = g_error_new (PB_ERROR, PB_ERROR_CONNECT, "no way");
  g_autoptr (PbAccount) account = make_account (NULL);
  g_autoptr (PbCertificateWords) words =
    pb_certificate_words_new (error, "pop.example.org", 995, NULL, 0);
  g_autofree char *trusted = NULL;
  GtkWidget *button = find (box, GTK_TYPE_BUTTON);

  g_signal_connect (box, "trust", G_CALLBACK (trust_cb), &trusted);
  pb_trial_box_show_error (PB_TRIAL_BOX (box), error, NULL, account);
  g_assert_true (gtk_widget_get_visible (gtk_widget_get_parent (button)));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (trusted, ==, words->fingerprint);
  pb_trial_box_show_error (PB_TRIAL_BOX (box), other, NULL, account);
  g_assert_false (gtk_widget_get_visible (gtk_widget_get_parent (button)));
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

/* A mailbox that was fine yesterday: its problem shows the same, and trusting is kept. */
static void
test_later (void) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new_in_memory ();
  g_autoptr (PbProfile) profile = pb_profile_new (pb_paths_new_temporary (NULL), secrets);
  g_autoptr (PbAccount) account = make_account (OLD);
  g_autoptr (GError) refused = make_error ("localhost.pem", G_TLS_CERTIFICATE_UNKNOWN_CA);
  g_autoptr (PbCertificateWords) words =
    pb_certificate_words_new (refused, "pop.example.org", 995, OLD, 0);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_profile_open_async (profile, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) opened = pb_test_wait (&done);
  g_assert_true (pb_profile_open_finish (profile, opened, &error));
  pb_profile_save_account_async (profile, account, NULL, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) saved = pb_test_wait (&done);
  g_assert_true (pb_profile_save_account_finish (profile, saved, &error));

  GtkWidget *parent = gtk_window_new ();
  pb_problem_dialog_present (GTK_WINDOW (parent), profile, account, refused);
  GtkWindow *dialog = find_dialog ();
  collect (GTK_WIDGET (dialog), text);
  g_assert_nonnull (strstr (text->str, "another certificate than the one you accepted"));
  g_assert_nonnull (strstr (text->str, "00:11:22:33"));
  g_assert_nonnull (strstr (text->str, "An exception holds for"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "trust");
  g_assert_cmpstr (pb_account_get_trusted_certificate (account), ==, words->fingerprint);
  gtk_window_destroy (GTK_WINDOW (parent));
  pb_test_pass_time (100);
  pb_profile_close_async (profile, pb_test_done, &done);
  g_autoptr (GAsyncResult) closed = pb_test_wait (&done);
  g_assert_true (pb_profile_close_finish (profile, closed, &error));
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/certificate-box/faults", test_faults);
  g_test_add_func ("/certificate-box/trust", test_trust);
  g_test_add_func ("/certificate-box/later", test_later);
  return g_test_run ();
}
