/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Decodes what is shown and makes attachments of the rest; also of what hides: files in the middle
 * of plain text, and what is in a winmail.dat. */

#include "pb-message-content.h"

#include <string.h>

#include "pb-attachment-private.h"
#include "pb-body.h"
#include "pb-header-text.h"
#include "pb-text-decoder.h"
#include "pb-tnef.h"
#include "pb-uuencode.h"

#define SHOWN_LIMIT (4 * 1024 * 1024)
#define TNEF_LIMIT (64 * 1024 * 1024)

static void
shown_part_free (gpointer data) {
  g_free (((PbShownPart *) data)->text);
  g_free (((PbShownPart *) data)->location);
  g_free (data);
}

static void
shown_block_free (gpointer data) {
  PbShownBlock *block = data;

  g_ptr_array_unref (block->plain);
  g_ptr_array_unref (block->rich);
  g_free (block);
}

/* What is needed of a message only while it is read. */
typedef struct {
  PbMessageContent *content;
  GBytes *bytes;
  const char *data;
  PbBody *body;
  GHashTable *decoded; /* PbPart → PbShownPart */
  GPtrArray *found;    /* attachments that are no parts */
  gsize room;          /* octets that may still be decoded for showing */
} Reader;

static gboolean
parameter_is (const PbPart *part, const char *name, const char *wanted) {
  g_autofree char *value = pb_part_dup_parameter (part, name);

  return value && g_ascii_strcasecmp (value, wanted) == 0;
}

/* A file in the middle of the text becomes an attachment. */
static void
add_uuencoded (Reader *reader, const PbPart *part, const PbUuencodedFile *file) {
  g_autofree char *name = pb_header_text_decode (file->name, strlen (file->name));
  g_autofree char *guess = g_content_type_guess (name, NULL, 0, NULL);
  g_autofree char *type = g_content_type_get_mime_type (guess);
  PbAttachmentSource source = {
    .bytes = reader->bytes,
    .start = part->start + file->start,
    .length = file->end - file->start,
    .encoding = PB_ENCODING_UUENCODE,
    .name = name,
    .type = type ? type : "application/octet-stream",
  };

  g_ptr_array_add (reader->found, pb_attachment_new_from_source (&source));
}

static char *
decode_text (Reader *reader, PbPart *part, gboolean *cut) {
  const char *text = reader->data + part->start;
  gsize length = part->end - part->start;
  g_autoptr (GArray) files = part->encoding == PB_ENCODING_NONE && !pb_body_is_html (part)
                               ? pb_uuencode_find (text, length)
                               : NULL;

  if (!files)
    return pb_body_dup_text (part, reader->data, reader->room, cut);
  g_autoptr (GString) rest = g_string_new (NULL);
  gsize copied = 0;
  for (guint i = 0; i < files->len; i++) {
    const PbUuencodedFile *file = &g_array_index (files, PbUuencodedFile, i);
    g_string_append_len (rest, text + copied, (gssize) (file->start - copied));
    add_uuencoded (reader, part, file);
    copied = file->end;
  }
  g_string_append_len (rest, text + copied, (gssize) (length - copied));
  PbPart plain = *part;
  plain.start = 0;
  plain.end = rest->len;
  return pb_body_dup_text (&plain, rest->str, reader->room, cut);
}

