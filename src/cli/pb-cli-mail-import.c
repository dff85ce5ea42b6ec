/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli import: mail of other programs into an account. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-cli-progress.h"
#include "pb-error.h"
#include "pb-format.h"
#include "pb-mail-transfer.h"

static const struct {
  const char *name;
  PbMailFormat format;
} formats[] = {
  { "auto", PB_FORMAT_AUTO },       { "mbox", PB_FORMAT_MBOX },
  { "mboxo", PB_FORMAT_MBOXO },     { "mboxrd", PB_FORMAT_MBOXRD },
  { "mboxcl", PB_FORMAT_MBOXCL },   { "mboxcl2", PB_FORMAT_MBOXCL2 },
  { "maildir", PB_FORMAT_MAILDIR }, { "mh", PB_FORMAT_MH },
  { "eml", PB_FORMAT_EML },
};

static gboolean
choose_format (const char *text, PbMailFormat *format) {
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (!text || strcmp (text, formats[i].name) == 0) {
      *format = formats[i].format;
      return TRUE;
    }
  }
  return FALSE;
}

/* A folder as a person names it: the inbox has no name of its own. */
static const char *
folder_name (const char *name) {
  while (*name == '/')
    name++;
  return g_ascii_strcasecmp (name, "inbox") == 0 ? "" : name;
}

static gboolean
is_name (const char *name) {
  return g_utf8_validate (name, -1, NULL) && !strstr (name, "//") &&
         !g_str_has_suffix (name, "/") && strlen (name) <= 200;
}

/* @into: "ID" or "ID/FOLDER", or NULL where there is but one account. */
static char *
choose_account (PbCli *self, const char *into, const char **folder) {
  GListModel *accounts = G_LIST_MODEL (self->accounts);

  *folder = "";
  if (!into) {
    g_autoptr (PbAccount) only = g_list_model_get_item (accounts, 0);
    return only && g_list_model_get_n_items (accounts) == 1 ? g_strdup (pb_account_get_id (only))
                                                            : NULL;
  }
  const char *slash = strchr (into, '/');
  if (slash)
    *folder = folder_name (slash);
  return slash ? g_strndup (into, (gsize) (slash - into)) : g_strdup (into);
}

static void
print_json (const PbImportOptions *options, const PbTransferProgress *progress, GError *error) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "account", options->account_id);
  pb_cli_json_string (builder, "folder", *options->folder ? options->folder : "Inbox");
  pb_cli_json_int (builder, "imported", (gint64) progress->messages);
  pb_cli_json_int (builder, "duplicates", (gint64) progress->duplicates);
  pb_cli_json_int (builder, "deleted_in_source", (gint64) progress->skipped);
  pb_cli_json_int (builder, "unreadable", (gint64) progress->unreadable);
  pb_cli_json_error (builder, "error", error, options->path);
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

static void
print_text (const PbTransferProgress *progress) {
  g_autofree char *imported = pb_format_count (progress->messages);
  g_autofree char *known = pb_format_count (progress->duplicates);
  g_autofree char *deleted = pb_format_count (progress->skipped);
  g_autofree char *lost = pb_format_count (progress->unreadable);

  pb_cli_print_line (
    ngettext ("%s message imported", "%s messages imported", (gulong) progress->messages),
    imported);
  if (progress->duplicates > 0)
    pb_cli_print_line (
      ngettext ("%s was here already", "%s were here already", (gulong) progress->duplicates),
      known);
  if (progress->skipped > 0)
    pb_cli_print_line (ngettext ("%s was deleted there and is left out",
                                 "%s were deleted there and are left out",
                                 (gulong) progress->skipped),
                       deleted);
  if (progress->unreadable > 0)
    pb_cli_print_line (ngettext ("%s file could not be read", "%s files could not be read",
                                 (gulong) progress->unreadable),
                       lost);
}

static int
run_import (PbCli *self, const PbImportOptions *options, gboolean json) {
  PbTransferProgress progress = { 0 };
  g_autoptr (GError) error = NULL;

  if (!pb_cli_open_store (self, &error))
    return pb_cli_fail (error, NULL);
  pb_mail_store_import_async (self->store, options, pb_cli_progress_show, NULL, self->cancellable,
                              pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  gboolean done = pb_mail_store_import_finish (self->store, result, &progress, &error);
  pb_cli_progress_end ();
  if (json)
    print_json (options, &progress, error);
  else if (done || progress.messages + progress.duplicates > 0)
    print_text (&progress);
  if (!done)
    return pb_cli_fail (error, options->path);
  return progress.unreadable > 0 ? PB_EXIT_INCOMPLETE : PB_EXIT_DONE;
}

int
pb_cli_import (PbCli *self, GStrv args) {
  g_autofree char *into = NULL, *format = NULL;
  gboolean read = FALSE, json = FALSE;
  const GOptionEntry entries[] = {
    { "into", 0, 0, G_OPTION_ARG_STRING, &into,
      N_ ("The account, and a folder of it that is made where it is missing; else its inbox"),
      N_ ("ID[/FOLDER]") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format,
      N_ ("What it is, where that cannot be told by looking at it"),
      "mbox|mboxo|mboxrd|mboxcl|mboxcl2|maildir|mh|eml" },
    { "read", 0, 0, G_OPTION_ARG_NONE, &read, N_ ("What is not marked there counts as read"),
      NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("Print the result as a JSON object"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("PATH"),
    _ ("Copies mail from an mbox file, a Maildir, an MH folder, a message file, or a folder with "
       "any of them (such as the one of Thunderbird) into an account. Its folders come along. "
       "Nothing is changed there; what is here already is left out, so an import that was "
       "stopped can be repeated. Imported mail belongs to an account and is never sent to its "
       "server; to keep an archive apart, set up an account for it and do not fetch from it."),
    entries, 1, 1
  };
  PbImportOptions options = { .read = FALSE };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!choose_format (format, &options.format))
    return pb_cli_usage_error (
      args[0], "%s",
      _ ("--format is auto, mbox, mboxo, mboxrd, mboxcl, mboxcl2, maildir, "
         "mh or eml"));
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  g_autofree char *account = choose_account (self, into, &options.folder);
  if (!account)
    return pb_cli_usage_error (args[0], "%s", _ ("--into must say which account"));
  if (!pb_cli_find_account (self, account, &error))
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), account);
  if (!is_name (options.folder))
    return pb_cli_usage_error (args[0], _ ("“%s” cannot be the name of a folder"), options.folder);
  options.path = rest[0];
  options.account_id = account;
  options.read = read;
  return run_import (self, &options, json);
}
