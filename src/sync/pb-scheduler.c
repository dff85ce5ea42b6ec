/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One timer for all accounts. It never sleeps long, because the clock that it counts by stands
 * still while the computer sleeps: a wall clock that is far ahead of it tells that it did. */

#include "pb-scheduler.h"

#include <string.h>

#include "pb-error.h"
#include "pb-patience.h"
#include "pb-schedule.h"
#include "pb-side-sessions.h"
#include "pb-sleep-watch.h"

#define USUAL_MINUTES 10
#define TICK_SECONDS 300
#define JUMP_SECONDS 60

/* What is remembered of one account. */
typedef struct {
  int minutes; /* -1 for the usual */
  gint64 last;
  guint failures;
  gboolean running; /* a check that was begun here */
} Entry;

struct _PbScheduler {
  GObject parent_instance;

  PbSyncService *sync; /* not owned: it lives as long as sessions do */
  PbAccountList *accounts;
  GNetworkMonitor *monitor;
  PbSleepWatch *sleep;
  GHashTable *entries; /* account id → Entry */
  PbClockFunc clock;
  gpointer clock_data;

  guint minutes;
  gboolean begun;
  gboolean online;
  PbScheduleFacts facts; /* those that all accounts share */
  guint timer;
  gint64 tick_wall; /* seconds, and */
  gint64 tick_mono; /* µs, when the timer was set */
};

G_DEFINE_FINAL_TYPE (PbScheduler, pb_scheduler, G_TYPE_OBJECT)

enum { PROP_ONLINE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

static gint64
wall_clock (gpointer unused) {
  return g_get_real_time () / G_USEC_PER_SEC;
}

static Entry *
entry_of (PbScheduler *self, const char *account_id) {
  Entry *entry = g_hash_table_lookup (self->entries, account_id);

  if (!entry) {
    entry = g_new0 (Entry, 1);
    entry->minutes = -1;
    g_hash_table_insert (self->entries, g_strdup (account_id), entry);
  }
  return entry;
}

gboolean
pb_network_is_needed (PbAccount *account) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), TRUE);

  const PbEndpoint *endpoint = pb_account_get_endpoint (account);
  g_autoptr (GInetAddress) address =
    endpoint ? g_inet_address_new_from_string (endpoint->host) : NULL;

  return !(endpoint && g_ascii_strcasecmp (endpoint->host, "localhost") == 0) &&
         !(address && g_inet_address_get_is_loopback (address));
}

static gint64
not_before (PbScheduler *self, PbAccount *account, gint64 now) {
  g_autoptr (GError) wait =
    pb_patience_ask (pb_sync_service_get_notes (self->sync), account, FALSE, now);

  return wait ? now + pb_error_get_retry_after (wait) : 0;
}

static gint64
next_of (PbScheduler *self, PbAccount *account) {
  const Entry *entry = entry_of (self, pb_account_get_id (account));
  PbScheduleFacts facts = self->facts;

  if (!self->begun || !pb_account_get_enabled (account))
    return PB_SCHEDULE_NEVER;
  facts.now = self->clock (self->clock_data);
  facts.interval = 60 * (entry->minutes >= 0 ? (guint) entry->minutes : self->minutes);
  facts.offline = !self->online && pb_network_is_needed (account);
  facts.blocked =
    entry->running || pb_sync_service_needs_password (self->sync, account) ||
    pb_side_sessions_has_console (_pb_sync_service_get_side_sessions (self->sync), account);
  facts.last = entry->last;
  facts.failures = entry->failures;
  facts.not_before = not_before (self, account, facts.now);
  facts.salt = g_str_hash (pb_account_get_id (account));
  return pb_schedule_next (&facts);
}

/* ---- The timer ---- */

static void
notice_jump (PbScheduler *self) {
  gint64 wall = self->clock (self->clock_data) - self->tick_wall;
  gint64 mono = (g_get_monotonic_time () - self->tick_mono) / G_USEC_PER_SEC;

  if (self->tick_wall > 0 && wall - mono > JUMP_SECONDS)
    self->facts.woken = self->clock (self->clock_data);
}

static gboolean
tick_cb (gpointer data) {
  PbScheduler *self = data;

  self->timer = 0;
  notice_jump (self);
  pb_scheduler_update (self);
  return G_SOURCE_REMOVE;
}

static void
set_timer (PbScheduler *self, gint64 next) {
  gint64 now = self->clock (self->clock_data);

  g_clear_handle_id (&self->timer, g_source_remove);
  self->tick_wall = now;
  self->tick_mono = g_get_monotonic_time ();
  /* Without anything to wait for there may still be a clock to watch. */
  if (self->begun)
    self->timer =
      g_timeout_add_seconds ((guint) CLAMP (next - now, 1, TICK_SECONDS), tick_cb, self);
}

void
pb_scheduler_update (PbScheduler *self) {
  g_return_if_fail (PB_IS_SCHEDULER (self));

  gint64 now = self->clock (self->clock_data);
  gint64 soonest = now + TICK_SECONDS;
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));

  for (guint i = 0; i < count; i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
    gint64 next = next_of (self, account);
    if (next > now) {
      soonest = MIN (soonest, next);
      continue;
    }
    entry_of (self, pb_account_get_id (account))->running = TRUE;
    pb_sync_service_check_async (self->sync, account, NULL, NULL, NULL);
  }
  set_timer (self, soonest);
}

/* ---- What happens ---- */

