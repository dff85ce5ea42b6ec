/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Moves bytes between a stream and a protocol machine, both ways at once, without blocking, and
 * watches the clock. It does not know what the bytes mean: the owner takes the events.
 * Everything happens in turns of the main loop; a turn reads what is there up to a limit, so
 * that one loop iteration handles many TLS records but the rest of the program stays awake. */

#pragma once

#include <gio/gio.h>

#include "pb-pop3-machine.h"

G_BEGIN_DECLS

typedef struct _PbPump PbPump;

/* All are called with the data of pb_pump_new (), from a turn, during which the owner is kept
 * alive. */
typedef struct {
  /* Take the machine's events. TRUE when it needs bytes; FALSE to read no more in this turn. May
   * stop the pump. */
  gboolean (*process) (gpointer data);
  /* The connection broke or was silent for too long; the pump has stopped. */
  void (*failed) (gpointer data, const GError *error);
  /* The turn is over; the last thing that happens in it. May free the pump. */
  void (*turned) (gpointer data);
} PbPumpHandlers;

/* @machine and @owner are borrowed; @owner frees the pump before they go. @timeout: seconds
 * without a byte in either direction while the machine is busy, after which PB_ERROR_TIMEOUT is
 * reported; fewer while the machine's patience is shorter (pb_pop3_machine_get_patience ()). After
 * failed () the pump can be started again. */
PbPump *pb_pump_new (PbPop3Machine *machine,
                     guint timeout,
                     const PbPumpHandlers *handlers,
                     GObject *owner,
                     gpointer data);
void pb_pump_free (PbPump *self);

/* Begins, in the thread-default main context. Takes @stream, whose streams must be pollable. */
void pb_pump_start (PbPump *self, GIOStream *stream);

/* Stops and gives the stream back, NULL when there was none. No handler is called any more, but
 * turned () at the end of a turn that is under way. */
GIOStream *pb_pump_stop (PbPump *self) G_GNUC_WARN_UNUSED_RESULT;

/* The machine may have something to send, or events: a turn will come. */
void pb_pump_wake (PbPump *self);

/* While paused nothing is read, process () is not called and the clock stands still. */
void pb_pump_set_paused (PbPump *self, gboolean paused);
gboolean pb_pump_is_paused (PbPump *self);

/* Bytes that were read and written so far, in all streams. */
void pb_pump_get_counts (PbPump *self, guint64 *received, guint64 *sent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbPump, pb_pump_free)

G_END_DECLS