static PbShownPart *
decode_part (Reader *reader, PbPart *part) {
  PbShownPart *shown = g_hash_table_lookup (reader->decoded, part);
  gboolean cut;

  if (shown)
    return shown;
  shown = g_new0 (PbShownPart, 1);
  shown->is_html = pb_body_is_html (part);
  shown->text = decode_text (reader, part, &cut);
  shown->location = shown->is_html ? pb_part_dup_location (part) : NULL;
  shown->flowed = parameter_is (part, "format", "flowed");
  shown->delsp = parameter_is (part, "delsp", "yes");
  reader->room -= MIN (reader->room, strlen (shown->text));
  reader->content->cut |= cut;
  g_hash_table_insert (reader->decoded, part, shown);
  g_ptr_array_add (reader->content->shown, shown);
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
join_texts (PbMessageContent *self) {
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
  g_free (self->text);
  g_free (self->html);
  self->text = text ? g_string_free (text, FALSE) : NULL;
  self->html = html ? g_string_free (html, FALSE) : NULL;
}

static void
read_body (Reader *reader) {
  PbMessageContent *self = reader->content;

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
is_shown_in_place (const PbMessageContent *self, const PbPart *part) {
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
  PbMessageContent *self = reader->content;
  GArray *chosen = reader->body->attachments;

  self->attachments = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < chosen->len; i++) {
    const PbBodyAttachment *attachment = &g_array_index (chosen, PbBodyAttachment, i);
    gboolean is_inline = attachment->is_related || is_shown_in_place (self, attachment->part);

    g_ptr_array_add (self->attachments,
                     pb_attachment_new (reader->bytes, attachment->part, is_inline));
  }
}

/* ---- winmail.dat ---- */

static gboolean
is_tnef (PbAttachment *attachment) {
  const char *type = pb_attachment_get_content_type (attachment);

  return strcmp (type, "application/ms-tnef") == 0 ||
         strcmp (type, "application/vnd.ms-tnef") == 0 ||
         g_ascii_strcasecmp (pb_attachment_get_name (attachment), "winmail.dat") == 0;
}

static void
add_tnef_file (Reader *reader, GBytes *bytes, const PbTnefFile *file) {
  g_autofree char *name =
    file->name ? pb_header_text_decode (file->name, strlen (file->name)) : g_strdup ("");
  g_autofree char *guess = g_content_type_guess (*name ? name : NULL, NULL, 0, NULL);
  g_autofree char *mime = g_content_type_get_mime_type (guess);
  g_autofree char *declared = file->type ? g_ascii_strdown (file->type, -1) : NULL;
  gboolean usable = declared && strchr (declared, '/') && g_str_is_ascii (declared);
  PbAttachmentSource source = {
    .bytes = bytes,
    .start = file->start,
    .length = file->length,
    .encoding = PB_ENCODING_NONE,
    .name = name,
    .type = usable ? declared
            : mime ? mime
                   : "application/octet-stream",
  };

  if (file->length > 0)
    g_ptr_array_add (reader->found, pb_attachment_new_from_source (&source));
}

/* The text of the envelope, where the message has none outside of it. */
static void
add_tnef_text (Reader *reader, PbTnef *tnef) {
  PbMessageContent *self = reader->content;
  gboolean has_text =
    self->html || (self->text && strspn (self->text, " \r\n\t") < strlen (self->text));
  PbShownBlock *block;

  if (has_text || (!tnef->text && !tnef->html))
    return;
  block = g_new0 (PbShownBlock, 1);
  block->plain = g_ptr_array_new ();
  block->rich = g_ptr_array_new ();
  for (guint i = 0; i < 2; i++) {
    char **text = i ? &tnef->html : &tnef->text;
    PbShownPart *part;

    if (!*text)
      continue;
    part = g_new0 (PbShownPart, 1);
    part->text = g_steal_pointer (text);
    part->is_html = i == 1;
    g_ptr_array_add (self->shown, part);
    g_ptr_array_add (i ? block->rich : block->plain, part);
  }
  g_ptr_array_add (self->blocks, block);
  join_texts (self);
}

static void
open_tnef (Reader *reader) {
  for (guint i = 0; i < reader->content->attachments->len; i++) {
    PbAttachment *attachment = reader->content->attachments->pdata[i];

    if (!is_tnef (attachment) || pb_attachment_get_size (attachment) > TNEF_LIMIT)
      continue;
    g_autoptr (GBytes) bytes = pb_attachment_dup_bytes (attachment);
    gsize length;
    const guint8 *data = g_bytes_get_data (bytes, &length);
    g_autoptr (PbTnef) tnef = pb_tnef_parse (data, length);
    if (!tnef)
      continue;
    pb_attachment_set_opened (attachment);
    add_tnef_text (reader, tnef);
    for (guint k = 0; k < tnef->files->len; k++)
      add_tnef_file (reader, bytes, tnef->files->pdata[k]);
  }
}

PbMessageContent *
pb_message_content_read (GBytes *bytes, PbPart *root) {
  PbMessageContent *self = g_new0 (PbMessageContent, 1);
  g_autoptr (PbBody) body = pb_body_choose (root);
  g_autoptr (GHashTable) decoded = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  Reader reader = {
    self, bytes, g_bytes_get_data (bytes, NULL), body, decoded, found, SHOWN_LIMIT,
  };

  read_body (&reader);
  read_attachments (&reader);
  open_tnef (&reader);
  g_ptr_array_extend (self->attachments, found, NULL, NULL);
  return self;
}

void
pb_message_content_free (PbMessageContent *self) {
  if (!self)
    return;
  g_free (self->text);
  g_free (self->html);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_free (self);
}
