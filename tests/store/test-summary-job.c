/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Summaries made beside: every job gives its own, whoever makes it. */

#include <string.h>

#include "pb-summary-job.h"
#include "pb-test.h"

#define N_JOBS 2000

static PbSummaryJob *
start (guint number, gsize size) {
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "From: <writer@example.org>\nSubject: letter %u\n\n", number);
  while (text->len < size)
    g_string_append (text, "One line more.\n");
  return pb_summary_job_new ((const guint8 *) text->str, text->len);
}

static void
check (PbSummaryJob *job, guint number) {
  g_autofree char *subject = g_strdup_printf ("letter %u", number);
  g_autoptr (PbSummary) summary = pb_summary_job_finish (job);

  g_assert_cmpstr (summary->subject, ==, subject);
}

/* From the end, so that some are finished before a thread has begun them; a third is not wanted. */
static void
test_order (void) {
  PbSummaryJob *jobs[N_JOBS];

  for (guint i = 0; i < N_JOBS; i++)
    jobs[i] = start (i, 0);
  for (guint i = N_JOBS; i-- > 0;) {
    if (i % 3 == 0)
      pb_summary_job_discard (jobs[i]);
    else
      check (jobs[i], i);
  }
}

/* More than may wait: the rest is made at once. */
static void
test_much (void) {
  PbSummaryJob *jobs[100];

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    jobs[i] = start (i, 128 * 1024);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    check (jobs[i], i);
}

static void
test_nothing (void) {
  g_autoptr (PbSummary) summary = pb_summary_job_finish (pb_summary_job_new (NULL, 0));

  g_assert_cmpstr (summary->subject, ==, "");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/summary-job/order", test_order);
  g_test_add_func ("/summary-job/much", test_much);
  g_test_add_func ("/summary-job/nothing", test_nothing);
  return g_test_run ();
}
