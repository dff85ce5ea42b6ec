/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Wires the panes to each other and to what people do to messages. */

#include "config.h"

#include "pb-window.h"

#include <glib/gi18n.h>

#include "pb-conversation-rows.h"
#include "pb-delete-question.h"
#include "pb-folder-sidebar.h"
#include "pb-mail-actions.h"
#include "pb-message-list.h"
#include "pb-message-view.h"
#include "pb-problem.h"
#include "pb-server-view.h"
#include "pb-shell.h"

/* A message that lies open this long was read, even when nobody clicked on it. */
#define READ_AFTER_MS 1000

struct _PbWindow {
  AdwApplicationWindow parent;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *problem;
  GtkWidget *first;
  PbShell *shell;
  PbFolderSidebar *sidebar;
  PbMessageList *list;
  PbMessageView *view;
  GtkStack *panes;
  PbServerView *server;

  GSettings *settings;
  PbProfile *profile;
  PbMailActions *actions;
  AdwToast *undo_toast; /* the one on the screen, not owned */
  guint read_timer;
  GSignalGroup *item_signals;
  gint64 awaited; /* message to be opened with the profile, 0 for none */
};

G_DEFINE_FINAL_TYPE (PbWindow, pb_window, ADW_TYPE_APPLICATION_WINDOW)

enum { MESSAGE_SHOWN, N_SIGNALS };
static guint signals[N_SIGNALS];

static const PbMessageRow *
selected_row (PbWindow *self) {
  PbMessageItem *item = pb_message_list_get_selected (self->list);

  return item ? pb_message_item_get_row (item) : NULL;
}

static void
set_flags (PbWindow *self, PbFlags add, PbFlags remove) {
  g_autoptr (GArray) ids = pb_message_list_get_selected_ids (self->list);

  if (ids->len)
    pb_mail_actions_set_flags (self->actions, (const gint64 *) (gpointer) ids->data, ids->len, add,
                               remove);
}

/* ---- Toasts ---- */

void
pb_window_show_toast (PbWindow *self, const char *text) {
  g_return_if_fail (PB_IS_WINDOW (self));

  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, 4);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
undo_toast_gone_cb (PbWindow *self, AdwToast *toast) {
  if (self->undo_toast == toast)
    self->undo_toast = NULL;
}

static void
moved_cb (PbWindow *self, const char *text) {
  AdwToast *toast = adw_toast_new (text);

  if (self->undo_toast)
    adw_toast_dismiss (self->undo_toast);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (undo_toast_gone_cb), self,
                           G_CONNECT_SWAPPED);
  self->undo_toast = toast;
  adw_toast_overlay_add_toast (self->toasts, toast);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", TRUE);
}

static void
failed_cb (PbWindow *self, const GError *error) {
  g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);

  pb_window_show_toast (self, problem->title);
}

/* ---- Reading ---- */

static void
mark_read (PbWindow *self, PbMessageItem *item) {
  if (item && !pb_message_item_has_flag (item, PB_FLAG_READ))
    pb_mail_actions_set_flags (self->actions, pb_message_item_peek_id (item), 1, PB_FLAG_READ, 0);
}

static gboolean
read_long_enough_cb (gpointer data) {
  PbWindow *self = data;
  PbMessageItem *item = pb_message_view_get_item (self->view);

  self->read_timer = 0;
  if (item)
    mark_read (self, item);
  return G_SOURCE_REMOVE;
}

static void
update_actions_cb (PbWindow *self) {
  static const char *const names[] = { "win.trash", "win.archive", "win.star", "win.mark-unread",
                                       "win.mark-read" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i],
                                   pb_message_list_get_n_selected (self->list) > 0);
}

static void
message_chosen_cb (PbWindow *self, PbMessageItem *item) {
  g_clear_handle_id (&self->read_timer, g_source_remove);
  pb_message_view_set_item (self->view, item);
}

static void
message_selected_cb (PbWindow *self, PbMessageItem *item) {
  g_autoptr (GArray) ids = pb_message_list_get_selected_ids (self->list);

  g_signal_group_set_target (self->item_signals, item);
  update_actions_cb (self);
  pb_conversation_strip_set_item (pb_message_view_get_strip (self->view), item,
                                  pb_message_list_get_grouped (self->list));
  pb_message_view_set_count (self->view, ids->len);
  if (!item && pb_shell_get_narrow (self->shell) && !pb_shell_get_wide (self->shell) &&
      pb_shell_get_pane (self->shell) == PB_PANE_MESSAGE)
    pb_shell_show_pane (self->shell, PB_PANE_LIST);
}

