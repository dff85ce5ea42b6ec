/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Follows the row of one message. Whose rests are on their way is known for all messages that were
 * asked for, so that going away and coming back shows the same. */

#include "config.h"

#include "pb-partial-bar.h"

#include <glib/gi18n.h>

struct _PbPartialBar {
  GtkWidget parent;

  GtkWidget *content;
  GtkLabel *text;
  GtkSpinner *spinner;
  GtkWidget *button;

  PbProfile *profile;
  PbMessageItem *item;
  GSignalGroup *item_signals;
  GHashTable *wanted; /* ids (owned) whose rest is on its way */
  gboolean partial;   /* the item was, when last looked at */
};

G_DEFINE_FINAL_TYPE (PbPartialBar, pb_partial_bar, GTK_TYPE_WIDGET)

enum { COMPLETED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean
is_wanted (PbPartialBar *self) {
  return self->item && g_hash_table_contains (self->wanted, pb_message_item_peek_id (self->item));
}

static void
update_cb (PbPartialBar *self) {
  gboolean was = self->partial, wanted = is_wanted (self);

  self->partial = self->item && pb_message_item_has_flag (self->item, PB_FLAG_PARTIAL);
  gtk_widget_set_visible (GTK_WIDGET (self), self->partial);
  gtk_label_set_label (self->text, wanted ? _ ("The rest of this message is being fetched")
                                          : _ ("Only the beginning of this message is here"));
  gtk_spinner_set_spinning (self->spinner, wanted);
  gtk_widget_set_visible (self->button, !wanted);
  if (was && !self->partial && self->item)
    g_signal_emit (self, signals[COMPLETED], 0);
}

typedef struct {
  PbPartialBar *bar;
  gint64 id;
} Fetch;

static void
fetched (GObject *source, GAsyncResult *result, gpointer data) {
  g_autofree Fetch *fetch = data;
  g_autoptr (PbPartialBar) self = fetch->bar;
  g_autoptr (GError) error = NULL;

  g_hash_table_remove (self->wanted, &fetch->id);
  if (!pb_sync_service_fetch_rest_finish (PB_SYNC_SERVICE (source), result, NULL, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
  if (self->content)
    update_cb (self);
}

static void
clicked_cb (PbPartialBar *self) {
  const PbMessageRow *row = self->item ? pb_message_item_get_row (self->item) : NULL;
  PbAccount *account =
    row ? pb_account_list_find (pb_profile_get_accounts (self->profile), row->account_id) : NULL;

  if (!account || is_wanted (self))
    return;
  Fetch *fetch = g_new0 (Fetch, 1);
  fetch->bar = g_object_ref (self);
  fetch->id = row->id;
  g_hash_table_add (self->wanted, g_memdup2 (&row->id, sizeof row->id));
  update_cb (self);
  pb_sync_service_fetch_rest_async (pb_profile_get_sync (self->profile), account, &fetch->id, 1,
                                    NULL, fetched, fetch);
}

static void
pb_partial_bar_dispose (GObject *object) {
  PbPartialBar *self = PB_PARTIAL_BAR (object);

  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_partial_bar_parent_class)->dispose (object);
}

static void
pb_partial_bar_finalize (GObject *object) {
  g_hash_table_unref (PB_PARTIAL_BAR (object)->wanted);
  G_OBJECT_CLASS (pb_partial_bar_parent_class)->finalize (object);
}

static void
pb_partial_bar_class_init (PbPartialBarClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_partial_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_partial_bar_finalize;
  signals[COMPLETED] =
    g_signal_new ("completed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-partial-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PbPartialBar, content);
  gtk_widget_class_bind_template_child (widget_class, PbPartialBar, text);
  gtk_widget_class_bind_template_child (widget_class, PbPartialBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, PbPartialBar, button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
pb_partial_bar_init (PbPartialBar *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  self->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->item_signals = g_signal_group_new (PB_TYPE_MESSAGE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::row", G_CALLBACK (update_cb), self);
}

void
pb_partial_bar_set_profile (PbPartialBar *self, PbProfile *profile) {
  g_return_if_fail (PB_IS_PARTIAL_BAR (self));
  g_set_object (&self->profile, profile);
}

void
pb_partial_bar_set_item (PbPartialBar *self, PbMessageItem *item) {
  g_return_if_fail (PB_IS_PARTIAL_BAR (self));

  if (!g_set_object (&self->item, item))
    return;
  g_signal_group_set_target (self->item_signals, item);
  self->partial = FALSE;
  update_cb (self);
}
