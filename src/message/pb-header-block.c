/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds header fields, in good order or not. What a value means is read elsewhere. */

#include "pb-header-block.h"

#include <string.h>

#include "pb-header-text.h"

/* Fields that mail really begins with: after a line that is no field they prove that the block
 * goes on. */
static const char *const known[] = {
  "Received",
  "Return-Path",
  "From",
  "To",
  "Cc",
  "Bcc",
  "Subject",
  "Date",
  "Message-ID",
  "Reply-To",
  "MIME-Version",
  "In-Reply-To",
  "References",
  "Sender",
  "Content-Type",
  "Content-Transfer-Encoding",
  "Content-Disposition",
  "Delivered-To",
  "DKIM-Signature",
  "Authentication-Results",
  "List-Id",
  "List-Unsubscribe",
  "Content-ID",
};

/* The length of the field name when the line begins with "Name:", else 0. */
static gsize
field_name_length (const char *line, gsize length) {
  gsize i = 0, name;

  while (i < length && line[i] > ' ' && line[i] < 0x7f && line[i] != ':')
    i++;
  name = i;
  while (i < length && (line[i] == ' ' || line[i] == '\t'))
    i++;
  return i < length && line[i] == ':' ? name : 0;
}

static gboolean
slice_equals (const PbSlice *slice, const char *name) {
  return g_ascii_strncasecmp (slice->bytes, name, slice->length) == 0 &&
         name[slice->length] == '\0';
}

static gboolean
is_known_field (const char *line, gsize length) {
  PbSlice name = { line, field_name_length (line, length) };

  if (name.length == 0)
    return FALSE;
  if (name.length > 2 && g_ascii_strncasecmp (line, "X-", 2) == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (slice_equals (&name, known[i]))
      return TRUE;
  }
  return FALSE;
}

/* The length of the line at @p with its line end. */
static gsize
line_length (const char *p, const char *end) {
  const char *newline = memchr (p, '\n', (gsize) (end - p));

  return (gsize) ((newline ? newline + 1 : end) - p);
}

static gsize
without_line_end (const char *line, gsize length) {
  if (length > 0 && line[length - 1] == '\n')
    length--;
  if (length > 0 && line[length - 1] == '\r')
    length--;
  return length;
}

static void
add_field (PbHeaderBlock *self, const char *line, gsize name_length, gsize length) {
  PbHeaderField field = { .name = { line, name_length } };
  const char *colon = memchr (line + name_length, ':', length - name_length);
  const char *value = colon + 1, *end = line + length;

  while (value < end && (*value == ' ' || *value == '\t'))
    value++;
  field.value = (PbSlice){ value, (gsize) (end - value) };
  g_array_append_val (self->fields, field);
}

static void
extend_field (PbHeaderBlock *self, const char *line, gsize length) {
  PbHeaderField *last;

  if (self->fields->len == 0)
    return;
  last = &g_array_index (self->fields, PbHeaderField, self->fields->len - 1);
  last->value.length = (gsize) (line + length - last->value.bytes);
}

/* A line that is no field: TRUE when it is to be passed over. */
static gboolean
is_noise (const char *line, gsize length, const char *end, gboolean first) {
  const char *next = line + length;

  if (first && length >= 5 && memcmp (line, "From ", 5) == 0)
    return TRUE;
  if (length >= 6 && memcmp (line, ">From ", 6) == 0)
    return TRUE;
  return next < end && is_known_field (next, line_length (next, end));
}

/* Blank lines before a message that clearly begins behind them. */
static const char *
behind_blank_lines (const char *data, const char *end) {
  const char *p = data;

  while (p < end && (*p == '\r' || *p == '\n'))
    p++;
  return p < end && is_known_field (p, line_length (p, end)) ? p : data;
}

void
pb_header_block_scan (PbHeaderBlock *self,
                      const char *data,
                      gsize start,
                      gsize end,
                      PbHeaderStop stop,
                      gpointer stop_data) {
  const char *p = data + start, *limit = data + end;

  if (start == 0)
    p = behind_blank_lines (p, limit);
  start = (gsize) (p - data);
  self->fields = g_array_sized_new (FALSE, FALSE, sizeof (PbHeaderField), 16);
  self->truncated = FALSE;
  while (p < limit) {
    gsize length = line_length (p, limit);
    gsize content = without_line_end (p, length);
    gsize name;

    self->truncated = (gsize) (p - data) - start + length > PB_HEADER_BLOCK_LIMIT;
    if (self->truncated || content == 0 || (stop && stop (p, content, stop_data)))
      break;
    if (*p == ' ' || *p == '\t')
      extend_field (self, p, content);
    else if ((name = field_name_length (p, content)) > 0)
      add_field (self, p, name, content);
    else if (!is_noise (p, length, limit, p == data + start))
      break;
    p += length;
  }
  self->end = (gsize) (p - data);
  self->body = self->end;
  if (p < limit && !self->truncated && without_line_end (p, line_length (p, limit)) == 0)
    self->body += line_length (p, limit);
}

void
pb_header_block_clear (PbHeaderBlock *self) {
  g_clear_pointer (&self->fields, g_array_unref);
}

gboolean
pb_header_block_find (const PbHeaderBlock *self, const char *name, PbSlice *value) {
  for (guint i = 0; i < self->fields->len; i++) {
    const PbHeaderField *field = &g_array_index (self->fields, PbHeaderField, i);

    if (slice_equals (&field->name, name)) {
      *value = field->value;
      return TRUE;
    }
  }
  *value = (PbSlice){ "", 0 };
  return FALSE;
}

GString *
pb_header_block_join (const PbHeaderBlock *self, const char *name, const char *separator) {
  GString *joined = NULL;

  for (guint i = 0; i < self->fields->len; i++) {
    const PbHeaderField *field = &g_array_index (self->fields, PbHeaderField, i);

    if (!slice_equals (&field->name, name))
      continue;
    if (joined)
      g_string_append (joined, separator);
    else
      joined = g_string_sized_new (field->value.length + 1);
    g_string_append_len (joined, field->value.bytes, (gssize) field->value.length);
  }
  return joined;
}

char *
pb_header_block_dup_text (const PbHeaderBlock *self, const char *name) {
  PbSlice value;

  pb_header_block_find (self, name, &value);
  return pb_header_text_decode (value.bytes, value.length);
}
