/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli export: mail as files that any program can read. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-cli-commands.h"
#include "pb-cli-folders.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-cli-progress.h"
#include "pb-error.h"
#include "pb-format.h"
#include "pb-mail-transfer.h"

static gboolean
is_free (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  return dir ? g_dir_read_name (dir) == NULL : !g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
choose_format (const char *text, const char *target, PbMailFormat *format) {
  *format = g_str_has_suffix (target, ".mbox") ? PB_FORMAT_MBOX : PB_FORMAT_EML;
  if (!text)
    return TRUE;
  if (strcmp (text, "mbox") == 0)
    *format = PB_FORMAT_MBOX;
  else if (strcmp (text, "maildir") == 0)
    *format = PB_FORMAT_MAILDIR;
  else if (strcmp (text, "eml") == 0)
    *format = PB_FORMAT_EML;
  else
    return FALSE;
  return TRUE;
}

static gboolean
run (PbCli *self,
     PbExportOptions *options,
     const char *id,
     const char *folder,
     PbTransferProgress *progress,
     GError **error) {
  g_autoptr (GPtrArray) folders = pb_cli_find_folders (self, id, folder, error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!folders)
    return FALSE;
  for (guint i = 0; i < folders->len; i++) {
    gint64 number = pb_folder_get_id (folders->pdata[i]);
    g_array_append_val (ids, number);
  }
  options->folder_ids = (const gint64 *) (gpointer) ids->data;
  options->n_folders = ids->len;
  pb_mail_store_export_async (self->store, options, pb_cli_progress_show, NULL, self->cancellable,
                              pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  gboolean done = pb_mail_store_export_finish (self->store, result, progress, error);
  pb_cli_progress_end ();
  return done;
}

static int
run_export (PbCli *self, PbExportOptions *options, const char *id, const char *folder) {
  g_autoptr (GError) error = NULL;
  PbTransferProgress progress = { 0 };

  if (!pb_cli_open_store (self, &error))
    return pb_cli_fail (error, NULL);
  if (!run (self, options, id, folder, &progress, &error))
    return pb_cli_fail (error, folder ? folder : options->path);
  g_autofree char *count = pb_format_count (progress.messages);
  pb_cli_print_line (ngettext ("%s message in %s", "%s messages in %s", (gulong) progress.messages),
                     count, options->path);
  return PB_EXIT_DONE;
}

int
pb_cli_export (PbCli *self, GStrv args) {
  g_autofree char *format = NULL, *folder = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format,
      N_ ("One file per message, mbox files, or a Maildir that other programs open"),
      "eml|mbox|maildir" },
    { "folder", 'f', 0, G_OPTION_ARG_STRING, &folder,
      N_ ("Only this one: inbox, archive, trash, sent, …, or its name"), N_ ("FOLDER") },
    { NULL },
  };
  const PbCliSyntax syntax = { N_ ("FOLDER|FILE.mbox [ID]"),
                               _ ("Copies all mail, or that of one account, out of Postbag: into a "
                                  "new or empty folder, or into a new file in mbox format "
                                  "(mboxrd). A Maildir keeps everything; mbox files keep marks and "
                                  "tags for Postbag only; single files keep none. Nothing is "
                                  "changed here."),
                               entries, 1, 2 };
  PbExportOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!choose_format (format, rest[0], &options.format))
    return pb_cli_usage_error (args[0], "%s", _ ("--format is eml, mbox or maildir"));
  if (!is_free (rest[0]) ||
      (options.format == PB_FORMAT_MBOX && g_str_has_suffix (rest[0], ".mbox") &&
       g_file_test (rest[0], G_FILE_TEST_EXISTS)))
    return pb_cli_usage_error (args[0], _ ("“%s” is there already; nothing is overwritten"),
                               rest[0]);
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  if (rest[1] && !pb_cli_find_account (self, rest[1], &error))
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[1]);
  options.path = rest[0];
  return run_export (self, &options, rest[1], folder);
}
