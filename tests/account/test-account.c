/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The properties of an account and the rules for them. */

#include "pb-account.h"
#include "pb-error.h"
#include "pb-test.h"

#define FINGERPRINT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static PbAccount *
usable_account (void) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("pop.example.org", 0, PB_SECURITY_TLS);
  PbAccount *account = pb_account_new ("work");

  g_object_set (account, "address", "li.na@example.org", "user", "li.na", "endpoint", endpoint,
                NULL);
  return account;
}

static void
test_ids (void) {
  static const struct {
    const char *id;
    gboolean valid;
  } cases[] = {
    { "work", TRUE },
    { "li-na-example-org-2", TRUE },
    { "0", TRUE },
    { "-", TRUE },
    { "0123456789012345678901234567890123456789012345678901234567890123", TRUE },
    { "01234567890123456789012345678901234567890123456789012345678901234", FALSE },
    { "", FALSE },
    { NULL, FALSE },
    { "Work", FALSE },
    { "..", FALSE },
    { "a/b", FALSE },
    { "a b", FALSE },
    { "a\n", FALSE },
    { "bücher", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].id);
    g_assert_true (pb_account_id_is_valid (cases[i].id) == cases[i].valid);
  }
}

static void
test_defaults (void) {
  g_autoptr (PbAccount) account = pb_account_new ("work");

  g_assert_cmpstr (pb_account_get_id (account), ==, "work");
  g_assert_cmpstr (pb_account_get_label (account), ==, "work");
  g_assert_cmpstr (pb_account_get_name (account), ==, "");
  g_assert_cmpstr (pb_account_get_address (account), ==, "");
  g_assert_cmpstr (pb_account_get_user (account), ==, "");
  g_assert_null (pb_account_get_endpoint (account));
  g_assert_null (pb_account_get_trusted_certificate (account));
  g_assert_null (pb_account_get_ca_file (account));
  /* What is safe: mail stays on the server, nothing secret goes unprotected. */
  g_assert_cmpint (pb_account_get_on_server (account), ==, PB_ON_SERVER_KEEP);
  g_assert_false (pb_account_get_allow_clear_secret (account));
  g_assert_cmpuint (pb_account_get_delete_after_days (account), ==, 14);
  g_assert_cmpuint (pb_account_get_timeout (account), ==, 0);
  g_assert_true (pb_account_get_enabled (account));
  g_assert_finalize_object (g_steal_pointer (&account));
}

static void
count (GObject *object, GParamSpec *pspec, gpointer data) {
  ++*(guint *) data;
}

static void
test_notifies (void) {
  g_autoptr (PbAccount) account = usable_account ();
  guint labels = 0, users = 0, days = 0;

  g_signal_connect (account, "notify::label", G_CALLBACK (count), &labels);
  g_signal_connect (account, "notify::user", G_CALLBACK (count), &users);
  g_signal_connect (account, "notify::delete-after-days", G_CALLBACK (count), &days);
  g_object_set (account, "user", "li.na", NULL);
  g_assert_cmpuint (users, ==, 0);
  g_object_set (account, "user", "na.li", NULL);
  g_assert_cmpuint (users, ==, 1);
  g_object_set (account, "delete-after-days", 14, NULL);
  g_assert_cmpuint (days, ==, 0);
  g_object_set (account, "address", "na.li@example.org", NULL);
  g_assert_cmpuint (labels, ==, 1);
  g_object_set (account, "label", "na.li@example.org", NULL);
  g_assert_cmpuint (labels, ==, 1);
  g_object_set (account, "label", "Work", NULL);
  g_assert_cmpuint (labels, ==, 2);
  g_object_set (account, "address", "li.na@example.org", NULL);
  g_assert_cmpuint (labels, ==, 2);
}

