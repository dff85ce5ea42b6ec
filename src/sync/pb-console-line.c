/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* This is for people: it tells them what is wrong. The protocol layer checks again before it sends
 * anything. */

#include "pb-console-line.h"

#include <string.h>

#define LINE_MAX_LENGTH 255
#define HIDDEN "****"

typedef enum {
  TAKES_NOTHING,
  TAKES_MAYBE_NUMBER,
  TAKES_NUMBER,
  TAKES_NUMBER_AND_LINES,
  TAKES_LANGUAGE,
  IS_REFUSED,
} Takes;

typedef struct {
  const char *name;
  Takes takes;
  gboolean multi_line;      /* without an argument, or with any where one must be */
  PbConsoleRefusal refusal; /* with IS_REFUSED */
} Rule;

static const Rule rules[] = {
  { .name = "STAT", .takes = TAKES_NOTHING },
  { .name = "LIST", .takes = TAKES_MAYBE_NUMBER, .multi_line = TRUE },
  { .name = "UIDL", .takes = TAKES_MAYBE_NUMBER, .multi_line = TRUE },
  { .name = "RETR", .takes = TAKES_NUMBER, .multi_line = TRUE },
  { .name = "TOP", .takes = TAKES_NUMBER_AND_LINES, .multi_line = TRUE },
  { .name = "DELE", .takes = TAKES_NUMBER },
  { .name = "RSET", .takes = TAKES_NOTHING },
  { .name = "NOOP", .takes = TAKES_NOTHING },
  { .name = "QUIT", .takes = TAKES_NOTHING },
  { .name = "CAPA", .takes = TAKES_NOTHING, .multi_line = TRUE },
  { .name = "LANG", .takes = TAKES_LANGUAGE, .multi_line = TRUE },
  { .name = "USER", .takes = IS_REFUSED, .refusal = PB_CONSOLE_REFUSED_SIGNED_IN },
  { .name = "PASS", .takes = IS_REFUSED, .refusal = PB_CONSOLE_REFUSED_SIGNED_IN },
  { .name = "APOP", .takes = IS_REFUSED, .refusal = PB_CONSOLE_REFUSED_SIGNED_IN },
  { .name = "AUTH", .takes = IS_REFUSED, .refusal = PB_CONSOLE_REFUSED_SIGNED_IN },
  { .name = "STLS", .takes = IS_REFUSED, .refusal = PB_CONSOLE_REFUSED_TLS },
  { .name = "UTF8", .takes = IS_REFUSED, .refusal = PB_CONSOLE_REFUSED_UTF8 },
};

static const Rule *
find_rule (const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    if (g_ascii_strcasecmp (rules[i].name, name) == 0)
      return &rules[i];
  }
  return NULL;
}

static gboolean
has_controls (const char *typed) {
  for (const char *c = typed; *c; c++) {
    if (*c != '\t' && g_ascii_iscntrl (*c))
      return TRUE;
  }
  return strlen (typed) > LINE_MAX_LENGTH;
}

static GStrv
split (const char *typed) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit_set (typed, " \t", -1);

  for (guint i = 0; parts[i]; i++) {
    if (*parts[i])
      g_strv_builder_add (builder, parts[i]);
  }
  return g_strv_builder_end (builder);
}

static gboolean
is_number (const char *word, guint64 least) {
  return g_ascii_string_to_unsigned (word, 10, least, G_MAXINT, NULL, NULL);
}

static gboolean
is_language (const char *word) {
  return strcmp (word, "*") == 0 ||
         (strlen (word) <= 35 &&
          strspn (word, "-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
            strlen (word));
}

static gboolean
arguments_fit (const Rule *rule, GStrv words) {
  guint count = g_strv_length (words) - 1;

  switch (rule->takes) {
  case TAKES_NOTHING:
    return count == 0;
  case TAKES_MAYBE_NUMBER:
    return count == 0 || (count == 1 && is_number (words[1], 1));
  case TAKES_NUMBER:
    return count == 1 && is_number (words[1], 1);
  case TAKES_NUMBER_AND_LINES:
    return count == 2 && is_number (words[1], 1) && is_number (words[2], 0);
  case TAKES_LANGUAGE:
    return count == 0 || (count == 1 && is_language (words[1]));
  case IS_REFUSED:
    break;
  }
  return FALSE;
}

/* Says no to it; of its arguments nothing is kept but that there were some. */
static PbConsoleLine *
refuse (const Rule *rule, gboolean has_arguments, PbConsoleRefusal refusal) {
  PbConsoleLine *self = g_new0 (PbConsoleLine, 1);
  const char *name = rule ? rule->name : HIDDEN;

  self->command = rule ? rule->name : NULL;
  self->refused = TRUE;
  self->refusal = refusal;
  self->argument = g_strdup (has_arguments ? HIDDEN : "");
  self->text = rule && has_arguments ? g_strconcat (name, " " HIDDEN, NULL) : g_strdup (name);
  return self;
}

static PbConsoleLine *
accept_line (const Rule *rule, GStrv words) {
  PbConsoleLine *self = g_new0 (PbConsoleLine, 1);

  self->command = rule->name;
  self->argument = g_strjoinv (" ", words + 1);
  self->text =
    words[1] ? g_strconcat (rule->name, " ", self->argument, NULL) : g_strdup (rule->name);
  if (rule->takes != TAKES_LANGUAGE && words[1])
    self->number = (guint) g_ascii_strtoull (words[1], NULL, 10);
  gboolean optional = rule->takes == TAKES_MAYBE_NUMBER || rule->takes == TAKES_LANGUAGE;
  self->multi_line = rule->multi_line && !(optional && words[1]);
  return self;
}

PbConsoleLine *
pb_console_line_new (const char *typed) {
  g_return_val_if_fail (typed != NULL, NULL);

  g_auto (GStrv) words = split (typed);
  const Rule *rule = words[0] ? find_rule (words[0]) : NULL;
  gboolean has_arguments = words[0] && words[1];
  if (rule && rule->takes == IS_REFUSED)
    return refuse (rule, has_arguments, rule->refusal);
  if (has_controls (typed) || !g_utf8_validate (typed, -1, NULL))
    return refuse (rule, has_arguments, PB_CONSOLE_REFUSED_CONTROLS);
  if (!rule)
    return refuse (NULL, FALSE, PB_CONSOLE_REFUSED_UNKNOWN);
  if (!arguments_fit (rule, words))
    return refuse (rule, has_arguments, PB_CONSOLE_REFUSED_ARGUMENTS);
  return accept_line (rule, words);
}

void
pb_console_line_free (PbConsoleLine *self) {
  if (!self)
    return;
  g_free (self->argument);
  g_free (self->text);
  g_free (self);
}
