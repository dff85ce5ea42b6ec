/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli account import-from and account detach: how accounts come from elsewhere, and how
 * their servers go. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-account-words.h"
#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-other-programs.h"
#include "pb-secrets.h"

static void
print_other (const PbOtherAccount *other, gboolean json) {
  g_autofree char *server = pb_endpoint_to_string (other->endpoint);
  const char *security = pb_security_to_string (other->endpoint->security);

  if (!json) {
    pb_cli_print_line ("%-12s %-32s %s (%s), %u", other->program, other->user, server, security,
                       other->seen->len);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "program", other->program);
  pb_cli_json_string (builder, "address", other->address);
  pb_cli_json_string (builder, "host", other->endpoint->host);
  pb_cli_json_int (builder, "port", other->endpoint->port);
  pb_cli_json_string (builder, "security", security);
  pb_cli_json_string (builder, "user", other->user);
  pb_cli_json_int (builder, "seen", other->seen->len);
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

static GPtrArray *
find_others (PbCli *self, GError **error) {
  pb_other_programs_find_async (NULL, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  return pb_other_programs_find_finish (result, error);
}

/* What was fetched elsewhere is noted before the account is there to be checked. */
static gboolean
note_seen (PbCli *self, const char *id, GPtrArray *seen, GError **error) {
  pb_mail_store_add_account_async (self->store, id, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) added = pb_cli_await (self);
  if (!pb_mail_store_add_account_finish (self->store, added, error))
    return FALSE;
  pb_mail_store_note_seen_elsewhere_async (self->store, id, seen, self->cancellable, pb_cli_done,
                                           self);
  g_autoptr (GAsyncResult) noted = pb_cli_await (self);
  return pb_mail_store_note_seen_elsewhere_finish (self->store, noted, error) >= 0;
}

/* PB_EXIT_INCOMPLETE for one that is passed over, with the reason on standard output. */
static int
import_one (PbCli *self, const PbOtherAccount *other) {
  g_autofree char *id = pb_account_list_make_id (
    self->accounts, other->address && *other->address ? other->address : other->user);
  g_autoptr (PbAccount) account = pb_other_account_make (other, id);
  PbAccount *same = pb_account_list_find_same_mailbox (self->accounts, account);
  g_autoptr (GError) error = NULL;

  if (same) {
    g_autofree char *words = pb_account_words_same_mailbox (same);
    pb_cli_print_line ("%s: %s", other->user, words);
    return PB_EXIT_INCOMPLETE;
  }
  if (!pb_account_validate (account, &error)) {
    pb_cli_print_line ("%s: %s", other->user, error->message);
    return PB_EXIT_INCOMPLETE;
  }
  if (!note_seen (self, id, other->seen, &error) ||
      !pb_account_list_add (self->accounts, account, &error) ||
      !pb_cli_save_accounts (self, &error))
    return pb_cli_fail (error, id);
  /* Translators: the id of an account, then a number. */
  pb_cli_print_line (_ ("%s: set up; %u messages count as fetched"), id, other->seen->len);
  return PB_EXIT_DONE;
}

int
pb_cli_account_import (PbCli *self, GStrv args) {
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("List as one JSON object per line"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("[thunderbird|evolution|claws-mail|sylpheed]"),
    _ ("Lists the POP3 accounts that other mail programs have here or, with the name of one, sets "
       "up all of its accounts. What that program has fetched is not fetched again. Passwords are "
       "not taken over."),
    entries, 0, 1
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  g_autoptr (GPtrArray) others = find_others (self, &error);
  if (!others || (rest[0] && !pb_cli_open_store (self, &error)))
    return pb_cli_fail (error, NULL);
  status = PB_EXIT_DONE;
  for (guint i = 0; i < others->len; i++) {
    const PbOtherAccount *other = others->pdata[i];
    if (!rest[0])
      print_other (other, json);
    else if (strcmp (rest[0], other->program) == 0)
      status = pb_cli_worse (status, import_one (self, other));
  }
  return status;
}

static gboolean
forget_secret (PbCli *self, PbAccount *account, GError **error) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();

  pb_secrets_clear_async (secrets, account, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  return pb_secrets_clear_finish (secrets, result, error);
}

int
pb_cli_account_detach (PbCli *self, GStrv args) {
  const PbCliSyntax syntax = {
    N_ ("ID"),
    _ ("Gives up the server of an account for good, and its password. The mail that is here stays, "
       "can be read and searched; nothing changes on the server."),
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
  pb_account_detach (account);
  if (!pb_cli_save_accounts (self, &error) || !forget_secret (self, account, &error))
    return pb_cli_fail (error, rest[0]);
  return PB_EXIT_DONE;
}
