/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Calls on one side, the machine's events on the other. Calls only put commands into the machine;
 * events come in turns of the link and end calls; ended calls are handed back when the turn is
 * over, when callers may do with the session what they like. */

#include "pb-pop3-session.h"

#include <string.h>

#include "pb-error.h"
#include "pb-pop3-call.h"
#include "pb-pop3-link.h"
#include "pb-pop3-response.h"

/* How long a session whose call was cancelled may take to say QUIT. */
#define LEAVE_MS 2000

struct _PbPop3Session {
  GObject parent_instance;

  PbPop3Link *link;
  GError *invalid; /* why it cannot even be opened, or NULL */
  gboolean opened;
  gboolean ready; /* signed in */
  gboolean typed; /* a person typed commands: QUIT is his to say */
  gboolean left;  /* QUIT, said by itself, was confirmed */
  gboolean skip_uidl;
  GTask *call;      /* the call under way, if any */
  GTask *removal;   /* remove () under way, if any */
  GSource *finish;  /* hands ended calls back outside of a turn */
  GSource *leaving; /* the deadline of QUIT, which holds the session; NULL while it goes on */
  PbPop3Facts facts;
};

G_DEFINE_FINAL_TYPE (PbPop3Session, pb_pop3_session, G_TYPE_OBJECT)

static PbPop3Call *
call_of (GTask *task) {
  return task ? g_task_get_task_data (task) : NULL;
}

/* The call under way that has not ended. */
static PbPop3Call *
open_call (GTask *task) {
  PbPop3Call *call = call_of (task);

  return call && !call->over ? call : NULL;
}

/* Handing back */

static void
return_ended (GTask **task) {
  if (*task && call_of (*task)->over)
    pb_pop3_call_return (g_steal_pointer (task));
}

static void
finish_calls (PbPop3Session *self) {
  g_autoptr (PbPop3Session) keep = g_object_ref (self);

  return_ended (&self->removal);
  return_ended (&self->call);
}

static gboolean
finish_cb (gpointer data) {
  PbPop3Session *self = data;

  g_clear_pointer (&self->finish, g_source_unref);
  finish_calls (self);
  return G_SOURCE_REMOVE;
}

static void
finish_calls_soon (PbPop3Session *self) {
  if (self->finish)
    return;
  self->finish = g_idle_source_new ();
  g_source_set_priority (self->finish, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->finish, finish_cb, g_object_ref (self), g_object_unref);
  g_source_attach (self->finish, g_main_context_get_thread_default ());
}

/* Events */

static void
end_calls (PbPop3Session *self, const GError *error) {
  if (open_call (self->removal))
    pb_pop3_call_end (call_of (self->removal), error);
  if (open_call (self->call))
    pb_pop3_call_end (call_of (self->call), error);
}

static void
link_ended (gpointer owner, const GError *error) {
  PbPop3Session *self = owner;

  end_calls (self, error);
  finish_calls_soon (self);
  if (self->leaving)
    g_source_destroy (self->leaving);
  g_clear_pointer (&self->leaving, g_source_unref);
}

static void
end_link (PbPop3Session *self, const char *why) {
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, PB_ERROR_CONNECT, why);

  pb_pop3_link_end (self->link, error);
}

static void
command_ended (PbPop3Session *self, const PbPop3Event *event) {
  gboolean removes = event->verb == PB_POP3_DELE && self->removal;
  PbPop3Call *call = open_call (removes ? self->removal : self->call);

  if (call)
    pb_pop3_call_command_ended (call, event);
  if (event->verb == PB_POP3_QUIT)
    end_link (self, "the server did not confirm the end of the session");
}

static void
link_event (gpointer owner, const PbPop3Event *event) {
  PbPop3Session *self = owner;
  PbPop3Call *call = open_call (self->call);

  self->ready |= event->type == PB_POP3_EVENT_READY;
  self->left |= self->leaving && event->type == PB_POP3_EVENT_CLOSED;
  if (event->type == PB_POP3_EVENT_DONE)
    command_ended (self, event);
  else if (call && (event->type == PB_POP3_EVENT_READY || event->type == PB_POP3_EVENT_CLOSED))
    pb_pop3_call_end (call, NULL);
  else if (call)
    pb_pop3_call_take (call, event);
}

static void
link_turned (gpointer owner) {
  finish_calls (owner);
}

