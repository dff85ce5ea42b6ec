/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The Background portal, played by the test on a bus of its own: every answer that a desktop gives,
 * and none. And the autostart file. */

#include "pb-background.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pb-test.h"

typedef struct {
  GTestDBus *daemon;
  GDBusConnection *theirs, *ours;
  guint object;
  guint response;
  gboolean background, autostart;
  gboolean fails; /* there is such a portal, but it can do nothing */
  gboolean asked_autostart;
  char *command;
} Portal;

static const char introspection[] =
  "<node><interface name='org.freedesktop.portal.Background'><method name='RequestBackground'>"
  "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='o' direction='out'/></method></interface></node>";

static void
called (GDBusConnection *connection,
        const char *sender,
        const char *path,
        const char *interface,
        const char *method,
        GVariant *parameters,
        GDBusMethodInvocation *invocation,
        gpointer data) {
  Portal *portal = data;
  g_autoptr (GVariant) options = NULL;
  g_autofree const char **command = NULL;
  const char *token = NULL;
  GVariantBuilder results;

  if (portal->fails) {
    g_dbus_method_invocation_return_dbus_error (invocation, "org.example.Failed", "no");
    return;
  }
  g_variant_get (parameters, "(&s@a{sv})", NULL, &options);
  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_assert_true (g_variant_lookup (options, "autostart", "b", &portal->asked_autostart));
  g_assert_true (g_variant_lookup (options, "commandline", "^a&s", &command));
  g_free (portal->command);
  portal->command = g_strjoinv (" ", (char **) command);
  g_autofree char *name = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *handle =
    g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", name, token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "background",
                         g_variant_new_boolean (portal->background));
  g_variant_builder_add (&results, "{sv}", "autostart", g_variant_new_boolean (portal->autostart));
  g_dbus_connection_emit_signal (connection, NULL, handle, "org.freedesktop.portal.Request",
                                 "Response", g_variant_new ("(ua{sv})", portal->response, &results),
                                 NULL);
}

static GDBusConnection *
connect_to (GTestDBus *daemon) {
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (daemon),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, NULL);

  g_assert_nonnull (connection);
  return connection;
}

