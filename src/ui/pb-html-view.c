/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps one PbLockedWeb for the life of the window and the text of the present message at hand. */

#include "config.h"

#include "pb-html-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-format.h"
#include "pb-html-filter.h"
#include "pb-locked-web.h"
#include "pb-paint-check.h"

/* Longer than this nobody looks at an empty pane. */
#define PATIENCE_MS 1000

/* What people who hear the message get; more than they would listen to. */
#define SPOKEN_BYTES 20000

#define TEXT_BYTES (1024 * 1024)

#define SCROLL_SCRIPT                                                   \
  "(() => { const e = document.scrollingElement, before = e.scrollTop;" \
  " e.scrollTop = before + Math.max (window.innerHeight - 48, 24);"     \
  " return e.scrollTop > before + 1; }) ()"

/* A message that was laid out for a wider window is shown smaller, as far as it stays readable. */
#define FIT_SCRIPT                                                     \
  "(() => { const fit = () => {"                                       \
  " for (const m of document.getElementsByClassName ('pb-message')) {" \
  "  m.style.zoom = 1; const ratio = m.clientWidth / m.scrollWidth;"   \
  "  if (ratio < 1) m.style.zoom = Math.max (ratio, 0.55); } };"       \
  " window.addEventListener ('resize', fit); fit (); return true; }) ()"

struct _PbHtmlView {
  GtkWidget parent;

  GtkWidget *overlay;
  GtkStack *stack;
  GtkTextView *text;
  GtkScrolledWindow *text_scroller;
  GtkLabel *target;

  PbLockedWeb *web; /* owned by the stack */
  PbMessage *message;
  GHashTable *odd_links; /* of the present document */
  char *cache_dir;
  char *pictures_dir;
  double zoom;
  guint patience;
  gboolean text_only;
  gboolean said;    /* that the present document is shown */
  gboolean checked; /* that the web view paints */
};

G_DEFINE_FINAL_TYPE (PbHtmlView, pb_html_view, GTK_TYPE_WIDGET)

enum { LINK_CLICKED, SHOWN, AT_END, BLANK, N_SIGNALS };
static guint signals[N_SIGNALS];

static char *
dup_text (PbMessage *message, gsize limit) {
  const char *text = pb_message_get_text (message);
  const char *html = pb_message_get_html (message);

  if (!text)
    return html ? pb_html_to_text (html, limit) : g_strdup ("");
  const char *end = text + MIN (strlen (text), limit);
  while (end > text && (*end & 0xc0) == 0x80)
    end--;
  return g_strndup (text, (gsize) (end - text));
}

/* The page inside a web view is silent on this floor: the view itself says what is in it. */
static void
set_spoken_text (PbHtmlView *self) {
  g_autofree char *text = self->message ? dup_text (self->message, SPOKEN_BYTES) : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Message text"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* Once for each document, also where the text comes first and the web view later. */
static void
say_shown (PbHtmlView *self) {
  if (self->said)
    return;
  self->said = TRUE;
  g_signal_emit (self, signals[SHOWN], 0);
}

static void
show_text (PbHtmlView *self) {
  g_autofree char *text = dup_text (self->message, TEXT_BYTES);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text, -1);
  gtk_stack_set_visible_child_name (self->stack, "text");
  say_shown (self);
}

/* A document with words in it, and not one of them on the screen. */
static gboolean
check_paint_cb (gpointer data) {
  PbHtmlView *self = data;
  g_autofree char *text = self->message ? dup_text (self->message, 100) : g_strdup ("");

  self->patience = 0;
  if (!self->web || !gtk_widget_get_mapped (GTK_WIDGET (self->web)) || !*g_strstrip (text))
    return G_SOURCE_REMOVE;
  self->checked = TRUE;
  if (pb_paint_check_is_blank (GTK_WIDGET (self->web))) {
    self->text_only = TRUE;
    show_text (self);
    g_signal_emit (self, signals[BLANK], 0);
  }
  return G_SOURCE_REMOVE;
}

