/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A row for each account that was found. */

#include "config.h"

#include "pb-move-over-group.h"

#include <glib/gi18n.h>

#include "pb-other-programs.h"

struct _PbMoveOverGroup {
  AdwPreferencesGroup parent;

  PbAccountList *accounts;
  GPtrArray *found; /* of PbOtherAccount; NULL before */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PbMoveOverGroup, pb_move_over_group, ADW_TYPE_PREFERENCES_GROUP)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean
is_here (PbMoveOverGroup *self, const PbOtherAccount *other) {
  g_autoptr (PbAccount) account = pb_other_account_make (other, "moving");

  return pb_account_list_find_same_mailbox (self->accounts, account) != NULL;
}

static void
activated_cb (PbMoveOverGroup *self, AdwActionRow *row) {
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (row), "other"));
}

static void
add_row (PbMoveOverGroup *self, PbOtherAccount *other) {
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subtitle =
    g_strdup_printf ("%s · %s", pb_other_program_get_name (other->program),
                     other->endpoint ? other->endpoint->host : "");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 *other->address ? other->address : other->user);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "other", other);
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}

static void
found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMoveOverGroup) self = data;
  g_autoptr (GPtrArray) others = pb_other_programs_find_finish (result, NULL);

  if (!others || !self->accounts)
    return;
  self->found = g_steal_pointer (&others);
  for (guint i = 0; i < self->found->len; i++) {
    PbOtherAccount *other = self->found->pdata[i];
    if (!pb_other_account_is_usable (other) || is_here (self, other))
      continue;
    add_row (self, other);
    gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  }
}

static void
pb_move_over_group_dispose (GObject *object) {
  PbMoveOverGroup *self = PB_MOVE_OVER_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->accounts);
  G_OBJECT_CLASS (pb_move_over_group_parent_class)->dispose (object);
}

static void
pb_move_over_group_finalize (GObject *object) {
  PbMoveOverGroup *self = PB_MOVE_OVER_GROUP (object);

  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (pb_move_over_group_parent_class)->finalize (object);
}

static void
pb_move_over_group_class_init (PbMoveOverGroupClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_move_over_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_move_over_group_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
pb_move_over_group_init (PbMoveOverGroup *self) {
  self->cancellable = g_cancellable_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Move Over"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("What the other program has fetched already is not fetched again."));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
pb_move_over_group_look (PbMoveOverGroup *self, PbAccountList *accounts) {
  g_return_if_fail (PB_IS_MOVE_OVER_GROUP (self));
  g_return_if_fail (PB_IS_ACCOUNT_LIST (accounts));
  g_return_if_fail (self->accounts == NULL);

  self->accounts = g_object_ref (accounts);
  pb_other_programs_find_async (NULL, self->cancellable, found, g_object_ref (self));
}
