/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One pass over one account: find the password, lock the mailbox, sign in, list, decide
 * (pb-fetch-plan), retrieve into the store (pb-retrieval), remove what may go (pb-removal), quit.
 * When the connection is lost at a message, it signs in a second time and asks for that one last;
 * one at which it is lost again counts as refused. Used once. Main context. */

#pragma once

#include "pb-account.h"
#include "pb-fetch-result.h"
#include "pb-mail-store.h"
#include "pb-operation.h"
#include "pb-secrets.h"
#include "pb-server-notes.h"

G_BEGIN_DECLS

#define PB_TYPE_RECEIVER (pb_receiver_get_type ())
G_DECLARE_FINAL_TYPE (PbReceiver, pb_receiver, PB, RECEIVER, GObject)

/* @operation is told the progress, and stops the pass when it is cancelled. */
PbReceiver *pb_receiver_new (PbAccount *account,
                             PbSecrets *secrets,
                             PbMailStore *store,
                             PbOperation *operation);

/* What is known of the server is obeyed, and what comes out about it noted. To be called before it
 * runs; without it the receiver learns nothing for the next. */
void pb_receiver_set_notes (PbReceiver *self, PbServerNotes *notes);

/* @fetched is always filled in: whatever ends the pass, messages that were complete by then are
 * durable here, and nothing was removed from the server that is not. One message that the server
 * refuses does not end it. Errors: those of PbPop3Session and PbMailStore, PB_ERROR_NO_SECRET,
 * PB_ERROR_LOCKED, PB_ERROR_INVALID for an account that cannot be used; when disk or database
 * fail, no deletion is confirmed to the server. Cancelled during the transfer it fails with
 * G_IO_ERROR_CANCELLED, within 200 ms and what the disk needs. */
void pb_receiver_run_async (PbReceiver *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_receiver_run_finish (PbReceiver *self,
                                 GAsyncResult *result,
                                 PbFetchResult *fetched,
                                 GError **error);

/* The dialogue so far; "" when it did not come to one. */
char *pb_receiver_dup_transcript (PbReceiver *self);

/* What stays on the server because it does not come: GPtrArray of PbRefusedMessage, NULL before
 * that is known. */
GPtrArray *pb_receiver_get_refused (PbReceiver *self);

G_END_DECLS
