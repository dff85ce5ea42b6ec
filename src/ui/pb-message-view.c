/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From an item to a message on the screen: bytes from the store, parsed and made into a document
 * by worker threads. Head and body change together; the old message stays until the new one is
 * there, but not for longer than an eye would take for a hang. */

#include "config.h"

#include <glib/gi18n.h>

#include "pb-letter-window.h"
#include "pb-message-view-private.h"
#include "pb-problem.h"

#define HOLD_MS 150

G_DEFINE_FINAL_TYPE (PbMessageView, pb_message_view, GTK_TYPE_WIDGET)

enum { PROP_NARROW = 1, PROP_PREFER_TEXT, PROP_CHARSET, PROP_ZOOM, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { SHOWN, BODY_SHOWN, AT_END, NOTICE, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* One showing of one message. Whatever comes back for another than the present one is dropped. */
typedef struct {
  PbMessageView *view;
  GCancellable *cancellable;
  PbMessage *message;
} Showing;

static void
showing_free (Showing *showing) {
  g_object_unref (showing->view);
  g_object_unref (showing->cancellable);
  g_clear_object (&showing->message);
  g_free (showing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Showing, showing_free)

static Showing *
showing_new (PbMessageView *self) {
  Showing *showing = g_new0 (Showing, 1);

  showing->view = g_object_ref (self);
  showing->cancellable = g_object_ref (self->cancellable);
  return showing;
}

static gboolean
is_stale (const Showing *showing) {
  return showing->cancellable != showing->view->cancellable ||
         g_cancellable_is_cancelled (showing->cancellable);
}

/* ---- Showing ---- */

static const PbMessageRow *
present_row (PbMessageView *self) {
  return self->item ? pb_message_item_get_row (self->item) : NULL;
}

static const char *
own_address (PbMessageView *self) {
  const PbMessageRow *row = present_row (self);
  PbAccount *account =
    row && self->profile
      ? pb_account_list_find (pb_profile_get_accounts (self->profile), row->account_id)
      : NULL;

  return account ? pb_account_get_address (account) : NULL;
}

static void
fail (PbMessageView *self, const GError *error) {
  g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);
  g_autofree char *text = g_markup_printf_escaped ("%s\n%s", problem->effect, problem->advice);

  g_clear_handle_id (&self->hold, g_source_remove);
  adw_status_page_set_title (self->problem, problem->title);
  adw_status_page_set_description (self->problem, text);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static void
document_made (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Showing) showing = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PbDocument) document = pb_document_load_finish (result, &error);
  PbMessageView *self = showing->view;

  if (is_stale (showing))
    return;
  if (!document) {
    fail (self, error);
    return;
  }
  const PbMessageRow *row = present_row (self);
  g_clear_handle_id (&self->hold, g_source_remove);
  g_set_object (&self->message, showing->message);
  pb_message_header_set_message (self->header, self->message, row ? row->received : G_MININT64,
                                 own_address (self));
  _pb_message_view_show_findings (self, document);
  pb_attachment_bar_set_message (self->attachments, self->message);
  pb_html_view_show (self->body, self->message, document);
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static void
make_document (PbMessageView *self, PbMessage *message) {
  Showing *showing = showing_new (self);
  g_autofree char *pictures = self->with_pictures ? _pb_message_view_dup_pictures_dir (self) : NULL;
  PbDocumentOptions options = {
    .prefer_text = self->prefer_text,
    .dark = adw_style_manager_get_dark (adw_style_manager_get_default ()),
    .original_colors = self->original_colors,
    .pictures_dir = pictures,
  };

  showing->message = g_object_ref (message);
  pb_document_load_async (message, &options, self->cancellable, document_made, showing);
}

static void
message_parsed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Showing) showing = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PbMessage) message = pb_message_load_finish (result, &error);

  if (is_stale (showing))
    return;
  if (!message) {
    fail (showing->view, error);
    return;
  }
  _pb_message_view_apply_rules (showing->view, message);
  make_document (showing->view, message);
}

static void
parse (PbMessageView *self) {
  pb_message_load_async (self->bytes, *self->charset ? self->charset : NULL, self->cancellable,
                         message_parsed, showing_new (self));
}

