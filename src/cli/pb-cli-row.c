/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A message as one line, for people or as JSON. */

#include "pb-cli-row.h"

#include "pb-cli-folders.h"
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

void
pb_cli_print_row (PbFolder *folder, PbMessageRow *row, gboolean json) {
  if (json)
    print_json (folder, row);
  else
    print_row (row);
}
