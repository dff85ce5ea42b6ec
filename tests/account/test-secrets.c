/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Passwords with a real keyring daemon, with none, and with one that never answers. Each case runs
 * in a process of its own with a private session bus and home, because libsecret keeps one
 * connection for life. */

#include "pb-secrets.h"

#include <string.h>

#include <glib/gstdio.h>

#include "mock-keyring.h"
#include "pb-error.h"
#include "pb-test.h"

#define PASSWORD "correct horse battery staple ⚡"
#define SECRETS_NAME "org.freedesktop.secrets"

typedef struct {
  char *home;
  GTestDBus *bus;
  GSubprocess *daemon;
  GDBusConnection *mute;
} World;

/* ---- the world around ---- */

static void
set_folder (World *world, const char *variable, const char *name) {
  g_autofree char *path = g_build_filename (world->home, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_setenv (variable, path, TRUE);
}

static World *
world_new (void) {
  World *world = g_new0 (World, 1);

  world->home = pb_test_make_dir ();
  g_setenv ("HOME", world->home, TRUE);
  set_folder (world, "XDG_RUNTIME_DIR", "run");
  set_folder (world, "XDG_DATA_HOME", "data");
  set_folder (world, "XDG_CONFIG_HOME", "config");
  set_folder (world, "XDG_CACHE_HOME", "cache");
  g_unsetenv ("SECRET_BACKEND");
  g_unsetenv ("GNOME_KEYRING_CONTROL");
  /* Its bus has no services to start: what owns a name here was started by the test. */
  world->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (world->bus);
  return world;
}

static void
world_free (World *world) {
  if (world->daemon) {
    g_subprocess_force_exit (world->daemon);
    g_subprocess_wait (world->daemon, NULL, NULL);
    g_object_unref (world->daemon);
  }
  g_clear_object (&world->mute);
  /* Its last unref would wait for the connection that libsecret never lets go; the process ends
   * anyway. */
  static GTestDBus *kept;
  kept = world->bus;
  g_test_dbus_stop (kept);
  pb_test_remove_dir (world->home);
  g_free (world);
}

static GDBusConnection *
connect_to_bus (World *world) {
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (world->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static gboolean
has_owner (GDBusConnection *connection) {
  g_autoptr (GError) error = NULL;
  gboolean owned;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "NameHasOwner", g_variant_new ("(s)", SECRETS_NAME), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
    &error);

  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &owned);
  return owned;
}

static gboolean
keyring_is_up (gpointer data) {
  return has_owner (data);
}

static void
start_keyring (World *world) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = connect_to_bus (world);

  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                               G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  /* Its warnings are its own affair. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  world->daemon =
    g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground",
                                 "--unlock", "--components=secrets", NULL);
  g_assert_no_error (error);
  GOutputStream *input = g_subprocess_get_stdin_pipe (world->daemon);
  g_output_stream_write_all (input, "keyring-password", 16, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (input, NULL, NULL);
  pb_test_until (keyring_is_up, connection);
}

/* Runs in the thread of the connection. */
static GDBusMessage *
swallow_calls (GDBusConnection *connection,
               GDBusMessage *message,
               gboolean incoming,
               gpointer data) {
  if (incoming && g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    g_clear_object (&message);
  return message;
}

static void
start_mute_keyring (World *world) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  world->mute = connect_to_bus (world);
  g_dbus_connection_add_filter (world->mute, swallow_calls, NULL, NULL);
  reply = g_dbus_connection_call_sync (world->mute, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", SECRETS_NAME, 0u), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (has_owner (world->mute));
}

/* ---- short forms of the calls ---- */

static PbAccount *
make_account (const char *id, const char *host, const char *user) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new (host, 0, PB_SECURITY_TLS);
  PbAccount *account = pb_account_new (id);

  g_object_set (account, "endpoint", endpoint, "user", user, "address", "li.na@example.org", NULL);
  return account;
}

static void
assert_known (PbSecrets *secrets, PbAccount *account, const char *expected) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_secrets_lookup_async (secrets, account, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_autoptr (PbSecret) secret = pb_secrets_lookup_finish (secrets, result, &error);
  if (expected) {
    g_assert_no_error (error);
    g_assert_cmpstr (pb_secret_peek (secret), ==, expected);
  } else {
    g_assert_error (error, PB_ERROR, PB_ERROR_NO_SECRET);
    g_assert_null (secret);
  }
}

static void
store (PbSecrets *secrets, PbAccount *account, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (PbSecret) secret = pb_secret_new (text);
  GAsyncResult *done = NULL;

  pb_secrets_store_async (secrets, account, secret, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_secrets_store_finish (secrets, result, &error));
  g_assert_no_error (error);
}

static void
clear (PbSecrets *secrets, PbAccount *account) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_secrets_clear_async (secrets, account, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_true (pb_secrets_clear_finish (secrets, result, &error));
  g_assert_no_error (error);
}

static void
count (GObject *object, GParamSpec *pspec, gpointer data) {
  ++*(guint *) data;
}

static void
assert_file_is_clean (GFile *file) {
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_load_contents (file, NULL, &text, &length, NULL, NULL));
  g_assert_null (memmem (text, length, PASSWORD, strlen (PASSWORD)));
  g_assert_null (memmem (text, length, "battery", strlen ("battery")));
}