static gboolean
leave_time_is_up (gpointer data) {
  end_link (data, "the server did not confirm the end of the session in time");
  return G_SOURCE_REMOVE;
}

/* The mailbox is given back properly where that is soon done: what is in flight is read and thrown
 * away, then QUIT is answered. Before the log-in there is nothing to give back, and where much is
 * in flight, closing the connection is the shorter way. */
static gboolean
leave (PbPop3Session *self) {
  if (self->leaving)
    return TRUE;
  if (self->typed || !pb_pop3_machine_leave (pb_pop3_link_get_machine (self->link)))
    return FALSE;
  self->leaving = g_timeout_source_new (LEAVE_MS);
  g_source_set_callback (self->leaving, leave_time_is_up, g_object_ref (self), g_object_unref);
  g_source_attach (self->leaving, g_main_context_get_thread_default ());
  pb_pop3_link_set_paused (self->link, FALSE);
  pb_pop3_link_wake (self->link);
  return TRUE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data) {
  GTask *task = data;
  g_autoptr (PbPop3Session) self = g_object_ref (g_task_get_source_object (task));
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autoptr (GError) other = g_error_new_literal (
    PB_ERROR, PB_ERROR_CONNECT, "the session was given up because a call was cancelled");

  pb_pop3_call_end (call_of (task), error);
  if (leave (self))
    end_calls (self, other);
  else
    pb_pop3_link_end (self->link, other);
  finish_calls (self);
  return G_SOURCE_REMOVE;
}

/* Object */

static void
pb_pop3_session_finalize (GObject *object) {
  PbPop3Session *self = PB_POP3_SESSION (object);

  pb_pop3_link_free (self->link);
  g_clear_error (&self->invalid);
  G_OBJECT_CLASS (pb_pop3_session_parent_class)->finalize (object);
}

static void
pb_pop3_session_class_init (PbPop3SessionClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_pop3_session_finalize;
}

static void
pb_pop3_session_init (PbPop3Session *self) {}

/* Doors */

static GError *
check_config (const PbPop3SessionConfig *config) {
  if (strpbrk (config->user, "\r\n"))
    return g_error_new (PB_ERROR, PB_ERROR_INVALID, "the user name has a line end in it");
  if (config->secret && !pb_secret_is_sendable (config->secret))
    return g_error_new (PB_ERROR, PB_ERROR_INVALID, "the password has a line end in it");
  if (config->endpoint->security == PB_SECURITY_NONE && !config->allow_clear_secret &&
      pb_auth_reveals_secret (config->auth))
    return g_error_new (
      PB_ERROR, PB_ERROR_INSECURE,
      "the connection would not be encrypted, and sending the password is not allowed");
  return NULL;
}

PbPop3Session *
pb_pop3_session_new (const PbPop3SessionConfig *config) {
  static const PbPop3LinkHandlers handlers = { link_event, link_ended, link_turned };

  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (config->endpoint && config->user, NULL);
  g_return_val_if_fail (config->secret || !pb_auth_needs_secret (config->auth), NULL);

  PbPop3Session *self = g_object_new (PB_TYPE_POP3_SESSION, NULL);
  self->invalid = check_config (config);
  self->skip_uidl = config->skip_uidl;
  self->link = pb_pop3_link_new (config, &handlers, G_OBJECT (self));
  return self;
}

PbTranscript *
pb_pop3_session_get_transcript (PbPop3Session *self) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (self), NULL);

  return pb_pop3_link_get_transcript (self->link);
}

const PbPop3Facts *
pb_pop3_session_get_facts (PbPop3Session *self) {
  PbPop3MachineFacts facts;

  g_return_val_if_fail (PB_IS_POP3_SESSION (self), NULL);

  pb_pop3_machine_get_facts (pb_pop3_link_get_machine (self->link), &facts);
  self->facts = (PbPop3Facts){
    .has_capa = facts.has_capa,
    .signed_in = self->ready,
    .pipelining = facts.pipelining,
    .pipelining_works = facts.pipelining_works,
    .stuck_behind = facts.stuck_behind,
    .uidl_unanswered = facts.uidl_unanswered,
    .capa_silent = facts.capa_silent,
    .utf8_refused = facts.utf8_refused,
    .lang_refused = facts.lang_refused,
    .mechanism = facts.mechanism,
    .tls = pb_pop3_link_get_tls (self->link),
    .implementation = facts.implementation,
    .expire_days =
      facts.expire_days == PB_POP3_EXPIRE_NEVER ? PB_POP3_KEEPS_FOR_EVER : facts.expire_days,
    .login_delay = facts.login_delay,
  };
  return &self->facts;
}

