/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person does in the view of a server mailbox. */

#include "config.h"

#include <glib/gi18n.h>

#include "pb-server-apply-dialog.h"
#include "pb-server-view-private.h"

/* ---- Toasts ---- */

void
_pb_server_view_say (PbServerView *self, const char *text) {
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
undo_toast_gone_cb (PbServerView *self, AdwToast *toast) {
  if (self->undo_toast == toast)
    self->undo_toast = NULL;
}

static void
offer_undo (PbServerView *self, guint count) {
  g_autofree char *text = g_strdup_printf (
    ngettext ("%u message is being deleted", "%u messages are being deleted", count), count);
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "server.undo");
  adw_toast_set_timeout (toast, PB_SERVER_UNDO_SECONDS);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (undo_toast_gone_cb), self,
                           G_CONNECT_SWAPPED);
  self->undo_toast = toast;
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* ---- Doing ---- */

static void
mark_selected (PbServerView *self, PbServerMark mark) {
  g_autoptr (GPtrArray) rows =
    pb_server_filter_dup_selected (GTK_SELECTION_MODEL (self->selection));

  pb_server_mailbox_mark (self->mailbox, rows, mark);
}

static void
fetch_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  mark_selected (PB_SERVER_VIEW (widget), PB_SERVER_MARK_FETCH);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  mark_selected (PB_SERVER_VIEW (widget), PB_SERVER_MARK_DELETE);
}

static void
fetch_delete_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  mark_selected (PB_SERVER_VIEW (widget), PB_SERVER_MARK_FETCH | PB_SERVER_MARK_DELETE);
}

static void
unmark_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  mark_selected (PB_SERVER_VIEW (widget), PB_SERVER_MARK_NONE);
}

/* Once more takes it back. */
static void
keep_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbServerView *self = PB_SERVER_VIEW (widget);
  g_autoptr (GPtrArray) rows =
    pb_server_filter_dup_selected (GTK_SELECTION_MODEL (self->selection));
  gboolean keep = FALSE;

  for (guint i = 0; i < rows->len; i++)
    keep |= !pb_server_row_get_keep (rows->pdata[i]);
  if (pb_server_mailbox_set_keep (self->mailbox, rows, keep) < rows->len)
    _pb_server_view_say (self,
                         _ ("Some messages cannot be remembered: nothing tells them from others"));
}

static void
applied (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerView) self = data;
  PbServerResult done;
  g_autoptr (GError) error = NULL;
  gboolean good =
    pb_server_mailbox_apply_finish (PB_SERVER_MAILBOX (source), result, &done, &error);
  guint fetched = done.fetched.stored + done.fetched.completed;

  if (!self->content)
    return;
  if (fetched) {
    g_autofree char *text = g_strdup_printf (
      ngettext ("%u message was fetched", "%u messages were fetched", fetched), fetched);
    _pb_server_view_say (self, text);
  }
  if (good && (done.refused || done.fetched.refused))
    _pb_server_view_say (self, _ ("The server refused some of it"));
  if (good && done.marked)
    offer_undo (self, done.marked);
  _pb_server_view_update (self);
}

static void
apply_agreed (gpointer data) {
  PbServerView *self = data;

  if (self->mailbox)
    pb_server_mailbox_apply_async (self->mailbox, applied, g_object_ref (self));
}

static void
apply_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbServerView *self = PB_SERVER_VIEW (widget);

  pb_server_apply_dialog_present (GTK_WINDOW (gtk_widget_get_root (widget)), self->mailbox,
                                  apply_agreed, self);
}

static void
undone (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerView) self = data;
  gboolean good = pb_server_mailbox_undo_finish (PB_SERVER_MAILBOX (source), result, NULL);

  if (!self->content)
    return;
  _pb_server_view_say (self,
                       good ? _ ("Nothing was deleted") : _ ("It was too late to take it back"));
  _pb_server_view_update (self);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbServerView *self = PB_SERVER_VIEW (widget);

  if (self->undo_toast)
    adw_toast_dismiss (self->undo_toast);
  pb_server_mailbox_undo_async (self->mailbox, undone, g_object_ref (self));
}

/* ---- Choosing ---- */

void
_pb_server_view_choose (PbServerView *self, PbServerChoice choice, gint64 number, const char *key) {
  pb_server_filter_choose (GTK_SELECTION_MODEL (self->selection), choice, number, key);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
choose_here_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  _pb_server_view_choose (PB_SERVER_VIEW (widget), PB_SERVER_CHOOSE_HERE, 0, NULL);
}

static void
choose_sender_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  _pb_server_view_choose (PB_SERVER_VIEW (widget), PB_SERVER_CHOOSE_SENDERS, 0, NULL);
}

static void
choose_larger_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  _pb_server_view_choose (PB_SERVER_VIEW (widget), PB_SERVER_CHOOSE_LARGER,
                          g_variant_get_int32 (parameter), NULL);
}

static void
choose_older_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  _pb_server_view_choose (PB_SERVER_VIEW (widget), PB_SERVER_CHOOSE_OLDER,
                          g_variant_get_int32 (parameter), NULL);
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  gtk_search_bar_set_search_mode (PB_SERVER_VIEW (widget)->search_bar, TRUE);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  _pb_server_view_touch (PB_SERVER_VIEW (widget));
}

void
_pb_server_view_show_actions (PbServerView *self) {
  g_autoptr (PbServerSummary) summary = pb_server_mailbox_summarise (self->mailbox);
  g_autoptr (GtkBitset) chosen =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  static const char *const names[] = { "server.fetch", "server.delete", "server.fetch-delete",
                                       "server.keep",  "server.unmark", "server.choose-sender" };
  gboolean idle = !pb_server_mailbox_get_operation (self->mailbox);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], !gtk_bitset_is_empty (chosen));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.apply",
                                 idle && (summary->fetch || summary->remove));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.undo",
                                 pb_server_mailbox_get_undoable (self->mailbox) > 0);
}

void
_pb_server_view_install_actions (GtkWidgetClass *klass) {
  gtk_widget_class_install_action (klass, "server.fetch", NULL, fetch_action);
  gtk_widget_class_install_action (klass, "server.delete", NULL, delete_action);
  gtk_widget_class_install_action (klass, "server.fetch-delete", NULL, fetch_delete_action);
  gtk_widget_class_install_action (klass, "server.unmark", NULL, unmark_action);
  gtk_widget_class_install_action (klass, "server.keep", NULL, keep_action);
  gtk_widget_class_install_action (klass, "server.apply", NULL, apply_action);
  gtk_widget_class_install_action (klass, "server.undo", NULL, undo_action);
  gtk_widget_class_install_action (klass, "server.find", NULL, find_action);
  gtk_widget_class_install_action (klass, "server.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (klass, "server.choose-here", NULL, choose_here_action);
  gtk_widget_class_install_action (klass, "server.choose-sender", NULL, choose_sender_action);
  gtk_widget_class_install_action (klass, "server.choose-larger", "i", choose_larger_action);
  gtk_widget_class_install_action (klass, "server.choose-older", "i", choose_older_action);
  gtk_widget_class_install_property_action (klass, "server.group", "group-by-sender");
}
