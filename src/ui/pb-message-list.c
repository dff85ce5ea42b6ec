/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A GtkListView over a PbMessageModel. What stays selected and in view while the model changes is
 * the work of GtkMultiSelection and GtkListView; this file adds the choice of the next one, and
 * tells when another message is the selected one. */

#include "config.h"

#include "pb-message-list.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-closures.h"
#include "pb-format.h"
#include "pb-message-list-row.h"

struct _PbMessageList {
  GtkWidget parent;

  GtkWidget *content;
  AdwWindowTitle *title;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *view;
  AdwStatusPage *empty;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkWidget *scope;
  GtkToggleButton *scope_here;
  GtkToggleButton *scope_everywhere;
  GtkWidget *widen;

  PbMailStore *store;
  PbMessageModel *model;
  GtkMultiSelection *selection;
  PbMessageItem *selected; /* the only one; NULL for none and for several */
  guint n_selected;        /* what "selected" was emitted for */
  GCancellable *looking;   /* for the next unread message */
  gint64 awaited;          /* to be opened when it comes; 0 for none */
  gboolean folded;
  gboolean narrow;
  gboolean grouped;
};

G_DEFINE_FINAL_TYPE (PbMessageList, pb_message_list, GTK_TYPE_WIDGET)

enum { PROP_FOLDED = 1, PROP_NARROW, PROP_GROUPED, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { SELECTED, OPENED, READ_ON, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Rows ---- */

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item) {
  gtk_list_item_set_child (item, pb_message_list_row_new (item));
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, PbMessageList *self) {
  pb_message_list_row_set_item (PB_MESSAGE_LIST_ROW (gtk_list_item_get_child (item)),
                                gtk_list_item_get_item (item),
                                pb_message_model_get_search (self->model));
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item) {
  pb_message_list_row_set_item (PB_MESSAGE_LIST_ROW (gtk_list_item_get_child (item)), NULL, NULL);
}

/* ---- What is shown ---- */

static const char *
empty_advice (PbPlace *place) {
  if (pb_place_get_query (place)->with & PB_FLAG_STARRED)
    return _ ("Messages that you mark with a star are found here.");
  PbFolder *folder = pb_place_get_folder (place);
  switch (folder ? pb_folder_get_role (folder) : PB_FOLDER_INBOX) {
  case PB_FOLDER_INBOX:
    return _ ("New mail will appear here.");
  case PB_FOLDER_ARCHIVE:
    return _ ("What you have dealt with and want to keep goes here.");
  case PB_FOLDER_TRASH:
    return _ ("Messages that you delete go here first.");
  case PB_FOLDER_DRAFTS:
  case PB_FOLDER_SENT:
  case PB_FOLDER_JUNK:
  case PB_FOLDER_ORDINARY:
  case PB_FOLDER_ANY:
  default:
    return NULL;
  }
}

/* Keys go to the messages unless a person took them elsewhere. */
static void
take_free_focus (PbMessageList *self) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root && !gtk_root_get_focus (root) && !self->folded)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* "12 found", and how much more there may be. */
static char *
describe_found (PbMessageList *self, guint count) {
  guint missing = pb_mail_store_get_search_missing (self->store);
  g_autofree char *number = pb_format_count (count);
  /* Translators: how many messages a search found. */
  g_autofree char *found =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s found", "%s found", count), number);

  if (missing == 0)
    return g_steal_pointer (&found);
  g_autofree char *left = pb_format_count (missing);
  /* Translators: how many messages found; then how many whose text is not in the index yet. */
  return g_strdup_printf (_ ("%s · %s still to be read"), found, left);
}

static char *
describe_count (PbMessageList *self, guint count) {
  if (self->model && pb_message_model_get_search (self->model))
    return describe_found (self, count);
  return count ? pb_closure_messages (NULL, pb_message_model_get_n_messages (self->model)) : NULL;
}

