/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An array with a moving start. */

#include "pb-pop3-queue.h"

#define SLACK 1024

void
pb_pop3_queue_init (PbPop3Queue *self) {
  self->commands = g_array_new (FALSE, FALSE, sizeof (PbPop3Command));
  self->first = 0;
  self->expected = 0;
}

void
pb_pop3_queue_clear (PbPop3Queue *self) {
  g_clear_pointer (&self->commands, g_array_unref);
}

guint
pb_pop3_queue_get_length (const PbPop3Queue *self) {
  return self->commands->len - self->first;
}

void
pb_pop3_queue_push (PbPop3Queue *self, const PbPop3Command *command) {
  g_array_append_vals (self->commands, command, 1);
  self->expected += command->expected;
}

const PbPop3Command *
pb_pop3_queue_peek (const PbPop3Queue *self) {
  return pb_pop3_queue_get_length (self) > 0
           ? &g_array_index (self->commands, PbPop3Command, self->first)
           : NULL;
}

PbPop3Command
pb_pop3_queue_pop (PbPop3Queue *self) {
  g_assert (pb_pop3_queue_get_length (self) > 0);

  PbPop3Command command = g_array_index (self->commands, PbPop3Command, self->first);
  self->first++;
  self->expected -= command.expected;
  if (self->first == self->commands->len ||
      (self->first >= SLACK && self->first * 2 > self->commands->len)) {
    g_array_remove_range (self->commands, 0, self->first);
    self->first = 0;
  }
  return command;
}
