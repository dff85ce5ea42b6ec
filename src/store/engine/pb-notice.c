/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A letter box between two threads. */

#include "pb-notice.h"

struct _PbNotice {
  gatomicrefcount refs;
  GMainContext *context;
  PbNoticeFunc func; /* main context only; NULL after pb_notice_stop () */
  gpointer data;
  GMutex mutex; /* protects what follows */
  GPtrArray *folders;
  GArray *rows;
  guint missing;
  gboolean scheduled;
};

void
pb_folder_news_free (PbFolderNews *news) {
  g_free (news->name);
  g_free (news);
}

static GPtrArray *
new_folders (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pb_folder_news_free);
}

PbNotice *
pb_notice_new (PbNoticeFunc func, gpointer data) {
  PbNotice *self = g_new0 (PbNotice, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->context = g_main_context_ref_thread_default ();
  self->func = func;
  self->data = data;
  self->folders = new_folders ();
  self->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

PbNotice *
pb_notice_ref (PbNotice *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_notice_unref (PbNotice *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->folders);
  g_array_unref (self->rows);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
pb_notice_stop (PbNotice *self) {
  self->func = NULL;
}

static gboolean
tell (gpointer data) {
  PbNotice *self = data;

  g_mutex_lock (&self->mutex);
  g_autoptr (GPtrArray) folders = self->folders;
  g_autoptr (GArray) rows = self->rows;
  self->folders = new_folders ();
  self->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->scheduled = FALSE;
  guint missing = self->missing;
  g_mutex_unlock (&self->mutex);
  if (self->func)
    self->func (folders, rows, missing, self->data);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. */
static void
schedule (PbNotice *self) {
  if (self->scheduled)
    return;
  self->scheduled = TRUE;
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "postbag: news of the store");
  g_source_set_callback (source, tell, pb_notice_ref (self), (GDestroyNotify) pb_notice_unref);
  g_source_attach (source, self->context);
}

void
pb_notice_post_folder (PbNotice *self, PbFolderNews *news) {
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->folders->len; i++) {
    PbFolderNews *older = self->folders->pdata[i];
    if (older->id == news->id) {
      news->changed |= older->changed;
      g_ptr_array_remove_index (self->folders, i);
      break;
    }
  }
  g_ptr_array_add (self->folders, news);
  schedule (self);
  g_mutex_unlock (&self->mutex);
}

void
pb_notice_post_rows (PbNotice *self, const gint64 *ids, guint count) {
  g_mutex_lock (&self->mutex);
  g_array_append_vals (self->rows, ids, count);
  schedule (self);
  g_mutex_unlock (&self->mutex);
}

void
pb_notice_post_missing (PbNotice *self, guint missing) {
  g_mutex_lock (&self->mutex);
  if (self->missing != missing)
    schedule (self);
  self->missing = missing;
  g_mutex_unlock (&self->mutex);
}
