/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The accounts as a list and as a file. */

#include "pb-account-list.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "pb-error.h"
#include "pb-test.h"

typedef struct {
  char *folder;
  char *config; /* does not exist at first */
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  fixture->folder = pb_test_make_dir ();
  fixture->config = g_build_filename (fixture->folder, "config", "postbag", NULL);
  fixture->path = g_build_filename (fixture->config, "accounts.conf", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  g_free (fixture->config);
  g_free (fixture->path);
  pb_test_remove_dir (fixture->folder);
}

static gboolean
load (PbAccountList *list, GError **error) {
  GAsyncResult *done = NULL;

  pb_account_list_load_async (list, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_account_list_load_finish (list, result, error);
}

static gboolean
save (PbAccountList *list, GError **error) {
  GAsyncResult *done = NULL;

  pb_account_list_save_async (list, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_account_list_save_finish (list, result, error);
}

static PbAccountList *
loaded_list (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  PbAccountList *list = pb_account_list_new (fixture->config);

  load (list, &error);
  g_assert_no_error (error);
  return list;
}

static void
save_well (PbAccountList *list) {
  g_autoptr (GError) error = NULL;

  save (list, &error);
  g_assert_no_error (error);
}

static guint
length_of (PbAccountList *list) {
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static PbAccount *
make_account (const char *id, const char *host, const char *user) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new (host, 0, PB_SECURITY_STARTTLS);
  g_autofree char *address = g_strconcat (user, "@example.org", NULL);
  PbAccount *account = pb_account_new (id);

  g_object_set (account, "endpoint", endpoint, "user", user, "address", address, NULL);
  return account;
}

static void
add (PbAccountList *list, const char *id, const char *host, const char *user) {
  g_autoptr (PbAccount) account = make_account (id, host, user);
  g_autoptr (GError) error = NULL;

  pb_account_list_add (list, account, &error);
  g_assert_no_error (error);
}

static void
put_file (Fixture *fixture, const char *text, gssize length) {
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->config, 0700), ==, 0);
  g_file_set_contents (fixture->path, text, length, &error);
  g_assert_no_error (error);
}

static char *
get_file (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (fixture->path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static guint
mode_of (const char *path) {
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
test_missing_file (Fixture *fixture, gconstpointer data) {
  g_autoptr (PbAccountList) list = loaded_list (fixture);

  g_assert_cmpuint (length_of (list), ==, 0);
  g_assert_false (g_file_test (fixture->config, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (g_steal_pointer (&list));
}

static void
test_round_trip (Fixture *fixture, gconstpointer data) {
  g_autoptr (PbAccountList) list = loaded_list (fixture);
  g_autoptr (PbAccount) full = make_account ("zebra", "2001:db8::1", "li.na\\ ;#=[x]");
  g_autofree char *certificate = g_strnfill (64, 'a');

  g_object_set (full, "name", " Li \"Na\" 李娜; ", "label", "Work = [1] # 2", "on-server",
                PB_ON_SERVER_DELETE_AFTER, "delete-after-days", 30, "allow-clear-secret", TRUE,
                "trusted-certificate", certificate, "ca-file", "/etc/ca one.pem", "timeout", 7,
                "enabled", FALSE, "auth", "external", "client-certificate", "/home/li/li na.pem",
                "secret-is-token", TRUE, NULL);
  g_assert_true (pb_account_list_add (list, full, NULL));
  add (list, "alpha", "pop.example.org", "jo");
  save_well (list);
  g_assert_cmpuint (mode_of (fixture->path), ==, 0600);
  g_assert_cmpuint (mode_of (fixture->config), ==, 0700);

  g_autoptr (PbAccountList) again = loaded_list (fixture);
  g_assert_cmpuint (length_of (again), ==, 2);
  g_autoptr (PbAccount) first = g_list_model_get_item (G_LIST_MODEL (again), 0);
  g_assert_cmpstr (pb_account_get_id (first), ==, "zebra");
  g_assert_cmpstr (pb_account_get_name (first), ==, " Li \"Na\" 李娜; ");
  g_assert_cmpstr (pb_account_get_label (first), ==, "Work = [1] # 2");
  g_assert_cmpstr (pb_account_get_address (first), ==, pb_account_get_address (full));
  g_assert_cmpstr (pb_account_get_user (first), ==, "li.na\\ ;#=[x]");
  g_assert_true (
    pb_endpoint_equal (pb_account_get_endpoint (first), pb_account_get_endpoint (full)));
  g_assert_cmpint (pb_account_get_on_server (first), ==, PB_ON_SERVER_DELETE_AFTER);
  g_assert_cmpuint (pb_account_get_delete_after_days (first), ==, 30);
  g_assert_true (pb_account_get_allow_clear_secret (first));
  g_assert_cmpstr (pb_account_get_trusted_certificate (first), ==, certificate);
  g_assert_cmpstr (pb_account_get_ca_file (first), ==, "/etc/ca one.pem");
  g_assert_cmpuint (pb_account_get_timeout (first), ==, 7);
  g_assert_false (pb_account_get_enabled (first));
  g_assert_cmpint (pb_account_get_auth (first), ==, PB_AUTH_EXTERNAL);
  g_assert_cmpstr (pb_account_get_client_certificate (first), ==, "/home/li/li na.pem");
  g_assert_true (pb_account_get_secret_is_token (first));

  /* The other one is as usual throughout, and what was switched on goes out of the file when
   * switched off. */
  PbAccount *second = pb_account_list_find (again, "alpha");
  g_assert_nonnull (second);
  g_assert_true (pb_account_get_enabled (second));
  g_assert_null (pb_account_get_ca_file (second));
  g_assert_cmpstr (pb_account_get_label (second), ==, "jo@example.org");
  pb_account_assign (first, second);
  save_well (again);
  g_autofree char *text = get_file (fixture);
  g_assert_null (strstr (text, "ca-file"));
  g_assert_null (strstr (text, "enabled"));
  g_assert_null (strstr (text, "auth"));
  g_assert_null (strstr (text, "client-certificate"));
  g_assert_null (strstr (text, "label"));
  g_assert_null (strstr (text, "token"));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (again), 2));
}

static void
test_unknown_kept (Fixture *fixture, gconstpointer data) {
  static const char *const kept[] = {
    "# Accounts of Li Na\n", "# the main one\n",          "color=blue\n",
    "[window]\nwidth=900\n", "[account:../evil]\nuser=x", "name[de]=Frau Li\n",
  };
  put_file (
    fixture,
    "# Accounts of Li Na\n\n[account:work]\n# the main one\nname=Li\nname[de]=Frau Li\n"
    "server=pop.example.org\nuser=li\naddress=li@example.org\ncolor=blue\n\n"
    "[window]\nwidth=900\n\n[account:../evil]\nuser=x\n\n[account:old]\nserver=old.example.org\n",
    -1);
  g_autoptr (PbAccountList) list = loaded_list (fixture);

  g_assert_cmpuint (length_of (list), ==, 2);
  PbAccount *work = pb_account_list_find (list, "work");
  g_assert_cmpint (pb_account_get_endpoint (work)->security, ==, PB_SECURITY_TLS);
  g_object_set (work, "name", "Na Li", NULL);
  pb_account_list_remove (list, pb_account_list_find (list, "old"));
  save_well (list);
  g_autofree char *text = get_file (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    g_test_message ("%s", kept[i]);
    g_assert_nonnull (strstr (text, kept[i]));
  }
  g_assert_nonnull (strstr (text, "name=Na Li\n"));
  g_assert_null (strstr (text, "account:old"));
}

static void
test_damaged (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *text;
    gsize length;
  } cases[] = {
    { "this is no key file\n", 20 },       { "user=without a group\n", 21 },
    { "[account:work\nuser=x\n", 21 },     { "[account:work]\nuser\n", 20 },
    { "[account:work]\nuser=a\0b\n", 24 }, { "\x89PNG\r\n\x1a\n\0\0\0", 11 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccountList) list = pb_account_list_new (fixture->config);
    g_autoptr (GError) error = NULL;
    g_autofree char *after = NULL;
    gsize length;

    g_test_message ("case %u", i);
    put_file (fixture, cases[i].text, (gssize) cases[i].length);
    g_assert_false (load (list, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
    g_clear_error (&error);
    add (list, "work", "pop.example.org", "li");
    g_assert_false (save (list, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
    g_assert_true (g_file_get_contents (fixture->path, &after, &length, NULL));
    g_assert_cmpmem (after, length, cases[i].text, cases[i].length);
  }
}

static void
test_odd_values (Fixture *fixture, gconstpointer data) {
  put_file (fixture,
            "[account:a]\nserver=:::\nuser=\xff\xfe\non-server=shred\ntimeout=-5\nenabled=maybe\n"
            "security=whatever\n[account:b]\n[account:c]\nserver=pop.example.org\nsecurity=later\n"
            "timeout=99999999999999\nname=a\\nb\n",
            -1);
  g_autoptr (PbAccountList) list = loaded_list (fixture);

  g_assert_cmpuint (length_of (list), ==, 3);
  PbAccount *a = pb_account_list_find (list, "a");
  g_assert_false (pb_account_validate (a, NULL));
  g_assert_cmpint (pb_account_get_on_server (a), ==, PB_ON_SERVER_KEEP);
  g_assert_cmpuint (pb_account_get_timeout (a), ==, 0);
  g_assert_true (pb_account_get_enabled (a));
  PbAccount *c = pb_account_list_find (list, "c");
  g_assert_cmpint (pb_account_get_endpoint (c)->security, ==, PB_SECURITY_TLS);
  g_assert_false (pb_account_validate (c, NULL));
}

static void
test_too_large (Fixture *fixture, gconstpointer data) {
  g_autofree char *text = g_strnfill (5 * 1024 * 1024, '\n');
  g_autoptr (PbAccountList) list = pb_account_list_new (fixture->config);
  g_autoptr (GError) error = NULL;

  put_file (fixture, text, -1);
  g_assert_false (load (list, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data) {
  g_autofree char *in_the_way = g_build_filename (fixture->folder, "config", NULL);
  g_autoptr (PbAccountList) list = pb_account_list_new (fixture->config);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (in_the_way, "", 0, NULL));
  add (list, "work", "pop.example.org", "li");
  g_assert_false (save (list, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_false (load (list, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE);
}

static void
test_symbolic_link (Fixture *fixture, gconstpointer data) {
  g_autofree char *target = g_build_filename (fixture->folder, "kept-elsewhere.conf", NULL);
  g_autofree char *text = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->config, 0700), ==, 0);
  g_assert_true (g_file_set_contents (target, "# mine\n", -1, NULL));
  GFile *link = g_file_new_for_path (fixture->path);
  g_assert_true (g_file_make_symbolic_link (link, target, NULL, NULL));
  g_object_unref (link);

  g_autoptr (PbAccountList) list = loaded_list (fixture);
  add (list, "work", "pop.example.org", "li");
  save_well (list);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (target, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "# mine\n"));
  g_assert_nonnull (strstr (text, "[account:work]"));
}

static void
test_two_processes (Fixture *fixture, gconstpointer data) {
  g_autoptr (PbAccountList) window = loaded_list (fixture);
  g_autoptr (PbAccountList) tool = loaded_list (fixture);

  add (window, "a", "a.example.org", "li");
  save_well (window);
  add (tool, "b", "b.example.org", "li");
  save_well (tool);
  add (window, "c", "c.example.org", "li");
  save_well (window);
  g_autoptr (PbAccountList) after = loaded_list (fixture);
  g_assert_cmpuint (length_of (after), ==, 3);

  /* Loading again brings in what others did, and keeps the objects that stay. */
  PbAccount *a = pb_account_list_find (window, "a");
  pb_account_list_remove (after, pb_account_list_find (after, "c"));
  g_object_set (pb_account_list_find (after, "a"), "name", "Li Na", NULL);
  save_well (after);
  g_assert_true (load (window, NULL));
  g_assert_cmpuint (length_of (window), ==, 2);
  g_assert_true (pb_account_list_find (window, "a") == a);
  g_assert_cmpstr (pb_account_get_name (a), ==, "Li Na");
  g_assert_nonnull (pb_account_list_find (window, "b"));
  g_assert_null (pb_account_list_find (window, "c"));
}

/* Many saves at once: the last state wins, and all of them complete. */
static void
test_many_saves (Fixture *fixture, gconstpointer data) {
  g_autoptr (PbAccountList) list = loaded_list (fixture);
  GAsyncResult *done[20] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (done); i++) {
    g_autofree char *id = g_strdup_printf ("a%u", i);
    add (list, id, "pop.example.org", id);
    pb_account_list_save_async (list, NULL, pb_test_done, &done[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (done); i++) {
    g_autoptr (GAsyncResult) result = pb_test_wait (&done[i]);
    g_autoptr (GError) error = NULL;
    pb_account_list_save_finish (list, result, &error);
    g_assert_no_error (error);
  }
  g_autoptr (PbAccountList) again = loaded_list (fixture);
  g_assert_cmpuint (length_of (again), ==, G_N_ELEMENTS (done));
}

static void
test_cancelled (Fixture *fixture, gconstpointer data) {
  g_autoptr (PbAccountList) list = loaded_list (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_cancellable_cancel (cancellable);
  add (list, "work", "pop.example.org", "li");
  pb_account_list_save_async (list, cancellable, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_false (pb_account_list_save_finish (list, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_refused (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *id, *host, *user;
    gboolean fine;
  } cases[] = {
    { "work", "pop.example.org", "li", TRUE },
    { "work", "other.example.org", "li", FALSE }, /* the id */
    { "work-2", "pop.example.org", "li", FALSE }, /* the mailbox */
    { "work-2", "POP.example.org", "li", FALSE },
    { "work-2", "pop.example.org", "na", TRUE },
    { "work-3", "pop.example.net", "li", TRUE },
    { "work-4", "pop.example.org", "", FALSE }, /* not valid */
    { "work-4", "pop.example.org", "a\nb", FALSE },
  };
  g_autoptr (PbAccountList) list = pb_account_list_new (fixture->config);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbAccount) account = make_account (cases[i].id, cases[i].host, cases[i].user);
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_true (pb_account_list_add (list, account, &error) == cases[i].fine);
    if (!cases[i].fine)
      g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  }
  g_assert_cmpuint (length_of (list), ==, 3);
}

static void
note_change (GListModel *model, guint position, guint removed, guint added, gpointer data) {
  g_string_append_printf (data, "%u-%u+%u ", position, removed, added);
}

static void
test_model (Fixture *fixture, gconstpointer data) {
  g_autoptr (PbAccountList) list = pb_account_list_new (fixture->config);
  g_autoptr (PbAccount) stranger = make_account ("x", "x.example.org", "x");
  g_autoptr (GString) changes = g_string_new (NULL);

  g_signal_connect (list, "items-changed", G_CALLBACK (note_change), changes);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == PB_TYPE_ACCOUNT);
  add (list, "a", "a.example.org", "li");
  add (list, "b", "b.example.org", "li");
  pb_account_list_remove (list, stranger);
  pb_account_list_remove (list, pb_account_list_find (list, "a"));
  g_assert_cmpstr (changes->str, ==, "0-0+1 1-0+1 0-1+0 ");
  g_assert_null (pb_account_list_find (list, "a"));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 1));
}

static void
test_make_id (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *address;
    const char *id;
  } cases[] = {
    { "li.na@example.org", "li-na-example-org" },
    { "Li..Na@Example.ORG", "li-na-example-org-2" },
    { "  jo  ", "jo" },
    { "müller@example.de", "muller-example-de" },
    { "", "account" },
    { "@@@", "account-2" },
    { "../../etc/passwd", "etc-passwd" },
  };
  g_autoptr (PbAccountList) list = pb_account_list_new (fixture->config);
  g_autofree char *endless = g_strnfill (5000, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *id = pb_account_list_make_id (list, cases[i].address);
    g_assert_cmpstr (id, ==, cases[i].id);
    add (list, id, "pop.example.org", id);
  }
  for (guint i = 0; i < 12; i++) {
    g_autofree char *id = pb_account_list_make_id (list, endless);
    g_assert_true (pb_account_id_is_valid (id));
    add (list, id, "pop.example.org", id);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/account-list/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("missing-file", test_missing_file);
  ADD ("round-trip", test_round_trip);
  ADD ("unknown-kept", test_unknown_kept);
  ADD ("damaged", test_damaged);
  ADD ("odd-values", test_odd_values);
  ADD ("too-large", test_too_large);
  ADD ("no-folder", test_no_folder);
  ADD ("symbolic-link", test_symbolic_link);
  ADD ("two-processes", test_two_processes);
  ADD ("many-saves", test_many_saves);
  ADD ("cancelled", test_cancelled);
  ADD ("refused", test_refused);
  ADD ("model", test_model);
  ADD ("make-id", test_make_id);
#undef ADD
  return g_test_run ();
}
