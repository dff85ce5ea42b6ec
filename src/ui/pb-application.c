/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The order of a life: options, window, first frame; then the profile is opened, the window gets
 * it, mail is checked. At the end the window goes first, then the profile is closed, then the
 * program; but where it may, the program goes on without a window, or begins without one. */

#include "config.h"

#include "pb-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>

#include "pb-application-private.h"
#include "pb-arrival.h"
#include "pb-attachment-files.h"
#include "pb-background.h"
#include "pb-demo-profile.h"
#include "pb-letter-window.h"
#include "pb-oauth-source.h"
#include "pb-screenshot.h"
#include "pb-settings.h"

struct _PbApplication {
  AdwApplication parent;

  GSettings *settings;
  PbWindow *window; /* not owned; NULL when closed */
  PbProfile *profile;
  PbDemoProfile *demo;
  PbArrival *arrival;
  PbBackground *background;
  GPtrArray *waiting; /* of GTask: who needs the profile */
  gboolean opening;
  gboolean quitting;
  gboolean holding; /* itself, without a window */
  int exit_status;

  gboolean option_demo;
  gboolean option_dark;
  gboolean option_server;
  gboolean option_background;
  char *option_screenshot;
  char *option_size;
  int option_open;
};

G_DEFINE_FINAL_TYPE (PbApplication, pb_application, ADW_TYPE_APPLICATION)

PbProfile *
_pb_application_get_profile (PbApplication *self) {
  return self->profile;
}

PbWindow *
_pb_application_get_window (PbApplication *self) {
  return self->window;
}

GSettings *
_pb_application_get_settings (PbApplication *self) {
  return self->settings;
}

PbBackground *
_pb_application_get_background (PbApplication *self) {
  return self->background;
}

PbScheduler *
_pb_application_get_scheduler (PbApplication *self) {
  return self->arrival ? pb_arrival_get_scheduler (self->arrival) : NULL;
}

/* ---- New mail ---- */

static void
show_notice (const char *id, const PbMailNotice *notice, gpointer data) {
  GApplication *application = data;

  /* Sample mail is no news. */
  if (PB_APPLICATION (data)->option_demo)
    return;
  if (!notice) {
    g_application_withdraw_notification (application, id);
    return;
  }
  g_autoptr (GNotification) notification = pb_mail_notice_to_notification (notice);
  g_application_send_notification (application, id, notification);
}

/* ---- Without a window ---- */

static gboolean
may_stay (PbApplication *self) {
  return !self->quitting && !self->option_demo && !self->option_screenshot && self->background &&
         pb_background_may_run (self->background);
}

static void
update_background_cb (PbApplication *self) {
  pb_background_request (self->background,
                         g_settings_get_boolean (self->settings, "run-in-background"));
}

/* ---- Screenshot ---- */

static void
screenshot_taken (gboolean ok, gpointer data) {
  PbApplication *self = data;

  if (ok)
    printf ("%s\n", self->option_screenshot);
  else
    fprintf (stderr, "postbag: no screenshot could be taken\n");
  self->exit_status = ok ? 0 : 1;
  g_action_group_activate_action (G_ACTION_GROUP (self), "quit", NULL);
}

static void
maybe_take_screenshot (PbApplication *self) {
  if (self->option_server && self->profile)
    pb_window_show_server (self->window);
  if (self->option_screenshot)
    pb_screenshot_take (self->window, self->profile,
                        self->option_server ? 0 : (guint) MAX (self->option_open, 0),
                        self->option_screenshot, screenshot_taken, self);
}

/* ---- Opening ---- */

static void shut_down (PbApplication *self);

static void
complete_waiting (PbApplication *self) {
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_boolean (waiting->pdata[i], self->profile != NULL);
}

static void
use_profile (PbApplication *self, PbProfile *profile, const GError *error) {
  self->opening = FALSE;
  if (!profile && self->window)
    pb_window_show_problem (self->window, error);
  if (profile) {
    self->profile = g_object_ref (profile);
    if (self->window)
      pb_window_set_profile (self->window, profile);
    _pb_application_enable_actions (self);
    if (self->window || self->option_background)
      self->arrival =
        pb_arrival_new (profile, self->settings, self->option_demo, show_notice, self);
    if (self->window)
      maybe_take_screenshot (self);
  }
  gboolean awaited = self->waiting->len > 0;
  complete_waiting (self);
  if (!awaited)
    _pb_application_settle (self);
}

