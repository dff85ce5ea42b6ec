/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One WebKitWebView in a context and a network session of its own. A document waits until the
 * content filter is compiled (or cannot be): no page is shown with one wall less than there could
 * be. */

#include "pb-locked-web.h"

#include <webkit/webkit.h>

#include "pb-cid-scheme.h"

#define WORLD "postbag"
#define LOAD_SECONDS 10

/* Says which link the keyboard is on. */
#define FOCUS_HANDLER "postbag"
#define FOCUS_SCRIPT                                                               \
  "document.addEventListener ('focusin', e => { const a = e.target.closest ('a');" \
  " window.webkit.messageHandlers." FOCUS_HANDLER ".postMessage (a ? a.href : ''); });"

/* Only what the program answers itself. The first rule refuses all, the second takes cid: out of
 * it again. */
#define FILTER                                                                                     \
  "[{\"trigger\":{\"url-filter\":\".*\"},\"action\":{\"type\":\"block\"}},"                        \
  "{\"trigger\":{\"url-filter\":\"^cid:\"},\"action\":{\"type\":\"ignore-previous-rules\"}},"      \
  "{\"trigger\":{\"url-filter\":\"^about:blank\"},\"action\":{\"type\":\"ignore-previous-rules\"}" \
  "}]"

struct _PbLockedWeb {
  GtkWidget parent;

  WebKitWebView *view;
  PbMessage *message;
  char *pictures_dir;
  char *waiting; /* a document for when the filter is there */
  gboolean ready;
  gboolean loading; /* our own load is on its way: the one navigation that is allowed */
  guint watchdog;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PbLockedWeb, pb_locked_web, GTK_TYPE_WIDGET)

enum { LINK_CLICKED, LINK_HOVERED, LOADED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Loading ---- */

static void
fail (PbLockedWeb *self) {
  g_clear_handle_id (&self->watchdog, g_source_remove);
  self->loading = FALSE;
  g_signal_emit (self, signals[FAILED], 0);
}

static gboolean
took_too_long_cb (gpointer data) {
  PbLockedWeb *self = data;

  self->watchdog = 0;
  webkit_web_view_stop_loading (self->view);
  fail (self);
  return G_SOURCE_REMOVE;
}

static void
load (PbLockedWeb *self, const char *html) {
  self->loading = TRUE;
  g_clear_handle_id (&self->watchdog, g_source_remove);
  self->watchdog = g_timeout_add_seconds (LOAD_SECONDS, took_too_long_cb, self);
  webkit_web_view_load_html (self->view, html, NULL);
}

static void
load_changed_cb (PbLockedWeb *self, WebKitLoadEvent event) {
  if (event != WEBKIT_LOAD_FINISHED || !self->loading)
    return;
  g_clear_handle_id (&self->watchdog, g_source_remove);
  self->loading = FALSE;
  webkit_web_view_evaluate_javascript (self->view, FOCUS_SCRIPT, -1, WORLD, NULL, NULL, NULL, NULL);
  g_signal_emit (self, signals[LOADED], 0);
}

static void
become_ready (PbLockedWeb *self) {
  g_autofree char *html = g_steal_pointer (&self->waiting);

  self->ready = TRUE;
  if (html)
    load (self, html);
}

/* ---- Refusing ---- */

static gboolean
is_own_document (const char *uri) {
  return g_strcmp0 (uri, "about:blank") == 0 || g_str_has_prefix (uri, "about:blank#");
}

static gboolean
decide_policy_cb (PbLockedWeb *self,
                  WebKitPolicyDecision *decision,
                  WebKitPolicyDecisionType type) {
  if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE) {
    webkit_policy_decision_ignore (decision);
    return TRUE;
  }
  WebKitNavigationAction *action = webkit_navigation_policy_decision_get_navigation_action (
    WEBKIT_NAVIGATION_POLICY_DECISION (decision));
  const char *uri = webkit_uri_request_get_uri (webkit_navigation_action_get_request (action));
  WebKitNavigationType navigation = webkit_navigation_action_get_navigation_type (action);
  gboolean clicked = navigation == WEBKIT_NAVIGATION_TYPE_LINK_CLICKED;

  /* Our own load, and jumps inside of it. */
  if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION && is_own_document (uri) &&
      (self->loading || clicked)) {
    webkit_policy_decision_use (decision);
    return TRUE;
  }
  webkit_policy_decision_ignore (decision);
  if (clicked)
    g_signal_emit (self, signals[LINK_CLICKED], 0, uri);
  return TRUE;
}

