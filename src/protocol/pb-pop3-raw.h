/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A command as a person types it, checked: only commands that belong into a session that is signed
 * in, with arguments that have no choice but to be right. */

#pragma once

#include <gio/gio.h>

#include "pb-pop3-command.h"

G_BEGIN_DECLS

/* The longest line that is looked at. */
#define PB_POP3_RAW_MAX 255

typedef struct {
  PbPop3Verb verb;
  gboolean multi_line; /* what follows +OK ends with a line of one dot */
  char argument[48];   /* "" for none */
} PbPop3Raw;

/* @line (not trusted, @length bytes) is "verb", "verb number" and so on, in letters of either
 * case, with blanks around its words. Takes STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP, QUIT,
 * CAPA and LANG; fails with PB_ERROR_UNSUPPORTED for any other command and with PB_ERROR_INVALID
 * for a line that is too long or has controls in it (CR, LF and NUL among them), and for arguments
 * that the command does not take. */
gboolean pb_pop3_raw_parse (PbPop3Raw *self, const char *line, gsize length, GError **error);

G_END_DECLS
