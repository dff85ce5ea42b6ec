/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An id is good as long as the index is the same; whether it is, the rest of the target tells.
 * Otherwise the newest of the inbox are searched for the Message-ID, or where there is none, for
 * the time of arrival. */

#include "pb-mail-notice.h"

#include <string.h>

#define PAGE 500
#define PAGES_MOST 20

typedef struct {
  char *account_id;
  GArray *wanted; /* of Wanted */
  GArray *found;  /* of gint64 */
  GArray *inbox;  /* of gint64 */
  guint page;
} Finding;

typedef struct {
  gint64 id;
  char *message_id;
  gint64 received;
} Wanted;

static void
clear_wanted (gpointer wanted) {
  g_free (((Wanted *) wanted)->message_id);
}

static void
finding_free (gpointer data) {
  Finding *finding = data;

  g_free (finding->account_id);
  g_array_unref (finding->wanted);
  g_clear_pointer (&finding->found, g_array_unref);
  g_clear_pointer (&finding->inbox, g_array_unref);
  g_free (finding);
}

static gboolean
is_same (const Finding *finding, const Wanted *wanted, const PbMessageRow *row) {
  if (strcmp (row->account_id, finding->account_id) != 0)
    return FALSE;
  return *wanted->message_id ? strcmp (row->summary->message_id, wanted->message_id) == 0
                             : row->received == wanted->received;
}

static void
take_rows (Finding *finding, GPtrArray *rows) {
  for (guint i = 0; rows && i < rows->len; i++) {
    const PbMessageRow *row = rows->pdata[i];
    for (guint j = 0; row && j < finding->wanted->len; j++) {
      if (is_same (finding, &g_array_index (finding->wanted, Wanted, j), row)) {
        g_array_append_val (finding->found, row->id);
        g_array_remove_index (finding->wanted, j);
        break;
      }
    }
  }
}

static void
end (GTask *task) {
  Finding *finding = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&finding->found), (GDestroyNotify) g_array_unref);
}

static void look_at_page (GTask *task);

static void
page_loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Finding *finding = g_task_get_task_data (task);
  g_autoptr (GPtrArray) rows =
    pb_mail_store_load_rows_finish (PB_MAIL_STORE (source), result, NULL);

  take_rows (finding, rows);
  finding->page++;
  look_at_page (task);
}

static void
look_at_page (GTask *task) {
  Finding *finding = g_task_get_task_data (task);
  guint start = finding->page * PAGE;

  if (finding->wanted->len == 0 || finding->page == PAGES_MOST || start >= finding->inbox->len) {
    end (task);
    return;
  }
  pb_mail_store_load_rows_async (
    g_task_get_source_object (task), &g_array_index (finding->inbox, gint64, start),
    MIN (PAGE, finding->inbox->len - start), NULL, page_loaded, g_object_ref (task));
}

static void
inbox_listed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Finding *finding = g_task_get_task_data (task);

  finding->inbox = pb_mail_store_query_finish (PB_MAIL_STORE (source), result, NULL);
  if (finding->inbox)
    look_at_page (task);
  else
    end (task);
}

static void
ids_tried (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Finding *finding = g_task_get_task_data (task);
  PbMailStore *store = PB_MAIL_STORE (source);
  g_autoptr (GPtrArray) rows = pb_mail_store_load_rows_finish (store, result, NULL);
  PbFolder *inbox = pb_mail_store_find_folder (store, finding->account_id, PB_FOLDER_INBOX);

  take_rows (finding, rows);
  if (finding->wanted->len == 0 || !inbox) {
    end (task);
    return;
  }
  PbQuery query = { .folder_id = pb_folder_get_id (inbox), .order = PB_ORDER_NEWEST_FIRST };
  pb_mail_store_query_async (store, &query, NULL, inbox_listed, g_object_ref (task));
}

static Finding *
read_target (GVariant *target) {
  Finding *finding = g_new0 (Finding, 1);
  g_autoptr (GVariantIter) iter = NULL;
  Wanted wanted;

  finding->found = g_array_new (FALSE, FALSE, sizeof (gint64));
  finding->wanted = g_array_new (FALSE, FALSE, sizeof (Wanted));
  g_array_set_clear_func (finding->wanted, clear_wanted);
  g_variant_get (target, "(sa(xsx))", &finding->account_id, &iter);
  while (finding->wanted->len < PB_MAIL_NOTICE_MOST &&
         g_variant_iter_next (iter, "(xsx)", &wanted.id, &wanted.message_id, &wanted.received))
    g_array_append_val (finding->wanted, wanted);
  return finding;
}

void
pb_mail_notice_find_async (PbMailStore *store,
                           GVariant *target,
                           GAsyncReadyCallback callback,
                           gpointer user_data) {
  g_return_if_fail (PB_IS_MAIL_STORE (store));
  g_return_if_fail (g_variant_is_of_type (target, G_VARIANT_TYPE (PB_MAIL_NOTICE_TYPE)));

  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);
  Finding *finding = read_target (target);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_task_set_source_tag (task, pb_mail_notice_find_async);
  g_task_set_task_data (task, finding, finding_free);
  for (guint i = 0; i < finding->wanted->len; i++)
    g_array_append_val (ids, g_array_index (finding->wanted, Wanted, i).id);
  if (ids->len == 0)
    end (task);
  else
    pb_mail_store_load_rows_async (store, &g_array_index (ids, gint64, 0), ids->len, NULL,
                                   ids_tried, g_object_ref (task));
}

GArray *
pb_mail_notice_find_finish (PbMailStore *store, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
