/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A range of the message's bytes with what its header fields say. The content is decoded anew each
 * time it is asked for: nothing is shared that could change. */

#include "pb-attachment-private.h"

#include "pb-error.h"
#include "pb-file-name.h"
#include "pb-transfer.h"

struct _PbAttachment {
  GObject parent_instance;

  GBytes *bytes;
  gsize start;
  gsize length;
  PbEncoding encoding;
  char *name;
  char *safe_name;
  char *content_type;
  char *content_id;
  char *location;
  guint64 size;
  gboolean is_inline;
  gboolean is_opened;
};

G_DEFINE_FINAL_TYPE (PbAttachment, pb_attachment, G_TYPE_OBJECT)

static void
pb_attachment_finalize (GObject *object) {
  PbAttachment *self = PB_ATTACHMENT (object);

  g_bytes_unref (self->bytes);
  g_free (self->name);
  g_free (self->safe_name);
  g_free (self->content_type);
  g_free (self->content_id);
  g_free (self->location);
  G_OBJECT_CLASS (pb_attachment_parent_class)->finalize (object);
}

static void
pb_attachment_class_init (PbAttachmentClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_attachment_finalize;
}

static void
pb_attachment_init (PbAttachment *self) {}

static const char *
get_encoded (PbAttachment *self) {
  const char *data = g_bytes_get_data (self->bytes, NULL);

  return data + self->start;
}

PbAttachment *
pb_attachment_new_from_source (const PbAttachmentSource *source) {
  PbAttachment *self = g_object_new (PB_TYPE_ATTACHMENT, NULL);

  self->bytes = g_bytes_ref (source->bytes);
  self->start = source->start;
  self->length = source->length;
  self->encoding = source->encoding;
  self->name = g_strdup (source->name ? source->name : "");
  self->safe_name = pb_file_name_make_safe (self->name, source->type);
  self->content_type = g_strdup (source->type);
  self->size = pb_transfer_count (self->encoding, get_encoded (self), self->length);
  return self;
}

PbAttachment *
pb_attachment_new (GBytes *bytes, const PbPart *part, gboolean is_inline) {
  g_autofree char *name = pb_part_dup_name (part);
  PbAttachmentSource source = {
    bytes, part->start, part->end - part->start, part->encoding, name, part->type,
  };
  PbAttachment *self = pb_attachment_new_from_source (&source);

  self->content_id = pb_part_dup_content_id (part);
  self->location = pb_part_dup_location (part);
  self->is_inline = is_inline;
  return self;
}

void
pb_attachment_set_opened (PbAttachment *self) {
  self->is_opened = TRUE;
}

gboolean
pb_attachment_is_opened (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), FALSE);

  return self->is_opened;
}

const char *
pb_attachment_get_location (PbAttachment *self) {
  return self->location;
}

const char *
pb_attachment_get_name (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), "");

  return self->name;
}

const char *
pb_attachment_get_safe_name (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), NULL);

  return self->safe_name;
}

const char *
pb_attachment_get_content_type (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), NULL);

  return self->content_type;
}

guint64
pb_attachment_get_size (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), 0);

  return self->size;
}

gboolean
pb_attachment_is_inline (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), FALSE);

  return self->is_inline;
}

const char *
pb_attachment_get_content_id (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), NULL);

  return self->content_id;
}

GBytes *
pb_attachment_dup_bytes (PbAttachment *self) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), NULL);

  if (self->encoding == PB_ENCODING_NONE)
    return g_bytes_new_from_bytes (self->bytes, self->start, self->length);
  GString *content =
    pb_transfer_decode_all (self->encoding, get_encoded (self), self->length, G_MAXSSIZE, NULL);
  return g_string_free_to_bytes (content);
}

GBytes *
pb_attachment_dup_start (PbAttachment *self, gsize limit) {
  return g_string_free_to_bytes (
    pb_transfer_decode_all (self->encoding, get_encoded (self), self->length, limit, NULL));
}

static gboolean
write_slice (const guint8 *bytes, gsize length, gpointer data, GError **error) {
  return g_output_stream_write_all (data, bytes, length, NULL, NULL, error);
}

gboolean
pb_attachment_write (PbAttachment *self,
                     GOutputStream *stream,
                     GCancellable *cancellable,
                     GError **error) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);

  return pb_transfer_decode (self->encoding, get_encoded (self), self->length, write_slice, stream,
                             cancellable, error);
}

/* What can be done about a failure, as the rest of the program wants to know it. */
static GError *
to_storage_error (GError *error) {
  PbError code = PB_ERROR_STORAGE;

  if (error->domain != G_IO_ERROR || error->code == G_IO_ERROR_CANCELLED)
    return error;
  if (error->code == G_IO_ERROR_NO_SPACE)
    code = PB_ERROR_STORAGE_FULL;
  else if (error->code == G_IO_ERROR_PERMISSION_DENIED || error->code == G_IO_ERROR_READ_ONLY)
    code = PB_ERROR_STORAGE_READ_ONLY;
  GError *ours = g_error_new (PB_ERROR, code, "saving an attachment: %s", error->message);
  g_error_free (error);
  return ours;
}

/* Closing with a cancelled cancellable throws the temporary file away instead of renaming it. */
static void
throw_away (GOutputStream *stream, GFile *file, gboolean existed) {
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);
  g_output_stream_close (stream, cancelled, NULL);
  if (!existed)
    g_file_delete (file, NULL, NULL);
}

static gboolean
save (PbAttachment *self, GFile *file, GCancellable *cancellable, GError **error) {
  gboolean existed = g_file_query_exists (file, cancellable);
  g_autoptr (GFileOutputStream) stream =
    g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, cancellable, error);

  if (!stream)
    return FALSE;
  if (pb_attachment_write (self, G_OUTPUT_STREAM (stream), cancellable, error) &&
      g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error))
    return TRUE;
  throw_away (G_OUTPUT_STREAM (stream), file, existed);
  return FALSE;
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;

  if (save (source, data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, to_storage_error (error));
}

void
pb_attachment_save_async (PbAttachment *self,
                          GFile *file,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data) {
  g_return_if_fail (PB_IS_ATTACHMENT (self));
  g_return_if_fail (G_IS_FILE (file));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_attachment_save_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
pb_attachment_save_finish (PbAttachment *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