/* How many files were looked through. */
static guint
assert_folder_is_clean (GFile *folder) {
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    folder, "standard::name,standard::type", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *child;
  guint files = 0;

  while (children && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && info) {
    if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY) {
      files += assert_folder_is_clean (child);
    } else if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR) {
      assert_file_is_clean (child);
      files++;
    }
  }
  return files;
}

/* ---- the cases ---- */

static void
with_keyring (void) {
  World *world = world_new ();
  start_keyring (world);
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  g_autoptr (PbAccount) other_server = make_account ("work", "evil.example.net", "li");
  g_autoptr (PbAccount) other_user = make_account ("work", "pop.example.org", "na");
  g_autoptr (PbAccount) other_account = make_account ("home", "pop.example.org", "li");

  assert_known (secrets, account, NULL);
  g_assert_null (pb_secrets_get_keyring_problem (secrets));
  store (secrets, account, PASSWORD);
  g_assert_null (pb_secrets_get_keyring_problem (secrets));
  assert_known (secrets, account, PASSWORD);
  /* Another one, in another run of the program, knows it too: it is in the keyring. */
  g_autoptr (PbSecrets) later = pb_secrets_new ();
  assert_known (later, account, PASSWORD);
  assert_known (later, other_server, NULL);
  assert_known (later, other_user, NULL);
  assert_known (later, other_account, NULL);

  store (secrets, account, "");
  assert_known (later, account, "");
  store (secrets, account, PASSWORD " 2");
  assert_known (later, account, PASSWORD " 2");
  store (secrets, other_account, PASSWORD);

  /* What is remembered for this run comes first and does not reach the keyring. */
  g_autoptr (PbSecret) passing = pb_secret_new ("for this run");
  pb_secrets_remember (secrets, account, passing);
  assert_known (secrets, account, "for this run");
  assert_known (later, account, PASSWORD " 2");

  g_autoptr (GFile) home = g_file_new_for_path (world->home);
  g_assert_cmpuint (assert_folder_is_clean (home), >=, 1);

  /* Clearing goes by the account, also when its server was changed meanwhile. */
  clear (secrets, other_server);
  assert_known (secrets, account, NULL);
  assert_known (later, account, NULL);
  assert_known (later, other_account, PASSWORD);
  clear (secrets, account);
  g_assert_null (pb_secrets_get_keyring_problem (secrets));
  g_assert_finalize_object (g_steal_pointer (&secrets));
  world_free (world);
}