static void
bytes_read (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Showing) showing = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    pb_mail_store_load_message_finish (PB_MAIL_STORE (source), result, NULL, &error);
  PbMessageView *self = showing->view;

  if (is_stale (showing))
    return;
  if (!bytes) {
    fail (self, error);
    return;
  }
  self->bytes = g_steal_pointer (&bytes);
  parse (self);
}

/* It takes a while: show at least what the list knows, and no body of another message. */
static gboolean
held_long_enough_cb (gpointer data) {
  PbMessageView *self = data;
  const PbMessageRow *row = present_row (self);

  self->hold = 0;
  if (!row)
    return G_SOURCE_REMOVE;
  pb_message_header_set_row (self->header, row);
  gtk_widget_set_visible (GTK_WIDGET (self->remote), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), FALSE);
  pb_attachment_bar_set_message (self->attachments, NULL);
  pb_html_view_clear (self->body);
  gtk_stack_set_visible_child_name (self->stack, "message");
  return G_SOURCE_REMOVE;
}

static void
stop (PbMessageView *self) {
  g_clear_handle_id (&self->hold, g_source_remove);
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->message);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  if (*self->charset) {
    g_free (self->charset);
    self->charset = g_strdup ("");
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHARSET]);
  }
}

/* Reads and shows the item, which is set. */
static void
load (PbMessageView *self) {
  stop (self);
  self->cancellable = g_cancellable_new ();
  self->hold = g_timeout_add (HOLD_MS, held_long_enough_cb, self);
  pb_mail_store_load_message_async (pb_profile_get_store (self->profile),
                                    pb_message_item_get_id (self->item), self->cancellable,
                                    bytes_read, showing_new (self));
}

/* The same message in another dress: colours or kind of text changed. */
static void
start_again (PbMessageView *self) {
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
}

void
_pb_message_view_remake (PbMessageView *self) {
  if (!self->message)
    return;
  g_autoptr (PbMessage) message = g_object_ref (self->message);
  start_again (self);
  make_document (self, message);
}

void
_pb_message_view_reread (PbMessageView *self) {
  if (!self->bytes)
    return;
  start_again (self);
  parse (self);
}

char *
_pb_message_view_dup_pictures_dir (PbMessageView *self) {
  return self->cache_dir ? g_build_filename (self->cache_dir, "pictures", NULL) : NULL;
}

void
_pb_message_view_failed (PbMessageView *self, const GError *error) {
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* ---- Around it ---- */

static void
update_star_cb (PbMessageView *self) {
  gboolean starred = self->item && pb_message_item_has_flag (self->item, PB_FLAG_STARRED);

  gtk_button_set_icon_name (GTK_BUTTON (self->star),
                            starred ? "starred-symbolic" : "non-starred-symbolic");
}

static void
body_shown_cb (PbMessageView *self) {
  pb_message_header_unselect (self->header);
  g_signal_emit (self, signals[BODY_SHOWN], 0);
  if (self->item && self->message)
    g_signal_emit (self, signals[SHOWN], 0, self->item);
}

static void
at_end_cb (PbMessageView *self) {
  g_signal_emit (self, signals[AT_END], 0);
}

static void
link_clicked_cb (PbMessageView *self, const char *uri, const char *odd) {
  _pb_message_view_open_link (self, uri, odd);
}

/* Remembered for this machine; the preferences have the way back. */
static void
body_blank_cb (PbMessageView *self) {
  if (self->settings)
    g_settings_set_boolean (self->settings, "text-only", TRUE);
  g_signal_emit (self, signals[NOTICE], 0,
                 _ ("Messages are shown as text: the graphics of this computer leave pages empty"));
}

static void
open_message_cb (PbMessageView *self, GBytes *bytes) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkApplication *application =
    GTK_IS_WINDOW (root) ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;

  gtk_window_present (
    GTK_WINDOW (pb_letter_window_new (application, self->settings, bytes, self->cache_dir)));
}

static void
attachment_done_cb (PbMessageView *self, const char *text) {
  g_signal_emit (self, signals[NOTICE], 0, text);
}

