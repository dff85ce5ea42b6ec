/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli password. */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-patience.h"
#include "pb-secrets.h"

/* What was refused was the password before; fetching may try again. */
static void
forget_refusals (PbCli *self, PbAccount *account) {
  g_autoptr (PbServerNotes) notes = pb_server_notes_new (self->paths->data);

  pb_server_notes_load_async (notes, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  pb_server_notes_load_finish (notes, result);
  pb_patience_renew (notes, account);
}

static int
keep (PbCli *self, PbAccount *account, PbSecret *secret) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (GError) error = NULL;

  pb_secrets_store_async (secrets, account, secret, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  if (!pb_secrets_store_finish (secrets, result, &error))
    return pb_cli_fail (error, pb_account_get_id (account));
  if (!pb_secrets_get_keyring_problem (secrets)) {
    forget_refusals (self, account);
    return PB_EXIT_DONE;
  }
  fprintf (stderr, "postbag-cli: %s\n",
           _ ("No keyring answered, so the password was not kept (it is never written to a file). "
              "Give it to each fetch "
              "with “postbag-cli fetch --password-stdin”."));
  return PB_EXIT_STORAGE;
}

int
pb_cli_password (PbCli *self, GStrv args) {
  const PbCliSyntax syntax = {
    N_ ("ID"),
    _ ("Reads the password of an account, one line from standard input, and keeps it in the "
       "keyring of the session. Exit code 6 when no keyring answers."),
    NULL, 1, 1
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  PbAccount *account = pb_cli_find_account (self, rest[0], &error);
  if (!account)
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[0]);

  g_autofree char *prompt = g_strdup_printf (_ ("Password of %s:"), pb_account_get_label (account));
  g_autoptr (PbSecret) secret = pb_cli_read_secret (self, prompt, &error);
  if (error)
    return pb_cli_fail (error, rest[0]);
  if (!secret || *pb_secret_peek (secret) == '\0')
    return pb_cli_usage_error (args[0], "%s", _ ("no password came from standard input"));
  return keep (self, account, secret);
}