static void
message_opened_cb (PbWindow *self, PbMessageItem *item) {
  pb_shell_show_pane (self->shell, PB_PANE_MESSAGE);
  mark_read (self, pb_message_view_get_item (self->view));
}

static void
message_shown_cb (PbWindow *self, PbMessageItem *item) {
  g_clear_handle_id (&self->read_timer, g_source_remove);
  if (!pb_shell_get_narrow (self->shell) || pb_shell_get_pane (self->shell) == PB_PANE_MESSAGE)
    self->read_timer = g_timeout_add (READ_AFTER_MS, read_long_enough_cb, self);
  g_signal_emit (self, signals[MESSAGE_SHOWN], 0);
}

static void
read_on_cb (PbWindow *self) {
  pb_message_view_read_on (self->view);
}

static void
at_end_cb (PbWindow *self) {
  if (pb_conversation_strip_next_unread (pb_message_view_get_strip (self->view)))
    mark_read (self, pb_message_view_get_item (self->view));
  else
    pb_message_list_open_next_unread (self->list);
}

/* ---- Places ---- */

/* What lies on a server takes the place of list and message; NULL brings them back. */
static void
show_server (PbWindow *self, PbAccount *account) {
  PbSyncService *sync = pb_profile_get_sync (self->profile);

  pb_server_view_set_mailbox (self->server,
                              account ? pb_sync_service_get_server_mailbox (sync, account) : NULL);
  gtk_stack_set_visible_child (self->panes,
                               account ? GTK_WIDGET (self->server) : GTK_WIDGET (self->view));
  pb_shell_set_wide (self->shell, account != NULL);
}

static void
place_selected_cb (PbWindow *self, PbPlace *place) {
  g_autofree char *title =
    place ? g_strdup_printf ("%s – Postbag", pb_place_get_title (place)) : g_strdup ("Postbag");

  show_server (self, place ? pb_place_get_server (place) : NULL);
  pb_message_list_set_place (self->list, place && pb_place_get_server (place) ? NULL : place);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
place_activated_cb (PbWindow *self, PbPlace *place) {
  pb_shell_show_pane (self->shell, PB_PANE_LIST);
}

/* ---- Actions ---- */

/* The folder of @role is where the message is already, if it is only one. */
static gboolean
is_there (PbWindow *self, PbFolderRole role) {
  const PbMessageRow *row = selected_row (self);
  PbFolder *folder =
    row ? pb_mail_store_find_folder (pb_profile_get_store (self->profile), row->account_id, role)
        : NULL;

  return folder && pb_folder_get_id (folder) == row->folder_id;
}

static void
move_selected (PbWindow *self, PbFolderRole role) {
  g_autoptr (GArray) ids = pb_message_list_get_selected_ids (self->list);

  if (ids->len == 0 || is_there (self, role))
    return;
  pb_mail_actions_move (self->actions, (const gint64 *) (gpointer) ids->data, ids->len, role);
  pb_message_list_step_aside (self->list);
}

static void
delete_response_cb (AdwMessageDialog *dialog, const char *response, PbWindow *self) {
  GArray *ids = g_object_get_data (G_OBJECT (dialog), "ids");
  g_autoptr (GArray) now = pb_message_list_get_selected_ids (self->list);

  if (g_strcmp0 (response, "delete") != 0)
    return;
  if (now->len && g_array_index (now, gint64, 0) == g_array_index (ids, gint64, 0))
    pb_message_list_step_aside (self->list);
  pb_mail_actions_delete (self->actions, (const gint64 *) (gpointer) ids->data, ids->len);
}

static void
ask_to_delete (PbWindow *self, GArray *ids) {
  GtkWidget *dialog = pb_delete_question_new (GTK_WINDOW (self), ids);

  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
trash_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);
  PbFolder *folder = pb_message_list_get_folder (self->list);
  g_autoptr (GArray) ids = pb_message_list_get_selected_ids (self->list);

  if (ids->len == 0)
    return;
  if (is_there (self, PB_FOLDER_TRASH) ||
      (folder && pb_folder_get_role (folder) == PB_FOLDER_TRASH))
    ask_to_delete (self, ids);
  else
    move_selected (self, PB_FOLDER_TRASH);
}

static void
archive_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  move_selected (PB_WINDOW (widget), PB_FOLDER_ARCHIVE);
}

/* Several get a star; only of one alone it is taken away. */
static void
star_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);
  gboolean starred =
    pb_conversation_rows_have (pb_message_list_get_selected (self->list), PB_FLAG_STARRED);

  set_flags (self, starred ? 0 : PB_FLAG_STARRED, starred ? PB_FLAG_STARRED : 0);
}

