/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person typed into the server console, understood: which command with which arguments, or
 * why it is not sent. A pure function. */

#pragma once

#include "pb-console-event.h"

G_BEGIN_DECLS

typedef struct {
  const char *command; /* in capitals, belongs to this module; NULL for an unknown one */
  char *argument;      /* "" for none; with @refused what may be shown of it */
  char *text;          /* the line as it is sent; with @refused what may be shown of it */
  guint number;        /* of the message, 0 for none */
  gboolean multi_line; /* a good reply has further lines */
  gboolean refused;
  PbConsoleRefusal refusal; /* with @refused */
} PbConsoleLine;

/* Of what follows USER, PASS, APOP and AUTH nothing is kept, and nothing at all of a line that
 * begins with no command: it might be a password. */
PbConsoleLine *pb_console_line_new (const char *typed) G_GNUC_WARN_UNUSED_RESULT;
void pb_console_line_free (PbConsoleLine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbConsoleLine, pb_console_line_free)

G_END_DECLS
