/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Checks that begin by themselves: with a network that comes and goes, a logind that is played by
 * the test, and a clock that is only a number. The servers are real. */

#include "pb-scheduler.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "pb-sync-fixture.h"

#define START 1800000000

/* ---- A network that the test switches ---- */

#define TEST_TYPE_NETWORK (test_network_get_type ())
G_DECLARE_FINAL_TYPE (TestNetwork, test_network, TEST, NETWORK, GObject)

struct _TestNetwork {
  GObject parent_instance;

  gboolean available, metered;
  GNetworkConnectivity connectivity;
};

static void
initable_init (GInitableIface *iface) {}

static void
monitor_init (GNetworkMonitorInterface *iface) {}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestNetwork,
                               test_network,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, initable_init)
                                 G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR, monitor_init))

enum { PROP_0, PROP_AVAILABLE, PROP_METERED, PROP_CONNECTIVITY };

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  TestNetwork *self = TEST_NETWORK (object);

  if (id == PROP_AVAILABLE)
    g_value_set_boolean (value, self->available);
  else if (id == PROP_METERED)
    g_value_set_boolean (value, self->metered);
  else
    g_value_set_enum (value, (int) self->connectivity);
}

static void
test_network_class_init (TestNetworkClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_network_init (TestNetwork *self) {
  self->available = TRUE;
  self->connectivity = G_NETWORK_CONNECTIVITY_FULL;
}

static void
switch_network (TestNetwork *self, gboolean available, GNetworkConnectivity connectivity) {
  self->available = available;
  self->connectivity = connectivity;
  g_signal_emit_by_name (self, "network-changed", available);
}

/* ---- A logind ---- */

typedef struct {
  GTestDBus *daemon;
  GDBusConnection *theirs; /* of logind */
  GDBusConnection *ours;
  guint object;
  guint inhibitors; /* that were taken */
  int pipe[2];      /* the read end tells when the last one is given back */
} Logind;

static const char introspection[] =
  "<node><interface name='org.freedesktop.login1.Manager'>"
  "<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='h' direction='out'/>"
  "</method><signal name='PrepareForSleep'><arg type='b'/></signal></interface></node>";

static void
called (GDBusConnection *connection,
        const char *sender,
        const char *path,
        const char *interface,
        const char *method,
        GVariant *parameters,
        GDBusMethodInvocation *invocation,
        gpointer data) {
  Logind *logind = data;
  const char *what, *who, *why, *mode;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();

  g_variant_get (parameters, "(&s&s&s&s)", &what, &who, &why, &mode);
  g_assert_cmpstr (what, ==, "sleep");
  g_assert_cmpstr (mode, ==, "delay");
  g_assert_cmpint (pipe (logind->pipe), ==, 0);
  g_unix_fd_list_append (fds, logind->pipe[1], NULL);
  close (logind->pipe[1]);
  logind->inhibitors++;
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           fds);
}

