/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The pump on a pair of sockets with small buffers: both directions full at once, the clock, the
 * manners towards the rest of the main loop. */

#include <string.h>
#include <sys/socket.h>

#include "pb-error.h"
#include "pb-pump.h"
#include "pb-test.h"

typedef struct {
  GObject *owner;
  PbPop3Machine *machine;
  PbPump *pump;
  GSocketConnection *other; /* the server's end */
  guint retrieves;          /* to be asked for once signed in */
  guint ready;
  guint done;
  guint turns;
  guint64 bytes;
  GError *error;
} Fixture;

static gboolean
process (gpointer data) {
  Fixture *fixture = data;
  PbPop3Event event;

  for (;;) {
    switch (pb_pop3_machine_next (fixture->machine, &event)) {
    case PB_POP3_EVENT_NEED_IO:
      return TRUE;
    case PB_POP3_EVENT_READY:
      fixture->ready++;
      for (guint i = 1; i <= fixture->retrieves; i++)
        pb_pop3_machine_enqueue_retrieve (fixture->machine, i, -1, 100, 0);
      break;
    case PB_POP3_EVENT_BODY:
      fixture->bytes += event.length;
      break;
    case PB_POP3_EVENT_DONE:
      fixture->done++;
      break;
    case PB_POP3_EVENT_FAILED:
      fixture->error = g_error_copy (event.error);
      g_object_unref (pb_pump_stop (fixture->pump));
      return FALSE;
    default:
      g_assert_not_reached ();
    }
  }
}

static void
failed (gpointer data, const GError *error) {
  ((Fixture *) data)->error = g_error_copy (error);
}

static void
turned (gpointer data) {
  ((Fixture *) data)->turns++;
}

static GSocketConnection *
connection_for (int fd) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, 4096, NULL);
  return g_socket_connection_factory_create_connection (socket);
}

static void
fixture_set_up (Fixture *fixture, guint timeout) {
  static const PbPumpHandlers handlers = { process, failed, turned };
  g_autoptr (PbSecret) secret = pb_secret_new ("hunter2");
  PbPop3MachineConfig config = { PB_SECURITY_TLS, "li.na", secret, FALSE };
  int pair[2];

  memset (fixture, 0, sizeof *fixture);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  fixture->other = connection_for (pair[1]);
  fixture->owner = g_object_new (G_TYPE_OBJECT, NULL);
  fixture->machine = pb_pop3_machine_new (&config);
  fixture->pump = pb_pump_new (fixture->machine, timeout, &handlers, fixture->owner, fixture);
  pb_pump_start (fixture->pump, G_IO_STREAM (connection_for (pair[0])));
}

static void
fixture_tear_down (Fixture *fixture) {
  g_clear_pointer (&fixture->pump, pb_pump_free);
  pb_pop3_machine_free (fixture->machine);
  g_assert_finalize_object (fixture->owner);
  g_object_unref (fixture->other);
  g_clear_error (&fixture->error);
}

/* The server's end, in a thread */

static void
say (Fixture *fixture, const char *text) {
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (fixture->other)), text,
                             strlen (text), NULL, NULL, NULL);
}

static gboolean
hear (GDataInputStream *input) {
  g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);

  return line != NULL;
}

static GDataInputStream *
greet (Fixture *fixture) {
  GDataInputStream *input =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (fixture->other)));
  const char *const replies[] = { "+OK\r\n", "+OK\r\nPIPELINING\r\n.\r\n", "+OK\r\n", "+OK\r\n",
                                  "+OK\r\nPIPELINING\r\n.\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++) {
    say (fixture, replies[i]);
    if (i + 1 < G_N_ELEMENTS (replies))
      g_assert_true (hear (input));
  }
  return input;
}

#define MESSAGES 5000

/* For each command that it reads it writes much more than the sockets hold, while the client has
 * more to send than they hold. */
static gpointer
slow_reader (gpointer data) {
  Fixture *fixture = data;
  g_autoptr (GDataInputStream) input = greet (fixture);
  g_autofree char *line = g_strnfill (10000, 'x');
  g_autofree char *reply = g_strconcat ("+OK\r\n", line, "\r\n.\r\n", NULL);

  for (guint i = 0; i < MESSAGES && hear (input); i++)
    say (fixture, reply);
  return NULL;
}

static gboolean
all_done (gpointer data) {
  Fixture *fixture = data;

  return fixture->error || fixture->done == fixture->retrieves;
}

static void
test_both_directions_full (void) {
  Fixture fixture;

  fixture_set_up (&fixture, 20);
  fixture.retrieves = MESSAGES;
  GThread *thread = g_thread_new ("slow-reader", slow_reader, &fixture);
  pb_test_until (all_done, &fixture);
  g_assert_no_error (fixture.error);
  g_assert_cmpuint (fixture.bytes, ==, MESSAGES * 10001);
  g_thread_join (thread);
  fixture_tear_down (&fixture);
}