const char *const *
pb_pop3_session_get_capabilities (PbPop3Session *self) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (self), NULL);

  return pb_pop3_machine_get_capabilities (pb_pop3_link_get_machine (self->link));
}

/* NULL, and the task has its error already, when the call cannot begin. */
static PbPop3Call *
begin (PbPop3Session *self,
       gpointer source_tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data) {
  PbPop3Call *call = pb_pop3_call_new (self, source_tag, cancellable, callback, user_data);
  g_autoptr (GTask) task = call->task;
  gboolean removes = source_tag == (gpointer) pb_pop3_session_remove_async;
  gboolean retrieves = source_tag == (gpointer) pb_pop3_session_retrieve_async;
  gboolean quits = source_tag == (gpointer) pb_pop3_session_quit_async;
  const GError *end = pb_pop3_link_get_end (self->link);
  GTask **slot = removes ? &self->removal : &self->call;

  if (g_task_return_error_if_cancelled (task))
    return NULL;
  if (self->left && quits) {
    g_task_return_boolean (task, TRUE);
  } else if (*slot || (self->removal && !retrieves)) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "another call is under way");
  } else if (end) {
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_CONNECT, "the session is closed: %s",
                             end->message);
  } else if (self->leaving && !quits) {
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_CONNECT, "the session is being ended");
  } else if (self->opened == (source_tag == (gpointer) pb_pop3_session_open_async)) {
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_CONNECT,
                             "a session is opened once, before all else");
  } else {
    *slot = g_steal_pointer (&task);
    pb_pop3_call_watch (call, cancelled_cb, call->task);
    return call;
  }
  return NULL;
}

/* @call is NULL when it could not begin. */
static void
ask (PbPop3Session *self, PbPop3Verb verb, PbPop3Call *call) {
  if (!call)
    return;
  pb_pop3_machine_enqueue (pb_pop3_link_get_machine (self->link), verb, 0, 0);
  call->pending++;
  pb_pop3_link_wake (self->link);
}

static void
wait_for_commands (PbPop3Session *self, PbPop3Call *call, guint count) {
  call->pending = count;
  if (count == 0) {
    pb_pop3_call_end (call, NULL);
    finish_calls_soon (self);
  }
  pb_pop3_link_wake (self->link);
}

static gboolean
finish_boolean (PbPop3Session *self, GAsyncResult *result, gpointer source_tag, GError **error) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
finish_pointer (PbPop3Session *self, GAsyncResult *result, gpointer source_tag, GError **error) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pb_pop3_session_open_async (PbPop3Session *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  if (!begin (self, pb_pop3_session_open_async, cancellable, callback, user_data))
    return;
  self->opened = TRUE;
  if (self->invalid)
    pb_pop3_link_end (self->link, self->invalid);
  else
    pb_pop3_link_open (self->link);
}

gboolean
pb_pop3_session_open_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_boolean (self, result, pb_pop3_session_open_async, error);
}

void
pb_pop3_session_stat_async (PbPop3Session *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  ask (self, PB_POP3_STAT,
       begin (self, pb_pop3_session_stat_async, cancellable, callback, user_data));
}

gboolean
pb_pop3_session_stat_finish (PbPop3Session *self,
                             GAsyncResult *result,
                             guint *count,
                             guint64 *octets,
                             GError **error) {
  if (!finish_boolean (self, result, pb_pop3_session_stat_async, error))
    return FALSE;
  const PbPop3Call *call = g_task_get_task_data (G_TASK (result));
  if (count)
    *count = call->count;
  if (octets)
    *octets = call->octets;
  return TRUE;
}

void
pb_pop3_session_list_async (PbPop3Session *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  PbPop3Call *call = begin (self, pb_pop3_session_list_async, cancellable, callback, user_data);
  if (!call)
    return;
  call->listing = pb_listing_new ();
  ask (self, PB_POP3_LIST, call);
  if (self->skip_uidl)
    call->refused++;
  else
    ask (self, PB_POP3_UIDL, call);
}

PbListing *
pb_pop3_session_list_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_pointer (self, result, pb_pop3_session_list_async, error);
}

