/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From "cid:part@host" to the decoded octets of that part. */

#include "pb-cid-scheme.h"

typedef struct {
  WebKitURISchemeRequest *request;
  PbAttachment *part; /* or */
  char *path;         /* of a picture that was fetched */
} Answer;

static void
answer_free (Answer *answer) {
  g_object_unref (answer->request);
  g_clear_object (&answer->part);
  g_free (answer->path);
  g_free (answer);
}

static void
decode_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Answer *answer = data;
  char *contents;
  gsize length;

  if (answer->part)
    g_task_return_pointer (task, pb_attachment_dup_bytes (answer->part),
                           (GDestroyNotify) g_bytes_unref);
  else if (g_file_get_contents (answer->path, &contents, &length, NULL))
    g_task_return_pointer (task, g_bytes_new_take (contents, length),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
refuse (WebKitURISchemeRequest *request) {
  g_autoptr (GError) error =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no such picture in this message");

  webkit_uri_scheme_request_finish_error (request, error);
}

static void
decoded (GObject *source, GAsyncResult *result, gpointer data) {
  Answer *answer = g_task_get_task_data (G_TASK (result));
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), NULL);
  const char *type = NULL;

  if (bytes && answer->part)
    type = pb_attachment_get_content_type (answer->part);
  else if (bytes)
    type = pb_document_picture_type (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (!type) {
    refuse (answer->request);
    return;
  }
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  webkit_uri_scheme_request_finish (answer->request, stream, (gint64) g_bytes_get_size (bytes),
                                    type);
}

void
pb_cid_scheme_answer (WebKitURISchemeRequest *request,
                      PbMessage *message,
                      const char *pictures_dir) {
  const char *uri = webkit_uri_scheme_request_get_uri (request);
  const char *colon = uri ? strchr (uri, ':') : NULL;
  g_autofree char *id = colon ? g_uri_unescape_string (colon + 1, NULL) : NULL;
  g_autofree char *path =
    id && pictures_dir ? pb_document_picture_path_of_id (pictures_dir, id) : NULL;
  PbAttachment *part = message && id && !path ? pb_message_find_inline (message, id) : NULL;

  if (!path && (!part || !g_str_has_prefix (pb_attachment_get_content_type (part), "image/"))) {
    refuse (request);
    return;
  }
  g_autoptr (GTask) task = g_task_new (NULL, NULL, decoded, NULL);
  Answer *answer = g_new0 (Answer, 1);
  answer->request = g_object_ref (request);
  answer->part = part ? g_object_ref (part) : NULL;
  answer->path = g_steal_pointer (&path);
  g_task_set_source_tag (task, pb_cid_scheme_answer);
  g_task_set_task_data (task, answer, (GDestroyNotify) answer_free);
  g_task_run_in_thread (task, decode_in_thread);
}
