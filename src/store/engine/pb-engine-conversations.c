/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* New messages get their conversation as upkeep right behind a delivery; a list that is asked for
 * earlier does some of it first. */

#include "pb-engine-conversations.h"

#include "pb-conversations-private.h"
#include "pb-engine-private.h"
#include "pb-threads.h"

#define SLICE 1000
#define AT_ONCE 2000

/* On a full disk a list is still shown: each new message stands alone until there is room. */
static void
assign_some (PbEngine *self) {
  g_autoptr (GError) error = NULL;
  guint left = AT_ONCE;

  if (!pb_threads_assign (self->index, &left, &error))
    g_info ("conversations: %s", error->message);
  pb_threads_expect (self->index, error || left == 0);
}

PbConversations *
pb_engine_query_conversations (PbEngine *self, const PbQuery *query, GError **error) {
  g_autoptr (GArray) ids = pb_engine_query (self, query, error);

  if (!ids)
    return NULL;
  assign_some (self);
  g_autofree gint64 *names = pb_threads_find_all (self->index, ids, error);
  return names ? pb_conversations_new (ids, names) : NULL;
}

GArray *
pb_engine_list_conversation (PbEngine *self, gint64 message, GError **error) {
  if (!pb_engine_refresh (self, FALSE, error))
    return NULL;
  assign_some (self);
  return pb_threads_list (self->index, message, error);
}

gboolean
pb_engine_fill_conversations (PbEngine *self) {
  g_autoptr (GError) error = NULL;
  guint left = SLICE;

  /* Mail that comes in goes first. */
  if (self->deliveries->len > 0)
    return FALSE;
  if (pb_threads_assign (self->index, &left, &error))
    return left < SLICE;
  g_info ("conversations: %s", error->message);
  return FALSE;
}
