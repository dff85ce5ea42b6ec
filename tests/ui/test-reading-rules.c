/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is remembered of senders, and pictures fetched from a server of our own. */

#include <string.h>

#include "pb-reading-rules.h"
#include "pb-remote-pictures.h"
#include "pb-settings.h"
#include "pb-test.h"

static void
test_rules (void) {
  g_autoptr (GSettings) settings = pb_settings_new ();

  g_assert_nonnull (settings);
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_PICTURES, "Ann@Example.org"));
  pb_reading_rules_set (settings, PB_RULE_PICTURES, "ann@example.org", FALSE, TRUE);
  g_assert_true (pb_reading_rules_has (settings, PB_RULE_PICTURES, "Ann@Example.org"));
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_PICTURES, "bob@example.org"));
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_COLORS, "ann@example.org"));
  pb_reading_rules_set (settings, PB_RULE_PICTURES, "x@example.org", TRUE, TRUE);
  g_assert_true (pb_reading_rules_has (settings, PB_RULE_PICTURES, "bob@example.org"));
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_PICTURES, "bob@bad-example.org"));
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_PICTURES, "bob@sub.example.org"));
  pb_reading_rules_set (settings, PB_RULE_PICTURES, "x@example.org", TRUE, FALSE);
  pb_reading_rules_set (settings, PB_RULE_PICTURES, "ann@example.org", FALSE, FALSE);
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_PICTURES, "ann@example.org"));
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_PICTURES, NULL));
  g_assert_false (pb_reading_rules_has (settings, PB_RULE_PICTURES, "nobody"));
  g_assert_false (pb_reading_rules_has (NULL, PB_RULE_PICTURES, "ann@example.org"));
}

static void
test_fetchable (void) {
  static const char *const good[] = { "https://example.org/a.png", "http://93.184.216.34/a" };
  static const char *const bad[] = {
    "http://127.0.0.1/a",
    "http://[::1]/a",
    "http://192.168.1.1/a",
    "http://10.0.0.1/",
    "http://localhost/a",
    "http://router/a",
    "http://nas.local/a",
    "http://169.254.1.1/",
    "ftp://example.org/a",
    "file:///etc/passwd",
    "cid:x",
    "//example.org/a",
    "http://0.0.0.0/",
    "http://x.internal/a",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (pb_remote_pictures_is_fetchable (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("%s", bad[i]);
    g_assert_false (pb_remote_pictures_is_fetchable (bad[i]));
  }
}

/* ---- A server ---- */

#define PNG "\211PNG\r\n\032\npicture"

typedef struct {
  GThreadedSocketService *service;
  guint16 port;
  GMutex lock;
  GString *heard;
} Server;

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        Server *server) {
  g_autoptr (GDataInputStream) in =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GString) request = g_string_new (NULL);
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (in), FALSE);
  while ((line = g_data_input_stream_read_line (in, NULL, NULL, NULL)) && *line != '\r' && *line) {
    g_string_append_printf (request, "%s\n", line);
    g_free (line);
  }
  g_free (line);
  gboolean huge = strstr (request->str, "/huge") != NULL;
  gboolean page = strstr (request->str, "/page") != NULL;
  g_mutex_lock (&server->lock);
  g_string_append (server->heard, request->str);
  g_mutex_unlock (&server->lock);
  g_autoptr (GString) answer =
    g_string_new ("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                  "Set-Cookie: who=you\r\nContent-Type: image/png\r\n\r\n");
  g_string_append_len (answer, page ? "<html>" : PNG, page ? 6 : (gssize) sizeof PNG - 1);
  if (huge)
    g_string_set_size (answer, PB_REMOTE_PICTURE_LIMIT + 4096);
  g_output_stream_write_all (out, answer->str, answer->len, NULL, NULL, NULL);
  return TRUE;
}

static gssize
fetch (GPtrArray *addresses, const char *folder) {
  GAsyncResult *done = NULL;
  g_autoptr (GError) error = NULL;

  pb_remote_pictures_fetch_async (addresses, folder, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  gssize count = pb_remote_pictures_fetch_finish (result, &error);
  g_assert_no_error (error);
  return count;
}

static void
test_fetch (void) {
  g_autofree char *dir = pb_test_make_dir ();
  g_autofree char *folder = g_build_filename (dir, "pictures", NULL);
  Server server = { .heard = g_string_new (NULL) };
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  static const char *const paths[] = { "good", "page", "huge", "good?2" };

  server.service = G_THREADED_SOCKET_SERVICE (g_threaded_socket_service_new (10));
  server.port =
    g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (server.service), NULL, NULL);
  g_signal_connect (server.service, "run", G_CALLBACK (run_cb), &server);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_ptr_array_add (addresses, g_strdup_printf ("http://127.0.0.1:%u/%s", server.port, paths[i]));
  g_ptr_array_add (addresses, g_strdup ("no address"));
  g_ptr_array_add (addresses, g_strdup ("http://127.0.0.1:1/nobody"));
  g_assert_cmpint (fetch (addresses, folder), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *path = pb_document_picture_path (folder, addresses->pdata[i]);
    g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS) == (i == 0 || i == 3));
  }
  g_assert_cmpint (fetch (addresses, folder), ==, 2);
  g_mutex_lock (&server.lock);
  g_assert_nonnull (strstr (server.heard->str, "GET /good"));
  g_assert_null (strstr (server.heard->str, "Cookie"));
  g_assert_null (strstr (server.heard->str, "Referer"));
  g_assert_null (strstr (server.heard->str, "Accept-Language"));
  g_assert_null (strstr (server.heard->str, "Postbag"));
  g_mutex_unlock (&server.lock);

  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_assert_cmpint (fetch (none, folder), ==, 0);
  g_socket_service_stop (G_SOCKET_SERVICE (server.service));
  g_socket_listener_close (G_SOCKET_LISTENER (server.service));
  g_object_unref (server.service);
  g_string_free (server.heard, TRUE);
  pb_test_remove_dir (dir);
  dir = NULL;
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reading-rules/rules", test_rules);
  g_test_add_func ("/reading-rules/fetchable", test_fetchable);
  g_test_add_func ("/reading-rules/fetch", test_fetch);
  return g_test_run ();
}
