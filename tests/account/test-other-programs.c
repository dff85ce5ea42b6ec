/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of other mail programs, made up here: whole ones, damaged ones, and such as are none. */

#include "pb-other-programs.h"

#include <string.h>
#include <sys/stat.h>

#include "pb-test.h"

#define PREFS                                                                      \
  "// Mozilla User Preferences\n"                                                  \
  "user_pref(\"mail.accountmanager.accounts\", \"account1,account2,account3\");\n" \
  "user_pref(\"mail.account.account1.identities\", \"id1\");\n"                    \
  "user_pref(\"mail.account.account1.server\", \"server1\");\n"                    \
  "user_pref(\"mail.account.account2.server\", \"server2\");\n"                    \
  "user_pref(\"mail.account.account3.server\", \"server3\");\n"                    \
  "user_pref(\"mail.identity.id1.useremail\", \"li@example.org\");\n"              \
  "user_pref(\"mail.identity.id1.fullName\", \"Li \\\"Na\\\" \\u674e\");\n"        \
  "user_pref(\"mail.server.server1.type\", \"pop3\");\n"                           \
  "user_pref(\"mail.server.server1.hostname\", \"pop.example.org\");\n"            \
  "user_pref(\"mail.server.server1.userName\", \"li\");\n"                         \
  "user_pref(\"mail.server.server1.port\", 995);\n"                                \
  "user_pref(\"mail.server.server1.socketType\", 3);\n"                            \
  "user_pref(\"mail.server.server1.leave_on_server\", true);\n"                    \
  "user_pref(\"mail.server.server1.delete_by_age_from_server\", true);\n"          \
  "user_pref(\"mail.server.server1.num_days_to_leave_on_server\", 9);\n"           \
  "user_pref(\"mail.server.server1.directory-rel\", \"[ProfD]Mail/pop\");\n"       \
  "user_pref(\"mail.server.server2.type\", \"imap\");\n"                           \
  "user_pref(\"mail.server.server2.hostname\", \"imap.example.org\");\n"           \
  "user_pref(\"mail.server.server2.userName\", \"li\");\n"                         \
  "user_pref(\"mail.server.server3.type\", \"pop3\");\n"

#define POPSTATE                                                                        \
  "# POP3 State File\n# This is a generated file!  Do not edit.\n\n"                    \
  "*other.example.org li\nk not-ours 1700000000\n"                                      \
  "*pop.example.org li\nk uid-1 1700000000\nd uid-2 1700000001\nb too-big 1700000002\n" \
  "f to-come 1700000003\nk uid with blanks 1700000004\nk\nk \n"

#define CLAWS                                                                      \
  "[Account: 1]\naccount_name=Work\nis_default=1\nname=Li Na\n"                    \
  "address=li@example.org\nprotocol=0\nreceive_server=pop.example.org\n"           \
  "user_id=li@example.org\npassword=not-to-be-read\nssl_pop=2\nset_popport=0\n"    \
  "pop_port=1110\nremove_mail=1\nmessage_leave_time=7\nmessage_leave_hour=0\n\n"   \
  "[Account: 2]\naccount_name=News\nprotocol=6\nreceive_server=news.example.org\n" \
  "user_id=li\n\n"                                                                 \
  "[Account: 3]\naccount_name=Bad\nprotocol=0\nreceive_server=pop example\nuser_id=li\n"

typedef struct {
  char *home;
  GPtrArray *found;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused) {
  fixture->home = pb_test_make_dir ();
}

static void
tear_down (Fixture *fixture, gconstpointer unused) {
  g_clear_pointer (&fixture->found, g_ptr_array_unref);
  pb_test_remove_dir (fixture->home);
}

static void
put (Fixture *fixture, const char *name, const char *text, gssize length) {
  g_autofree char *path = g_build_filename (fixture->home, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
}

static void
find (Fixture *fixture, guint count) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_clear_pointer (&fixture->found, g_ptr_array_unref);
  pb_other_programs_find_async (fixture->home, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  fixture->found = pb_other_programs_find_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->found->len, ==, count);
}

static void
assert_account (Fixture *fixture,
                const char *server,
                PbSecurity security,
                const char *user,
                const char *on_server) {
  const PbOtherAccount *other = fixture->found->pdata[0];
  g_autofree char *there = pb_endpoint_to_string (other->endpoint);
  g_autoptr (PbAccount) account = pb_other_account_make (other, "work");
  g_autofree char *policy = pb_account_dup_on_server_text (account);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (there, ==, server);
  g_assert_cmpint (other->endpoint->security, ==, security);
  g_assert_cmpstr (other->user, ==, user);
  g_assert_cmpstr (policy, ==, on_server);
  pb_account_validate (account, &error);
  g_assert_no_error (error);
  g_assert_false (pb_account_get_allow_clear_secret (account));
}

static void
assert_seen (Fixture *fixture, const char *expected) {
  const PbOtherAccount *other = fixture->found->pdata[0];
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < other->seen->len; i++) {
    gsize length;
    const char *uid = g_bytes_get_data (other->seen->pdata[i], &length);
    g_string_append_printf (list, "%s%.*s", i ? "|" : "", (int) length, uid);
  }
  g_assert_cmpstr (list->str, ==, expected);
}

static void
test_nothing (Fixture *fixture, gconstpointer unused) {
  find (fixture, 0);
}

