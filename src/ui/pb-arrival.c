/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings to scheduler and notifier; each account has settings of its own. */

#include "pb-arrival.h"

#include "pb-settings.h"

struct _PbArrival {
  GObject parent_instance;

  PbProfile *profile;
  GSettings *settings; /* NULL where there are none */
  PbScheduler *scheduler;
  PbNotifier *notifier;
  GHashTable *account_settings; /* account id → GSettings */
};

G_DEFINE_FINAL_TYPE (PbArrival, pb_arrival, G_TYPE_OBJECT)

static void
update_minutes_cb (PbArrival *self) {
  pb_scheduler_set_minutes (self->scheduler,
                            g_settings_get_uint (self->settings, "check-interval"));
}

static void
update_account_minutes (PbArrival *self, const char *account_id, GSettings *settings) {
  pb_scheduler_set_account_minutes (self->scheduler, account_id,
                                    g_settings_get_int (settings, "check-interval"));
}

static void
account_interval_changed_cb (PbArrival *self, const char *key, GSettings *settings) {
  GHashTableIter iter;
  gpointer account_id, known;

  g_hash_table_iter_init (&iter, self->account_settings);
  while (g_hash_table_iter_next (&iter, &account_id, &known)) {
    if (known == settings)
      update_account_minutes (self, account_id, settings);
  }
}

/* NULL where nothing can be remembered. */
static GSettings *
settings_of (PbArrival *self, const char *account_id) {
  GSettings *settings = g_hash_table_lookup (self->account_settings, account_id);

  if (settings || !self->settings)
    return settings;
  settings = pb_settings_new_for_account (account_id);
  if (!settings)
    return NULL;
  g_signal_connect_object (settings, "changed::check-interval",
                           G_CALLBACK (account_interval_changed_cb), self, G_CONNECT_SWAPPED);
  g_hash_table_insert (self->account_settings, g_strdup (account_id), settings);
  update_account_minutes (self, account_id, settings);
  return settings;
}

static void
accounts_changed_cb (PbArrival *self) {
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (self->profile));

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (accounts, i);
    settings_of (self, pb_account_get_id (account));
  }
}

static gboolean
is_quiet_now (PbArrival *self) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (!self->settings || !g_settings_get_boolean (self->settings, "quiet-hours"))
    return FALSE;
  guint minute = (guint) (g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now));
  return pb_notifier_is_quiet (minute, g_settings_get_uint (self->settings, "quiet-from") * 60,
                               g_settings_get_uint (self->settings, "quiet-to") * 60);
}

static gboolean
may_notify (PbAccount *account, gint64 *known_since, gpointer data) {
  PbArrival *self = data;
  GSettings *settings = settings_of (self, pb_account_get_id (account));

  if (!settings)
    return TRUE;
  gint64 known = g_settings_get_int64 (settings, "known-since");
  if (known > 0)
    *known_since = known;
  else
    g_settings_set_int64 (settings, "known-since", *known_since);
  return g_settings_get_boolean (settings, "notify") && !is_quiet_now (self);
}

static void
pb_arrival_finalize (GObject *object) {
  PbArrival *self = PB_ARRIVAL (object);

  if (self->notifier)
    pb_notifier_set_allowed_func (self->notifier, NULL, NULL);
  g_clear_object (&self->notifier);
  if (self->scheduler)
    g_object_run_dispose (G_OBJECT (self->scheduler));
  g_clear_object (&self->scheduler);
  g_clear_object (&self->settings);
  g_clear_object (&self->profile);
  g_hash_table_unref (self->account_settings);
  G_OBJECT_CLASS (pb_arrival_parent_class)->finalize (object);
}

static void
pb_arrival_class_init (PbArrivalClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_arrival_finalize;
}

static void
pb_arrival_init (PbArrival *self) {
  self->account_settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

PbArrival *
pb_arrival_new (PbProfile *profile,
                GSettings *settings,
                gboolean check_now,
                PbNoticeFunc func,
                gpointer user_data) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);

  PbArrival *self = g_object_new (PB_TYPE_ARRIVAL, NULL);
  PbSyncService *sync = pb_profile_get_sync (profile);
  PbAccountList *accounts = pb_profile_get_accounts (profile);

  self->profile = g_object_ref (profile);
  g_set_object (&self->settings, settings);
  self->scheduler = pb_scheduler_new (sync, accounts, NULL, NULL);
  self->notifier = pb_notifier_new (sync, pb_profile_get_store (profile), func, user_data);
  pb_notifier_set_allowed_func (self->notifier, may_notify, self);
  if (settings) {
    g_signal_connect_object (settings, "changed::check-interval", G_CALLBACK (update_minutes_cb),
                             self, G_CONNECT_SWAPPED);
    update_minutes_cb (self);
  }
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (accounts_changed_cb), self,
                           G_CONNECT_SWAPPED);
  accounts_changed_cb (self);
  pb_scheduler_start (self->scheduler, check_now || !settings ||
                                         g_settings_get_boolean (settings, "check-at-start"));
  return self;
}

PbScheduler *
pb_arrival_get_scheduler (PbArrival *self) {
  g_return_val_if_fail (PB_IS_ARRIVAL (self), NULL);

  return self->scheduler;
}
