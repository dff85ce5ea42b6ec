/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which message is which: completes a listing whose ids are missing, blank or equal with header
 * fingerprints (TOP n 0), matches it against the ledger, and recognises what a server renumbered,
 * so that the plan works everywhere as if every message had its id. Later it compares what comes
 * with what TOP said. Used once. Main context. */

#pragma once

#include "pb-mail-store.h"
#include "pb-pop3-session.h"
#include "pb-server-notes.h"

G_BEGIN_DECLS

#define PB_TYPE_NAMING (pb_naming_get_type ())
G_DECLARE_FINAL_TYPE (PbNaming, pb_naming, PB, NAMING, GObject)

/* What tells most messages of the mailbox apart. */
typedef enum {
  PB_NAMES_NONE, /* an empty mailbox says nothing */
  PB_NAMES_IDS,
  PB_NAMES_FINGERPRINTS,
  PB_NAMES_CONTENT,
} PbNames;

/* @listing is kept as it is. @may_top: TOP is known to say the truth, or nothing is known.
 * @ids_repeat: this mailbox gave the same id to different messages before; none is believed. */
PbNaming *pb_naming_new (PbPop3Session *session,
                         PbMailStore *store,
                         const char *account_id,
                         PbListing *listing,
                         gboolean may_top,
                         gboolean ids_repeat);

/* Finishes with the GArray of PbLedgerRow for pb_naming_get_listing (). Errors: those of the store
 * and of the session; for the latter pb_naming_distrusts_top () may say that TOP was the cause. */
void pb_naming_run_async (PbNaming *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GArray *pb_naming_run_finish (PbNaming *self, GAsyncResult *result, GError **error);

/* As the plan should have it: entries that nothing tells from others have no id. Owned by the
 * naming; @run has finished. */
PbListing *pb_naming_get_listing (PbNaming *self);
PbNames pb_naming_get_names (PbNaming *self);

/* Different messages of this listing, as far as can be told, have the same id. */
gboolean pb_naming_has_repeated_ids (PbNaming *self);

/* The bytes of message @number as they come, and its end. */
void pb_naming_check_data (PbNaming *self, guint number, const guint8 *data, gsize length);
void pb_naming_check_end (PbNaming *self, guint number);

/* TOP gave other headers than the message has, or the session ended at it. */
gboolean pb_naming_distrusts_top (PbNaming *self);

/* What came out about the server and the mailbox, for the next time. */
void pb_naming_note (PbNaming *self, PbServerNotes *notes, PbAccount *account, gint64 now);

G_END_DECLS
