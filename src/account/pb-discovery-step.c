/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making and copying steps. */

#include "pb-discovery-step.h"

G_DEFINE_BOXED_TYPE (PbDiscoveryStep,
                     pb_discovery_step,
                     pb_discovery_step_copy,
                     pb_discovery_step_free)

PbDiscoveryStep *
pb_discovery_step_new (PbStepKind kind, const char *asked, const char *what) {
  PbDiscoveryStep *self = g_new0 (PbDiscoveryStep, 1);

  self->kind = kind;
  self->asked = g_strdup (asked);
  self->what = g_strdup (what);
  self->outcome = PB_STEP_ASKING;
  self->answer = g_strdup ("");
  return self;
}

PbDiscoveryStep *
pb_discovery_step_copy (const PbDiscoveryStep *self) {
  PbDiscoveryStep *copy = pb_discovery_step_new (self->kind, self->asked, self->what);

  pb_discovery_step_set (copy, self->outcome, self->answer);
  return copy;
}

void
pb_discovery_step_free (PbDiscoveryStep *self) {
  if (!self)
    return;
  g_free (self->asked);
  g_free (self->what);
  g_free (self->answer);
  g_free (self);
}

void
pb_discovery_step_set (PbDiscoveryStep *self, PbStepOutcome outcome, const char *text) {
  self->outcome = outcome;
  g_free (self->answer);
  self->answer = g_utf8_make_valid (text ? text : "", -1);
}

const char *
pb_step_kind_to_string (PbStepKind kind) {
  static const char *const names[] = { "table", "srv", "autoconfig", "mx", "probe" };

  return names[kind];
}

const char *
pb_step_outcome_to_string (PbStepOutcome outcome) {
  static const char *const names[] = { "asking", "found", "nothing", "failed" };

  return names[outcome];
}
