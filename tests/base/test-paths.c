/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Temporary profiles go away with all in them, and nothing else ever does. */

#include <glib/gstdio.h>
#include <unistd.h>

#include "pb-paths.h"

static void
test_temporary (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (PbPaths) paths = pb_paths_new_temporary (&error);

  g_assert_no_error (error);
  g_autofree char *root = g_path_get_dirname (paths->data);
  g_autofree char *file = g_build_filename (paths->data, "mail", NULL);
  g_autofree char *link = g_build_filename (paths->data, "link", NULL);
  g_autofree char *kept = g_build_filename (g_get_tmp_dir (), "postbag-kept-XXXXXX", NULL);
  int fd = g_mkstemp (kept);
  g_autofree char *outside = g_path_get_dirname (kept);

  g_assert_cmpint (g_mkdir_with_parents (paths->data, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_cmpint (symlink (outside, link), ==, 0);
  pb_paths_remove (paths);
  g_assert_false (g_file_test (root, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  g_close (fd, NULL);
  g_unlink (kept);
}

static void
test_default_stays (void) {
  g_autoptr (PbPaths) paths = pb_paths_new_default ();

  g_assert_cmpint (g_mkdir_with_parents (paths->data, 0700), ==, 0);
  pb_paths_remove (paths);
  g_assert_true (g_file_test (paths->data, G_FILE_TEST_IS_DIR));
}

int
main (int argc, char **argv) {
  g_autofree char *home = g_dir_make_tmp ("postbag-test-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paths/temporary", test_temporary);
  g_test_add_func ("/paths/default-stays", test_default_stays);
  int result = g_test_run ();
  pb_paths_remove_tree (home);
  return result;
}
