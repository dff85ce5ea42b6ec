/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From an account to a session: the only place where settings of one become settings of the
 * other. */

#pragma once

#include "pb-account.h"
#include "pb-pop3-session.h"
#include "pb-secret.h"

G_BEGIN_DECLS

/* @account has an endpoint and a user. Nothing is connected yet. */
PbPop3Session *pb_account_session_new (PbAccount *account,
                                       PbSecret *secret) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
