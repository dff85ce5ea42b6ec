/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* POP3 as the demo server speaks it with one client: a line in, a reply out. No socket here. */

#pragma once

#include "pb-demo-output.h"
#include "pb-demo-server-private.h"

G_BEGIN_DECLS

typedef enum {
  PB_DEMO_NEXT_LINE,
  PB_DEMO_NEXT_TLS,   /* send what waits, then shake hands */
  PB_DEMO_NEXT_CLOSE, /* send what waits, then close properly */
  PB_DEMO_NEXT_CRASH, /* send what waits, then close without the farewell of TLS */
  PB_DEMO_NEXT_MUTE,  /* never answer again */
} PbDemoNext;

typedef struct {
  PbDemoServer *server; /* borrowed; NULL once it was stopped */
  PbDemoOutput *output; /* borrowed */
  gboolean is_protected;
  char *user;
  guint failures;
  GPtrArray *messages; /* of PbDemoMessage, as they were at sign-in; NULL before it */
  GHashTable *deleted; /* of the messages, marked */
} PbDemoDialogue;

void pb_demo_dialogue_init (PbDemoDialogue *self, PbDemoServer *server, PbDemoOutput *output);
void pb_demo_dialogue_clear (PbDemoDialogue *self);

/* @line without its end is untrusted; "" in the first call asks for the greeting. */
PbDemoNext pb_demo_dialogue_receive (PbDemoDialogue *self, const char *line);

G_END_DECLS