static void
rest_failed_cb (PbMessageView *self, const GError *error) {
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
attachment_failed_cb (PbMessageView *self, const GError *error) {
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* ---- Object ---- */

static void
pb_message_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbMessageView *self = PB_MESSAGE_VIEW (object);

  switch (id) {
  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;
  case PROP_PREFER_TEXT:
    g_value_set_boolean (value, self->prefer_text);
    break;
  case PROP_CHARSET:
    g_value_set_string (value, self->charset);
    break;
  case PROP_ZOOM:
    g_value_set_int (value, self->zoom);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_message_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  PbMessageView *self = PB_MESSAGE_VIEW (object);

  switch (id) {
  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;
  case PROP_PREFER_TEXT:
    self->prefer_text = g_value_get_boolean (value);
    _pb_message_view_remake (self);
    break;
  case PROP_CHARSET:
    if (g_strcmp0 (self->charset, g_value_get_string (value)) == 0)
      break;
    g_free (self->charset);
    self->charset = g_value_dup_string (value);
    _pb_message_view_reread (self);
    break;
  case PROP_ZOOM:
    self->zoom = g_value_get_int (value);
    pb_html_view_set_zoom (self->body, 1 + self->zoom * 0.1);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static gboolean
pb_message_view_grab_focus (GtkWidget *widget) {
  return gtk_widget_grab_focus (GTK_WIDGET (PB_MESSAGE_VIEW (widget)->body));
}

static void
pb_message_view_dispose (GObject *object) {
  PbMessageView *self = PB_MESSAGE_VIEW (object);

  stop (self);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->profile);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->cache_dir, g_free);
  g_clear_pointer (&self->charset, g_free);
  g_clear_pointer (&self->remote_addresses, g_ptr_array_unref);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_message_view_parent_class)->dispose (object);
}

static void
install_signals (GType type) {
  signals[SHOWN] = g_signal_new ("shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, PB_TYPE_MESSAGE_ITEM);
  signals[BODY_SHOWN] =
    g_signal_new ("body-shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[AT_END] =
    g_signal_new ("at-end", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NOTICE] = g_signal_new ("notice", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
pb_message_view_class_init (PbMessageViewClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = pb_message_view_dispose;
  object_class->get_property = pb_message_view_get_property;
  object_class->set_property = pb_message_view_set_property;
  widget_class->grab_focus = pb_message_view_grab_focus;
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_PREFER_TEXT] = g_param_spec_boolean ("prefer-text", NULL, NULL, FALSE, flags);
  properties[PROP_CHARSET] =
    g_param_spec_string ("charset", NULL, NULL, "", flags | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_ZOOM] = g_param_spec_int ("zoom", NULL, NULL, -5, 20, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals (G_TYPE_FROM_CLASS (klass));
  gtk_widget_class_install_property_action (widget_class, "message.prefer-text", "prefer-text");
  gtk_widget_class_install_property_action (widget_class, "message.charset", "charset");
  _pb_message_view_install_actions (widget_class);

  g_type_ensure (PB_TYPE_ATTACHMENT_BAR);
  g_type_ensure (PB_TYPE_CONVERSATION_STRIP);
  g_type_ensure (PB_TYPE_HTML_VIEW);
  g_type_ensure (PB_TYPE_MESSAGE_HEADER);
  g_type_ensure (PB_TYPE_PARTIAL_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, content);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, tools);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, strip);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, nothing);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, partial);
  gtk_widget_class_bind_template_callback (widget_class, load);
  gtk_widget_class_bind_template_callback (widget_class, rest_failed_cb);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, menu);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, star);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, stack);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, problem);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, header);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, remote);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, remote_text);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, remote_button);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, colors);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, warning);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, warning_text);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, body);
  gtk_widget_class_bind_template_child (widget_class, PbMessageView, attachments);
  gtk_widget_class_bind_template_callback (widget_class, body_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, at_end_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, body_blank_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_message_cb);
  gtk_widget_class_bind_template_callback (widget_class, attachment_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, attachment_failed_cb);
}

static void
pb_message_view_init (PbMessageView *self) {
  self->charset = g_strdup ("");
  self->remote_addresses = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->item_signals = g_signal_group_new (PB_TYPE_MESSAGE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::row", G_CALLBACK (update_star_cb),
                                  self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (_pb_message_view_remake), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->tools, FALSE);
  gtk_widget_set_visible (self->menu, FALSE);
}

