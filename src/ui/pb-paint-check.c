/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The widget's own picture of itself, through the renderer that draws the window. */

#include "pb-paint-check.h"

#include <string.h>

#define MOST_PIXELS (4096 * 4096)

static gboolean
is_of_one_color (GdkTexture *texture) {
  gsize width = (gsize) gdk_texture_get_width (texture);
  gsize height = (gsize) gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, width * height);

  gdk_texture_download (texture, (guchar *) pixels, width * sizeof *pixels);
  /* A scroll bar at the right is no text. */
  for (gsize y = 0; y < height; y++) {
    for (gsize x = 0; x + 24 < width; x++) {
      if (pixels[y * width + x] != pixels[0])
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
pb_paint_check_is_blank (GtkWidget *widget) {
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GtkNative *native = gtk_widget_get_native (widget);
  GskRenderer *renderer = native ? gtk_native_get_renderer (native) : NULL;

  if (!renderer || !gtk_widget_get_mapped (widget) || width < 60 || height < 60 ||
      (gint64) width * height > MOST_PIXELS)
    return FALSE;
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  const graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_to_node (snapshot);
  if (!node)
    return TRUE;
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (renderer, node, &all);
  return is_of_one_color (texture);
}