static void
mark_unread_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);

  g_clear_handle_id (&self->read_timer, g_source_remove);
  set_flags (self, 0, PB_FLAG_READ);
}

static void
mark_read_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  set_flags (PB_WINDOW (widget), PB_FLAG_READ, 0);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);

  if (!self->actions)
    return;
  if (self->undo_toast)
    adw_toast_dismiss (self->undo_toast);
  pb_mail_actions_undo (self->actions);
  gtk_widget_action_set_enabled (widget, "win.undo", pb_mail_actions_can_undo (self->actions));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);

  gboolean on_list =
    !pb_shell_get_narrow (self->shell) || pb_shell_get_pane (self->shell) == PB_PANE_LIST;

  if (on_list && pb_message_list_end_search (self->list))
    return;
  if (pb_shell_go_back (self->shell) && pb_shell_get_pane (self->shell) == PB_PANE_LIST)
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
show_folders_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  pb_shell_show_pane (PB_WINDOW (widget)->shell, PB_PANE_SIDEBAR);
}

static void
go_to_folder_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);

  if (self->profile)
    pb_folder_sidebar_select_index (self->sidebar, (guint) g_variant_get_int32 (parameter) - 1);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);

  if (pb_shell_get_wide (self->shell)) {
    gtk_widget_activate_action (GTK_WIDGET (self->server), "server.find", NULL);
    return;
  }
  pb_shell_show_pane (self->shell, PB_PANE_LIST);
  pb_message_list_search (self->list);
}

static void
next_unread_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  at_end_cb (PB_WINDOW (widget));
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  pb_message_view_zoom (PB_WINDOW (widget)->view, g_variant_get_int32 (parameter));
}

static gboolean
holds_focus (PbWindow *self, GtkWidget *pane) {
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus && (focus == pane || gtk_widget_is_ancestor (focus, pane));
}

/* From pane to pane, round and round; a pane that is folded away comes out. */
static void
next_pane_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbWindow *self = PB_WINDOW (widget);
  GtkWidget *panes[] = { GTK_WIDGET (self->sidebar), GTK_WIDGET (self->list),
                         GTK_WIDGET (self->view) };
  gboolean wide = pb_shell_get_wide (self->shell);
  int step = g_variant_get_int32 (parameter);
  int present = step > 0 ? -1 : 0;

  if (wide)
    panes[PB_PANE_LIST] = panes[PB_PANE_MESSAGE] = GTK_WIDGET (self->server);
  for (int i = 0; i < (int) G_N_ELEMENTS (panes); i++) {
    if (holds_focus (self, panes[i]))
      present = i;
  }
  int next = (present + step + 3) % 3;
  if (wide ? next == PB_PANE_LIST
           : next == PB_PANE_MESSAGE && !pb_message_view_get_item (self->view))
    next = (next + step + 3) % 3;
  pb_shell_show_pane (self->shell, (PbPaneName) next);
  gtk_widget_grab_focus (panes[next]);
}

/* ---- Accounts come and go ---- */

static void
update_page_cb (PbWindow *self) {
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (self->profile));
  gboolean any = g_list_model_get_n_items (accounts) > 0;

  gtk_stack_set_visible_child_name (self->stack, any ? "mail" : "welcome");
  gtk_widget_grab_focus (any ? GTK_WIDGET (self->list) : self->first);
}

/* ---- Object ---- */

static void
save_size (PbWindow *self) {
  int width, height;

  if (!self->settings)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
restore_size (PbWindow *self) {
  if (!self->settings)
    return;
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static gboolean
pb_window_close_request (GtkWindow *window) {
  save_size (PB_WINDOW (window));
  return GTK_WINDOW_CLASS (pb_window_parent_class)->close_request (window);
}

static void
pb_window_dispose (GObject *object) {
  PbWindow *self = PB_WINDOW (object);

  g_clear_handle_id (&self->read_timer, g_source_remove);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->actions);
  g_clear_object (&self->profile);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (pb_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *klass) {
  gtk_widget_class_install_action (klass, "win.trash", NULL, trash_action);
  gtk_widget_class_install_action (klass, "win.archive", NULL, archive_action);
  gtk_widget_class_install_action (klass, "win.star", NULL, star_action);
  gtk_widget_class_install_action (klass, "win.mark-unread", NULL, mark_unread_action);
  gtk_widget_class_install_action (klass, "win.mark-read", NULL, mark_read_action);
  gtk_widget_class_install_action (klass, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (klass, "win.back", NULL, back_action);
  gtk_widget_class_install_action (klass, "win.show-folders", NULL, show_folders_action);
  gtk_widget_class_install_action (klass, "win.go-to-folder", "i", go_to_folder_action);
  gtk_widget_class_install_action (klass, "win.search", NULL, search_action);
  gtk_widget_class_install_action (klass, "win.next-unread", NULL, next_unread_action);
  gtk_widget_class_install_action (klass, "win.zoom", "i", zoom_action);
  gtk_widget_class_install_action (klass, "win.next-pane", "i", next_pane_action);
}

static void
pb_window_class_init (PbWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = pb_window_close_request;
  signals[MESSAGE_SHOWN] = g_signal_new ("message-shown", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  install_actions (widget_class);

  g_type_ensure (PB_TYPE_SHELL);
  g_type_ensure (PB_TYPE_FOLDER_SIDEBAR);
  g_type_ensure (PB_TYPE_MESSAGE_LIST);
  g_type_ensure (PB_TYPE_MESSAGE_VIEW);
  g_type_ensure (PB_TYPE_SERVER_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/postbag/Postbag/pb-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PbWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, first);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, shell);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, list);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, view);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, panes);
  gtk_widget_class_bind_template_child (widget_class, PbWindow, server);
  gtk_widget_class_bind_template_callback (widget_class, place_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, read_on_cb);
  gtk_widget_class_bind_template_callback (widget_class, at_end_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pb_window_show_toast);
}

