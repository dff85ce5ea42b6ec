/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli list. */

#include "config.h"

#include <glib/gi18n.h>

#include "pb-cli-commands.h"
#include "pb-cli-folders.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-format.h"

#define SENDER_WIDTH 24

static void
print_json (PbFolder *folder, PbMessageRow *row) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const PbSummary *summary = row->summary;

  json_builder_begin_object (builder);
  pb_cli_json_int (builder, "id", row->id);
  pb_cli_json_string (builder, "account", row->account_id);
  pb_cli_json_string (builder, "folder", pb_cli_folder_name (folder));
  json_builder_set_member_name (builder, "from");
  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "name", *summary->from_name ? summary->from_name : NULL);
  pb_cli_json_string (builder, "addr", summary->from_address);
  json_builder_end_object (builder);
  pb_cli_json_string (builder, "to", summary->to);
  pb_cli_json_string (builder, "subject", summary->subject);
  pb_cli_json_string (builder, "preview", summary->preview);
  pb_cli_json_string (builder, "message_id", *summary->message_id ? summary->message_id : NULL);
  pb_cli_json_time (builder, "date", summary->date);
  pb_cli_json_time (builder, "received", row->received);
  pb_cli_json_int (builder, "size", (gint64) row->size);
  pb_cli_json_boolean (builder, "read", (row->flags & PB_FLAG_READ) != 0);
  pb_cli_json_boolean (builder, "starred", (row->flags & PB_FLAG_STARRED) != 0);
  pb_cli_json_boolean (builder, "answered", (row->flags & PB_FLAG_ANSWERED) != 0);
  pb_cli_json_boolean (builder, "partial", (row->flags & PB_FLAG_PARTIAL) != 0);
  pb_cli_json_boolean (builder, "has_attachment", summary->has_attachment);
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

/* Cut or filled up to @width columns; wide characters take two. */
static char *
fit (const char *text, int width) {
  GString *out = g_string_new (NULL);
  int used = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    int columns = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    if (used + columns > width)
      break;
    g_string_append_unichar (out, c);
    used += columns;
  }
  for (; used < width; used++)
    g_string_append_c (out, ' ');
  return g_string_free (out, FALSE);
}

static void
print_row (PbMessageRow *row) {
  const PbSummary *summary = row->summary;
  gint64 when = summary->date == G_MININT64 ? row->received : summary->date;
  g_autofree char *date = pb_format_date_short (when, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *sender = pb_format_person (summary->from_name, summary->from_address);
  g_autofree char *name = fit (sender, SENDER_WIDTH);

  pb_cli_print_line ("%6" G_GINT64_FORMAT " %c%c%c %-10s  %s  %s", row->id,
                     row->flags & PB_FLAG_READ ? ' ' : 'N',
                     row->flags & PB_FLAG_STARRED ? '*' : ' ', summary->has_attachment ? '@' : ' ',
                     date, name, summary->subject);
}

static gboolean
print_cb (PbCli *self, PbFolder *folder, PbMessageRow *row, gpointer user_data, GError **error) {
  if (*(gboolean *) user_data)
    print_json (folder, row);
  else
    print_row (row);
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