static GDBusConnection *
connect_to (GTestDBus *daemon) {
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (daemon),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
logind_start (Logind *self) {
  static const GDBusInterfaceVTable vtable = { called, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GError) error = NULL;

  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->theirs = connect_to (self->daemon);
  self->ours = connect_to (self->daemon);
  self->object = g_dbus_connection_register_object (
    self->theirs, "/org/freedesktop/login1", info->interfaces[0], &vtable, self, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_sync (self->theirs, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                 "RequestName", g_variant_new ("(su)", "org.freedesktop.login1", 0),
                                 NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
logind_stop (Logind *self) {
  g_dbus_connection_unregister_object (self->theirs, self->object);
  g_dbus_connection_close_sync (self->theirs, NULL, NULL);
  g_dbus_connection_close_sync (self->ours, NULL, NULL);
  g_clear_object (&self->theirs);
  g_clear_object (&self->ours);
  g_test_dbus_down (self->daemon);
  g_object_unref (self->daemon);
}

static void
logind_say (Logind *self, gboolean going) {
  g_assert_true (g_dbus_connection_emit_signal (self->theirs, NULL, "/org/freedesktop/login1",
                                                "org.freedesktop.login1.Manager", "PrepareForSleep",
                                                g_variant_new ("(b)", going), NULL));
}

/* ---- The scene ---- */

typedef struct {
  PbSyncFixture *fixture;
  PbAccountList *accounts;
  PbSyncService *sync;
  TestNetwork *network;
  Logind logind;
  PbScheduler *scheduler;
  gint64 now;
  guint finished;
} Scene;

static gint64
clock_cb (gpointer data) {
  return ((Scene *) data)->now;
}

static void
finished_cb (Scene *scene) {
  scene->finished++;
}

static void
set_up (Scene *scene, gconstpointer unused) {
  scene->fixture = pb_sync_fixture_new ();
  scene->accounts = pb_account_list_new (scene->fixture->dir);
  scene->sync =
    pb_sync_service_new (scene->accounts, scene->fixture->secrets, scene->fixture->store);
  g_signal_connect_swapped (scene->sync, "finished", G_CALLBACK (finished_cb), scene);
  scene->network = g_object_new (TEST_TYPE_NETWORK, NULL);
  scene->now = START;
  logind_start (&scene->logind);
  scene->scheduler = pb_scheduler_new (scene->sync, scene->accounts,
                                       G_NETWORK_MONITOR (scene->network), scene->logind.ours);
  pb_scheduler_set_clock (scene->scheduler, clock_cb, scene);
}

static void
tear_down (Scene *scene, gconstpointer unused) {
  GAsyncResult *done = NULL;

  g_assert_finalize_object (scene->scheduler);
  pb_sync_service_stop_async (scene->sync, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_sync_service_stop_finish (scene->sync, result, NULL));
  g_clear_object (&result);
  g_assert_finalize_object (scene->sync);
  g_assert_finalize_object (scene->network);
  g_object_unref (scene->accounts);
  logind_stop (&scene->logind);
  pb_sync_fixture_free (scene->fixture);
}

static PbAccount *
add_account (Scene *scene, const char *id, PbDemoServer *server) {
  g_autoptr (GError) error = NULL;
  PbAccount *account =
    pb_sync_fixture_make_account (scene->fixture, id, server, PB_DEMO_PLAIN, "keep");

  g_assert_true (pb_account_list_add (scene->accounts, account, &error));
  g_assert_no_error (error);
  return account;
}

static void
wait_finished (Scene *scene, guint count) {
  while (scene->finished < count)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (scene->finished, ==, count);
}

static void
go_on (Scene *scene, gint64 seconds) {
  scene->now += seconds;
  pb_scheduler_update (scene->scheduler);
}

static void
test_interval (Scene *scene, gconstpointer unused) {
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 3);
  g_autoptr (PbAccount) account = add_account (scene, "work", server);

  g_assert_cmpint (pb_scheduler_get_next (scene->scheduler, account), ==, G_MAXINT64);
  pb_scheduler_start (scene->scheduler, TRUE);
  wait_finished (scene, 1);
  g_assert_cmpuint (pb_sync_fixture_count_stored (scene->fixture, "work", 3), ==, 3);
  go_on (scene, 530);
  pb_test_pass_time (20);
  g_assert_cmpuint (scene->finished, ==, 1);
  go_on (scene, 140);
  wait_finished (scene, 2);

  pb_scheduler_set_account_minutes (scene->scheduler, "work", 60);
  go_on (scene, 700);
  pb_test_pass_time (20);
  g_assert_cmpuint (scene->finished, ==, 2);
  pb_scheduler_set_account_minutes (scene->scheduler, "work", 0);
  g_assert_cmpint (pb_scheduler_get_next (scene->scheduler, account), ==, G_MAXINT64);
  pb_scheduler_set_account_minutes (scene->scheduler, "work", -1);
  wait_finished (scene, 3);
  g_object_set (account, "enabled", FALSE, NULL);
  go_on (scene, 7000);
  pb_test_pass_time (20);
  g_assert_cmpuint (scene->finished, ==, 3);
}

static void
test_network (Scene *scene, gconstpointer unused) {
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 1);
  g_autoptr (PbAccount) here = add_account (scene, "here", server);
  g_autoptr (PbAccount) away = pb_account_new ("away");
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("192.0.2.1", 110, PB_SECURITY_NONE);

  switch_network (scene->network, TRUE, G_NETWORK_CONNECTIVITY_PORTAL);
  g_assert_false (pb_scheduler_get_online (scene->scheduler));
  pb_scheduler_start (scene->scheduler, TRUE);
  /* What is on this computer needs no network. */
  wait_finished (scene, 1);
  g_object_set (away, "address", "me@example.org", "user", "me", "endpoint", endpoint, NULL);
  g_assert_true (pb_account_list_add (scene->accounts, away, NULL));
  gint64 next = pb_scheduler_get_next (scene->scheduler, away);
  g_assert_cmpint (next, ==, START + 1800);

  go_on (scene, 100);
  switch_network (scene->network, TRUE, G_NETWORK_CONNECTIVITY_FULL);
  g_assert_true (pb_scheduler_get_online (scene->scheduler));
  next = pb_scheduler_get_next (scene->scheduler, away);
  g_assert_cmpint (next, >=, scene->now + 5);
  g_assert_cmpint (next, <=, scene->now + 8);
  switch_network (scene->network, FALSE, G_NETWORK_CONNECTIVITY_LOCAL);
  g_assert_cmpint (pb_scheduler_get_next (scene->scheduler, away), >=, START + 1800);
}

static void
test_sleep (Scene *scene, gconstpointer unused) {
  g_autoptr (PbDemoServer) server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 3);
  g_autoptr (PbAccount) account = add_account (scene, "work", server);
  char byte;

  while (scene->logind.inhibitors < 1)
    g_main_context_iteration (NULL, TRUE);
  pb_scheduler_start (scene->scheduler, TRUE);
  while (pb_sync_fixture_count_commands (server, "UIDL") == 0)
    g_main_context_iteration (NULL, TRUE);
  logind_say (&scene->logind, TRUE);
  wait_finished (scene, 1);
  /* The sleep goes on once the session has ended. */
  while (pb_scheduler_get_next (scene->scheduler, account) != G_MAXINT64)
    g_main_context_iteration (NULL, TRUE);
  pb_test_pass_time (50);
  g_assert_cmpint (read (scene->logind.pipe[0], &byte, 1), ==, 0);
  close (scene->logind.pipe[0]);
  go_on (scene, 3600);
  pb_test_pass_time (20);
  g_assert_cmpuint (scene->finished, ==, 1);

  logind_say (&scene->logind, FALSE);
  while (scene->logind.inhibitors < 2 ||
         pb_scheduler_get_next (scene->scheduler, account) == G_MAXINT64)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (pb_scheduler_get_next (scene->scheduler, account), <=, scene->now + 8);
  go_on (scene, 8);
  wait_finished (scene, 2);
  g_assert_cmpuint (pb_sync_fixture_count_stored (scene->fixture, "work", 3), ==, 3);
}

static PbDemoVerdict
say_nothing (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  return PB_DEMO_SILENT;
}

/* A server that says nothing has one of the four places until its time is over; the others do not
 * wait for it. */
static void
test_dead_server (Scene *scene, gconstpointer unused) {
  g_autoptr (PbDemoServer) dead = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 1);
  g_autoptr (PbAccount) first = add_account (scene, "dead", dead);
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  static const char *const ids[] = { "a", "b", "c", "d", "e" };

  pb_demo_server_set_hook (dead, say_nothing, NULL);
  g_object_set (first, "timeout", 5, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    PbDemoServer *server = pb_sync_fixture_start_server (scene->fixture, PB_DEMO_PLAIN, 2);
    g_ptr_array_add (servers, server);
    g_autoptr (PbAccount) account = add_account (scene, ids[i], server);
  }
  gint64 began = g_get_monotonic_time ();
  pb_scheduler_start (scene->scheduler, TRUE);
  wait_finished (scene, G_N_ELEMENTS (ids));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 4 * G_USEC_PER_SEC);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpuint (pb_sync_fixture_count_stored (scene->fixture, ids[i], 2), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (pb_sync_service_get_operations (scene->sync)), ==, 1);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Scene, NULL, set_up, func, tear_down)
  ADD ("/scheduler/interval", test_interval);
  ADD ("/scheduler/network", test_network);
  ADD ("/scheduler/sleep", test_sleep);
  ADD ("/scheduler/dead-server", test_dead_server);
  return g_test_run ();
}
