/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names on disk: files, folders, digests, keywords. */

#include <string.h>

#include "pb-folder-name.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"
#include "pb-test.h"

static void
test_digest (void) {
  PbDigest digest, again;
  char text[PB_DIGEST_TEXT_LENGTH + 1];

  for (guint i = 0; i < 1000; i++) {
    pb_digest_set (&digest, "account", (guint8 *) &i, sizeof i);
    pb_digest_to_text (&digest, text);
    g_assert_cmpuint (strlen (text), ==, PB_DIGEST_TEXT_LENGTH);
    g_assert_true (pb_digest_from_text (&again, text));
    g_assert_cmpmem (digest.bytes, PB_DIGEST_SIZE, again.bytes, PB_DIGEST_SIZE);
  }
  pb_digest_set (&digest, "a", (const guint8 *) "bc", 2);
  pb_digest_set (&again, "ab", (const guint8 *) "c", 1);
  g_assert_false (pb_digest_equal (&digest, &again));
}

/* SHA-256 of "work", NUL, "1", by another program. */
static void
test_digest_known (void) {
  PbDigest digest;
  char text[PB_DIGEST_TEXT_LENGTH + 1];
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 expected[32];
  gsize length = sizeof expected;

  g_checksum_update (checksum,
                     (const guchar *) "work\0"
                                      "1",
                     6);
  g_checksum_get_digest (checksum, expected, &length);
  pb_digest_set (&digest, "work", (const guint8 *) "1", 1);
  g_assert_cmpmem (digest.bytes, PB_DIGEST_SIZE, expected, PB_DIGEST_SIZE);
  memset (&digest, 0, sizeof digest);
  pb_digest_to_text (&digest, text);
  g_assert_cmpstr (text, ==, "aaaaaaaaaaaaaaaaaaaaaaaaaa");
  memset (&digest, 0xff, sizeof digest);
  pb_digest_to_text (&digest, text);
  g_assert_cmpstr (text, ==,
                   "7777777777777777777777777"
                   "4");
}

static void
test_digest_malformed (void) {
  static const char *const texts[] = {
    "",
    "aaaaaaaaaaaaaaaaaaaaaaaaa",
    "AAAAAAAAAAAAAAAAAAAAAAAAAA",
    "aaaaaaaaaaaaaaaaaaaaaaaaa1",
    "aaaaaaaaaaaaaaaaaaaaaaaaab", /* bits that no digest has */
    "aaaaaaaaaaaa=aaaaaaaaaaaaa",
  };
  PbDigest digest;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_test_message ("%s", texts[i]);
    g_assert_false (pb_digest_from_text (&digest, texts[i]));
  }
}

static void
test_file_names (void) {
  PbMaildirTime time, read, other;
  PbDigest digest, found;
  g_autofree char *temporary = pb_maildir_name_new (&time);
  g_autofree char *second = pb_maildir_name_new (&other);

  g_assert_true (pb_maildir_name_is_temporary (temporary));
  g_assert_cmpint (pb_maildir_time_compare (&time, &other), <, 0);
  pb_digest_set (&digest, "work", (const guint8 *) "x", 1);
  g_autofree char *base = pb_maildir_name_base (temporary, &digest, 1234);
  g_assert_true (g_str_has_suffix (base, ",S=1234"));
  g_assert_false (pb_maildir_name_is_temporary (base));
  g_assert_true (pb_maildir_name_get_digest (base, &found));
  g_assert_true (pb_digest_equal (&digest, &found));
  pb_maildir_name_get_time (base, &read);
  g_assert_cmpint (pb_maildir_time_compare (&time, &read), ==, 0);
  g_autofree char *name = pb_maildir_name_join (base, "FS");
  g_assert_cmpstr (pb_maildir_name_split (name), ==, "FS");
  g_assert_cmpstr (name, ==, base);
}

static void
test_foreign_file_names (void) {
  static const struct {
    const char *name, *base, *letters;
    gint64 seconds;
    gboolean has_digest;
  } cases[] = {
    { "1700000000.M1P2.host:2,S", "1700000000.M1P2.host", "S", 1700000000, FALSE },
    { "1700000000.M1P2.host", "1700000000.M1P2.host", "", 1700000000, FALSE },
    { "1700000000.M1P2.host:1,x", "1700000000.M1P2.host:1,x", "", 1700000000, FALSE },
    { "letter.eml", "letter.eml", "", 0, FALSE },
    { ":2,", "", "", 0, FALSE },
    { "12345", "12345", "", 0, FALSE },
    { "99999999999999999999.x", "99999999999999999999.x", "", 0, FALSE },
    { "1.a,I=aaaaaaaaaaaaaaaaaaaaaaaaaa", "1.a,I=aaaaaaaaaaaaaaaaaaaaaaaaaa", "", 1, TRUE },
    { "1.a,I=aaaaaaaaaaaaaaaaaaaaaaaaaa,S=5:2,", "1.a,I=aaaaaaaaaaaaaaaaaaaaaaaaaa,S=5", "", 1,
      TRUE },
    { "1.a,I=aaaaaaaaaaaaaaaaaaaaaaaaaaa", "1.a,I=aaaaaaaaaaaaaaaaaaaaaaaaaaa", "", 1, FALSE },
    { "1.a,I=aaaa", "1.a,I=aaaa", "", 1, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strdup (cases[i].name);
    PbMaildirTime time;
    PbDigest digest;
    g_test_message ("%s", cases[i].name);
    g_assert_cmpstr (pb_maildir_name_split (name), ==, cases[i].letters);
    g_assert_cmpstr (name, ==, cases[i].base);
    pb_maildir_name_get_time (name, &time);
    g_assert_cmpint (time.seconds, ==, cases[i].seconds);
    g_assert_cmpint (pb_maildir_name_get_digest (name, &digest), ==, cases[i].has_digest);
  }
}

static void
test_flags (void) {
  static const struct {
    const char *letters;
    char partial;
    PbFlags flags;
    const char *again; /* the same flags, set again */
  } cases[] = {
    { "", 0, 0, "" },
    { "S", 0, PB_FLAG_READ, "S" },
    { "SF", 0, PB_FLAG_READ | PB_FLAG_STARRED, "FS" },
    { "DFPRST", 0,
      PB_FLAG_READ | PB_FLAG_STARRED | PB_FLAG_ANSWERED | PB_FLAG_FORWARDED | PB_FLAG_DRAFT,
      "DFPRST" },
    { "a", 'a', PB_FLAG_PARTIAL, "a" },
    { "ab", 'b', PB_FLAG_PARTIAL, "ab" },
    { "a", 'b', 0, "a" },
    { "SSa", 0, PB_FLAG_READ, "Sa" },
    { "S/x:\x01", 0, PB_FLAG_READ, "Sx" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].letters);
    g_assert_cmpint (pb_maildir_name_get_flags (cases[i].letters, cases[i].partial), ==,
                     cases[i].flags);
    g_autofree char *again =
      pb_maildir_name_set_flags (cases[i].letters, cases[i].flags, cases[i].partial);
    g_assert_cmpstr (again, ==, cases[i].again);
  }
}

