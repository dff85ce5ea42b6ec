/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* After a check the unread of the inbox are listed; the newest ids among them are looked at, as
 * many as the check stored. */

#include "pb-notifier.h"

#include <string.h>

#define LOOKED_AT_MOST 500
/* Mail may have waited at the server for a day before its account came here. */
#define OLD_SECONDS (24 * 60 * 60)

struct _PbNotifier {
  GObject parent_instance;

  PbMailStore *store;
  GListModel *operations;
  GHashTable *begun; /* account id → gint64*: when its check began */
  GHashTable *shown; /* account id → GVariant target of what is shown */
  PbNoticeFunc func;
  gpointer func_data;
  PbNoticeAllowedFunc allowed;
  gpointer allowed_data;
};

G_DEFINE_FINAL_TYPE (PbNotifier, pb_notifier, G_TYPE_OBJECT)

static char *
notice_id (const char *account_id) {
  return g_strconcat ("new-mail-", account_id, NULL);
}

/* ---- Telling ---- */

typedef struct {
  PbNotifier *notifier;
  PbAccount *account;
  guint stored;
  gint64 begun;
  gint64 known_since;
} Telling;

static void
telling_free (Telling *telling) {
  g_object_unref (telling->notifier);
  g_object_unref (telling->account);
  g_free (telling);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Telling, telling_free)

static gboolean
is_new (const Telling *telling, const PbMessageRow *row) {
  gint64 date = row->summary->date;

  return row->received >= telling->begun && !(row->flags & PB_FLAG_READ) &&
         (date == G_MININT64 || date >= telling->known_since - OLD_SECONDS);
}

static int
compare_dates (gconstpointer a, gconstpointer b) {
  const PbMessageRow *one = *(const PbMessageRow *const *) a;
  const PbMessageRow *other = *(const PbMessageRow *const *) b;

  return (other->summary->date > one->summary->date) - (other->summary->date < one->summary->date);
}

static void
rows_loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Telling) telling = data;
  PbNotifier *self = telling->notifier;
  g_autoptr (GPtrArray) rows =
    pb_mail_store_load_rows_finish (PB_MAIL_STORE (source), result, NULL);
  g_autoptr (GPtrArray) news = g_ptr_array_new ();
  const char *account_id = pb_account_get_id (telling->account);

  for (guint i = 0; rows && i < rows->len; i++) {
    if (rows->pdata[i] && is_new (telling, rows->pdata[i]))
      g_ptr_array_add (news, rows->pdata[i]);
  }
  if (news->len == 0)
    return;
  g_ptr_array_sort (news, compare_dates);
  g_autoptr (PbMailNotice) notice =
    pb_mail_notice_new (news, pb_account_get_label (telling->account));
  g_autofree char *id = notice_id (account_id);
  g_hash_table_replace (self->shown, g_strdup (account_id), g_variant_ref (notice->target));
  self->func (id, notice, self->func_data);
}

static int
compare_ids_down (gconstpointer a, gconstpointer b) {
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (other > one) - (other < one);
}

static void
unread_listed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Telling) telling = data;
  g_autoptr (GArray) ids = pb_mail_store_query_finish (PB_MAIL_STORE (source), result, NULL);

  if (!ids || ids->len == 0)
    return;
  /* Ids grow: the newest are what came last. */
  g_array_sort (ids, compare_ids_down);
  guint count = MIN (MIN (ids->len, telling->stored), LOOKED_AT_MOST);
  pb_mail_store_load_rows_async (PB_MAIL_STORE (source), &g_array_index (ids, gint64, 0), count,
                                 NULL, rows_loaded, g_steal_pointer (&telling));
}

static void
finished_cb (PbNotifier *self, PbAccount *account, PbFetchResult *fetched, const GError *error) {
  const char *id = pb_account_get_id (account);
  PbFolder *inbox = pb_mail_store_find_folder (self->store, id, PB_FOLDER_INBOX);
  const gint64 *begun = g_hash_table_lookup (self->begun, id);
  gint64 since = begun ? *begun : g_get_real_time () / G_USEC_PER_SEC;
  gint64 known_since = since;

  g_autoptr (Telling) telling = g_new0 (Telling, 1);
  telling->notifier = g_object_ref (self);
  telling->account = g_object_ref (account);
  telling->stored = fetched->stored;
  telling->begun = since;
  gboolean allowed = !self->allowed || self->allowed (account, &known_since, self->allowed_data);
  telling->known_since = known_since;
  g_hash_table_remove (self->begun, id);
  if (!allowed || fetched->stored == 0 || !inbox)
    return;
  PbQuery query = { .folder_id = pb_folder_get_id (inbox), .without = PB_FLAG_READ };
  pb_mail_store_query_async (self->store, &query, NULL, unread_listed, g_steal_pointer (&telling));
}

