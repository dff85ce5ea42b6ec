/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message, read completely when it is made: afterwards nothing changes, and every thread may
 * look. The attachments' content stays encoded in the bytes of the message. */

#include "config.h"

#include "pb-message-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-attachment-private.h"
#include "pb-body.h"
#include "pb-date.h"
#include "pb-error.h"
#include "pb-header-fields.h"
#include "pb-message-ids.h"
#include "pb-text-decoder.h"

#define SHOWN_LIMIT (4 * 1024 * 1024)
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
  char *text;
  char *html;
  gboolean has_html;
  GPtrArray *shown;  /* of PbShownPart */
  GPtrArray *blocks; /* of PbShownBlock */
  GPtrArray *attachments;
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
  g_free (self->text);
  g_free (self->html);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_strfreev (self->problems);
  G_OBJECT_CLASS (pb_message_parent_class)->finalize (object);
}

static void
pb_message_class_init (PbMessageClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_message_finalize;
}

static void
pb_message_init (PbMessage *self) {}

static void
shown_part_free (gpointer data) {
  g_free (((PbShownPart *) data)->text);
  g_free (data);
}

static void
shown_block_free (gpointer data) {
  PbShownBlock *block = data;

  g_ptr_array_unref (block->plain);
  g_ptr_array_unref (block->rich);
  g_free (block);
}

/* Making. What is needed of a message only while it is read. */
typedef struct {
  PbMessage *self;
  const char *data;
  PbPart *root;
  PbBody *body;
  GHashTable *decoded; /* PbPart → PbShownPart */
  gsize room;          /* octets that may still be decoded for showing */
  gboolean cut;
} Reader;

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

static gboolean
parameter_is (const PbPart *part, const char *name, const char *wanted) {
  g_autofree char *value = pb_part_dup_parameter (part, name);

  return value && g_ascii_strcasecmp (value, wanted) == 0;
}

static PbShownPart *
decode_part (Reader *reader, PbPart *part) {
  PbShownPart *shown = g_hash_table_lookup (reader->decoded, part);
  gboolean cut;

  if (shown)
    return shown;
  shown = g_new0 (PbShownPart, 1);
  shown->is_html = pb_body_is_html (part);
  shown->text = pb_body_dup_text (part, reader->data, reader->room, &cut);
  shown->flowed = parameter_is (part, "format", "flowed");
  shown->delsp = parameter_is (part, "delsp", "yes");
  reader->room -= MIN (reader->room, strlen (shown->text));
  reader->cut |= cut;
  g_hash_table_insert (reader->decoded, part, shown);
  g_ptr_array_add (reader->self->shown, shown);
  return shown;
}

static GPtrArray *
decode_parts (Reader *reader, GPtrArray *parts) {
  GPtrArray *shown = g_ptr_array_new ();

  for (guint i = 0; i < parts->len; i++)
    g_ptr_array_add (shown, decode_part (reader, g_ptr_array_index (parts, i)));
  return shown;
}

static void
append_joined (GString **to, const char *text) {
  if (!*to)
    *to = g_string_new (NULL);
  else if ((*to)->len > 0 && (*to)->str[(*to)->len - 1] != '\n')
    g_string_append_c (*to, '\n');
  g_string_append (*to, text);
}

static void
join_texts (PbMessage *self) {
  GString *text = NULL, *html = NULL;

  for (guint i = 0; i < self->blocks->len; i++) {
    PbShownBlock *block = g_ptr_array_index (self->blocks, i);

    for (guint k = 0; k < block->plain->len; k++)
      append_joined (&text, ((PbShownPart *) g_ptr_array_index (block->plain, k))->text);
    for (guint k = 0; k < block->rich->len; k++) {
      const PbShownPart *part = g_ptr_array_index (block->rich, k);
      if (part->is_html)
        append_joined (&html, part->text);
    }
  }
  self->text = text ? g_string_free (text, FALSE) : NULL;
  self->html = html ? g_string_free (html, FALSE) : NULL;
  self->has_html = self->html != NULL;
}

