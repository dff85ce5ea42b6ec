/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli search. */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-cli-row.h"
#include "pb-search.h"

#define PAGE 500

/* Takes the words of what came since the last search. Where another process is doing that already,
 * its work is not waited for. */
static gboolean
index_text (PbCli *self, GError **error) {
  pb_mail_store_settle_async (self->store, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) settled = pb_cli_await (self);
  if (!pb_mail_store_settle_finish (self->store, settled, error))
    return FALSE;
  pb_mail_store_index_text_async (self->store, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  return pb_mail_store_index_text_finish (self->store, result, error);
}

/* The folder of a row; NULL when it is gone meanwhile. */
static PbFolder *
find_folder (PbCli *self, gint64 id) {
  GListModel *folders = pb_mail_store_get_folders (self->store);

  for (guint i = 0; i < g_list_model_get_n_items (folders); i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (folders, i);
    if (pb_folder_get_id (folder) == id)
      return folder; /* the list keeps it */
  }
  return NULL;
}

static gboolean
print_page (PbCli *self, const gint64 *ids, guint count, gboolean json, GError **error) {
  pb_mail_store_load_rows_async (self->store, ids, count, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  g_autoptr (GPtrArray) rows = pb_mail_store_load_rows_finish (self->store, result, error);

  for (guint i = 0; rows && i < rows->len; i++) {
    PbMessageRow *row = g_ptr_array_index (rows, i);
    PbFolder *folder = row ? find_folder (self, row->folder_id) : NULL;
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    if (folder)
      pb_cli_print_row (folder, row, json);
  }
  return rows != NULL;
}

static void
tell_missing (guint missing) {
  if (missing == 0)
    return;
  fprintf (stderr, "postbag-cli search: ");
  /* Translators: the text of so many messages is not in the index of the search yet. */
  fprintf (stderr,
           ngettext ("The text of %u message could not be searched yet; try again later.",
                     "The text of %u messages could not be searched yet; try again later.",
                     missing),
           missing);
  fputc ('\n', stderr);
}

static gboolean
search (PbCli *self, const PbSearch *what, gboolean json, GError **error) {
  guint missing;

  pb_mail_store_search_async (self->store, what, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  g_autoptr (GArray) ids = pb_mail_store_search_finish (self->store, result, &missing, error);
  if (!ids)
    return FALSE;
  for (guint i = 0; i < ids->len; i += PAGE) {
    if (!print_page (self, &g_array_index (ids, gint64, i), MIN (PAGE, ids->len - i), json, error))
      return FALSE;
  }
  tell_missing (missing);
  return TRUE;
}

int
pb_cli_search (PbCli *self, GStrv args) {
  gboolean json = FALSE;
  int limit = -1;
  g_autofree char *order = NULL;
  const GOptionEntry entries[] = {
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many"), "N" },
    { "order", 'o', 0, G_OPTION_ARG_STRING, &order,
      N_ ("The newest first (date, as without it) or the best first (rank)"), "date|rank" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("One JSON object per line"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("WORDS…"),
    _ (
      "Lists messages that have all of the words in sender, recipients, subject, text or names of "
      "attachments. “A phrase” in quotes, -not, this OR that; from: to: subject: body: attachment: "
      "is:unread is:starred is:answered has:attachment in:FOLDER in:anywhere account:ID "
      "before:DATE "
      "after:DATE on:DATE (2024-05-31, 2024-05, 7d, today) larger:SIZE smaller:SIZE (10k, 2M). Put "
      "“--” before a first word that begins with “-”. Trash and junk are left out unless in: names "
      "them."),
    entries, 1, G_MAXUINT
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (limit < -1)
    return pb_cli_usage_error (args[0], "%s", _ ("--limit takes a number"));
  if (order && !g_str_equal (order, "date") && !g_str_equal (order, "rank"))
    return pb_cli_usage_error (args[0], "%s", _ ("--order is one of date, rank"));
  g_autofree char *text = g_strjoinv (" ", rest);
  const PbSearch what = {
    .text = text,
    .role = PB_FOLDER_ANY,
    .order = g_strcmp0 (order, "rank") == 0 ? PB_SEARCH_BEST_FIRST : PB_SEARCH_NEWEST_FIRST,
    .limit = (guint) MAX (0, limit),
  };
  if (limit == 0)
    return PB_EXIT_DONE;
  if (!pb_cli_open_store (self, &error) || !index_text (self, &error) ||
      !search (self, &what, json, &error))
    return pb_cli_fail (error, NULL);
  return PB_EXIT_DONE;
}