static void
show_empty (PbMessageList *self, PbPlace *place) {
  gboolean searching = pb_message_model_get_search (self->model) != NULL;

  adw_status_page_set_icon_name (self->empty,
                                 searching ? "edit-find-symbolic" : pb_place_get_icon_name (place));
  adw_status_page_set_title (self->empty, searching ? _ ("Nothing Found") : _ ("No Messages"));
  adw_status_page_set_description (self->empty, searching ? NULL : empty_advice (place));
  gtk_widget_set_visible (self->widen,
                          searching && !gtk_toggle_button_get_active (self->scope_everywhere));
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
update_cb (PbMessageList *self) {
  PbPlace *place = self->model ? pb_message_model_get_place (self->model) : NULL;
  guint count = pb_message_list_get_count (self);
  g_autofree char *messages = describe_count (self, count);

  adw_window_title_set_title (self->title, place ? pb_place_get_title (place) : "");
  adw_window_title_set_subtitle (self->title, messages ? messages : "");
  if (!place || (count == 0 && pb_message_model_get_loading (self->model))) {
    gtk_stack_set_visible_child_name (self->stack, "blank");
    return;
  }
  if (count) {
    gtk_stack_set_visible_child_name (self->stack, "messages");
    take_free_focus (self);
    return;
  }
  show_empty (self, place);
}

static gboolean
is_at_top (PbMessageList *self) {
  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller)) < 1;
}

static gboolean
scroll_to_top (gpointer data) {
  g_autoptr (PbMessageList) self = data;

  if (self->view && pb_message_list_get_count (self))
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", 0);
  return G_SOURCE_REMOVE;
}

static gboolean open_awaited_cb (gpointer data);

/* New mail enters above what is being read and moves nothing; where nothing is being read, it
 * comes into view. */
static void
items_changed_cb (PbMessageList *self, guint position, guint removed, guint added) {
  if (position == 0 && added && self->n_selected == 0 && is_at_top (self))
    g_idle_add_full (G_PRIORITY_HIGH_IDLE, scroll_to_top, g_object_ref (self), NULL);
  if (self->awaited && added)
    g_idle_add (open_awaited_cb, g_object_ref (self));
  update_cb (self);
}

/* ---- Selecting and opening ---- */

static void
open_awaited (PbMessageList *self) {
  guint position;

  if (self->awaited == 0 || !pb_message_model_find (self->model, self->awaited, &position))
    return;
  self->awaited = 0;
  if (pb_message_list_select (self, position))
    g_signal_emit (self, signals[OPENED], 0, pb_message_list_get_selected (self));
}

static gboolean
open_awaited_cb (gpointer data) {
  g_autoptr (PbMessageList) self = data;

  if (self->view)
    open_awaited (self);
  return G_SOURCE_REMOVE;
}

void
pb_message_list_open_id (PbMessageList *self, gint64 id) {
  g_return_if_fail (PB_IS_MESSAGE_LIST (self));
  g_return_if_fail (self->model != NULL);

  self->awaited = id;
  open_awaited (self);
}

static void
select_cb (PbMessageList *self) {
  if (pb_message_model_get_updating (self->model))
    return;
  g_autoptr (GtkBitset) set =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint count = (guint) gtk_bitset_get_size (set);
  g_autoptr (PbMessageItem) item =
    count == 1 ? g_list_model_get_item (G_LIST_MODEL (self->model), gtk_bitset_get_minimum (set))
               : NULL;

  if (!g_set_object (&self->selected, item) && count == self->n_selected)
    return;
  self->n_selected = count;
  g_signal_emit (self, signals[SELECTED], 0, item);
}

