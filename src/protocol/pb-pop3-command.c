/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The command table and the building of lines. */

#include "pb-pop3-command.h"

#include <string.h>

#include "pb-error.h"

/* The sign-in commands and QUIT are sent alone: what comes next depends on their reply. */
static const PbPop3CommandInfo table[] = {
  [PB_POP3_CAPA] = { .name = "CAPA", .multi_line = TRUE },
  [PB_POP3_STLS] = { .name = "STLS" },
  [PB_POP3_USER] = { .name = "USER" },
  [PB_POP3_PASS] = { .name = "PASS", .secret = TRUE },
  [PB_POP3_APOP] = { .name = "APOP", .secret = TRUE },
  [PB_POP3_AUTH] = { .name = "AUTH", .secret = TRUE },
  [PB_POP3_UTF8] = { .name = "UTF8" },
  [PB_POP3_LANG] = { .name = "LANG" },
  [PB_POP3_STAT] = { .name = "STAT", .pipelined = TRUE },
  [PB_POP3_LIST] = { .name = "LIST", .multi_line = TRUE, .pipelined = TRUE },
  [PB_POP3_UIDL] = { .name = "UIDL", .multi_line = TRUE, .pipelined = TRUE },
  [PB_POP3_RETR] = { .name = "RETR", .multi_line = TRUE, .pipelined = TRUE, .numbered = TRUE },
  [PB_POP3_TOP] = { .name = "TOP", .multi_line = TRUE, .pipelined = TRUE, .numbered = TRUE },
  [PB_POP3_DELE] = { .name = "DELE", .pipelined = TRUE, .numbered = TRUE },
  [PB_POP3_RSET] = { .name = "RSET", .pipelined = TRUE },
  [PB_POP3_NOOP] = { .name = "NOOP", .pipelined = TRUE },
  [PB_POP3_QUIT] = { .name = "QUIT" },
};

const PbPop3CommandInfo *
pb_pop3_verb_get_info (PbPop3Verb verb) {
  g_return_val_if_fail ((gsize) verb < G_N_ELEMENTS (table), NULL);

  return &table[verb];
}

static gboolean
argument_is_sendable (const char *argument, gsize length) {
  return length <= PB_POP3_ARGUMENT_MAX && !memchr (argument, '\r', length) &&
         !memchr (argument, '\n', length) && !memchr (argument, '\0', length);
}

static void
append_text (GByteArray *to, const char *text, gsize length) {
  g_byte_array_append (to, (const guint8 *) text, (guint) length);
}

gboolean
pb_pop3_command_append (GByteArray *to,
                        PbPop3Verb verb,
                        const char *argument,
                        gsize length,
                        GError **error) {
  const PbPop3CommandInfo *info = pb_pop3_verb_get_info (verb);

  if (argument && !argument_is_sendable (argument, length)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID,
                 "the argument of %s is too long or has a line end or NUL in it", info->name);
    return FALSE;
  }
  append_text (to, info->name, strlen (info->name));
  if (argument) {
    append_text (to, " ", 1);
    append_text (to, argument, length);
  }
  append_text (to, "\r\n", 2);
  return TRUE;
}

static int
print_numbered (char *line, gsize size, PbPop3Verb verb, guint number, guint lines) {
  const char *name = pb_pop3_verb_get_info (verb)->name;

  return verb == PB_POP3_TOP ? g_snprintf (line, size, "%s %u %u", name, number, lines)
                             : g_snprintf (line, size, "%s %u", name, number);
}

void
pb_pop3_command_append_numbered (GByteArray *to, PbPop3Verb verb, guint number, guint lines) {
  char line[40];

  append_text (to, line, (gsize) print_numbered (line, sizeof line, verb, number, lines));
  append_text (to, "\r\n", 2);
}

char *
pb_pop3_command_to_printable (PbPop3Verb verb, const char *argument) {
  const PbPop3CommandInfo *info = pb_pop3_verb_get_info (verb);
  /* The name of the mechanism, and that of the user, in which there may be blanks. */
  const char *blank = !argument              ? NULL
                      : verb == PB_POP3_AUTH ? strchr (argument, ' ')
                      : verb == PB_POP3_APOP ? strrchr (argument, ' ')
                                             : NULL;

  if (blank)
    return g_strdup_printf ("%s %.*s ****", info->name, (int) (blank - argument), argument);
  if (info->secret && verb != PB_POP3_AUTH)
    return g_strconcat (info->name, " ****", NULL);
  return argument ? g_strconcat (info->name, " ", argument, NULL) : g_strdup (info->name);
}

char *
pb_pop3_command_to_printable_numbered (PbPop3Verb verb, guint number, guint lines) {
  char line[40];

  print_numbered (line, sizeof line, verb, number, lines);
  return g_strdup (line);
}
