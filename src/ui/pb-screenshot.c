/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Looks ten times a second how far things are. The window renders itself, so that it works
 * wherever the program runs, with or without a window manager. */

#include "config.h"

#include "pb-screenshot.h"

#define TICK_MS 100
/* What is painted in another process has arrived by then. */
#define SETTLE_TICKS 10
/* A minute without mail or message is a failure. */
#define MOST_TICKS 600

typedef struct {
  PbWindow *window;
  PbProfile *profile;
  guint open;
  char *path;
  PbScreenshotDone done;
  gpointer user_data;
  guint ticks;
  guint settled;
  gboolean opened;
  gboolean shown;
} Shot;

static void
shot_free (gpointer data) {
  Shot *shot = data;

  g_object_unref (shot->window);
  g_clear_object (&shot->profile);
  g_free (shot->path);
  g_free (shot);
}

/* The content without the frame that a window draws around itself where nobody else does. */
static gboolean
save (Shot *shot) {
  GtkWidget *content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (shot->window));
  int width = gtk_widget_get_width (content), height = gtk_widget_get_height (content);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (content);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (shot->window));
  const graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  GdkRGBA background = { 1, 1, 1, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (content), "window_bg_color",
                                  &background);
  gtk_snapshot_append_color (snapshot, &background, &all);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_to_node (snapshot);
  if (!node || !renderer)
    return FALSE;
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (renderer, node, &all);
  return gdk_texture_save_to_png (texture, shot->path);
}

static gboolean
is_ready (Shot *shot) {
  PbSyncService *sync = shot->profile ? pb_profile_get_sync (shot->profile) : NULL;

  if (sync && g_list_model_get_n_items (pb_sync_service_get_operations (sync)) > 0)
    return FALSE;
  if (shot->open == 0 || !shot->profile)
    return TRUE;
  if (!shot->opened)
    shot->opened = pb_window_open_message (shot->window, shot->open - 1);
  return shot->shown;
}

static gboolean
tick_cb (gpointer data) {
  Shot *shot = data;

  shot->settled = is_ready (shot) ? shot->settled + 1 : 0;
  if (shot->settled < SETTLE_TICKS && ++shot->ticks < MOST_TICKS)
    return G_SOURCE_CONTINUE;
  shot->done (shot->settled >= SETTLE_TICKS && save (shot), shot->user_data);
  return G_SOURCE_REMOVE;
}

static void
shown_cb (PbWindow *window, gpointer data) {
  ((Shot *) data)->shown = TRUE;
}

void
pb_screenshot_take (PbWindow *window,
                    PbProfile *profile,
                    guint open,
                    const char *path,
                    PbScreenshotDone done,
                    gpointer user_data) {
  g_return_if_fail (PB_IS_WINDOW (window));
  g_return_if_fail (path != NULL);

  Shot *shot = g_new0 (Shot, 1);

  shot->window = g_object_ref (window);
  shot->profile = profile ? g_object_ref (profile) : NULL;
  shot->open = open;
  shot->path = g_strdup (path);
  shot->done = done;
  shot->user_data = user_data;
  g_signal_connect (window, "message-shown", G_CALLBACK (shown_cb), shot);
  g_timeout_add_full (G_PRIORITY_DEFAULT, TICK_MS, tick_cb, shot, shot_free);
}