static void
test_folder_names (void) {
  static const struct {
    const char *name, *dir;
    PbFolderRole role;
  } cases[] = {
    { "", "", PB_FOLDER_INBOX },
    { "Trash", ".Trash", PB_FOLDER_TRASH },
    { "sent", ".sent", PB_FOLDER_SENT },
    { "Lists/M\xc3\xbcnchen", ".Lists.M&APw-nchen", PB_FOLDER_ORDINARY },
    { "A & B", ".A &- B", PB_FOLDER_ORDINARY },
    { "v1.2", ".v1&AC4-2", PB_FOLDER_ORDINARY },
    { "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", ".&ZeVnLIqe-", PB_FOLDER_ORDINARY },
    { "\xf0\x9f\x93\xae/Trash", ".&2D3c7g-.Trash", PB_FOLDER_ORDINARY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *dir = pb_folder_name_to_dir (cases[i].name);
    g_autofree char *name = pb_folder_name_from_dir (cases[i].dir);
    g_assert_cmpstr (dir, ==, cases[i].dir);
    g_assert_cmpstr (name, ==, cases[i].name);
    g_assert_cmpint (pb_folder_name_get_role (name), ==, cases[i].role);
  }
}

static void
test_folder_names_malformed (void) {
  static const struct {
    const char *dir, *name;
  } cases[] = {
    { ".a&b", "a&b" },
    { ".a&!-", "a&!-" },
    { ".&AA-", "&AA-" },
    { ".&2D0-", "&2D0-" }, /* half of a pair */
    { ".caf\xc3\xa9", "caf\xc3\xa9" },
    { ".caf\xe9", "caf\xef\xbf\xbd" },
    { ".a\nb", "a\xef\xbf\xbd"
               "b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = pb_folder_name_from_dir (cases[i].dir);
    g_assert_cmpstr (name, ==, cases[i].name);
  }
}

static void
test_keywords (void) {
  g_autofree char *dir = pb_test_make_dir ();
  g_autofree char *file = g_build_filename (dir, "dovecot-keywords", NULL);
  g_autoptr (GError) error = NULL;
  PbMaildirKeywords keywords;

  g_assert_true (g_file_set_contents (file, "1 Work\nnonsense\n99 Far\n3 \n0 $Label1\n", -1, NULL));
  pb_maildir_keywords_read (dir, keywords);
  g_assert_cmpstr (keywords[0], ==, "$Label1");
  g_assert_cmpstr (keywords[1], ==, "Work");
  g_assert_null (keywords[3]);
  g_assert_cmpint (pb_maildir_keywords_find (keywords, "Work"), ==, 'b');
  g_assert_cmpint (pb_maildir_keywords_find (keywords, PB_KEYWORD_PARTIAL), ==, 0);
  pb_maildir_keywords_clear (keywords);
  g_assert_cmpint (pb_maildir_keyword_ensure (dir, PB_KEYWORD_PARTIAL, &error), ==, 'c');
  g_assert_cmpint (pb_maildir_keyword_ensure (dir, PB_KEYWORD_PARTIAL, &error), ==, 'c');
  for (char letter = 'd'; letter <= 'z'; letter++) {
    char word[] = { 'w', letter, '\0' };
    g_assert_cmpint (pb_maildir_keyword_ensure (dir, word, &error), ==, letter);
  }
  g_assert_no_error (error);
  g_assert_cmpint (pb_maildir_keyword_ensure (dir, "one too many", &error), ==, 0);
  g_assert_nonnull (error);
  pb_test_remove_dir (g_steal_pointer (&dir));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/maildir-names/digest", test_digest);
  g_test_add_func ("/maildir-names/digest-known", test_digest_known);
  g_test_add_func ("/maildir-names/digest-malformed", test_digest_malformed);
  g_test_add_func ("/maildir-names/files", test_file_names);
  g_test_add_func ("/maildir-names/foreign-files", test_foreign_file_names);
  g_test_add_func ("/maildir-names/flags", test_flags);
  g_test_add_func ("/maildir-names/folders", test_folder_names);
  g_test_add_func ("/maildir-names/folders-malformed", test_folder_names_malformed);
  g_test_add_func ("/maildir-names/keywords", test_keywords);
  return g_test_run ();
}
