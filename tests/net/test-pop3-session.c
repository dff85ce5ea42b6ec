/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions with servers that behave: every call, pipelining, pausing, memory, lifetime. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pb-error.h"
#include "pb-test.h"
#include "pop3-client.h"

static const PeerFault healthy = { .at = "", .kind = FAULT_NONE };

static void
check_whole_visit (PeerStart start, PbSecurity security, const char *capabilities) {
  PeerFault server = { .capabilities = capabilities };
  Peer *peer = peer_new (start, NULL, peer_serve, &server);
  PbPop3Session *session = client_new (
    peer_get_port (peer), &(ClientOptions){ .security = security, .trust_localhost = TRUE });
  g_autoptr (GError) error = NULL;
  Collected collected;
  guint count;
  guint64 octets;

  g_assert_true (client_open (session, &error));
  g_assert_no_error (error);
  g_assert_nonnull (pb_pop3_session_get_capabilities (session));

  g_assert_true (client_stat (session, &count, &octets, &error));
  g_assert_cmpuint (count, ==, 3);
  g_assert_cmpuint (octets, ==, 120);

  g_autoptr (PbListing) listing = client_list (session, &error);
  g_assert_cmpuint (pb_listing_get_length (listing), ==, 3);
  PbListingEntry entry;
  g_assert_true (pb_listing_find (listing, 2, &entry));
  g_assert_cmpuint (entry.size, ==, 42);
  g_assert_cmpmem (entry.uid, entry.uid_length, "uid-2", 5);

  collected_init (&collected);
  g_assert_true (client_retrieve (session, 1, 4, -1, &collected, &error));
  g_assert_cmpstr (collected.text->str, ==,
                   "[1 " PEER_MESSAGE_1 "][2 " PEER_MESSAGE_2 "][3 " PEER_MESSAGE_3 "][4 refused]");
  g_assert_true (client_retrieve (session, 1, 1, 0, &collected, &error));
  collected_clear (&collected);

  g_autoptr (GArray) removed = client_remove (session, 3, 4, &error);
  g_assert_cmpuint (removed->len, ==, 1);
  g_assert_cmpuint (g_array_index (removed, guint, 0), ==, 3);
  g_assert_true (client_reset (session, &error));
  g_assert_true (client_noop (session, &error));
  g_assert_true (client_quit (session, &error));
  g_assert_no_error (error);

  g_assert_false (client_noop (session, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  g_autofree char *transcript = pb_transcript_to_text (pb_pop3_session_get_transcript (session));
  g_assert_null (strstr (transcript, CLIENT_SECRET));
  g_assert_nonnull (strstr (transcript, "->  PASS ****"));
  g_assert_nonnull (strstr (transcript, "<-  +OK it follows"));
  client_free (session);
  peer_free (peer);
}

static void
test_plain (void) {
  check_whole_visit (PEER_PLAIN, PB_SECURITY_NONE, NULL);
}

static void
test_tls (void) {
  check_whole_visit (PEER_TLS, PB_SECURITY_TLS, NULL);
}

static void
test_stls (void) {
  check_whole_visit (PEER_PLAIN, PB_SECURITY_STARTTLS, PEER_CAPABILITIES "STLS\r\n");
}

static void
test_without_pipelining (void) {
  check_whole_visit (PEER_PLAIN, PB_SECURITY_NONE, "USER\r\n");
}

/* A listing lacks what the server refuses, but not everything. */
static void
check_listing (const char *refused, gboolean has_size, gboolean has_uid) {
  PeerFault fault = { .at = refused, .kind = FAULT_REFUSE };
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, &fault);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;
  g_autoptr (PbListing) listing = client_list (session, &error);
  PbListingEntry entry;

  g_assert_no_error (error);
  g_assert_true (pb_listing_find (listing, 3, &entry));
  g_assert_cmpint (entry.has_size, ==, has_size);
  g_assert_cmpint (entry.uid != NULL, ==, has_uid);
  g_assert_true (client_quit (session, &error));
  client_free (session);
  peer_free (peer);
}

static void
test_listing_without_uids (void) {
  check_listing ("UIDL", TRUE, FALSE);
}

static void
test_listing_without_sizes (void) {
  check_listing ("LIST", FALSE, TRUE);
}

/* Signs a client in, for scripts. */
static void
greet (Peer *peer) {
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\n" PEER_CAPABILITIES ".\r\n");
  peer_expect (peer, "USER li.na");
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "PASS " CLIENT_SECRET);
  peer_say (peer, "+OK\r\n");
  peer_expect (peer, "CAPA");
  peer_say (peer, "+OK\r\n" PEER_CAPABILITIES ".\r\n");
}

static void
refuse_listing_script (Peer *peer, gpointer data) {
  greet (peer);
  peer_expect (peer, "LIST");
  peer_expect (peer, "UIDL");
  peer_say (peer, "-ERR no\r\n-ERR neither\r\n");
  peer_wait_for_end (peer);
}

