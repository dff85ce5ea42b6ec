/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The server mailboxes of a sync service, one for each account that somebody looked into. Only the
 * service has one. Main context. */

#pragma once

#include "pb-server-mailbox.h"
#include "pb-sync-service-private.h"

G_BEGIN_DECLS

typedef struct _PbServerMailboxes PbServerMailboxes;

/* @service is borrowed and owns it. */
PbServerMailboxes *
pb_server_mailboxes_new (PbSyncService *service, PbSecrets *secrets, PbMailStore *store);
void pb_server_mailboxes_free (PbServerMailboxes *self);

/* TRUE when no session is open. */
gboolean pb_server_mailboxes_is_idle (PbServerMailboxes *self);

/* A check of @account wants to begin: TRUE where it must wait until a session has ended. */
gboolean pb_server_mailboxes_yield (PbServerMailboxes *self, PbAccount *account);

/* A check of @account has ended; NULL: checks may begin. */
void pb_server_mailboxes_check_ended (PbServerMailboxes *self, PbAccount *account);

void pb_server_mailboxes_stop (PbServerMailboxes *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbServerMailboxes, pb_server_mailboxes_free)

G_END_DECLS
