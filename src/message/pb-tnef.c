/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A reader that goes once over the attributes and, within them, over the properties. Every length
 * is held against what is left; nothing is copied but names and the text. Rich text is unpacked in
 * pb-rtf.c. */

#include "pb-tnef.h"

#include <string.h>

#include "pb-rtf.h"
#include "pb-text-decoder.h"

#define SIGNATURE 0x223e9f78u
#define TEXT_LIMIT (4 * 1024 * 1024)

enum { BODY = 0x800c, FILE_DATA = 0x800f, FILE_TITLE = 0x8010, NEW_FILE = 0x9002 };
enum { PROPERTIES = 0x9003, FILE_PROPERTIES = 0x9005, CODE_PAGE = 0x9007 };

enum { P_BODY = 0x1000, P_RTF = 0x1009, P_HTML = 0x1013, P_DISPLAY_NAME = 0x3001 };
enum { P_FILE_DATA = 0x3701, P_LONG_NAME = 0x3707, P_MIME_TYPE = 0x370e };

enum { T_STRING = 0x1e, T_UNICODE = 0x1f, T_OBJECT = 0x0d, T_BINARY = 0x102, T_MANY = 0x1000 };

typedef struct {
  const guint8 *data; /* the whole */
  const guint8 *p;
  const guint8 *end;
} Cursor;

typedef struct {
  PbTnef *result;
  PbTnefFile *file; /* the present one */
  char *rtf;
  char code_page[16];
} Reader;

static gboolean
take (Cursor *cursor, gsize length, const guint8 **at) {
  if ((gsize) (cursor->end - cursor->p) < length)
    return FALSE;
  *at = cursor->p;
  cursor->p += length;
  return TRUE;
}

static gboolean
take_u32 (Cursor *cursor, guint32 *value) {
  const guint8 *at;

  if (!take (cursor, 4, &at))
    return FALSE;
  *value = (guint32) at[0] | (guint32) at[1] << 8 | (guint32) at[2] << 16 | (guint32) at[3] << 24;
  return TRUE;
}

static void
file_free (gpointer data) {
  PbTnefFile *file = data;

  g_free (file->name);
  g_free (file->type);
  g_free (file);
}

static char *
dup_text (const Reader *self, const guint8 *at, gsize length, guint type) {
  const char *bytes = (const char *) at;

  length = MIN (length, TEXT_LIMIT);
  if (type == T_UNICODE)
    return pb_text_decode (bytes, length & ~(gsize) 1, "utf-16le");
  return pb_text_decode (bytes, strnlen (bytes, length), *self->code_page ? self->code_page : NULL);
}

static void
replace (char **field, char *value) {
  g_free (*field);
  *field = value;
}

static void
set_range (Reader *self, const Cursor *cursor, const guint8 *at, gsize length) {
  self->file->start = (gsize) (at - cursor->data);
  self->file->length = length;
}

/* One value of a property that has a length. */
static void
use_value (Reader *self, Cursor *cursor, guint id, guint type, const guint8 *at, gsize length) {
  gboolean is_text = type == T_STRING || type == T_UNICODE;

  if (self->file) {
    if (is_text && (id == P_LONG_NAME || (id == P_DISPLAY_NAME && !self->file->name)))
      replace (&self->file->name, dup_text (self, at, length, type));
    else if (is_text && id == P_MIME_TYPE)
      replace (&self->file->type, dup_text (self, at, length, type));
    else if (id == P_FILE_DATA && self->file->length == 0 && type == T_BINARY)
      set_range (self, cursor, at, length);
  } else if (id == P_BODY && is_text) {
    replace (&self->result->text, dup_text (self, at, length, type));
  } else if (id == P_HTML) {
    replace (&self->result->html, dup_text (self, at, length, is_text ? type : T_STRING));
  } else if (id == P_RTF && type == T_BINARY) {
    replace (&self->rtf, pb_rtf_unpack (at, length));
  }
}

static gsize
fixed_size (guint type) {
  switch (type) {
  case 0x02:
  case 0x03:
  case 0x04:
  case 0x0a:
  case 0x0b:
    return 4;
  case 0x05:
  case 0x06:
  case 0x07:
  case 0x14:
  case 0x40:
    return 8;
  case 0x48:
    return 16;
  default:
    return 0;
  }
}