/* Without a window it stays where it may, and ends where not. */
void
_pb_application_settle (PbApplication *self) {
  if (self->window || self->opening)
    return;
  if (!may_stay (self) || !self->arrival)
    shut_down (self);
  else if (!self->holding) {
    self->holding = TRUE;
    g_application_hold (G_APPLICATION (self));
  }
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbApplication) self = data;
  g_autoptr (GError) error = NULL;
  gboolean good = pb_profile_open_finish (PB_PROFILE (source), result, &error);

  use_profile (self, good ? PB_PROFILE (source) : NULL, error);
  g_application_release (G_APPLICATION (self));
}

static void
demo_opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbApplication) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PbProfile) profile =
    pb_demo_profile_open_finish (PB_DEMO_PROFILE (source), result, &error);

  use_profile (self, profile, error);
  g_application_release (G_APPLICATION (self));
}

/* The program holds itself as long as something is being opened or closed. */
static void
open_profile (PbApplication *self) {
  if (self->profile || self->opening)
    return;
  self->opening = TRUE;
  g_application_hold (G_APPLICATION (self));
  if (self->option_demo) {
    self->demo = pb_demo_profile_new ();
    pb_demo_profile_open_async (self->demo, NULL, demo_opened, g_object_ref (self));
    return;
  }
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  pb_oauth_source_serve (secrets);
  g_autoptr (PbProfile) profile = pb_profile_new (pb_paths_new_default (), secrets);
  pb_profile_open_async (profile, NULL, opened, g_object_ref (self));
}

void
_pb_application_open_async (PbApplication *self, GAsyncReadyCallback callback, gpointer data) {
  GTask *task = g_task_new (self, NULL, callback, data);

  g_task_set_source_tag (task, _pb_application_open_async);
  g_ptr_array_add (self->waiting, task);
  if (self->profile)
    complete_waiting (self);
  else
    open_profile (self);
}

/* ---- Closing ---- */

static void
closed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbApplication) self = data;

  /* There is nobody left to tell; whatever is not closed is repaired at the next start. */
  pb_profile_close_finish (PB_PROFILE (source), result, NULL);
  g_application_release (G_APPLICATION (self));
}

static void
forget_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  pb_attachment_files_forget (data);
  g_task_return_boolean (task, TRUE);
}

static void
forgotten (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbProfile) profile = data;

  pb_profile_close_async (profile, closed, g_object_ref (source));
}

static void
shut_down (PbApplication *self) {
  g_autoptr (PbProfile) profile = g_steal_pointer (&self->profile);

  g_clear_object (&self->arrival);
  if (self->holding)
    g_application_release (G_APPLICATION (self));
  self->holding = FALSE;
  if (!profile)
    return;
  g_application_hold (G_APPLICATION (self));
  const char *cache = pb_profile_get_paths (profile)->cache;
  g_autoptr (GTask) task = g_task_new (self, NULL, forgotten, g_object_ref (profile));
  g_task_set_source_tag (task, forget_in_thread);
  g_task_set_task_data (task, g_strdup (cache), g_free);
  g_task_run_in_thread (task, forget_in_thread);
}

static void
window_destroyed_cb (PbApplication *self) {
  self->window = NULL;
  _pb_application_settle (self);
}

void
_pb_application_quit (PbApplication *self) {
  self->quitting = TRUE;
  if (self->window)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    _pb_application_settle (self);
}

static gboolean
signal_cb (gpointer data) {
  g_action_group_activate_action (G_ACTION_GROUP (data), "quit", NULL);
  return G_SOURCE_CONTINUE;
}

/* ---- The window ---- */

static gboolean
first_frame_cb (GtkWidget *window, GdkFrameClock *clock, gpointer data) {
  /* The first tick comes before the first frame, the second after it. */
  if (gdk_frame_clock_get_frame_counter (clock) < 1)
    return G_SOURCE_CONTINUE;
  PbApplication *self = data;
  if (!self->profile)
    open_profile (self);
  else {
    pb_window_set_profile (self->window, self->profile);
    if (!self->arrival)
      self->arrival = pb_arrival_new (self->profile, self->settings, FALSE, show_notice, self);
  }
  return G_SOURCE_REMOVE;
}

static void
apply_size (PbApplication *self) {
  int width, height;

  if (self->option_size && sscanf (self->option_size, "%dx%d", &width, &height) == 2)
    gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
}

/* A picture should look like the desktop it is meant for, also where no desktop sets a font. */
static void
apply_look (PbApplication *self) {
  if (self->option_screenshot)
    g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", "gtk-xft-antialias",
                  1, "gtk-xft-hinting", 0, "gtk-xft-hintstyle", "hintnone", "gtk-hint-font-metrics",
                  FALSE, "gtk-enable-animations", FALSE, NULL);
  if (self->option_dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
}

