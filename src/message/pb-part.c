/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GMime parses; here its tree is walked once and every part is given its range of the data. The
 * rest of this file is for what a reader would lose by GMime alone:
 *
 * - read_type: an unreadable Content-Type makes a text a file.
 * - find_body: a part without a blank line behind its fields loses its first paragraph.
 * - correct_end: mixed line ends cost a part its last byte, or leave a CR.
 * - find_boundary: a container without parts has no range, yet is shown as the text it is.
 * - mend: a container with a missing or wrong boundary has no parts, though they are there.
 *
 * What must come before GMime is in pb-message-bounds; which part is body and which attachment is
 * decided elsewhere. */

#include "pb-part.h"

#include <string.h>

#include "pb-gmime.h"
#include "pb-header-fields.h"
#include "pb-message-bounds.h"
#include "pb-parameters.h"

typedef struct {
  const char *data;
  gsize length;
  gssize shift; /* from GMime's offsets to those in @data */
  gsize stop;   /* where in @data GMime had to end: the last part goes on to its limit */
  gboolean is_mended;
  guint parts;
  PbPartProblems problems;
} Reader;

static PbPart *
adapt (Reader *self, GMimeObject *object, const char *around, gsize limit, guint depth);

static PbEncoding
read_encoding (GMimeObject *object) {
  if (!GMIME_IS_PART (object))
    return PB_ENCODING_NONE;
  switch (g_mime_part_get_content_encoding (GMIME_PART (object))) {
  case GMIME_CONTENT_ENCODING_BASE64:
    return PB_ENCODING_BASE64;
  case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
    return PB_ENCODING_QUOTED_PRINTABLE;
  case GMIME_CONTENT_ENCODING_UUENCODE:
    return PB_ENCODING_UUENCODE;
  default:
    return PB_ENCODING_NONE;
  }
}

static PbDisposition
read_disposition (GMimeObject *object) {
  GMimeContentDisposition *disposition = g_mime_object_get_content_disposition (object);

  if (!disposition)
    return PB_DISPOSITION_NONE;
  return g_mime_content_disposition_is_attachment (disposition) ? PB_DISPOSITION_ATTACHMENT
                                                                : PB_DISPOSITION_INLINE;
}

/* For a type it cannot read GMime says application/octet-stream, which would make the text of a
 * message a file; RFC 2045, section 5.2, says text/plain. */
static char *
read_type (GMimeObject *object) {
  GMimeContentType *type = g_mime_object_get_content_type (object);
  const char *raw = pb_header_fields_find (g_mime_object_get_header_list (object), "Content-Type");

  if (!type || (raw && g_mime_content_type_is_type (type, "application", "octet-stream") &&
                !strchr (raw, '/')))
    return g_strdup ("text/plain");
  g_autofree char *name = g_mime_content_type_get_mime_type (type);
  return g_ascii_strdown (name, -1);
}

static const char *
next_line (const char *line, const char *end) {
  const char *newline = memchr (line, '\n', (gsize) (end - line));

  return newline ? newline + 1 : end;
}

/* Behind the last field and the blank line after it; the end of the data without a field. */
static gsize
find_body (const Reader *self, GMimeObject *object) {
  GMimeHeaderList *fields = g_mime_object_get_header_list (object);
  int count = g_mime_header_list_get_count (fields);
  gint64 offset =
    count > 0 ? g_mime_header_get_offset (g_mime_header_list_get_header_at (fields, count - 1))
              : -1;
  const char *end = self->data + self->length;

  if (offset < 0)
    return self->length;
  const char *p = next_line (self->data + self->shift + offset, end);
  while (p < end && (*p == ' ' || *p == '\t'))
    p = next_line (p, end);
  if (p < end && *p == '\n')
    p++;
  else if (end - p >= 2 && memcmp (p, "\r\n", 2) == 0)
    p += 2;
  return (gsize) (p - self->data);
}

/* From @start on, the end of the text before the next line of @boundary. */
static gsize
find_boundary (const Reader *self, gsize start, gsize limit, const char *boundary) {
  const char *p = self->data + start - (start > 0), *end = self->data + limit;
  g_autofree char *mark = g_strconcat ("\n--", boundary, NULL);
  gsize length = strlen (mark);

  for (; p < end && (p = memmem (p, (gsize) (end - p), mark, length)); p++) {
    const char *behind = p + length;

    if (behind < end && *behind != '-' && !g_ascii_isspace (*behind))
      continue;
    if (p > self->data && p[-1] == '\r')
      p--;
    return MAX (start, (gsize) (p - self->data));
  }
  return limit;
}

