/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions with servers that refuse, stall, hang up or talk nonsense in every state, and
 * sessions that are cancelled in every state: each ends with the right error, in time. */

#include <string.h>

#include "pb-error.h"
#include "pb-test.h"
#include "pop3-client.h"

/* The session does without what the server cannot stand. */
#define FINE ((PbError) -1)

typedef struct {
  const char *name;
  PeerFault fault;
  PbError error;
} FaultCase;

static const FaultCase fault_cases[] = {
  { "greeting refused", { "", FAULT_REFUSE }, PB_ERROR_BUSY },
  { "greeting nonsense", { "", FAULT_NONSENSE }, PB_ERROR_PROTOCOL },
  { "greeting closed", { "", FAULT_CLOSE }, PB_ERROR_CONNECT },
  { "greeting cut", { "", FAULT_CUT }, PB_ERROR_CONNECT },
  { "greeting stalled", { "", FAULT_STALL }, PB_ERROR_TIMEOUT },
  { "CAPA nonsense", { "CAPA", FAULT_NONSENSE }, PB_ERROR_PROTOCOL },
  { "CAPA closed", { "CAPA", FAULT_CLOSE }, FINE },
  { "CAPA cut", { "CAPA", FAULT_CUT }, FINE },
  { "USER refused", { "USER", FAULT_REFUSE }, PB_ERROR_SIGN_IN },
  { "USER closed", { "USER", FAULT_CLOSE }, PB_ERROR_CONNECT },
  { "USER stalled", { "USER", FAULT_STALL }, PB_ERROR_TIMEOUT },
  { "PASS refused", { "PASS", FAULT_REFUSE }, PB_ERROR_SIGN_IN },
  { "PASS refused for now", { "PASS", FAULT_REFUSE, "-ERR [IN-USE] later" }, PB_ERROR_BUSY },
  { "PASS nonsense", { "PASS", FAULT_NONSENSE }, PB_ERROR_PROTOCOL },
  { "PASS closed", { "PASS", FAULT_CLOSE }, PB_ERROR_CONNECT },
  { "PASS stalled", { "PASS", FAULT_STALL }, PB_ERROR_TIMEOUT },
  { "LIST nonsense", { "LIST", FAULT_NONSENSE }, PB_ERROR_PROTOCOL },
  { "LIST closed", { "LIST", FAULT_CLOSE }, PB_ERROR_CONNECT },
  { "LIST cut", { "LIST", FAULT_CUT }, PB_ERROR_CONNECT },
  { "LIST stalled", { "LIST", FAULT_STALL }, PB_ERROR_TIMEOUT },
  { "RETR nonsense", { "RETR 2", FAULT_NONSENSE }, PB_ERROR_PROTOCOL },
  { "RETR closed", { "RETR 2", FAULT_CLOSE }, PB_ERROR_CONNECT },
  { "RETR cut", { "RETR 2", FAULT_CUT }, PB_ERROR_CONNECT },
  { "RETR stalled", { "RETR 2", FAULT_STALL }, PB_ERROR_TIMEOUT },
  { "DELE nonsense", { "DELE 2", FAULT_NONSENSE }, PB_ERROR_PROTOCOL },
  { "DELE closed", { "DELE 2", FAULT_CLOSE }, PB_ERROR_CONNECT },
  { "DELE stalled", { "DELE 2", FAULT_STALL }, PB_ERROR_TIMEOUT },
  { "QUIT refused", { "QUIT", FAULT_REFUSE }, PB_ERROR_REFUSED },
  { "QUIT nonsense", { "QUIT", FAULT_NONSENSE }, PB_ERROR_PROTOCOL },
  { "QUIT closed", { "QUIT", FAULT_CLOSE }, PB_ERROR_CONNECT },
  { "QUIT stalled", { "QUIT", FAULT_STALL }, PB_ERROR_TIMEOUT },
};

/* A whole visit as a chain of calls, so that many can run at once. */
typedef struct {
  const FaultCase *c;
  Peer *peer;
  PbPop3Session *session;
  GCancellable *cancellable;
  Collected collected;
  GError *error;
  gboolean over;
} Visit;

static const guint numbers[] = { 1, 2, 3 };

static void
quitted (GObject *source, GAsyncResult *result, gpointer data) {
  Visit *visit = data;

  pb_pop3_session_quit_finish (visit->session, result, &visit->error);
  visit->over = TRUE;
}

static void
removed (GObject *source, GAsyncResult *result, gpointer data) {
  Visit *visit = data;
  g_autoptr (GArray) gone = pb_pop3_session_remove_finish (visit->session, result, &visit->error);

  if (gone)
    pb_pop3_session_quit_async (visit->session, visit->cancellable, quitted, visit);
  else
    visit->over = TRUE;
}