void
pb_pop3_session_retrieve_async (PbPop3Session *self,
                                const guint *numbers,
                                const guint64 *sizes,
                                guint count,
                                int lines,
                                const PbPop3Sink *sink,
                                gpointer sink_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));
  g_return_if_fail (numbers != NULL || count == 0);
  g_return_if_fail (sink != NULL && sink->data != NULL && sink->end != NULL);

  PbPop3Call *call = begin (self, pb_pop3_session_retrieve_async, cancellable, callback, user_data);
  if (!call)
    return;
  call->sink = *sink;
  call->sink_data = sink_data;
  for (guint i = 0; i < count; i++)
    pb_pop3_machine_enqueue_retrieve (pb_pop3_link_get_machine (self->link), numbers[i], lines,
                                      sizes ? sizes[i] : 0, 0);
  wait_for_commands (self, call, count);
}

gboolean
pb_pop3_session_retrieve_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_boolean (self, result, pb_pop3_session_retrieve_async, error);
}

void
pb_pop3_session_set_paused (PbPop3Session *self, gboolean paused) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  pb_pop3_link_set_paused (self->link, paused);
}

void
pb_pop3_session_remove_async (PbPop3Session *self,
                              const guint *numbers,
                              guint count,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));
  g_return_if_fail (numbers != NULL || count == 0);

  PbPop3Call *call = begin (self, pb_pop3_session_remove_async, cancellable, callback, user_data);
  if (!call)
    return;
  call->removed = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < count; i++)
    pb_pop3_machine_enqueue (pb_pop3_link_get_machine (self->link), PB_POP3_DELE, numbers[i], 0);
  wait_for_commands (self, call, count);
}

GArray *
pb_pop3_session_remove_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_pointer (self, result, pb_pop3_session_remove_async, error);
}

void
pb_pop3_session_raw_async (PbPop3Session *self,
                           const char *line,
                           const PbPop3RawSink *sink,
                           gpointer sink_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data) {
  g_autoptr (GError) error = NULL;

  g_return_if_fail (PB_IS_POP3_SESSION (self));
  g_return_if_fail (line != NULL);
  g_return_if_fail (sink != NULL && sink->line != NULL && sink->body != NULL);

  PbPop3Call *call = begin (self, pb_pop3_session_raw_async, cancellable, callback, user_data);
  if (!call)
    return;
  self->typed = TRUE;
  call->raw = *sink;
  call->sink_data = sink_data;
  if (pb_pop3_machine_enqueue_raw (pb_pop3_link_get_machine (self->link), line, strlen (line), 0,
                                   &error)) {
    call->pending++;
    pb_pop3_link_wake (self->link);
  } else {
    pb_pop3_call_end (call, error);
    finish_calls_soon (self);
  }
}

gboolean
pb_pop3_session_raw_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_boolean (self, result, pb_pop3_session_raw_async, error);
}

void
pb_pop3_session_reset_async (PbPop3Session *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  ask (self, PB_POP3_RSET,
       begin (self, pb_pop3_session_reset_async, cancellable, callback, user_data));
}

gboolean
pb_pop3_session_reset_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_boolean (self, result, pb_pop3_session_reset_async, error);
}

void
pb_pop3_session_noop_async (PbPop3Session *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  ask (self, PB_POP3_NOOP,
       begin (self, pb_pop3_session_noop_async, cancellable, callback, user_data));
}

gboolean
pb_pop3_session_noop_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_boolean (self, result, pb_pop3_session_noop_async, error);
}

void
pb_pop3_session_quit_async (PbPop3Session *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  PbPop3Call *call = begin (self, pb_pop3_session_quit_async, cancellable, callback, user_data);
  if (self->leaving && call)
    call->pending++; /* it is on its way already */
  else
    ask (self, PB_POP3_QUIT, call);
}

gboolean
pb_pop3_session_quit_finish (PbPop3Session *self, GAsyncResult *result, GError **error) {
  return finish_boolean (self, result, pb_pop3_session_quit_async, error);
}

gboolean
pb_pop3_session_is_leaving (PbPop3Session *self) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (self), FALSE);

  return self->leaving != NULL;
}

void
pb_pop3_session_close (PbPop3Session *self) {
  g_return_if_fail (PB_IS_POP3_SESSION (self));

  end_link (self, "the session was closed");
}
