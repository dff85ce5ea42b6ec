/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The only place where an error becomes words for people: what happened, what it means for the
 * mail, what to do. Used by the window and by postbag-cli. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a button can do about it. */
typedef enum {
  PB_REMEDY_NONE,
  PB_REMEDY_TRY,         /* check again now */
  PB_REMEDY_SIGN_IN,     /* enter the password */
  PB_REMEDY_CERTIFICATE, /* look at the certificate */
  PB_REMEDY_ACCOUNT,     /* change the account's settings */
  PB_REMEDY_PROVIDER,    /* open the provider's page */
  PB_REMEDY_NETWORK,     /* open the network settings */
  PB_REMEDY_FOLDER,      /* show the folder with the mail */
  PB_REMEDY_SPACE,       /* free some space */
  PB_REMEDY_LOG,         /* look at what was said */
} PbRemedy;

typedef struct {
  const char *id; /* of the cause; never changes, for code and tests */
  PbRemedy remedy;
  gboolean network; /* nothing but what one sees without a network */
  char *title;  /* what happened, without a full stop: "The certificate of Work is not trusted" */
  char *effect; /* what it means, one sentence */
  char *advice; /* what to do, one sentence */
  char *server; /* the server's own words, decoded, or NULL */
} PbProblem;

/* @error may be of any domain. @where names the account or file it is about, or NULL. All strings
 * are translated. */
PbProblem *pb_problem_new (const GError *error, const char *where) G_GNUC_WARN_UNUSED_RESULT;
void pb_problem_free (PbProblem *self);

/* What the button for it says, with a mnemonic; NULL for NONE. Not to be freed. */
const char *pb_remedy_label (PbRemedy remedy);

/* Everything in one line, for standard error. */
char *pb_problem_to_line (const PbProblem *self);

/* The exit code of postbag-cli for @error: 2 usage, 3 sign-in, 4 connection, 5 certificate, 6
 * storage, 7 busy, 1 anything else. */
int pb_problem_exit_code (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbProblem, pb_problem_free)

G_END_DECLS
