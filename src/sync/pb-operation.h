/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One running job as anybody may watch it: what it does, how far it is, how to stop it. Main
 * context. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  PB_PHASE_WAITING,
  PB_PHASE_CONNECTING,
  PB_PHASE_LISTING,
  PB_PHASE_RECEIVING,
  PB_PHASE_REMOVING,
  PB_PHASE_FINISHED,
} PbPhase;

#define PB_TYPE_OPERATION (pb_operation_get_type ())
G_DECLARE_FINAL_TYPE (PbOperation, pb_operation, PB, OPERATION, GObject)

/* Properties: "account-id", "phase", "done" and "total" (messages), "bytes-done" and
 * "bytes-total" (guint64; the total is the server's claim), "speed" (double, bytes a second over
 * the last seconds). Notifications come at most ten times a second, and always for a new phase. */
PbOperation *pb_operation_new (const char *account_id);

const char *pb_operation_get_account_id (PbOperation *self);
PbPhase pb_operation_get_phase (PbOperation *self);
guint pb_operation_get_done (PbOperation *self);
guint pb_operation_get_total (PbOperation *self);
guint64 pb_operation_get_bytes_done (PbOperation *self);
guint64 pb_operation_get_bytes_total (PbOperation *self);
double pb_operation_get_speed (PbOperation *self);

/* Stops the job; what came is kept. */
void pb_operation_cancel (PbOperation *self);
GCancellable *pb_operation_get_cancellable (PbOperation *self);

/* For the one who does the job. */
void pb_operation_set_phase (PbOperation *self, PbPhase phase);
void pb_operation_set_total (PbOperation *self, guint messages, guint64 bytes);
void pb_operation_advance (PbOperation *self, guint messages, guint64 bytes);

G_END_DECLS