static void
finished_cb (PbScheduler *self, PbAccount *account, gpointer fetched, const GError *error) {
  Entry *entry = entry_of (self, pb_account_get_id (account));

  entry->running = FALSE;
  entry->last = self->clock (self->clock_data);
  if (!error || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    entry->failures = 0;
  else if (!g_error_matches (error, PB_ERROR, PB_ERROR_BUSY))
    entry->failures++; /* for how long a server is busy, pb-patience knows */
  pb_scheduler_update (self);
}

gboolean
pb_network_is_usable (GNetworkMonitor *monitor) {
  g_return_val_if_fail (G_IS_NETWORK_MONITOR (monitor), TRUE);

  return g_network_monitor_get_network_available (monitor) &&
         g_network_monitor_get_connectivity (monitor) != G_NETWORK_CONNECTIVITY_PORTAL;
}

static void
network_changed_cb (PbScheduler *self) {
  gboolean online = pb_network_is_usable (self->monitor);

  pb_sync_service_set_metered (self->sync, g_network_monitor_get_network_metered (self->monitor));
  if (online == self->online)
    return;
  self->online = online;
  if (online)
    self->facts.connected = self->clock (self->clock_data);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ONLINE]);
  pb_scheduler_update (self);
}

static void
stopped_for_sleep (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbScheduler) self = data;

  pb_sync_service_stop_finish (PB_SYNC_SERVICE (source), result, NULL);
  if (self->facts.asleep && self->sleep)
    pb_sleep_watch_ready (self->sleep);
}

static void
sleeping_cb (PbScheduler *self) {
  self->facts.asleep = TRUE;
  pb_scheduler_update (self);
  pb_sync_service_stop_async (self->sync, stopped_for_sleep, g_object_ref (self));
}

static void
awake_cb (PbScheduler *self) {
  self->facts.asleep = FALSE;
  self->facts.woken = self->clock (self->clock_data);
  pb_scheduler_update (self);
}

/* ---- Object ---- */

static void
pb_scheduler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_ONLINE:
    g_value_set_boolean (value, PB_SCHEDULER (object)->online);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_scheduler_dispose (GObject *object) {
  PbScheduler *self = PB_SCHEDULER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  self->begun = FALSE;
  g_clear_object (&self->sleep);
  g_clear_object (&self->monitor);
  g_clear_object (&self->accounts);
  g_clear_object (&self->sync);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  G_OBJECT_CLASS (pb_scheduler_parent_class)->dispose (object);
}

static void
pb_scheduler_class_init (PbSchedulerClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pb_scheduler_dispose;
  object_class->get_property = pb_scheduler_get_property;
  props[PROP_ONLINE] =
    g_param_spec_boolean ("online", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pb_scheduler_init (PbScheduler *self) {
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->clock = wall_clock;
  self->minutes = USUAL_MINUTES;
  self->online = TRUE;
}

static void
follow (PbScheduler *self, gpointer source, const char *signal, GCallback callback) {
  g_signal_connect_object (source, signal, callback, self, G_CONNECT_SWAPPED);
}

PbScheduler *
pb_scheduler_new (PbSyncService *sync,
                  PbAccountList *accounts,
                  GNetworkMonitor *monitor,
                  GDBusConnection *bus) {
  g_return_val_if_fail (PB_IS_SYNC_SERVICE (sync), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT_LIST (accounts), NULL);

  PbScheduler *self = g_object_new (PB_TYPE_SCHEDULER, NULL);

  self->sync = g_object_ref (sync);
  self->accounts = g_object_ref (accounts);
  self->monitor = g_object_ref (monitor ? monitor : g_network_monitor_get_default ());
  self->sleep = pb_sleep_watch_new (bus);
  network_changed_cb (self);
  follow (self, sync, "finished", G_CALLBACK (finished_cb));
  follow (self, sync, "needs-password-changed", G_CALLBACK (pb_scheduler_update));
  follow (self, accounts, "items-changed", G_CALLBACK (pb_scheduler_update));
  follow (self, self->monitor, "network-changed", G_CALLBACK (network_changed_cb));
  follow (self, self->monitor, "notify", G_CALLBACK (network_changed_cb));
  follow (self, self->sleep, "sleeping", G_CALLBACK (sleeping_cb));
  follow (self, self->sleep, "awake", G_CALLBACK (awake_cb));
  return self;
}

void
pb_scheduler_set_minutes (PbScheduler *self, guint minutes) {
  g_return_if_fail (PB_IS_SCHEDULER (self));

  self->minutes = minutes;
  pb_scheduler_update (self);
}

void
pb_scheduler_set_account_minutes (PbScheduler *self, const char *account_id, int minutes) {
  g_return_if_fail (PB_IS_SCHEDULER (self));
  g_return_if_fail (account_id != NULL);

  entry_of (self, account_id)->minutes = MAX (minutes, -1);
  pb_scheduler_update (self);
}

void
pb_scheduler_start (PbScheduler *self, gboolean check_now) {
  g_return_if_fail (PB_IS_SCHEDULER (self));

  self->begun = TRUE;
  self->facts.started = self->clock (self->clock_data);
  self->facts.connected = 0;
  self->facts.at_start = check_now;
  pb_scheduler_update (self);
}

gboolean
pb_scheduler_get_online (PbScheduler *self) {
  g_return_val_if_fail (PB_IS_SCHEDULER (self), TRUE);

  return self->online;
}

gint64
pb_scheduler_get_next (PbScheduler *self, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SCHEDULER (self), G_MAXINT64);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), G_MAXINT64);

  return next_of (self, account);
}

void
pb_scheduler_set_clock (PbScheduler *self, PbClockFunc clock, gpointer user_data) {
  g_return_if_fail (PB_IS_SCHEDULER (self));

  self->clock = clock;
  self->clock_data = user_data;
}