static void
test_thunderbird (Fixture *fixture, gconstpointer unused) {
  put (fixture, ".thunderbird/profiles.ini",
       "[General]\nVersion=2\n[Profile0]\nName=default\nIsRelative=1\nPath=abc.default\n", -1);
  put (fixture, ".thunderbird/abc.default/prefs.js", PREFS, -1);
  put (fixture, ".thunderbird/abc.default/Mail/pop/popstate.dat", POPSTATE, -1);
  find (fixture, 1);
  assert_account (fixture, "pop.example.org:995", PB_SECURITY_TLS, "li", "delete-after=9");
  assert_seen (fixture, "uid-1|uid-2|uid with blanks");
  const PbOtherAccount *other = fixture->found->pdata[0];
  g_assert_cmpstr (other->name, ==, "Li \"Na\" 李");
  g_assert_cmpstr (other->address, ==, "li@example.org");
  g_assert_cmpstr (pb_other_program_get_name (other->program), ==, "Thunderbird");
}

/* Cut anywhere, the files give less, and nothing worse. */
static void
test_cut (Fixture *fixture, gconstpointer unused) {
  put (fixture, ".thunderbird/profiles.ini", "[Profile0]\nPath=p\n", -1);
  for (guint length = 0; length <= strlen (PREFS); length += 41) {
    put (fixture, ".thunderbird/p/prefs.js", PREFS, length);
    put (fixture, ".thunderbird/p/Mail/pop/popstate.dat", POPSTATE,
         (gssize) MIN (length, strlen (POPSTATE)));
    put (fixture, ".claws-mail/accountrc", CLAWS, (gssize) MIN (length, strlen (CLAWS)));
    GAsyncResult *done = NULL;
    pb_other_programs_find_async (fixture->home, NULL, pb_test_done, &done);
    g_autoptr (GAsyncResult) result = pb_test_wait (&done);
    g_autoptr (GPtrArray) found = pb_other_programs_find_finish (result, NULL);
    g_assert_cmpuint (found->len, <=, 2);
  }
}

static void
test_evolution (Fixture *fixture, gconstpointer unused) {
  put (fixture, ".config/evolution/sources/abc.source",
       "[Data Source]\nDisplayName=Work\n[Mail Account]\nBackendName=pop\nIdentityUid=id\n"
       "[Authentication]\nHost=pop.example.org\nPort=0\nUser=li\n"
       "[Security]\nMethod=starttls-on-standard-port\n[Pop Backend]\nKeepOnServer=false\n",
       -1);
  put (fixture, ".config/evolution/sources/id.source",
       "[Mail Identity]\nAddress=li@example.org\nName=Li Na\n", -1);
  put (fixture, ".config/evolution/sources/imap.source", "[Mail Account]\nBackendName=imapx\n", -1);
  put (fixture, ".config/evolution/sources/bad.source", "\0\xff[[", 4);
  put (fixture, ".local/share/evolution/mail/abc/uid-cache", "uid-1\nuid-2\n\nuid-3", -1);
  find (fixture, 1);
  assert_account (fixture, "pop.example.org:110", PB_SECURITY_STARTTLS, "li", "delete");
  assert_seen (fixture, "uid-1|uid-2|uid-3");
}

static void
test_claws (Fixture *fixture, gconstpointer unused) {
  put (fixture, ".claws-mail/accountrc", CLAWS, -1);
  put (fixture, ".claws-mail/uidl/pop.example.org-li@example.org",
       "uid-1\t1700000000\t0\nuid-2\t1700000000\t2\nuid-3\t2\t0\nuid-4\n", -1);
  find (fixture, 1);
  assert_account (fixture, "pop.example.org:110", PB_SECURITY_STARTTLS, "li@example.org",
                  "delete-after=7");
  assert_seen (fixture, "uid-1|uid-4");
}

static void
test_sylpheed (Fixture *fixture, gconstpointer unused) {
  put (fixture, ".sylpheed-2.0/accountrc",
       "[Account: 1]\nprotocol=0\nreceive_server=pop.example.org\nuser_id=li@example.org\n"
       "address=li@example.org\nssl_pop=1\nset_popport=1\npop_port=1995\nremove_mail=0\n",
       -1);
  put (fixture, ".sylpheed-2.0/uidl/pop.example.org-li%40example.org", "uid-1\t1700000000\n", -1);
  find (fixture, 1);
  assert_account (fixture, "pop.example.org:1995", PB_SECURITY_TLS, "li@example.org", "keep");
  assert_seen (fixture, "uid-1");
}

/* Neither a pipe nor a giant holds anything up. */
static void
test_limits (Fixture *fixture, gconstpointer unused) {
  g_autofree char *pipe = g_build_filename (fixture->home, ".claws-mail", "accountrc", NULL);
  g_autofree char *folder = g_path_get_dirname (pipe);
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, 'x');

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  put (fixture, ".sylpheed-2.0/accountrc", large, -1);
  find (fixture, 0);
}

static void
test_many_seen (void) {
  g_autoptr (PbOtherAccount) account = pb_other_account_new ("sylpheed");
  g_autofree char *long_uid = g_strnfill (2000, 'x');

  pb_other_account_add_seen (account, "", 0);
  pb_other_account_add_seen (account, long_uid, 2000);
  g_assert_cmpuint (account->seen->len, ==, 0);
  for (guint i = 0; i < 200010; i++)
    pb_other_account_add_seen (account, "uid", 3);
  g_assert_cmpuint (account->seen->len, ==, 200000);
  g_assert_false (pb_other_account_is_usable (account));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/other-programs/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("nothing", test_nothing);
  ADD ("thunderbird", test_thunderbird);
  ADD ("cut", test_cut);
  ADD ("evolution", test_evolution);
  ADD ("claws", test_claws);
  ADD ("sylpheed", test_sylpheed);
  ADD ("limits", test_limits);
  g_test_add_func ("/other-programs/many-seen", test_many_seen);
  return g_test_run ();
}
