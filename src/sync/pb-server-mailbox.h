/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The mailbox of one account as it lies on the server: what is there, what of it is here, and what
 * a person wants done. Rows and marks stay from session to session; a session is opened when
 * somebody looks, and let go after a minute without use, for a check of the account, or to make
 * deletions true. Never talks to people.
 *
 * Marks are local until apply (). What apply () deletes can be taken back until the session ends by
 * QUIT, PB_SERVER_UNDO_SECONDS later at the latest. Main context. */

#pragma once

#include <gio/gio.h>

#include "pb-account.h"
#include "pb-operation.h"
#include "pb-server-result.h"
#include "pb-server-row.h"

G_BEGIN_DECLS

#define PB_SERVER_IDLE_SECONDS 60
#define PB_SERVER_UNDO_SECONDS 15

typedef enum {
  PB_SERVER_SESSION_CLOSED,
  PB_SERVER_SESSION_WAITING, /* for the end of a check */
  PB_SERVER_SESSION_CONNECTING,
  PB_SERVER_SESSION_OPEN,
  PB_SERVER_SESSION_LEAVING,
} PbServerSessionState;

#define PB_TYPE_SERVER_MAILBOX (pb_server_mailbox_get_type ())
G_DECLARE_FINAL_TYPE (PbServerMailbox, pb_server_mailbox, PB, SERVER_MAILBOX, GObject)

/* Property "state" (int, notifies).
 *
 * Signals:
 * "left" (guint deleted, GError or NULL): a session ended, and so many deletions were confirmed;
 * the error says why those that were asked for were not (their marks are still there), or why the
 * session ended otherwise.
 * "marks-changed" (): some marks came or went.
 * "rows-changed" (): heads came, so that what is sorted or counted by them may be different now. */

PbAccount *pb_server_mailbox_get_account (PbServerMailbox *self);

/* A live list of PbServerRow, as a rule newest first. Owned by the mailbox. */
GListModel *pb_server_mailbox_get_rows (PbServerMailbox *self);

/* By its number in the present session; NULL when there is none. Borrowed. */
PbServerRow *pb_server_mailbox_find (PbServerMailbox *self, guint number);

PbServerSessionState pb_server_mailbox_get_state (PbServerMailbox *self);

/* Why the last session failed; NULL when it did not. Owned by the mailbox. */
const GError *pb_server_mailbox_get_error (PbServerMailbox *self);

/* FALSE where the server cannot send heads and beginnings of messages. */
gboolean pb_server_mailbox_may_top (PbServerMailbox *self);

/* What is being applied; NULL for nothing. Owned by the mailbox. */
PbOperation *pb_server_mailbox_get_operation (PbServerMailbox *self);

/* How many messages the server has marked for deletion, which undo () can take back. */
guint pb_server_mailbox_get_undoable (PbServerMailbox *self);

/* Somebody looks: a session is opened, or kept open. */
void pb_server_mailbox_touch (PbServerMailbox *self);

/* Only what is asked for is loaded, until somebody wants everything. */
void pb_server_mailbox_set_all_heads (PbServerMailbox *self, gboolean all);

/* The same, and the head of this row comes before others. */
void pb_server_mailbox_want_head (PbServerMailbox *self, PbServerRow *row);

/* @rows: GPtrArray of PbServerRow. Rows that are gone, or already on their way out, are passed
 * over. What is marked to be kept loses that when it is to be deleted. */
void pb_server_mailbox_mark (PbServerMailbox *self, GPtrArray *rows, PbServerMark mark);

/* Remembers for all times that they stay on the server, or that they may go; a mark to delete goes.
 * Rows without an identity cannot be remembered; returns how many were. */
guint pb_server_mailbox_set_keep (PbServerMailbox *self, GPtrArray *rows, gboolean keep);

/* Completes when the session is open and the rows are up to date. */
void pb_server_mailbox_open_async (PbServerMailbox *self,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean
pb_server_mailbox_open_finish (PbServerMailbox *self, GAsyncResult *result, GError **error);

/* The beginning of a message, untrusted: its head and @lines of the body, by TOP. PB_ERROR_REFUSED,
 * PB_ERROR_UNSUPPORTED where the server cannot; PB_ERROR_NOT_FOUND for a row that is gone. */
void pb_server_mailbox_preview_async (PbServerMailbox *self,
                                      PbServerRow *row,
                                      guint lines,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GBytes *
pb_server_mailbox_preview_finish (PbServerMailbox *self, GAsyncResult *result, GError **error);

/* Carries out all marks; as sync/pb-server-apply.h says. Marks of what was done go, but for
 * deletions, which wait for QUIT. */
void pb_server_mailbox_apply_async (PbServerMailbox *self,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pb_server_mailbox_apply_finish (PbServerMailbox *self,
                                         GAsyncResult *result,
                                         PbServerResult *applied,
                                         GError **error);

/* Takes back (RSET) what was applied and is not true yet; the marks go. */
void pb_server_mailbox_undo_async (PbServerMailbox *self,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean
pb_server_mailbox_undo_finish (PbServerMailbox *self, GAsyncResult *result, GError **error);

/* Makes deletions true now (QUIT). @deleted: how many the server confirmed. */
void pb_server_mailbox_leave_async (PbServerMailbox *self,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pb_server_mailbox_leave_finish (PbServerMailbox *self,
                                         GAsyncResult *result,
                                         guint *deleted,
                                         GError **error);

/* What the marks amount to, for the summary before apply (). */
typedef struct {
  guint fetch;
  guint64 fetch_bytes;
  guint remove;
  guint64 remove_bytes;
  GPtrArray *without_copy; /* of PbServerRow: to be deleted though no complete copy is here, and
                            * none will come */
} PbServerSummary;

PbServerSummary *pb_server_mailbox_summarise (PbServerMailbox *self) G_GNUC_WARN_UNUSED_RESULT;
void pb_server_summary_free (PbServerSummary *self);

/* For tests: limits in milliseconds instead of those above. */
void pb_server_mailbox_set_limits (PbServerMailbox *self, guint idle, guint undo);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbServerSummary, pb_server_summary_free)

G_END_DECLS
