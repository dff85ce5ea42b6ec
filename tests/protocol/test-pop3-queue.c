/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The queue of commands: order, length and sum over many rounds of filling and emptying. */

#include "pb-pop3-queue.h"

static void
test_rounds (void) {
  PbPop3Queue queue;
  guint pushed = 0, popped = 0;

  pb_pop3_queue_init (&queue);
  g_assert_null (pb_pop3_queue_peek (&queue));
  for (guint round = 0; round < 200; round++) {
    for (guint i = 0; i < 50; i++) {
      PbPop3Command command = { .verb = PB_POP3_RETR, .number = ++pushed, .expected = pushed };
      pb_pop3_queue_push (&queue, &command);
    }
    guint count = round < 150 ? 30 : 110;
    for (guint i = 0; i < count; i++) {
      g_assert_cmpuint (pb_pop3_queue_peek (&queue)->number, ==, popped + 1);
      g_assert_cmpuint (pb_pop3_queue_pop (&queue).number, ==, ++popped);
    }
    g_assert_cmpuint (pb_pop3_queue_get_length (&queue), ==, pushed - popped);
  }
  g_assert_cmpuint (pb_pop3_queue_get_length (&queue), ==, 0);
  g_assert_cmpuint (queue.expected, ==, 0);
  pb_pop3_queue_clear (&queue);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/pop3-queue/rounds", test_rounds);
  return g_test_run ();
}