static gboolean
skip_property_name (Cursor *cursor) {
  const guint8 *at;
  guint32 kind, length;

  if (!take (cursor, 16, &at) || !take_u32 (cursor, &kind) || !take_u32 (cursor, &length))
    return FALSE;
  return kind == 0 || (length <= G_MAXINT32 && take (cursor, (length + 3) & ~3u, &at));
}

/* FALSE at the first that makes no sense. */
static gboolean
read_property (Reader *self, Cursor *cursor) {
  guint32 tag, count = 1, length;
  const guint8 *at;

  if (!take_u32 (cursor, &tag))
    return FALSE;
  guint type = tag & 0xffff, id = tag >> 16;
  if (id >= 0x8000 && !skip_property_name (cursor))
    return FALSE;
  gsize size = fixed_size (type & ~(guint) T_MANY);
  if (((type & T_MANY) || size == 0) && !take_u32 (cursor, &count))
    return FALSE;
  if (size > 0)
    return count <= G_MAXINT32 / 16 && take (cursor, size * count, &at);
  for (guint32 i = 0; i < count; i++) {
    if (!take_u32 (cursor, &length) || length > G_MAXINT32 || !take (cursor, length, &at))
      return FALSE;
    if (i == 0)
      use_value (self, cursor, id, type, at, length);
    cursor->p += MIN ((gsize) (cursor->end - cursor->p), -length & 3u);
  }
  return TRUE;
}

static void
read_properties (Reader *self, const Cursor *around, const guint8 *at, gsize length) {
  Cursor cursor = { around->data, at, at + length };
  guint32 count;

  if (!take_u32 (&cursor, &count))
    return;
  while (count-- > 0 && read_property (self, &cursor))
    continue;
}

static void
begin_file (Reader *self) {
  self->file = NULL;
  if (self->result->files->len == PB_TNEF_FILES_LIMIT)
    return;
  self->file = g_new0 (PbTnefFile, 1);
  g_ptr_array_add (self->result->files, self->file);
}

static void
use_attribute (Reader *self, Cursor *cursor, guint id, const guint8 *at, gsize length) {
  switch (id) {
  case NEW_FILE:
    begin_file (self);
    break;
  case FILE_TITLE:
    if (self->file && !self->file->name)
      self->file->name = dup_text (self, at, length, T_STRING);
    break;
  case FILE_DATA:
    if (self->file)
      set_range (self, cursor, at, length);
    break;
  case BODY:
    if (!self->result->text)
      self->result->text = dup_text (self, at, length, T_STRING);
    break;
  case PROPERTIES:
    self->file = NULL;
    G_GNUC_FALLTHROUGH;
  case FILE_PROPERTIES:
    read_properties (self, cursor, at, length);
    break;
  case CODE_PAGE:
    if (length >= 2)
      g_snprintf (self->code_page, sizeof self->code_page, "cp%u", at[0] | at[1] << 8);
    break;
  default:
    break;
  }
}

PbTnef *
pb_tnef_parse (const guint8 *data, gsize length) {
  Cursor cursor = { data, data, data + length };
  Reader self = { 0 };
  guint32 signature, id, size;
  const guint8 *at, *checksum;

  if (!take_u32 (&cursor, &signature) || signature != SIGNATURE || !take (&cursor, 2, &at))
    return NULL;
  self.result = g_new0 (PbTnef, 1);
  self.result->files = g_ptr_array_new_with_free_func (file_free);
  while (take (&cursor, 1, &at) && take_u32 (&cursor, &id) && take_u32 (&cursor, &size) &&
         take (&cursor, size, &at)) {
    use_attribute (&self, &cursor, id & 0xffff, at, size);
    if (!take (&cursor, 2, &checksum))
      break;
  }
  if (self.rtf && !self.result->html && !(self.result->text && *self.result->text))
    replace (&self.result->text, pb_rtf_to_text (self.rtf));
  g_free (self.rtf);
  return self.result;
}

void
pb_tnef_free (PbTnef *self) {
  if (!self)
    return;
  g_free (self->text);
  g_free (self->html);
  g_ptr_array_unref (self->files);
  g_free (self);
}
