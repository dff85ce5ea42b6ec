/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An inhibitor is a file descriptor: sleep waits until it is closed. One is taken in advance and
 * after each return. */

#include "pb-sleep-watch.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#define NAME "org.freedesktop.login1"
#define PATH "/org/freedesktop/login1"
#define INTERFACE "org.freedesktop.login1.Manager"

struct _PbSleepWatch {
  GObject parent_instance;

  GDBusConnection *bus;
  GCancellable *cancellable;
  guint subscription;
  int inhibitor; /* -1 for none */
};

G_DEFINE_FINAL_TYPE (PbSleepWatch, pb_sleep_watch, G_TYPE_OBJECT)

enum { SLEEPING, AWAKE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
inhibited (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbSleepWatch) self = data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (source), &fds, result, NULL);

  if (!reply || !fds || g_unix_fd_list_get_length (fds) == 0)
    return;
  pb_sleep_watch_ready (self);
  self->inhibitor = g_unix_fd_list_get (fds, 0, NULL);
}

static void
inhibit (PbSleepWatch *self) {
  GVariant *arguments =
    g_variant_new ("(ssss)", "sleep", "Postbag", "Sessions with mail servers end first", "delay");

  g_dbus_connection_call_with_unix_fd_list (
    self->bus, NAME, PATH, INTERFACE, "Inhibit", arguments, G_VARIANT_TYPE ("(h)"),
    G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, self->cancellable, inhibited, g_object_ref (self));
}

static void
prepare_for_sleep_cb (GDBusConnection *bus,
                      const char *sender,
                      const char *path,
                      const char *interface,
                      const char *signal,
                      GVariant *parameters,
                      gpointer data) {
  PbSleepWatch *self = data;
  gboolean going;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &going);
  if (!going)
    inhibit (self);
  g_signal_emit (self, signals[going ? SLEEPING : AWAKE], 0);
}

static void
use_bus (PbSleepWatch *self, GDBusConnection *bus) {
  self->bus = bus;
  self->subscription =
    g_dbus_connection_signal_subscribe (bus, NAME, INTERFACE, "PrepareForSleep", PATH, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, prepare_for_sleep_cb, self, NULL);
  inhibit (self);
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbSleepWatch) self = data;
  GDBusConnection *bus = g_bus_get_finish (result, NULL);

  if (bus && !g_cancellable_is_cancelled (self->cancellable))
    use_bus (self, bus);
  else
    g_clear_object (&bus);
}

static void
pb_sleep_watch_dispose (GObject *object) {
  PbSleepWatch *self = PB_SLEEP_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  if (self->subscription)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  pb_sleep_watch_ready (self);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (pb_sleep_watch_parent_class)->dispose (object);
}

static void
pb_sleep_watch_finalize (GObject *object) {
  g_object_unref (PB_SLEEP_WATCH (object)->cancellable);
  G_OBJECT_CLASS (pb_sleep_watch_parent_class)->finalize (object);
}

static void
pb_sleep_watch_class_init (PbSleepWatchClass *klass) {
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_sleep_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_sleep_watch_finalize;
  signals[SLEEPING] =
    g_signal_new ("sleeping", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[AWAKE] =
    g_signal_new ("awake", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pb_sleep_watch_init (PbSleepWatch *self) {
  self->cancellable = g_cancellable_new ();
  self->inhibitor = -1;
}

PbSleepWatch *
pb_sleep_watch_new (GDBusConnection *bus) {
  PbSleepWatch *self = g_object_new (PB_TYPE_SLEEP_WATCH, NULL);

  if (bus)
    use_bus (self, g_object_ref (bus));
  else
    g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, connected, g_object_ref (self));
  return self;
}

void
pb_sleep_watch_ready (PbSleepWatch *self) {
  g_return_if_fail (PB_IS_SLEEP_WATCH (self));

  if (self->inhibitor >= 0)
    close (self->inhibitor);
  self->inhibitor = -1;
}

gboolean
pb_sleep_watch_is_holding (PbSleepWatch *self) {
  g_return_val_if_fail (PB_IS_SLEEP_WATCH (self), FALSE);

  return self->inhibitor >= 0;
}