static gboolean
refuse_permission_cb (WebKitWebView *view, WebKitPermissionRequest *request) {
  webkit_permission_request_deny (request);
  return TRUE;
}

static gboolean
refuse_cb (void) {
  return TRUE;
}

static GtkWidget *
refuse_window_cb (void) {
  return NULL;
}

static void
refuse_download_cb (WebKitNetworkSession *session, WebKitDownload *download) {
  webkit_download_cancel (download);
}

static gboolean
refuse_certificate_cb (WebKitWebView *view, WebKitAuthenticationRequest *request) {
  webkit_authentication_request_cancel (request);
  return TRUE;
}

/* Copying is all one can do with a message in place. */
static gboolean
context_menu_cb (WebKitWebView *view, WebKitContextMenu *menu) {
  g_autoptr (GList) items = g_list_copy (webkit_context_menu_get_items (menu));

  for (GList *l = items; l; l = l->next) {
    WebKitContextMenuAction action = webkit_context_menu_item_get_stock_action (l->data);
    if (action != WEBKIT_CONTEXT_MENU_ACTION_COPY &&
        action != WEBKIT_CONTEXT_MENU_ACTION_COPY_LINK_TO_CLIPBOARD &&
        action != WEBKIT_CONTEXT_MENU_ACTION_SELECT_ALL)
      webkit_context_menu_remove (menu, l->data);
  }
  return webkit_context_menu_get_n_items (menu) == 0;
}

/* ---- Making the view ---- */

static void
cid_cb (WebKitURISchemeRequest *request, gpointer data) {
  GWeakRef *web = data;
  g_autoptr (PbLockedWeb) self = g_weak_ref_get (web);

  pb_cid_scheme_answer (request, self ? self->message : NULL, self ? self->pictures_dir : NULL);
}

static void
weak_ref_free (gpointer data) {
  g_weak_ref_clear (data);
  g_free (data);
}

