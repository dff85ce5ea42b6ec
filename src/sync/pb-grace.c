/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A watch, then a timer. */

#include "pb-grace.h"

struct _PbGrace {
  GCancellable *late;
  GSource *watch;
  guint milliseconds;
  guint timer;
};

static gboolean
is_over (gpointer data) {
  PbGrace *self = data;

  self->timer = 0;
  g_cancellable_cancel (self->late);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data) {
  PbGrace *self = data;

  self->timer = g_timeout_add (self->milliseconds, is_over, self);
  return G_SOURCE_REMOVE;
}

PbGrace *
pb_grace_new (GCancellable *cancellable, guint milliseconds) {
  g_return_val_if_fail (G_IS_CANCELLABLE (cancellable), NULL);

  PbGrace *self = g_new0 (PbGrace, 1);
  self->late = g_cancellable_new ();
  self->milliseconds = milliseconds;
  self->watch = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
  return self;
}

void
pb_grace_free (PbGrace *self) {
  if (!self)
    return;
  g_source_destroy (self->watch);
  g_source_unref (self->watch);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->late);
  g_free (self);
}

GCancellable *
pb_grace_get_cancellable (PbGrace *self) {
  return self->late;
}
