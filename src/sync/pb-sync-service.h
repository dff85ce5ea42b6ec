/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The public face of receiving: check accounts, try an account that is being set up. Owns the
 * sessions; never talks to people. At most four accounts are worked on at once, one session per
 * account. Main context. */

#pragma once

#include <gio/gio.h>

#include "pb-account-list.h"
#include "pb-account-trial.h"
#include "pb-console.h"
#include "pb-fetch-result.h"
#include "pb-mail-store.h"
#include "pb-operation.h"
#include "pb-secrets.h"
#include "pb-server-mailbox.h"
#include "pb-server-notes.h"
#include "pb-transcript-log.h"

G_BEGIN_DECLS

#define PB_TYPE_SYNC_SERVICE (pb_sync_service_get_type ())
G_DECLARE_FINAL_TYPE (PbSyncService, pb_sync_service, PB, SYNC_SERVICE, GObject)

/* Signals: "finished" (PbAccount, PbFetchResult, GError or NULL): a check ended, well or not;
 * also for checks that were joined. The result is a pointer that is valid during the emission.
 *
 * "needs-password-changed" (PbAccount): ask pb_sync_service_needs_password ().
 *
 * Property "busy" (boolean). */

PbSyncService *
pb_sync_service_new (PbAccountList *accounts, PbSecrets *secrets, PbMailStore *store);

/* Where what is learnt about servers is kept across restarts; it is loaded before the first check
 * begins. To be called before anything else; without it everything is learnt anew in each run. */
void pb_sync_service_set_notes (PbSyncService *self, PbServerNotes *notes);

/* TRUE when the server of @account wants another password: it said that this one is wrong, or
 * refused it twice, at least a minute apart, without saying why. Until another one is given to
 * PbSecrets no check signs in; each ends with PB_ERROR_SIGN_IN. Survives a restart. */
gboolean pb_sync_service_needs_password (PbSyncService *self, PbAccount *account);

/* What is known of servers. Owned by the service. */
PbServerNotes *pb_sync_service_get_notes (PbSyncService *self);

/* While the network costs money by the byte, only the head comes of messages above 50 kB; the rest
 * comes with the first check after it. */
void pb_sync_service_set_metered (PbSyncService *self, gboolean metered);

/* Live list of the PbOperation that are waiting or running. Owned by the service. */
GListModel *pb_sync_service_get_operations (PbSyncService *self);

/* Last error of an account's check, NULL when the last one went well. Owned by the service. */
const GError *pb_sync_service_get_error (PbSyncService *self, PbAccount *account);

/* One check of one account: fetch what is new, apply the policy. A check that is running already
 * is joined. Before the time that the server asked for (a pause between log-ins, a mailbox in use)
 * it ends at once with PB_ERROR_BUSY and the seconds that are left (pb_error_get_retry_after ()).
 * With an account that is switched off or detached it ends at once with PB_ERROR_UNSUPPORTED.
 * @result may be NULL; it is filled in also when an error is returned: what came before it is
 * kept. */
void pb_sync_service_check_async (PbSyncService *self,
                                  PbAccount *account,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* The same for a person who wants it now: a mailbox that was in use is tried again; a pause between
 * log-ins is kept. Finishes with check_finish (). */
void pb_sync_service_force_check_async (PbSyncService *self,
                                        PbAccount *account,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean pb_sync_service_check_finish (PbSyncService *self,
                                       GAsyncResult *result,
                                       PbFetchResult *fetched,
                                       GError **error);

/* What stays on the server because it does not come, as the last check of @account that went as
 * far as listing found it: GPtrArray of PbRefusedMessage, NULL before. Owned by the service. */
GPtrArray *pb_sync_service_get_refused (PbSyncService *self, PbAccount *account);

/* Fetches the whole of messages of @account of which only the head is here: the wish is made
 * durable, then a check begins at once (after one that runs already). Should it fail, the next
 * checks remember the wish. What is not incomplete is passed over. @result as with check (). */
void pb_sync_service_fetch_rest_async (PbSyncService *self,
                                       PbAccount *account,
                                       const gint64 *ids,
                                       guint count,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean pb_sync_service_fetch_rest_finish (PbSyncService *self,
                                            GAsyncResult *result,
                                            PbFetchResult *fetched,
                                            GError **error);

/* Checks every enabled account. */
void pb_sync_service_check_all (PbSyncService *self);

/* Stops everything; what came is kept. Completes when all sessions have ended. */
void
pb_sync_service_stop_async (PbSyncService *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_sync_service_stop_finish (PbSyncService *self, GAsyncResult *result, GError **error);

/* Signs in with an account that need not be listed, and asks how many messages of how many octets
 * wait (each may be NULL). Changes nothing there. @secret may be NULL where pb_auth_needs_secret ()
 * is FALSE. */
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

/* What else a trial that went well found out, for pb_account_words_trial () and the like; NULL of
 * one that did not. Owned by @result. */
const PbTrialFacts *pb_sync_service_try_get_facts (PbSyncService *self, GAsyncResult *result);

/* The last sessions of @account: a live list of PbTranscriptEntry, newest first. Owned by the
 * service. */
GListModel *pb_sync_service_get_transcripts (PbSyncService *self, PbAccount *account);

/* Keeps them in files too, below @cache_dir. To be called before the first check. */
void pb_sync_service_set_transcript_folder (PbSyncService *self, const char *cache_dir);

/* A console on the mailbox of @account, on its way to be signed in. While it is open, check_all ()
 * passes over that account, and stop_async () closes it. */
PbConsole *pb_sync_service_open_console (PbSyncService *self,
                                         PbAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* The mailbox of @account as it lies on its server; always the same one while the service lives.
 * It shares the session queue with checks. stop_async () ends its session. Owned by the service. */
PbServerMailbox *pb_sync_service_get_server_mailbox (PbSyncService *self, PbAccount *account);

/* Where the dialogue of each check is written, for one run of the command-line tool: a callback
 * with the text after each session. NULL for none. */
typedef void (*PbTranscriptFunc) (PbAccount *account, const char *text, gpointer user_data);
void pb_sync_service_set_transcript_func (PbSyncService *self,
                                          PbTranscriptFunc func,
                                          gpointer user_data);

G_END_DECLS
