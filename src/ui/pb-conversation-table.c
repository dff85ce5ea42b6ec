/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations of several messages, one behind the other in one array, sorted by their first id;
 * where each begins is told by a second array, which has one entry more than there are. */

#include "pb-conversation-table.h"

struct _PbConversationTable {
  gint64 *messages;
  guint32 *starts;
  guint count;
  guint n_messages;
};

typedef struct {
  gint64 lead;
  guint place;
} Group;

static int
compare_groups (gconstpointer a, gconstpointer b) {
  const Group *first = a, *second = b;

  return (first->lead > second->lead) - (first->lead < second->lead);
}

/* Those of several messages, sorted; @total is how many messages they have. */
static GArray *
sort_groups (PbConversations *conversations, gsize *total) {
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));

  *total = 0;
  for (guint i = 0; i < pb_conversations_get_count (conversations); i++) {
    guint count;
    const gint64 *ids = pb_conversations_get_messages (conversations, i, &count);
    if (count < 2)
      continue;
    g_array_append_val (groups, ((Group){ ids[0], i }));
    *total += count;
  }
  g_array_sort (groups, compare_groups);
  return groups;
}

PbConversationTable *
pb_conversation_table_new (PbConversations *conversations) {
  g_return_val_if_fail (conversations != NULL, NULL);

  PbConversationTable *self = g_new0 (PbConversationTable, 1);
  gsize total;
  g_autoptr (GArray) groups = sort_groups (conversations, &total);
  guint32 end = 0;

  self->messages = g_new (gint64, total);
  self->starts = g_new (guint32, groups->len + 1);
  self->count = groups->len;
  self->n_messages = pb_conversations_get_n_messages (conversations);
  for (guint i = 0; i < groups->len; i++) {
    guint count;
    const gint64 *ids =
      pb_conversations_get_messages (conversations, g_array_index (groups, Group, i).place, &count);
    self->starts[i] = end;
    memcpy (self->messages + end, ids, count * sizeof *ids);
    end += count;
  }
  self->starts[groups->len] = end;
  return self;
}

void
pb_conversation_table_free (PbConversationTable *self) {
  g_free (self->messages);
  g_free (self->starts);
  g_free (self);
}

GArray *
pb_conversation_list_leads (PbConversations *conversations) {
  g_return_val_if_fail (conversations != NULL, NULL);

  guint n = pb_conversations_get_count (conversations);
  GArray *leads = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);

  for (guint i = 0; i < n; i++) {
    guint count;
    g_array_append_val (leads, *pb_conversations_get_messages (conversations, i, &count));
  }
  return leads;
}

const gint64 *
pb_conversation_table_lookup (PbConversationTable *self, gint64 lead, guint *count) {
  g_return_val_if_fail (count != NULL, NULL);

  guint low = 0, high = self ? self->count : 0;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (self->messages[self->starts[middle]] < lead)
      low = middle + 1;
    else
      high = middle;
  }
  if (!self || low == self->count || self->messages[self->starts[low]] != lead)
    return NULL;
  *count = self->starts[low + 1] - self->starts[low];
  return self->messages + self->starts[low];
}

gint64
pb_conversation_table_find_lead (PbConversationTable *self, gint64 message) {
  for (guint i = 0; self && i < self->count; i++) {
    for (guint32 j = self->starts[i]; j < self->starts[i + 1]; j++) {
      if (self->messages[j] == message)
        return self->messages[self->starts[i]];
    }
  }
  return message;
}

guint
pb_conversation_table_get_n_messages (PbConversationTable *self) {
  g_return_val_if_fail (self != NULL, 0);
  return self->n_messages;
}