static void
retrieved (GObject *source, GAsyncResult *result, gpointer data) {
  Visit *visit = data;

  if (pb_pop3_session_retrieve_finish (visit->session, result, &visit->error))
    pb_pop3_session_remove_async (visit->session, numbers, 3, visit->cancellable, removed, visit);
  else
    visit->over = TRUE;
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data) {
  Visit *visit = data;
  g_autoptr (PbListing) listing =
    pb_pop3_session_list_finish (visit->session, result, &visit->error);

  if (listing)
    pb_pop3_session_retrieve_async (visit->session, numbers, NULL, 3, -1, &collecting_sink,
                                    &visit->collected, visit->cancellable, retrieved, visit);
  else
    visit->over = TRUE;
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  Visit *visit = data;

  if (pb_pop3_session_open_finish (visit->session, result, &visit->error))
    pb_pop3_session_list_async (visit->session, visit->cancellable, listed, visit);
  else
    visit->over = TRUE;
}

static void
visit_begin (Visit *visit, const FaultCase *c) {
  visit->c = c;
  visit->peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &c->fault);
  visit->session =
    client_new (peer_get_port (visit->peer),
                &(ClientOptions){ .security = PB_SECURITY_NONE, .reply_timeout = 1 });
  visit->cancellable = g_cancellable_new ();
  collected_init (&visit->collected);
  pb_pop3_session_open_async (visit->session, visit->cancellable, opened, visit);
}

static void
visit_end (Visit *visit) {
  g_object_unref (visit->cancellable);
  collected_clear (&visit->collected);
  client_free (visit->session);
  peer_free (visit->peer);
  g_clear_error (&visit->error);
}

static gboolean
is_over (gpointer data) {
  return ((Visit *) data)->over;
}

/* A message that was not complete is never said to be. */
static void
check_messages (const Visit *visit) {
  if (g_str_has_prefix (visit->c->name, "RETR"))
    g_assert_cmpstr (visit->collected.text->str, ==, "[1 " PEER_MESSAGE_1 "]");
}

static void
test_faults (void) {
  static Visit visits[G_N_ELEMENTS (fault_cases)];

  for (guint i = 0; i < G_N_ELEMENTS (fault_cases); i++)
    visit_begin (&visits[i], &fault_cases[i]);
  for (guint i = 0; i < G_N_ELEMENTS (fault_cases); i++) {
    pb_test_until (is_over, &visits[i]);
    g_test_message ("%s", visits[i].c->name);
    if (visits[i].c->error == FINE)
      g_assert_no_error (visits[i].error);
    else
      g_assert_error (visits[i].error, PB_ERROR, (int) visits[i].c->error);
    check_messages (&visits[i]);
    visit_end (&visits[i]);
  }
}

/* A refused retrieval or removal is that message's business alone. */
static void
test_refused_messages (void) {
  static const FaultCase cases[] = {
    { "retrieval", { "RETR 2", FAULT_REFUSE }, 0 },
    { "removal", { "DELE 2", FAULT_REFUSE }, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Visit visit = { 0 };
    visit_begin (&visit, &cases[i]);
    pb_test_until (is_over, &visit);
    g_assert_no_error (visit.error);
    g_assert_cmpuint (visit.collected.ends, ==, 3);
    if (i == 0)
      g_assert_nonnull (strstr (visit.collected.text->str, "[2 refused]"));
    visit_end (&visit);
  }
}

static void
test_details (void) {
  PeerFault fault = { "PASS", FAULT_REFUSE, "-ERR [LOGIN-DELAY] wait a little",
                      "LOGIN-DELAY 300\r\n" };
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, &fault);
  PbPop3Session *session =
    client_new (peer_get_port (peer), &(ClientOptions){ .security = PB_SECURITY_NONE });
  g_autoptr (GError) error = NULL;

  g_assert_false (client_open (session, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_BUSY);
  g_assert_cmpstr (pb_error_get_response_code (error), ==, "LOGIN-DELAY");
  g_assert_cmpstr (pb_error_get_server_text (error), ==, "[LOGIN-DELAY] wait a little");
  g_assert_cmpuint (pb_error_get_retry_after (error), ==, 300);
  client_free (session);
  peer_free (peer);
}

/* Cancelling */

static const FaultCase cancel_cases[] = {
  { "greeting", { "", FAULT_STALL }, 0 },   { "CAPA", { "CAPA", FAULT_STALL }, 0 },
  { "PASS", { "PASS", FAULT_STALL }, 0 },   { "LIST", { "LIST", FAULT_STALL }, 0 },
  { "RETR", { "RETR 2", FAULT_STALL }, 0 }, { "DELE", { "DELE 2", FAULT_STALL }, 0 },
  { "QUIT", { "QUIT", FAULT_STALL }, 0 },
};

static void
check_cancel (Visit *visit) {
  gint64 start = g_get_monotonic_time ();

  g_assert_false (visit->over);
  g_cancellable_cancel (visit->cancellable);
  pb_test_until (is_over, visit);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 200 * 1000);
  g_assert_error (visit->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cancel_cases); i++) {
    Visit visit = { 0 };
    visit_begin (&visit, &cancel_cases[i]);
    pb_test_pass_time (100);
    check_cancel (&visit);
    visit_end (&visit);
  }
}

