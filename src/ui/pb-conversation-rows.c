/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One small read for each conversation in sight. Of people the first word of the name is enough
 * where there are several. */

#include "config.h"

#include "pb-conversation-rows.h"

#include <string.h>

#include "pb-format.h"

#define MOST_ROWS 200

typedef struct {
  PbMessageItem *item;
  gint64 *ids;
  guint count; /* of the conversation, not of the rows asked for */
} Loading;

static void
loading_free (Loading *loading) {
  g_object_unref (loading->item);
  g_free (loading->ids);
  g_free (loading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loading, loading_free)

static void
rows_loaded (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Loading) loading = data;
  g_autoptr (GPtrArray) rows =
    pb_mail_store_load_rows_finish (PB_MAIL_STORE (source), result, NULL);
  guint count;
  const gint64 *now = pb_message_item_get_conversation (loading->item, &count);

  /* Without rows the count stays, and the row of the leading message. */
  if (rows && now && count == loading->count &&
      memcmp (now, loading->ids, count * sizeof *now) == 0)
    pb_message_item_set_rows (loading->item, rows);
}

void
pb_conversation_rows_load (PbMailStore *store, PbMessageItem *item, GCancellable *cancellable) {
  guint count;
  const gint64 *ids = pb_message_item_get_conversation (item, &count);

  g_return_if_fail (ids != NULL);
  Loading *loading = g_new0 (Loading, 1);
  loading->item = g_object_ref (item);
  loading->ids = g_memdup2 (ids, count * sizeof *ids);
  loading->count = count;
  pb_mail_store_load_rows_async (store, ids, MIN (count, MOST_ROWS), cancellable, rows_loaded,
                                 loading);
}

void
pb_conversation_rows_refresh (PbMailStore *store,
                              GHashTable *items,
                              GArray *changed,
                              GCancellable *cancellable) {
  g_autoptr (GHashTable) set = g_hash_table_new (g_int64_hash, g_int64_equal);
  GHashTableIter iter;
  gpointer item;

  for (guint i = 0; i < changed->len; i++)
    g_hash_table_add (set, &g_array_index (changed, gint64, i));
  g_hash_table_iter_init (&iter, items);
  while (g_hash_table_iter_next (&iter, NULL, &item)) {
    guint count = 0;
    const gint64 *ids = pb_message_item_get_conversation (item, &count);
    for (guint i = 0; ids && i < count; i++) {
      if (g_hash_table_contains (set, &ids[i])) {
        pb_conversation_rows_load (store, item, cancellable);
        break;
      }
    }
  }
}

/* ---- What they come to ---- */

static char *
first_word (char *name) {
  char *space = strchr (name, ' ');

  if (space && space != name)
    *space = '\0';
  return name;
}

static gboolean
contains (GPtrArray *names, const char *name) {
  for (guint i = 0; i < names->len; i++) {
    if (strcmp (names->pdata[i], name) == 0)
      return TRUE;
  }
  return FALSE;
}

static char *
join_people (GPtrArray *rows) {
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GString *text = g_string_new (NULL);

  for (guint i = rows->len; i > 0; i--) {
    const PbMessageRow *row = rows->pdata[i - 1];
    g_autofree char *name =
      row ? pb_format_person (row->summary->from_name, row->summary->from_address) : NULL;
    if (name && !contains (names, name))
      g_ptr_array_add (names, g_steal_pointer (&name));
  }
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->len > 1 ? first_word (names->pdata[i]) : names->pdata[i];
    g_string_append_printf (text, "%s%s", i ? ", " : "", name);
  }
  return g_string_free (text, FALSE);
}

static void
add_row (PbConversationSummary *self, const PbMessageRow *row) {
  self->unread |= !(row->flags & PB_FLAG_READ);
  self->starred |= (row->flags & PB_FLAG_STARRED) != 0;
  self->partial |= (row->flags & PB_FLAG_PARTIAL) != 0;
  self->attachment |= row->summary->has_attachment;
}

void
pb_conversation_summary_init_row (PbConversationSummary *self, const PbMessageRow *row) {
  *self = (PbConversationSummary){
    .count = 1,
    .answered = (row->flags & PB_FLAG_ANSWERED) != 0,
    .people = pb_format_person (row->summary->from_name, row->summary->from_address),
  };
  add_row (self, row);
}

void
pb_conversation_summary_init (PbConversationSummary *self, PbMessageItem *item) {
  const PbMessageRow *lead = pb_message_item_get_row (item);
  GPtrArray *rows = pb_message_item_get_rows (item);

  g_return_if_fail (lead != NULL);
  pb_conversation_summary_init_row (self, lead);
  pb_message_item_get_conversation (item, &self->count);
  for (guint i = 0; rows && i < rows->len; i++) {
    if (rows->pdata[i])
      add_row (self, rows->pdata[i]);
  }
  g_autofree char *people = rows ? join_people (rows) : NULL;
  if (people && *people) {
    g_free (self->people);
    self->people = g_steal_pointer (&people);
  }
}

void
pb_conversation_summary_clear (PbConversationSummary *self) {
  g_clear_pointer (&self->people, g_free);
}

gboolean
pb_conversation_rows_have (PbMessageItem *item, PbFlags flag) {
  GPtrArray *rows = item ? pb_message_item_get_rows (item) : NULL;

  for (guint i = 0; rows && i < rows->len; i++) {
    const PbMessageRow *row = rows->pdata[i];
    if (row && (row->flags & flag))
      return TRUE;
  }
  return item && !rows && pb_message_item_has_flag (item, flag);
}

gint64
pb_conversation_rows_pick (PbMessageItem *item) {
  GPtrArray *rows = pb_message_item_get_rows (item);

  for (guint i = rows ? rows->len : 0; i > 0; i--) {
    const PbMessageRow *row = rows->pdata[i - 1];
    if (row && !(row->flags & PB_FLAG_READ))
      return row->id;
  }
  return pb_message_item_get_id (item);
}
