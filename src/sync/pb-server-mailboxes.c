/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A table of mailboxes. */

#include "pb-server-mailboxes.h"

#include "pb-server-mailbox-private.h"
#include "pb-side-sessions.h"

struct _PbServerMailboxes {
  PbSyncService *service; /* borrowed */
  PbSecrets *secrets;
  PbMailStore *store;
  GHashTable *mailboxes; /* account id → PbServerMailbox, both owned */
};

PbServerMailboxes *
pb_server_mailboxes_new (PbSyncService *service, PbSecrets *secrets, PbMailStore *store) {
  PbServerMailboxes *self = g_new0 (PbServerMailboxes, 1);

  self->service = service;
  self->secrets = g_object_ref (secrets);
  self->store = g_object_ref (store);
  self->mailboxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
pb_server_mailboxes_free (PbServerMailboxes *self) {
  if (!self)
    return;
  g_hash_table_unref (self->mailboxes);
  g_object_unref (self->secrets);
  g_object_unref (self->store);
  g_free (self);
}

gboolean
pb_server_mailboxes_is_idle (PbServerMailboxes *self) {
  GHashTableIter iter;
  gpointer mailbox;

  g_hash_table_iter_init (&iter, self->mailboxes);
  while (g_hash_table_iter_next (&iter, NULL, &mailbox)) {
    if (_pb_server_mailbox_has_session (mailbox))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_server_mailboxes_yield (PbServerMailboxes *self, PbAccount *account) {
  PbServerMailbox *mailbox = g_hash_table_lookup (self->mailboxes, pb_account_get_id (account));

  return mailbox && _pb_server_mailbox_yield (mailbox);
}

void
pb_server_mailboxes_check_ended (PbServerMailboxes *self, PbAccount *account) {
  g_autoptr (GList) mailboxes = g_hash_table_get_values (self->mailboxes);
  const char *id = account ? pb_account_get_id (account) : NULL;

  for (GList *item = mailboxes; item; item = item->next) {
    PbAccount *its = pb_server_mailbox_get_account (item->data);
    if (!id || g_str_equal (pb_account_get_id (its), id))
      _pb_server_mailbox_check_ended (item->data);
  }
}

void
pb_server_mailboxes_stop (PbServerMailboxes *self) {
  g_autoptr (GList) mailboxes = g_hash_table_get_values (self->mailboxes);

  for (GList *item = mailboxes; item; item = item->next)
    _pb_server_mailbox_stop (item->data);
}

static void
left_cb (PbSyncService *service, guint deleted, const GError *error, PbServerMailbox *mailbox) {
  g_autofree char *text = _pb_server_mailbox_dup_transcript (mailbox);

  if (text)
    pb_side_sessions_log (_pb_sync_service_get_side_sessions (service),
                          pb_server_mailbox_get_account (mailbox),
                          _pb_server_mailbox_get_started (mailbox), error, text);
}

PbServerMailbox *
pb_sync_service_get_server_mailbox (PbSyncService *service, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (service), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  PbServerMailboxes *self =
    pb_side_sessions_get_mailboxes (_pb_sync_service_get_side_sessions (service));
  PbServerMailbox *mailbox = g_hash_table_lookup (self->mailboxes, pb_account_get_id (account));
  if (mailbox && pb_server_mailbox_get_account (mailbox) == account)
    return mailbox;
  mailbox = _pb_server_mailbox_new (service, account, self->secrets, self->store,
                                    pb_sync_service_get_notes (service));
  g_signal_connect_object (mailbox, "left", G_CALLBACK (left_cb), service, G_CONNECT_SWAPPED);
  g_hash_table_replace (self->mailboxes, g_strdup (pb_account_get_id (account)), mailbox);
  return mailbox;
}
