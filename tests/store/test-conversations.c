/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations as a window asks for them. */

#include <glib/gstdio.h>

#include "pb-conversations.h"
#include "pb-error.h"
#include "pb-store-fixture.h"

static void
deliver (PbStoreFixture *f, const char *id, const char *parent, gint64 day) {
  g_autofree char *text =
    g_strdup_printf ("From: ann@example.org\nTo: bob@example.org\nSubject: S%s\n"
                     "Message-ID: <%s@example.org>\nReferences: <%s@example.org>\n"
                     "Date: %02d May 2020 10:00:00 +0000\n\nbody %s\n",
                     id, id, *parent ? parent : id, (int) day, id);
  pb_store_deliver_text (f->store, id, text);
}

static PbConversations *
query (PbMailStore *store, const PbQuery *query) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_query_conversations_async (store, query, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  PbConversations *list = pb_mail_store_query_conversations_finish (store, result, &error);
  g_assert_no_error (error);
  return list;
}

static GArray *
list (PbMailStore *store, gint64 id, GError **error) {
  GAsyncResult *done = NULL;

  pb_mail_store_list_conversation_async (store, id, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_mail_store_list_conversation_finish (store, result, error);
}

/* "S2 S1|S3": subjects of the messages of conversations. */
static char *
describe (PbMailStore *store, PbConversations *conversations) {
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < pb_conversations_get_count (conversations); i++) {
    guint count;
    const gint64 *ids = pb_conversations_get_messages (conversations, i, &count);
    g_autoptr (GArray) copy = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_array_append_vals (copy, ids, count);
    g_autofree char *subjects = pb_store_subjects (store, copy);
    g_string_append_printf (out, "%s%s", i > 0 ? "|" : "", subjects);
  }
  return g_string_free (out, FALSE);
}

static void
assert_inbox (PbStoreFixture *f, const char *expected) {
  g_autoptr (PbConversations) all = query (f->store, &(PbQuery){ .role = PB_FOLDER_INBOX });
  g_autofree char *text = describe (f->store, all);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_query (PbStoreFixture *f, gconstpointer unused) {
  assert_inbox (f, "");
  deliver (f, "1", "", 1);
  deliver (f, "2", "", 2);
  assert_inbox (f, "S2|S1");
  deliver (f, "4", "3", 4);
  assert_inbox (f, "S4|S2|S1");
  deliver (f, "3", "1", 3);
  assert_inbox (f, "S4 S3 S1|S2");

  g_autoptr (PbConversations) oldest =
    query (f->store, &(PbQuery){ .role = PB_FOLDER_ANY, .order = PB_ORDER_OLDEST_FIRST });
  g_autofree char *text = describe (f->store, oldest);
  g_assert_cmpstr (text, ==, "S1 S3 S4|S2");
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  g_assert_cmpint (pb_conversations_get_id (oldest, 0), ==, g_array_index (ids, gint64, 0));
  g_assert_cmpuint (pb_conversations_get_n_messages (oldest), ==, 4);
}

static void
test_folders (PbStoreFixture *f, gconstpointer unused) {
  g_autoptr (GError) error = NULL;

  deliver (f, "1", "", 1);
  deliver (f, "2", "1", 2);
  deliver (f, "3", "2", 3);
  g_autoptr (GArray) ids = pb_store_list (f->store, PB_FOLDER_INBOX);
  gint64 second = g_array_index (ids, gint64, 1);
  pb_store_move (f->store, second, PB_FOLDER_TRASH);
  assert_inbox (f, "S3 S1");
  g_autoptr (GArray) all = list (f->store, second, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (all->data, all->len * sizeof (gint64), ids->data, 3 * sizeof (gint64));

  pb_store_delete (f->store, second);
  assert_inbox (f, "S3 S1");
  g_assert_null (list (f->store, second, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_NOT_FOUND);
  pb_store_fixture_reopen (f);
  assert_inbox (f, "S3 S1");
}

static void
count_changes (PbMailStore *store, gint64 folder, guint *count) {
  ++*count;
}

/* A new index: what is not looked at yet stands alone, then the folder is told again. */
static void
test_rebuilt (PbStoreFixture *f, gconstpointer unused) {
  g_autofree char *path = g_build_filename (f->dir, "index.sqlite", NULL);
  guint changes = 0;

  pb_store_deliver_many (f->store, "much", 2500);
  deliver (f, "1", "", 1);
  deliver (f, "2", "1", 2);
  pb_store_close (g_steal_pointer (&f->store));
  g_assert_cmpint (g_unlink (path), ==, 0);
  f->store = pb_store_open (f->dir);
  g_autoptr (PbConversations) early = query (f->store, &(PbQuery){ .role = PB_FOLDER_INBOX });
  g_signal_connect (f->store, "changed", G_CALLBACK (count_changes), &changes);
  pb_store_settle (f->store);
  g_assert_cmpuint (changes, >, 0);
  g_autoptr (PbConversations) late = query (f->store, &(PbQuery){ .role = PB_FOLDER_INBOX });
  g_assert_cmpuint (pb_conversations_get_count (late), ==, 2501);
  g_assert_cmpuint (pb_conversations_get_n_messages (late), ==, 2502);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                    \
  g_test_add ("/conversations/" name, PbStoreFixture, NULL, pb_store_fixture_set_up, func, \
              pb_store_fixture_tear_down)
  ADD ("query", test_query);
  ADD ("folders", test_folders);
  ADD ("rebuilt", test_rebuilt);
  return g_test_run ();
}
