/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands of POP3: what is to be known of each, how its line is built, and how it may be
 * shown. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PB_POP3_CAPA,
  PB_POP3_STLS,
  PB_POP3_USER,
  PB_POP3_PASS,
  PB_POP3_APOP,
  PB_POP3_AUTH,
  PB_POP3_UTF8,
  PB_POP3_LANG,
  PB_POP3_STAT,
  PB_POP3_LIST,
  PB_POP3_UIDL,
  PB_POP3_RETR,
  PB_POP3_TOP,
  PB_POP3_DELE,
  PB_POP3_RSET,
  PB_POP3_NOOP,
  PB_POP3_QUIT,
} PbPop3Verb;

typedef struct {
  char name[5];
  guint multi_line : 1; /* as used here: LIST and UIDL without a message number */
  guint pipelined : 1;  /* may be sent while replies are awaited, and others behind it */
  guint numbered : 1;   /* takes a message number */
  guint secret : 1;     /* its argument must never be shown */
} PbPop3CommandInfo;

const PbPop3CommandInfo *pb_pop3_verb_get_info (PbPop3Verb verb);

/* The longest argument that is sent. */
#define PB_POP3_ARGUMENT_MAX 12288

/* Appends "NAME\r\n", or "NAME argument\r\n". @argument may be NULL. Fails with
 * PB_ERROR_INVALID, appending nothing, when @argument has CR, LF or NUL within its @length bytes
 * or is too long. */
gboolean pb_pop3_command_append (GByteArray *to,
                                 PbPop3Verb verb,
                                 const char *argument,
                                 gsize length,
                                 GError **error);

/* The same for the commands that take message numbers: "RETR 3", "TOP 3 20" (@lines is for TOP
 * alone). */
void pb_pop3_command_append_numbered (GByteArray *to, PbPop3Verb verb, guint number, guint lines);

/* What may be shown of a command: "USER li.na", "PASS ****", "APOP li.na ****", "AUTH PLAIN ****".
 * Of what is secret not even the length shows. */
char *pb_pop3_command_to_printable (PbPop3Verb verb, const char *argument);

/* The same for numbered commands. */
char *pb_pop3_command_to_printable_numbered (PbPop3Verb verb, guint number, guint lines);

G_END_DECLS
