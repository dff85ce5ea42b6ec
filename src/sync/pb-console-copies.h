/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is here of the messages that a server lists, for one session: asked once, before somebody
 * deletes one by hand. */

#pragma once

#include "pb-console-event.h"
#include "pb-mail-store.h"
#include "pb-pop3-session.h"

G_BEGIN_DECLS

typedef struct _PbConsoleCopies PbConsoleCopies;

/* Lists what @session has and looks it up in the ledger. Fails with the errors of session and
 * store, but where the server refuses to list all is well and every copy is unknown. */
void pb_console_copies_async (PbPop3Session *session,
                              PbMailStore *store,
                              const char *account_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PbConsoleCopies *pb_console_copies_finish (GAsyncResult *result,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pb_console_copies_free (PbConsoleCopies *self);

/* Of message @number. */
PbConsoleCopy pb_console_copies_find (const PbConsoleCopies *self, guint number);

/* Tells the ledger that the server has deleted @numbers (keys of the table). */
void pb_console_copies_note_removed (PbConsoleCopies *self, GHashTable *numbers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbConsoleCopies, pb_console_copies_free)

G_END_DECLS
