/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's reply to one command of the console, made into events: lines fit to be shown, and
 * no more of them than a person reads. However long a reply is, it takes no more room than one
 * line. */

#pragma once

#include "pb-console-event.h"
#include "pb-console-line.h"

G_BEGIN_DECLS

/* Lines of a reply that are shown, behind its status. */
#define PB_CONSOLE_LINES_MAX 200

typedef void (*PbConsoleFunc) (const PbConsoleEvent *event, gpointer user_data);

typedef struct _PbConsoleReply PbConsoleReply;

/* @line is borrowed, and outlives the reply. */
PbConsoleReply *pb_console_reply_new (const PbConsoleLine *line,
                                      PbConsoleFunc func,
                                      gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void pb_console_reply_free (PbConsoleReply *self);

/* One line without its end; the first is the status. Untrusted. */
void pb_console_reply_take_line (PbConsoleReply *self, const guint8 *data, gsize length);

/* A piece of a message, with LF as line end. Untrusted. */
void pb_console_reply_take_body (PbConsoleReply *self, const guint8 *data, gsize length);

/* The reply is complete: a line without an end is handed out, and how many were left out. */
void pb_console_reply_end (PbConsoleReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbConsoleReply, pb_console_reply_free)

G_END_DECLS
