/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The only place where an error becomes words for people: what happened, what it means for the
 * mail, what to do. Used by the window and by postbag-cli. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *title;  /* what happened, without a full stop: "The certificate of Work is not trusted" */
  char *effect; /* what it means, one sentence */
  char *advice; /* what to do, one sentence */
  char *server; /* the server's own words, or NULL */
} PbProblem;

/* @error may be of any domain. @where names the account or file it is about, or NULL. All strings
 * are translated. */
PbProblem *pb_problem_new (const GError *error, const char *where) G_GNUC_WARN_UNUSED_RESULT;
void pb_problem_free (PbProblem *self);

/* Everything in one line, for standard error. */
char *pb_problem_to_line (const PbProblem *self);

/* The exit code of postbag-cli for @error: 2 usage, 3 sign-in, 4 connection, 5 certificate, 6
 * storage, 7 busy, 1 anything else. */
int pb_problem_exit_code (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbProblem, pb_problem_free)

G_END_DECLS
