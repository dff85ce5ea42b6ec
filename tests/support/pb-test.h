/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What every test needs: waiting for asynchronous calls, and folders that are thrown away. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A GAsyncReadyCallback that keeps the result for pb_test_wait (); its data is a GAsyncResult
 * **. */
void pb_test_done (GObject *source, GAsyncResult *result, gpointer data);

/* Iterates the thread-default main context until @result is set; fails the test after 30 s. Hands
 * out the reference and sets *@result to NULL:
 *
 *   GAsyncResult *done = NULL;
 *   thing_do_async (thing, NULL, pb_test_done, &done);
 *   g_autoptr (GAsyncResult) result = pb_test_wait (&done);
 *   thing_do_finish (thing, result, &error); */
GAsyncResult *pb_test_wait (GAsyncResult **result) G_GNUC_WARN_UNUSED_RESULT;

/* Iterates until @condition (@data) is TRUE; fails the test after 30 s. */
void pb_test_until (gboolean (*condition) (gpointer data), gpointer data);

/* Iterates for @milliseconds. */
void pb_test_pass_time (guint milliseconds);

/* A new empty folder below the temporary folder; pb_test_remove_dir () deletes it with all in it
 * and frees the path. */
char *pb_test_make_dir (void);
void pb_test_remove_dir (char *path);

G_END_DECLS