static void
loaded_cb (PbHtmlView *self) {
  g_clear_handle_id (&self->patience, g_source_remove);
  if (!self->message || self->text_only)
    return;
  pb_locked_web_ask_async (self->web, FIT_SCRIPT, NULL, NULL, NULL);
  gtk_stack_set_visible_child_name (self->stack, "web");
  if (!self->checked)
    self->patience = g_timeout_add (PATIENCE_MS, check_paint_cb, self);
  say_shown (self);
}

/* The next message gets a new process. */
static void
failed_cb (PbHtmlView *self) {
  g_clear_handle_id (&self->patience, g_source_remove);
  if (self->message)
    show_text (self);
}

/* The web view may still come; until then there is the text. */
static gboolean
lost_patience_cb (gpointer data) {
  PbHtmlView *self = data;

  self->patience = 0;
  if (self->message)
    show_text (self);
  return G_SOURCE_REMOVE;
}

static const char *
get_odd (PbHtmlView *self, const char *uri) {
  const char *odd = uri && self->odd_links ? g_hash_table_lookup (self->odd_links, uri) : NULL;

  /* The web view writes "http://host/" for "http://host". */
  if (!odd && uri && self->odd_links && g_str_has_suffix (uri, "/")) {
    g_autofree char *bare = g_strndup (uri, strlen (uri) - 1);
    odd = g_hash_table_lookup (self->odd_links, bare);
  }
  return odd;
}

static void
link_clicked_cb (PbHtmlView *self, const char *uri) {
  g_signal_emit (self, signals[LINK_CLICKED], 0, uri, get_odd (self, uri));
}

static void
link_hovered_cb (PbHtmlView *self, const char *uri) {
  const char *odd = get_odd (self, uri);
  g_autofree char *address = uri ? pb_format_isolate (uri) : NULL;
  g_autofree char *shown = odd ? g_strdup_printf ("%s\n%s", address, odd) : g_strdup (address);

  gtk_label_set_label (self->target, shown ? shown : "");
  gtk_widget_set_visible (GTK_WIDGET (self->target), shown != NULL);
  if (odd)
    gtk_widget_add_css_class (GTK_WIDGET (self->target), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->target), "warning");
}

/* The colour that the style gives this widget's surroundings, so that no white flashes in the
 * dark. */
static void
update_background_cb (PbHtmlView *self) {
  GdkRGBA color;

  if (!self->web)
    return;
  if (gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                      "pb_message_bg_color", &color))
    pb_locked_web_set_background (self->web, &color);
}

static void
scrolled (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbHtmlView) self = data;
  g_autoptr (GError) error = NULL;
  gboolean moved = pb_locked_web_ask_finish (PB_LOCKED_WEB (source), result, &error);

  if (!moved && !error)
    g_signal_emit (self, signals[AT_END], 0);
}

static gboolean
key_pressed_cb (PbHtmlView *self, guint key, guint code, GdkModifierType state) {
  if (key != GDK_KEY_space || (state & gtk_accelerator_get_default_mod_mask ()))
    return GDK_EVENT_PROPAGATE;
  pb_html_view_read_on (self);
  return GDK_EVENT_STOP;
}

static gboolean
pb_html_view_grab_focus (GtkWidget *widget) {
  PbHtmlView *self = PB_HTML_VIEW (widget);
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);

  return gtk_widget_grab_focus (child == GTK_WIDGET (self->text_scroller) ? GTK_WIDGET (self->text)
                                                                          : child);
}

static void
pb_html_view_dispose (GObject *object) {
  PbHtmlView *self = PB_HTML_VIEW (object);

  if (self->web)
    g_signal_handlers_disconnect_by_data (self->web, self);
  self->web = NULL;
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->message);
  g_clear_pointer (&self->odd_links, g_hash_table_unref);
  g_clear_pointer (&self->cache_dir, g_free);
  g_clear_pointer (&self->pictures_dir, g_free);
  G_OBJECT_CLASS (pb_html_view_parent_class)->dispose (object);
}

