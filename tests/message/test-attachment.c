/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of attachments, and saving them. */

#include <string.h>

#include "pb-attachment-danger.h"
#include "pb-error.h"
#include "pb-file-name.h"
#include "pb-message.h"
#include "pb-test.h"

static void
test_safe_names (void) {
  static const char *const cases[][3] = {
    { "a.txt", "text/plain", "a.txt" },
    { "报告.pdf", "application/pdf", "报告.pdf" },
    { NULL, "application/pdf", "attachment.pdf" },
    { "", "image/png", "attachment.png" },
    { "", "message/rfc822", "message.eml" },
    { "", "x/y", "attachment.bin" },
    { "", NULL, "attachment.bin" },
    { "../../etc/passwd", "x/y", "passwd" },
    { "/etc/passwd", "x/y", "passwd" },
    { "C:\\dir\\f.txt", "x/y", "f.txt" },
    { "dir/", "x/y", "dir_" },
    { "..", "x/y", "attachment.bin" },
    { ".", "x/y", "attachment.bin" },
    { "/", "x/y", "_" },
    { ".bashrc", "x/y", "bashrc" },
    { "...a", "x/y", "a" },
    { "-rf", "x/y", "_rf" },
    { "a.txt.", "x/y", "a.txt" },
    { " a .txt ", "x/y", "a .txt" },
    { "a\n\t b.txt", "x/y", "a b.txt" },
    { "a\001b.txt", "x/y", "ab.txt" },
    { "a\342\200\256txt.exe", "x/y", "atxt.exe" },
    { "a\342\200\213b", "x/y", "ab" },
    { "a\342\201\246b\342\201\251", "x/y", "ab" },
    { "\342\200\256", "text/plain", "attachment.txt" },
    { "a<b>:\"|?*.txt", "x/y", "a_b______.txt" },
    { "con", "x/y", "_con" },
    { "NUL.txt", "x/y", "_NUL.txt" },
    { "com1.log", "x/y", "_com1.log" },
    { "console.log", "x/y", "console.log" },
    { "com12", "x/y", "com12" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = pb_file_name_make_safe (cases[i][0], cases[i][1]);
    g_assert_cmpstr (name, ==, cases[i][2]);
  }
}

static void
test_long_names (void) {
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < 200; i++)
    g_string_append (name, "报");
  g_string_append (name, ".pdf");
  g_autofree char *safe = pb_file_name_make_safe (name->str, "application/pdf");
  g_assert_cmpuint (strlen (safe), <=, PB_FILE_NAME_LIMIT);
  g_assert_cmpuint (strlen (safe), >, PB_FILE_NAME_LIMIT - 4);
  g_assert_true (g_utf8_validate (safe, -1, NULL));
  g_assert_true (g_str_has_suffix (safe, "报.pdf"));

  g_string_assign (name, "a.");
  for (guint i = 0; i < 300; i++)
    g_string_append_c (name, 'x');
  g_autofree char *cut = pb_file_name_make_safe (name->str, "application/pdf");
  g_assert_cmpuint (strlen (cut), ==, PB_FILE_NAME_LIMIT);
}

static PbAttachment *
make_attachment (GString *content) {
  g_autofree char *encoded = g_base64_encode ((const guchar *) content->str, content->len);
  g_autoptr (GString) data = g_string_new ("Content-Type: application/x-test; name=\"a/b.bin\"\n"
                                           "Content-Transfer-Encoding: base64\n\n");

  for (const char *p = encoded; *p; p += MIN (76, strlen (p))) {
    g_string_append_len (data, p, (gssize) MIN (76, strlen (p)));
    g_string_append_c (data, '\n');
  }
  g_autoptr (GBytes) bytes = g_bytes_new (data->str, data->len);
  g_autoptr (PbMessage) message = pb_message_new (bytes, NULL);
  /* Outlives its message. */
  return g_object_ref (g_ptr_array_index (pb_message_get_attachments (message), 0));
}

static GString *
make_content (void) {
  GString *content = g_string_new (NULL);

  for (guint i = 0; i < 300000; i++)
    g_string_append_c (content, (char) (i * 7 + i / 256));
  return content;
}

static gboolean
save (PbAttachment *attachment, const char *path, GCancellable *cancellable, GError **error) {
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GAsyncResult *done = NULL;

  pb_attachment_save_async (attachment, file, cancellable, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_attachment_save_finish (attachment, result, error);
}

static void
assert_content (const char *path, const char *expected, gsize expected_length) {
  g_autofree char *found = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &found, &length, NULL));
  g_assert_cmpmem (found, length, expected, expected_length);
}

static guint
count_files (const char *folder) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir))
    count++;
  return count;
}

