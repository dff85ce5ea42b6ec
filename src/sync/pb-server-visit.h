/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One session with a mailbox in which a person looks around: from the password to a listing whose
 * messages have names and are matched with what is here, and out again by QUIT. Used once; what is
 * done in between is done by others, with what it holds. Main context. */

#pragma once

#include "pb-account.h"
#include "pb-mail-store.h"
#include "pb-pop3-session.h"
#include "pb-removal.h"
#include "pb-secrets.h"
#include "pb-server-notes.h"

G_BEGIN_DECLS

#define PB_TYPE_SERVER_VISIT (pb_server_visit_get_type ())
G_DECLARE_FINAL_TYPE (PbServerVisit, pb_server_visit, PB, SERVER_VISIT, GObject)

/* Signal "listed" (): sizes are known, long before the names are; only where the server has no
 * names of its own. */

PbServerVisit *pb_server_visit_new (PbAccount *account,
                                    PbSecrets *secrets,
                                    PbMailStore *store,
                                    PbServerNotes *notes);

/* Errors: as of a check. It must be left even so. */
void pb_server_visit_open_async (PbServerVisit *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_server_visit_open_finish (PbServerVisit *self, GAsyncResult *result, GError **error);

/* All borrowed, and valid once it is open. The ledger is a GArray of PbLedgerRow for the
 * listing. */
PbPop3Session *pb_server_visit_get_session (PbServerVisit *self);
PbListing *pb_server_visit_get_listing (PbServerVisit *self);
const GArray *pb_server_visit_get_ledger (PbServerVisit *self);
PbRemoval *pb_server_visit_get_removal (PbServerVisit *self);

/* FALSE where the server says that it cannot send heads. */
gboolean pb_server_visit_may_top (PbServerVisit *self);

/* Asks the ledger anew about the same listing. */
void
pb_server_visit_match_async (PbServerVisit *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_server_visit_match_finish (PbServerVisit *self, GAsyncResult *result, GError **error);

/* Ends it, by QUIT where there is still a session: only that makes deletions true. The mailbox is
 * free for others afterwards. @gone is filled with the numbers whose deletion was confirmed (GArray
 * of guint; the caller's). Fails only where deletions were asked for and not confirmed. */
void
pb_server_visit_leave_async (PbServerVisit *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_server_visit_leave_finish (PbServerVisit *self,
                                       GAsyncResult *result,
                                       GArray **gone,
                                       GError **error);

/* The dialogue so far; NULL when it did not come to one. */
char *pb_server_visit_dup_transcript (PbServerVisit *self);

G_END_DECLS
