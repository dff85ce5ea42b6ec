/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Notes on servers: apart from each other, there after a restart, whatever the file holds. */

#include "pb-server-notes.h"
#include "pb-test.h"

#include <glib/gstdio.h>
#include <string.h>

static PbAccount *
make_account (const char *host, guint16 port, const char *user) {
  PbAccount *account = pb_account_new ("work");
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new (host, port, PB_SECURITY_TLS);

  g_object_set (account, "endpoint", endpoint, "user", user, NULL);
  return account;
}

static PbServerNotes *
load (const char *dir) {
  PbServerNotes *self = pb_server_notes_new (dir);
  GAsyncResult *done = NULL;

  pb_server_notes_load_async (self, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_server_notes_load_finish (self, result);
  return self;
}

static void
test_apart (void) {
  g_autoptr (PbServerNotes) self = load (NULL);
  g_autoptr (PbAccount) one = make_account ("pop.example.org", 995, "li]na\n[x]=y");
  g_autoptr (PbAccount) two = make_account ("pop.example.org", 995, "other");
  g_autoptr (PbAccount) far = make_account ("pop.example.org", 110, "other");
  g_autoptr (PbAccount) none = pb_account_new ("none");

  pb_server_notes_set (self, one, PB_NOTE_NO_CAPA, 1);
  pb_server_notes_set (self, one, PB_NOTE_BUSY_UNTIL, 2000000000000);
  pb_server_notes_set (self, none, PB_NOTE_NO_CAPA, 1);
  g_assert_cmpint (pb_server_notes_get (self, one, PB_NOTE_NO_CAPA), ==, 1);
  g_assert_cmpint (pb_server_notes_get (self, two, PB_NOTE_NO_CAPA), ==, 1);
  g_assert_cmpint (pb_server_notes_get (self, far, PB_NOTE_NO_CAPA), ==, 0);
  g_assert_cmpint (pb_server_notes_get (self, one, PB_NOTE_BUSY_UNTIL), ==, 2000000000000);
  g_assert_cmpint (pb_server_notes_get (self, two, PB_NOTE_BUSY_UNTIL), ==, 0);
  g_assert_cmpint (pb_server_notes_get (self, none, PB_NOTE_NO_CAPA), ==, 0);
  pb_server_notes_set (self, two, PB_NOTE_NO_CAPA, 0);
  g_assert_cmpint (pb_server_notes_get (self, one, PB_NOTE_NO_CAPA), ==, 0);
}

static void
test_restart (void) {
  char *dir = pb_test_make_dir ();
  g_autofree char *folder = g_build_filename (dir, "not yet", NULL);
  g_autofree char *path = g_build_filename (folder, "servers.conf", NULL);
  g_autoptr (PbAccount) account = make_account ("2001:db8::1", 995, "me@example.org");
  GStatBuf info;

  PbServerNotes *first = load (folder);
  for (int note = 0; note < PB_N_NOTES; note++)
    pb_server_notes_set (first, account, (PbNote) note, 100 + note);
  g_assert_finalize_object (first);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  PbServerNotes *second = load (folder);
  PbServerNotes *third = load (folder);
  for (int note = 0; note < PB_N_NOTES; note++)
    g_assert_cmpint (pb_server_notes_get (second, account, (PbNote) note), ==, 100 + note);
  /* Two at once: each keeps what the other noted. */
  pb_server_notes_set (second, account, PB_NOTE_REFUSED, 0);
  pb_server_notes_set (third, account, PB_NOTE_LOGIN_DELAY, 7);
  pb_test_pass_time (250);
  g_assert_finalize_object (second);
  g_assert_finalize_object (third);
  g_autoptr (PbServerNotes) last = load (folder);
  g_assert_cmpint (pb_server_notes_get (last, account, PB_NOTE_REFUSED), ==, 0);
  g_assert_cmpint (pb_server_notes_get (last, account, PB_NOTE_LOGIN_DELAY), ==, 7);
  g_assert_cmpint (pb_server_notes_get (last, account, PB_NOTE_NAMES), ==, 100 + PB_NOTE_NAMES);
  pb_test_remove_dir (dir);
}

/* Whatever a server says of itself, the file stays one. */
static void
test_texts (void) {
  static const char *const texts[] = {
    "TOP\nUIDL\nEXPIRE NEVER", "  blanks  ", "[group]\nkey=value", "\\n;=#", "\xff\xfe", "\t\r\n",
  };
  char *dir = pb_test_make_dir ();
  g_autoptr (PbAccount) account = make_account ("pop.example.org", 995, "me");
  g_autofree char *longest = g_strnfill (3 * PB_NOTE_TEXT_MAX, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    PbServerNotes *notes = load (dir);
    g_autofree char *valid = g_utf8_make_valid (texts[i], -1);
    pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_CAPABILITIES, texts[i]);
    pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_TLS, longest);
    pb_server_notes_set (notes, account, PB_NOTE_SESSION_END, 5 + i);
    g_assert_finalize_object (notes);
    notes = load (dir);
    g_autofree char *read = pb_server_notes_dup_text (notes, account, PB_NOTE_TEXT_CAPABILITIES);
    g_assert_cmpstr (read, ==, valid);
    g_autofree char *tls = pb_server_notes_dup_text (notes, account, PB_NOTE_TEXT_TLS);
    g_assert_cmpuint (strlen (tls), ==, PB_NOTE_TEXT_MAX);
    g_assert_cmpint (pb_server_notes_get (notes, account, PB_NOTE_SESSION_END), ==, 5 + i);
    pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_CAPABILITIES, NULL);
    g_assert_null (pb_server_notes_dup_text (notes, account, PB_NOTE_TEXT_CAPABILITIES));
    g_assert_finalize_object (notes);
  }
  pb_test_remove_dir (dir);
}

