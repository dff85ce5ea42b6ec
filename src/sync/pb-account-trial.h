/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tries an account that is being set up: sign in, ask how much waits there, quit. Changes
 * nothing on the server, and nothing here. */

#pragma once

#include "pb-account.h"
#include "pb-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a trial found out. */
typedef struct {
  guint messages;
  guint64 octets;
  char *tls;            /* "TLS 1.3, TLS_AES_256_GCM_SHA384"; NULL without encryption */
  char *implementation; /* what the server calls itself, untrusted; NULL where it does not */
  GStrv capabilities;   /* as in CAPA, untrusted; NULL where there is no CAPA */
  PbAuth mechanism;     /* that was used */
  int expire_days;      /* how long the server says it keeps mail; G_MAXINT for ever, -1: unsaid */
  guint login_delay;    /* seconds between two log-ins; 0: unsaid */
} PbTrialFacts;

PbTrialFacts *pb_trial_facts_copy (const PbTrialFacts *self) G_GNUC_WARN_UNUSED_RESULT;
void pb_trial_facts_free (PbTrialFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbTrialFacts, pb_trial_facts_free)

/* @secret may be NULL where the way to sign in needs none. Completes when the session has
 * ended. Errors: those of PbPop3Session. */
void pb_account_trial_async (PbAccount *account,
                             PbSecret *secret,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean
pb_account_trial_finish (GAsyncResult *result, guint *messages, guint64 *octets, GError **error);

/* Of a trial that went well, before or after it was finished; NULL of another. Owned by
 * @result. */
const PbTrialFacts *pb_account_trial_get_facts (GAsyncResult *result);

G_END_DECLS