static gpointer
cancel_thread (gpointer cancellable) {
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel_from_thread (void) {
  Visit visit = { 0 };

  visit_begin (&visit, &cancel_cases[0]);
  pb_test_pass_time (50);
  g_autoptr (GThread) thread = g_thread_new ("cancel", cancel_thread, visit.cancellable);
  pb_test_until (is_over, &visit);
  g_assert_error (visit.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (g_steal_pointer (&thread));
  visit_end (&visit);
}

static void
silent_script (Peer *peer, gpointer data) {
  peer_wait_for_end (peer);
}

/* The handshake hangs: the peer speaks no TLS. */
static void
test_cancel_handshake (void) {
  Visit visit = { 0 };

  visit.peer = peer_new (PEER_PLAIN, NULL, silent_script, NULL);
  visit.session =
    client_new (peer_get_port (visit.peer), &(ClientOptions){ .security = PB_SECURITY_TLS });
  visit.cancellable = g_cancellable_new ();
  collected_init (&visit.collected);
  pb_pop3_session_open_async (visit.session, visit.cancellable, opened, &visit);
  pb_test_pass_time (200);
  check_cancel (&visit);
  /* The handshake's thread lets go a little later. */
  pb_test_pass_time (100);
  visit_end (&visit);
}

static const PeerFault healthy = { .at = "" };

/* A call that was cancelled before it began leaves the session as it is. */
static void
test_cancelled_before (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) cancelled = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  g_cancellable_cancel (cancellable);
  pb_pop3_session_noop_async (session, cancellable, pb_test_done, &done);
  g_assert_null (done);
  g_assert_false (client_noop_finish (session, &done, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (client_quit (session, &error));
  g_assert_no_error (error);
  client_free (session);
  peer_free (peer);
}

/* What was cancelled comes all the same, to nobody; then the server is told. */
static void
test_cancelled_then_quit (void) {
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, (gpointer) &healthy);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) cancelled = NULL;
  g_autoptr (GError) closed = NULL;
  g_autoptr (GError) error = NULL;
  Collected collected;
  GAsyncResult *done = NULL;

  collected_init (&collected);
  pb_pop3_session_retrieve_async (session, numbers, NULL, 3, -1, &collecting_sink, &collected,
                                  cancellable, pb_test_done, &done);
  g_cancellable_cancel (cancellable);
  g_assert_false (client_retrieve_finish (session, &done, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (pb_pop3_session_is_leaving (session));
  g_assert_false (client_noop (session, &closed));
  g_assert_error (closed, PB_ERROR, PB_ERROR_CONNECT);
  g_assert_true (client_quit (session, &error));
  g_assert_no_error (error);
  g_assert_false (pb_pop3_session_is_leaving (session));
  g_assert_cmpuint (collected.ends, ==, 0);
  collected_clear (&collected);
  client_free (session);
  peer_free (peer);
}

/* A silent server holds a session for two seconds, but nobody waits for it. */
static void
test_cancelled_then_silence (void) {
  PeerFault fault = { "NOOP", FAULT_STALL };
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, &fault);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_pop3_session_noop_async (session, cancellable, pb_test_done, &done);
  pb_test_pass_time (20);
  g_cancellable_cancel (cancellable);
  g_assert_false (client_noop_finish (session, &done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pb_test_pass_time (1500);
  g_assert_true (pb_pop3_session_is_leaving (session));
  pb_test_pass_time (1000);
  g_assert_false (pb_pop3_session_is_leaving (session));
  client_free (session);
  peer_free (peer);
}

static void
test_close_under_way (void) {
  PeerFault fault = { "NOOP", FAULT_STALL };
  Peer *peer = peer_new (PEER_PLAIN, NULL, peer_serve, &fault);
  PbPop3Session *session = client_new_open (peer);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_pop3_session_noop_async (session, NULL, pb_test_done, &done);
  pb_test_pass_time (20);
  pb_pop3_session_close (session);
  g_assert_null (done);
  g_assert_false (client_noop_finish (session, &done, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_CONNECT);
  client_free (session);
  peer_free (peer);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/pop3-session/faults", test_faults);
  g_test_add_func ("/net/pop3-session/refused-messages", test_refused_messages);
  g_test_add_func ("/net/pop3-session/details", test_details);
  g_test_add_func ("/net/pop3-session/cancel/states", test_cancel);
  g_test_add_func ("/net/pop3-session/cancel/thread", test_cancel_from_thread);
  g_test_add_func ("/net/pop3-session/cancel/handshake", test_cancel_handshake);
  g_test_add_func ("/net/pop3-session/cancel/before", test_cancelled_before);
  g_test_add_func ("/net/pop3-session/cancel/then-quit", test_cancelled_then_quit);
  g_test_add_func ("/net/pop3-session/cancel/then-silence", test_cancelled_then_silence);
  g_test_add_func ("/net/pop3-session/close-under-way", test_close_under_way);
  return g_test_run ();
}
