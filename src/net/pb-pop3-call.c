/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The data of a call's task. */

#include "pb-pop3-call.h"

#include "pb-connector.h"

static void
unwatch (PbPop3Call *self) {
  if (self->cancelled)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
}

static void
call_free (gpointer data) {
  PbPop3Call *self = data;

  unwatch (self);
  g_clear_error (&self->error);
  g_clear_pointer (&self->listing, pb_listing_unref);
  g_clear_pointer (&self->removed, g_array_unref);
  g_free (self);
}

PbPop3Call *
pb_pop3_call_new (gpointer source,
                  gpointer source_tag,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data) {
  PbPop3Call *self = g_new0 (PbPop3Call, 1);

  self->task = g_task_new (source, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, source_tag);
  g_task_set_priority (self->task, PB_NET_PRIORITY);
  /* What happened is told, even when the cancellable went off a moment later. */
  g_task_set_check_cancellable (self->task, FALSE);
  g_task_set_task_data (self->task, self, call_free);
  return self;
}

void
pb_pop3_call_watch (PbPop3Call *self, GCancellableSourceFunc func, gpointer data) {
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  if (!cancellable)
    return;
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (func), data, NULL);
  g_source_attach (self->cancelled, g_task_get_context (self->task));
}

void
pb_pop3_call_end (PbPop3Call *self, const GError *error) {
  g_assert (!self->over);

  self->over = TRUE;
  self->error = error ? g_error_copy (error) : NULL;
  unwatch (self);
}

void
pb_pop3_call_take (PbPop3Call *self, const PbPop3Event *event) {
  switch (event->type) {
  case PB_POP3_EVENT_STAT:
    self->count = event->count;
    self->octets = event->octets;
    break;
  case PB_POP3_EVENT_LIST_ROW:
    if (event->has_octets)
      pb_listing_set_size (self->listing, event->number, event->octets);
    else
      pb_listing_set_uid (self->listing, event->number, NULL, 0);
    break;
  case PB_POP3_EVENT_UIDL_ROW:
    pb_listing_set_uid (self->listing, event->number, event->data, event->length);
    break;
  case PB_POP3_EVENT_BODY:
    if (self->raw.body)
      self->raw.body (event->data, event->length, self->sink_data);
    else
      self->sink.data (event->number, event->data, event->length, self->sink_data);
    break;
  case PB_POP3_EVENT_LINE:
    self->raw.line (event->data, event->length, self->sink_data);
    break;
  default:
    g_assert_not_reached ();
  }
}

void
pb_pop3_call_command_ended (PbPop3Call *self, const PbPop3Event *event) {
  self->pending--;
  if (event->error)
    self->refused++;
  if (self->sink.end)
    self->sink.end (event->number, event->error, self->sink_data);
  else if (self->removed && !event->error)
    g_array_append_val (self->removed, event->number);

  /* Messages may be refused one by one, and a listing may lack ids or sizes but not both; where
   * there is one command alone its refusal is the outcome. */
  gboolean single = !self->sink.end && !self->removed && !self->listing;
  if (event->error && (single || (self->listing && self->refused == 2)))
    pb_pop3_call_end (self, event->error);
  else if (self->pending == 0)
    pb_pop3_call_end (self, NULL);
}

void
pb_pop3_call_return (GTask *task) {
  g_autoptr (GTask) owned = task;
  PbPop3Call *self = g_task_get_task_data (task);

  g_assert (self->over);
  if (self->error)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else if (self->listing)
    g_task_return_pointer (task, g_steal_pointer (&self->listing),
                           (GDestroyNotify) pb_listing_unref);
  else if (self->removed)
    g_task_return_pointer (task, g_steal_pointer (&self->removed), (GDestroyNotify) g_array_unref);
  else
    g_task_return_boolean (task, TRUE);
}