static void
operations_changed_cb (PbNotifier *self, guint position, guint removed, guint added) {
  for (guint i = position; i < position + added; i++) {
    g_autoptr (PbOperation) operation = g_list_model_get_item (self->operations, i);
    gint64 now = g_get_real_time () / G_USEC_PER_SEC;
    g_hash_table_replace (self->begun, g_strdup (pb_operation_get_account_id (operation)),
                          g_memdup2 (&now, sizeof now));
  }
}

/* ---- Withdrawing ---- */

typedef struct {
  PbNotifier *notifier;
  char *account_id;
  GVariant *target;
} Review;

static void
review_free (Review *review) {
  g_object_unref (review->notifier);
  g_free (review->account_id);
  g_variant_unref (review->target);
  g_free (review);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Review, review_free)

static void
reviewed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Review) review = data;
  PbNotifier *self = review->notifier;
  PbMailStore *store = PB_MAIL_STORE (source);
  g_autoptr (GPtrArray) rows = pb_mail_store_load_rows_finish (store, result, NULL);
  PbFolder *inbox = pb_mail_store_find_folder (store, review->account_id, PB_FOLDER_INBOX);

  for (guint i = 0; rows && inbox && i < rows->len; i++) {
    const PbMessageRow *row = rows->pdata[i];
    if (row && !(row->flags & PB_FLAG_READ) && row->folder_id == pb_folder_get_id (inbox))
      return;
  }
  /* Another one may stand there meanwhile. */
  if (g_hash_table_lookup (self->shown, review->account_id) != review->target)
    return;
  g_autofree char *id = notice_id (review->account_id);
  g_hash_table_remove (self->shown, review->account_id);
  self->func (id, NULL, self->func_data);
}

static void
review_shown (PbNotifier *self, const char *account_id, GVariant *target) {
  Review *review = g_new0 (Review, 1);
  g_autoptr (GVariantIter) iter = NULL;
  gint64 ids[PB_MAIL_NOTICE_MOST];
  guint count = 0;

  review->notifier = g_object_ref (self);
  review->account_id = g_strdup (account_id);
  review->target = g_variant_ref (target);
  g_variant_get (target, "(&sa(xsx))", NULL, &iter);
  while (count < G_N_ELEMENTS (ids) && g_variant_iter_next (iter, "(xsx)", &ids[count], NULL, NULL))
    count++;
  pb_mail_store_load_rows_async (self->store, ids, count, NULL, reviewed, review);
}

static void
review_all_cb (PbNotifier *self) {
  GHashTableIter iter;
  gpointer account_id, target;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &account_id, &target))
    review_shown (self, account_id, target);
}

/* ---- Object ---- */

static void
pb_notifier_finalize (GObject *object) {
  PbNotifier *self = PB_NOTIFIER (object);

  g_clear_object (&self->store);
  g_clear_object (&self->operations);
  g_hash_table_unref (self->begun);
  g_hash_table_unref (self->shown);
  G_OBJECT_CLASS (pb_notifier_parent_class)->finalize (object);
}

static void
pb_notifier_class_init (PbNotifierClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_notifier_finalize;
}

static void
pb_notifier_init (PbNotifier *self) {
  self->begun = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->shown =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
}

PbNotifier *
pb_notifier_new (PbSyncService *sync, PbMailStore *store, PbNoticeFunc func, gpointer user_data) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (sync), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  PbNotifier *self = g_object_new (PB_TYPE_NOTIFIER, NULL);

  self->store = g_object_ref (store);
  self->operations = g_object_ref (pb_sync_service_get_operations (sync));
  self->func = func;
  self->func_data = user_data;
  g_signal_connect_object (self->operations, "items-changed", G_CALLBACK (operations_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (sync, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "rows-changed", G_CALLBACK (review_all_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "changed", G_CALLBACK (review_all_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
pb_notifier_set_allowed_func (PbNotifier *self, PbNoticeAllowedFunc func, gpointer user_data) {
  g_return_if_fail (PB_IS_NOTIFIER (self));

  self->allowed = func;
  self->allowed_data = user_data;
}

gboolean
pb_notifier_is_quiet (guint minute, guint from, guint to) {
  if (from <= to)
    return minute >= from && minute < to;
  return minute >= from || minute < to;
}
