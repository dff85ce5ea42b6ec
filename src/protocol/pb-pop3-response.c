/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing of lines. Nothing is copied but what is to be shown. */

#include "pb-pop3-response.h"

#include <string.h>

#define LOGIN_DELAY_MAX (24 * 60 * 60)

static inline gboolean
is_blank (guint8 c) {
  return c == ' ' || c == '\t';
}

static void
skip_blanks (PbPop3Span *span) {
  while (span->length > 0 && is_blank (span->data[0])) {
    span->data++;
    span->length--;
  }
}

static void
strip (PbPop3Span *span) {
  skip_blanks (span);
  while (span->length > 0 && is_blank (span->data[span->length - 1]))
    span->length--;
}

/* Takes blanks and the digits behind them. FALSE, with nothing taken, when there is no digit,
 * something other than a blank follows, or the number is above @max. */
static gboolean
take_number (PbPop3Span *span, guint64 max, guint64 *number) {
  PbPop3Span rest = *span;
  guint64 value = 0;

  skip_blanks (&rest);
  if (rest.length == 0 || !g_ascii_isdigit (rest.data[0]))
    return FALSE;
  for (; rest.length > 0 && g_ascii_isdigit (rest.data[0]); rest.data++, rest.length--) {
    guint digit = rest.data[0] - '0';
    if (value > (max - digit) / 10)
      return FALSE;
    value = value * 10 + digit;
  }
  if (rest.length > 0 && !is_blank (rest.data[0]))
    return FALSE;
  *number = value;
  *span = rest;
  return TRUE;
}

/* "[IN-USE] …": printable ASCII between brackets, and no blank. */
static void
find_code (PbPop3Status *self) {
  const guint8 *text = self->text.data;

  self->code = (PbPop3Span){ 0 };
  if (self->text.length < 3 || text[0] != '[')
    return;
  for (gsize i = 1; i < self->text.length && i <= 64; i++) {
    if (text[i] == ']') {
      self->code = (PbPop3Span){ text + 1, i - 1 };
      return;
    }
    if (!g_ascii_isgraph (text[i]))
      return;
  }
}

static gboolean
begins_with (const guint8 *line, gsize length, const char *word) {
  gsize size = strlen (word);

  return length >= size && g_ascii_strncasecmp ((const char *) line, word, size) == 0 &&
         (length == size || !g_ascii_isalnum (line[size]));
}

gboolean
pb_pop3_status_parse (PbPop3Status *self, const guint8 *line, gsize length) {
  gboolean ok = begins_with (line, length, "+OK");

  if (!ok && !begins_with (line, length, "-ERR"))
    return FALSE;
  gsize skip = ok ? 3 : 4;
  self->ok = ok;
  self->text = (PbPop3Span){ line + skip, length - skip };
  strip (&self->text);
  find_code (self);
  return TRUE;
}

gboolean
pb_pop3_challenge_parse (PbPop3Span *challenge, const guint8 *line, gsize length) {
  if (length == 0 || line[0] != '+' || (length > 1 && line[1] != ' '))
    return FALSE;
  *challenge = (PbPop3Span){ line + 1, length - 1 };
  strip (challenge);
  return TRUE;
}

gboolean
pb_pop3_stat_parse (const PbPop3Span *text, guint *count, guint64 *octets) {
  PbPop3Span rest = *text;
  guint64 number;

  if (!take_number (&rest, G_MAXINT, &number))
    return FALSE;
  *count = (guint) number;
  if (!take_number (&rest, G_MAXUINT64, octets))
    *octets = 0;
  return TRUE;
}

static gboolean
take_message_number (PbPop3Row *self, PbPop3Span *rest) {
  guint64 number;

  *self = (PbPop3Row){ 0 };
  if (!take_number (rest, G_MAXINT, &number) || number == 0)
    return FALSE;
  self->number = (guint) number;
  return TRUE;
}

