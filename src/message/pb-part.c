/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Splits a message at its boundaries in one pass. Which part is body and which attachment is
 * decided elsewhere. */

#include "pb-part.h"

#include <string.h>

#include "pb-header-text.h"
#include "pb-parameters.h"

typedef struct {
  char *text; /* with the two dashes before it */
  gsize length;
} Boundary;

/* What ended a part. */
typedef struct {
  gsize next;   /* behind the boundary line; the end of the data without one */
  int level;    /* whose boundary; -1 at the end of the data */
  gboolean end; /* the closing one */
} Stop;

typedef struct {
  const char *data;
  gsize length;
  Boundary boundaries[PB_PART_DEPTH_LIMIT];
  int depth; /* how many of them are in force */
  guint parts;
  PbPartProblems problems;
} Scanner;

static PbPart *scan_part (Scanner *self, gsize start, const char *default_type, Stop *stop);

/* Which boundary the line is, innermost first; -1 for none. */
static int
match_boundary (const Scanner *self, const char *line, gsize length, gboolean *end) {
  if (length < 2 || line[0] != '-' || line[1] != '-')
    return -1;
  while (length > 2 && g_ascii_isspace (line[length - 1]))
    length--;
  for (int i = self->depth - 1; i >= 0; i--) {
    const Boundary *boundary = &self->boundaries[i];

    if (length < boundary->length || memcmp (line, boundary->text, boundary->length) != 0)
      continue;
    *end = length == boundary->length + 2 && memcmp (line + length - 2, "--", 2) == 0;
    if (*end || length == boundary->length)
      return i;
  }
  return -1;
}

static gboolean
is_boundary (const char *line, gsize length, gpointer data) {
  gboolean end;

  return match_boundary (data, line, length, &end) >= 0;
}

/* Where the line that ends at @newline has its text end. */
static gsize
before_line_end (const Scanner *self, gsize start, gsize line) {
  if (line > start && self->data[line - 1] == '\n')
    line--;
  if (line > start && self->data[line - 1] == '\r')
    line--;
  return line;
}

/* From @start on, the end of the text before the next boundary line. */
static gsize
find_boundary (const Scanner *self, gsize start, Stop *stop) {
  const char *limit = self->data + self->length;
  gsize line = start;

  while (self->depth > 0 && line < self->length) {
    const char *p = self->data + line;
    const char *newline;

    if (p[0] == '-' && line + 1 < self->length && p[1] == '-') {
      newline = memchr (p, '\n', (gsize) (limit - p));
      gsize next = newline ? (gsize) (newline + 1 - self->data) : self->length;
      stop->level = match_boundary (self, p, next - line, &stop->end);
      stop->next = next;
      if (stop->level >= 0)
        return before_line_end (self, start, line);
    }
    newline = memmem (p, (gsize) (limit - p), "\n--", 3);
    if (!newline)
      break;
    line = (gsize) (newline + 1 - self->data);
  }
  *stop = (Stop){ .next = self->length, .level = -1, .end = TRUE };
  return self->length;
}

static PbEncoding
read_encoding (const PbHeaderBlock *header) {
  static const struct {
    const char *name;
    PbEncoding encoding;
  } encodings[] = {
    { "base64", PB_ENCODING_BASE64 },       { "quoted-printable", PB_ENCODING_QUOTED_PRINTABLE },
    { "x-uuencode", PB_ENCODING_UUENCODE }, { "uuencode", PB_ENCODING_UUENCODE },
    { "x-uue", PB_ENCODING_UUENCODE },
  };
  PbSlice value;

  if (!pb_header_block_find (header, "Content-Transfer-Encoding", &value))
    return PB_ENCODING_NONE;
  g_autofree char *token = pb_parameters_dup_token (&value);
  g_strdelimit (token, "\"'", ' ');
  g_strstrip (token);
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++) {
    if (strcmp (token, encodings[i].name) == 0)
      return encodings[i].encoding;
  }
  return PB_ENCODING_NONE;
}

static PbDisposition
read_disposition (const PbSlice *value) {
  g_autofree char *token = pb_parameters_dup_token (value);

  if (!*token)
    return PB_DISPOSITION_NONE;
  return strcmp (token, "attachment") == 0 ? PB_DISPOSITION_ATTACHMENT : PB_DISPOSITION_INLINE;
}

/* "text/plain" for a type that cannot be read (RFC 2045, section 5.2). */
static char *
read_type (const PbSlice *value, const char *default_type) {
  g_autofree char *token = pb_parameters_dup_token (value);
  char *slash = strchr (token, '/');

  if (!*token)
    return g_strdup (default_type);
  if (!slash || slash == token || !slash[1] || strchr (slash + 1, '/') || strlen (token) > 255)
    return g_strdup ("text/plain");
  return g_steal_pointer (&token);
}

static PbPart *
read_header (Scanner *self, gsize start, const char *default_type) {
  PbPart *part = g_new0 (PbPart, 1);

  pb_header_block_scan (&part->header, self->data, start, self->length, is_boundary, self);
  if (part->header.truncated)
    self->problems |= PB_PART_HEADER_TOO_LONG;
  pb_header_block_find (&part->header, "Content-Type", &part->type_value);
  part->type = read_type (&part->type_value, default_type);
  if (pb_header_block_find (&part->header, "Content-Disposition", &part->disposition_value))
    part->disposition = read_disposition (&part->disposition_value);
  part->encoding = read_encoding (&part->header);
  part->start = part->end = part->header.body;
  return part;
}