static void
test_listing_refused (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, refuse_listing_script, NULL);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;

  g_assert_null (client_list (session, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_REFUSED);
  g_assert_cmpstr (pb_error_get_server_text (error), ==, "neither");
  client_free (session);
  peer_free (peer);
}

/* Answers nothing before all commands are there. */
static void
pipelining_script (Peer *peer, gpointer data) {
  greet (peer);
  for (guint i = 1; i <= 100; i++) {
    g_autofree char *line = g_strdup_printf ("RETR %u", i);
    peer_expect (peer, line);
  }
  for (guint i = 1; i <= 100; i++)
    peer_say (peer, "+OK\r\ntext\r\n.\r\n");
  peer_wait_for_end (peer);
}

static void
test_pipelining (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, pipelining_script, NULL);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;
  Collected collected;

  collected_init (&collected);
  g_assert_true (client_retrieve (session, 1, 100, -1, &collected, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (collected.ends, ==, 100);
  g_assert_cmpuint (collected.total, ==, 500);
  collected_clear (&collected);
  client_free (session);
  peer_free (peer);
}

#define FLOOD_COMMANDS 10000

/* Answers in bursts and reads nothing meanwhile; more commands than the window holds. */
static void
flood_script (Peer *peer, gpointer data) {
  g_autofree char *line = g_strnfill (1000, 'x');
  g_autofree char *reply = g_strconcat ("+OK\r\n", line, "\r\n.\r\n", NULL);
  guint answered = 0;

  greet (peer);
  while (answered < FLOOD_COMMANDS) {
    guint heard = 0;
    do {
      g_autofree char *command = peer_hear (peer);
      heard++;
    } while (heard < 1000);
    for (guint i = 0; i < heard; i++)
      peer_say (peer, reply);
    answered += heard;
  }
  peer_wait_for_end (peer);
}

static void
test_flood (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, flood_script, NULL);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;
  Collected collected;

  collected_init (&collected);
  collected.count_only = TRUE;
  g_assert_true (client_retrieve (session, 1, FLOOD_COMMANDS, -1, &collected, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (collected.total, ==, FLOOD_COMMANDS * 1001);
  collected_clear (&collected);
  client_free (session);
  peer_free (peer);
}

#define LINE_SIZE (100 * 1000 * 1000)

static void
long_line_script (Peer *peer, gpointer data) {
  g_autofree char *block = g_strnfill (100 * 1000, 'x');

  greet (peer);
  peer_expect (peer, "RETR 1");
  peer_say (peer, "+OK\r\n");
  for (guint i = 0; i < LINE_SIZE / (100 * 1000); i++)
    peer_say_bytes (peer, block, 100 * 1000);
  peer_say (peer, "\r\n.\r\n");
  peer_wait_for_end (peer);
}

/* Of /proc/self/status, in kB. */
static guint64
memory_peak (void) {
  g_autofree char *status = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  const char *line = strstr (status, "VmHWM:");
  return line ? g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) : 0;
}

static void
test_memory (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, long_line_script, NULL);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;
  Collected collected;
  guint64 before = memory_peak ();

  collected_init (&collected);
  collected.count_only = TRUE;
  g_assert_true (client_retrieve (session, 1, 1, -1, &collected, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (collected.total, ==, LINE_SIZE + 1);
  g_assert_cmpuint (memory_peak (), <, before + 20 * 1024);
  collected_clear (&collected);
  client_free (session);
  peer_free (peer);
}

/* Removal while retrievals run: the peer hears the DELE behind the first window. */
static void
test_remove_while_retrieving (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;
  GAsyncResult *retrieved = NULL;
  Collected collected;

  collected_init (&collected);
  client_retrieve_async (session, 1, 3, &collected, NULL, &retrieved);
  g_autoptr (GArray) removed = client_remove (session, 1, 2, &error);
  g_assert_cmpuint (removed->len, ==, 2);
  g_assert_true (client_retrieve_finish (session, &retrieved, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (collected.ends, ==, 3);
  collected_clear (&collected);
  g_assert_true (client_quit (session, &error));
  client_free (session);
  peer_free (peer);
}

static void
test_nothing_to_do (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_pop3_session_retrieve_async (session, NULL, NULL, 0, -1, &collecting_sink, NULL, NULL,
                                  pb_test_done, &done);
  g_assert_null (done);
  g_assert_true (client_retrieve_finish (session, &done, &error));
  pb_pop3_session_remove_async (session, NULL, 0, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GArray) removed = client_remove_finish (session, &done, &error);
  g_assert_cmpuint (removed->len, ==, 0);
  g_assert_true (client_quit (session, &error));
  client_free (session);
  peer_free (peer);
}

/* Pausing */

static void
pause_data (guint number, const guint8 *data, gsize length, gpointer user_data) {
  pb_pop3_session_set_paused (user_data, TRUE);
}

static void
pause_end (guint number, const GError *refused, gpointer user_data) {}

static void
test_pause (void) {
  static const PbPop3Sink sink = { pause_data, pause_end };
  const guint number = 1;
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session = client_new (
    peer_get_port (peer), &(ClientOptions){ .security = PB_SECURITY_NONE, .reply_timeout = 1 });
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_assert_true (client_open (session, &error));
  pb_pop3_session_retrieve_async (session, &number, NULL, 1, -1, &sink, session, NULL, pb_test_done,
                                  &done);
  pb_test_pass_time (1300);
  g_assert_null (done);
  pb_pop3_session_set_paused (session, FALSE);
  g_assert_true (client_retrieve_finish (session, &done, &error));
  g_assert_no_error (error);
  g_assert_true (client_quit (session, &error));
  client_free (session);
  peer_free (peer);
}

/* Lifetime */

static void
test_calls_out_of_place (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session =
    client_new (peer_get_port (peer), &(ClientOptions){ .security = PB_SECURITY_NONE });
  g_autoptr (GError) before = NULL;
  g_autoptr (GError) again = NULL;
  g_autoptr (GError) second = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_assert_false (client_noop (session, &before));
  g_assert_error (before, PB_ERROR, PB_ERROR_CONNECT);
  g_assert_true (client_open (session, &error));
  g_assert_false (client_open (session, &again));
  g_assert_error (again, PB_ERROR, PB_ERROR_CONNECT);

  pb_pop3_session_noop_async (session, NULL, pb_test_done, &done);
  g_assert_false (client_noop (session, &second));
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_true (client_noop_finish (session, &done, &error));
  g_assert_true (client_quit (session, &error));
  g_assert_no_error (error);
  client_free (session);
  peer_free (peer);
}

static void
close_cb (GObject *source, GAsyncResult *result, gpointer data) {
  gboolean *called = data;

  pb_pop3_session_close (PB_POP3_SESSION (source));
  *called = TRUE;
}

static void
unref_cb (GObject *source, GAsyncResult *result, gpointer data) {
  gboolean *called = data;

  g_object_unref (source);
  *called = TRUE;
}

static gboolean
is_true (gpointer data) {
  return *(gboolean *) data;
}

static void
test_close_in_callback (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session = client_new_open (peer);
  gboolean called = FALSE;

  pb_pop3_session_noop_async (session, NULL, close_cb, &called);
  pb_test_until (is_true, &called);
  client_free (session);
  peer_free (peer);
}

static void
test_unref_in_callback (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session = client_new_open (peer);
  gboolean called = FALSE;
  gpointer weak = session;

  g_object_add_weak_pointer (G_OBJECT (session), &weak);
  pb_pop3_session_noop_async (session, NULL, unref_cb, &called);
  pb_test_until (is_true, &called);
  pb_test_pass_time (5);
  g_assert_null (weak);
  peer_free (peer);
}

static void
test_unref_unopened (void) {
  client_free (client_new (1, &(ClientOptions){ .security = PB_SECURITY_TLS }));
}

static void
test_unref_idle (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);

  client_free (client_new_open (peer));
  peer_free (peer);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/pop3-session/plain", test_plain);
  g_test_add_func ("/net/pop3-session/tls", test_tls);
  g_test_add_func ("/net/pop3-session/stls", test_stls);
  g_test_add_func ("/net/pop3-session/without-pipelining", test_without_pipelining);
  g_test_add_func ("/net/pop3-session/listing/without-uids", test_listing_without_uids);
  g_test_add_func ("/net/pop3-session/listing/without-sizes", test_listing_without_sizes);
  g_test_add_func ("/net/pop3-session/listing/refused", test_listing_refused);
  g_test_add_func ("/net/pop3-session/pipelining", test_pipelining);
  g_test_add_func ("/net/pop3-session/flood", test_flood);
  g_test_add_func ("/net/pop3-session/memory", test_memory);
  g_test_add_func ("/net/pop3-session/remove-while-retrieving", test_remove_while_retrieving);
  g_test_add_func ("/net/pop3-session/nothing-to-do", test_nothing_to_do);
  g_test_add_func ("/net/pop3-session/pause", test_pause);
  g_test_add_func ("/net/pop3-session/calls-out-of-place", test_calls_out_of_place);
  g_test_add_func ("/net/pop3-session/close-in-callback", test_close_in_callback);
  g_test_add_func ("/net/pop3-session/unref-in-callback", test_unref_in_callback);
  g_test_add_func ("/net/pop3-session/unref-unopened", test_unref_unopened);
  g_test_add_func ("/net/pop3-session/unref-idle", test_unref_idle);
  return g_test_run ();
}
