/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One libsoup session without a cookie jar, made for the one request of a person and thrown away
 * with it. All pictures are asked for at once: that they were seen one after the other would tell
 * how somebody scrolls. */

#include "pb-remote-pictures.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define TIMEOUT_SECONDS 20
#define SLICE (64 * 1024)
#define PICTURES_LIMIT 200

typedef struct {
  SoupSession *session;
  char *folder;
  guint pending;
  guint fetched;
} Fetch;

typedef struct {
  GTask *task;
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *bytes;
  char *path;
} Picture;

static void
fetch_free (gpointer data) {
  Fetch *fetch = data;

  g_object_unref (fetch->session);
  g_free (fetch->folder);
  g_free (fetch);
}

static void
done (GTask *task) {
  Fetch *fetch = g_task_get_task_data (task);

  if (--fetch->pending == 0 && !g_task_return_error_if_cancelled (task))
    g_task_return_int (task, fetch->fetched);
}

static void
picture_free (Picture *picture) {
  done (picture->task);
  g_object_unref (picture->task);
  g_clear_object (&picture->message);
  g_clear_object (&picture->stream);
  g_byte_array_unref (picture->bytes);
  g_free (picture->path);
  g_free (picture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_free)

static void
written (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Picture) picture = data;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, NULL))
    ((Fetch *) g_task_get_task_data (picture->task))->fetched++;
}

static void
write_picture (Picture *picture) {
  const Fetch *fetch = g_task_get_task_data (picture->task);
  g_autoptr (GFile) file = g_file_new_for_path (picture->path);
  g_autoptr (GBytes) bytes = g_bytes_new (picture->bytes->data, picture->bytes->len);

  g_mkdir_with_parents (fetch->folder, 0700);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE,
                                       g_task_get_cancellable (picture->task), written, picture);
}

static void read_on (Picture *picture);

static void
slice_read (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Picture) picture = data;
  g_autoptr (GBytes) slice =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  gsize length = slice ? g_bytes_get_size (slice) : 0;

  if (!slice || picture->bytes->len + length > PB_REMOTE_PICTURE_LIMIT)
    return;
  if (length > 0) {
    g_byte_array_append (picture->bytes, g_bytes_get_data (slice, NULL), (guint) length);
    read_on (g_steal_pointer (&picture));
  } else if (pb_document_picture_type (picture->bytes->data, picture->bytes->len)) {
    write_picture (g_steal_pointer (&picture));
  }
}

static void
read_on (Picture *picture) {
  g_input_stream_read_bytes_async (picture->stream, SLICE, G_PRIORITY_LOW,
                                   g_task_get_cancellable (picture->task), slice_read, picture);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Picture) picture = data;

  picture->stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);
  if (picture->stream && soup_message_get_status (picture->message) == SOUP_STATUS_OK)
    read_on (g_steal_pointer (&picture));
}

static void
fetch_one (GTask *task, const char *address) {
  Fetch *fetch = g_task_get_task_data (task);
  SoupMessage *message = soup_message_new (SOUP_METHOD_GET, address);
  Picture *picture;

  if (!message)
    return;
  fetch->pending++;
  soup_message_set_flags (message, SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  picture = g_new0 (Picture, 1);
  picture->task = g_object_ref (task);
  picture->message = message;
  picture->bytes = g_byte_array_new ();
  picture->path = pb_document_picture_path (fetch->folder, address);
  soup_session_send_async (fetch->session, message, G_PRIORITY_LOW, g_task_get_cancellable (task),
                           answered, picture);
}

gboolean
pb_remote_pictures_is_fetchable (const char *address) {
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;

  if (!host || (g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 &&
                g_strcmp0 (g_uri_get_scheme (uri), "http") != 0))
    return FALSE;
  g_autoptr (GInetAddress) number = g_inet_address_new_from_string (host);
  if (number)
    return !g_inet_address_get_is_loopback (number) && !g_inet_address_get_is_any (number) &&
           !g_inet_address_get_is_link_local (number) && !g_inet_address_get_is_site_local (number);
  return strchr (host, '.') && !g_str_has_suffix (host, ".local") &&
         !g_str_has_suffix (host, ".localhost") && !g_str_has_suffix (host, ".internal");
}

void
pb_remote_pictures_fetch_async (GPtrArray *addresses,
                                const char *folder,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data) {
  g_return_if_fail (addresses != NULL);
  g_return_if_fail (folder != NULL);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->session =
    soup_session_new_with_options ("timeout", TIMEOUT_SECONDS, "user-agent", "Mozilla/5.0",
                                   "accept-language-auto", FALSE, "max-conns-per-host", 6, NULL);
  fetch->folder = g_strdup (folder);
  fetch->pending = 1;
  g_task_set_source_tag (task, pb_remote_pictures_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);
  for (guint i = 0; i < MIN (addresses->len, PICTURES_LIMIT); i++)
    fetch_one (task, addresses->pdata[i]);
  done (task);
}

gssize
pb_remote_pictures_fetch_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_remote_pictures_fetch_async), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
