/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* All mail that is here: Maildir folders, the index over them, and the ledger of what each server
 * is known to have. The only door of this layer. Disk and database are touched by one thread of its
 * own; all calls are made from the main context that made the store, and complete there. What a
 * person waits for (reading and changing, below, adding an account) completes in the order in which
 * it was asked for, and so does the rest (opening, receiving); the former goes first, so a list
 * never waits for a delivery. Cancelling a read skips it; a write is always finished.
 *
 * Errors everywhere: PB_ERROR_STORAGE, _STORAGE_FULL, _STORAGE_READ_ONLY, _NOT_FOUND,
 * G_IO_ERROR_CANCELLED.
 *
 * On disk, below @data of PbPaths: mail/<account>/ a Maildir++, index.sqlite (a cache of the
 * files), ledger.sqlite (state, rebuildable for what is still here),
 * mail/<account>/postbag.lock. */

#pragma once

#include <gio/gio.h>

#include "pb-delivery.h"
#include "pb-folder.h"
#include "pb-listing.h"
#include "pb-message-row.h"

G_BEGIN_DECLS

#define PB_TYPE_MAIL_STORE (pb_mail_store_get_type ())
G_DECLARE_FINAL_TYPE (PbMailStore, pb_mail_store, PB, MAIL_STORE, GObject)

/* Signals:
 * "changed" (gint64 folder_id): messages came, went or changed flags in that folder. Coalesced: at
 * most one per folder in a main loop turn; counters of the PbFolder are up to date before it.
 * "rows-changed" (GArray of gint64 ids): what is shown of these messages changed (flags); none came
 * or went. */

PbMailStore *pb_mail_store_new (const char *data_dir);

/* Opens or makes the files, compares folders that changed behind our back with the index, removes
 * stale temporaries. A damaged index is rebuilt: where that means reading more than 2,000 messages,
 * the rest of them appears in the folders afterwards, in the background ("changed"). Must complete
 * before anything else is called. */