/* Without a keyring: within the patience, from memory, with a problem to show. */
static void
assert_memory_serves (PbSecrets *secrets) {
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  guint notified = 0;
  gint64 start = g_get_monotonic_time ();

  g_signal_connect (secrets, "notify::keyring-problem", G_CALLBACK (count), &notified);
  assert_known (secrets, account, NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2500 * 1000);
  g_assert_nonnull (pb_secrets_get_keyring_problem (secrets));
  g_assert_cmpuint (notified, ==, 1);
  start = g_get_monotonic_time ();
  store (secrets, account, PASSWORD);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2500 * 1000);
  start = g_get_monotonic_time ();
  assert_known (secrets, account, PASSWORD);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 500 * 1000);
  g_assert_nonnull (pb_secrets_get_keyring_problem (secrets));
  start = g_get_monotonic_time ();
  clear (secrets, account);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2500 * 1000);
}

static void
without_keyring (void) {
  World *world = world_new ();
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();

  assert_memory_serves (secrets);
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  assert_known (secrets, account, NULL);
  g_assert_finalize_object (g_steal_pointer (&secrets));
  world_free (world);
}

static void
with_mute_keyring (void) {
  World *world = world_new ();
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  start_mute_keyring (world);
  pb_secrets_lookup_async (secrets, account, cancellable, pb_test_done, &done);
  pb_test_pass_time (100);
  gint64 start = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  g_assert_null (pb_secrets_lookup_finish (secrets, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 200 * 1000);
  g_assert_null (pb_secrets_get_keyring_problem (secrets));
  g_clear_object (&result);

  assert_memory_serves (secrets);
  g_assert_finalize_object (g_steal_pointer (&secrets));
  world_free (world);
}

/* A keyring that comes later is used, and the problem is over. */
static void
keyring_comes_later (void) {
  World *world = world_new ();
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");

  assert_known (secrets, account, NULL);
  g_assert_nonnull (pb_secrets_get_keyring_problem (secrets));
  start_keyring (world);
  store (secrets, account, PASSWORD);
  g_assert_null (pb_secrets_get_keyring_problem (secrets));
  g_autoptr (PbSecrets) later = pb_secrets_new ();
  assert_known (later, account, PASSWORD);
  world_free (world);
}

/* A locked keyring wants to ask a person. Here is nobody to show the question, and it must not take
 * for ever. */
static void
with_locked_keyring (void) {
  World *world = world_new ();
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  g_autoptr (GError) error = NULL;

  start_keyring (world);
  store (secrets, account, PASSWORD);
  g_autoptr (GDBusConnection) connection = connect_to_bus (world);
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    connection, SECRETS_NAME, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "Lock",
    g_variant_new_parsed ("([objectpath '/org/freedesktop/secrets/collection/login'],)"), NULL,
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  gint64 start = g_get_monotonic_time ();
  assert_known (secrets, account, NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
  store (secrets, account, PASSWORD " 2");
  g_assert_nonnull (pb_secrets_get_keyring_problem (secrets));
  assert_known (secrets, account, PASSWORD " 2");
  world_free (world);
}

/* ---- A keyring that says no, and later yes ---- */

typedef struct {
  PbSecrets *secrets;
  MockKeyring *keyring;
} Later;

static gboolean
is_kept (gpointer data) {
  Later *later = data;

  return later->keyring->stored && strcmp (later->keyring->stored, PASSWORD) == 0 &&
         !pb_secrets_get_keyring_problem (later->secrets);
}

/* Mail works from memory, nobody is asked again and again, and once the keyring takes something,
 * it gets it. */
static void
assert_taken_later (MockKeyring *keyring) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  Later later = { secrets, keyring };
  guint notified = 0;

  g_signal_connect (secrets, "notify::keyring-problem", G_CALLBACK (count), &notified);
  store (secrets, account, PASSWORD);
  g_assert_nonnull (pb_secrets_get_keyring_problem (secrets));
  guint questions = keyring->questions;
  for (guint i = 0; i < 5; i++) {
    gint64 start = g_get_monotonic_time ();
    assert_known (secrets, account, PASSWORD);
    g_assert_cmpint (g_get_monotonic_time () - start, <, 500 * 1000);
    pb_test_pass_time (50);
  }
  g_assert_cmpuint (keyring->questions, ==, questions);
  g_assert_nonnull (pb_secrets_get_keyring_problem (secrets));
  g_assert_cmpuint (notified, ==, 1);

  keyring->mood = MOCK_KEYRING_OPEN;
  assert_known (secrets, account, PASSWORD);
  pb_test_until (is_kept, &later);
  g_assert_cmpuint (notified, ==, 2);
  g_autoptr (PbSecrets) next_run = pb_secrets_new ();
  assert_known (next_run, account, PASSWORD);
}

static void
with_refusing_keyring (void) {
  World *world = world_new ();
  MockKeyring *keyring = mock_keyring_new (connect_to_bus (world));

  keyring->mood = MOCK_KEYRING_REFUSING;
  assert_taken_later (keyring);
  g_assert_cmpuint (keyring->questions, ==, 0);
  mock_keyring_free (keyring);
  world_free (world);
}

static void
with_dismissed_keyring (void) {
  World *world = world_new ();
  MockKeyring *keyring = mock_keyring_new (connect_to_bus (world));
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");

  keyring->stored = g_strdup ("of old");
  keyring->mood = MOCK_KEYRING_LOCKED;
  gint64 start = g_get_monotonic_time ();
  assert_known (secrets, account, NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2500 * 1000);
  g_assert_cmpuint (keyring->questions, ==, 1);
  g_assert_nonnull (pb_secrets_get_keyring_problem (secrets));
  assert_taken_later (keyring);
  mock_keyring_free (keyring);
  world_free (world);
}

/* What was only for this run stays that way. */
static void
with_passing_secret (void) {
  World *world = world_new ();
  MockKeyring *keyring = mock_keyring_new (connect_to_bus (world));
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  g_autoptr (PbSecret) passing = pb_secret_new ("for this run");

  keyring->mood = MOCK_KEYRING_REFUSING;
  store (secrets, account, PASSWORD);
  pb_secrets_remember (secrets, account, passing);
  keyring->mood = MOCK_KEYRING_OPEN;
  assert_known (secrets, account, "for this run");
  pb_test_pass_time (200);
  g_assert_null (keyring->stored);
  mock_keyring_free (keyring);
  world_free (world);
}

static void
in_own_process (gconstpointer function) {
  void (*run) (void) = (void (*) (void)) function;

  if (g_test_subprocess ()) {
    run ();
    return;
  }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_in_memory (void) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new_in_memory ();
  g_autoptr (PbAccount) account = make_account ("work", "pop.example.org", "li");
  g_autoptr (PbAccount) longer = make_account ("work-2", "pop.example.org", "li");

  assert_known (secrets, account, NULL);
  store (secrets, account, PASSWORD);
  store (secrets, longer, "other");
  assert_known (secrets, account, PASSWORD);
  clear (secrets, account);
  assert_known (secrets, account, NULL);
  assert_known (secrets, longer, "other");
  g_assert_null (pb_secrets_get_keyring_problem (secrets));
  g_assert_finalize_object (g_steal_pointer (&secrets));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secrets/in-memory", test_in_memory);
  g_test_add_data_func ("/secrets/keyring", with_keyring, in_own_process);
  g_test_add_data_func ("/secrets/no-keyring", without_keyring, in_own_process);
  g_test_add_data_func ("/secrets/mute-keyring", with_mute_keyring, in_own_process);
  g_test_add_data_func ("/secrets/keyring-comes-later", keyring_comes_later, in_own_process);
  g_test_add_data_func ("/secrets/locked-keyring", with_locked_keyring, in_own_process);
  g_test_add_data_func ("/secrets/refusing-keyring", with_refusing_keyring, in_own_process);
  g_test_add_data_func ("/secrets/dismissed-keyring", with_dismissed_keyring, in_own_process);
  g_test_add_data_func ("/secrets/passing-secret", with_passing_secret, in_own_process);
  return g_test_run ();
}
