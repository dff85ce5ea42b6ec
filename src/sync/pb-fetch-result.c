/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The life of the values that are not plain. */

#include "pb-fetch-result.h"

PbRefusedMessage *
pb_refused_message_new (guint number, guint64 size, const char *reason, gint64 next_try) {
  PbRefusedMessage *self = g_new0 (PbRefusedMessage, 1);

  self->number = number;
  self->size = size;
  self->reason = g_strdup (reason);
  self->next_try = next_try;
  return self;
}

void
pb_refused_message_free (PbRefusedMessage *self) {
  g_free (self->reason);
  g_free (self);
}
