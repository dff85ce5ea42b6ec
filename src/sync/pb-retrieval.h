/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The messages of one session on their way from the server into the store: carries out what a plan
 * wants retrieved, flight by flight (heads, whole messages), and has what came committed. Which
 * ones, and what follows when the session is lost, is decided elsewhere. Used once. Main
 * context. */

#pragma once

#include "pb-fetch-plan.h"
#include "pb-fetch-result.h"
#include "pb-naming.h"
#include "pb-operation.h"
#include "pb-removal.h"

G_BEGIN_DECLS

#define PB_TYPE_RETRIEVAL (pb_retrieval_get_type ())
G_DECLARE_FINAL_TYPE (PbRetrieval, pb_retrieval, PB, RETRIEVAL, GObject)

/* @removal is told of the delivery, and with @remove_at_once asked to remove what is committed.
 * @operation is told the progress. */
PbRetrieval *pb_retrieval_new (PbPop3Session *session,
                               PbMailStore *store,
                               const char *account_id,
                               PbFetchPlan *plan,
                               PbRemoval *removal,
                               gboolean remove_at_once,
                               PbOperation *operation);

/* @naming sees what comes, to compare it with what TOP said. */
void pb_retrieval_set_naming (PbRetrieval *self, PbNaming *naming);

/* Completes when everything that came is durable, or has failed to become it. A message that the
 * server refuses is noted in the store and does not end it. Errors: those of the session, which is
 * over then but after a cancelled call; those of the store, for which the session is closed, so
 * that no deletion is confirmed. A message that does not end (far beyond its size) ends the session
 * with PB_ERROR_PROTOCOL. */
void pb_retrieval_run_async (PbRetrieval *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pb_retrieval_run_finish (PbRetrieval *self, GAsyncResult *result, GError **error);

/* What came so far is added to @result; afterwards this is empty. */
void pb_retrieval_take_result (PbRetrieval *self, PbFetchResult *result);

/* Messages that did not come though the session went on: GPtrArray of PbRefusedMessage. */
GPtrArray *pb_retrieval_get_refused (PbRetrieval *self);

/* After the session was lost: the message that it was lost at, 0 for none, and how many others
 * were still to come. */
guint pb_retrieval_get_lost_at (PbRetrieval *self);
guint pb_retrieval_get_left (PbRetrieval *self);

/* Notes in the store that the session was lost there; @refused: that it counts as refused. Without
 * that it may be tried again at once, though as the last one. */
void pb_retrieval_note_loss (PbRetrieval *self, gboolean refused);

G_END_DECLS
