/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli list. */

#include "config.h"

#include <glib/gi18n.h>

#include "pb-cli-commands.h"
#include "pb-cli-folders.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-cli-row.h"

static gboolean
print_cb (PbCli *self, PbFolder *folder, PbMessageRow *row, gpointer user_data, GError **error) {
  pb_cli_print_row (folder, row, *(gboolean *) user_data);
  return TRUE;
}

static gboolean
list_folders (PbCli *self,
              const char *id,
              const char *name,
              guint limit,
              gboolean json,
              GError **error) {
  g_autoptr (GPtrArray) folders = pb_cli_find_folders (self, id, name, error);

  for (guint i = 0; folders && i < folders->len; i++) {
    if (!pb_cli_walk (self, g_ptr_array_index (folders, i), PB_ORDER_NEWEST_FIRST, limit, print_cb,
                      &json, error))
      return FALSE;
  }
  return folders != NULL;
}

int
pb_cli_list (PbCli *self, GStrv args) {
  gboolean json = FALSE;
  int limit = -1;
  g_autofree char *folder = NULL;
  const GOptionEntry entries[] = {
    { "folder", 'f', 0, G_OPTION_ARG_STRING, &folder,
      N_ ("Another folder than the inbox: archive, trash, sent, …, or its name"), N_ ("FOLDER") },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many of each folder"), "N" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("One JSON object per line"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("[ID]"),
    _ ("Lists messages that are here, newest first: number, marks (N new, * starred, @ with "
       "attachment), date, sender, subject. “postbag-cli show NUMBER” shows one."),
    entries, 0, 1
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (limit < -1)
    return pb_cli_usage_error (args[0], "%s", _ ("--limit takes a number"));
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  if (rest[0] && !pb_cli_find_account (self, rest[0], &error))
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[0]);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->accounts)) == 0)
    return PB_EXIT_DONE;
  if (!pb_cli_open_store (self, &error) ||
      !list_folders (self, rest[0], folder ? folder : "inbox",
                     limit < 0 ? G_MAXUINT : (guint) limit, json, &error))
    return pb_cli_fail (error, folder);
  return PB_EXIT_DONE;
}
