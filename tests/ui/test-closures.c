/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The pure functions behind .ui files and rows. */

#include <gtk/gtk.h>

#include "pb-closures.h"
#include "pb-message-header.h"
#include "pb-message-list-row.h"

#define NOW G_GINT64_CONSTANT (1700000000)

static void
test_counts (void) {
  g_autofree char *none = pb_closure_count (NULL, 0);
  g_autofree char *some = pb_closure_count (NULL, 12);
  g_autofree char *one = pb_closure_messages (NULL, 1);
  g_autofree char *two = pb_closure_messages (NULL, 2);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (some, ==, "12");
  g_assert_cmpstr (one, ==, "1 message");
  g_assert_cmpstr (two, ==, "2 messages");
  g_assert_false (pb_closure_some (NULL, 0));
  g_assert_true (pb_closure_some (NULL, 1));
}

static void
test_has_text (void) {
  g_assert_false (pb_closure_has_text (NULL, NULL));
  g_assert_false (pb_closure_has_text (NULL, ""));
  g_assert_true (pb_closure_has_text (NULL, "x"));
}

static char *
describe (PbFlags flags, const PbSummary *values) {
  g_autoptr (PbSummary) summary = pb_summary_new (values);
  PbMessageRow row = { .id = 1, .received = NOW, .flags = flags, .summary = summary };

  g_auto (PbConversationSummary) sum = { 0 };

  pb_conversation_summary_init_row (&sum, &row);
  return pb_message_list_row_describe (&row, &sum, NOW);
}

static void
test_row_sentence (void) {
  PbSummary values = {
    .subject = "Lunch", .from_name = "Li Na", .date = NOW - 60, .has_attachment = TRUE
  };
  PbSummary bare = { .from_address = "robot@example.org", .date = G_MININT64 };
  g_autofree char *unread = describe (0, &values);
  g_autofree char *starred =
    describe (PB_FLAG_READ | PB_FLAG_STARRED | PB_FLAG_ANSWERED | PB_FLAG_PARTIAL, &values);
  g_autofree char *nothing = describe (PB_FLAG_READ, &bare);

  g_assert_cmpstr (unread, ==, "Unread, Li Na: Lunch, 22:12, with attachments");
  g_assert_cmpstr (starred, ==,
                   "Li Na: Lunch, 22:12, starred, answered, with attachments, not complete");
  g_assert_cmpstr (nothing, ==, "robot@example.org: (no subject), 22:13");
}

static char *
recipients (const PbAddress *people, guint count, const char *own) {
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (addresses, (gpointer) &people[i]);
  return pb_message_header_describe_recipients (addresses, own);
}

#define ISOLATED(text) "\342\201\250" text "\342\201\251"

static void
test_recipients (void) {
  const PbAddress people[] = {
    { (char *) "Robin", (char *) "Robin@Example.org" },
    { (char *) "Wei Chen", (char *) "wei@example.org" },
    { NULL, (char *) "ana@example.org" },
    { NULL, (char *) "bo@example.org" },
  };
  g_autofree char *none = recipients (people, 0, NULL);
  g_autofree char *me = recipients (people, 1, "robin@example.org");
  g_autofree char *other = recipients (people, 1, "else@example.org");
  g_autofree char *two = recipients (people, 2, "robin@example.org");
  g_autofree char *three = recipients (people, 3, "robin@example.org");
  g_autofree char *four = recipients (people, 4, NULL);

  g_assert_null (none);
  g_assert_cmpstr (me, ==, "to me");
  g_assert_cmpstr (other, ==, "to " ISOLATED ("Robin"));
  g_assert_cmpstr (two, ==, "to me and " ISOLATED ("Wei Chen"));
  g_assert_cmpstr (three, ==, "to me, " ISOLATED ("Wei Chen") " and 1 other");
  g_assert_cmpstr (four, ==, "to " ISOLATED ("Robin") ", " ISOLATED ("Wei Chen") " and 2 others");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/closures/counts", test_counts);
  g_test_add_func ("/closures/has-text", test_has_text);
  g_test_add_func ("/closures/row-sentence", test_row_sentence);
  g_test_add_func ("/closures/recipients", test_recipients);
  return g_test_run ();
}
