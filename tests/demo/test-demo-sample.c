/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The sample mail as the demo server gives it out. */

#include <stdio.h>
#include <string.h>

#include "pb-demo-message.h"
#include "pb-demo-server-private.h"
#include "pb-test.h"

static PbDemoServer *
sample_server (void) {
  PbDemoServer *server = pb_demo_server_new (PB_DEMO_PLAIN, NULL);

  pb_demo_server_add_sample_mail (server);
  return server;
}

static char *
dup_head (PbDemoMessage *message) {
  g_autoptr (GBytes) top = pb_demo_message_get_top (message, 0);
  gsize length;
  const char *data = g_bytes_get_data (top, &length);

  return g_strndup (data, length);
}

static guint
count_header (const char *head, const char *name) {
  g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);
  guint count = 0;

  for (guint i = 0; lines[i]; i++)
    count += g_str_has_prefix (lines[i], name);
  return count;
}

/* Reads "Date: Thu, 12 Nov 2026 14:32:05 +0000". */
static gint64
date_of (const char *head) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const char *line = strstr (head, "Date: ");
  char month[4];
  int day, year, hour, minute, second;

  g_assert_nonnull (line);
  g_assert_cmpint (sscanf (line, "Date: %*3[A-Za-z], %d %3s %d %d:%d:%d +0000\r", &day, month,
                           &year, &hour, &minute, &second),
                   ==, 6);
  int number = (int) (strstr (months, month) - months) / 3 + 1;
  g_autoptr (GDateTime) date = g_date_time_new_utc (year, number, day, hour, minute, second);
  return g_date_time_to_unix (date);
}

static void
test_messages (void) {
  g_autoptr (PbDemoServer) server = sample_server ();
  g_autoptr (GPtrArray) messages = _pb_demo_server_dup_messages (server);
  g_autoptr (GHashTable) uids = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 before = now - 15 * 24 * 60 * 60;
  guint today = 0;

  g_assert_cmpuint (messages->len, >=, 24);
  for (guint i = 0; i < messages->len; i++) {
    PbDemoMessage *message = messages->pdata[i];
    g_autofree char *head = dup_head (message);
    gsize length;
    const char *data = g_bytes_get_data (message->wire, &length);

    g_test_message ("%s", message->uid);
    g_assert_true (g_hash_table_add (uids, message->uid));
    g_assert_cmpuint (strlen (message->uid), <=, 70);
    g_assert_true (g_str_is_ascii (head));
    g_assert_cmpuint (count_header (head, "Date: "), ==, 1);
    g_assert_cmpuint (count_header (head, "From: "), ==, 1);
    g_assert_cmpuint (count_header (head, "Message-ID: "), ==, 1);
    /* Oldest first, within a fortnight, none from the future. */
    gint64 date = date_of (head);
    g_assert_cmpint (date, >, before);
    g_assert_cmpint (date, <=, now);
    before = date;
    today += now - date < 24 * 60 * 60;
    g_assert_null (memmem (data, length, "@AGO", 4));
    g_assert_cmpint (data[length - 1], ==, '\n');
  }
  g_assert_cmpuint (today, >=, 3);
}

/* A second server has the same messages under the same names. */
static void
test_same_again (void) {
  g_autoptr (PbDemoServer) one = sample_server ();
  g_autoptr (PbDemoServer) other = sample_server ();
  g_autoptr (GPtrArray) a = _pb_demo_server_dup_messages (one);
  g_autoptr (GPtrArray) b = _pb_demo_server_dup_messages (other);

  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    g_assert_cmpstr (((PbDemoMessage *) a->pdata[i])->uid, ==,
                     ((PbDemoMessage *) b->pdata[i])->uid);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-sample/messages", test_messages);
  g_test_add_func ("/demo-sample/same-again", test_same_again);
  return g_test_run ();
}
