/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Options and arguments of one command, its --help, and what is said when they are wrong. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *synopsis;        /* after the name: "ID --address A --server HOST" */
  const char *description;     /* whole sentences, translated */
  const GOptionEntry *entries; /* NULL-terminated, or NULL */
  guint min_arguments;
  guint max_arguments;              /* G_MAXUINT for any number */
  const GOptionEntry *more_entries; /* or NULL */
} PbCliSyntax;

/* Takes the options out of @args, fills in what the entries point to, and returns the remaining
 * arguments (without the name; owned by the caller). NULL when there is nothing left to do: help
 * was printed or the usage is wrong (said on standard error); then *@status is the exit code. */
GStrv pb_cli_parse (GStrv args, const PbCliSyntax *syntax, int *status) G_GNUC_WARN_UNUSED_RESULT;

/* Prints "postbag-cli @command: …" and where help is; returns PB_EXIT_USAGE. */
int pb_cli_usage_error (const char *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
