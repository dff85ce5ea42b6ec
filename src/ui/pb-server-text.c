/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Words for rows. */

#include "config.h"

#include "pb-server-text.h"

#include <glib/gi18n.h>

#include "pb-format.h"

const char *
pb_server_text_state (PbServerState state) {
  static const char *const names[PB_N_SERVER_STATES] = {
    [PB_SERVER_NOT_HERE] = N_ ("Not here"),
    [PB_SERVER_HEAD_HERE] = N_ ("Only its head is here"),
    [PB_SERVER_HERE] = N_ ("Here"),
    [PB_SERVER_REMOVED_HERE] = N_ ("Removed here"),
    [PB_SERVER_REFUSED] = N_ ("Cannot be delivered"),
    [PB_SERVER_WAITING] = N_ ("Waiting to be deleted"),
    [PB_SERVER_GONE] = N_ ("Gone from the server"),
    [PB_SERVER_UNKNOWN] = N_ ("…"),
  };

  return _ (names[state]);
}

char *
pb_server_text_row_state (PbServerRow *row) {
  PbServerMark mark = pb_server_row_get_mark (row);
  const char *state = pb_server_text_state (pb_server_row_get_state (row));

  if (pb_server_row_is_sent (row))
    return g_strdup (_ ("Being deleted"));
  if (mark == (PB_SERVER_MARK_FETCH | PB_SERVER_MARK_DELETE) &&
      pb_server_row_get_here (row) != PB_SERVER_HERE)
    return g_strdup (_ ("To be fetched, then deleted"));
  if (mark == PB_SERVER_MARK_FETCH)
    return g_strdup (_ ("To be fetched"));
  if (pb_server_row_get_keep (row))
    return g_strdup_printf (_ ("%s, kept on the server"), state);
  return g_strdup (state);
}

char *
pb_server_text_sender (PbServerRow *row) {
  const PbSummary *head = pb_server_row_get_head (row);

  return head ? pb_format_person (head->from_name, head->from_address) : g_strdup ("…");
}

char *
pb_server_text_subject (PbServerRow *row) {
  const PbSummary *head = pb_server_row_get_head (row);

  if (!head)
    return g_strdup_printf (_ ("Message %u"), pb_server_row_get_number (row));
  return *head->subject ? pb_format_clean (head->subject) : g_strdup (_ ("(no subject)"));
}

gint64
pb_server_text_time (PbServerRow *row) {
  const PbSummary *head = pb_server_row_get_head (row);

  return head && head->date != G_MININT64 ? head->date : 0;
}

char *
pb_server_text_date (PbServerRow *row) {
  gint64 time = pb_server_text_time (row);

  return time ? pb_format_date_short (time, g_get_real_time () / G_USEC_PER_SEC) : g_strdup ("");
}

char *
pb_server_text_size (PbServerRow *row) {
  guint64 size = pb_server_row_get_size (row);

  return size ? pb_format_size (size) : g_strdup ("");
}

char *
pb_server_text_sentence (PbServerRow *row) {
  g_autofree char *sender = pb_server_text_sender (row);
  g_autofree char *subject = pb_server_text_subject (row);
  g_autofree char *date = pb_server_text_date (row);
  g_autofree char *size = pb_server_text_size (row);
  g_autofree char *state = pb_server_text_row_state (row);

  if (!pb_server_row_get_head (row))
    return g_strdup_printf (_ ("%s, %s, %s"), subject, size, state);
  return g_strdup_printf (_ ("%s: %s, %s, %s, %s"), sender, subject, date, size, state);
}

char *
pb_server_text_sender_key (PbServerRow *row) {
  const PbSummary *head = pb_server_row_get_head (row);

  if (!head)
    return g_strdup ("");
  return g_utf8_strdown (*head->from_address ? head->from_address : head->from_name, -1);
}
