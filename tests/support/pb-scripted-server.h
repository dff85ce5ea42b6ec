/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Named ways in which a POP3 server misbehaves, to be played by a PbDemoServer with at least three
 * messages. A test loops over all of them: apply, check, expect the code; clear, check again, and
 * everything is there exactly once.
 *
 * Servers that fall silent cost a client its timeout each: give the account a short one. */

#pragma once

#include "pb-demo-server.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  /* The PB_ERROR code of a whole check (sign in, list, fetch all, quit), or -1 when it succeeds
   * nevertheless. */
  int expected_code;
  /* The same where every message is deleted on the server once it is here. */
  int expected_code_deleting;
  /* Only a server with PB_DEMO_STARTTLS shows it. */
  gboolean needs_starttls;

  /* How it is done; for pb-scripted-server.c. */
  const char *command; /* misplayed: "" the greeting, "RETR 2" that one, "DELE" all of them */
  PbDemoVerdict verdict;
  const char *reply; /* may hold NULs */
  gsize reply_length;
  const char *unit; /* follows the reply @count times */
  guint count;
  const char *refused; /* another command, which this server does not know; or NULL */
  const char *offered; /* a capability beyond the usual ones, or NULL */
} PbFault;

const PbFault *pb_faults (guint *count);

/* The server misbehaves from now on, in every session, until pb_fault_clear (). Takes its hook, and
 * its capabilities. */
void pb_fault_apply (const PbFault *fault, PbDemoServer *server);
void pb_fault_clear (PbDemoServer *server);

G_END_DECLS
