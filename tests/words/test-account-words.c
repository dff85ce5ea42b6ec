/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sentences about accounts. */

#include "pb-account-words.h"

static void
test_trial (void) {
  g_autoptr (PbAccount) account = pb_account_new ("work");
  g_autofree char *keep = pb_account_words_trial (account, 12, 3400000);
  g_autofree char *empty = pb_account_words_trial (account, 0, 0);

  g_assert_cmpstr (
    keep, ==,
    "12 messages (3.4\u00a0MB) wait on the server. All messages are fetched in full. "
    "All of them stay on the server too.");
  g_assert_cmpstr (empty, ==,
                   "The mailbox is empty. All messages are fetched in full. All of them stay on "
                   "the server too.");
  g_object_set (account, "on-server", PB_ON_SERVER_DELETE_AFTER, "delete-after-days", 1,
                "headers-only", TRUE, NULL);
  g_autofree char *later = pb_account_words_trial (account, 1, 1000);
  g_assert_cmpstr (later, ==,
                   "1 message (1.0\u00a0kB) waits on the server. Only the heads of messages are "
                   "fetched, until you ask for more. Each message is deleted on the server 1 day "
                   "after it is safely here.");
}

static void
test_policy (void) {
  g_autoptr (PbAccount) account = pb_account_new ("work");

  g_object_set (account, "on-server", PB_ON_SERVER_DELETE, "max-size", (guint64) 2000000,
                "keep-messages", (guint64) 50, "delete-with-local", TRUE, NULL);
  g_autofree char *all = pb_account_words_policy (account);
  g_assert_cmpstr (all, ==,
                   "Messages are fetched in full up to 2.0\u00a0MB; of larger ones only the "
                   "beginning. Each message is deleted on the server as soon as it is safely here. "
                   "The oldest that are safely here go when more than 50 messages lie there. What "
                   "you delete here for good is deleted there too.");
}

static void
test_state (void) {
  g_autoptr (PbAccount) account = pb_account_new ("work");

  g_assert_null (pb_account_words_state (account));
  g_object_set (account, "enabled", FALSE, NULL);
  g_autofree char *off = pb_account_words_state (account);
  g_assert_true (g_str_has_prefix (off, "Switched off"));
  pb_account_detach (account);
  g_autofree char *detached = pb_account_words_state (account);
  g_assert_true (g_str_has_prefix (detached, "Without a server"));
  g_autofree char *same = pb_account_words_same_mailbox (account);
  g_assert_true (g_utf8_validate (same, -1, NULL));
}

static void
test_expire (void) {
  g_autofree char *at_once = pb_account_words_expire (0);
  g_autofree char *days = pb_account_words_expire (30);

  g_assert_null (pb_account_words_expire (-1));
  g_assert_null (pb_account_words_expire (G_MAXINT));
  g_assert_cmpstr (at_once, ==, "The server says that it deletes mail once it was fetched.");
  g_assert_cmpstr (days, ==, "The server says that it deletes mail after 30 days.");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/account/trial", test_trial);
  g_test_add_func ("/words/account/policy", test_policy);
  g_test_add_func ("/words/account/state", test_state);
  g_test_add_func ("/words/account/expire", test_expire);
  return g_test_run ();
}
