/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server console: a person types POP3 commands into a real session that Postbag signed in, and
 * everything that is sent, answered or asked comes back as events. It has the mailbox to itself.
 * DELE, and QUIT after it, are asked about first; whoever goes away without QUIT takes all marks
 * back. Nothing is sent but what was typed, the look-up before a DELE, and RSET and QUIT at the
 * end.
 * Main context; pb_sync_service_open_console () makes one. */

#pragma once

#include "pb-account.h"
#include "pb-console-event.h"
#include "pb-mail-store.h"
#include "pb-secrets.h"

G_BEGIN_DECLS

#define PB_TYPE_CONSOLE (pb_console_get_type ())
G_DECLARE_FINAL_TYPE (PbConsole, pb_console, PB, CONSOLE, GObject)

typedef enum {
  PB_CONSOLE_STATE_CONNECTING,
  PB_CONSOLE_STATE_READY,
  PB_CONSOLE_STATE_BUSY,   /* a command is not answered yet */
  PB_CONSOLE_STATE_ASKING, /* pb_console_answer () is waited for */
  PB_CONSOLE_STATE_CLOSING,
  PB_CONSOLE_STATE_CLOSED,
} PbConsoleState;

/* Without a command for so long it closes. */
#define PB_CONSOLE_IDLE_SECONDS 300

/* Signal "event" (PbConsoleEvent, valid during the emission). After CLOSED there are none.
 * Property "state" (int), which is up to date when an event comes. */

PbConsole *pb_console_new (PbAccount *account, PbSecrets *secrets, PbMailStore *store);

/* Connects and signs in, once; OPENED or CLOSED tells, later. */
void pb_console_open (PbConsole *self);

/* A line as it was typed. What cannot be sent is answered with NOT_SENT at once. */
void pb_console_submit (PbConsole *self, const char *typed);

/* Answers ASK_DELETE and ASK_QUIT; does nothing in other states. */
void pb_console_answer (PbConsole *self, gboolean yes);

/* Takes back what was marked, says QUIT and closes; a command that is not answered yet ends the
 * connection instead. CLOSED tells, later. Does nothing the second time. */
void pb_console_close (PbConsole *self);

PbConsoleState pb_console_get_state (PbConsole *self);
PbAccount *pb_console_get_account (PbConsole *self); /* borrowed */
guint pb_console_get_marks (PbConsole *self);        /* messages that are marked for deletion */
guint pb_console_get_idle_seconds (PbConsole *self); /* since the last command or its reply */

/* What was said so far, as PbTranscript gives it; NULL before the session was begun. */
char *pb_console_dup_transcript (PbConsole *self);

/* For tests: another time than PB_CONSOLE_IDLE_SECONDS. To be called before open (). */
void pb_console_set_idle_limit (PbConsole *self, guint milliseconds);

G_END_DECLS
