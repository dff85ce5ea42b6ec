/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person wants of the messages of a server mailbox, and what it amounts to. */

#include "pb-server-mailbox-private.h"
#include "pb-server-store.h"

void
pb_server_mailbox_mark (PbServerMailbox *self, GPtrArray *rows, PbServerMark mark) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (self));
  g_return_if_fail (rows != NULL);

  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    PbServerRow *row = rows->pdata[i];
    if (pb_server_row_get_number (row) == 0 || pb_server_row_is_sent (row))
      continue;
    _pb_server_row_set_mark (row, mark);
    if (mark & PB_SERVER_MARK_DELETE && pb_server_row_get_keep (row))
      g_ptr_array_add (kept, row);
  }
  if (kept->len > 0)
    pb_server_mailbox_set_keep (self, kept, FALSE);
  _pb_server_mailbox_marks_changed (self);
}

guint
pb_server_mailbox_set_keep (PbServerMailbox *self, GPtrArray *rows, gboolean keep) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), 0);
  g_return_val_if_fail (rows != NULL, 0);

  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < rows->len; i++) {
    PbServerRow *row = rows->pdata[i];
    if (!pb_server_row_get_identity (row) || pb_server_row_is_sent (row))
      continue;
    g_ptr_array_add (identities, g_bytes_ref (pb_server_row_get_identity (row)));
    _pb_server_row_set_keep (row, keep);
    if (keep && pb_server_row_get_mark (row) & PB_SERVER_MARK_DELETE)
      _pb_server_row_set_mark (row, pb_server_row_get_mark (row) & PB_SERVER_MARK_FETCH);
  }
  /* Every listing reads it anew: a failure shows there. */
  if (identities->len > 0)
    pb_mail_store_set_keep_async (self->store, pb_account_get_id (self->account), identities, keep,
                                  NULL, NULL, NULL);
  _pb_server_mailbox_marks_changed (self);
  return identities->len;
}

/* What was deleted here after it had come is not lost by surprise, but it has no copy. */
static gboolean
will_have_copy (PbServerRow *row) {
  return pb_server_row_get_here (row) == PB_SERVER_HERE ||
         pb_server_row_get_mark (row) & PB_SERVER_MARK_FETCH;
}

PbServerSummary *
pb_server_mailbox_summarise (PbServerMailbox *self) {
  g_return_val_if_fail (PB_IS_SERVER_MAILBOX (self), NULL);

  GListModel *rows = pb_server_mailbox_get_rows (self);
  PbServerSummary *summary = g_new0 (PbServerSummary, 1);
  summary->without_copy = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (rows, i);
    PbServerMark mark = pb_server_row_get_mark (row);
    if (mark == PB_SERVER_MARK_NONE || pb_server_row_is_sent (row))
      continue;
    if (mark & PB_SERVER_MARK_FETCH && pb_server_row_get_here (row) != PB_SERVER_HERE) {
      summary->fetch++;
      summary->fetch_bytes += pb_server_row_get_size (row);
    }
    if (!(mark & PB_SERVER_MARK_DELETE))
      continue;
    summary->remove++;
    summary->remove_bytes += pb_server_row_get_size (row);
    if (!will_have_copy (row))
      g_ptr_array_add (summary->without_copy, g_steal_pointer (&row));
  }
  return summary;
}

void
pb_server_summary_free (PbServerSummary *self) {
  g_ptr_array_unref (self->without_copy);
  g_free (self);
}