static void
read_body (Reader *reader) {
  PbMessage *self = reader->self;

  self->shown = g_ptr_array_new_with_free_func (shown_part_free);
  self->blocks = g_ptr_array_new_with_free_func (shown_block_free);
  for (guint i = 0; i < reader->body->blocks->len; i++) {
    const PbBodyBlock *block = g_ptr_array_index (reader->body->blocks, i);
    PbShownBlock *shown = g_new0 (PbShownBlock, 1);

    shown->plain = decode_parts (reader, block->plain);
    shown->rich = decode_parts (reader, block->rich);
    g_ptr_array_add (self->blocks, shown);
  }
  join_texts (self);
}

/* A picture that the HTML names, or that asks to be shown where it stands. */
static gboolean
is_shown_in_place (const PbMessage *self, const PbPart *part) {
  g_autofree char *id = pb_part_dup_content_id (part);

  if (!pb_part_is (part, "image/"))
    return FALSE;
  if (part->disposition == PB_DISPOSITION_INLINE)
    return TRUE;
  g_autofree char *reference = id ? g_strconcat ("cid:", id, NULL) : NULL;
  return reference && self->html && strstr (self->html, reference);
}

static void
read_attachments (Reader *reader) {
  PbMessage *self = reader->self;
  GArray *chosen = reader->body->attachments;

  self->attachments = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < chosen->len; i++) {
    const PbBodyAttachment *attachment = &g_array_index (chosen, PbBodyAttachment, i);
    gboolean is_inline = attachment->is_related || is_shown_in_place (self, attachment->part);

    g_ptr_array_add (self->attachments,
                     pb_attachment_new (self->bytes, attachment->part, is_inline));
  }
}

static void
read_problems (Reader *reader, PbPartProblems problems) {
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
  if (reader->cut)
    g_strv_builder_add (builder,
                        _ ("The text of this message is very long; only its beginning is shown."));
  reader->self->problems = g_strv_builder_end (builder);
}

PbMessage *
pb_message_new (GBytes *bytes, GError **error) {
  g_return_val_if_fail (bytes != NULL, NULL);

  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  PbPartProblems problems;
  g_autoptr (PbPart) root = pb_part_parse (data, length, &problems);

  GMimeHeaderList *fields = pb_part_get_fields (root);

  if (!fields || g_mime_header_list_get_count (fields) == 0) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not a mail message: it has no header line");
    return NULL;
  }
  g_autoptr (PbBody) body = pb_body_choose (root);
  g_autoptr (GHashTable) decoded = g_hash_table_new (NULL, NULL);
  PbMessage *self = g_object_new (PB_TYPE_MESSAGE, NULL);
  Reader reader = { self, data, root, body, decoded, SHOWN_LIMIT, FALSE };

  self->bytes = g_bytes_ref (bytes);
  read_header (self, root, data);
  read_body (&reader);
  read_attachments (&reader);
  read_problems (&reader, problems);
  return self;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  PbMessage *self = pb_message_new (data, &error);

  if (self)
    g_task_return_pointer (task, self, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
pb_message_load_async (GBytes *bytes,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data) {
  g_return_if_fail (bytes != NULL);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_message_load_async);
  g_task_set_task_data (task, g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
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

  return self->text;
}

gboolean
pb_message_has_html (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), FALSE);

  return self->has_html;
}

const char *
pb_message_get_html (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->html;
}

GPtrArray *
pb_message_get_blocks (PbMessage *self) {
  return self->blocks;
}

GPtrArray *
pb_message_get_attachments (PbMessage *self) {
  g_return_val_if_fail (PB_IS_MESSAGE (self), NULL);

  return self->attachments;
}

char *
pb_message_dup_inline_id (PbMessage *self, guint index) {
  PbAttachment *attachment = g_ptr_array_index (self->attachments, index);
  const char *id = pb_attachment_get_content_id (attachment);

  return id ? g_strdup (id) : g_strdup_printf (MADE_UP_ID "%u", index);
}

static PbAttachment *
find_by_id (PbMessage *self, const char *id) {
  guint64 index;

  for (guint i = 0; i < self->attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (self->attachments, i);
    if (g_strcmp0 (pb_attachment_get_content_id (attachment), id) == 0)
      return attachment;
  }
  if (g_str_has_prefix (id, MADE_UP_ID) && self->attachments->len > 0 &&
      g_ascii_string_to_unsigned (id + strlen (MADE_UP_ID), 10, 0, self->attachments->len - 1,
                                  &index, NULL))
    return g_ptr_array_index (self->attachments, index);
  return NULL;
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
