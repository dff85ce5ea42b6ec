/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server console explained: what each command of POP3 does, what the server's replies mean,
 * and what is asked before something is lost. All strings are translated. */

#pragma once

#include "pb-console-event.h"

G_BEGIN_DECLS

/* One command, for a list of them. Belongs to this layer. */
typedef struct {
  const char *name;
  const char *syntax;      /* "TOP n lines" */
  const char *summary;     /* a few words */
  const char *explanation; /* a sentence or two */
  gboolean usable;         /* may be sent from the console */
} PbConsoleCommand;

/* The command at @index, in an order in which one learns them; FALSE behind the last. */
gboolean pb_console_words_get_command (guint index, PbConsoleCommand *command);

/* The command that @line begins with, in letters of either case; FALSE when it is none. */
gboolean pb_console_words_find_command (const char *line, PbConsoleCommand *command);

/* What @event means, in one to three sentences; NULL where the event says all by itself. */
char *pb_console_words_explain (const PbConsoleEvent *event);

/* The event as one line of the dialogue: what was said, or what happened. Never NULL. */
char *pb_console_words_line (const PbConsoleEvent *event);

G_END_DECLS
