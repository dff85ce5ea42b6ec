/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The structure is read once; of the content only body text is decoded. */

#include "pb-search-text.h"

#include <string.h>

#include "pb-address.h"
#include "pb-body.h"
#include "pb-header-fields.h"
#include "pb-html-filter.h"

#define PEOPLE_LIMIT (64 * 1024)
#define NAMES_LIMIT (64 * 1024)

/* Plain text shorter than this beside HTML that is longer may only say that there is HTML. */
#define SHORT_TEXT 400

static void
append_people (GString *out, GMimeHeaderList *fields, const char *name) {
  g_autoptr (GString) raw = pb_header_fields_join (fields, name, ", ");

  if (!raw)
    return;
  g_autoptr (GPtrArray) people = pb_address_list_parse (raw->str, raw->len);
  for (guint i = 0; i < people->len && out->len < PEOPLE_LIMIT; i++) {
    const PbAddress *person = g_ptr_array_index (people, i);
    if (out->len > 0)
      g_string_append (out, ", ");
    if (person->name)
      g_string_append_printf (out, "%s ", person->name);
    g_string_append (out, person->address ? person->address : "");
  }
}

static char *
join_people (GMimeHeaderList *fields, const char *const *names) {
  GString *out = g_string_new (NULL);

  for (; *names; names++)
    append_people (out, fields, *names);
  return g_string_free (out, FALSE);
}

static gsize
room_in (const GString *out) {
  return PB_SEARCH_TEXT_LIMIT - MIN (out->len, PB_SEARCH_TEXT_LIMIT);
}

static void
append_part (GString *out, const PbPart *part, const char *data) {
  gsize room = room_in (out);

  if (room == 0)
    return;
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, '\n');
  g_autofree char *text = pb_body_dup_text (part, data, room, NULL);
  if (!pb_body_is_html (part)) {
    g_string_append (out, text);
    return;
  }
  g_autofree char *plain = pb_html_to_text (text, room);
  g_string_append (out, plain);
}

static void
append_parts (GString *out, GPtrArray *parts, const char *data) {
  for (guint i = 0; i < parts->len; i++)
    append_part (out, g_ptr_array_index (parts, i), data);
}

static char *
read_body (const PbBody *body, const char *data) {
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < body->blocks->len; i++) {
    const PbBodyBlock *block = g_ptr_array_index (body->blocks, i);
    gsize before = out->len;
    append_parts (out, block->plain, data);
    if (out->len - before < SHORT_TEXT)
      append_parts (out, block->rich, data);
  }
  return g_string_free (out, FALSE);
}

static char *
read_names (const PbBody *body) {
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < body->attachments->len && out->len < NAMES_LIMIT; i++) {
    const PbBodyAttachment *attachment = &g_array_index (body->attachments, PbBodyAttachment, i);
    g_autofree char *name = pb_part_dup_name (attachment->part);
    if (name && *name)
      g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", name);
  }
  return g_string_free (out, FALSE);
}

PbSearchText *
pb_search_text_new (const char *data, gsize length) {
  static const char *const senders[] = { "From", "Sender", "Reply-To", NULL };
  static const char *const recipients[] = { "To", "Cc", "Bcc", NULL };

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  PbSearchText *self = g_new0 (PbSearchText, 1);
  g_autoptr (PbPart) root = pb_part_parse (data ? data : "", length, NULL);
  g_autoptr (PbBody) body = pb_body_choose (root);
  GMimeHeaderList *fields = pb_part_get_fields (root);

  self->from = join_people (fields, senders);
  self->to = join_people (fields, recipients);
  self->subject = pb_header_fields_dup_text (fields, "Subject");
  self->body = read_body (body, data ? data : "");
  self->attachments = read_names (body);
  return self;
}

void
pb_search_text_free (PbSearchText *self) {
  if (!self)
    return;
  g_free (self->from);
  g_free (self->to);
  g_free (self->subject);
  g_free (self->body);
  g_free (self->attachments);
  g_free (self);
}