static void
pb_html_view_class_init (PbHtmlViewClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = pb_html_view_dispose;
  widget_class->grab_focus = pb_html_view_grab_focus;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DOCUMENT);

  signals[LINK_CLICKED] = g_signal_new ("link-clicked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[BLANK] =
    g_signal_new ("blank", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SHOWN] =
    g_signal_new ("shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[AT_END] =
    g_signal_new ("at-end", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-html-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PbHtmlView, overlay);
  gtk_widget_class_bind_template_child (widget_class, PbHtmlView, stack);
  gtk_widget_class_bind_template_child (widget_class, PbHtmlView, text);
  gtk_widget_class_bind_template_child (widget_class, PbHtmlView, text_scroller);
  gtk_widget_class_bind_template_child (widget_class, PbHtmlView, target);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
pb_html_view_init (PbHtmlView *self) {
  self->zoom = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_background_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

void
pb_html_view_set_cache_dir (PbHtmlView *self, const char *cache_dir) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));

  g_free (self->cache_dir);
  self->cache_dir = g_strdup (cache_dir);
}

void
pb_html_view_set_pictures_dir (PbHtmlView *self, const char *pictures_dir) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));

  g_free (self->pictures_dir);
  self->pictures_dir = g_strdup (pictures_dir);
  if (self->web)
    pb_locked_web_set_pictures_dir (self->web, pictures_dir);
}

void
pb_html_view_set_text_only (PbHtmlView *self, gboolean text_only) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));

  self->checked = FALSE;
  self->text_only = text_only;
}

void
pb_html_view_warm_up (PbHtmlView *self) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));

  g_autofree char *filters = NULL;

  if (self->web || self->text_only)
    return;
  if (self->cache_dir)
    filters = g_build_filename (self->cache_dir, "content-filters", NULL);
  self->web = PB_LOCKED_WEB (pb_locked_web_new (filters));
  pb_locked_web_set_zoom (self->web, self->zoom);
  pb_locked_web_set_pictures_dir (self->web, self->pictures_dir);
  update_background_cb (self);
  g_signal_connect_swapped (self->web, "loaded", G_CALLBACK (loaded_cb), self);
  g_signal_connect_swapped (self->web, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect_swapped (self->web, "link-clicked", G_CALLBACK (link_clicked_cb), self);
  g_signal_connect_swapped (self->web, "link-hovered", G_CALLBACK (link_hovered_cb), self);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->web), "web");
}

void
pb_html_view_show (PbHtmlView *self, PbMessage *message, const PbDocument *document) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));
  g_return_if_fail (PB_IS_MESSAGE (message));
  g_return_if_fail (document != NULL);

  g_clear_handle_id (&self->patience, g_source_remove);
  self->said = FALSE;
  g_set_object (&self->message, message);
  g_clear_pointer (&self->odd_links, g_hash_table_unref);
  self->odd_links = g_hash_table_ref (document->odd_links);
  link_hovered_cb (self, NULL);
  set_spoken_text (self);
  if (self->text_only) {
    show_text (self);
    return;
  }
  self->patience = g_timeout_add (PATIENCE_MS, lost_patience_cb, self);
  pb_html_view_warm_up (self);
  update_background_cb (self);
  pb_locked_web_show (self->web, document->html, message);
}

void
pb_html_view_clear (PbHtmlView *self) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));

  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->message);
  link_hovered_cb (self, NULL);
  set_spoken_text (self);
  gtk_stack_set_visible_child_name (self->stack, "blank");
}

void
pb_html_view_read_on (PbHtmlView *self) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));

  if (self->web && gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->web)) {
    pb_locked_web_ask_async (self->web, SCROLL_SCRIPT, NULL, scrolled, g_object_ref (self));
    return;
  }
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->text_scroller);
  double before = gtk_adjustment_get_value (adjustment);
  gtk_adjustment_set_value (adjustment, before + gtk_adjustment_get_page_increment (adjustment));
  if (!self->message || gtk_adjustment_get_value (adjustment) <= before)
    g_signal_emit (self, signals[AT_END], 0);
}

void
pb_html_view_set_zoom (PbHtmlView *self, double zoom) {
  g_return_if_fail (PB_IS_HTML_VIEW (self));

  self->zoom = CLAMP (zoom, 0.5, 3);
  if (self->web)
    pb_locked_web_set_zoom (self->web, self->zoom);
}

double
pb_html_view_get_zoom (PbHtmlView *self) {
  g_return_val_if_fail (PB_IS_HTML_VIEW (self), 1);
  return self->zoom;
}