/* The line end before a boundary belongs to the boundary. GMime guesses from the end of the
 * boundary's own line whether that is CRLF or LF; @end is where it came by that. */
static gsize
correct_end (const Reader *self, gsize start, gsize end) {
  const char *p = self->data + end;

  if (end < start || end + 1 >= self->length)
    return end;
  if (p[0] == '\n' && p[1] == '-')
    return end - (end > start && p[-1] == '\r');
  return end + (p[0] != '\r' && p[1] == '\n');
}

static void
set_range (const Reader *self, PbPart *part, const char *around, gsize limit) {
  GMimeDataWrapper *content =
    GMIME_IS_PART (part->object) ? g_mime_part_get_content (GMIME_PART (part->object)) : NULL;
  GMimeStream *stream = content ? g_mime_data_wrapper_get_stream (content) : NULL;

  part->start = find_body (self, part->object);
  if (stream) {
    /* Without a blank line behind the fields GMime passes over the text up to the next one. */
    gsize start = (gsize) (stream->bound_start + self->shift);
    gsize end = (gsize) (stream->bound_end + self->shift);

    part->start = MIN (part->start, start);
    part->end = end < self->stop ? correct_end (self, start, end) : limit;
  } else {
    part->end = around ? find_boundary (self, part->start, limit, around) : limit;
  }
  part->end = MIN (part->end, self->length);
  part->start = MIN (part->start, part->end);
}

static void
add_children (Reader *self, PbPart *part, GMimeMultipart *multipart, guint depth) {
  const char *boundary =
    g_mime_object_get_content_type_parameter (GMIME_OBJECT (multipart), "boundary");
  int count = g_mime_multipart_get_count (multipart);

  if (count > 0 && depth == PB_PART_DEPTH_LIMIT) {
    self->problems |= PB_PART_TOO_DEEP;
    part->is_too_deep = TRUE;
    return;
  }
  if (count > 0) {
    part->is_container = TRUE;
    part->children = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_part_free);
  }
  for (int i = 0; i < count; i++) {
    if (self->parts >= PB_PART_COUNT_LIMIT) {
      self->problems |= PB_PART_TOO_MANY;
      return;
    }
    g_ptr_array_add (part->children, adapt (self, g_mime_multipart_get_part (multipart, i),
                                            boundary, part->end, depth + 1));
  }
}

/* The first line that looks like a boundary, if its closing form comes later; NULL without one. */
static char *
guess_boundary (const char *body, const char *limit) {
  const char *line = body;

  if (limit - body >= 2 && memcmp (body, "--", 2) != 0) {
    const char *newline = memmem (body, (gsize) (limit - body), "\n--", 3);
    line = newline ? newline + 1 : limit;
  }
  gsize length = 0;
  while (line + length < limit && g_ascii_isgraph (line[length]) && !strchr ("\"\\", line[length]))
    length++;
  if (length < 3 || length > 72)
    return NULL;
  g_autofree char *closing = g_strdup_printf ("\n%.*s--", (int) length, line);
  if (!memmem (line, (gsize) (limit - line), closing, length + 3))
    return NULL;
  return g_strndup (line + 2, length - 2);
}

/* Lets GMime read @data within the bounds that are found. Its objects must not look at their
 * content afterwards. */
static GMimeObject *
parse (const char *data, gsize length, PbMessageBounds *bounds) {
  pb_message_bounds_find (bounds, data, length);
  /* GMime has a window on @data, of at most 4 GiB; nothing is copied. */
  bounds->stop = MIN (bounds->stop, bounds->begin + G_MAXUINT);
  GByteArray window = { (guint8 *) data + bounds->begin, (guint) (bounds->stop - bounds->begin) };
  pb_gmime_init ();
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new ();
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
  g_mime_stream_mem_set_byte_array (GMIME_STREAM_MEM (stream), &window);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  g_mime_parser_set_persist_stream (parser, TRUE);
  GMimeObject *object = g_mime_parser_construct_part (parser, pb_gmime_get_options ());
  g_mime_stream_close (stream);
  return object;
}

static PbPartProblems
get_problems (const PbMessageBounds *bounds) {
  return (bounds->header_too_long ? PB_PART_HEADER_TOO_LONG : 0) |
         (bounds->too_many ? PB_PART_TOO_MANY : 0);
}

/* A container without parts is read again, a copy of it under a header with the boundary that is
 * really there. Not within one that is mended already: that bounds the copies. */
