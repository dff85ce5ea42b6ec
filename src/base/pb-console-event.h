/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens in the server console, as values without words: the console makes them, the words
 * layer explains them, window and command line show both. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PB_CONSOLE_OPENED,     /* signed in; @text: the host */
  PB_CONSOLE_COMMAND,    /* @text: a command as it is about to be sent */
  PB_CONSOLE_STATUS,     /* @text: the first line of a reply; @ok */
  PB_CONSOLE_LINE,       /* @text: a further line of it */
  PB_CONSOLE_FOLDED,     /* @count further lines were not shown */
  PB_CONSOLE_NOT_SENT,   /* @text: what was typed, masked; @refusal: why */
  PB_CONSOLE_ASK_DELETE, /* DELE of message @number: @copy tells what is here of it */
  PB_CONSOLE_ASK_QUIT,   /* QUIT would delete @count messages for good */
  PB_CONSOLE_CANCELLED,  /* the question was answered with no */
  PB_CONSOLE_TAKEN_BACK, /* @count marks were taken back before the console closed */
  PB_CONSOLE_IDLE,       /* nothing was typed for so long that it closes */
  PB_CONSOLE_CLOSED,     /* @error, or NULL; nothing follows. @count messages are gone for good */
} PbConsoleKind;

/* What is here of a message that lies on the server. */
typedef enum {
  PB_CONSOLE_COPY_HERE,    /* a complete copy is durable here */
  PB_CONSOLE_COPY_DELETED, /* it was here, and was deleted here for good */
  PB_CONSOLE_COPY_NONE,    /* no complete copy is here */
  PB_CONSOLE_COPY_UNKNOWN, /* the server does not tell which message it is, or has no such number */
} PbConsoleCopy;

/* Why a command was not sent. */
typedef enum {
  PB_CONSOLE_REFUSED_UNKNOWN,   /* no command of POP3 */
  PB_CONSOLE_REFUSED_SIGNED_IN, /* USER, PASS, APOP, AUTH: it is signed in already */
  PB_CONSOLE_REFUSED_TLS,       /* STLS: belongs before the sign-in */
  PB_CONSOLE_REFUSED_UTF8,      /* UTF8: belongs before the sign-in */
  PB_CONSOLE_REFUSED_ARGUMENTS, /* @command takes other arguments */
  PB_CONSOLE_REFUSED_CONTROLS,  /* line ends or other controls within the line, or too long */
  PB_CONSOLE_REFUSED_BUSY,      /* the last command is not answered yet */
  PB_CONSOLE_REFUSED_CLOSED,    /* there is no session any more */
} PbConsoleRefusal;

/* Texts are UTF-8 made fit to be shown (untrusted where they come from the server), and like all
 * pointers only valid while the event is handed over. */
typedef struct {
  PbConsoleKind kind;
  const char *command;  /* in capitals: which command it is about; NULL for none */
  const char *argument; /* of @command, "" for none */
  const char *text;
  const char *code; /* STATUS: the response code in capitals ("SYS/TEMP"), or NULL */
  gboolean ok;
  gboolean multi_line; /* STATUS: further lines follow */
  guint number;
  guint64 count;
  PbConsoleCopy copy;
  PbConsoleRefusal refusal;
  const GError *error;
} PbConsoleEvent;

G_END_DECLS