static void
set_up (Portal *self, gconstpointer unused) {
  static const GDBusInterfaceVTable vtable = { called, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (introspection, NULL);

  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->theirs = connect_to (self->daemon);
  self->ours = connect_to (self->daemon);
  self->object = g_dbus_connection_register_object (self->theirs, "/org/freedesktop/portal/desktop",
                                                    info->interfaces[0], &vtable, self, NULL, NULL);
  self->background = self->autostart = TRUE;
}

static void
own_name (Portal *self) {
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    self->theirs, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
    g_variant_new ("(su)", "org.freedesktop.portal.Desktop", 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
    NULL, NULL);

  g_assert_nonnull (reply);
}

static void
tear_down (Portal *self, gconstpointer unused) {
  g_dbus_connection_unregister_object (self->theirs, self->object);
  g_dbus_connection_close_sync (self->theirs, NULL, NULL);
  g_dbus_connection_close_sync (self->ours, NULL, NULL);
  g_clear_object (&self->theirs);
  g_clear_object (&self->ours);
  g_test_dbus_down (self->daemon);
  g_object_unref (self->daemon);
  g_free (self->command);
}

static gboolean
is_answered (gpointer data) {
  return pb_background_get_state (data) != PB_BACKGROUND_ASKING;
}

static PbBackgroundState
request (PbBackground *background, gboolean on) {
  pb_background_request (background, on);
  g_assert_cmpint (pb_background_may_run (background), ==, on);
  pb_test_until (is_answered, background);
  return pb_background_get_state (background);
}

static void
test_answers (Portal *portal, gconstpointer unused) {
  const struct {
    guint response;
    gboolean background, autostart, fails;
    PbBackgroundState state;
  } cases[] = {
    { 0, TRUE, TRUE, FALSE, PB_BACKGROUND_ON },
    { 0, TRUE, FALSE, FALSE, PB_BACKGROUND_NO_AUTOSTART },
    { 0, FALSE, FALSE, FALSE, PB_BACKGROUND_REFUSED },
    { 1, TRUE, TRUE, FALSE, PB_BACKGROUND_REFUSED },
    { 2, FALSE, TRUE, FALSE, PB_BACKGROUND_REFUSED },
    { 0, TRUE, TRUE, TRUE, PB_BACKGROUND_UNAVAILABLE },
  };

  own_name (portal);
  g_autoptr (PbBackground) background = pb_background_new_for (portal->ours, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    portal->response = cases[i].response;
    portal->background = cases[i].background;
    portal->autostart = cases[i].autostart;
    portal->fails = cases[i].fails;
    g_assert_cmpint (request (background, TRUE), ==, cases[i].state);
    g_assert_cmpint (pb_background_may_run (background), ==,
                     cases[i].state == PB_BACKGROUND_ON ||
                       cases[i].state == PB_BACKGROUND_NO_AUTOSTART);
    if (!cases[i].fails) {
      g_assert_true (portal->asked_autostart);
      g_assert_cmpstr (portal->command, ==, "postbag --background");
    }
    g_assert_cmpint (request (background, FALSE), ==, PB_BACKGROUND_OFF);
    g_assert_false (pb_background_may_run (background));
  }
}

static void
test_nobody (Portal *portal, gconstpointer unused) {
  g_autoptr (PbBackground) background = pb_background_new_for (portal->ours, NULL);

  g_assert_cmpint (request (background, TRUE), ==, PB_BACKGROUND_UNAVAILABLE);
  g_assert_cmpint (request (background, FALSE), ==, PB_BACKGROUND_OFF);
}

/* On, off, on in one breath: the last one counts. */
static void
test_changed_mind (Portal *portal, gconstpointer unused) {
  own_name (portal);
  g_autoptr (PbBackground) background = pb_background_new_for (portal->ours, NULL);

  pb_background_request (background, TRUE);
  g_assert_cmpint (request (background, FALSE), ==, PB_BACKGROUND_OFF);
  pb_test_pass_time (50);
  g_assert_cmpint (pb_background_get_state (background), ==, PB_BACKGROUND_OFF);
  g_assert_false (portal->asked_autostart);
}

static void
test_file (void) {
  char *dir = pb_test_make_dir ();
  g_autofree char *folder = g_build_filename (dir, "new", "autostart", NULL);
  g_autofree char *path = g_build_filename (folder, "app.postbag.Postbag.desktop", NULL);
  g_autofree char *text = NULL;
  PbBackground *background = pb_background_new_for (NULL, folder);

  g_assert_cmpint (request (background, TRUE), ==, PB_BACKGROUND_ON);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\nExec=postbag --background\n"));
  g_assert_cmpint (request (background, FALSE), ==, PB_BACKGROUND_OFF);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  pb_test_pass_time (100);
  g_assert_finalize_object (background);

  /* A file where the folder should be: it goes on, but is not started at log-in. */
  g_autofree char *blocked = g_build_filename (dir, "blocked", NULL);
  g_assert_true (g_file_set_contents (blocked, "", -1, NULL));
  background = pb_background_new_for (NULL, blocked);
  g_assert_cmpint (request (background, TRUE), ==, PB_BACKGROUND_NO_AUTOSTART);
  pb_test_pass_time (100);
  g_assert_finalize_object (background);
  pb_test_remove_dir (dir);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Portal, NULL, set_up, func, tear_down)
  ADD ("/background/answers", test_answers);
  ADD ("/background/nobody", test_nobody);
  ADD ("/background/changed-mind", test_changed_mind);
  g_test_add_func ("/background/file", test_file);
  return g_test_run ();
}
