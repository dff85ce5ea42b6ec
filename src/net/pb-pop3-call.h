/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One asynchronous call on a POP3 session while it is under way: what it waits for, what came so
 * far, how it ended. The data of its GTask, and gone with it. */

#pragma once

#include <gio/gio.h>

#include "pb-pop3-machine.h"
#include "pb-pop3-session.h"

G_BEGIN_DECLS

typedef struct {
  GTask *task;        /* borrowed: the task owns the call */
  GSource *cancelled; /* goes off when the caller's cancellable does; NULL without one */
  guint pending;      /* commands that have not ended */
  gboolean over;      /* to be returned at the next occasion */
  GError *error;      /* what it ends with, NULL for success */
  guint refused;      /* commands that the server refused */
  PbListing *listing; /* of list () */
  guint count;        /* of stat () */
  guint64 octets;     /* of stat () */
  PbPop3Sink sink;    /* of retrieve () */
  PbPop3RawSink raw;  /* of raw (); its data is sink_data */
  gpointer sink_data;
  GArray *removed; /* of remove (): guint */
} PbPop3Call;

/* A new call of @source with a task in the thread-default context; the caller owns the task
 * (@call->task). */
PbPop3Call *pb_pop3_call_new (gpointer source,
                              gpointer source_tag,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/* Calls @func (@data) from the main context once the cancellable goes off. */
void pb_pop3_call_watch (PbPop3Call *self, GCancellableSourceFunc func, gpointer data);

/* Ends a call that is not over yet. @error may be NULL, and is copied. */
void pb_pop3_call_end (PbPop3Call *self, const GError *error);

/* What the machine tells of the call's commands: data, and that one of them ended, which may end
 * the call. */
void pb_pop3_call_take (PbPop3Call *self, const PbPop3Event *event);
void pb_pop3_call_command_ended (PbPop3Call *self, const PbPop3Event *event);

/* Hands the outcome to the caller. Takes @task, whose call is over. */
void pb_pop3_call_return (GTask *task);

G_END_DECLS
