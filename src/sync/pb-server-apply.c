/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps: what was deleted here may come again → retrieve → ask the ledger → DELE. */

#include "pb-server-apply.h"

#include "pb-retrieval.h"
#include "pb-server-store.h"

typedef struct {
  PbServerVisit *visit;
  PbMailStore *store;
  char *account_id;
  GPtrArray *rows;
  PbOperation *operation;
  PbRetrieval *retrieval;
  guint asked;  /* to delete */
  guint before; /* marks of the session before this */
  PbServerResult result;
} Apply;

static void
apply_free (gpointer data) {
  Apply *self = data;

  g_object_unref (self->visit);
  g_object_unref (self->store);
  g_object_unref (self->operation);
  g_clear_object (&self->retrieval);
  g_ptr_array_unref (self->rows);
  g_free (self->account_id);
  g_free (self);
}

/* ---- Deleting ---- */

static void
settled (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Apply *self = g_task_get_task_data (task);
  GError *error = NULL;
  guint marked;

  if (!pb_removal_settle_finish (PB_REMOVAL (source), result, &marked, &error)) {
    g_task_return_error (task, error);
    return;
  }
  self->result.marked = marked - self->before;
  self->result.refused = self->asked - MIN (self->asked, self->result.marked);
  g_task_return_boolean (task, TRUE);
}

static void
remove_marked (GTask *task) {
  Apply *self = g_task_get_task_data (task);
  PbRemoval *removal = pb_server_visit_get_removal (self->visit);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  pb_removal_trust_ledger (removal, pb_server_visit_get_ledger (self->visit));
  for (guint i = 0; i < self->rows->len; i++) {
    PbServerRow *row = self->rows->pdata[i];
    guint number = pb_server_row_get_number (row);
    PbServerMark mark = pb_server_row_get_mark (row);
    if (!(mark & PB_SERVER_MARK_DELETE) || pb_server_row_is_sent (row))
      continue;
    if (mark == PB_SERVER_MARK_DELETE)
      pb_removal_wish (removal, &number, 1);
    g_array_append_val (numbers, number);
  }
  self->asked = numbers->len;
  self->before = pb_removal_get_marked (removal)->len;
  if (numbers->len > 0)
    pb_operation_set_phase (self->operation, PB_PHASE_REMOVING);
  pb_removal_request (removal, (const guint *) numbers->data, numbers->len);
  pb_removal_settle_async (removal, settled, g_object_ref (task));
}

/* ---- Fetching ---- */

static void
matched (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (pb_server_visit_match_finish (PB_SERVER_VISIT (source), result, &error))
    remove_marked (task);
  else
    g_task_return_error (task, error);
}

static void
retrieved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Apply *self = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean good = pb_retrieval_run_finish (self->retrieval, result, &error);

  pb_retrieval_take_result (self->retrieval, &self->result.fetched);
  if (good)
    pb_server_visit_match_async (self->visit, matched, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/* What is here as a whole is not asked for again. */
static GHashTable *
collect_fetches (Apply *self) {
  GHashTable *numbers = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->rows->len; i++) {
    PbServerRow *row = self->rows->pdata[i];
    if (pb_server_row_get_mark (row) & PB_SERVER_MARK_FETCH &&
        pb_server_row_get_here (row) != PB_SERVER_HERE)
      g_hash_table_add (numbers, GUINT_TO_POINTER (pb_server_row_get_number (row)));
  }
  return numbers;
}

static void
retrieve_marked (GTask *task) {
  static const PbFetchPolicy keep = { .on_server = PB_ON_SERVER_KEEP };
  Apply *self = g_task_get_task_data (task);
  const GArray *ledger = pb_server_visit_get_ledger (self->visit);
  g_autoptr (GHashTable) numbers = collect_fetches (self);
  g_autoptr (PbFetchPlan) plan = NULL;

  if (g_hash_table_size (numbers) == 0) {
    remove_marked (task);
    return;
  }
  plan = pb_fetch_plan_new (pb_server_visit_get_listing (self->visit), ledger, &keep,
                            g_get_real_time () / G_USEC_PER_SEC);
  pb_fetch_plan_choose (plan, ledger, numbers);
  pb_operation_set_phase (self->operation, PB_PHASE_RECEIVING);
  pb_operation_set_total (self->operation, plan->retrieve->len, plan->bytes);
  self->retrieval =
    pb_retrieval_new (pb_server_visit_get_session (self->visit), self->store, self->account_id,
                      plan, pb_server_visit_get_removal (self->visit), FALSE, self->operation);
  pb_retrieval_run_async (self->retrieval, pb_operation_get_cancellable (self->operation),
                          retrieved, g_object_ref (task));
}

/* ---- Before ---- */

static void
forgotten (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (pb_mail_store_forget_deleted_finish (PB_MAIL_STORE (source), result, &error))
    retrieve_marked (task);
  else
    g_task_return_error (task, error);
}

static GPtrArray *
collect_removed_here (Apply *self) {
  GPtrArray *identities = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < self->rows->len; i++) {
    PbServerRow *row = self->rows->pdata[i];
    if (pb_server_row_get_mark (row) & PB_SERVER_MARK_FETCH &&
        pb_server_row_get_here (row) == PB_SERVER_REMOVED_HERE && pb_server_row_get_identity (row))
      g_ptr_array_add (identities, g_bytes_ref (pb_server_row_get_identity (row)));
  }
  return identities;
}

void
pb_server_apply_async (PbServerVisit *visit,
                       PbMailStore *store,
                       const char *account_id,
                       GPtrArray *rows,
                       PbOperation *operation,
                       GAsyncReadyCallback callback,
                       gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_VISIT (visit));
  g_return_if_fail (PB_IS_MAIL_STORE (store));
  g_return_if_fail (account_id != NULL && rows != NULL);
  g_return_if_fail (PB_IS_OPERATION (operation));

  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Apply *self = g_new0 (Apply, 1);
  self->visit = g_object_ref (visit);
  self->store = g_object_ref (store);
  self->account_id = g_strdup (account_id);
  self->rows = g_ptr_array_ref (rows);
  self->operation = g_object_ref (operation);
  g_task_set_source_tag (task, pb_server_apply_async);
  g_task_set_task_data (task, self, apply_free);
  g_autoptr (GPtrArray) identities = collect_removed_here (self);
  if (identities->len > 0)
    pb_mail_store_forget_deleted_async (store, account_id, identities, NULL, forgotten,
                                        g_object_ref (task));
  else
    retrieve_marked (task);
}

gboolean
pb_server_apply_finish (GAsyncResult *result, PbServerResult *applied, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  *applied = ((Apply *) g_task_get_task_data (G_TASK (result)))->result;
  return g_task_propagate_boolean (G_TASK (result), error);
}