static void
pb_application_activate (GApplication *application) {
  PbApplication *self = PB_APPLICATION (application);

  if (self->window) {
    gtk_window_present (GTK_WINDOW (self->window));
    return;
  }
  if (self->option_background && !self->profile && !self->opening) {
    open_profile (self);
    return;
  }
  apply_look (self);
  self->window = pb_window_new (GTK_APPLICATION (self), self->settings);
  apply_size (self);
  g_signal_connect_object (self->window, "destroy", G_CALLBACK (window_destroyed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_tick_callback (GTK_WIDGET (self->window), first_frame_cb, g_object_ref (self),
                                g_object_unref);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
pb_application_open (GApplication *application, GFile **files, int count, const char *hint) {
  PbApplication *self = PB_APPLICATION (application);
  g_autoptr (PbPaths) paths = pb_paths_new_default ();

  apply_look (self);
  for (int i = 0; i < count; i++)
    gtk_window_present (GTK_WINDOW (pb_letter_window_new_for_file (
      GTK_APPLICATION (self), self->settings, files[i], paths->cache)));
}

static void
pb_application_startup (GApplication *application) {
  PbApplication *self = PB_APPLICATION (application);

  G_APPLICATION_CLASS (pb_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (PB_APP_ID);
  self->settings = pb_settings_new ();
  self->background = pb_background_new ();
  if (self->settings) {
    g_signal_connect_object (self->settings, "changed::run-in-background",
                             G_CALLBACK (update_background_cb), self, G_CONNECT_SWAPPED);
    if (g_settings_get_boolean (self->settings, "run-in-background") && !self->option_demo)
      update_background_cb (self);
  }
  _pb_application_add_actions (self);
  g_unix_signal_add (SIGINT, signal_cb, self);
  g_unix_signal_add (SIGTERM, signal_cb, self);
}

/* ---- Options ---- */

static int
pb_application_handle_local_options (GApplication *application, GVariantDict *options) {
  PbApplication *self = PB_APPLICATION (application);

  if (g_variant_dict_contains (options, "version")) {
    printf ("Postbag %s\n", PB_VERSION);
    return 0;
  }
  self->option_demo = g_variant_dict_contains (options, "demo");
  /* Where one runs already, nothing has to be done, least of all in front of a person. */
  if (self->option_background && g_application_register (application, NULL, NULL) &&
      g_application_get_is_remote (application))
    return 0;
  /* Sample mail is another Postbag than the one that may be running. */
  if (self->option_demo || self->option_screenshot)
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
add_options (PbApplication *self) {
  const GOptionEntry usual[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Look around with sample mail; nothing is kept"),
      NULL },
    { "background", 0, 0, G_OPTION_ARG_NONE, &self->option_background,
      N_ ("Start without a window, where receiving in the background is switched on"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
    { NULL },
  };
  const GOptionEntry development[] = {
    { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &self->option_screenshot,
      "Save a picture of the window with a message open, then quit", "FILE" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &self->option_size, "Size of the window", "WIDTHxHEIGHT" },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &self->option_dark, "Dark, whatever the desktop says",
      NULL },
    { "open", 0, 0, G_OPTION_ARG_INT, &self->option_open,
      "Which message to open for the picture, 1 for the first; 0 for none", "N" },
    { "open-server", 0, 0, G_OPTION_ARG_NONE, &self->option_server,
      "Show what lies on the server of the first account", NULL },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new (
    "development", "Options for developers:", "Show options for developers", NULL, NULL);

  g_application_add_main_option_entries (G_APPLICATION (self), usual);
  g_option_group_add_entries (group, development);
  g_application_add_option_group (G_APPLICATION (self), group);
}

static void
pb_application_finalize (GObject *object) {
  PbApplication *self = PB_APPLICATION (object);

  g_clear_object (&self->arrival);
  g_clear_object (&self->background);
  g_ptr_array_unref (self->waiting);
  g_clear_object (&self->profile);
  g_clear_object (&self->demo);
  g_clear_object (&self->settings);
  g_free (self->option_screenshot);
  g_free (self->option_size);
  G_OBJECT_CLASS (pb_application_parent_class)->finalize (object);
}

static void
pb_application_class_init (PbApplicationClass *klass) {
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pb_application_finalize;
  application_class->startup = pb_application_startup;
  application_class->activate = pb_application_activate;
  application_class->open = pb_application_open;
  application_class->handle_local_options = pb_application_handle_local_options;
}

static void
pb_application_init (PbApplication *self) {
  self->option_open = 1;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  add_options (self);
}

PbApplication *
pb_application_new (void) {
  return g_object_new (PB_TYPE_APPLICATION, "application-id", PB_APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}

int
pb_application_get_exit_status (PbApplication *self) {
  g_return_val_if_fail (PB_IS_APPLICATION (self), 1);
  return self->exit_status;
}
