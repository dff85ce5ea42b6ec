/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What an account and a server make of a check: the only place where settings become the policy of
 * a plan. */

#pragma once

#include "pb-fetch-plan.h"
#include "pb-pop3-session.h"

G_BEGIN_DECLS

/* @session is signed in. */
PbFetchPolicy pb_account_policy (PbAccount *account, PbPop3Session *session);

/* On a metered network, of what is larger only the head comes. */
#define PB_METERED_BYTES 50000

/* @account, or one like it that is careful with a @metered network. */
PbAccount *pb_account_policy_apply (PbAccount *account, gboolean metered) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