static void
pb_window_init (PbWindow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  self->item_signals = g_signal_group_new (PB_TYPE_MESSAGE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::row", G_CALLBACK (update_actions_cb),
                                  self);
  g_autoptr (GPropertyAction) grouped =
    g_property_action_new ("group-conversations", self->list, "grouped");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (grouped));
  g_signal_connect_object (pb_message_view_get_strip (self->view), "chosen",
                           G_CALLBACK (message_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", FALSE);
  update_actions_cb (self);
}

PbWindow *
pb_window_new (GtkApplication *application, GSettings *settings) {
  PbWindow *self = g_object_new (PB_TYPE_WINDOW, "application", application, NULL);

  g_set_object (&self->settings, settings);
  restore_size (self);
  if (settings) {
    pb_message_view_set_settings (self->view, settings);
    g_settings_bind (settings, "group-conversations", self->list, "grouped", 0);
  }
  return self;
}

void
pb_window_set_profile (PbWindow *self, PbProfile *profile) {
  g_return_if_fail (PB_IS_WINDOW (self));
  g_return_if_fail (PB_IS_PROFILE (profile));
  g_return_if_fail (self->profile == NULL);

  PbMailStore *store = pb_profile_get_store (profile);

  self->profile = g_object_ref (profile);
  self->actions = pb_mail_actions_new (store);
  g_signal_connect_object (self->actions, "moved", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->actions, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  pb_message_view_set_profile (self->view, profile);
  pb_message_list_set_store (self->list, store);
  pb_folder_sidebar_set_profile (self->sidebar, profile);
  g_signal_connect_object (pb_profile_get_accounts (profile), "items-changed",
                           G_CALLBACK (update_page_cb), self, G_CONNECT_SWAPPED);
  update_page_cb (self);
  pb_message_view_warm_up (self->view);
  if (self->awaited)
    pb_message_list_open_id (self->list, self->awaited);
}

void
pb_window_open_message_id (PbWindow *self, gint64 id) {
  g_return_if_fail (PB_IS_WINDOW (self));

  self->awaited = self->profile ? 0 : id;
  if (!self->profile)
    return;
  pb_folder_sidebar_select_index (self->sidebar, 0);
  pb_message_list_open_id (self->list, id);
}

void
pb_window_show_problem (PbWindow *self, const GError *error) {
  g_return_if_fail (PB_IS_WINDOW (self));
  g_return_if_fail (error != NULL);

  g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);
  g_autofree char *text = g_markup_printf_escaped ("%s\n%s", problem->effect, problem->advice);

  adw_status_page_set_title (self->problem, problem->title);
  adw_status_page_set_description (self->problem, text);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

gboolean
pb_window_open_message (PbWindow *self, guint position) {
  g_return_val_if_fail (PB_IS_WINDOW (self), FALSE);

  if (!pb_message_list_select (self->list, position))
    return FALSE;
  message_opened_cb (self, pb_message_list_get_selected (self->list));
  return TRUE;
}

gboolean
pb_window_show_server (PbWindow *self) {
  g_return_val_if_fail (PB_IS_WINDOW (self), FALSE);

  return pb_folder_sidebar_select_server (self->sidebar);
}

guint
pb_window_get_message_count (PbWindow *self) {
  g_return_val_if_fail (PB_IS_WINDOW (self), 0);
  return pb_message_list_get_count (self->list);
}
