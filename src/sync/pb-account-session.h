/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From an account to a session: the only place where settings of one become settings of the
 * other. */

#pragma once

#include "pb-account.h"
#include "pb-detour.h"
#include "pb-pop3-session.h"
#include "pb-secret.h"
#include "pb-server-notes.h"

G_BEGIN_DECLS

/* @account has an endpoint and a user; @secret is NULL where its way to sign in needs none. Nothing
 * is connected yet. */
PbPop3Session *pb_account_session_new (PbAccount *account,
                                       PbSecret *secret) G_GNUC_WARN_UNUSED_RESULT;

/* The same with what @notes hold of the server, and what this pass leaves out: it is not asked for
 * what it has trouble with. */
PbPop3Session *pb_account_session_new_noted (PbAccount *account,
                                             PbSecret *secret,
                                             PbServerNotes *notes,
                                             const PbDetour *detour) G_GNUC_WARN_UNUSED_RESULT;

/* What came out about the server in @session, for the next one. */
void pb_account_session_note (PbAccount *account, PbPop3Session *session, PbServerNotes *notes);

G_END_DECLS
