/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Helpers of all tests. Nested main loops are allowed here and nowhere else. */

#include "pb-test.h"

#include "pb-paths.h"

#define PATIENCE_SECONDS 30

void
pb_test_done (GObject *source, GAsyncResult *result, gpointer data) {
  GAsyncResult **out = data;

  g_assert_null (*out);
  *out = g_object_ref (result);
}

static gboolean
wake_up (gpointer data) {
  return G_SOURCE_CONTINUE;
}

/* A slow tick keeps the iteration from blocking for ever when nothing happens. */
static GSource *
ticking (void) {
  GSource *tick = g_timeout_source_new (20);

  g_source_set_callback (tick, wake_up, NULL, NULL);
  g_source_attach (tick, g_main_context_get_thread_default ());
  return tick;
}

void
pb_test_until (gboolean (*condition) (gpointer data), gpointer data) {
  g_autoptr (GSource) tick = ticking ();
  gint64 deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;

  while (!condition (data)) {
    if (g_get_monotonic_time () > deadline)
      g_error ("nothing happened for %d s", PATIENCE_SECONDS);
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  }
  g_source_destroy (tick);
}

static gboolean
is_set (gpointer data) {
  return *(GAsyncResult **) data != NULL;
}

GAsyncResult *
pb_test_wait (GAsyncResult **result) {
  pb_test_until (is_set, result);
  return g_steal_pointer (result);
}

static gboolean
is_over (gpointer data) {
  return g_get_monotonic_time () >= *(gint64 *) data;
}

void
pb_test_pass_time (guint milliseconds) {
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  pb_test_until (is_over, &end);
}

char *
pb_test_make_dir (void) {
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("postbag-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

void
pb_test_remove_dir (char *path) {
  pb_paths_remove_tree (path);
  g_free (path);
}