void pb_mail_store_open_async (PbMailStore *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pb_mail_store_open_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Completes when nothing is left that the store does in the background, taking the words of
 * messages for pb-search.h apart. */
void pb_mail_store_settle_async (PbMailStore *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_mail_store_settle_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* After it is open: what other programs do in the folders is noticed within a second, not only when
 * a list is asked for. For programs that stay. */
void pb_mail_store_watch (PbMailStore *self);

/* Finishes all jobs and closes the files. Disposing does the same, waiting. */
void
pb_mail_store_close_async (PbMailStore *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_mail_store_close_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Folders: a live list of PbFolder, ordered by account (as added), role, name. Owned by the
 * store. */
GListModel *pb_mail_store_get_folders (PbMailStore *self);
PbFolder *pb_mail_store_find_folder (PbMailStore *self, const char *account_id, PbFolderRole role);

/* Makes the Maildir of an account with its inbox, archive and trash where it is missing, or adopts
 * one that is there. @account_id is [a-z0-9-], 1 to 64 characters. The removal of one of the same
 * name has to be complete. */
void pb_mail_store_add_account_async (PbMailStore *self,
                                      const char *account_id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean pb_mail_store_add_account_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Forgets an account; its mail stays in its folder on disk unless @delete_mail. */
void pb_mail_store_remove_account_async (PbMailStore *self,
                                         const char *account_id,
                                         gboolean delete_mail,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean
pb_mail_store_remove_account_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Takes the lock that keeps a second process from fetching into @account_id; PB_ERROR_LOCKED when
 * it is taken. Held until pb_mail_store_unlock_account () or the end of the process. */
void pb_mail_store_lock_account_async (PbMailStore *self,
                                       const char *account_id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
pb_mail_store_lock_account_finish (PbMailStore *self, GAsyncResult *result, GError **error);
void pb_mail_store_unlock_account (PbMailStore *self, const char *account_id);

/* ---- Receiving ---- */

/* What the ledger knows of one listed message. */
typedef enum {
  PB_LEDGER_UNKNOWN,      /* never seen */
  PB_LEDGER_STORED,       /* a complete copy was made durable here (it may be in the trash now) */
  PB_LEDGER_PARTIAL,      /* only its head is here */
  PB_LEDGER_REFUSED,      /* the server could not deliver it */
  PB_LEDGER_DELETED_HERE, /* stored once, then deleted here for good */
  PB_LEDGER_ELSEWHERE,    /* never here: another mail program has fetched it */
} PbLedgerState;

typedef struct {
  guint number; /* as in the listing */
  PbLedgerState state;
  gboolean durable;  /* a complete copy is in the Maildir now: seen, not only remembered */
  gint64 first_seen; /* seconds since 1970; 0 when never */
  gint64 stored;     /* when it became durable here; 0 when not */
  gint64 next_try;   /* it failed: not to be tried before this time; 0 when it did not */
  gboolean wanted;   /* PARTIAL: somebody asked for the rest */
  gboolean keep;     /* it stays on the server, see pb-server-store.h */
  char *reason;      /* of a failure, untrusted; NULL for none. Owned by the array. */
} PbLedgerRow;

/* Looks every entry up in the ledger of @account_id and notes that it was listed now. Finishes with
 * a GArray of PbLedgerRow in the order of @listing. Entries without an id are UNKNOWN. 100,000
 * entries take well under a second. */
void pb_mail_store_match_listing_async (PbMailStore *self,
                                        const char *account_id,
                                        PbListing *listing,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GArray *
pb_mail_store_match_listing_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* The same result, before or after it was finished: how many messages the ledger knows that ought
 * to be in the listing and are not. */
guint pb_mail_store_match_listing_get_missing (PbMailStore *self, GAsyncResult *result);

/* New names for old messages. @identities and @fingerprints (GPtrArray of GBytes; a fingerprint of
 * pb-fingerprint.h, or NULL) belong together; they are names which the listing that was matched
 * last has and the ledger does not know. Where exactly one message of that fingerprint has a
 * complete copy here, or was deleted here for good, and the listing has it under no other name, the
 * identity becomes a further name of it. Finishes with a GArray of PbLedgerRow in their order
 * (@number is not set): of what the name stands for now, or PB_LEDGER_UNKNOWN. Fingerprints that
 * come twice are UNKNOWN. */
void pb_mail_store_adopt_async (PbMailStore *self,
                                const char *account_id,
                                GPtrArray *identities,
                                GPtrArray *fingerprints,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GArray *pb_mail_store_adopt_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* A delivery into the inbox of @account_id; the account should be locked. One at a time per
 * account. */
PbDelivery *pb_mail_store_deliver (PbMailStore *self, const char *account_id);

/* The server would not deliver this message: @reason (untrusted) and when to try again. */
void pb_mail_store_note_refused (PbMailStore *self,
                                 const char *account_id,
                                 GBytes *identity,
                                 const char *reason,
                                 gint64 next_try);

/* Remembers that a person wants the whole of these incomplete messages, for the next checks; what
 * failed before may be tried again at once. Complete ones, and those that are gone meanwhile, are
 * passed over. The incomplete copies stay until the complete ones are durable. */
void pb_mail_store_want_rest_async (PbMailStore *self,
                                    const gint64 *ids,
                                    guint count,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pb_mail_store_want_rest_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* The server confirmed (QUIT) that these messages are gone from it. @identities: GPtrArray of
 * GBytes. */
void pb_mail_store_note_removed (PbMailStore *self, const char *account_id, GPtrArray *identities);

/* Another mail program of this person has fetched these messages: what the ledger of @account_id
 * does not know yet becomes PB_LEDGER_ELSEWHERE, durably, so that no check fetches it. Such an
 * entry never is a reason to remove anything from the server. @identities: GPtrArray of GBytes.
 * Finishes with how many were new to the ledger, or -1. */
void pb_mail_store_note_seen_elsewhere_async (PbMailStore *self,
                                              const char *account_id,
                                              GPtrArray *identities,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
int
pb_mail_store_note_seen_elsewhere_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* ---- Reading ---- */

/* By the Date header (when received, where it is later or missing), then by id. */
typedef enum {
  PB_ORDER_NEWEST_FIRST,
  PB_ORDER_OLDEST_FIRST,
} PbOrder;

/* Which messages: of one folder (@folder_id > 0), or of all folders of @role. */
typedef struct {
  gint64 folder_id;
  PbFolderRole role;
  PbFlags with;    /* only with all of these flags; 0 for any */
  PbFlags without; /* and with none of these */
  PbOrder order;
} PbQuery;

/* The ids, in order: a GArray of gint64. All that a list model needs to hold. */
void pb_mail_store_query_async (PbMailStore *self,
                                const PbQuery *query,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GArray *pb_mail_store_query_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Rows of up to 500 ids: a GPtrArray of PbMessageRow in the order of @ids, NULL for one that is
 * gone. */
void pb_mail_store_load_rows_async (PbMailStore *self,
                                    const gint64 *ids,
                                    guint count,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *pb_mail_store_load_rows_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* The bytes of a message, mapped from its file (so a large one costs no memory until it is read).
 * @path, when not NULL, is set to the file's path (owned by the caller). */
void pb_mail_store_load_message_async (PbMailStore *self,
                                       gint64 id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GBytes *pb_mail_store_load_message_finish (PbMailStore *self,
                                           GAsyncResult *result,
                                           char **path,
                                           GError **error);

/* ---- Changing ---- */

/* Renames the files and updates the index. Messages that are gone meanwhile are passed over. */
void pb_mail_store_set_flags_async (PbMailStore *self,
                                    const gint64 *ids,
                                    guint count,
                                    PbFlags add,
                                    PbFlags remove,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pb_mail_store_set_flags_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Moves messages to another folder of the same account; ids stay. */
void pb_mail_store_move_async (PbMailStore *self,
                               const gint64 *ids,
                               guint count,
                               gint64 folder_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pb_mail_store_move_finish (PbMailStore *self, GAsyncResult *result, GError **error);

/* Deletes messages here, for good: files, index rows; the ledger remembers that they were here. */
void pb_mail_store_delete_async (PbMailStore *self,
                                 const gint64 *ids,
                                 guint count,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_mail_store_delete_finish (PbMailStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
