/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads parameters by walking the value for one name at a time: values are short, and nothing is
 * kept. */

#include "pb-parameters.h"

#include <string.h>

#include "pb-header-text.h"
#include "pb-text-decoder.h"

#define VALUE_LIMIT (64 * 1024)
#define SECTION_LIMIT 999

typedef struct {
  const char *p;
  const char *end;
} Cursor;

typedef struct {
  guint number;
  gboolean encoded; /* percent-encoded (RFC 2231) */
  GString *text;
} Section;

static void
section_clear (gpointer data) {
  g_string_free (((Section *) data)->text, TRUE);
}

static int
compare_sections (gconstpointer a, gconstpointer b) {
  const Section *first = a, *second = b;

  return first->number < second->number ? -1 : first->number > second->number;
}

static void
skip_blank (Cursor *self) {
  while (self->p < self->end && g_ascii_isspace (*self->p))
    self->p++;
}

/* Comments are no part of a value. */
static void
skip_comment (Cursor *self) {
  guint depth = 0;

  for (; self->p < self->end; self->p++) {
    if (*self->p == '\\')
      self->p += self->p + 1 < self->end;
    else if (*self->p == '(')
      depth++;
    else if (*self->p == ')' && --depth == 0)
      break;
  }
  self->p += self->p < self->end;
}

static void
skip_blank_and_comments (Cursor *self) {
  skip_blank (self);
  while (self->p < self->end && *self->p == '(') {
    skip_comment (self);
    skip_blank (self);
  }
}

/* Backslashes before anything but a quote or a backslash are kept: they come from careless file
 * names. */
static GString *
read_quoted (Cursor *self) {
  GString *text = g_string_new (NULL);

  for (self->p++; self->p < self->end && *self->p != '"'; self->p++) {
    if (*self->p == '\\' && self->p + 1 < self->end && strchr ("\"\\", self->p[1]))
      self->p++;
    g_string_append_c (text, *self->p);
  }
  self->p += self->p < self->end;
  return text;
}

/* Without quotes a value ends at the semicolon; blanks inside are kept, since names are sent so. */
static GString *
read_bare (Cursor *self) {
  const char *start = self->p, *last;

  while (self->p < self->end && *self->p != ';')
    self->p++;
  last = self->p;
  while (last > start && g_ascii_isspace (last[-1]))
    last--;
  return g_string_new_len (start, last - start);
}

/* "text (a comment)" as a token: only where the value is not a name. */
static void
drop_comment (GString *text) {
  char *open = strchr (text->str, '(');

  if (open && open > text->str && g_ascii_isspace (open[-1]) && text->str[text->len - 1] == ')') {
    g_string_truncate (text, (gsize) (open - text->str));
    g_strchomp (text->str);
    text->len = strlen (text->str);
  }
}

/* The next "name=value"; FALSE at the end. */
static gboolean
next_parameter (Cursor *self, PbSlice *name, GString **value) {
  while (self->p < self->end) {
    skip_blank_and_comments (self);
    name->bytes = self->p;
    while (self->p < self->end && !strchr ("=;\"", *self->p) && !g_ascii_isspace (*self->p))
      self->p++;
    name->length = (gsize) (self->p - name->bytes);
    skip_blank (self);
    if (self->p < self->end && *self->p == '=' && name->length > 0) {
      self->p++;
      skip_blank_and_comments (self);
      *value = self->p < self->end && *self->p == '"' ? read_quoted (self) : read_bare (self);
      return TRUE;
    }
    if (self->p < self->end && (name->length == 0 || strchr (";\"=", *self->p)))
      self->p++;
  }
  return FALSE;
}

/* TRUE when @name is @wanted, "wanted*", "wanted*3" or "wanted*3*". */
static gboolean
match_name (const PbSlice *name, const char *wanted, Section *section, gboolean *extended) {
  gsize length = strlen (wanted);
  const char *p = name->bytes + length, *end = name->bytes + name->length;

  if (name->length < length || g_ascii_strncasecmp (name->bytes, wanted, length) != 0)
    return FALSE;
  section->number = 0;
  section->encoded = FALSE;
  *extended = p < end;
  if (p == end)
    return TRUE;
  if (*p++ != '*')
    return FALSE;
  section->encoded = p == end;
  for (; p < end && g_ascii_isdigit (*p) && section->number <= SECTION_LIMIT; p++)
    section->number = section->number * 10 + (guint) (*p - '0');
  if (p < end && *p == '*') {
    section->encoded = TRUE;
    p++;
  }
  return p == end;
}