static void
select_only (PbMessageList *self, guint position) {
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

/* A conversation whose leading message is another one now, since mail came: it is the same. */
static void
updated_cb (PbMessageList *self) {
  g_autoptr (GtkBitset) set =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint position;

  update_cb (self);
  if (self->selected && gtk_bitset_is_empty (set) &&
      pb_message_model_find (self->model, pb_message_item_get_id (self->selected), &position))
    select_only (self, position);
  else
    select_cb (self);
}

static void
activate_cb (PbMessageList *self, guint position) {
  select_only (self, position);
  if (self->selected)
    g_signal_emit (self, signals[OPENED], 0, self->selected);
}

static gboolean
key_pressed_cb (PbMessageList *self, guint key, guint code, GdkModifierType state) {
  if (key != GDK_KEY_space || (state & gtk_accelerator_get_default_mod_mask ()))
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[READ_ON], 0);
  return GDK_EVENT_STOP;
}

static void
unread_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMessageList) self = data;
  gssize position = pb_message_model_find_unread_finish (PB_MESSAGE_MODEL (source), result, NULL);

  if (position >= 0 && self->view && pb_message_list_select (self, (guint) position))
    g_signal_emit (self, signals[OPENED], 0, self->selected);
}

/* ---- Searching ---- */

static void
search_changed_cb (PbMessageList *self) {
  gboolean on = gtk_search_bar_get_search_mode (self->search_bar);
  const char *text = on ? gtk_editable_get_text (self->search_entry) : "";

  gtk_widget_set_visible (self->scope, *text != '\0');
  if (self->model)
    pb_message_model_set_search (self->model, text,
                                 gtk_toggle_button_get_active (self->scope_everywhere));
}

static void
search_mode_cb (PbMessageList *self) {
  gboolean on = gtk_search_bar_get_search_mode (self->search_bar);

  if (on)
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  else
    gtk_editable_set_text (self->search_entry, "");
  search_changed_cb (self);
  if (!on && self->view)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
search_entered_cb (PbMessageList *self) {
  if (!pb_message_list_select (self, 0))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
widen_cb (PbMessageList *self) {
  gtk_toggle_button_set_active (self->scope_everywhere, TRUE);
}

/* ---- Object ---- */

static void
pb_message_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbMessageList *self = PB_MESSAGE_LIST (object);

  switch (id) {
  case PROP_FOLDED:
    g_value_set_boolean (value, self->folded);
    break;
  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;
  case PROP_GROUPED:
    g_value_set_boolean (value, self->grouped);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_message_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  PbMessageList *self = PB_MESSAGE_LIST (object);

  switch (id) {
  case PROP_FOLDED:
    self->folded = g_value_get_boolean (value);
    break;
  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;
  case PROP_GROUPED:
    self->grouped = g_value_get_boolean (value);
    if (self->model)
      pb_message_model_set_grouped (self->model, self->grouped);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static gboolean
pb_message_list_grab_focus (GtkWidget *widget) {
  return gtk_widget_grab_focus (GTK_WIDGET (PB_MESSAGE_LIST (widget)->view));
}

static void
pb_message_list_dispose (GObject *object) {
  PbMessageList *self = PB_MESSAGE_LIST (object);

  if (self->looking)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  self->view = NULL;
  g_clear_object (&self->selected);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (pb_message_list_parent_class)->dispose (object);
}

static void
pb_message_list_class_init (PbMessageListClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = pb_message_list_dispose;
  object_class->get_property = pb_message_list_get_property;
  object_class->set_property = pb_message_list_set_property;
  widget_class->grab_focus = pb_message_list_grab_focus;

  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_GROUPED] = g_param_spec_boolean ("grouped", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SELECTED] = g_signal_new ("selected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, PB_TYPE_MESSAGE_ITEM);
  signals[OPENED] = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, PB_TYPE_MESSAGE_ITEM);
  signals[READ_ON] =
    g_signal_new ("read-on", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-message-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, content);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, title);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, stack);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, scroller);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, view);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, empty);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, scope);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, scope_here);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, scope_everywhere);
  gtk_widget_class_bind_template_child (widget_class, PbMessageList, widen);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, widen_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
