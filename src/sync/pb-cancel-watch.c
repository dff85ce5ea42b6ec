/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A source of the main loop. */

#include "pb-cancel-watch.h"

GSource *
pb_cancel_watch_new (GCancellable *cancellable, GCancellableSourceFunc func, gpointer data) {
  GSource *source = g_cancellable_source_new (cancellable);

  g_source_set_callback (source, G_SOURCE_FUNC (func), data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

void
pb_cancel_watch_clear (GSource **source) {
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}