static void
test_damaged (void) {
  static const struct {
    const char *text;
    gssize length;
  } files[] = {
    { "", 0 },
    { "no group\n", -1 },
    { "[mailbox me@pop.example.org:995]\nlogin-delay=abc\n", -1 },
    { "[mailbox me@pop.example.org:995]\nlogin-delay=-5\n", -1 },
    { "[mailbox me@pop.example.org:995]\nlogin-delay=99999999999999999999999\n", -1 },
    { "[a]\nb=\0c\n", 9 },
    { "\377\376[\n", -1 },
  };
  g_autoptr (PbAccount) account = make_account ("pop.example.org", 995, "me");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    char *dir = pb_test_make_dir ();
    g_autofree char *path = g_build_filename (dir, "servers.conf", NULL);
    gint64 before, set = 60;
    g_assert_true (g_file_set_contents (path, files[i].text, files[i].length, NULL));
    PbServerNotes *notes = load (dir);
    before = pb_server_notes_get (notes, account, PB_NOTE_LOGIN_DELAY);
    g_assert_cmpint (before, >=, 0);
    pb_server_notes_set (notes, account, PB_NOTE_LOGIN_DELAY, set);
    g_assert_finalize_object (notes);
    g_autoptr (PbServerNotes) again = load (dir);
    g_assert_cmpint (pb_server_notes_get (again, account, PB_NOTE_LOGIN_DELAY), ==, set);
    pb_test_remove_dir (dir);
  }
}

/* What was forgotten while the file was read does not come back from it. */
static void
test_forgotten_while_loading (void) {
  char *dir = pb_test_make_dir ();
  g_autoptr (PbAccount) account = make_account ("pop.example.org", 995, "me");
  PbServerNotes *first = load (dir);
  GAsyncResult *done = NULL;

  pb_server_notes_set (first, account, PB_NOTE_QUESTION, 7);
  g_assert_finalize_object (first);
  PbServerNotes *notes = pb_server_notes_new (dir);
  pb_server_notes_load_async (notes, pb_test_done, &done);
  pb_server_notes_set (notes, account, PB_NOTE_QUESTION, 0);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_server_notes_load_finish (notes, result);
  g_assert_cmpint (pb_server_notes_get (notes, account, PB_NOTE_QUESTION), ==, 0);
  g_assert_finalize_object (notes);
  g_autoptr (PbServerNotes) again = load (dir);
  g_assert_cmpint (pb_server_notes_get (again, account, PB_NOTE_QUESTION), ==, 0);
  pb_test_remove_dir (dir);
}

/* Where nothing can be written, the notes hold for this run. */
static void
test_no_disk (void) {
  g_autoptr (PbServerNotes) notes = load ("/proc/nowhere");
  g_autoptr (PbAccount) account = make_account ("pop.example.org", 995, "me");

  pb_server_notes_set (notes, account, PB_NOTE_QUESTION, 1);
  pb_test_pass_time (200);
  g_assert_cmpint (pb_server_notes_get (notes, account, PB_NOTE_QUESTION), ==, 1);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-notes/apart", test_apart);
  g_test_add_func ("/server-notes/restart", test_restart);
  g_test_add_func ("/server-notes/forgotten-while-loading", test_forgotten_while_loading);
  g_test_add_func ("/server-notes/texts", test_texts);
  g_test_add_func ("/server-notes/damaged", test_damaged);
  g_test_add_func ("/server-notes/no-disk", test_no_disk);
  return g_test_run ();
}