/* One endless message: other sources of lower importance have their turn all the same. */
static gpointer
endless (gpointer data) {
  Fixture *fixture = data;
  g_autoptr (GDataInputStream) input = greet (fixture);
  g_autofree char *block = g_strnfill (100000, 'x');

  if (!hear (input))
    return NULL;
  say (fixture, "+OK\r\n");
  for (guint i = 0; i < 500; i++)
    say (fixture, block);
  say (fixture, "\r\n.\r\n");
  return NULL;
}

static gboolean
count_cb (gpointer data) {
  ++*(guint *) data;
  return G_SOURCE_CONTINUE;
}

static void
test_manners (void) {
  Fixture fixture;
  guint ticks = 0;

  fixture_set_up (&fixture, 20);
  fixture.retrieves = 1;
  guint source = g_timeout_add (1, count_cb, &ticks);
  GThread *thread = g_thread_new ("endless", endless, &fixture);
  gint64 start = g_get_monotonic_time ();
  pb_test_until (all_done, &fixture);
  gint64 milliseconds = (g_get_monotonic_time () - start) / 1000;
  g_assert_no_error (fixture.error);
  g_assert_cmpuint (fixture.bytes, ==, 500 * 100000 + 1);
  /* A tick in 50 ms at the least, where 1 was asked for: the machine may be busy. */
  g_assert_cmpuint (ticks, >=, milliseconds / 50);
  g_source_remove (source);
  g_thread_join (thread);
  fixture_tear_down (&fixture);
}

static gboolean
has_failed (gpointer data) {
  return ((Fixture *) data)->error != NULL;
}

static void
test_clock (void) {
  Fixture fixture;

  fixture_set_up (&fixture, 1);
  pb_test_until (has_failed, &fixture);
  g_assert_error (fixture.error, PB_ERROR, PB_ERROR_TIMEOUT);
  fixture_tear_down (&fixture);
}

static gboolean
drip_cb (gpointer data) {
  say (data, "x");
  return G_SOURCE_CONTINUE;
}

/* Each byte buys another second. */
static void
test_clock_restarts (void) {
  Fixture fixture;

  fixture_set_up (&fixture, 1);
  say (&fixture, "+OK ");
  guint source = g_timeout_add (300, drip_cb, &fixture);
  pb_test_pass_time (1600);
  g_assert_no_error (fixture.error);
  g_source_remove (source);
  pb_test_until (has_failed, &fixture);
  g_assert_error (fixture.error, PB_ERROR, PB_ERROR_TIMEOUT);
  fixture_tear_down (&fixture);
}

/* The time of a pause does not count. */
static void
test_clock_paused (void) {
  Fixture fixture;

  fixture_set_up (&fixture, 1);
  pb_test_pass_time (300);
  pb_pump_set_paused (fixture.pump, TRUE);
  pb_test_pass_time (1000);
  pb_pump_set_paused (fixture.pump, FALSE);
  pb_test_pass_time (300);
  g_assert_no_error (fixture.error);
  pb_test_until (has_failed, &fixture);
  g_assert_error (fixture.error, PB_ERROR, PB_ERROR_TIMEOUT);
  fixture_tear_down (&fixture);
}

static gpointer
greet_only (gpointer data) {
  g_autoptr (GDataInputStream) input = greet (data);

  return NULL;
}

static gboolean
is_ready (gpointer data) {
  return ((Fixture *) data)->ready == 1;
}

/* Nothing is expected, so nothing can be late. */
static void
test_clock_idle (void) {
  Fixture fixture;

  fixture_set_up (&fixture, 1);
  GThread *thread = g_thread_new ("greet", greet_only, &fixture);
  pb_test_until (is_ready, &fixture);
  g_thread_join (thread);
  pb_test_pass_time (1300);
  g_assert_no_error (fixture.error);

  pb_pop3_machine_enqueue (fixture.machine, PB_POP3_NOOP, 0, 0);
  pb_pump_wake (fixture.pump);
  pb_test_pass_time (500);
  g_assert_no_error (fixture.error);
  pb_test_until (has_failed, &fixture);
  g_assert_error (fixture.error, PB_ERROR, PB_ERROR_TIMEOUT);
  fixture_tear_down (&fixture);
}

static void
test_stop (void) {
  Fixture fixture;

  fixture_set_up (&fixture, 1);
  g_autoptr (GIOStream) stream = pb_pump_stop (fixture.pump);
  g_assert_true (G_IS_SOCKET_CONNECTION (stream));
  g_assert_null (pb_pump_stop (fixture.pump));
  say (&fixture, "* nonsense\r\n");
  pb_test_pass_time (1200);
  g_assert_no_error (fixture.error);
  g_assert_cmpuint (fixture.turns, ==, 0);
  fixture_tear_down (&fixture);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/pump/both-directions-full", test_both_directions_full);
  g_test_add_func ("/net/pump/manners", test_manners);
  g_test_add_func ("/net/pump/clock", test_clock);
  g_test_add_func ("/net/pump/clock-restarts", test_clock_restarts);
  g_test_add_func ("/net/pump/clock-paused", test_clock_paused);
  g_test_add_func ("/net/pump/clock-idle", test_clock_idle);
  g_test_add_func ("/net/pump/stop", test_stop);
  return g_test_run ();
}
