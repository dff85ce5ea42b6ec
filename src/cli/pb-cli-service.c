/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Straight-line calls. */

#include "config.h"

#include "pb-cli-service.h"

#include <glib/gi18n.h>

PbSyncService *
pb_cli_make_service (PbCli *self, PbSecrets *secrets) {
  PbSyncService *service = pb_sync_service_new (self->accounts, secrets, self->store);
  g_autoptr (PbServerNotes) notes = pb_server_notes_new (self->paths->data);

  pb_sync_service_set_notes (service, notes);
  pb_sync_service_set_transcript_folder (service, self->paths->cache);
  return service;
}

void
pb_cli_stop_service (PbCli *self, PbSyncService *service) {
  pb_sync_service_stop_async (service, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  pb_sync_service_stop_finish (service, result, NULL);
}

gboolean
pb_cli_remember_secret (PbCli *self, PbSecrets *secrets, PbAccount *account, GError **error) {
  g_autofree char *prompt = g_strdup_printf (_ ("Password of %s:"), pb_account_get_label (account));
  g_autoptr (GError) problem = NULL;

  if (!pb_auth_needs_secret (pb_account_get_auth (account)))
    return TRUE;
  g_autoptr (PbSecret) secret = pb_cli_read_secret (self, prompt, &problem);
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (secret)
    pb_secrets_remember (secrets, account, secret);
  return TRUE;
}
