/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* First in, first out, for the commands of the POP3 machine; by value, so that ten thousand cost
 * one block. */

#pragma once

#include <glib.h>

#include "pb-pop3-command.h"

G_BEGIN_DECLS

typedef struct {
  PbPop3Verb verb;
  guint number; /* of the message, 0 for none */
  guint lines;  /* of TOP */
  gboolean raw; /* typed by a person: the machine's raw holds the rest */
  guint tag;
  guint64 expected; /* octets of the reply, for the window */
  guint64 listed;   /* octets that the server claims of a whole message, 0 for unknown */
  gboolean probe;   /* a NOOP of our own: nobody waits for its answer */
  guint64 position; /* bytes ever sent once this is on its way */
  gboolean behind;  /* it went out before the one ahead of it was answered */
} PbPop3Command;

typedef struct {
  GArray *commands;
  guint first;
  guint64 expected; /* sum of what is in it */
} PbPop3Queue;

void pb_pop3_queue_init (PbPop3Queue *self);
void pb_pop3_queue_clear (PbPop3Queue *self);

guint pb_pop3_queue_get_length (const PbPop3Queue *self);
void pb_pop3_queue_push (PbPop3Queue *self, const PbPop3Command *command);

/* The oldest, NULL when empty; valid until the next push or pop. */
const PbPop3Command *pb_pop3_queue_peek (const PbPop3Queue *self);

/* Takes the oldest out of a queue that is not empty. */
PbPop3Command pb_pop3_queue_pop (PbPop3Queue *self);

G_END_DECLS
