/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain values that tell when they change. */

#include "pb-server-row-private.h"

struct _PbServerRow {
  GObject parent_instance;

  GBytes *identity;
  guint number;
  guint64 size;
  PbServerState here;
  PbServerMark mark;
  gboolean sent;
  gboolean keep;
  gboolean headless;
  PbSummary *head;
  char *reason;
};

G_DEFINE_FINAL_TYPE (PbServerRow, pb_server_row, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
tell (PbServerRow *self) {
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
pb_server_row_finalize (GObject *object) {
  PbServerRow *self = PB_SERVER_ROW (object);

  g_clear_pointer (&self->identity, g_bytes_unref);
  g_clear_pointer (&self->head, pb_summary_unref);
  g_free (self->reason);
  G_OBJECT_CLASS (pb_server_row_parent_class)->finalize (object);
}

static void
pb_server_row_class_init (PbServerRowClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_server_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
pb_server_row_init (PbServerRow *self) {
  self->here = PB_SERVER_UNKNOWN;
}

PbServerRow *
_pb_server_row_new (GBytes *identity) {
  PbServerRow *self = g_object_new (PB_TYPE_SERVER_ROW, NULL);

  self->identity = identity ? g_bytes_ref (identity) : NULL;
  return self;
}

static PbServerState
state_of (const PbLedgerRow *ledger, gint64 now) {
  if (!ledger)
    return PB_SERVER_UNKNOWN;
  if (ledger->durable)
    return PB_SERVER_HERE;
  if (ledger->state == PB_LEDGER_DELETED_HERE)
    return PB_SERVER_REMOVED_HERE;
  if (ledger->state == PB_LEDGER_REFUSED || ledger->next_try > now)
    return PB_SERVER_REFUSED;
  return ledger->state == PB_LEDGER_PARTIAL ? PB_SERVER_HEAD_HERE : PB_SERVER_NOT_HERE;
}

void
_pb_server_row_set_listed (PbServerRow *self,
                           guint number,
                           guint64 size,
                           const PbLedgerRow *ledger,
                           gint64 now) {
  PbServerState here = state_of (ledger, now);
  const char *reason = ledger ? ledger->reason : NULL;
  gboolean keep = ledger && ledger->keep;

  if (self->number == number && self->size == size && self->here == here && self->keep == keep &&
      g_strcmp0 (self->reason, reason) == 0)
    return;
  self->number = number;
  self->size = size;
  self->here = here;
  self->keep = keep;
  g_free (self->reason);
  self->reason = g_strdup (reason);
  tell (self);
}

void
_pb_server_row_set_gone (PbServerRow *self) {
  if (self->here == PB_SERVER_GONE)
    return;
  self->number = 0;
  self->here = PB_SERVER_GONE;
  self->mark = PB_SERVER_MARK_NONE;
  self->sent = FALSE;
  tell (self);
}

void
_pb_server_row_set_mark (PbServerRow *self, PbServerMark mark) {
  if (self->mark == mark)
    return;
  self->mark = mark;
  tell (self);
}

void
_pb_server_row_set_sent (PbServerRow *self, gboolean sent) {
  if (self->sent == sent)
    return;
  self->sent = sent;
  tell (self);
}

void
_pb_server_row_set_keep (PbServerRow *self, gboolean keep) {
  if (self->keep == keep)
    return;
  self->keep = keep;
  tell (self);
}

void
_pb_server_row_set_head (PbServerRow *self, PbSummary *head) {
  g_clear_pointer (&self->head, pb_summary_unref);
  self->head = head ? pb_summary_ref (head) : NULL;
  self->headless = !head;
  tell (self);
}

guint
pb_server_row_get_number (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), 0);

  return self->number;
}

GBytes *
pb_server_row_get_identity (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), NULL);

  return self->identity;
}

guint64
pb_server_row_get_size (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), 0);

  return self->size;
}

PbServerState
pb_server_row_get_state (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), PB_SERVER_UNKNOWN);

  return self->mark & PB_SERVER_MARK_DELETE ? PB_SERVER_WAITING : self->here;
}

PbServerState
pb_server_row_get_here (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), PB_SERVER_UNKNOWN);

  return self->here;
}

PbServerMark
pb_server_row_get_mark (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), PB_SERVER_MARK_NONE);

  return self->mark;
}

gboolean
pb_server_row_is_sent (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), FALSE);

  return self->sent;
}

gboolean
pb_server_row_get_keep (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), FALSE);

  return self->keep;
}

const PbSummary *
pb_server_row_get_head (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), NULL);

  return self->head;
}

gboolean
pb_server_row_is_headless (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), FALSE);

  return self->headless;
}

const char *
pb_server_row_get_reason (PbServerRow *self) {
  g_return_val_if_fail (PB_IS_SERVER_ROW (self), NULL);

  return self->reason;
}