static void
test_label (void) {
  g_autoptr (PbAccount) account = usable_account ();

  g_assert_cmpstr (pb_account_get_label (account), ==, "li.na@example.org");
  /* Repeating the address is no label of its own. */
  g_object_set (account, "label", "li.na@example.org", NULL);
  g_object_set (account, "address", "li@example.org", NULL);
  g_assert_cmpstr (pb_account_get_label (account), ==, "li@example.org");
  g_object_set (account, "label", "Work", NULL);
  g_assert_cmpstr (pb_account_get_label (account), ==, "Work");
  g_object_set (account, "label", NULL, NULL);
  g_assert_cmpstr (pb_account_get_label (account), ==, "li@example.org");
}

static void
test_fingerprint (void) {
  static const struct {
    const char *given;
    const char *kept;
  } cases[] = {
    { FINGERPRINT, FINGERPRINT },
    { "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:"
      "EE:FF",
      FINGERPRINT },
    { "", NULL },
    { NULL, NULL },
    { ":", NULL },
    { "xyz", "xyz" },
  };
  g_autoptr (PbAccount) account = usable_account ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_object_set (account, "trusted-certificate", cases[i].given, NULL);
    g_assert_cmpstr (pb_account_get_trusted_certificate (account), ==, cases[i].kept);
  }
}

static void
test_validate (void) {
  g_autofree char *endless = g_strnfill (1025, 'x');
  const struct {
    const char *property;
    const char *value;
    const char *blamed; /* NULL: fine */
  } cases[] = {
    { "name", "", NULL },
    { "name", "李娜", NULL },
    { "name", "Li\nNa", "name" },
    { "name", "Li\xff", "name" },
    { "name", endless, "name" },
    { "address", "", "address" },
    { "address", "li.na", "address" },
    { "address", "@example.org", "address" },
    { "address", "li.na@", "address" },
    { "address", "li.na@example.org\r\nDELE 1", "address" },
    { "address", "李娜@example.cn", NULL },
    { "label", "a\tb", "label" },
    { "user", "", "user" },
    { "user", "li na", NULL },
    { "user", "li\r\nDELE 1", "user" },
    { "ca-file", "/tmp/a\nb", "ca-file" },
    { "trusted-certificate", FINGERPRINT, NULL },
    { "trusted-certificate", FINGERPRINT "00", "trusted-certificate" },
    { "trusted-certificate", "1234", "trusted-certificate" },
    { "auth", "scram-sha-256", NULL },
    { "auth", "auto", NULL },
    { "auth", NULL, NULL },
    { "auth", "telepathy", "auth" },
    { "client-certificate", "/home/li/li.pem", NULL },
    { "client-certificate", "/tmp/a\rb", "client-certificate" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccount) account = usable_account ();
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u: %s", i, cases[i].property);
    g_object_set (account, cases[i].property, cases[i].value, NULL);
    g_assert_true (pb_account_validate (account, &error) == (cases[i].blamed == NULL));
    if (cases[i].blamed) {
      g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
      g_assert_true (g_str_has_suffix (error->message, cases[i].blamed));
    }
  }
}

