/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A counted, immutable value. */

#include "pb-message-row.h"

#include "pb-row.h"

typedef struct {
  PbMessageRow row;
  gatomicrefcount refs;
} CountedRow;

G_DEFINE_BOXED_TYPE (PbMessageRow, pb_message_row, pb_message_row_ref, pb_message_row_unref)

PbMessageRow *
pb_message_row_new (const PbMessageRow *values) {
  CountedRow *self = g_new (CountedRow, 1);

  self->row = *values;
  self->row.summary = pb_summary_ref (values->summary);
  g_atomic_ref_count_init (&self->refs);
  return &self->row;
}

PbMessageRow *
pb_message_row_ref (PbMessageRow *self) {
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&((CountedRow *) self)->refs);
  return self;
}

void
pb_message_row_unref (PbMessageRow *self) {
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&((CountedRow *) self)->refs))
    return;
  pb_summary_unref ((PbSummary *) self->summary);
  g_free (self);
}
