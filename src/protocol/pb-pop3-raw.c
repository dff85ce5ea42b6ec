/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The line is cut into words, and what is sent is made anew from what they mean: nothing that was
 * typed goes to the server as it is. */

#include "pb-pop3-raw.h"

#include <string.h>

#include "pb-error.h"

typedef struct {
  PbPop3Verb verb;
  guint least; /* numbers that must follow */
  guint most;  /* numbers that may follow */
  gboolean multi_line;
  gboolean one_line_with_number; /* LIST and UIDL */
} Rule;

static const Rule rules[] = {
  { PB_POP3_STAT, 0, 0, FALSE, FALSE }, { PB_POP3_LIST, 0, 1, TRUE, TRUE },
  { PB_POP3_UIDL, 0, 1, TRUE, TRUE },   { PB_POP3_RETR, 1, 1, TRUE, FALSE },
  { PB_POP3_TOP, 2, 2, TRUE, FALSE },   { PB_POP3_DELE, 1, 1, FALSE, FALSE },
  { PB_POP3_RSET, 0, 0, FALSE, FALSE }, { PB_POP3_NOOP, 0, 0, FALSE, FALSE },
  { PB_POP3_QUIT, 0, 0, FALSE, FALSE }, { PB_POP3_CAPA, 0, 0, TRUE, FALSE },
};

/* A language tag (RFC 5646) is at most this long in practice. */
#define LANGUAGE_MAX 35

static gboolean
has_controls (const char *line, gsize length) {
  for (gsize i = 0; i < length; i++) {
    if (line[i] != '\t' && g_ascii_iscntrl (line[i]))
      return TRUE;
  }
  return FALSE;
}

/* The words of @line, without empty ones. */
static GPtrArray *
split (const char *line, gsize length) {
  g_autofree char *copy = g_strndup (line, length);
  g_auto (GStrv) parts = g_strsplit_set (copy, " \t", -1);
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; parts[i]; i++) {
    if (*parts[i])
      g_ptr_array_add (words, g_strdup (parts[i]));
  }
  return words;
}

static gboolean
is_language (const char *word) {
  gsize length = strlen (word);

  if (strcmp (word, "*") == 0)
    return TRUE;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum (word[i]) && word[i] != '-')
      return FALSE;
  }
  return length > 0 && length <= LANGUAGE_MAX;
}

static gboolean
fail_arguments (const char *name, GError **error) {
  g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "%s does not take these arguments", name);
  return FALSE;
}

/* A message number is at least 1; the lines of TOP may be none. */
static gboolean
append_number (PbPop3Raw *self, const char *word, guint64 least) {
  gsize used = strlen (self->argument);
  guint64 value;

  if (!g_ascii_string_to_unsigned (word, 10, least, G_MAXINT, &value, NULL))
    return FALSE;
  g_snprintf (self->argument + used, sizeof self->argument - used, "%s%" G_GUINT64_FORMAT,
              used ? " " : "", value);
  return TRUE;
}

static gboolean
parse_numbers (PbPop3Raw *self, const Rule *rule, GPtrArray *words, GError **error) {
  const char *name = pb_pop3_verb_get_info (rule->verb)->name;
  guint count = words->len - 1;

  if (count < rule->least || count > rule->most)
    return fail_arguments (name, error);
  for (guint i = 0; i < count; i++) {
    if (!append_number (self, words->pdata[i + 1], i == 0 ? 1 : 0))
      return fail_arguments (name, error);
  }
  self->verb = rule->verb;
  self->multi_line = rule->multi_line && !(rule->one_line_with_number && count > 0);
  return TRUE;
}

static gboolean
parse_language (PbPop3Raw *self, GPtrArray *words, GError **error) {
  if (words->len > 2 || (words->len == 2 && !is_language (words->pdata[1])))
    return fail_arguments ("LANG", error);
  if (words->len == 2)
    g_strlcpy (self->argument, words->pdata[1], sizeof self->argument);
  self->verb = PB_POP3_LANG;
  self->multi_line = words->len == 1;
  return TRUE;
}

gboolean
pb_pop3_raw_parse (PbPop3Raw *self, const char *line, gsize length, GError **error) {
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (line != NULL, FALSE);

  *self = (PbPop3Raw){ 0 };
  if (length > PB_POP3_RAW_MAX || has_controls (line, length)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "the line is too long or has a control in it");
    return FALSE;
  }
  g_autoptr (GPtrArray) words = split (line, length);
  const char *name = words->len > 0 ? words->pdata[0] : "";
  if (g_ascii_strcasecmp (name, "LANG") == 0)
    return parse_language (self, words, error);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    if (g_ascii_strcasecmp (name, pb_pop3_verb_get_info (rules[i].verb)->name) == 0)
      return parse_numbers (self, &rules[i], words, error);
  }
  g_set_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED,
               "this is no command of a session that is signed in");
  return FALSE;
}
