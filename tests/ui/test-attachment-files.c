/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments as files: nothing is replaced, names are safe, copies for other programs are
 * private and go away. */

#include <glib/gstdio.h>

#include "pb-attachment-files.h"
#include "pb-message.h"
#include "pb-test.h"

static const char mail[] =
  "From: Li Na <li.na@example.org>\nSubject: Two sheets\nMIME-Version: 1.0\n"
  "Content-Type: multipart/mixed; boundary=cut\n\n"
  "--cut\nContent-Type: text/plain\n\nHere they are.\n"
  "--cut\nContent-Type: text/csv; name=\"sheet.csv\"\nContent-Disposition: attachment; "
  "filename=\"sheet.csv\"\n\none,1\n"
  "--cut\nContent-Type: text/csv\nContent-Disposition: attachment; "
  "filename=\"sheet.csv\"\n\ntwo,2\n"
  "--cut\nContent-Type: text/plain\nContent-Disposition: attachment; "
  "filename=\"../../escape\"\n\nno\n"
  "--cut--\n";

static PbMessage *
parse (void) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (mail, sizeof mail - 1);
  g_autoptr (GError) error = NULL;
  PbMessage *message = pb_message_new (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pb_message_get_attachments (message)->len, ==, 3);
  return message;
}

static void
assert_content (const char *dir, const char *name, const char *wanted) {
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, wanted);
}

static guint
count_files (const char *dir) {
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  guint count = 0;

  while (folder && g_dir_read_name (folder))
    count++;
  return count;
}

static void
test_save_all (void) {
  char *dir = pb_test_make_dir ();
  g_autofree char *taken = g_build_filename (dir, "sheet.csv", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (dir);
  g_autoptr (PbMessage) message = parse ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_assert_true (g_file_set_contents (taken, "mine", -1, NULL));
  pb_attachment_files_save_all_async (pb_message_get_attachments (message), folder, NULL,
                                      pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_cmpint (pb_attachment_files_save_all_finish (result, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (dir), ==, 4);
  assert_content (dir, "sheet.csv", "mine");
  assert_content (dir, "sheet (2).csv", "one,1");
  assert_content (dir, "sheet (3).csv", "two,2");
  pb_test_remove_dir (dir);
}

static void
test_save_all_fails (void) {
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/nonexistent/folder");
  g_autoptr (PbMessage) message = parse ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_attachment_files_save_all_async (pb_message_get_attachments (message), nowhere, NULL,
                                      pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_cmpint (pb_attachment_files_save_all_finish (result, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_prepare_and_forget (void) {
  char *dir = pb_test_make_dir ();
  g_autoptr (PbMessage) message = parse ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;
  GStatBuf status;

  pb_attachment_files_prepare_async (pb_message_get_attachments (message)->pdata[1], dir, NULL,
                                     pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (GFile) file = pb_attachment_files_prepare_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (g_file_peek_path (file), &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0400);
  g_assert_cmpint (status.st_size, ==, 5);

  pb_attachment_files_forget (dir);
  g_assert_false (g_file_query_exists (file, NULL));
  pb_attachment_files_forget (dir);
  pb_test_remove_dir (dir);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attachment-files/save-all", test_save_all);
  g_test_add_func ("/attachment-files/save-all-fails", test_save_all_fails);
  g_test_add_func ("/attachment-files/prepare-and-forget", test_prepare_and_forget);
  return g_test_run ();
}
