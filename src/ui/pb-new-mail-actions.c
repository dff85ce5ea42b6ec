/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the buttons of notifications do. Each of them may be the first thing that is asked of the
 * program: then it is done without a window, and the program goes again. */

#include "config.h"

#include "pb-application-private.h"
#include "pb-mail-notice.h"

typedef void (*NewMailFunc) (PbApplication *self,
                             PbMailStore *store,
                             const char *account_id,
                             GArray *ids);

typedef struct {
  PbApplication *application;
  GVariant *target;
  NewMailFunc func;
} Wish;

static void
wish_free (Wish *wish) {
  g_object_unref (wish->application);
  g_variant_unref (wish->target);
  g_free (wish);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static void
open_them (PbApplication *self, PbMailStore *store, const char *account_id, GArray *ids) {
  g_application_activate (G_APPLICATION (self));
  if (ids->len > 0)
    pb_window_open_message_id (_pb_application_get_window (self), g_array_index (ids, gint64, 0));
}

/* The store does what it was asked for before it closes. */
static void
mark_them (PbApplication *self, PbMailStore *store, const char *account_id, GArray *ids) {
  if (ids->len > 0)
    pb_mail_store_set_flags_async (store, &g_array_index (ids, gint64, 0), ids->len, PB_FLAG_READ,
                                   0, NULL, NULL, NULL);
}

static void
trash_them (PbApplication *self, PbMailStore *store, const char *account_id, GArray *ids) {
  PbFolder *trash = pb_mail_store_find_folder (store, account_id, PB_FOLDER_TRASH);

  if (trash && ids->len > 0)
    pb_mail_store_move_async (store, &g_array_index (ids, gint64, 0), ids->len,
                              pb_folder_get_id (trash), NULL, NULL, NULL);
}

static void
found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Wish) wish = data;
  PbMailStore *store = PB_MAIL_STORE (source);
  g_autoptr (GArray) ids = pb_mail_notice_find_finish (store, result, NULL);

  const char *account_id;
  g_variant_get (wish->target, "(&sa(xsx))", &account_id, NULL);
  if (ids)
    wish->func (wish->application, store, account_id, ids);
  _pb_application_settle (wish->application);
  g_application_release (G_APPLICATION (wish->application));
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Wish) wish = data;
  PbApplication *self = wish->application;
  PbProfile *profile = _pb_application_get_profile (self);

  if (g_task_propagate_boolean (G_TASK (result), NULL) && profile) {
    GVariant *target = wish->target;
    pb_mail_notice_find_async (pb_profile_get_store (profile), target, found,
                               g_steal_pointer (&wish));
    return;
  }
  _pb_application_settle (self);
  g_application_release (G_APPLICATION (self));
}

static void
do_when_open (PbApplication *self, GVariant *target, NewMailFunc func) {
  Wish *wish = g_new (Wish, 1);

  *wish = (Wish){ g_object_ref (self), g_variant_ref (target), func };
  g_application_hold (G_APPLICATION (self));
  _pb_application_open_async (self, opened, wish);
}

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  do_when_open (data, parameter, open_them);
}

static void
mark_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  do_when_open (data, parameter, mark_them);
}

static void
trash_action (GSimpleAction *action, GVariant *parameter, gpointer data) {
  do_when_open (data, parameter, trash_them);
}

void
_pb_application_add_new_mail_actions (PbApplication *self) {
  static const GActionEntry actions[] = {
    { "open-new-mail", open_action, PB_MAIL_NOTICE_TYPE },
    { "mark-new-mail", mark_action, PB_MAIL_NOTICE_TYPE },
    { "trash-new-mail", trash_action, PB_MAIL_NOTICE_TYPE },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}