static WebKitWebContext *
make_context (PbLockedWeb *self) {
  WebKitWebContext *context = webkit_web_context_new ();
  GWeakRef *web = g_new0 (GWeakRef, 1);

  g_weak_ref_init (web, self);
  webkit_web_context_set_cache_model (context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
  webkit_web_context_set_spell_checking_enabled (context, FALSE);
  webkit_web_context_register_uri_scheme (context, "cid", cid_cb, web, weak_ref_free);
  return context;
}

/* Whatever slips through asks a proxy that is not there. */
static WebKitNetworkSession *
make_session (void) {
  WebKitNetworkSession *session = webkit_network_session_new_ephemeral ();
  WebKitNetworkProxySettings *nowhere =
    webkit_network_proxy_settings_new ("http://127.0.0.1:9", NULL);

  webkit_network_session_set_proxy_settings (session, WEBKIT_NETWORK_PROXY_MODE_CUSTOM, nowhere);
  webkit_network_session_set_tls_errors_policy (session, WEBKIT_TLS_ERRORS_POLICY_FAIL);
  webkit_network_session_set_persistent_credential_storage_enabled (session, FALSE);
  webkit_cookie_manager_set_accept_policy (webkit_network_session_get_cookie_manager (session),
                                           WEBKIT_COOKIE_POLICY_ACCEPT_NEVER);
  g_signal_connect (session, "download-started", G_CALLBACK (refuse_download_cb), NULL);
  webkit_network_proxy_settings_free (nowhere);
  return session;
}

/* enable-javascript stays on for the program's own scripts (scrolling by a page); without
 * javascript-markup no script of a document runs, and the document has none. */
static WebKitSettings *
make_settings (void) {
  static const char *const refused[] = {
    "allow-modal-dialogs",
    "enable-back-forward-navigation-gestures",
    "enable-developer-extras",
    "enable-encrypted-media",
    "enable-fullscreen",
    "enable-html5-database",
    "enable-html5-local-storage",
    "enable-javascript-markup",
    "enable-media",
    "enable-media-stream",
    "enable-mediasource",
    "enable-page-cache",
    "enable-site-specific-quirks",
    "enable-webaudio",
    "enable-webgl",
    "enable-webrtc",
    "javascript-can-access-clipboard",
    "javascript-can-open-windows-automatically",
  };
  WebKitSettings *settings = webkit_settings_new ();

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    g_object_set (settings, refused[i], FALSE, NULL);
  webkit_settings_set_enable_tabs_to_links (settings, TRUE);
  webkit_settings_set_hardware_acceleration_policy (settings,
                                                    WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
  return settings;
}

/* Mail is read in the letters of the desktop. */
static void
update_font_cb (PbLockedWeb *self) {
  g_autofree char *name = NULL;

  g_object_get (gtk_settings_get_default (), "gtk-font-name", &name, NULL);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (name ? name : "");
  guint32 points = (guint32) (pango_font_description_get_size (font) / PANGO_SCALE);
  guint32 pixels = webkit_settings_font_size_to_pixels (points ? points : 11);
  WebKitSettings *settings = webkit_web_view_get_settings (self->view);

  webkit_settings_set_default_font_size (settings, pixels);
  webkit_settings_set_default_monospace_font_size (settings, pixels);
  if (pango_font_description_get_family (font))
    webkit_settings_set_default_font_family (settings, pango_font_description_get_family (font));
}

static void
filter_made (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbLockedWeb) self = data;
  WebKitUserContentFilter *filter = webkit_user_content_filter_store_save_finish (
    WEBKIT_USER_CONTENT_FILTER_STORE (source), result, NULL);

  if (!self->view) {
    g_clear_pointer (&filter, webkit_user_content_filter_unref);
    return;
  }
  if (filter) {
    webkit_user_content_manager_add_filter (webkit_web_view_get_user_content_manager (self->view),
                                            filter);
    webkit_user_content_filter_unref (filter);
  }
  become_ready (self);
}

static void
make_filter (PbLockedWeb *self, const char *filter_dir) {
  if (!filter_dir) {
    become_ready (self);
    return;
  }
  g_autoptr (WebKitUserContentFilterStore) store =
    webkit_user_content_filter_store_new (filter_dir);
  g_autoptr (GBytes) rules = g_bytes_new_static (FILTER, strlen (FILTER));

  webkit_user_content_filter_store_save (store, "nothing", rules, self->cancellable, filter_made,
                                         g_object_ref (self));
}

static void
hovered_cb (PbLockedWeb *self, WebKitHitTestResult *hit) {
  g_signal_emit (self, signals[LINK_HOVERED], 0, webkit_hit_test_result_get_link_uri (hit));
}

static void
focused_cb (PbLockedWeb *self, JSCValue *value) {
  g_autofree char *uri = jsc_value_to_string (value);

  g_signal_emit (self, signals[LINK_HOVERED], 0, uri && *uri ? uri : NULL);
}

static void
connect_focus (PbLockedWeb *self) {
  WebKitUserContentManager *manager = webkit_web_view_get_user_content_manager (self->view);

  g_signal_connect_object (manager, "script-message-received::" FOCUS_HANDLER,
                           G_CALLBACK (focused_cb), self, G_CONNECT_SWAPPED);
  webkit_user_content_manager_register_script_message_handler (manager, FOCUS_HANDLER, WORLD);
}

static void
connect_view (PbLockedWeb *self) {
  WebKitWebView *view = self->view;
  GConnectFlags swapped = G_CONNECT_SWAPPED;

  g_signal_connect_object (view, "load-changed", G_CALLBACK (load_changed_cb), self, swapped);
  g_signal_connect_object (view, "decide-policy", G_CALLBACK (decide_policy_cb), self, swapped);
  g_signal_connect_object (view, "mouse-target-changed", G_CALLBACK (hovered_cb), self, swapped);
  g_signal_connect_object (view, "web-process-terminated", G_CALLBACK (fail), self, swapped);
  g_signal_connect (view, "permission-request", G_CALLBACK (refuse_permission_cb), NULL);
  g_signal_connect (view, "create", G_CALLBACK (refuse_window_cb), NULL);
  g_signal_connect (view, "run-file-chooser", G_CALLBACK (refuse_cb), NULL);
  g_signal_connect (view, "script-dialog", G_CALLBACK (refuse_cb), NULL);
  g_signal_connect (view, "show-notification", G_CALLBACK (refuse_cb), NULL);
  g_signal_connect (view, "enter-fullscreen", G_CALLBACK (refuse_cb), NULL);
  g_signal_connect (view, "print", G_CALLBACK (refuse_cb), NULL);
  g_signal_connect (view, "authenticate", G_CALLBACK (refuse_certificate_cb), NULL);
  g_signal_connect (view, "context-menu", G_CALLBACK (context_menu_cb), NULL);
}

static gboolean
pb_locked_web_grab_focus (GtkWidget *widget) {
  return gtk_widget_grab_focus (GTK_WIDGET (PB_LOCKED_WEB (widget)->view));
}

static void
pb_locked_web_dispose (GObject *object) {
  PbLockedWeb *self = PB_LOCKED_WEB (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->watchdog, g_source_remove);
  g_signal_handlers_disconnect_by_data (gtk_settings_get_default (), self);
  g_clear_pointer ((GtkWidget **) &self->view, gtk_widget_unparent);
  g_clear_object (&self->message);
  g_clear_pointer (&self->waiting, g_free);
  g_clear_pointer (&self->pictures_dir, g_free);
  G_OBJECT_CLASS (pb_locked_web_parent_class)->dispose (object);
}

static void
pb_locked_web_finalize (GObject *object) {
  g_object_unref (PB_LOCKED_WEB (object)->cancellable);
  G_OBJECT_CLASS (pb_locked_web_parent_class)->finalize (object);
}

static void
pb_locked_web_class_init (PbLockedWebClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = pb_locked_web_dispose;
  object_class->finalize = pb_locked_web_finalize;
  widget_class->grab_focus = pb_locked_web_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  signals[LINK_CLICKED] = g_signal_new ("link-clicked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[LINK_HOVERED] = g_signal_new ("link-hovered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[LOADED] =
    g_signal_new ("loaded", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] =
    g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pb_locked_web_init (PbLockedWeb *self) {
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
pb_locked_web_new (const char *filter_dir) {
  PbLockedWeb *self = g_object_new (PB_TYPE_LOCKED_WEB, NULL);
  g_autoptr (WebKitWebContext) context = make_context (self);
  g_autoptr (WebKitNetworkSession) session = make_session ();
  g_autoptr (WebKitSettings) settings = make_settings ();

  self->view = g_object_new (WEBKIT_TYPE_WEB_VIEW, "web-context", context, "network-session",
                             session, "settings", settings, NULL);
  connect_view (self);
  connect_focus (self);
  gtk_widget_set_parent (GTK_WIDGET (self->view), GTK_WIDGET (self));
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-font-name",
                           G_CALLBACK (update_font_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi",
                           G_CALLBACK (update_font_cb), self, G_CONNECT_SWAPPED);
  update_font_cb (self);
  make_filter (self, filter_dir);
  return GTK_WIDGET (self);
}

void
pb_locked_web_show (PbLockedWeb *self, const char *html, PbMessage *message) {
  g_return_if_fail (PB_IS_LOCKED_WEB (self));
  g_return_if_fail (html != NULL);

  g_set_object (&self->message, message);
  g_clear_pointer (&self->waiting, g_free);
  if (self->ready)
    load (self, html);
  else
    self->waiting = g_strdup (html);
}

void
pb_locked_web_set_pictures_dir (PbLockedWeb *self, const char *pictures_dir) {
  g_return_if_fail (PB_IS_LOCKED_WEB (self));
  g_free (self->pictures_dir);
  self->pictures_dir = g_strdup (pictures_dir);
}

void
pb_locked_web_set_background (PbLockedWeb *self, const GdkRGBA *color) {
  g_return_if_fail (PB_IS_LOCKED_WEB (self));
  webkit_web_view_set_background_color (self->view, color);
}

void
pb_locked_web_set_zoom (PbLockedWeb *self, double zoom) {
  g_return_if_fail (PB_IS_LOCKED_WEB (self));
  webkit_web_view_set_zoom_level (self->view, zoom);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JSCValue) value =
    webkit_web_view_evaluate_javascript_finish (WEBKIT_WEB_VIEW (source), result, &error);

  if (value)
    g_task_return_boolean (task, jsc_value_to_boolean (value));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
pb_locked_web_ask_async (PbLockedWeb *self,
                         const char *script,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data) {
  g_return_if_fail (PB_IS_LOCKED_WEB (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pb_locked_web_ask_async);
  webkit_web_view_evaluate_javascript (self->view, script, -1, WORLD, NULL, cancellable, answered,
                                       task);
}

gboolean
pb_locked_web_ask_finish (PbLockedWeb *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
