/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A thread with a main loop and file monitors in it. */

#include "pb-watch.h"

#include "pb-engine-private.h"
#include "pb-rescan.h"

/* A program that works on a folder does many things at once. */
#define REST_MILLISECONDS 250

struct _PbWatch {
  PbWorker *worker;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GPtrArray *places; /* the rest is the thread's own */
  GPtrArray *monitors;
  GHashTable *restless; /* PbWatchPlace where something happened */
  GSource *timer;
};

void
pb_watch_place_free (PbWatchPlace *place) {
  g_free (place->account);
  g_free (place->path);
  g_free (place);
}

/* ---- Store thread ---- */

static gboolean
look_at_account (PbEngine *engine, const PbWatchPlace *place, GError **error) {
  guint budget = PB_RESCAN_BUDGET;

  if (!g_ptr_array_find (engine->accounts, g_intern_string (place->account), NULL))
    return TRUE;
  if (!pb_engine_sync_folders (engine, place->account, error))
    return FALSE;
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (engine, place->account);
  for (guint i = 0; i < folders->len; i++) {
    PbIndexFolder *folder = folders->pdata[i];
    if (folder->stamp == 0 && !pb_rescan_folder (engine, folder, &budget, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
look (PbEngine *engine, gpointer state, GError **error) {
  const PbWatchPlace *place = state;

  if (place->id == 0)
    return look_at_account (engine, place, error);
  PbIndexFolder *folder = pb_engine_find_folder (engine, place->id, NULL);
  if (folder)
    pb_rescan_if_changed (engine, folder);
  return TRUE;
}

/* ---- Watching thread ---- */

static PbWatchPlace *
copy_place (const PbWatchPlace *place) {
  PbWatchPlace *copy = g_new0 (PbWatchPlace, 1);

  copy->id = place->id;
  copy->account = g_strdup (place->account);
  copy->path = g_strdup (place->path);
  return copy;
}

static gboolean
rested (gpointer data) {
  PbWatch *self = data;
  GHashTableIter iter;
  gpointer place;

  g_clear_pointer (&self->timer, g_source_unref);
  g_hash_table_iter_init (&iter, self->restless);
  while (g_hash_table_iter_next (&iter, &place, NULL))
    pb_worker_push_quiet (self->worker, PB_LANE_MAIL, look, copy_place (place),
                          (GDestroyNotify) pb_watch_place_free);
  g_hash_table_remove_all (self->restless);
  return G_SOURCE_REMOVE;
}

static void
happened (GFileMonitor *monitor,
          GFile *file,
          GFile *other,
          GFileMonitorEvent event,
          gpointer data) {
  PbWatch *self = data;

  g_hash_table_add (self->restless, g_object_get_data (G_OBJECT (monitor), "place"));
  if (self->timer)
    return;
  self->timer = g_timeout_source_new (REST_MILLISECONDS);
  g_source_set_callback (self->timer, rested, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
watch_path (PbWatch *self, PbWatchPlace *place, const char *part) {
  g_autoptr (GFile) dir = g_file_new_build_filename (place->path, part, NULL);
  g_autoptr (GFileMonitor) monitor =
    g_file_monitor_directory (dir, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  if (!monitor)
    return;
  g_object_set_data (G_OBJECT (monitor), "place", place);
  g_signal_connect (monitor, "changed", G_CALLBACK (happened), self);
  g_ptr_array_add (self->monitors, g_steal_pointer (&monitor));
}

static void
monitor_free (gpointer monitor) {
  g_file_monitor_cancel (monitor);
  g_object_unref (monitor);
}

typedef struct {
  PbWatch *watch;
  GPtrArray *places;
} Setting;

static void
setting_free (gpointer data) {
  Setting *setting = data;

  g_clear_pointer (&setting->places, g_ptr_array_unref);
  g_free (setting);
}

/* What happened in old places counts for none of the new ones: all of them are looked at. */
static gboolean
set_places (gpointer data) {
  Setting *setting = data;
  PbWatch *self = setting->watch;

  g_hash_table_remove_all (self->restless);
  g_ptr_array_set_size (self->monitors, 0);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  self->places = g_steal_pointer (&setting->places);
  for (guint i = 0; i < self->places->len; i++) {
    PbWatchPlace *place = self->places->pdata[i];
    watch_path (self, place, place->id == 0 ? NULL : "cur");
    if (place->id != 0)
      watch_path (self, place, "new");
    if (self->monitors->len > 0)
      happened (self->monitors->pdata[self->monitors->len - 1], NULL, NULL,
                G_FILE_MONITOR_EVENT_CHANGED, self);
  }
  return G_SOURCE_REMOVE;
}

static gpointer
watch (gpointer data) {
  PbWatch *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_ptr_array_unref (self->monitors);
  if (self->timer)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  /* What the monitors still had to say. */
  while (g_main_context_iteration (self->context, FALSE)) {
  }
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* ---- Any thread ---- */

PbWatch *
pb_watch_new (PbWorker *worker) {
  PbWatch *self = g_new0 (PbWatch, 1);

  self->worker = pb_worker_ref (worker);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->monitors = g_ptr_array_new_with_free_func (monitor_free);
  self->restless = g_hash_table_new (NULL, NULL);
  self->thread = g_thread_new ("postbag-watch", watch, self);
  return self;
}

static gboolean
quit (gpointer data) {
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
invoke (PbWatch *self, GSourceFunc func, gpointer data, GDestroyNotify notify) {
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, notify);
  g_source_attach (source, self->context);
}

void
pb_watch_free (PbWatch *self) {
  invoke (self, quit, self->loop, NULL);
  g_thread_join (self->thread);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  g_hash_table_unref (self->restless);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  pb_worker_unref (self->worker);
  g_free (self);
}

void
pb_watch_set_places (PbWatch *self, GPtrArray *places) {
  Setting *setting = g_new0 (Setting, 1);

  setting->watch = self;
  setting->places = places;
  invoke (self, set_places, setting, setting_free);
}
