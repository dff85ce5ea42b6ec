/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Switched off, detached, moved: what an account keeps and what it gives up, also in its file. */

#include "pb-account-list.h"

#include "pb-error.h"
#include "pb-test.h"

#define FINGERPRINT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static PbAccount *
make_account (const char *id, const char *server, const char *user) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_parse (server, PB_SECURITY_TLS, NULL);
  PbAccount *account = pb_account_new (id);

  g_object_set (account, "address", "li@example.org", "name", "Li Na", "endpoint", endpoint, "user",
                user, "trusted-certificate", FINGERPRINT, NULL);
  return account;
}

static void
save (PbAccountList *list) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_account_list_save_async (list, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_account_list_save_finish (list, result, &error);
  g_assert_no_error (error);
}

static PbAccountList *
load (const char *folder) {
  PbAccountList *list = pb_account_list_new (folder);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_account_list_load_async (list, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_account_list_load_finish (list, result, &error);
  g_assert_no_error (error);
  return list;
}

/* @change: after it was saved once. */
static PbAccount *
pass_through_file (PbAccount *account, void (*change) (PbAccount *account)) {
  char *folder = pb_test_make_dir ();
  g_autoptr (PbAccountList) list = pb_account_list_new (folder);
  g_autoptr (GError) error = NULL;

  pb_account_list_add (list, account, &error);
  g_assert_no_error (error);
  save (list);
  change (account);
  save (list);
  g_autoptr (PbAccountList) again = load (folder);
  PbAccount *found = g_object_ref (pb_account_list_find (again, pb_account_get_id (account)));
  pb_account_validate (found, &error);
  g_assert_no_error (error);
  pb_test_remove_dir (folder);
  return found;
}

static void
switch_off (PbAccount *account) {
  g_object_set (account, "enabled", FALSE, NULL);
}

static void
test_switched_off (void) {
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  g_autoptr (PbAccount) found = pass_through_file (account, switch_off);

  g_assert_false (pb_account_get_enabled (found));
  g_assert_false (pb_account_get_detached (found));
  g_assert_nonnull (pb_account_get_endpoint (found));
}

static void
test_detached (void) {
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  g_autoptr (PbAccount) found = pass_through_file (account, pb_account_detach);

  g_assert_true (pb_account_get_detached (found));
  g_assert_false (pb_account_get_enabled (found));
  g_assert_null (pb_account_get_endpoint (found));
  g_assert_null (pb_account_get_trusted_certificate (found));
  g_assert_cmpstr (pb_account_get_user (found), ==, "");
  g_assert_cmpstr (pb_account_get_name (found), ==, "Li Na");
  g_assert_cmpstr (pb_account_get_address (found), ==, "li@example.org");
  /* Detached wins, whatever else is said. */
  g_object_set (found, "enabled", TRUE, NULL);
  g_assert_false (pb_account_get_enabled (found));
}

/* An exception is for host and port. */
static void
test_exception (void) {
  static const struct {
    const char *server;
    PbSecurity security;
    gboolean stays;
  } cases[] = {
    { "pop.example.org:995", PB_SECURITY_TLS, TRUE },
    { "pop.example.org:995", PB_SECURITY_STARTTLS, TRUE },
    { "pop.example.org:1995", PB_SECURITY_TLS, FALSE },
    { "mail.example.org:995", PB_SECURITY_TLS, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
    g_autoptr (PbEndpoint) endpoint = pb_endpoint_parse (cases[i].server, cases[i].security, NULL);
    g_object_set (account, "endpoint", endpoint, NULL);
    g_assert_cmpstr (pb_account_get_trusted_certificate (account), ==,
                     cases[i].stays ? FINGERPRINT : NULL);
    g_autoptr (PbAccount) copy = pb_account_copy (account);
    g_assert_cmpstr (pb_account_get_trusted_certificate (copy), ==,
                     cases[i].stays ? FINGERPRINT : NULL);
  }
}

static void
test_same_mailbox (void) {
  static const struct {
    const char *servers[2];
    const char *users[2];
    gboolean same;
  } cases[] = {
    { { "pop.example.org:995", "pop.example.org:110" }, { "li", "li" }, TRUE },
    { { "pop.example.org", "POP.example.org" }, { "li", "LI" }, TRUE },
    { { "pop.example.org", "pop.example.org" }, { "li", "li@example.org" }, TRUE },
    { { "pop.example.org", "pop.example.org" }, { "li", "na" }, FALSE },
    { { "pop.example.org", "pop.example.org" }, { "li", "li@example.com" }, FALSE },
    { { "pop.example.org", "mail.example.org" }, { "li", "li" }, FALSE },
    { { "pop3.sohu.com", "pop.sohu.com" }, { "li@sohu.com", "li@sohu.com" }, TRUE },
    { { "pop.qq.com", "pop.163.com" }, { "li", "li" }, FALSE },
    { { "127.0.0.1:1110", "127.0.0.1:1111" }, { "li", "li" }, FALSE },
    { { "127.0.0.1:1110", "localhost:1110" }, { "li", "li" }, TRUE },
    { { "例子.example.org", "xn--fsqu00a.example.org" }, { "li", "li" }, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccountList) list = pb_account_list_new ("/nowhere");
    g_autoptr (PbAccount) one = make_account ("one", cases[i].servers[0], cases[i].users[0]);
    g_autoptr (PbAccount) two = make_account ("two", cases[i].servers[1], cases[i].users[1]);
    g_autoptr (GError) error = NULL;
    g_test_message ("%s %s", cases[i].servers[0], cases[i].servers[1]);
    g_assert_true (pb_account_list_add (list, one, &error));
    g_assert_null (pb_account_list_find_same_mailbox (list, one));
    g_assert_true (pb_account_list_find_same_mailbox (list, two) == (cases[i].same ? one : NULL));
    g_assert_cmpint (pb_account_list_add (list, two, &error), ==, !cases[i].same);
    if (cases[i].same)
      g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  }
}

/* The server of one that was detached is free for another. */
static void
test_detached_is_no_mailbox (void) {
  g_autoptr (PbAccountList) list = pb_account_list_new ("/nowhere");
  g_autoptr (PbAccount) one = make_account ("one", "pop.example.org", "li");
  g_autoptr (PbAccount) two = make_account ("two", "pop.example.org", "li");
  g_autoptr (GError) error = NULL;

  g_assert_true (pb_account_list_add (list, one, &error));
  pb_account_detach (one);
  g_assert_true (pb_account_list_add (list, two, &error));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-state/switched-off", test_switched_off);
  g_test_add_func ("/account-state/detached", test_detached);
  g_test_add_func ("/account-state/exception", test_exception);
  g_test_add_func ("/account-state/same-mailbox", test_same_mailbox);
  g_test_add_func ("/account-state/detached-is-no-mailbox", test_detached_is_no_mailbox);
  return g_test_run ();
}
