/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message, read completely when it is made: afterwards nothing changes, and every thread may
 * look. The attachments' content stays encoded in the bytes of the message. */

#include "config.h"

#include "pb-message-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-attachment-private.h"
#include "pb-date.h"
#include "pb-error.h"
#include "pb-header-fields.h"
#include "pb-implied-charset.h"
#include "pb-message-content.h"
#include "pb-message-ids.h"
#include "pb-text-decoder.h"

/* Messages within messages that are shown in place. */
#define NESTED_DEPTH_LIMIT 3
#define NESTED_COUNT_LIMIT 20
#define NESTED_SIZE_LIMIT (32 * 1024 * 1024)

#define MADE_UP_ID "postbag-part-"

struct _PbMessage {
  GObject parent_instance;

  GBytes *bytes;
  gsize header_start;
  gsize header_end;
  char *subject;
  char *message_id;
  gint64 date;
  GPtrArray *from;
  GPtrArray *to;
  GPtrArray *cc;
  GPtrArray *reply_to;
  PbMessageContent *content;
  GPtrArray *nested; /* of PbMessage or NULL, beside the attachments */
  GStrv problems;
};

G_DEFINE_FINAL_TYPE (PbMessage, pb_message, G_TYPE_OBJECT)

static void
pb_message_finalize (GObject *object) {
  PbMessage *self = PB_MESSAGE (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->subject);
  g_free (self->message_id);
  g_clear_pointer (&self->from, g_ptr_array_unref);
  g_clear_pointer (&self->to, g_ptr_array_unref);
  g_clear_pointer (&self->cc, g_ptr_array_unref);
  g_clear_pointer (&self->reply_to, g_ptr_array_unref);
  g_clear_pointer (&self->content, pb_message_content_free);
  g_clear_pointer (&self->nested, g_ptr_array_unref);
  g_strfreev (self->problems);
  G_OBJECT_CLASS (pb_message_parent_class)->finalize (object);
}

static void
pb_message_class_init (PbMessageClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_message_finalize;
}

static void
pb_message_init (PbMessage *self) {}

static GPtrArray *
read_addresses (GMimeHeaderList *fields, const char *name) {
  g_autoptr (GString) raw = pb_header_fields_join (fields, name, ", ");

  return pb_address_list_parse (raw ? raw->str : "", raw ? raw->len : 0);
}

/* The header goes up to the blank line before the body at @end, if there is one. */
static gsize
before_blank_line (const char *data, gsize begin, gsize end) {
  gsize stop = end;

  if (stop > begin && data[stop - 1] == '\n')
    stop--;
  if (stop > begin && data[stop - 1] == '\r')
    stop--;
  return stop > begin && data[stop - 1] == '\n' ? stop : end;
}

static void
read_header (PbMessage *self, const PbPart *root, const char *data) {
  GMimeHeaderList *fields = pb_part_get_fields (root);
  g_autofree char *id = pb_message_ids_dup_own (fields);
  const char *date = pb_header_fields_find (fields, "Date");

  self->header_start = root->begin;
  self->header_end = before_blank_line (data, root->begin, root->start);
  self->subject = pb_header_fields_dup_text (fields, "Subject");
  self->message_id = *id ? g_steal_pointer (&id) : NULL;
  self->date = pb_date_parse (date, date ? strlen (date) : 0);
  self->from = read_addresses (fields, "From");
  self->to = read_addresses (fields, "To");
  self->cc = read_addresses (fields, "Cc");
  self->reply_to = read_addresses (fields, "Reply-To");
}

static void
read_problems (PbMessage *self, PbPartProblems problems) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (problems & PB_PART_TOO_DEEP)
    g_strv_builder_add (builder,
                        _ ("Parts of this message are nested too deeply and were not opened."));
  if (problems & PB_PART_TOO_MANY)
    g_strv_builder_add (builder,
                        _ ("This message has too many parts; only the first ones are shown."));
  if (problems & PB_PART_HEADER_TOO_LONG)
    g_strv_builder_add (builder,
                        _ ("The header of this message is too long; only its beginning was read."));
  if (self->content->cut)
    g_strv_builder_add (builder,
                        _ ("The text of this message is very long; only its beginning is shown."));
  self->problems = g_strv_builder_end (builder);
}