/* Takes @boundary, which may be NULL, into force; FALSE when a limit or its absence makes the part
 * a leaf. */
static gboolean
push_boundary (Scanner *self, PbPart *part, char *boundary) {
  if (!boundary || !*g_strchomp (boundary))
    return FALSE;
  if (self->depth == PB_PART_DEPTH_LIMIT) {
    self->problems |= PB_PART_TOO_DEEP;
    part->is_too_deep = TRUE;
    return FALSE;
  }
  Boundary *top = &self->boundaries[self->depth++];
  top->text = g_strconcat ("--", boundary, NULL);
  top->length = strlen (top->text);
  return TRUE;
}

static void
pop_boundary (Scanner *self) {
  g_free (self->boundaries[--self->depth].text);
}

static void
scan_children (Scanner *self, PbPart *part, int level, Stop *stop) {
  const char *default_type =
    strcmp (part->type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain";

  part->is_container = TRUE;
  part->children = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_part_free);
  while (stop->level == level && !stop->end) {
    if (self->parts >= PB_PART_COUNT_LIMIT) {
      self->problems |= PB_PART_TOO_MANY;
      part->end = find_boundary (self, stop->next, stop);
      continue;
    }
    g_ptr_array_add (part->children, scan_part (self, stop->next, default_type, stop));
  }
}

/* For a container whose header field names no boundary or the wrong one: the first line that looks
 * like one, if its closing form comes later. NULL without one. */
static char *
guess_boundary (const Scanner *self, const PbPart *part) {
  const char *body = self->data + part->start, *limit = self->data + part->end;
  const char *line = body;

  if (limit - body >= 2 && memcmp (body, "--", 2) != 0) {
    const char *newline = memmem (body, (gsize) (limit - body), "\n--", 3);
    line = newline ? newline + 1 : limit;
  }
  gsize length = 0;
  while (line + length < limit && g_ascii_isgraph (line[length]))
    length++;
  if (length < 3 || length > 72)
    return NULL;
  g_autofree char *closing = g_strdup_printf ("\n%.*s--", (int) length, line);
  if (!memmem (line, (gsize) (limit - line), closing, length + 3))
    return NULL;
  return g_strndup (line + 2, length - 2);
}

/* The children, or where there are none the whole as a leaf. */
static void
scan_container (Scanner *self, PbPart *part, Stop *stop) {
  int level = self->depth - 1;

  part->end = find_boundary (self, part->start, stop);
  if (stop->level == level && !stop->end)
    scan_children (self, part, level, stop);
  pop_boundary (self);
  if (part->is_container && stop->level == level)
    find_boundary (self, stop->next, stop);
  else if (stop->level == level)
    part->end = find_boundary (self, part->start, stop);
}

static PbPart *
scan_part (Scanner *self, gsize start, const char *default_type, Stop *stop) {
  PbPart *part = read_header (self, start, default_type);

  self->parts++;
  if (!pb_part_is (part, "multipart/")) {
    part->end = find_boundary (self, part->start, stop);
    return part;
  }
  g_autofree char *boundary = pb_parameters_dup_raw (&part->type_value, "boundary");
  if (push_boundary (self, part, boundary))
    scan_container (self, part, stop);
  else
    part->end = find_boundary (self, part->start, stop);
  if (part->is_container || part->is_too_deep)
    return part;
  g_autofree char *guessed = guess_boundary (self, part);
  if (push_boundary (self, part, guessed))
    scan_container (self, part, stop);
  return part;
}

PbPart *
pb_part_parse (const char *data, gsize length, PbPartProblems *problems) {
  g_return_val_if_fail (data != NULL || length == 0, NULL);

  Scanner self = { .data = data ? data : "", .length = length };
  Stop stop;
  PbPart *root = scan_part (&self, 0, "text/plain", &stop);

  if (problems)
    *problems = self.problems;
  return root;
}

void
pb_part_free (PbPart *self) {
  if (!self)
    return;
  pb_header_block_clear (&self->header);
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_free (self->type);
  g_free (self);
}

gboolean
pb_part_is (const PbPart *self, const char *prefix) {
  return g_str_has_prefix (self->type, prefix);
}

char *
pb_part_dup_content_id (const PbPart *self) {
  g_autofree char *id = pb_header_block_dup_text (&self->header, "Content-ID");
  const char *start = *id == '<' ? id + 1 : id;
  const char *end = strchr (start, '>');

  if (!*start || end == start)
    return NULL;
  return end ? g_strndup (start, (gsize) (end - start)) : g_strdup (start);
}

char *
pb_part_dup_name (const PbPart *self) {
  char *name = pb_parameters_dup (&self->disposition_value, "filename");

  if (name && *name)
    return name;
  g_free (name);
  name = pb_parameters_dup (&self->type_value, "name");
  if (name && *name)
    return name;
  g_free (name);
  return NULL;
}
