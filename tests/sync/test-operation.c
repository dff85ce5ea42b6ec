/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Progress: the numbers are right at once, the notifications are few. */

#include "pb-operation.h"
#include "pb-test.h"

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer data) {
  (*(guint *) data)++;
}

static void
test_numbers (void) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");

  g_assert_cmpstr (pb_operation_get_account_id (operation), ==, "work");
  g_assert_cmpint (pb_operation_get_phase (operation), ==, PB_PHASE_WAITING);
  g_assert_cmpfloat (pb_operation_get_speed (operation), ==, 0);
  pb_operation_set_total (operation, 10, 5000000000);
  pb_operation_advance (operation, 0, 3000000000);
  pb_operation_advance (operation, 1, 1000000000);
  g_assert_cmpuint (pb_operation_get_total (operation), ==, 10);
  g_assert_cmpuint (pb_operation_get_done (operation), ==, 1);
  g_assert_cmpuint (pb_operation_get_bytes_total (operation), ==, 5000000000);
  g_assert_cmpuint (pb_operation_get_bytes_done (operation), ==, 4000000000);

  g_autofree char *id = NULL;
  int phase;
  guint done;
  guint64 bytes;
  g_object_get (operation, "account-id", &id, "phase", &phase, "done", &done, "bytes-done", &bytes,
                NULL);
  g_assert_cmpstr (id, ==, "work");
  g_assert_cmpint (phase, ==, PB_PHASE_WAITING);
  g_assert_cmpuint (done, ==, 1);
  g_assert_cmpuint (bytes, ==, 4000000000);
}

static void
test_few_notifications (void) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");
  guint count = 0;

  g_signal_connect (operation, "notify::bytes-done", G_CALLBACK (count_cb), &count);
  for (guint i = 0; i < 100000; i++)
    pb_operation_advance (operation, 0, 1);
  g_assert_cmpuint (count, >=, 1);
  g_assert_cmpuint (count, <=, 20);
  /* The last step is told too, a little later. */
  guint before = count;
  pb_operation_advance (operation, 0, 1);
  pb_test_pass_time (150);
  g_assert_cmpuint (count, >, before);
  g_assert_cmpuint (pb_operation_get_bytes_done (operation), ==, 100001);
}

static void
test_phases_are_told_at_once (void) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");
  guint phases = 0, numbers = 0;

  g_signal_connect (operation, "notify::phase", G_CALLBACK (count_cb), &phases);
  g_signal_connect (operation, "notify::done", G_CALLBACK (count_cb), &numbers);
  pb_operation_set_phase (operation, PB_PHASE_CONNECTING);
  pb_operation_set_phase (operation, PB_PHASE_CONNECTING);
  g_assert_cmpuint (phases, ==, 1);
  pb_operation_advance (operation, 5, 0);
  numbers = 0;
  pb_operation_set_phase (operation, PB_PHASE_FINISHED);
  g_assert_cmpuint (phases, ==, 2);
  g_assert_cmpuint (numbers, ==, 1);
}

static void
test_speed (void) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");

  pb_operation_set_total (operation, 1, 1000000);
  for (guint i = 0; i < 4; i++) {
    pb_test_pass_time (50);
    pb_operation_advance (operation, 0, 50000);
  }
  /* 200,000 bytes in 0.2 s or, on a busy machine, more. */
  g_assert_cmpfloat (pb_operation_get_speed (operation), >, 10000);
  g_assert_cmpfloat (pb_operation_get_speed (operation), <=, 1100000);
  pb_operation_set_phase (operation, PB_PHASE_FINISHED);
  g_assert_cmpfloat (pb_operation_get_speed (operation), ==, 0);
}

static void
test_cancel (void) {
  g_autoptr (PbOperation) operation = pb_operation_new ("work");

  g_assert_false (g_cancellable_is_cancelled (pb_operation_get_cancellable (operation)));
  pb_operation_cancel (operation);
  g_assert_true (g_cancellable_is_cancelled (pb_operation_get_cancellable (operation)));
}

/* A notification that was still to come does not outlive its operation. */
static void
test_finalize (void) {
  PbOperation *operation = pb_operation_new ("work");

  pb_operation_advance (operation, 1, 1);
  pb_operation_advance (operation, 1, 1);
  g_assert_finalize_object (operation);
  pb_test_pass_time (120);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/operation/numbers", test_numbers);
  g_test_add_func ("/operation/few-notifications", test_few_notifications);
  g_test_add_func ("/operation/phases", test_phases_are_told_at_once);
  g_test_add_func ("/operation/speed", test_speed);
  g_test_add_func ("/operation/cancel", test_cancel);
  g_test_add_func ("/operation/finalize", test_finalize);
  return g_test_run ();
}
