/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A portal answers with a signal on an object whose path follows from a word of ours, so that the
 * signal can be waited for before the question is put. */

#include "config.h"

#include "pb-background.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

struct _PbBackground {
  GObject parent_instance;

  gboolean sandboxed;
  GDBusConnection *portal; /* NULL until it is connected to */
  char *autostart_dir;
  PbBackgroundState state;
  gboolean wanted;
  guint requests;     /* made so far; only the last one counts */
  guint subscription; /* for the answer to it */
};

G_DEFINE_FINAL_TYPE (PbBackground, pb_background, G_TYPE_OBJECT)

enum { PROP_STATE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
set_state (PbBackground *self, PbBackgroundState state) {
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* ---- The portal ---- */

static void
stop_waiting (PbBackground *self) {
  if (self->subscription)
    g_dbus_connection_signal_unsubscribe (self->portal, self->subscription);
  self->subscription = 0;
}

static void
answered_cb (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer data) {
  PbBackground *self = data;
  g_autoptr (GVariant) results = NULL;
  gboolean background = FALSE, autostart = FALSE;
  guint response;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  g_variant_lookup (results, "background", "b", &background);
  g_variant_lookup (results, "autostart", "b", &autostart);
  stop_waiting (self);
  if (!self->wanted)
    set_state (self, PB_BACKGROUND_OFF);
  else if (response != 0 || !background)
    set_state (self, PB_BACKGROUND_REFUSED);
  else
    set_state (self, autostart ? PB_BACKGROUND_ON : PB_BACKGROUND_NO_AUTOSTART);
}

typedef struct {
  PbBackground *background;
  guint number; /* of the request */
} Asking;

static void
asking_free (Asking *asking) {
  g_object_unref (asking->background);
  g_free (asking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static void
asked (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Asking) asking = data;
  PbBackground *self = asking->background;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (reply || asking->number != self->requests)
    return;
  stop_waiting (self);
  set_state (self, self->wanted ? PB_BACKGROUND_UNAVAILABLE : PB_BACKGROUND_OFF);
}

static GVariant *
make_options (PbBackground *self, const char *token) {
  static const char *const command[] = { "postbag", "--background", NULL };
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_ ("Postbag receives mail while its window is "
                                                  "closed.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (self->wanted));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));
  return g_variant_new ("(sa{sv})", "", &options);
}

static void
ask_portal (PbBackground *self) {
  g_autofree char *token = g_strdup_printf ("postbag%u", self->requests);
  g_autofree char *sender =
    g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (self->portal) + 1), ".", '_');
  g_autofree char *path = g_strdup_printf (PORTAL_PATH "/request/%s/%s", sender, token);
  Asking *asking = g_new (Asking, 1);

  *asking = (Asking){ g_object_ref (self), self->requests };
  stop_waiting (self);
  self->subscription = g_dbus_connection_signal_subscribe (
    self->portal, PORTAL, "org.freedesktop.portal.Request", "Response", path, NULL,
    G_DBUS_SIGNAL_FLAGS_NONE, answered_cb, self, NULL);
  g_dbus_connection_call (self->portal, PORTAL, PORTAL_PATH, "org.freedesktop.portal.Background",
                          "RequestBackground", make_options (self, token), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, (GAsyncReadyCallback) asked, asking);
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbBackground) self = data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  if (!bus) {
    set_state (self, self->wanted ? PB_BACKGROUND_UNAVAILABLE : PB_BACKGROUND_OFF);
    return;
  }
  g_set_object (&self->portal, bus);
  ask_portal (self);
}

/* ---- The file ---- */

static gboolean
write_file (const char *folder, const char *path) {
  static const char text[] = "[Desktop Entry]\nType=Application\nName=Postbag\n"
                             "Exec=postbag --background\nIcon=" PB_APP_ID "\nNoDisplay=true\n"
                             "X-GNOME-Autostart-enabled=true\n";

  return g_mkdir_with_parents (folder, 0700) == 0 && g_file_set_contents (path, text, -1, NULL);
}

static void
file_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  PbBackground *self = source; /* only what never changes */
  g_autofree char *path = g_build_filename (self->autostart_dir, PB_APP_ID ".desktop", NULL);
  gboolean on = GPOINTER_TO_INT (data);

  if (!on)
    g_unlink (path);
  g_task_return_boolean (task, !on || write_file (self->autostart_dir, path));
}

static void
file_done (GObject *source, GAsyncResult *result, gpointer data) {
  PbBackground *self = PB_BACKGROUND (source);
  gboolean good = g_task_propagate_boolean (G_TASK (result), NULL);

  if (GPOINTER_TO_UINT (data) == self->requests)
    set_state (self, !self->wanted ? PB_BACKGROUND_OFF
                     : good        ? PB_BACKGROUND_ON
                                   : PB_BACKGROUND_NO_AUTOSTART);
}

/* ---- Object ---- */

static void
pb_background_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_STATE:
    g_value_set_int (value, (int) PB_BACKGROUND (object)->state);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_background_finalize (GObject *object) {
  PbBackground *self = PB_BACKGROUND (object);

  stop_waiting (self);
  g_clear_object (&self->portal);
  g_free (self->autostart_dir);
  G_OBJECT_CLASS (pb_background_parent_class)->finalize (object);
}

static void
pb_background_class_init (PbBackgroundClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pb_background_finalize;
  object_class->get_property = pb_background_get_property;
  props[PROP_STATE] = g_param_spec_int (
    "state", NULL, NULL, PB_BACKGROUND_OFF, PB_BACKGROUND_UNAVAILABLE, PB_BACKGROUND_OFF,
    G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pb_background_init (PbBackground *self) {}

PbBackground *
pb_background_new (void) {
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  PbBackground *self = pb_background_new_for (NULL, folder);

  self->sandboxed = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
  return self;
}

PbBackground *
pb_background_new_for (GDBusConnection *portal, const char *autostart_dir) {
  g_return_val_if_fail (portal || autostart_dir, NULL);

  PbBackground *self = g_object_new (PB_TYPE_BACKGROUND, NULL);

  self->sandboxed = portal != NULL;
  g_set_object (&self->portal, portal);
  self->autostart_dir = g_strdup (autostart_dir);
  return self;
}

PbBackgroundState
pb_background_get_state (PbBackground *self) {
  g_return_val_if_fail (PB_IS_BACKGROUND (self), PB_BACKGROUND_OFF);

  return self->state;
}

void
pb_background_request (PbBackground *self, gboolean on) {
  g_return_if_fail (PB_IS_BACKGROUND (self));

  self->wanted = on;
  self->requests++;
  set_state (self, PB_BACKGROUND_ASKING);
  if (self->portal)
    ask_portal (self);
  else if (self->sandboxed)
    g_bus_get (G_BUS_TYPE_SESSION, NULL, connected, g_object_ref (self));
  else {
    g_autoptr (GTask) task = g_task_new (self, NULL, file_done, GUINT_TO_POINTER (self->requests));
    g_task_set_source_tag (task, pb_background_request);
    g_task_set_task_data (task, GINT_TO_POINTER (on), NULL);
    g_task_run_in_thread (task, file_in_thread);
  }
}

gboolean
pb_background_may_run (PbBackground *self) {
  g_return_val_if_fail (PB_IS_BACKGROUND (self), FALSE);

  return self->wanted && (self->state == PB_BACKGROUND_ON || self->state == PB_BACKGROUND_ASKING ||
                          self->state == PB_BACKGROUND_NO_AUTOSTART);
}
