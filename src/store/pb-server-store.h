/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store keeps for looking at a mailbox that lies on a server: the heads of messages that
 * are not here (a cache), and what a person wants of them. Further functions of PbMailStore; what
 * is said there about threads and errors holds here. */

#pragma once

#include "pb-mail-store.h"
#include "pb-summary.h"

G_BEGIN_DECLS

/* At most so many heads are kept for all accounts together; the oldest go first. */
#define PB_HEADS_KEPT 50000

/* Heads of what @listing has, from the messages that are here or from what was kept: GPtrArray of
 * PbSummary in its order, NULL for what is not known. Only subject, sender and date are filled
 * in. */
void pb_mail_store_load_heads_async (PbMailStore *self,
                                     const char *account_id,
                                     PbListing *listing,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *
pb_mail_store_load_heads_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Keeps heads for the next visit. @identities (GPtrArray of GBytes) and @heads (of PbSummary)
 * belong together. */
void pb_mail_store_keep_heads (PbMailStore *self,
                               const char *account_id,
                               GPtrArray *identities,
                               GPtrArray *heads);

/* Messages that stay on the server (@keep), or may go again as the policy says. They must have been
 * in a listing that was matched. Durable when it finishes. */
void pb_mail_store_set_keep_async (PbMailStore *self,
                                   const char *account_id,
                                   GPtrArray *identities,
                                   gboolean keep,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean pb_mail_store_set_keep_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* A person wants messages again that were deleted here for good: the ledger forgets that, so that
 * they can come once more. Others are passed over. */
void pb_mail_store_forget_deleted_async (PbMailStore *self,
                                         const char *account_id,
                                         GPtrArray *identities,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean
pb_mail_store_forget_deleted_finish (PbMailStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
