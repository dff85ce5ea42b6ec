/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A mailbox of a hundred thousand messages: what it costs to list it, to look every entry up and
 * to decide. The figures are printed; only memory is judged, and generously, because a machine
 * may be slow but not forgetful. */

#include "pb-account-session.h"
#include "pb-fetch-plan.h"
#include "pb-sync-fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define ENTRIES 100000
/* KiB. A sanitizer remembers what was freed, and keeps a shadow of everything. */
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_MAX G_MAXINT
#else
#define MEMORY_MAX (60 * 1024)
#endif

typedef struct {
  GBytes *list;
  GBytes *uidl;
} Replies;

static GBytes *
make_reply (gboolean ids) {
  GString *text = g_string_new ("+OK\r\n");

  for (guint i = 1; i <= ENTRIES; i++) {
    if (ids)
      g_string_append_printf (text, "%u 0000%08x%08x5f2b\r\n", i, i * 2654435761u, i);
    else
      g_string_append_printf (text, "%u %u\r\n", i, 1000 + i % 90000);
  }
  g_string_append (text, ".\r\n");
  return g_string_free_to_bytes (text);
}

static PbDemoVerdict
answer_with_many (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  const Replies *replies = data;

  if (strcmp (command, "LIST") == 0)
    *reply = g_bytes_ref (replies->list);
  else if (strcmp (command, "UIDL") == 0)
    *reply = g_bytes_ref (replies->uidl);
  return *reply ? PB_DEMO_REPLY : PB_DEMO_ANSWER;
}

/* Of /proc/self/status, in KiB; 0 where there is none. */
static long
memory_of (const char *name) {
  g_autofree char *status = NULL;
  long value = 0;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  const char *line = strstr (status, name);
  if (line)
    sscanf (line + strlen (name), "%ld", &value);
  return value;
}

/* From here on the peak counts anew. */
static void
forget_peak (void) {
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (!file)
    return;
  fputs ("5", file);
  fclose (file);
}

static double
cpu_seconds (void) {
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static PbListing *
list (PbPop3Session *session) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_pop3_session_open_async (session, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) opened = pb_test_wait (&done);
  pb_pop3_session_open_finish (session, opened, &error);
  g_assert_no_error (error);
  pb_pop3_session_list_async (session, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) listed = pb_test_wait (&done);
  PbListing *listing = pb_pop3_session_list_finish (session, listed, &error);
  g_assert_no_error (error);
  return listing;
}

static GArray *
match (PbMailStore *store, PbListing *listing) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_match_listing_async (store, "work", listing, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *rows = pb_mail_store_match_listing_finish (store, result, &error);
  g_assert_no_error (error);
  return rows;
}

static void
decide (PbSyncFixture *fixture, PbAccount *account) {
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);
  g_autoptr (PbPop3Session) session = pb_account_session_new (account, secret);
  const PbFetchPolicy policy = { .on_server = PB_ON_SERVER_KEEP };
  g_autoptr (PbListing) listing = list (session);
  g_autoptr (GArray) rows = match (fixture->store, listing);
  g_autoptr (PbFetchPlan) plan = pb_fetch_plan_new (listing, rows, &policy, 1700000000);

  g_assert_cmpuint (plan->retrieve->len, ==, ENTRIES);
  pb_pop3_session_close (session);
}

/* Another message, and none of those that are known. */
static void
lack_all (PbSyncFixture *fixture) {
  g_autoptr (PbListing) listing = pb_listing_new ();
  double cpu = cpu_seconds ();

  pb_listing_set_uid (listing, 1, (const guint8 *) "another", strlen ("another"));
  g_autoptr (GArray) rows = match (fixture->store, listing);
  g_assert_cmpuint (rows->len, ==, 1);
  g_test_message ("all of them missing: %.2f s of CPU", cpu_seconds () - cpu);
}

static void
test_hundred_thousand (void) {
  g_autoptr (PbSyncFixture) fixture = pb_sync_fixture_new ();
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, 0);
  g_autoptr (PbAccount) account =
    pb_sync_fixture_make_account (fixture, "work", server, PB_DEMO_PLAIN, "keep");
  g_autoptr (GBytes) sizes = make_reply (FALSE);
  g_autoptr (GBytes) ids = make_reply (TRUE);
  Replies replies = { sizes, ids };
  GAsyncResult *done = NULL;

  g_object_set (account, "timeout", 60, NULL);
  pb_mail_store_add_account_async (fixture->store, "work", NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) added = pb_test_wait (&done);
  g_assert_true (pb_mail_store_add_account_finish (fixture->store, added, NULL));
  pb_demo_server_set_hook (server, answer_with_many, &replies);

  for (guint i = 0; i < 2; i++) {
    forget_peak ();
    long memory = memory_of ("VmRSS:");
    double cpu = cpu_seconds ();
    decide (fixture, account);
    long rise = memory_of ("VmHWM:") - memory;
    g_test_message ("pass %u: %.2f s of CPU (server included), memory +%ld MiB", i + 1,
                    cpu_seconds () - cpu, rise / 1024);
    g_assert_cmpint (rise, <, MEMORY_MAX);
  }
  lack_all (fixture);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scale/hundred-thousand", test_hundred_thousand);
  return g_test_run ();
}