static void
test_validate_endpoint (void) {
  g_autoptr (PbAccount) account = usable_account ();
  g_autoptr (PbEndpoint) broken = pb_endpoint_new ("pop.example.org\r\n", 995, PB_SECURITY_TLS);
  g_autoptr (GError) error = NULL;

  g_object_set (account, "endpoint", broken, NULL);
  g_assert_false (pb_account_validate (account, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  g_clear_error (&error);
  g_object_set (account, "endpoint", NULL, NULL);
  g_assert_false (pb_account_validate (account, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
}

static void
test_on_server (void) {
  static const struct {
    const char *text;
    gboolean fine;
    PbOnServer on_server;
    guint days;
  } cases[] = {
    { "keep", TRUE, PB_ON_SERVER_KEEP, 14 },
    { "delete", TRUE, PB_ON_SERVER_DELETE, 14 },
    { "delete-after=1", TRUE, PB_ON_SERVER_DELETE_AFTER, 1 },
    { "delete-after=3650", TRUE, PB_ON_SERVER_DELETE_AFTER, 3650 },
    { "delete-after=0", FALSE },
    { "delete-after=3651", FALSE },
    { "delete-after=-1", FALSE },
    { "delete-after=7 ", FALSE },
    { "delete-after=", FALSE },
    { "delete-after", FALSE },
    { "delete-after=99999999999999999999999", FALSE },
    { "Keep", FALSE },
    { "", FALSE },
    { NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccount) account = pb_account_new ("work");
    g_autofree char *text = NULL;

    g_assert_true (pb_account_set_on_server_text (account, cases[i].text) == cases[i].fine);
    text = pb_account_dup_on_server_text (account);
    g_assert_cmpstr (text, ==, cases[i].fine ? cases[i].text : "keep");
    if (cases[i].fine) {
      g_assert_cmpint (pb_account_get_on_server (account), ==, cases[i].on_server);
      g_assert_cmpuint (pb_account_get_delete_after_days (account), ==, cases[i].days);
    }
  }
}

static void
test_auth (void) {
  g_autoptr (PbAccount) account = usable_account ();
  g_autofree char *usual = NULL;
  g_autofree char *later = NULL;

  g_assert_cmpint (pb_account_get_auth (account), ==, PB_AUTH_AUTO);
  g_object_set (account, "auth", "cram-md5", NULL);
  g_assert_cmpint (pb_account_get_auth (account), ==, PB_AUTH_CRAM_MD5);
  g_object_set (account, "auth", "auto", NULL);
  g_object_get (account, "auth", &usual, NULL);
  g_assert_cmpstr (usual, ==, "auto");
  /* Of a later version: nothing is lost, and nothing weaker is taken for it. */
  g_object_set (account, "auth", "scram-sha-512", NULL);
  g_object_get (account, "auth", &later, NULL);
  g_assert_cmpstr (later, ==, "scram-sha-512");
  g_assert_cmpint (pb_account_get_auth (account), ==, PB_AUTH_AUTO);
}

/* Every property but the id, also those that are added one day. */
static void
test_copy (void) {
  g_autoptr (PbAccount) account = usable_account ();
  g_object_set (account, "name", "Li Na", "label", "Work", "on-server", PB_ON_SERVER_DELETE_AFTER,
                "delete-after-days", 3, "allow-clear-secret", TRUE, "trusted-certificate",
                FINGERPRINT, "ca-file", "/etc/ca.pem", "timeout", 7, "enabled", FALSE, "auth",
                "external", "client-certificate", "/home/li/li.pem", "headers-only", TRUE,
                "delete-with-local", TRUE, "secret-is-token", TRUE, "max-size", (guint64) 1 << 33,
                "keep-messages", (guint64) 500, "keep-bytes", (guint64) 1 << 34, "detached", TRUE,
                "oauth", "service=google&client=li", NULL);
  g_autoptr (PbAccount) copy = pb_account_copy (account);
  g_autofree GParamSpec **specs = NULL;
  guint length;

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (account), &length);
  g_assert_cmpuint (length, ==, 23);
  for (guint i = 0; i < length; i++) {
    g_auto (GValue) here = G_VALUE_INIT, there = G_VALUE_INIT;

    g_test_message ("%s", specs[i]->name);
    g_object_get_property (G_OBJECT (account), specs[i]->name, &here);
    g_object_get_property (G_OBJECT (copy), specs[i]->name, &there);
    g_assert_false (g_param_value_defaults (specs[i], &here));
    if (G_VALUE_HOLDS (&here, PB_TYPE_ENDPOINT))
      g_assert_true (pb_endpoint_equal (g_value_get_boxed (&here), g_value_get_boxed (&there)));
    else
      g_assert_cmpint (g_param_values_cmp (specs[i], &here, &there), ==, 0);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/ids", test_ids);
  g_test_add_func ("/account/defaults", test_defaults);
  g_test_add_func ("/account/notifies", test_notifies);
  g_test_add_func ("/account/label", test_label);
  g_test_add_func ("/account/fingerprint", test_fingerprint);
  g_test_add_func ("/account/validate", test_validate);
  g_test_add_func ("/account/validate-endpoint", test_validate_endpoint);
  g_test_add_func ("/account/on-server", test_on_server);
  g_test_add_func ("/account/auth", test_auth);
  g_test_add_func ("/account/copy", test_copy);
  return g_test_run ();
}