gboolean
pb_pop3_row_parse_list (PbPop3Row *self, const guint8 *line, gsize length) {
  PbPop3Span rest = { line, length };

  if (!take_message_number (self, &rest))
    return FALSE;
  self->has_size = take_number (&rest, G_MAXUINT64, &self->size);
  return TRUE;
}

gboolean
pb_pop3_row_parse_uidl (PbPop3Row *self, const guint8 *line, gsize length) {
  PbPop3Span rest = { line, length };

  if (!take_message_number (self, &rest))
    return FALSE;
  strip (&rest);
  if (rest.length > 0 && rest.length <= PB_POP3_UID_MAX)
    self->uid = rest;
  return TRUE;
}

char *
pb_pop3_capability_parse (const guint8 *line, gsize length) {
  PbPop3Span span = { line, length };
  g_autofree char *text = pb_pop3_span_to_printable (&span, 1024);
  g_auto (GStrv) words = g_strsplit_set (text, " ", -1);
  GString *out = g_string_new (NULL);

  for (char **word = words; *word; word++) {
    if (!**word)
      continue;
    if (out->len > 0) {
      g_string_append_c (out, ' ');
      g_string_append (out, *word);
    } else {
      g_autofree char *upper = g_ascii_strup (*word, -1);
      g_string_append (out, upper);
    }
  }
  return g_string_free (out, out->len == 0);
}

gboolean
pb_pop3_capabilities_find (const char *const *capabilities,
                           const char *name,
                           const char **argument) {
  gsize length = strlen (name);

  for (; capabilities && *capabilities; capabilities++) {
    const char *entry = *capabilities;
    if (strncmp (entry, name, length) != 0 || (entry[length] != '\0' && entry[length] != ' '))
      continue;
    if (argument)
      *argument = entry[length] ? entry + length + 1 : entry + length;
    return TRUE;
  }
  return FALSE;
}

/* The number that begins the argument of @name. */
static gboolean
find_number (const char *const *capabilities, const char *name, guint64 max, guint64 *number) {
  const char *argument;

  if (!pb_pop3_capabilities_find (capabilities, name, &argument))
    return FALSE;
  PbPop3Span span = { (const guint8 *) argument, strlen (argument) };
  return take_number (&span, max, number);
}

gboolean
pb_pop3_capabilities_get_expire (const char *const *capabilities, int *days) {
  const char *argument;
  guint64 number;

  if (find_number (capabilities, "EXPIRE", G_MAXINT - 1, &number)) {
    *days = (int) number;
    return TRUE;
  }
  if (!pb_pop3_capabilities_find (capabilities, "EXPIRE", &argument) ||
      !begins_with ((const guint8 *) argument, strlen (argument), "NEVER"))
    return FALSE;
  *days = PB_POP3_EXPIRE_NEVER;
  return TRUE;
}

gboolean
pb_pop3_capabilities_get_login_delay (const char *const *capabilities, guint *seconds) {
  guint64 number;

  if (!find_number (capabilities, "LOGIN-DELAY", G_MAXUINT64, &number))
    return FALSE;
  *seconds = (guint) MIN (number, LOGIN_DELAY_MAX);
  return TRUE;
}

char *
pb_pop3_span_to_printable (const PbPop3Span *span, gsize limit) {
  gsize length = MIN (span->length, limit);
  const char *end;

  /* A limit may cut a character in two; that alone does not make the text foreign. */
  gboolean utf8 = g_utf8_validate_len ((const char *) span->data, span->length, NULL);
  if (utf8 && !g_utf8_validate_len ((const char *) span->data, length, &end))
    length = (gsize) (end - (const char *) span->data);

  GString *out = g_string_sized_new (length + 1);
  for (gsize i = 0; i < length; i++) {
    guint8 c = span->data[i];
    if (c < 0x20 || c == 0x7f)
      g_string_append_c (out, ' ');
    else if (c < 0x80 || utf8)
      g_string_append_c (out, (char) c);
    else
      g_string_append (out, "\357\277\275");
  }
  return g_string_free (out, FALSE);
}
