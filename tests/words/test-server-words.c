/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of a server, as people read it. */

#include "pb-server-words.h"

#include <string.h>

static PbAccount *
make_account (void) {
  PbAccount *account = pb_account_new ("work");
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("pop.example.org", 995, PB_SECURITY_TLS);

  g_object_set (account, "endpoint", endpoint, "user", "me", NULL);
  return account;
}

static void
test_nothing_known (void) {
  g_autoptr (PbAccount) account = make_account ();
  g_autoptr (PbServerNotes) notes = pb_server_notes_new (NULL);
  g_autoptr (GPtrArray) facts = pb_server_words_new (notes, account, 1000);
  g_autofree char *text = pb_server_words_to_text (facts);

  g_assert_cmpstr (text, ==, "Server: pop.example.org:995\n");
}

static void
test_all (void) {
  g_autoptr (PbAccount) account = make_account ();
  g_autoptr (PbServerNotes) notes = pb_server_notes_new (NULL);

  pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_CAPABILITIES,
                            "TOP\nUIDL\nEXPIRE 30\nIMPLEMENTATION Odd\342\200\256 one");
  pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_IMPLEMENTATION, "Odd\342\200\256 one\t1");
  pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_TLS, "TLS 1.3");
  pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_SIGN_IN, "plain");
  pb_server_notes_set (notes, account, PB_NOTE_LOGIN_DELAY, 300);
  pb_server_notes_set (notes, account, PB_NOTE_NO_UTF8, 2000);
  pb_server_notes_set (notes, account, PB_NOTE_NO_LANG, 999); /* is over */
  g_autoptr (GPtrArray) facts = pb_server_words_new (notes, account, 1000);
  g_autofree char *text = pb_server_words_to_text (facts);
  g_assert_cmpstr (text, ==,
                   "Server: pop.example.org:995\n"
                   "Software: Odd one 1\n"
                   "Encryption: TLS 1.3\n"
                   "Way to Sign In: plain\n"
                   "Pause Between Two Sessions: 300 seconds\n"
                   "Keeping Mail: It deletes mail after 30 days by itself\n"
                   "What Postbag Learnt: UTF-8 is not asked for: it has trouble with that\n"
                   "Capabilities: TOP\n    UIDL\n    EXPIRE 30\n    IMPLEMENTATION Odd one\n");
}

static void
test_expire (void) {
  static const struct {
    const char *capability;
    const char *words;
  } cases[] = {
    { "EXPIRE NEVER", "ever" },     { "EXPIRE 0", "0 days" },
    { "EXPIRE 1 USER", NULL },      { "EXPIRE", NULL },
    { "EXPIRE -5", NULL },          { "EXPIRED 7", NULL },
    { "EXPIRE 99999999999", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccount) account = make_account ();
    g_autoptr (PbServerNotes) notes = pb_server_notes_new (NULL);
    pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_CAPABILITIES, cases[i].capability);
    g_autoptr (GPtrArray) facts = pb_server_words_new (notes, account, 1000);
    g_autofree char *text = pb_server_words_to_text (facts);
    const char *line = strstr (text, "Keeping Mail: ");
    g_assert_cmpint (line != NULL, ==, cases[i].words != NULL);
    if (line)
      g_assert_nonnull (strstr (line, cases[i].words));
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-words/nothing-known", test_nothing_known);
  g_test_add_func ("/server-words/all", test_all);
  g_test_add_func ("/server-words/expire", test_expire);
  return g_test_run ();
}
