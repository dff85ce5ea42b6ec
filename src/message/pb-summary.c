/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Summaries of messages: one allocation each, since a list keeps many. */

#include "pb-summary.h"

#include <string.h>

#include "pb-address.h"
#include "pb-body.h"
#include "pb-date.h"
#include "pb-header-fields.h"
#include "pb-implied-charset.h"
#include "pb-message-ids.h"
#include "pb-preview.h"
#include "pb-text-decoder.h"

#define TO_LIMIT 1000
#define REFERENCES_LIMIT 4000
#define SUBJECT_LIMIT 8000
#define NAME_LIMIT 1000
#define N_STRINGS 7

typedef struct {
  PbSummary values;
  gatomicrefcount refs;
  char text[];
} Summary;

/* Every string of a summary, in the order it lies in memory. */
static void
list_strings (PbSummary *values, const char **strings[N_STRINGS]) {
  strings[0] = &values->subject;
  strings[1] = &values->from_name;
  strings[2] = &values->from_address;
  strings[3] = &values->to;
  strings[4] = &values->preview;
  strings[5] = &values->message_id;
  strings[6] = &values->references;
}

PbSummary *
pb_summary_new (const PbSummary *values) {
  g_return_val_if_fail (values != NULL, NULL);

  PbSummary copy = *values;
  const char **strings[N_STRINGS];
  gsize size = sizeof (Summary);

  list_strings (&copy, strings);
  for (guint i = 0; i < N_STRINGS; i++)
    size += (*strings[i] ? strlen (*strings[i]) : 0) + 1;

  Summary *self = g_malloc (size);
  char *to = self->text;
  for (guint i = 0; i < N_STRINGS; i++) {
    const char *from = *strings[i] ? *strings[i] : "";
    *strings[i] = to;
    to = stpcpy (to, from) + 1;
  }
  self->values = copy;
  g_atomic_ref_count_init (&self->refs);
  return &self->values;
}

PbSummary *
pb_summary_ref (const PbSummary *self) {
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&((Summary *) self)->refs);
  return (PbSummary *) self;
}

void
pb_summary_unref (PbSummary *self) {
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&((Summary *) self)->refs))
    g_free (self);
}

/* Cuts at the last character that fits into @limit bytes. */
static char *
cut (char *text, gsize limit) {
  if (strlen (text) > limit) {
    char *end = g_utf8_find_prev_char (text, text + limit + 1);
    *(end ? end : text) = '\0';
  }
  return text;
}

static void
append_people (GString *out, GMimeHeaderList *fields, const char *name) {
  g_autoptr (GString) raw = pb_header_fields_join (fields, name, ", ");

  if (!raw)
    return;
  g_autoptr (GPtrArray) people = pb_address_list_parse (raw->str, raw->len);
  for (guint i = 0; i < people->len && out->len < TO_LIMIT; i++) {
    const PbAddress *person = g_ptr_array_index (people, i);

    if (out->len > 0)
      g_string_append (out, ", ");
    if (person->name && *person->address)
      g_string_append_printf (out, "%s <%s>", person->name, person->address);
    else
      g_string_append (out, person->name ? person->name : person->address);
  }
}

/* From, else Sender. */
static PbAddress *
read_sender (GMimeHeaderList *fields) {
  static const char *const names[] = { "From", "Sender" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *raw = pb_header_fields_find (fields, names[i]);

    if (!raw)
      continue;
    g_autoptr (GPtrArray) people = pb_address_list_parse (raw, strlen (raw));
    if (people->len > 0)
      return g_ptr_array_steal_index (people, 0);
  }
  return g_new0 (PbAddress, 1);
}

/* Something that is not merely shown inside the text and not a signature over it. */
static gboolean
has_attachment (const PbBody *body) {
  for (guint i = 0; i < body->attachments->len; i++) {
    const PbBodyAttachment *attachment = &g_array_index (body->attachments, PbBodyAttachment, i);
    const PbPart *part = attachment->part;
    g_autofree char *id = pb_part_dup_content_id (part);

    if (attachment->is_related || pb_body_is_signature (part))
      continue;
    if (!pb_part_is (part, "image/") || part->disposition == PB_DISPOSITION_ATTACHMENT)
      return TRUE;
    if (part->disposition == PB_DISPOSITION_NONE && !id)
      return TRUE;
  }
  return FALSE;
}

PbSummary *
pb_summary_new_from_data (const guint8 *data, gsize length) {
  g_return_val_if_fail (data != NULL || length == 0, NULL);

  const char *bytes = data ? (const char *) data : "";
  g_autoptr (PbPart) root = pb_part_parse (bytes, length, NULL);
  g_autoptr (PbBody) body = pb_body_choose (root);
  GMimeHeaderList *fields = pb_part_get_fields (root);
  g_autofree char *implied = pb_implied_charset_find (root);
  pb_text_hints_begin (implied, NULL);
  g_autoptr (PbAddress) sender = read_sender (fields);
  g_autoptr (GString) to = g_string_new (NULL);
  const char *date = pb_header_fields_find (fields, "Date");

  append_people (to, fields, "To");
  append_people (to, fields, "Cc");
  g_autofree char *subject = cut (pb_header_fields_dup_text (fields, "Subject"), SUBJECT_LIMIT);
  g_autofree char *preview = pb_preview_from_body (body, bytes);
  g_autofree char *id = pb_message_ids_dup_own (fields);
  g_autofree char *references = pb_message_ids_dup_references (fields, REFERENCES_LIMIT);

  PbSummary values = {
    .subject = subject,
    .from_name = sender->name ? cut (sender->name, NAME_LIMIT) : "",
    .from_address = sender->address ? cut (sender->address, NAME_LIMIT) : "",
    .to = cut (to->str, TO_LIMIT),
    .preview = preview,
    .message_id = id,
    .references = references,
    .date = pb_date_parse (date, date ? strlen (date) : 0),
    .has_attachment = has_attachment (body),
  };
  pb_text_hints_end ();
  return pb_summary_new (&values);
}