static PbMessage *new_at_depth (GBytes *bytes, const char *charset, guint depth, GError **error);

static void
unref_nested (gpointer message) {
  if (message)
    g_object_unref (message);
}

static gboolean
is_message (PbAttachment *attachment) {
  static const char *const types[] = { "message/rfc822", "message/rfc2822", "message/global",
                                       "message/news", NULL };

  return g_strv_contains (types, pb_attachment_get_content_type (attachment)) &&
         pb_attachment_get_size (attachment) <= NESTED_SIZE_LIMIT;
}

/* What cannot be read stays an attachment like any other. */
static void
read_nested (PbMessage *self, const char *charset, guint depth) {
  guint count = 0;

  self->nested = g_ptr_array_new_with_free_func (unref_nested);
  for (guint i = 0; i < self->content->attachments->len; i++) {
    PbAttachment *attachment = self->content->attachments->pdata[i];
    PbMessage *message = NULL;

    if (depth < NESTED_DEPTH_LIMIT && count < NESTED_COUNT_LIMIT && is_message (attachment)) {
      g_autoptr (GBytes) bytes = pb_attachment_dup_bytes (attachment);
      message = new_at_depth (bytes, charset, depth + 1, NULL);
      count++;
    }
    g_ptr_array_add (self->nested, message);
  }
}

static PbMessage *
new_at_depth (GBytes *bytes, const char *charset, guint depth, GError **error) {
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  PbPartProblems problems;
  g_autoptr (PbPart) root = pb_part_parse (data, length, &problems);
  GMimeHeaderList *fields = pb_part_get_fields (root);

  if (!fields || g_mime_header_list_get_count (fields) == 0) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not a mail message: it has no header line");
    return NULL;
  }
  PbMessage *self = g_object_new (PB_TYPE_MESSAGE, NULL);
  g_autofree char *implied = pb_implied_charset_find (root);

  self->bytes = g_bytes_ref (bytes);
  pb_text_hints_begin (implied, charset);
  read_header (self, root, data);
  self->content = pb_message_content_read (bytes, root);
  pb_text_hints_end ();
  read_nested (self, charset, depth);
  read_problems (self, problems);
  return self;
}

PbMessage *
pb_message_new (GBytes *bytes, GError **error) {
  return pb_message_new_as (bytes, NULL, error);
}

PbMessage *
pb_message_new_as (GBytes *bytes, const char *charset, GError **error) {
  g_return_val_if_fail (bytes != NULL, NULL);

  return new_at_depth (bytes, charset, 0, error);
}

typedef struct {
  GBytes *bytes;
  char *charset;
} Load;

static void
load_free (gpointer data) {
  g_bytes_unref (((Load *) data)->bytes);
  g_free (((Load *) data)->charset);
  g_free (data);
}

gboolean
pb_message_knows_charset (const char *charset) {
  g_return_val_if_fail (charset != NULL, FALSE);

  return pb_text_knows_charset (charset);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  Load *load = data;
  PbMessage *self = pb_message_new_as (load->bytes, load->charset, &error);

  if (self)
    g_task_return_pointer (task, self, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
pb_message_load_async (GBytes *bytes,
                       const char *charset,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data) {
  g_return_if_fail (bytes != NULL);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);
  load->bytes = g_bytes_ref (bytes);
  load->charset = g_strdup (charset);
  g_task_set_source_tag (task, pb_message_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
}

PbMessage *
pb_message_load_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_message_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *
pb_message_get_subject (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), "");

  return self->subject;
}

const char *
pb_message_get_message_id (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->message_id;
}

gint64
pb_message_get_date (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), G_MININT64);

  return self->date;
}

GPtrArray *
pb_message_get_from (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->from;
}

GPtrArray *
pb_message_get_to (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->to;
}

GPtrArray *
pb_message_get_cc (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->cc;
}

GPtrArray *
pb_message_get_reply_to (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->reply_to;
}

const char *
pb_message_get_text (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->content->text;
}

gboolean
pb_message_has_html (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), FALSE);

  return self->content->html != NULL;
}