static void
test_save (void) {
  g_autoptr (GString) content = make_content ();
  g_autoptr (PbAttachment) attachment = make_attachment (content);
  g_autoptr (GBytes) bytes = pb_attachment_dup_bytes (attachment);
  g_autoptr (GError) error = NULL;
  char *folder = pb_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "out", NULL);

  g_assert_cmpstr (pb_attachment_get_name (attachment), ==, "a/b.bin");
  g_assert_cmpstr (pb_attachment_get_safe_name (attachment), ==, "b.bin");
  g_assert_cmpuint (pb_attachment_get_size (attachment), ==, content->len);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), content->str,
                   content->len);
  g_assert_null (pb_attachment_get_content_id (attachment));

  g_assert_true (save (attachment, path, NULL, &error));
  g_assert_no_error (error);
  assert_content (path, content->str, content->len);

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_true (save (attachment, path, NULL, &error));
  assert_content (path, content->str, content->len);
  g_assert_cmpuint (count_files (folder), ==, 1);
  pb_test_remove_dir (folder);
}

static void
test_save_cancelled (void) {
  g_autoptr (GString) content = make_content ();
  g_autoptr (PbAttachment) attachment = make_attachment (content);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  char *folder = pb_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "out", NULL);

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (save (attachment, path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_content (path, "old", 3);
  g_assert_cmpuint (count_files (folder), ==, 1);
  pb_test_remove_dir (folder);
}

static void
test_save_fails (void) {
  g_autoptr (GString) content = make_content ();
  g_autoptr (PbAttachment) attachment = make_attachment (content);
  g_autoptr (GError) error = NULL;
  char *folder = pb_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "missing", "out", NULL);

  g_assert_false (save (attachment, path, NULL, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_STORAGE);
  g_assert_cmpuint (count_files (folder), ==, 0);
  pb_test_remove_dir (folder);
}

static void
test_disk_full (void) {
  g_autoptr (GString) content = make_content ();
  g_autoptr (PbAttachment) attachment = make_attachment (content);
  g_autoptr (GError) error = NULL;

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    return;
  g_autoptr (GFile) file = g_file_new_for_path ("/dev/full");
  g_autoptr (GFileIOStream) stream = g_file_open_readwrite (file, NULL, &error);
  g_assert_no_error (error);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (stream));
  g_assert_false (pb_attachment_write (attachment, out, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_danger (void) {
  static const struct {
    const char *name, *content;
    PbDanger danger;
    const char *word; /* of the sentence */
  } cases[] = {
    { "plan.pdf", "%PDF-1.7", PB_DANGER_NONE, NULL },
    { "plan.txt", "", PB_DANGER_NONE, NULL },
    { "photo.jpg", "\377\330\377", PB_DANGER_NONE, NULL },
    { "setup.exe", "MZ", PB_DANGER_PROGRAM, "Windows" },
    { "invoice.pdf.exe", "MZ", PB_DANGER_PROGRAM, "“pdf”" },
    { "invoice.pdf   .js", "x", PB_DANGER_PROGRAM, "“pdf”" },
    { "plan.pdf", "MZ\220", PB_DANGER_PROGRAM, "calls itself a “pdf”" },
    { "photo\342\200\256gpj.exe", "MZ", PB_DANGER_PROGRAM, "program" },
    { "run", "#!/bin/sh\n", PB_DANGER_PROGRAM, "script" },
    { "a", "\177ELF", PB_DANGER_PROGRAM, "Linux" },
    { "x.desktop", "", PB_DANGER_PROGRAM, "program" },
    { "X.SCR", "", PB_DANGER_PROGRAM, "program" },
    { "table.xlsm", "PK", PB_DANGER_ASK, "macros" },
    { "page.html", "<p>", PB_DANGER_ASK, "scripts" },
    { "disk.iso", "", PB_DANGER_ASK, "disk" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *source = g_strdup_printf (
      "Subject: x\nContent-Type: application/pdf\nContent-Disposition: attachment; "
      "filename=\"%s\"\n\n%s",
      cases[i].name, cases[i].content);
    g_autoptr (GBytes) bytes = g_bytes_new (source, strlen (source));
    g_autoptr (PbMessage) message = pb_message_new (bytes, NULL);
    g_autofree char *sentence = NULL;

    g_test_message ("%s", cases[i].name);
    g_assert_cmpint (
      pb_attachment_judge (pb_message_get_attachments (message)->pdata[0], &sentence), ==,
      cases[i].danger);
    g_assert_true ((sentence != NULL) == (cases[i].word != NULL));
    g_assert_true (!sentence || strstr (sentence, cases[i].word));
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attachment/safe-names", test_safe_names);
  g_test_add_func ("/attachment/long-names", test_long_names);
  g_test_add_func ("/attachment/save", test_save);
  g_test_add_func ("/attachment/save-cancelled", test_save_cancelled);
  g_test_add_func ("/attachment/save-fails", test_save_fails);
  g_test_add_func ("/attachment/disk-full", test_disk_full);
  g_test_add_func ("/attachment/danger", test_danger);
  return g_test_run ();
}