static void
mend (Reader *self, PbPart *part, guint depth) {
  const char *body = self->data + part->start;
  g_autofree char *boundary =
    self->is_mended ? NULL : guess_boundary (body, self->data + part->end);
  PbMessageBounds bounds;

  if (!boundary)
    return;
  g_autoptr (GString) copy = g_string_sized_new (part->end - part->start + 200);
  g_string_printf (copy, "Content-Type: multipart/mixed; boundary=\"%s\"\n\n", boundary);
  Reader inner = *self;
  inner.is_mended = TRUE;
  inner.shift = (gssize) part->start - (gssize) copy->len;
  g_string_append_len (copy, body, (gssize) (part->end - part->start));
  g_autoptr (GMimeObject) object = parse (copy->str, copy->len, &bounds);
  inner.stop = bounds.stop + (gsize) inner.shift;
  if (GMIME_IS_MULTIPART (object))
    add_children (&inner, part, GMIME_MULTIPART (object), depth);
  self->parts = inner.parts;
  self->problems = inner.problems | get_problems (&bounds);
}

/* @around is the boundary of the container that @object is in, NULL without one; @limit where the
 * part has to end. */
static PbPart *
adapt (Reader *self, GMimeObject *object, const char *around, gsize limit, guint depth) {
  PbPart *part = g_new0 (PbPart, 1);

  self->parts++;
  part->object = g_object_ref (object);
  part->type = read_type (object);
  part->encoding = read_encoding (object);
  part->disposition = read_disposition (object);
  set_range (self, part, around, limit);
  if (GMIME_IS_MULTIPART (object))
    add_children (self, part, GMIME_MULTIPART (object), depth);
  if (pb_part_is (part, "multipart/") && !part->is_container && !part->is_too_deep)
    mend (self, part, depth);
  return part;
}

/* A message of nothing but text, if that. */
static PbPart *
part_new_without_header (gsize start, gsize end) {
  PbPart *part = g_new0 (PbPart, 1);

  part->type = g_strdup ("text/plain");
  part->start = start;
  part->end = end;
  return part;
}

PbPart *
pb_part_parse (const char *data, gsize length, PbPartProblems *problems) {
  g_return_val_if_fail (data != NULL || length == 0, NULL);

  data = data ? data : "";
  PbMessageBounds bounds;
  g_autoptr (GMimeObject) object = parse (data, length, &bounds);
  Reader self = {
    .data = data,
    .length = length,
    .shift = (gssize) bounds.begin,
    .stop = bounds.stop,
    .problems = get_problems (&bounds),
  };
  PbPart *root = object ? adapt (&self, object, NULL, length, 0)
                        : part_new_without_header (bounds.begin, length);
  root->begin = bounds.begin;
  if (problems)
    *problems = self.problems;
  return root;
}

void
pb_part_free (PbPart *self) {
  if (!self)
    return;
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_object (&self->object);
  g_free (self->type);
  g_free (self);
}

gboolean
pb_part_is (const PbPart *self, const char *prefix) {
  return g_str_has_prefix (self->type, prefix);
}

GMimeHeaderList *
pb_part_get_fields (const PbPart *self) {
  return self->object ? g_mime_object_get_header_list (self->object) : NULL;
}

char *
pb_part_dup_parameter (const PbPart *self, const char *name) {
  return self->object ? pb_parameters_dup_of_type (self->object, name) : NULL;
}

char *
pb_part_dup_content_id (const PbPart *self) {
  const char *id = self->object ? g_mime_object_get_content_id (self->object) : NULL;

  return id && *id ? g_utf8_make_valid (id, -1) : NULL;
}

char *
pb_part_dup_location (const PbPart *self) {
  g_autofree char *value =
    pb_header_fields_dup_text (pb_part_get_fields (self), "Content-Location");
  char *to = value;

  for (const char *p = value; *p; p++) {
    if (!g_ascii_isspace (*p) && !strchr ("<>\"", *p))
      *to++ = *p;
  }
  *to = '\0';
  return *value ? g_steal_pointer (&value) : NULL;
}

char *
pb_part_dup_name (const PbPart *self) {
  g_autofree char *name =
    self->object ? pb_parameters_dup_of_disposition (self->object, "filename") : NULL;
  g_autofree char *type_name = pb_part_dup_parameter (self, "name");

  if (name && *name)
    return g_steal_pointer (&name);
  return type_name && *type_name ? g_steal_pointer (&type_name) : NULL;
}
