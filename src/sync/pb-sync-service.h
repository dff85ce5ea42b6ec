/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The public face of receiving: check accounts, try an account that is being set up. Owns the
 * sessions; never talks to people. At most four accounts are worked on at once, one session per
 * account. Main context. */

#pragma once

#include <gio/gio.h>

#include "pb-account-list.h"
#include "pb-fetch-result.h"
#include "pb-mail-store.h"
#include "pb-operation.h"
#include "pb-secrets.h"

G_BEGIN_DECLS

#define PB_TYPE_SYNC_SERVICE (pb_sync_service_get_type ())
G_DECLARE_FINAL_TYPE (PbSyncService, pb_sync_service, PB, SYNC_SERVICE, GObject)

/* Signals: "finished" (PbAccount, PbFetchResult, GError or NULL): a check ended, well or not;
 * also for checks that were joined. The result is a pointer that is valid during the emission.
 *
 * Property "busy" (boolean). */

PbSyncService *
pb_sync_service_new (PbAccountList *accounts, PbSecrets *secrets, PbMailStore *store);

/* Live list of the PbOperation that are waiting or running. Owned by the service. */
GListModel *pb_sync_service_get_operations (PbSyncService *self);

/* Last error of an account's check, NULL when the last one went well. Owned by the service. */
const GError *pb_sync_service_get_error (PbSyncService *self, PbAccount *account);

/* One check of one account: fetch what is new, apply the policy. A check that is running already
 * is joined. @result may be NULL; it is filled in also when an error is returned: what came
 * before it is kept. */
void pb_sync_service_check_async (PbSyncService *self,
                                  PbAccount *account,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pb_sync_service_check_finish (PbSyncService *self,
                                       GAsyncResult *result,
                                       PbFetchResult *fetched,
                                       GError **error);

/* Checks every enabled account. */
void pb_sync_service_check_all (PbSyncService *self);

/* Stops everything; what came is kept. Completes when all sessions have ended. */
void
pb_sync_service_stop_async (PbSyncService *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_sync_service_stop_finish (PbSyncService *self, GAsyncResult *result, GError **error);

/* Signs in with an account that need not be listed, and asks how many messages of how many
 * octets wait. Changes nothing there. */
void pb_sync_service_try_async (PbSyncService *self,
                                PbAccount *account,
                                PbSecret *secret,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean pb_sync_service_try_finish (PbSyncService *self,
                                     GAsyncResult *result,
                                     guint *messages,
                                     guint64 *octets,
                                     GError **error);

/* Where the dialogue of each check is written, for one run of the command-line tool: a callback
 * with the text after each session. NULL for none. */
typedef void (*PbTranscriptFunc) (PbAccount *account, const char *text, gpointer user_data);
void pb_sync_service_set_transcript_func (PbSyncService *self,
                                          PbTranscriptFunc func,
                                          gpointer user_data);

G_END_DECLS
