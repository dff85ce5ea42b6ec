/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One question that was asked while the servers of an address were looked for: of whom, what for,
 * and what came back. Plain data for a list; the words are in pb-provider-words.h. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  PB_STEP_TABLE,      /* the built-in table; nobody outside is asked */
  PB_STEP_SRV,        /* DNS: the server that the domain names (RFC 6186, RFC 8314) */
  PB_STEP_AUTOCONFIG, /* the web server of the domain, over HTTPS */
  PB_STEP_MX,         /* DNS: who takes the mail of the domain */
  PB_STEP_PROBE,      /* a usual name and port: a connection with TLS, nothing signed in */
} PbStepKind;

typedef enum {
  PB_STEP_ASKING,
  PB_STEP_FOUND,
  PB_STEP_NOTHING, /* the answer is: no such thing */
  PB_STEP_FAILED,  /* no answer, or none that can be used */
} PbStepOutcome;

typedef struct {
  PbStepKind kind;
  char *asked; /* of PROBE and AUTOCONFIG: the host; of SRV and MX "" (the resolver) */
  char *what;  /* the name, URL or "host:port" that was asked for; of TABLE the domain */
  PbStepOutcome outcome;
  char *answer; /* what was found ("pop.example.org:995"), or why it failed (not translated, may
                 * quote the other side, untrusted); "" while asking */
} PbDiscoveryStep;

#define PB_TYPE_DISCOVERY_STEP (pb_discovery_step_get_type ())
GType pb_discovery_step_get_type (void);

PbDiscoveryStep *pb_discovery_step_new (PbStepKind kind, const char *asked, const char *what);
PbDiscoveryStep *pb_discovery_step_copy (const PbDiscoveryStep *self);
void pb_discovery_step_free (PbDiscoveryStep *self);

/* The answer; @text may be NULL. */
void pb_discovery_step_set (PbDiscoveryStep *self, PbStepOutcome outcome, const char *text);

/* "table", "srv", "autoconfig", "mx", "probe"; "asking", "found", "nothing", "failed". */
const char *pb_step_kind_to_string (PbStepKind kind);
const char *pb_step_outcome_to_string (PbStepOutcome outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbDiscoveryStep, pb_discovery_step_free)

G_END_DECLS
