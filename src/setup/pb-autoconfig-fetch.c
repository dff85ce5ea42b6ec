/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Getting a configuration file of a domain: one web request at a time, as little as possible in
 * it, and no step out of HTTPS. */

#include "pb-autoconfig.h"

#include <libsoup/soup.h>

#include "pb-error.h"

#define SECONDS_MAX 5
#define SIZE_MAX_BYTES (256 * 1024)
#define REDIRECTIONS_MAX 3

typedef struct {
  SoupSession *session;
  SoupMessage *message;
  char *ca_file;
  GCancellable *cancellable; /* of this call */
  GCancellable *outer;       /* the caller's, or NULL */
  gulong outer_handler;
  GSource *clock;
  gboolean timed_out;
  guint redirections;
  char *buffer;
} Fetch;

static void
fetch_free (gpointer data) {
  Fetch *fetch = data;

  if (fetch->outer)
    g_cancellable_disconnect (fetch->outer, fetch->outer_handler);
  g_clear_object (&fetch->outer);
  g_source_destroy (fetch->clock);
  g_source_unref (fetch->clock);
  soup_session_abort (fetch->session);
  g_object_unref (fetch->session);
  g_clear_object (&fetch->message);
  g_object_unref (fetch->cancellable);
  g_free (fetch->ca_file);
  g_free (fetch->buffer);
  g_free (fetch);
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer inner) {
  g_cancellable_cancel (inner);
}

static gboolean
time_is_up_cb (gpointer data) {
  Fetch *fetch = data;

  fetch->timed_out = TRUE;
  g_cancellable_cancel (fetch->cancellable);
  return G_SOURCE_REMOVE;
}

static void
fail (GTask *task, const GError *cause) {
  Fetch *fetch = g_task_get_task_data (task);
  int code = PB_ERROR_CONNECT;

  if (fetch->timed_out)
    code = PB_ERROR_TIMEOUT;
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_error_copy (cause));
    return;
  } else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    code = PB_ERROR_CERTIFICATE;
  g_task_return_new_error (task, PB_ERROR, code, "%s", cause->message);
}

static void
body_read (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    fail (task, error);
  else if (length > SIZE_MAX_BYTES)
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_TOO_LARGE, "more than %u bytes",
                             SIZE_MAX_BYTES);
  else
    g_task_return_pointer (task, g_bytes_new (fetch->buffer, length),
                           (GDestroyNotify) g_bytes_unref);
}

static gboolean send_request (GTask *task, const char *url, GError **error);

/* NULL where it leads out of HTTPS, or nowhere. */
static char *
find_next_url (SoupMessage *message) {
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  g_autoptr (GUri) next = location ? g_uri_parse_relative (soup_message_get_uri (message), location,
                                                           SOUP_HTTP_URI_FLAGS, NULL)
                                   : NULL;

  return next && g_strcmp0 (g_uri_get_scheme (next), "https") == 0 ? g_uri_to_string (next) : NULL;
}

static void
redirect (GTask *task) {
  Fetch *fetch = g_task_get_task_data (task);
  g_autofree char *next = find_next_url (fetch->message);
  g_autoptr (GError) error = NULL;

  if (!next || ++fetch->redirections > REDIRECTIONS_MAX)
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_INSECURE, "it leads elsewhere, not safely");
  else if (!send_request (task, next, &error))
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) body = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  guint status = soup_message_get_status (fetch->message);

  if (!body)
    fail (task, error);
  else if (SOUP_STATUS_IS_REDIRECTION (status))
    redirect (task);
  else if (status != SOUP_STATUS_OK)
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_NOT_FOUND, "HTTP status %u", status);
  else {
    fetch->buffer = g_malloc (SIZE_MAX_BYTES + 1);
    g_input_stream_read_all_async (body, fetch->buffer, SIZE_MAX_BYTES + 1, G_PRIORITY_DEFAULT,
                                   fetch->cancellable, body_read, g_object_ref (task));
  }
}

/* TRUE: it was sent, and the task will be finished. */
static gboolean
send_request (GTask *task, const char *url, GError **error) {
  Fetch *fetch = g_task_get_task_data (task);

  g_clear_object (&fetch->message);
  if (g_str_has_prefix (url, "https://"))
    fetch->message = soup_message_new (SOUP_METHOD_GET, url);
  if (!fetch->message) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not a web address: %s", url);
    return FALSE;
  }
  soup_message_add_flags (fetch->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_async (fetch->session, fetch->message, G_PRIORITY_DEFAULT, fetch->cancellable,
                           answered, g_object_ref (task));
  return TRUE;
}

static SoupSession *
make_session (const char *ca_file) {
  SoupSession *session =
    soup_session_new_with_options ("timeout", SECONDS_MAX, "user-agent", "Postbag", NULL);
  g_autoptr (GTlsDatabase) database = ca_file ? g_tls_file_database_new (ca_file, NULL) : NULL;

  if (database)
    soup_session_set_tls_database (session, database);
  return session;
}

void
pb_autoconfig_fetch_async (const char *url,
                           const char *ca_file,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data) {
  g_return_if_fail (url != NULL);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Fetch *fetch = g_new0 (Fetch, 1);

  g_task_set_source_tag (task, pb_autoconfig_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);
  fetch->session = make_session (ca_file);
  fetch->cancellable = g_cancellable_new ();
  if (cancellable) {
    fetch->outer = g_object_ref (cancellable);
    fetch->outer_handler =
      g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                             g_object_ref (fetch->cancellable), g_object_unref);
  }
  fetch->clock = g_timeout_source_new_seconds (SECONDS_MAX);
  g_source_set_callback (fetch->clock, time_is_up_cb, fetch, NULL);
  g_source_attach (fetch->clock, g_main_context_get_thread_default ());
  if (!send_request (task, url, &error))
    g_task_return_error (task, g_steal_pointer (&error));
}

GBytes *
pb_autoconfig_fetch_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
