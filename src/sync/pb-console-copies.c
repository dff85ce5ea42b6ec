/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The listing, what the ledger says to it, and a plan, which knows what the messages are called
 * there. The plan is never carried out. */

#include "pb-console-copies.h"

#include "pb-error.h"
#include "pb-fetch-plan.h"

struct _PbConsoleCopies {
  PbMailStore *store;
  char *account_id;
  PbListing *listing;
  GArray *rows;      /* of PbLedgerRow, or NULL where nothing is known */
  PbFetchPlan *plan; /* or NULL */
};

void
pb_console_copies_free (PbConsoleCopies *self) {
  if (!self)
    return;
  g_clear_object (&self->store);
  g_clear_pointer (&self->listing, pb_listing_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->plan, pb_fetch_plan_unref);
  g_free (self->account_id);
  g_free (self);
}

static void
matched (GObject *source, GAsyncResult *result, gpointer data) {
  static const PbFetchPolicy keep = { .on_server = PB_ON_SERVER_KEEP };
  g_autoptr (GTask) task = data;
  PbConsoleCopies *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->rows = pb_mail_store_match_listing_finish (self->store, result, &error);
  if (!self->rows) {
    g_task_return_error (task, error);
    return;
  }
  self->plan =
    pb_fetch_plan_new (self->listing, self->rows, &keep, g_get_real_time () / G_USEC_PER_SEC);
  g_task_return_boolean (task, TRUE);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbConsoleCopies *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->listing = pb_pop3_session_list_finish (PB_POP3_SESSION (source), result, &error);
  if (g_error_matches (error, PB_ERROR, PB_ERROR_REFUSED)) {
    g_error_free (error);
    g_task_return_boolean (task, TRUE);
  } else if (error) {
    g_task_return_error (task, error);
  } else {
    pb_mail_store_match_listing_async (self->store, self->account_id, self->listing,
                                       g_task_get_cancellable (task), matched, g_object_ref (task));
  }
}

void
pb_console_copies_async (PbPop3Session *session,
                         PbMailStore *store,
                         const char *account_id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (session));
  g_return_if_fail (PB_IS_MAIL_STORE (store));
  g_return_if_fail (account_id != NULL);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PbConsoleCopies *self = g_new0 (PbConsoleCopies, 1);

  self->store = g_object_ref (store);
  self->account_id = g_strdup (account_id);
  g_task_set_source_tag (task, pb_console_copies_async);
  g_task_set_task_data (task, self, (GDestroyNotify) pb_console_copies_free);
  pb_pop3_session_list_async (session, cancellable, listed, g_object_ref (task));
}

/* Moves what was found out of the task. */
PbConsoleCopies *
pb_console_copies_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  PbConsoleCopies *found = g_task_get_task_data (G_TASK (result));
  PbConsoleCopies *self = g_memdup2 (found, sizeof *found);
  *found = (PbConsoleCopies){ 0 };
  return self;
}

PbConsoleCopy
pb_console_copies_find (const PbConsoleCopies *self, guint number) {
  g_return_val_if_fail (self != NULL, PB_CONSOLE_COPY_UNKNOWN);

  g_autoptr (GBytes) identity = self->plan ? pb_fetch_plan_dup_identity (self->plan, number) : NULL;
  if (!identity)
    return PB_CONSOLE_COPY_UNKNOWN;
  for (guint i = 0; i < self->rows->len; i++) {
    const PbLedgerRow *row = &g_array_index (self->rows, PbLedgerRow, i);
    if (row->number != number)
      continue;
    if (row->durable)
      return PB_CONSOLE_COPY_HERE;
    return row->state == PB_LEDGER_DELETED_HERE ? PB_CONSOLE_COPY_DELETED : PB_CONSOLE_COPY_NONE;
  }
  return PB_CONSOLE_COPY_UNKNOWN;
}

void
pb_console_copies_note_removed (PbConsoleCopies *self, GHashTable *numbers) {
  g_return_if_fail (self != NULL);
  g_return_if_fail (numbers != NULL);

  g_autoptr (GPtrArray) identities =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GHashTableIter iter;
  gpointer number;
  g_hash_table_iter_init (&iter, numbers);
  while (self->plan && g_hash_table_iter_next (&iter, &number, NULL)) {
    GBytes *identity = pb_fetch_plan_dup_identity (self->plan, GPOINTER_TO_UINT (number));
    if (identity)
      g_ptr_array_add (identities, identity);
  }
  if (identities->len > 0)
    pb_mail_store_note_removed (self->store, self->account_id, identities);
}