void
pb_message_view_set_profile (PbMessageView *self, PbProfile *profile) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));
  g_return_if_fail (PB_IS_PROFILE (profile));

  g_set_object (&self->profile, profile);
  pb_conversation_strip_set_store (self->strip, pb_profile_get_store (profile));
  pb_partial_bar_set_profile (self->partial, profile);
  pb_html_view_set_cache_dir (self->body, pb_profile_get_paths (profile)->cache);
  pb_attachment_bar_set_cache_dir (self->attachments, pb_profile_get_paths (profile)->cache);
  pb_message_view_set_cache_dir (self, pb_profile_get_paths (profile)->cache);
}
void
pb_message_view_set_cache_dir (PbMessageView *self, const char *cache_dir) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));
  g_free (self->cache_dir);
  self->cache_dir = g_strdup (cache_dir);
  g_autofree char *pictures = _pb_message_view_dup_pictures_dir (self);
  pb_html_view_set_cache_dir (self->body, cache_dir);
  pb_html_view_set_pictures_dir (self->body, pictures);
  pb_attachment_bar_set_cache_dir (self->attachments, cache_dir);
}
static void
text_only_changed_cb (PbMessageView *self) {
  pb_html_view_set_text_only (self->body, g_settings_get_boolean (self->settings, "text-only"));
  _pb_message_view_remake (self);
}
void
pb_message_view_set_settings (PbMessageView *self, GSettings *settings) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));
  g_return_if_fail (settings == NULL || G_IS_SETTINGS (settings));
  g_set_object (&self->settings, settings);
  if (!settings)
    return;
  g_settings_bind (settings, "prefer-text", self, "prefer-text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "zoom", self, "zoom", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed::text-only", G_CALLBACK (text_only_changed_cb), self,
                           G_CONNECT_SWAPPED);
  text_only_changed_cb (self);
}
void
pb_message_view_show_error (PbMessageView *self, const GError *error) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));
  g_return_if_fail (error != NULL);
  fail (self, error);
}
void
pb_message_view_show_bytes (PbMessageView *self, GBytes *bytes) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));
  g_return_if_fail (bytes != NULL);
  pb_message_view_set_item (self, NULL);
  self->bytes = g_bytes_ref (bytes);
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (self->menu, TRUE);
  parse (self);
}

void
pb_message_view_set_item (PbMessageView *self, PbMessageItem *item) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));
  g_return_if_fail (item == NULL || PB_IS_MESSAGE_ITEM (item));

  if (item && item == self->item)
    return;
  stop (self);
  g_set_object (&self->item, item);
  g_signal_group_set_target (self->item_signals, item);
  pb_partial_bar_set_item (self->partial, item);
  update_star_cb (self);
  gtk_widget_set_visible (self->tools, item != NULL);
  gtk_widget_set_visible (self->menu, item != NULL);
  if (!item) {
    gtk_stack_set_visible_child_name (self->stack, "nothing");
    pb_html_view_clear (self->body);
    return;
  }
  load (self);
}

PbConversationStrip *
pb_message_view_get_strip (PbMessageView *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_VIEW (self), NULL);
  return self->strip;
}

PbMessageItem *
pb_message_view_get_item (PbMessageView *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_VIEW (self), NULL);
  return self->item;
}

void
pb_message_view_set_count (PbMessageView *self, guint count) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));

  g_autofree char *several =
    g_strdup_printf (ngettext ("%u Message Selected", "%u Messages Selected", count), count);

  adw_status_page_set_title (self->nothing, count > 0 ? several : _ ("No Message Selected"));
  gtk_widget_set_visible (self->tools, self->item != NULL || count > 0);
}

void
pb_message_view_warm_up (PbMessageView *self) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));
  pb_html_view_warm_up (self->body);
}

void
pb_message_view_read_on (PbMessageView *self) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));

  if (self->item)
    pb_html_view_read_on (self->body);
  else
    g_signal_emit (self, signals[AT_END], 0);
}

void
pb_message_view_zoom (PbMessageView *self, int steps) {
  g_return_if_fail (PB_IS_MESSAGE_VIEW (self));

  g_object_set (self, "zoom", steps ? CLAMP (self->zoom + steps, -5, 20) : 0, NULL);
}