const char *
pb_message_get_html (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->content->html;
}

GPtrArray *
pb_message_get_blocks (PbMessage *self) {
  return self->content->blocks;
}

GPtrArray *
pb_message_get_attachments (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->content->attachments;
}

char *
pb_message_dup_inline_id (PbMessage *self, guint index) {
  PbAttachment *attachment = g_ptr_array_index (self->content->attachments, index);
  const char *id = pb_attachment_get_content_id (attachment);

  return id ? g_strdup (id) : g_strdup_printf (MADE_UP_ID "%u", index);
}

char *
pb_message_dup_nested_prefix (guint index) {
  return g_strdup_printf (MADE_UP_ID "%u/", index);
}

PbMessage *
pb_message_get_nested (PbMessage *self, guint index) {
  return g_ptr_array_index (self->nested, index);
}

/* Behind the last "/"; relative names are compared by that where no address resolves. */
static const char *
last_segment (const char *address) {
  const char *slash = strrchr (address, '/');

  return slash ? slash + 1 : address;
}

static gboolean
is_location (const char *location, const char *address, const char *base) {
  g_autofree char *absolute =
    base ? g_uri_resolve_relative (base, address, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *other =
    base ? g_uri_resolve_relative (base, location, G_URI_FLAGS_NONE, NULL) : NULL;

  return strcmp (location, address) == 0 || g_strcmp0 (absolute, location) == 0 ||
         (absolute && g_strcmp0 (absolute, other) == 0) ||
         (!strstr (address, "://") && *last_segment (address) &&
          strcmp (last_segment (address), last_segment (location)) == 0);
}

char *
pb_message_dup_inline_id_of_location (PbMessage *self, const char *address, const char *base) {
  for (guint i = 0; i < self->content->attachments->len; i++) {
    const char *location = pb_attachment_get_location (self->content->attachments->pdata[i]);

    if (location && is_location (location, address, base))
      return pb_message_dup_inline_id (self, i);
  }
  return NULL;
}

static PbAttachment *find_by_id (PbMessage *self, const char *id);

/* "postbag-part-3/id": in the message that the attachment 3 is. */
static PbAttachment *
find_nested_by_id (PbMessage *self, const char *id) {
  const char *slash = g_str_has_prefix (id, MADE_UP_ID) ? strchr (id, '/') : NULL;
  guint64 index;

  if (!slash || self->nested->len == 0)
    return NULL;
  g_autofree char *number =
    g_strndup (id + strlen (MADE_UP_ID), (gsize) (slash - id) - strlen (MADE_UP_ID));
  if (!g_ascii_string_to_unsigned (number, 10, 0, self->nested->len - 1, &index, NULL) ||
      !self->nested->pdata[index])
    return NULL;
  return find_by_id (self->nested->pdata[index], slash + 1);
}

static PbAttachment *
find_by_id (PbMessage *self, const char *id) {
  guint64 index;

  for (guint i = 0; i < self->content->attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (self->content->attachments, i);
    if (g_strcmp0 (pb_attachment_get_content_id (attachment), id) == 0)
      return attachment;
  }
  if (g_str_has_prefix (id, MADE_UP_ID) && self->content->attachments->len > 0 &&
      g_ascii_string_to_unsigned (id + strlen (MADE_UP_ID), 10, 0,
                                  self->content->attachments->len - 1, &index, NULL))
    return g_ptr_array_index (self->content->attachments, index);
  return find_nested_by_id (self, id);
}

PbAttachment *
pb_message_find_inline (PbMessage *self, const char *content_id) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (content_id != NULL, NULL);

  PbAttachment *found = find_by_id (self, content_id);
  if (found)
    return found;
  /* In a URI the id is percent-encoded. */
  g_autofree char *plain = g_uri_unescape_string (content_id, NULL);
  return plain ? find_by_id (self, plain) : NULL;
}

GBytes *
pb_message_get_bytes (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->bytes;
}

char *
pb_message_dup_headers (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  const char *data = g_bytes_get_data (self->bytes, NULL);
  return pb_text_decode (data + self->header_start, self->header_end - self->header_start, NULL);
}

const char *const *
pb_message_get_problems (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return (const char *const *) self->problems;
}
