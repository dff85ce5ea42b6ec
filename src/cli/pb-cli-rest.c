/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Looks up rows, and sorts their ids by account. */

#include "config.h"

#include "pb-cli-rest.h"

#include <glib/gi18n.h>

#include "pb-error.h"

static PbMessageRow *
load_row (PbCli *self, const char *number, GError **error) {
  g_autoptr (GPtrArray) rows = NULL;
  gint64 id;

  if (!g_ascii_string_to_signed (number, 10, 1, G_MAXINT64, &id, NULL)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("“%s” is not the number of a message"),
                 number);
    return NULL;
  }
  pb_mail_store_load_rows_async (self->store, &id, 1, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  rows = pb_mail_store_load_rows_finish (self->store, result, error);
  if (!rows)
    return NULL;
  if (g_ptr_array_index (rows, 0))
    return pb_message_row_ref (g_ptr_array_index (rows, 0));
  g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, _ ("there is no message %s"), number);
  return NULL;
}

static void
add (GPtrArray *accounts, GPtrArray *rest, PbAccount *account, gint64 id) {
  guint position;

  if (!g_ptr_array_find (accounts, account, &position)) {
    position = accounts->len;
    g_ptr_array_add (accounts, g_object_ref (account));
    g_ptr_array_add (rest, g_array_new (FALSE, FALSE, sizeof (gint64)));
  }
  g_array_append_val (g_ptr_array_index (rest, position), id);
}

GPtrArray *
pb_cli_find_rest (PbCli *self, GStrv messages, GPtrArray **rest, GError **error) {
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  if (!messages[0]) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("--rest needs the number of a message"));
    return NULL;
  }
  if (!pb_cli_open_store (self, error))
    return NULL;
  for (guint i = 0; messages[i]; i++) {
    g_autoptr (PbMessageRow) row = load_row (self, messages[i], error);
    PbAccount *account = row ? pb_cli_find_account (self, row->account_id, error) : NULL;
    if (!account)
      return NULL;
    add (accounts, ids, account, row->id);
  }
  *rest = g_steal_pointer (&ids);
  return g_steal_pointer (&accounts);
}