static Cursor
behind_token (const PbSlice *value) {
  Cursor self = { value->bytes, value->bytes + MIN (value->length, VALUE_LIMIT) };

  skip_blank_and_comments (&self);
  while (self.p < self.end && *self.p != ';' && !g_ascii_isspace (*self.p))
    self.p++;
  return self;
}

char *
pb_parameters_dup_token (const PbSlice *value) {
  Cursor self = { value->bytes, value->bytes + MIN (value->length, VALUE_LIMIT) };
  GString *token = g_string_new (NULL);

  skip_blank_and_comments (&self);
  for (; self.p < self.end && *self.p != ';' && *self.p != '('; self.p++) {
    /* "text / html" is sent, and so is "text/html charset=x". */
    if (!g_ascii_isspace (*self.p)) {
      if (*self.p & 0x80 || g_ascii_iscntrl (*self.p))
        continue;
      g_string_append_c (token, g_ascii_tolower (*self.p));
      continue;
    }
    skip_blank (&self);
    if (!(self.p < self.end &&
          (*self.p == '/' || (token->len && token->str[token->len - 1] == '/'))))
      break;
    self.p--;
  }
  return g_string_free (token, FALSE);
}

/* Collects the sections of @wanted in @sections; a plain value is returned in @plain. */
static void
collect (const PbSlice *value, const char *wanted, GArray *sections, GString **plain) {
  Cursor cursor = behind_token (value);
  PbSlice name;
  GString *text;

  while (next_parameter (&cursor, &name, &text)) {
    Section section = { .text = text };
    gboolean extended;

    if (!match_name (&name, wanted, &section, &extended) || sections->len > SECTION_LIMIT ||
        (!extended && *plain)) {
      g_string_free (text, TRUE);
    } else if (extended) {
      g_array_append_val (sections, section);
    } else {
      *plain = text;
    }
  }
}

static void
append_percent (GString *out, const char *text) {
  for (; *text; text++) {
    if (*text == '%' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2])) {
      g_string_append_c (
        out, (char) (g_ascii_xdigit_value (text[1]) << 4 | g_ascii_xdigit_value (text[2])));
      text += 2;
    } else {
      g_string_append_c (out, *text);
    }
  }
}

/* "charset'language'" before the text of the first section; NULL without. */
static char *
take_charset (Section *first) {
  char *quote = strchr (first->text->str, '\'');
  char *second = quote ? strchr (quote + 1, '\'') : NULL;

  if (!first->encoded || !second)
    return NULL;
  char *charset = g_strndup (first->text->str, (gsize) (quote - first->text->str));
  g_string_erase (first->text, 0, second + 1 - first->text->str);
  return charset;
}

static char *
join_sections (GArray *sections) {
  g_autoptr (GString) bytes = g_string_new (NULL);
  gboolean encoded = FALSE;

  g_array_sort (sections, compare_sections);
  g_autofree char *charset = take_charset (&g_array_index (sections, Section, 0));
  for (guint i = 0; i < sections->len; i++) {
    Section *section = &g_array_index (sections, Section, i);

    encoded |= section->encoded;
    if (section->encoded)
      append_percent (bytes, section->text->str);
    else
      g_string_append_len (bytes, section->text->str, (gssize) section->text->len);
  }
  if (!encoded)
    return pb_header_text_decode (bytes->str, bytes->len);
  return pb_header_text_clean (pb_text_decode (bytes->str, bytes->len, charset));
}

char *
pb_parameters_dup (const PbSlice *value, const char *name) {
  g_autoptr (GArray) sections = g_array_new (FALSE, FALSE, sizeof (Section));
  GString *plain = NULL;
  char *result = NULL;

  g_array_set_clear_func (sections, section_clear);
  collect (value, name, sections, &plain);
  if (sections->len > 0)
    result = join_sections (sections);
  else if (plain)
    result = pb_header_text_decode (plain->str, plain->len);
  if (plain)
    g_string_free (plain, TRUE);
  return result;
}

char *
pb_parameters_dup_raw (const PbSlice *value, const char *name) {
  g_autoptr (GArray) sections = g_array_new (FALSE, FALSE, sizeof (Section));
  GString *plain = NULL;

  g_array_set_clear_func (sections, section_clear);
  collect (value, name, sections, &plain);
  if (plain) {
    drop_comment (plain);
    return g_string_free (plain, FALSE);
  }
  return sections->len > 0 ? join_sections (sections) : NULL;
}