pb_message_list_init (PbMessageList *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
}

void
pb_message_list_set_store (PbMessageList *self, PbMailStore *store) {
  g_return_if_fail (PB_IS_MESSAGE_LIST (self));
  g_return_if_fail (PB_IS_MAIL_STORE (store));
  g_return_if_fail (self->model == NULL);

  self->store = g_object_ref (store);
  g_signal_connect_object (store, "notify::search-missing", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  self->model = pb_message_model_new (store);
  pb_message_model_set_grouped (self->model, self->grouped);
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  /* Behind the selection's own handlers, so that it knows what went. */
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (select_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (select_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "updated", G_CALLBACK (updated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "notify::loading", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

void
pb_message_list_set_place (PbMessageList *self, PbPlace *place) {
  g_return_if_fail (PB_IS_MESSAGE_LIST (self));
  g_return_if_fail (self->model != NULL);

  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  pb_message_model_set_place (self->model, place);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_toggle_button_set_active (self->scope_here, TRUE);
  select_cb (self);
  update_cb (self);
}

void
pb_message_list_search (PbMessageList *self) {
  g_return_if_fail (PB_IS_MESSAGE_LIST (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

gboolean
pb_message_list_end_search (PbMessageList *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), FALSE);

  gboolean was = gtk_search_bar_get_search_mode (self->search_bar);

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  return was;
}

gboolean
pb_message_list_get_grouped (PbMessageList *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), FALSE);
  return self->grouped && self->model && !pb_message_model_get_search (self->model);
}

PbFolder *
pb_message_list_get_folder (PbMessageList *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), NULL);

  PbPlace *place = self->model ? pb_message_model_get_place (self->model) : NULL;

  return place ? pb_place_get_folder (place) : NULL;
}

PbMessageItem *
pb_message_list_get_selected (PbMessageList *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), NULL);
  return self->selected;
}

guint
pb_message_list_get_n_selected (PbMessageList *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), 0);
  return self->n_selected;
}

GArray *
pb_message_list_get_selected_ids (PbMessageList *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), NULL);

  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GtkBitsetIter iter;
  guint position;

  if (!self->selection)
    return ids;
  g_autoptr (GtkBitset) set =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, set, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    pb_message_model_append_ids (self->model, position, ids);
  return ids;
}

gboolean
pb_message_list_select (PbMessageList *self, guint position) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), FALSE);

  if (position >= pb_message_list_get_count (self))
    return FALSE;
  select_only (self, position);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
  return TRUE;
}

void
pb_message_list_step_aside (PbMessageList *self) {
  g_return_if_fail (PB_IS_MESSAGE_LIST (self));

  g_autoptr (GtkBitset) set =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (gtk_bitset_is_empty (set))
    return;
  guint first = gtk_bitset_get_minimum (set);
  if (pb_message_list_select (self, gtk_bitset_get_maximum (set) + 1))
    return;
  if (first > 0)
    pb_message_list_select (self, first - 1);
  else
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
}

static guint
last_selected (PbMessageList *self) {
  g_autoptr (GtkBitset) set =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  return gtk_bitset_is_empty (set) ? GTK_INVALID_LIST_POSITION : gtk_bitset_get_maximum (set);
}

void
pb_message_list_open_next_unread (PbMessageList *self) {
  g_return_if_fail (PB_IS_MESSAGE_LIST (self));

  if (!self->model)
    return;
  if (self->looking)
    g_cancellable_cancel (self->looking);
  g_set_object (&self->looking, NULL);
  self->looking = g_cancellable_new ();
  pb_message_model_find_unread_async (self->model, last_selected (self), self->looking,
                                      unread_found, g_object_ref (self));
}

guint
pb_message_list_get_count (PbMessageList *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_LIST (self), 0);
  return self->model ? g_list_model_get_n_items (G_LIST_MODEL (self->model)) : 0;
}
