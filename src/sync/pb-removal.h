/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The only door to DELE. It lets a message through when, and only when, the ledger says that a
 * complete copy is durable here (or that it was, and a person deleted it here for good), or a
 * "committed" of this very delivery named it as a whole; what somebody marked to be kept it does
 * not let through even then. Whoever asks is not believed: the evidence is collected here. The one
 * exception is a person who looked at the mailbox, was told what has no copy here, and wants
 * exactly that.
 *
 * Lives in the main context of its session; one for each session. */

#pragma once

#include "pb-fetch-plan.h"
#include "pb-mail-store.h"
#include "pb-pop3-session.h"

G_BEGIN_DECLS

#define PB_TYPE_REMOVAL (pb_removal_get_type ())
G_DECLARE_FINAL_TYPE (PbRemoval, pb_removal, PB, REMOVAL, GObject)

/* @plan is made of what @session listed; it tells what the messages are called in the ledger. */
PbRemoval *pb_removal_new (PbPop3Session *session,
                           PbMailStore *store,
                           const char *account_id,
                           PbFetchPlan *plan);

/* Evidence: what the ledger says of the listing (GArray of PbLedgerRow). Rows of messages that
 * have no identity in the plan prove nothing. */
void pb_removal_trust_ledger (PbRemoval *self, const GArray *rows);

/* Evidence: what @delivery, a delivery of this session, will commit from now on. To be called
 * before anybody else listens to its "committed". */
void pb_removal_trust_delivery (PbRemoval *self, PbDelivery *delivery);

/* Sends DELE for those of @numbers for which there is evidence and which were not asked for
 * before, also while the session retrieves. Returns how many were let through. After the session
 * failed nothing is sent. */
guint pb_removal_request (PbRemoval *self, const guint *numbers, guint count);

/* TRUE once anything was let through. */
gboolean pb_removal_has_marks (PbRemoval *self);

/* Waits for the answers to all DELEs, then sends QUIT; only its confirmation makes the deletions
 * true, and then they are noted in the ledger. Fails with the error of the session; the session
 * is closed either way. @removed: how many are gone from the server for certain. Cancelling
 * closes the session. */
void pb_removal_quit_async (PbRemoval *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean
pb_removal_quit_finish (PbRemoval *self, GAsyncResult *result, guint *removed, GError **error);

/* A person wants exactly these gone, whether there is a copy here or not, and has been told which
 * of them have none. Only sync/pb-server-apply.c calls this. Lets nothing through by itself. */
void pb_removal_wish (PbRemoval *self, const guint *numbers, guint count);

/* Completes when the server has answered every DELE that was let through. @marked: how many it has
 * marked; they are gone once quit () is confirmed. Fails as the session did. */
void pb_removal_settle_async (PbRemoval *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean
pb_removal_settle_finish (PbRemoval *self, GAsyncResult *result, guint *marked, GError **error);

/* The numbers that the server has marked, in the order in which it did. Owned by the removal. */
const GArray *pb_removal_get_marked (PbRemoval *self);

/* Takes all marks and wishes back (RSET), once it has settled. When that fails the session is over,
 * and the server forgets the marks. */
void pb_removal_reset_async (PbRemoval *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_removal_reset_finish (PbRemoval *self, GAsyncResult *result, GError **error);

G_END_DECLS
