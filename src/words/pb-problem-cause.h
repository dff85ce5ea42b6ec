/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One known cause of trouble as the table has it. Within this layer only. */

#pragma once

#include "pb-error.h"
#include "pb-problem.h"

G_BEGIN_DECLS

/* Exit codes of postbag-cli. */
enum {
  PB_EXIT_OTHER = 1,
  PB_EXIT_USAGE = 2,
  PB_EXIT_SIGN_IN = 3,
  PB_EXIT_CONNECTION = 4,
  PB_EXIT_CERTIFICATE = 5,
  PB_EXIT_STORAGE = 6,
  PB_EXIT_BUSY = 7,
};

/* Kinds of errors of other domains that no PbError stands for. */
enum {
  PB_KIND_STOPPED = 1000,
  PB_KIND_REFUSED,
  PB_KIND_PROXY,
  PB_KIND_HANDSHAKE,
  PB_KIND_NOT_TLS,
  PB_KIND_NAME,
  PB_KIND_NAME_SERVICE,
  PB_KIND_OFFLINE,
  PB_KIND_UNKNOWN,
};

/* It fits when the kind is the same and each of the next three that is set does. */
typedef struct {
  const char *id; /* never changes, not translated; NULL ends the table */
  int kind;       /* PbError or one of the above */
  const char *response_code;
  const char *phrases; /* lower case, between "|" */
  GTlsCertificateFlags flags;
  int exit_code;
  const char *title;       /* without knowing where */
  const char *title_where; /* with one %s */
  const char *effect;
  const char *advice;
  PbRemedy remedy;
  gboolean network; /* it is what one sees without a network */
} PbProblemCause;

/* The first that fits counts; of each kind the last fits always. */
extern const PbProblemCause pb_problem_causes[];

G_END_DECLS
